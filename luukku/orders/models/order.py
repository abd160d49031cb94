"""A request for experts by experience."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import Role, User
from luukku.core.constraints import between, one_of, together
from luukku.core.fields import HTTPS_ONLY
from luukku.core.personal import DataClass, Personal
from luukku.core.times import helsinki
from luukku.experts.models import FurtherKind
from luukku.orders.states import LED_STATES, OPEN_STATES, OrderState
from luukku.organisations.models import MemberRole, Membership
from luukku.organisations.states import OrganisationState
from luukku.privacy.fields import EncryptedTextField
from luukku.workflow.models import Stateful

MOST_EXPERTS = 20
MOST_MINUTES = 24 * 60


class Mode(models.TextChoices):
    """Where the task is done."""

    PLACE = "place", _("At a place")
    REMOTE = "remote", _("Remotely")
    EITHER = "either", _("Either way")


class Recording(models.TextChoices):
    """Whether the task leaves a trace that others can see; anything but none needs its own consent."""

    NONE = "none", _("No recording")
    RECORDED = "recorded", _("Recorded")
    STREAMED = "streamed", _("Streamed")
    MEDIA = "media", _("Media present")


class Payment(models.TextChoices):
    """What the orderer says of the money; an order may be sent with any of these."""

    AGREED = "agreed", _("Agreed and budgeted")
    OPEN = "open", _("Still finding out")
    HELP = "help", _("Help is needed with the payment")


UNPAID = (Payment.OPEN, Payment.HELP)  # somebody at the counter looks into the money


class CancelledBy(models.TextChoices):
    """Who cancelled."""

    ORDERER = "orderer", _("The orderer")
    EXPERT = "expert", _("The expert")
    COUNTER = "counter", _("The counter")


def ordered_for(user: User | models.Expression) -> models.QuerySet:
    """Return the organisations in whose name ``user`` orders now: being an order's contact gives no right."""
    standing = Membership.objects.standing(MemberRole.ORDERER).filter(user=user)
    return standing.values("organisation")


class OrderQuerySet(models.QuerySet["Order"]):
    """Orders by who may see them and by what they wait for."""

    def visible_to(self, user: User) -> OrderQuerySet:
        """Exactly the orders on which ``user`` has the rule ``orders.view``."""
        if not user.is_active:
            return self.none()
        if user.is_counter:
            return self
        return self.filter(organisation__in=ordered_for(user))

    def begun_for_somebody(self) -> OrderQuerySet:
        """Return the drafts that somebody at the counter began for a caller."""
        drafts = self.in_state(OrderState.DRAFT).filter(made_by__roles__contains=[Role.COORDINATOR])
        return drafts.exclude(organisation=None).exclude(contact=models.F("made_by"))

    def left_behind(self) -> OrderQuerySet:
        """Return the ones, not closed yet, whose contact person does not order for the organisation any more."""
        standing = Membership.objects.standing(MemberRole.ORDERER).filter(
            organisation=models.OuterRef("organisation"), user=models.OuterRef("contact")
        )
        left = self.in_state(*LED_STATES).filter(~models.Exists(standing))
        return left.exclude(organisation__state=OrganisationState.ENDED)

    def in_state(self, *states: OrderState) -> OrderQuerySet:
        """Return the orders in one of ``states``."""
        return self.filter(state__in=states)

    def one_a_series(self) -> OrderQuerySet:
        """Return these without those of whose series an earlier one is among them."""
        earlier = self.order_by().filter(
            series__isnull=False, series=models.OuterRef("series"), pk__lt=models.OuterRef("pk")
        )
        return self.exclude(models.Exists(earlier))

    def with_place_in_series(self) -> OrderQuerySet:
        """Return these with ``nth`` of ``dates``: which one of how many of its series; None of no series."""
        same = Order.objects.filter(series=models.OuterRef("series")).order_by().values("series")
        until = same.filter(pk__lte=models.OuterRef("pk"))
        count = models.Count("pk")
        return self.annotate(
            nth=models.Subquery(until.annotate(n=count).values("n")),
            dates=models.Subquery(same.annotate(n=count).values("n")),
        )

    def without_money(self) -> OrderQuerySet:
        """Return the orders under way whose payment somebody should look into."""
        return self.in_state(*OPEN_STATES).filter(payment__in=UNPAID)

    def open_calls(self, at: datetime) -> OrderQuerySet:
        """Return the orders that experts may sign up to at ``at``."""
        is_open = Q(sign_up_by=None) | Q(sign_up_by__gte=helsinki(at).date())
        return self.filter(is_open, state=OrderState.SEARCHING, is_open_call=True)


