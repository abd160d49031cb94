"""One shape for acts: the page until the form is right, then the act once, then where it leads."""

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse

from luukku.core.refused import Refused
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.redirects import SeeOther
from luukku.web.ui.forms import Form

NEXT, BACK = SeeOther("/next/"), SeeOther("/back/")


class Words(Form):
    words = forms.CharField()


class Taken(Refused):
    words, words_at_counter, field = "Choose other words.", "They choose other words.", "words"


class Over(Refused):
    words, is_news = "It is over.", True


def asking(rf, method="post", **data):
    request = getattr(rf, method)("/", data)
    request.user = "somebody"
    request._messages = CookieStorage(request)
    return request


def said(request):
    return [(one.level_tag, one.message) for one in get_messages(request)]


@pytest.fixture
def calls():
    return []


@pytest.fixture
def act(calls):
    def do(*given, by, at, **data):
        calls.append((given, data, by))
        return "made"

    return do


def refusing(refusal):
    def do(*_given, by, at, **_data):
        raise refusal

    return do


def page_of(form):
    return lambda status: HttpResponse(str(form.errors if form else ""), status=status)


def answer_to(request, act, **more):
    form = Words(data_of(request))
    return form_act(request, act, "it", form=form, page=page_of(form), to=NEXT, **more)


def test_form_is_shown_and_nothing_done_until_it_is_sent(rf, act, calls):
    answer = answer_to(asking(rf, "get"), act)

    assert (answer.status_code, calls) == (200, [])


def test_wrong_form_is_shown_again(rf, act, calls):
    answer = answer_to(asking(rf, words=""), act)

    assert (answer.status_code, calls) == (422, [])


def test_act_gets_the_object_the_form_and_who(rf, act, calls):
    request = asking(rf, words="Hello")

    answer = answer_to(request, act, done=lambda result: f"It was {result}.")

    assert (answer, said(request)) == (NEXT, [("success", "It was made.")])
    assert calls == [(("it",), {"words": "Hello"}, "somebody")]


def test_act_by_somebody_else_leads_by_its_result(rf, act, calls):
    request = asking(rf)

    answer = form_act(request, act, by="a link's person", to=lambda made: SeeOther(f"/{made}/"))

    assert (answer["Location"], calls) == ("/made/", [((), {}, "a link's person")])


def test_refusal_about_a_field_stands_at_it(rf):
    request = asking(rf, words="Hello")

    answer = answer_to(request, refusing(Taken()), back=BACK)

    assert (answer.status_code, said(request)) == (422, [])
    assert "Choose other words." in answer.content.decode()


@pytest.mark.parametrize(
    "refusal, more, told",
    [
        (Over(), {}, [("info", "It is over.")]),
        (Refused("No."), {}, [("warning", "No.")]),
        (Refused(""), {}, []),
    ],
)
def test_other_refusals_are_said_on_the_page_that_follows(rf, refusal, more, told):
    request = asking(rf, words="Hello")

    answer = answer_to(request, refusing(refusal), back=BACK, done="Done.", **more)

    assert (answer, said(request)) == (BACK, told)


def test_refusal_without_a_form_speaks_of_others_at_the_counter(rf):
    request = asking(rf)

    answer = form_act(request, refusing(Taken()), to=NEXT, at_counter=True)

    assert (answer, said(request)) == (NEXT, [("warning", "They choose other words.")])


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_over_is_said_before_a_form_is_shown(rf, act, calls, method):
    request = asking(rf, method)

    answer = answer_to(request, act, ready=lambda: refusing(Over())(by=None, at=None))

    assert (answer, said(request), calls) == (NEXT, [("info", "It is over.")], [])


@pytest.mark.parametrize(
    "path, to, leads",
    [
        ("/en/counter/events/1/times/", SeeOther("/en/counter/events/1/"), "/en/counter/events/1/"),
        ("/en/counter/events/", lambda made: made, "/en/counter/"),
        ("/en/counter/events/", SeeOther("/en/counter/events/?made=1"), "/en/counter/"),
    ],
)
def test_a_page_that_cannot_be_opened_leads_to_another_one(rf, act, path, to, leads):
    request = asking(rf, "get")
    request.path = path
    again = SeeOther(f"{path}?again=1")

    answer = form_act(
        request, act, to=to, back=again, ready=lambda: refusing(Over())(by=None, at=None)
    )

    assert (answer.url, said(request)) == (leads, [("info", "It is over.")])


def test_question_without_a_form_is_asked_once(rf, act, calls):
    asked = form_act(asking(rf, "get"), act, page=page_of(None), to=NEXT)
    answered = form_act(asking(rf), act, page=page_of(None), to=NEXT)

    assert (asked.status_code, answered, len(calls)) == (200, NEXT, 1)
