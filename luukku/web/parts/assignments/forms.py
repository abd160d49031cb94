"""Forms about a task that more than one surface shows."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.assignments.notices import when
from luukku.assignments.queries import times_to_choose
from luukku.feedback.models import SCALES, EventFeedback, Side, scale_words
from luukku.orders.models import Order, OrderTime
from luukku.organisations.queries import orderers_of
from luukku.web.ui.forms import EditForm, Form, LinkField, Scale, words_field

STEPS = [
    (5, _("Yes, fully")),
    (4, _("Mostly")),
    (3, _("Partly")),
    (2, _("A little")),
    (1, _("Not at all")),
]


class FeedbackForm(Form):
    """Two minutes: four scales, free words, and whether one wishes to talk.

    Args:
        side: who answers; who ordered is not asked whether they were heard, but whether the two were equals.
    """

    smooth = forms.TypedChoiceField(
        label=_("The situation went smoothly"), choices=STEPS, coerce=int, widget=Scale
    )
    useful = forms.TypedChoiceField(
        label=_("It was useful"), choices=STEPS, coerce=int, widget=Scale
    )
    heard = forms.TypedChoiceField(label=_("I was heard"), choices=STEPS, coerce=int, widget=Scale)
    again = forms.TypedChoiceField(
        label=_("I would do this again"), choices=STEPS, coerce=int, widget=Scale
    )
    words = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=4000,
        widget=forms.Textarea,
        help_text=_("What was good, what could be better? No names or diagnoses, please."),
    )
    wants_debrief = forms.BooleanField(
        label=_("I would like to talk about this with the counter"), required=False
    )

    def __init__(self, *args: Any, side: Side, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if side == Side.ORDERER:
            self.fields["heard"].label = scale_words("heard", side)


class EventFeedbackForm(EditForm):
    """The same two minutes after an event.

    Args:
        given: what the same person told before.
    """

    shows = (*SCALES, "words")

    smooth = forms.TypedChoiceField(
        label=_("The situation went smoothly"), choices=STEPS, coerce=int, widget=Scale
    )
    useful = forms.TypedChoiceField(
        label=_("It was useful"), choices=STEPS, coerce=int, widget=Scale
    )
    heard = forms.TypedChoiceField(label=_("I was heard"), choices=STEPS, coerce=int, widget=Scale)
    again = forms.TypedChoiceField(
        label=_("I would do this again"), choices=STEPS, coerce=int, widget=Scale
    )
    words = words_field(
        _("In your own words"),
        _(
            "Shown to the organiser and the counter without your name, among others’ words, if at least five"
            " people write some. No names or diagnoses, please."
        ),
        is_optional=True,
    )

    def __init__(self, *args: Any, given: EventFeedback | None, **kwargs: Any) -> None:
        initial = {name: getattr(given, name) for name in self.shows} if given else {}
        super().__init__(*args, about=given, initial=initial, **kwargs)


class ChangedForm(EditForm):
    """What changed because of a task."""

    shows = ("words", "may_be_practice")

    words = forms.CharField(
        label=_("What changed because of this?"),
        max_length=4000,
        widget=forms.Textarea,
        help_text=_(
            "Also a small thing counts, and so does “nothing yet”. The expert sees your answer."
        ),
    )
    may_be_practice = forms.BooleanField(
        label=_("This may be turned into a good practice for others"),
        required=False,
        help_text=_(
            "The counter writes it anew without names, and publishes nothing that points at a person."
        ),
    )


def reason_field(readers: str | Promise) -> forms.CharField:
    """Return the field for a reason; it says who reads it, as ``assignments.notices.Cancelled`` keeps it."""
    empty = _("A word is enough, and you may leave it empty. No health information, please.")
    return words_field(_("Why?"), format_lazy("{} {}", readers, empty), most=2000, is_optional=True)


class ReasonForm(Form):
    """Why an expert cancels."""

    reason = reason_field(_("Only the counter reads this."))


class OrdererReasonForm(Form):
    """Why an orderer cancels."""

    reason = reason_field(_("The experts who have said yes read this in their letter."))


class CounterReasonForm(Form):
    """Why an order is cancelled, as the counter writes it down."""

    reason = reason_field(_("The orderer and the experts who have said yes read this."))


class TaskCancelForm(OrdererReasonForm):
    """Why one of an order's tasks is cancelled, and whether somebody else should come instead."""

    is_replaced = forms.BooleanField(
        label=_("Look for another expert instead"),
        required=False,
        help_text=_("Without this the order goes on with one expert fewer."),
    )
    field_order: tuple[str, ...] = ("reason", "is_replaced")


class ChangeWishForm(Form):
    """What an orderer asks to be changed."""

    words = forms.CharField(
        label=_("What should be changed?"),
        max_length=2000,
        widget=forms.Textarea,
        help_text=_("For example: the group grew to 40, or the room is another one."),
    )


class ChangeAnswerForm(Form):
    """What the counter did about it."""

    answer = forms.CharField(
        label=_("Your answer"),
        max_length=2000,
        widget=forms.Textarea,
        help_text=_("The orderer reads this on the order’s page. Tell what was changed."),
    )