class Order(Stateful):
    """A request for experts by experience. Its state changes only in ``orders.actions``.

    A draft may be unfinished and, before its sender has an account, without organisation and contact.
    """

    moved_on = _("The order has moved on meanwhile. Here is how it stands now.")
    moved_on_at_counter = _("Somebody was faster: the order has already moved on.")

    state = models.CharField(
        max_length=20, choices=OrderState, default=OrderState.DRAFT, editable=False
    )
    # Who
    organisation = models.ForeignKey(
        "organisations.Organisation",
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="orders",
    )
    unit = models.ForeignKey(
        "organisations.Unit",
        verbose_name=_("unit"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("contact person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="orders",
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # What
    task_type = models.ForeignKey(
        "taxonomy.TaskType",
        verbose_name=_("kind of task"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    title = models.CharField(_("title"), max_length=120, blank=True)
    goal = models.TextField(
        _("goal: what should change because of this"), max_length=2000, blank=True
    )
    expert_does = models.TextField(_("what the expert does"), max_length=2000, blank=True)
    audience = models.CharField(_("who takes part"), max_length=300, blank=True)
    audience_size = models.PositiveSmallIntegerField(_("how many take part"), null=True, blank=True)
    others_present = models.CharField(_("who else is present"), max_length=300, blank=True)
    has_children = models.BooleanField(_("children or young people are present"), default=False)
    languages = models.ManyToManyField("taxonomy.Language", verbose_name=_("languages"), blank=True)
    has_interpreter = models.BooleanField(_("we arrange an interpreter"), default=False)
    experts_wanted = models.PositiveSmallIntegerField(_("number of experts"), default=1)
    needs_further_training = models.BooleanField(_("further training is needed"), default=False)
    further_kind = models.CharField(
        _("which further training"), max_length=20, choices=FurtherKind, blank=True
    )
    # When and where
    length_minutes = models.PositiveSmallIntegerField(_("length, minutes"), null=True, blank=True)
    mode = models.CharField(_("place or remote"), max_length=10, choices=Mode, default=Mode.PLACE)
    municipality = models.ForeignKey(
        "taxonomy.Municipality",
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    address = models.CharField(_("address or meeting place"), max_length=200, blank=True)
    accessibility = models.TextField(_("accessibility of the place"), max_length=1000, blank=True)
    equipment = models.CharField(_("equipment at the place"), max_length=300, blank=True)
    meeting_url = models.CharField(
        _("link of the video meeting"),
        max_length=500,
        blank=True,
        validators=[HTTPS_ONLY],
    )
    # Terms
    payment = models.CharField(
        _("has it been agreed who pays"), max_length=10, choices=Payment, blank=True
    )
    fee_eur = models.DecimalField(
        _("fee offered to one expert, euros"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    pays_travel = models.BooleanField(_("we pay travel costs"), default=True)
    invoice_reference = models.CharField(_("cost centre or reference"), max_length=100, blank=True)
    preparation = models.TextField(_("how the group prepares"), max_length=2000, blank=True)
    offers_pretalk = models.BooleanField(_("we offer a talk beforehand"), default=True)
    offers_debrief = models.BooleanField(_("we offer a debrief afterwards"), default=True)
    recording = models.CharField(
        _("recording"), max_length=10, choices=Recording, default=Recording.NONE
    )
    # How experts are found
    is_open_call = models.BooleanField(_("experts may sign up themselves"), default=True)
    sign_up_by = models.DateField(_("sign up by"), null=True, blank=True)
    wished_expert = models.ForeignKey(
        "experts.Expert", null=True, blank=True, on_delete=models.SET_NULL, related_name="wished_in"
    )
    # Kinship
    copied_from = models.ForeignKey(
        "self", null=True, editable=False, on_delete=models.SET_NULL, related_name="copies"
    )
    series = models.ForeignKey(
        "orders.Series", null=True, editable=False, on_delete=models.PROTECT, related_name="orders"
    )
    # What happened
    made_at = models.DateTimeField(editable=False)
    # The address under which its first step was filled in: saved there again, it is the same order.
    begun = models.UUIDField(null=True, unique=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    # When it begins, as ``first_start`` tells: the database keeps it (migration ``begins_at``), nobody else writes it.
    begins_at = models.DateTimeField(null=True, editable=False)
    # When something was changed after sending that an expert decides by; NULL: as it was sent.
    terms_changed_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # The counter's words to the orderer.
    decline_reason = models.TextField(max_length=2000, blank=True, editable=False)
    cancelled_by = models.CharField(max_length=10, choices=CancelledBy, blank=True, editable=False)
    cancel_reason = EncryptedTextField(max_length=2000, blank=True, editable=False)
    # How late; NULL when no time was agreed.
    cancelled_hours_before = models.IntegerField(null=True, editable=False)

    objects = OrderQuerySet.as_manager()

    whose = "contact"
    personal = {
        "goal": Personal(DataClass.ORDINARY, "knowing what is asked for", "2 years after closing"),
        "audience": Personal(DataClass.ORDINARY, "preparing the expert", "2 years after closing"),
        "accessibility": Personal(
            DataClass.ORDINARY, "preparing the expert", "2 years after closing"
        ),
        "meeting_url": Personal(
            DataClass.ORDINARY, "joining a remote task", "2 years after closing"
        ),
        "cancel_reason": Personal(
            DataClass.SPECIAL, "going on without the task", "2 years after closing"
        ),
    }

    class Meta:
        constraints = [
            one_of("state", OrderState.values, name="order_state"),
            one_of("mode", Mode.values, name="order_mode"),
            one_of("recording", Recording.values, name="order_recording"),
            one_of("payment", ["", *Payment.values], name="order_payment"),
            one_of("further_kind", ["", *FurtherKind.values], name="order_further_kind"),
            models.CheckConstraint(
                condition=Q(further_kind="") | Q(needs_further_training=True),
                name="order_further_kind_is_needed",
            ),
            one_of("cancelled_by", ["", *CancelledBy.values], name="order_cancelled_by"),
            between("experts_wanted", 1, MOST_EXPERTS, name="order_experts_wanted"),
            between("length_minutes", 5, MOST_MINUTES, name="order_length"),
            between("audience_size", 1, 10000, name="order_audience_size"),
            between("fee_eur", Decimal(0), Decimal(20000), name="order_fee"),
            models.CheckConstraint(
                condition=Q(meeting_url="") | Q(meeting_url__startswith="https://"),
                name="order_meeting_https",
            ),
            together("decided_at", "decided_by", name="order_decision_whole"),
            models.CheckConstraint(
                condition=Q(state__in=[OrderState.DRAFT, OrderState.CANCELLED])
                | Q(
                    organisation__isnull=False,
                    contact__isnull=False,
                    task_type__isnull=False,
                    length_minutes__isnull=False,
                    sent_at__isnull=False,
                )
                & ~Q(title=""),
                name="order_sent_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[OrderState.DRAFT, OrderState.CANCELLED])
                | Q(mode=Mode.REMOTE)
                | Q(municipality__isnull=False),
                name="order_sent_has_a_place",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[OrderState.DRAFT, OrderState.CANCELLED]) | ~Q(payment=""),
                name="order_sent_tells_of_payment",
            ),
            models.CheckConstraint(
                condition=~Q(state=OrderState.CANCELLED) | ~Q(cancelled_by=""),
                name="order_cancelled_by_whom",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "sent_at"], name="order_by_state"),
            models.Index(fields=["organisation", "-id"], name="order_by_organisation"),
            models.Index(fields=["contact", "-id"], name="order_by_contact"),
            # A word may mean a kind of task or a town: the keys alone are read of many thousands.
            models.Index(fields=["task_type", "-id"], name="order_by_task_type"),
            models.Index(fields=["municipality", "-id"], name="order_by_municipality"),
            # What waits of the open ones is read from these alone: their rows are wide.
            models.Index(
                fields=["state", "state_changed_at"],
                include=["id", "sent_at", "begins_at", "organisation", "contact", "series"],
                condition=Q(state__in=sorted(LED_STATES)),
                name="order_waiting",
            ),
            models.Index(
                fields=["sent_at"],
                include=["id", "state", "payment", "series", "begins_at"],
                condition=Q(state__in=sorted(OPEN_STATES), payment__in=sorted(UNPAID)),
                name="order_unpaid",
            ),
            models.Index(fields=["begins_at", "id"], name="order_by_begins"),
            models.Index(
                fields=["begins_at", "id"],
                condition=Q(state__in=sorted([OrderState.DRAFT, *LED_STATES])),
                name="order_open_by_begins",
            ),
            models.Index(
                fields=["-id"],
                condition=Q(state=OrderState.SEARCHING, is_open_call=True),
                name="order_open_call",
            ),
            models.Index(
                fields=["series", "state"],
                include=["id", "state_changed_at"],
                condition=Q(series__isnull=False),
                name="order_by_series",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"
