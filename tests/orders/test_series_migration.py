"""What the number shared by orders becomes."""

import importlib

import pytest
from django.db import connection

migration = importlib.import_module("luukku.orders.migrations.0016_series")
pytestmark = pytest.mark.django_db
A, B = "0f8fad5b-d9cb-469f-a165-70867728950e", "7c9e6679-7425-40de-944b-e07fc1f90ae7"


def test_orders_with_one_number_become_one_series_and_can_be_turned_back():
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE orders_order (id int, made_at timestamptz DEFAULT now(), series_key uuid, series_id int)"
        )
        cursor.execute(
            "CREATE TEMP TABLE orders_series (id serial, every varchar, is_one_expert boolean, made_at timestamptz)"
        )
        rows = [(1, A), (2, A), (3, None), (4, B)]
        cursor.executemany("INSERT INTO orders_order (id, series_key) VALUES (%s, %s)", rows)

        cursor.execute(migration.FORWARDS)

        cursor.execute("SELECT series_id FROM orders_order ORDER BY id")
        assert cursor.fetchall() == [(1,), (1,), (None,), (2,)]

        cursor.execute("UPDATE orders_order SET series_key = NULL")
        cursor.execute(migration.BACKWARDS)

        cursor.execute("SELECT series_key FROM orders_order ORDER BY id")
        first, second, third, fourth = (key for (key,) in cursor.fetchall())
        assert (first, third) == (second, None)
        assert fourth not in {first, None}
        cursor.execute("DROP TABLE pg_temp.orders_order, pg_temp.orders_series")
