"""“Where do I start?”: a few plain questions, each with an address of its own; nothing is remembered."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luukku.core.counter import counter
from luukku.web.kit.access import EVERYONE, page


@dataclass(frozen=True)
class Ask:
    """A question and the answers to it: (words, where they lead)."""

    words: Promise
    answers: tuple[tuple[Promise, str], ...]
    before: str = ""  # the question before this one; empty: the first


@dataclass(frozen=True)
class Door:
    """Where one arrives: what happens there, and buttons as (words, URL name, query)."""

    words: Promise
    lead: Promise
    lines: tuple[Promise, ...]
    buttons: tuple[tuple[Promise, str, str], ...]
    before: str
    links: tuple[tuple[Promise, str], ...] = ()
    in_satakunta: tuple[Promise, ...] = field(default=())
    is_calling: bool = False


START = "start"
NODES: dict[str, Ask | Door] = {
    START: Ask(
        _("What would you like to do?"),
        (
            (_("I need an expert by experience for my work or organisation"), "order"),
            (_("I have lived through something and would like to put it to use"), "lived"),
            (_("I need support, for myself or for somebody close to me"), "support"),
            (_("I am interested in training"), "training"),
            (_("I do not know yet. I would rather talk with a person"), "person"),
        ),
    ),
    "order": Ask(
        _("Do you know what you would like the expert to do?"),
        (
            (_("Yes, at least roughly"), "order-now"),
            (_("No, I would first like to see what experts do"), "order-types"),
            (_("I would like to talk it over first"), "person"),
        ),
        START,
    ),
    "lived": Ask(
        _("Have you been trained as an expert by experience?"),
        (
            (_("Yes, and I would like to take part in tasks"), "expert"),
            (_("Not yet"), "become"),
            (_("I do not know whether this is for me"), "person"),
        ),
        START,
    ),
    "support": Ask(
        _("What would help you now?"),
        (
            (_("Talking with somebody who has lived through the same"), "peer"),
            (_("Care, a social worker or another service"), "care"),
            (_("I am in acute distress"), "acute"),
            (_("I do not know. Help me find out"), "person"),
        ),
        START,
    ),
    "training": Ask(
        _("Who is the training for?"),
        (
            (_("For me: I would like to become an expert by experience"), "become"),
            (_("For our staff or students: an expert would teach them"), "order-now"),
            (_("We train experts by experience, or plan to"), "producer"),
        ),
        START,
    ),
    "order-now": Door(
        _("Order an expert by experience"),
        _("Five calm steps, about ten minutes. You need no account."),
        (
            _("The counter reads your order, looks for the right person and writes to you."),
            _("You can save the order as it is and go on later."),
        ),
        ((_("Start the order"), "public:order-start", ""),),
        "order",
    ),
    "order-types": Door(
        _("See what experts by experience do"),
        _("Each kind of task has a page: what it is, what it is not, and what both sides need."),
        (_("When you find what you need, you can order it from the same page."),),
        ((_("See the kinds of tasks"), "public:task-types", ""),),
        "order",
    ),
    "expert": Door(
        _("Sign up for tasks"),
        _("Make your profile at your own pace. Nobody sees it before you send it."),
        (
            _("Then the counter meets you, and you can sign up for open tasks."),
            _("You see place, time and fee beforehand, and you may say no without a reason."),
        ),
        (
            (_("Begin your profile"), "expert:start", ""),
            (_("See open calls"), "public:calls", ""),
        ),
        "lived",
    ),
    "become": Door(
        _("Become an expert by experience"),
        _(
            "Your own hard time, or one beside somebody close, can help others and make services better."
        ),
        (
            _(
                "First read how one becomes an expert. Then see which trainings take applications now."
            ),
        ),
        (
            (_("How one becomes an expert"), "public:become", ""),
            (_("See the trainings and apply"), "public:programmes", ""),
            (_("Ask about the next trainings"), "public:advice", "topic=training"),
        ),
        "lived",
    ),
    "producer": Door(
        _("Training experts by experience"),
        _("Tell the counter what you train or plan. We know who else in the region does the same."),
        (_("A person answers you and agrees with you how to go on."),),
        ((_("Write to the counter"), "public:advice", "topic=training"),),
        "training",
    ),
    "peer": Door(
        _("Support from somebody who has lived through the same"),
        _("This counter gives no peer support itself, but others do."),
        (
            _(
                "Toivo is an application for your phone. You look for a trained peer supporter by "
                "diagnosis or language, then write or call. You need only a nickname, and no contact "
                "details are exchanged. In 2022 it had over a hundred peer supporters from about forty "
                "associations."
            ),
            _(
                "OLKA works in hospitals and health centres. An OLKA point tells about associations and "
                "about peer support near you."
            ),
        ),
        ((_("Ask the counter to help you find support"), "public:advice", "topic=other"),),
        "support",
        links=((_("OLKA’s own pages (olkatoiminta.fi)"), "https://olkatoiminta.fi/"),),
        in_satakunta=(
            _(
                "In Satakunta there are about ten OLKA points, also at health centres: for example "
                "Ulvila since November 2024, Pori (Cotton) and Kankaanpää since 2025."
            ),
        ),
    ),
    "care": Door(
        _("Care and social services"),
        _(
            "This counter gives no care and no social services. Your wellbeing services county does."
        ),
        (
            _("Contact your own health or social services centre."),
            _("If you do not know where to turn, ask us. We help you find the right place."),
        ),
        ((_("Ask the counter"), "public:advice", "topic=other"),),
        "support",
    ),
    "acute": Door(
        _("In acute distress, get help at once"),
        _("This counter is not an emergency service. Nobody reads messages here day and night."),
        (
            _("If you or somebody else is in danger, call the emergency number 112."),
            _("Do not wait for our answer."),
        ),
        (),
        "support",
        is_calling=True,
    ),
    "person": Door(
        _("Talk with a person"),
        _("At the counter there are people, not machines. No question is too small."),
        (_("Write to us, or leave your phone number and we call you."),),
        (
            (_("Write, or leave your number"), "public:advice", "topic=other"),
            (_("Ask without your name"), "public:advice", "topic=other&anonymous=1"),
        ),
        START,
    ),
}


@page(EVERYONE)
def where(request: HttpRequest, node: str = START) -> HttpResponse:
    """Ask the next question, or show the door that the answers lead to."""
    step = NODES.get(node)
    if step is None:
        raise Http404
    is_question = isinstance(step, Ask)
    context = {
        "node": step,
        "before": step.before,
        "is_first": node == START,
        "start": START,
        "is_acute": node == "acute",
        "counter": counter() if node == "person" else None,
        "is_satakunta": settings.LUUKKU_REGION == "satakunta",
    }
    name = "public/taxonomy/where.html" if is_question else "public/taxonomy/where_door.html"
    return render(request, name, context)
