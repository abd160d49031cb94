"""People who sign in, people the counter acts for, and the machine itself."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from rules import has_perm, perm_exists

from luukku.accounts.states import AddressState
from luukku.core.constraints import one_of
from luukku.core.ordering import in_finnish
from luukku.core.personal import DataClass, Personal
from luukku.privacy.fields import EncryptedTextField
from luukku.workflow.models import Stateful


class Role(models.TextChoices):
    """Roles of the counter itself. Roles in an organisation are memberships, the expert's is a profile."""

    COORDINATOR = "coordinator", _("Coordinator")
    STEERING = "steering", _("Steering group")
    ADMIN = "admin", _("Administrator")


class UserQuerySet(models.QuerySet["User"]):
    """People by who may see them."""

    def visible_to(self, user: "User") -> "UserQuerySet":
        """Exactly the people on whom ``user`` has the rule ``accounts.view``; scheduled work is nobody."""
        people = self.filter(is_machine=False)
        if not user.is_active:
            return self.none()
        return people if user.is_counter or user.is_admin else people.filter(pk=user.pk)


class UserManager(BaseUserManager["User"]):
    """Makes people; e-mail addresses are kept in lower case."""

    def get_queryset(self) -> UserQuerySet:
        """Return everybody, parted by who may see them."""
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: "User") -> UserQuerySet:
        """Return the people whom ``user`` may see."""
        return self.get_queryset().visible_to(user)

    def create_user(
        self, email: str | None = None, password: str | None = None, **fields: object
    ) -> "User":
        """Make a person; without ``email`` the counter acts for them by phone and paper."""
        user = self.model(email=self.lower(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        if user.roles:
            user.join_groups()
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        """Return the person who signs in with ``email``."""
        return self.get(email=self.lower(email))

    def machine(self) -> "User":
        """Return the account in whose name scheduled work is done."""
        return self.get_or_create(is_machine=True, defaults={"name": "Kokemusluukku"})[0]

    @staticmethod
    def lower(email: str | None) -> str | None:
        """Return ``email`` as it is stored: lower case, or NULL when there is none."""
        return email.strip().lower() if email and email.strip() else None


class User(AbstractBaseUser, PermissionsMixin):
    """A person. May hold several roles at once.

    Wagtail asks Django's groups who may write pages: each of the counter's roles has a group of its name.
    """

    email = models.EmailField(_("e-mail"), null=True, blank=True, unique=True)
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    language = models.CharField(
        _("language"),
        max_length=2,
        default="fi",
        choices=[("fi", "suomi"), ("sv", "svenska"), ("en", "English")],
    )
    roles = ArrayField(models.CharField(max_length=20, choices=Role), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    is_machine = models.BooleanField(default=False, editable=False)
    joined_at = models.DateTimeField(auto_now_add=True)
    session_number = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    whose = "pk"
    personal = {
        "email": Personal(DataClass.CONTACT, "signing in and notices"),
        "name": Personal(DataClass.CONTACT, "knowing whom one works with"),
        "phone": Personal(DataClass.CONTACT, "practical matters of a task"),
        "language": Personal(DataClass.ORDINARY, "the language of pages and letters"),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(email=None) | (Q(email=Lower("email")) & ~Q(email="")),
                name="email_lower_case_or_null",
            ),
            models.CheckConstraint(
                condition=Q(roles__contained_by=Role.values), name="known_roles_only"
            ),
            models.UniqueConstraint(
                fields=["is_machine"], condition=Q(is_machine=True), name="one_machine_account"
            ),
            models.CheckConstraint(condition=Q(is_superuser=False), name="nobody_above_the_rules"),
        ]
        indexes = [
            models.Index(in_finnish("name"), "id", name="user_in_finnish_order"),
            GinIndex(fields=["roles"], name="user_by_role"),
            models.Index(fields=["id"], condition=Q(is_active=False), name="user_closed"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """Return the name as the person gave it."""
        return self.name

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Return whether the rule ``perm`` allows this person to act on ``obj``; nobody is above the rules.

        What has no rule of ours is Wagtail's: the groups of the person's roles decide.
        """
        if perm_exists(perm):
            return self.is_active and has_perm(perm, self, obj)
        return super().has_perm(perm, obj)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what a session must hold to go on: it changes with the password and ``session_number``."""
        told = super()._get_session_auth_hash(secret)  # type: ignore[misc]  # Django has it, its stubs do not
        if not self.session_number:
            return told
        return salted_hmac(
            "luukku.session", f"{told}:{self.session_number}", secret=secret
        ).hexdigest()

    def end_sessions(self) -> None:
        """Let no session that is open now go on."""
        self.session_number += 1
        self.save(update_fields=["session_number"])

    def join_groups(self) -> None:
        """Be in exactly the groups that are named as the person's roles."""
        self.groups.set(Group.objects.get_or_create(name=role)[0] for role in sorted(self.roles))

    @property
    def role_names(self) -> list[str]:
        """The names of the person's roles at the counter."""
        return [str(Role(role).label) for role in self.roles]

    @property
    def is_counter(self) -> bool:
        """Whether this person serves at the counter."""
        return Role.COORDINATOR in self.roles

    @property
    def is_steering(self) -> bool:
        """Whether this person sits in the steering group."""
        return Role.STEERING in self.roles

    @property
    def is_admin(self) -> bool:
        """Whether this person looks after accounts and settings."""
        return Role.ADMIN in self.roles


class AddressChangeQuerySet(models.QuerySet["AddressChange"]):
    """Changes by what still has to happen to them."""

    def visible_to(self, user: User) -> "AddressChangeQuerySet":
        """Exactly the changes on which ``user`` has the rule ``accounts.view_address``."""
        if not user.is_active:
            return self.none()
        return self if user.is_counter or user.is_admin else self.filter(user=user.pk)

    def waiting(self) -> "AddressChangeQuerySet":
        """Return the changes that can still be stopped, the one due first at the head."""
        return self.filter(state=AddressState.WAITING).order_by("due_at", "pk")


class AddressChange(Stateful):
    """A lost sign-in address that an administrator changes, after time for its owner to object."""

    moved_on = _("The change has been stopped or done already.")

    state = models.CharField(
        max_length=20, choices=AddressState, default=AddressState.WAITING, editable=False
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="address_changes")
    old_email = models.EmailField(_("old address"), blank=True)
    email = models.EmailField(_("new address"))
    reason = EncryptedTextField(_("reason"))
    identity = EncryptedTextField(_("how you know who it is"))
    asked_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="asked_address_changes"
    )
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()

    objects = AddressChangeQuerySet.as_manager()

    whose = "user"
    personal = {
        "old_email": Personal(DataClass.CONTACT, "telling who may have lost the account"),
        "email": Personal(DataClass.CONTACT, "signing in from now on"),
        "reason": Personal(DataClass.SPECIAL, "why an account was opened anew"),
        "identity": Personal(DataClass.SPECIAL, "how we knew who asked"),
    }

    class Meta:
        constraints = [
            one_of("state", AddressState.values, name="address_change_state"),
            models.CheckConstraint(
                condition=Q(email=Lower("email")) & ~Q(email=""), name="new_address_lower_case"
            ),
            models.CheckConstraint(condition=~Q(email=F("old_email")), name="new_address_is_new"),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("asked_at")), name="address_change_waits"
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state=AddressState.WAITING),
                name="one_address_change_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class FactorReset(models.Model):
    """Second factors that an administrator took away because they were lost; why, and how it was known."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="factor_resets")
    reason = EncryptedTextField(_("reason"))
    identity = EncryptedTextField(_("how you know who it is"))
    at = models.DateTimeField()

    whose = "user"
    personal = {
        "reason": Personal(DataClass.SPECIAL, "why an account was opened anew"),
        "identity": Personal(DataClass.SPECIAL, "how we knew who asked"),
    }

    def __str__(self) -> str:
        return f"#{self.pk}"


class Direction(models.TextChoices):
    """What an inquiry looks for."""

    BY = "by", _("Whose data this account has been shown")
    OF = "of", _("Who has been shown this person’s data")


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    """Inquiries by who may open them."""

    def visible_to(self, user: User) -> "InquiryQuerySet":
        """Exactly the inquiries on which ``user`` has the rule ``accounts.inquire``."""
        return self if user.is_active and user.is_admin else self.none()


class Inquiry(models.Model):
    """An administrator's question: whose data one account was shown in a stretch of time, or who was shown its own.

    Why it is asked stands beside it.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="inquiries")
    direction = models.CharField(max_length=2, choices=Direction, default=Direction.BY)
    since = models.DateTimeField()
    until = models.DateTimeField()
    reason = EncryptedTextField(_("reason"))
    asked_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="asked_inquiries"
    )
    asked_at = models.DateTimeField()

    objects = InquiryQuerySet.as_manager()

    whose = "user"
    personal = {
        "reason": Personal(DataClass.SPECIAL, "why it was looked into what an account saw"),
    }

    class Meta:
        constraints = [
            one_of("direction", Direction.values, name="inquiry_direction"),
            models.CheckConstraint(condition=Q(since__lt=F("until")), name="inquiry_has_a_time"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
