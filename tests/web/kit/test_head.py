"""HEAD is GET without the body: it shows what GET shows and acts as little."""

import pytest
from django.urls import reverse

from luukku.accounts.models import User
from luukku.experts.models import Expert
from tests.factories.accounts import make_admin, make_person
from tests.factories.experts import make_expert

pytestmark = pytest.mark.django_db


def test_head_of_the_page_that_asks_before_deleting_deletes_nothing(client):
    expert = make_expert()
    client.force_login(expert.user, backend="django.contrib.auth.backends.ModelBackend")

    answer = client.head(reverse("expert:profile-erase"))

    assert (answer.status_code, Expert.objects.filter(pk=expert.pk).exists()) == (
        302,
        True,
    )  # sign in anew


def test_head_of_the_page_that_asks_before_closing_closes_nothing(client):
    person = make_person()
    client.force_login(make_admin(), backend="django.contrib.auth.backends.ModelBackend")

    answer = client.head(reverse("counter:person-close", args=[person.pk]))

    assert (answer.status_code, User.objects.get(pk=person.pk).is_active) == (200, True)
