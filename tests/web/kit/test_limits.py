import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from luukku.web.kit.limits import is_too_often, who
from tests.factories.accounts import make_person


def request_of(user=None, address="1.2.3.4"):
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    request.user = user or AnonymousUser()
    return request


@pytest.mark.django_db
def test_who_is_the_account_wherever_it_comes_from():
    person = make_person()

    assert who(request_of(person)) == who(request_of(person, "5.6.7.8")) == f"user-{person.pk}"


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("1.2.3.4", "1.2.3.4", True),
        ("1.2.3.4", "1.2.3.5", False),
        ("::ffff:1.2.3.4", "1.2.3.4", True),
        ("2001:db8:1:aa01::1", "2001:db8:1:aaff:9::2", True),  # one household
        ("2001:db8:1:aa00::1", "2001:db8:1:ab00::1", False),
    ],
)
def test_who_is_the_address_of_somebody_unknown(one, other, is_same):
    assert (who(request_of(address=one)) == who(request_of(address=other))) == is_same


@pytest.mark.django_db
def test_is_too_often_counts_each_thing_for_itself():
    assert [is_too_often("a", most=2) for _n in range(3)] == [False, False, True]
    assert not is_too_often("b", most=2)