class LinkForm(EditForm):
    """Where the video meeting of a remote task is."""

    shows = ("meeting_url",)

    meeting_url = LinkField(
        label=_("Link of the video meeting"),
        required=False,
        help_text=_(
            "Copy it from the invitation. Experts who have said yes are told, and it comes to"
            " their calendar."
        ),
    )

    def arguments(self) -> dict[str, Any]:
        """Return the link."""
        return {"url": self.cleaned_data["meeting_url"]}


class ContactForm(Form):
    """Who is the contact person of an order from now on: one of those who order for its organisation."""

    contact: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        label=_("New contact person"),
        queryset=None,
        empty_label=_("Choose"),
        help_text=_(
            "Both of you and the experts who have said yes are told. Reminders go to the new person."
        ),
    )

    def __init__(
        self, organisation_id: int, earlier_id: int | None, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["contact"]
        field.queryset = orderers_of(organisation_id).exclude(pk=earlier_id or 0)
        field.label_from_instance = lambda person: person.name


class TermsForm(Form):
    """What is said to the terms of a task that its page showed, and to no others."""

    terms = forms.CharField(required=False, widget=forms.HiddenInput({"id": False}))

    def show_terms(self, *changed: datetime | None) -> None:
        """Let the page send back which terms it shows: when those of each order were last changed, None when never."""
        self.now = ",".join(at.isoformat() if at else "" for at in changed)
        self.fields["terms"].initial = self.now

    def clean(self) -> dict[str, object]:
        """Refuse an answer to terms that have changed since they were shown; the page shows the new ones."""
        cleaned = super().clean()
        if "terms" in self.data and self.data["terms"] != self.now:
            self.data = self.data.copy()
            self.data["terms"] = self.now
            self.add_error(
                None,
                _("The task has changed since you opened this page. Read it and answer again."),
            )
        return cleaned


class OfferAnswerForm(TermsForm):
    """Which of the wished times suits, where there are several; a yes is to the terms that were shown.

    Args:
        terms_of: when the order's terms were last changed, None when never.
    """

    time = forms.ChoiceField(label=_("Which time suits you?"), widget=forms.RadioSelect)

    def __init__(
        self,
        times: Iterable[OrderTime],
        *args: Any,
        terms_of: datetime | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.show_terms(terms_of)
        self.times = {time.pk: time for time in times}
        if len(self.times) > 1:
            self.fields["time"].choices = [
                (pk, when(t.starts_at, t.ends_at)) for pk, t in self.times.items()
            ]
        else:
            del self.fields["time"]

    def when_words(self) -> str:
        """Return the one time there is to say yes to, in words; nothing where it is chosen or has passed."""
        times = list(self.times.values())
        return when(times[0].starts_at, times[0].ends_at) if len(times) == 1 else ""

    def arguments(self) -> dict[str, Any]:
        """Return the chosen time, None where there was nothing to choose."""
        pk = self.cleaned_data.get("time")
        return {"time": self.times[int(pk)] if pk else None}


class SignUpForm(TermsForm):
    """Which of the times of an open call, or of the open dates of a series, suit, where there are several.

    Args:
        orders: the call, or the dates that are still open.
        is_series: even one date is asked for: which it is must be what the page showed.
    """

    times = forms.MultipleChoiceField(
        label=_("Which times suit you?"),
        widget=forms.CheckboxSelectMultiple({"class": "ds-input", "autocomplete": "off"}),
        help_text=_("Choose every time that suits. The task is agreed on one of these only."),
        error_messages={"required": _("Choose at least one time that suits.")},
    )

    def __init__(
        self,
        orders: Iterable[Order],
        *args: Any,
        at: datetime,
        is_series: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        orders = list(orders)
        changed = [one.terms_changed_at for one in orders if one.terms_changed_at]
        self.show_terms(max(changed, default=None))
        times = {one.pk: times_to_choose(one, at=at) for one in orders}
        self.choices = {str(time.pk): time for its in times.values() for time in its}
        if not self.choices or (len(self.choices) == 1 and not is_series):
            del self.fields["times"]
            return
        field = self.fields["times"]
        field.choices = [
            (str(time.pk), self._told(time, nth, its))
            for nth, its in enumerate(times.values(), start=1)
            for time in its
        ]
        if is_series:
            field.help_text = _(
                "Choose every time that suits. You may sign up to some of them: the counter answers"
                " each by itself."
            )

    def _told(self, time: OrderTime, nth: int, its: list[OrderTime]) -> str:
        """Say a time; of a date that is wished at one of several times also which date it is of."""
        said = when(time.starts_at, time.ends_at)
        is_one = len(its) == 1 or len(its) == len(self.choices)
        return said if is_one else _("time %(n)s: %(when)s") % {"n": nth, "when": said}

    def arguments(self) -> dict[str, Any]:
        """Return the times that suit; the only one where there was nothing to choose."""
        return {"times": [self.choices[pk] for pk in self.cleaned_data.get("times", self.choices)]}
