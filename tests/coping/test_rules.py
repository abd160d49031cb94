"""Who sees a sign of load: the expert first, the counter later, the responsible person by the expert's yes alone."""

from datetime import timedelta

import pytest

from luukku.coping.actions import ask_talk, dismiss, look
from luukku.coping.duties import LOAD
from luukku.coping.models import Flag
from luukku.core.duty import call, queue
from luukku.organisations.actions import remove_member
from luukku.organisations.models import MemberRole, Task
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.coping import make_flag, make_passed_on
from tests.factories.experts import make_expert
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


@pytest.fixture
def there(at):
    """A world of everybody who might look at one expert's signs."""
    behind = make_organisation(tasks=[Task.BACKGROUND], at=at)
    responsible = make_member(behind, role=MemberRole.BACKGROUND)
    expert = make_expert(
        at=at - 60 * A_DAY, background_organisation=behind, responsible_person=responsible
    )
    return {
        "expert": expert.user,
        "counter": make_coordinator(),
        "responsible": responsible,
        "colleague": make_member(behind, role=MemberRole.BACKGROUND),
        "orderer": make_member(make_organisation(at=at)),
        "steering": make_person(roles=["steering"]),
        "admin": make_person(roles=["admin"]),
        "other expert": make_expert(at=at).user,
        "closed": make_person(is_active=False),
    }


def who_sees(there, flag):
    """Return who has the sign in their list; the rule says the same of each."""
    flag = Flag.objects.get(pk=flag.pk)
    listed = {name for name, user in there.items() if flag in Flag.objects.visible_to(user)}
    ruled = {name for name, user in there.items() if user.has_perm("coping.view", flag)}
    assert listed == ruled
    return listed


def test_at_first_the_expert_alone_sees_a_sign(there, at):
    assert who_sees(there, make_flag(at, expert=there["expert"].expert)) == {"expert"}


def test_then_the_counter_and_with_a_yes_the_responsible_person_see_it(there, at):
    flag = make_passed_on(at, expert=there["expert"].expert)

    assert who_sees(there, flag) == {"expert", "counter", "responsible"}


def test_yes_taken_back_holds_from_the_next_look_on(there, at):
    flag, person = make_passed_on(at, expert=there["expert"].expert), there["expert"]

    set_consents(person, set(Purpose) - {Purpose.COPING}, by=person, at=at)

    assert who_sees(there, flag) == {"expert", "counter"}


def test_responsible_person_who_has_left_sees_nothing(there, at):
    flag = make_passed_on(at, expert=there["expert"].expert)

    remove_member(there["responsible"].memberships.get(), by=there["counter"], at=at)

    assert who_sees(there, flag) == {"expert", "counter"}


def test_put_aside_is_not_shown_to_the_organisation(there, at):
    flag = make_passed_on(at, expert=there["expert"].expert)

    dismiss(flag, by=there["expert"], at=at)

    assert who_sees(there, flag) == {"expert", "counter"}


def test_duty_waits_once_the_counter_sees_the_sign_and_a_wish_to_talk_is_first(at):
    flag = make_flag(at)
    before = queue(at=at, kind=LOAD.name)
    passed_on = at + 8 * A_DAY
    look(at=passed_on)

    (waiting,) = queue(at=passed_on, kind=LOAD.name)
    ask_talk(flag, by=flag.expert.user, at=passed_on)
    (asked,) = queue(at=passed_on, kind=LOAD.name)

    person = flag.expert.user
    assert before == []
    assert (waiting.key, waiting.since, waiting.is_first) == (flag.pk, passed_on, False)
    assert asked.is_first
    assert [name for _duty, name in call([asked])] == [(person.name, person.name, person.phone)]
