"""Organisations that order, stand behind experts, train or run the counter."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.constraints import one_of
from luukku.core.ordering import in_finnish
from luukku.core.personal import DataClass, Personal
from luukku.organisations.states import OrganisationState
from luukku.workflow.models import Stateful


class Kind(models.TextChoices):
    """What an organisation is."""

    COUNTY = "county", _("Wellbeing services county")
    MUNICIPALITY = "municipality", _("Municipality")
    SCHOOL = "school", _("School or university")
    NGO = "ngo", _("Association or foundation")
    PARISH = "parish", _("Parish")
    COMPANY = "company", _("Company")
    PROJECT = "project", _("Project")
    OTHER = "other", _("Other")


class Sector(models.TextChoices):
    """The sectors of society that the plan names."""

    PUBLIC = "public", _("Public sector")
    PRIVATE = "private", _("Private sector")
    THIRD = "third", _("Third sector")
    PARISH = "parish", _("Parishes")


class Task(models.TextChoices):
    """What an organisation does here; one may do several."""

    ORDERS = "orders", _("Orders experts")
    BACKGROUND = "background", _("Stands behind experts")
    TRAINS = "trains", _("Trains experts")
    COORDINATES = "coordinates", _("Runs the counter")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations by who may see them and by state."""

    def visible_to(self, user: User) -> OrganisationQuerySet:
        """Exactly the organisations on which ``user`` has the rule ``organisations.view``."""
        if not user.is_active:
            return self.none()
        if user.is_counter or user.is_admin:
            return self
        standing = Membership.objects.standing().filter(user=user)
        return self.filter(pk__in=standing.values("organisation"))

    def vetted(self) -> OrganisationQuerySet:
        """Return the ones that the counter has checked."""
        return self.filter(state=OrganisationState.VETTED)

    def training(self) -> OrganisationQuerySet:
        """Return the checked ones that train experts by experience."""
        return self.vetted().filter(tasks__contains=[Task.TRAINS])

    def waiting(self) -> OrganisationQuerySet:
        """Return the ones that the counter has to check, oldest first."""
        return self.filter(state=OrganisationState.WAITING).order_by("made_at", "pk")


class Organisation(Stateful):
    """A county, municipality, school, association, parish or company."""

    moved_on = _("Somebody was faster: the organisation has already been handled.")

    state = models.CharField(
        max_length=20, choices=OrganisationState, default=OrganisationState.WAITING, editable=False
    )
    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector)
    tasks = ArrayField(models.CharField(max_length=20, choices=Task), default=list)
    business_id = models.CharField(_("business ID"), max_length=9, blank=True)
    municipality = models.ForeignKey(
        "taxonomy.Municipality",
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    services = models.ManyToManyField("taxonomy.Service", verbose_name=_("services"), blank=True)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        through="Membership",
        through_fields=("organisation", "user"),
        related_name="organisations",
    )
    made_at = models.DateTimeField()
    # What it was called before, a name a line, the last one last: by these it is still remembered.
    former_names = models.TextField(blank=True, editable=False)
    # Why the counter has said no, as its people were told.
    refused_because = models.CharField(max_length=500, blank=True, editable=False)
    # The one that it turned out to be the same as, until that is taken back.
    joined_into = models.ForeignKey(
        "self", null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("state", OrganisationState.values, name="organisation_state"),
            one_of("kind", Kind.values, name="organisation_kind"),
            one_of("sector", Sector.values, name="organisation_sector"),
            models.CheckConstraint(
                condition=Q(tasks__contained_by=Task.values), name="organisation_known_tasks"
            ),
            models.CheckConstraint(
                condition=Q(business_id__regex=r"^([0-9]{7}-[0-9])?$"),
                name="organisation_business_id",
            ),
            models.CheckConstraint(
                condition=Q(refused_because="") | Q(state=OrganisationState.REFUSED),
                name="organisation_refused_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(joined_into=None) | Q(state=OrganisationState.ENDED),
                name="organisation_joined_has_ended",
            ),
        ]
        indexes = [
            models.Index(in_finnish("name"), "id", name="organisation_in_finnish_order"),
            models.Index(fields=["state", "made_at"], name="organisation_by_state"),
        ]

    def __str__(self) -> str:
        return self.name


BINDING = ("name", "kind", "sector", "business_id")  # what the counter has checked


class ChangeAskedQuerySet(models.QuerySet["ChangeAsked"]):
    """Changes that wait, by who may see them."""

    def visible_to(self, user: User) -> ChangeAskedQuerySet:
        """Exactly the ones on which ``user`` has the rule ``organisations.view_change``."""
        return self.filter(organisation__in=Organisation.objects.visible_to(user))


class ChangeAsked(models.Model):
    """What the people of a checked organisation want it to be called; the old holds until the counter says."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, related_name="change_asked"
    )
    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector)
    business_id = models.CharField(_("business ID"), max_length=9, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()

    objects = ChangeAskedQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("kind", Kind.values, name="change_asked_kind"),
            one_of("sector", Sector.values, name="change_asked_sector"),
            models.CheckConstraint(
                condition=Q(business_id__regex=r"^([0-9]{7}-[0-9])?$"),
                name="change_asked_business_id",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A part of an organisation: a ward, a school, an office."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="units")
    name = models.CharField(_("name"), max_length=150)
    municipality = models.ForeignKey(
        "taxonomy.Municipality",
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="one_unit_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class MemberRole(models.TextChoices):
    """In what role a person stands for an organisation."""

    ORDERER = "orderer", _("Orderer")
    BACKGROUND = "background", _("Background organisation's contact person")
    PRODUCER = "producer", _("Training producer")


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Roles in organisations by whether they give rights now."""

    def visible_to(self, user: User) -> MembershipQuerySet:
        """Exactly the ones on which ``user`` has the rule ``organisations.view_member``."""
        return self.filter(organisation__in=Organisation.objects.visible_to(user))

    def present(self) -> MembershipQuerySet:
        """Return those whose account is open: who is gone is named to nobody as somebody to reach.

        An index knows the closed accounts; joined, all accounts were read for the rights of a few.
        """
        closed = User.objects.filter(pk=models.OuterRef("user"), is_active=False)
        return self.filter(~models.Exists(closed))

    def standing(self, *roles: MemberRole) -> MembershipQuerySet:
        """Return those that give rights now: the account is open and the organisation has not ended.

        Every right in an organisation's name rests on this, never on a field that names a person. To stand
        behind experts, who are seen by name, or to train them, the counter must have checked the organisation, too.
        """
        is_trusted = Q(role__in=[MemberRole.BACKGROUND, MemberRole.PRODUCER])
        memberships = self.present().filter(
            ~is_trusted | Q(organisation__state=OrganisationState.VETTED)
        )
        memberships = memberships.exclude(organisation__state=OrganisationState.ENDED)
        return memberships.filter(role__in=roles) if roles else memberships


class Membership(models.Model):
    """A person's role in an organisation; several rows for several roles."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships"
    )
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.SET_NULL)
    role = models.CharField(max_length=20, choices=MemberRole)
    is_contact = models.BooleanField(_("contact person"), default=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()

    objects = MembershipQuerySet.as_manager()

    personal = {"role": Personal(DataClass.ORDINARY, "who may act for the organisation")}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"], name="one_membership_per_role"
            ),
            one_of("role", MemberRole.values, name="membership_role"),
        ]

    def __str__(self) -> str:
        return f"{self.role} #{self.pk}"
