"""The counter's indexes fit what it searches and orders by: an expression that differs by a letter is never used."""

import pytest
from django.db import connection

from luukku.accounts.models import User
from luukku.accounts.queries import person_said
from luukku.core.ordering import by_surname, has_words, in_finnish
from luukku.experts.models import Expert
from luukku.guidance.models import Question
from luukku.orders.models import Order, OrderTime
from luukku.organisations.models import Organisation


def searched(model, name):
    return model.objects.filter(has_words("hiltu", name)).order_by()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "index, rows",
    [
        ("user_by_surname", User.objects.order_by(by_surname("name"))[:30]),
        ("user_name_parts", searched(User, "name")),
        ("order_title_parts", searched(Order, "title")),
        ("organisation_name_parts", searched(Organisation, "name")),
        ("expert_code_name_parts", searched(Expert, "code_name")),
        ("user_email_parts", User.objects.filter(email__icontains="hiltu").order_by()),
        ("question_name_parts", searched(Question, "name")),
        ("question_email_parts", Question.objects.filter(email__icontains="hiltu").order_by()),
        ("question_phone_parts", Question.objects.filter(person_said("0401234")).order_by()),
        ("order_time_month", OrderTime.objects.filter(starts_at__month=1).order_by()),
        ("expert_by_code_name", Expert.objects.order_by(in_finnish("code_name"), "pk")[:9]),
        ("user_closed", User.objects.filter(is_active=False).order_by()),
        ("question_tags", Question.objects.filter(tags__contains=["hiltu"]).order_by()),
    ],
)
def test_index_answers(index, rows):
    with connection.cursor() as cursor:
        for way in ("seqscan", "sort", "indexonlyscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")

    assert index in rows.values("pk").explain()
