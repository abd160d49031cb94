"""Programmes of training: who holds them, what they are made of, what they give."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.constraints import between, one_of
from luukku.events.models import Titled
from luukku.experts.models import FurtherKind, TrainingKind
from luukku.organisations.models import MemberRole, Membership
from luukku.taxonomy.models import in_language
from luukku.training.states import ProgrammeState
from luukku.workflow.models import Stateful

MOST_MINUTES = 60_000  # of one topic: a thousand hours
NUMBERS = {  # the least and the most that each can be
    "price_eur": (0, 20_000),
    "min_group": (1, 500),
    "max_group": (1, 500),
    "validity_months": (1, 240),
}


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    """Programmes by who may see them, and with the hours that their topics make."""

    def visible_to(self, user: User) -> ProgrammeQuerySet:
        """Exactly the programmes on which ``user`` has the rule ``training.view``."""
        agreed = Q(state=ProgrammeState.AGREED)
        if not user.is_active:  # nobody is signed in, or the account has been closed
            return self.none() if user.is_authenticated else self.filter(agreed)
        if user.is_counter:
            return self
        own = Membership.objects.standing(MemberRole.PRODUCER).filter(user=user)
        produced = Programme.producers.through.objects.filter(
            organisation__in=own.values("organisation")
        )
        is_own = Q(pk__in=produced.values("programme"))
        is_shared = Q(state=ProgrammeState.SHARED) & models.Exists(own)
        return self.filter(agreed | is_own | is_shared)

    def open_to_all(self) -> ProgrammeQuerySet:
        """Return those that everybody may read about."""
        return self.filter(state=ProgrammeState.AGREED)

    def to_agree(self) -> ProgrammeQuerySet:
        """Return those that wait for the word that the producers have agreed on them."""
        return self.filter(state=ProgrammeState.SHARED, proposed_at__isnull=False)

    def with_minutes(self) -> ProgrammeQuerySet:
        """Return these with ``contact_minutes`` and ``own_minutes``, the sums of their topics."""
        parts = ProgrammeTopic.objects.filter(programme=models.OuterRef("pk")).order_by()

        def summed(name: str) -> Coalesce:
            total = parts.values("programme").annotate(n=Sum(name)).values("n")
            return Coalesce(models.Subquery(total), 0)

        return self.annotate(
            contact_minutes=summed("contact_minutes"), own_minutes=summed("own_minutes")
        )


class Programme(Titled, Stateful):
    """What a training teaches and gives; each time that it is held is an event of its own.

    Attributes:
        version: 1 for the first; a new one is begun where an agreed one changes.
        renews: the version before this one.
        further_kind: what a completed training counts as in matching, for a further one.
        task_types: the kinds of task that it prepares for.
        validity_months: how long a completed one counts; None: for ever.
        price_eur: what a participant pays; 0: nothing; None: not known yet.
        named: those among who hold it whom another producer has named.
        unasked: those of them who have not said yes to it, and of whom the counter has not noted that it asked them.
        proposed_at: since when its producers ask the others to agree on it; agreed_at: when it was agreed on.
        decided_on, decision: the meeting that agreed on it; without words every producer has said yes.
    """

    moved_on = _("The programme has changed meanwhile. Here is how it stands now.")

    state = models.CharField(
        max_length=20, choices=ProgrammeState, default=ProgrammeState.DRAFT, editable=False
    )
    kind = models.CharField(_("kind"), max_length=20, choices=TrainingKind)
    further_kind = models.CharField(
        _("what the further training is about"), max_length=20, choices=FurtherKind, blank=True
    )
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    renews = models.OneToOneField(
        "self",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="renewed_by",
    )
    producers = models.ManyToManyField(
        "organisations.Organisation", verbose_name=_("who holds it"), related_name="programmes"
    )
    named = models.ManyToManyField(
        "organisations.Organisation", related_name="+", blank=True, editable=False
    )
    unasked = models.ManyToManyField(
        "organisations.Organisation", related_name="+", blank=True, editable=False
    )
    summary_fi = models.TextField(_("summary in Finnish"), max_length=1000, blank=True)
    summary_sv = models.TextField(_("summary in Swedish"), max_length=1000, blank=True)
    summary_en = models.TextField(_("summary in English"), max_length=1000, blank=True)
    languages = models.ManyToManyField(
        "taxonomy.Language", verbose_name=_("languages"), related_name="+", blank=True
    )
    prerequisites = models.TextField(_("what is needed to come"), max_length=1000, blank=True)
    funding = models.CharField(_("who pays for it"), max_length=200, blank=True)
    price_eur = models.DecimalField(
        _("price for a participant, euros"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    min_group = models.PositiveSmallIntegerField(_("smallest group"), null=True, blank=True)
    max_group = models.PositiveSmallIntegerField(_("largest group"), null=True, blank=True)
    validity_months = models.PositiveSmallIntegerField(
        _("how many months it counts"), null=True, blank=True
    )
    task_types = models.ManyToManyField(
        "taxonomy.TaskType", verbose_name=_("prepares for"), related_name="+", blank=True
    )
    needs_lecture = models.BooleanField(
        _("one holds a practice lecture to complete it"), default=False
    )
    proposed_at = models.DateTimeField(null=True, editable=False)
    agreed_at = models.DateTimeField(null=True, editable=False)
    decided_on = models.DateField(_("decided on"), null=True, editable=False)
    decision = models.CharField(_("what was decided"), max_length=300, blank=True, editable=False)
    made_at = models.DateTimeField(editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("state", ProgrammeState.values, name="programme_state"),
            one_of("kind", TrainingKind.values, name="programme_kind"),
            one_of("further_kind", ["", *FurtherKind.values], name="programme_further_kind"),
            models.CheckConstraint(
                condition=Q(kind=TrainingKind.BASIC, further_kind="")
                | Q(kind=TrainingKind.FURTHER) & ~Q(further_kind=""),
                name="programme_further_kind_of_further",
            ),
            between("price_eur", *NUMBERS["price_eur"], name="programme_price"),
            between("min_group", *NUMBERS["min_group"], name="programme_min_group"),
            between("max_group", *NUMBERS["max_group"], name="programme_max_group"),
            between("validity_months", *NUMBERS["validity_months"], name="programme_validity"),
            models.CheckConstraint(
                condition=Q(proposed_at=None) | ~Q(state=ProgrammeState.DRAFT),
                name="programme_proposed_when_shared",
            ),
            models.CheckConstraint(
                condition=Q(min_group=None) | Q(max_group=None) | Q(min_group__lte=F("max_group")),
                name="programme_groups_in_order",
            ),
        ]

    @property
    def summary(self) -> str:
        """The summary in the active language."""
        return in_language(self, "summary")


class ProgrammeTopic(models.Model):
    """How long a programme is about one topic: together with a trainer, and by oneself."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="topics")
    topic = models.ForeignKey("taxonomy.Topic", on_delete=models.PROTECT, related_name="+")
    contact_minutes = models.PositiveIntegerField(default=0)
    own_minutes = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["topic__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "topic"], name="one_row_per_topic"),
            between("contact_minutes", 0, MOST_MINUTES, name="topic_contact_minutes"),
            between("own_minutes", 0, MOST_MINUTES, name="topic_own_minutes"),
            models.CheckConstraint(
                condition=Q(contact_minutes__gt=0) | Q(own_minutes__gt=0), name="topic_takes_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.contact_minutes} + {self.own_minutes} min"
