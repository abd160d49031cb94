"""What the old tick becomes."""

import importlib

import pytest
from django.db import connection

migration = importlib.import_module("luukku.orders.migrations.0008_payment")
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "is_ticked, state, payment",
    [
        (True, "sent", "agreed"),
        (True, "draft", "agreed"),
        (False, "draft", ""),
        (False, "cancelled", ""),
        (False, "sent", "open"),
    ],
)
def test_tick_becomes_an_answer_and_can_be_turned_back(is_ticked, state, payment):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE orders_order (state varchar, is_payment_agreed boolean)")
        cursor.execute("INSERT INTO orders_order VALUES (%s, %s)", [state, is_ticked])
        cursor.execute(migration.FORWARDS)
        cursor.execute("SELECT payment FROM orders_order")
        assert cursor.fetchall() == [(payment,)]

        cursor.execute(migration.BACKWARDS)

        cursor.execute("SELECT is_payment_agreed FROM orders_order")
        assert cursor.fetchall() == [(is_ticked,)]
        cursor.execute("DROP TABLE pg_temp.orders_order")
