"""Health: the process answers; ready only with a database that has every migration."""

import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder

from luukku.config import views


@pytest.mark.parametrize("host", ["testserver", "10.0.0.7:8000"])  # a probe knows no name
def test_live_answers_any_host_without_a_database(client, host):
    response = client.get("/health/live", HTTP_HOST=host)  # no ``db`` fixture: a query would fail

    assert (response.status_code, response.json()) == (200, {"status": "live"})


def test_ready_when_all_is_well(client, db):
    response = client.get("/health/ready")

    assert (response.status_code, response.json()) == (200, {"status": "ready"})


def test_ready_is_503_while_migrations_wait(client, db):
    MigrationRecorder.Migration.objects.filter(app="audit", name__gte="0002").delete()

    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json()["status"] == "migrations waiting"


def test_ready_is_503_when_the_database_is_away(client, db, monkeypatch):
    def away(connection):
        raise OperationalError("no")

    monkeypatch.setattr(views, "MigrationExecutor", away)

    response = client.get("/health/ready")

    assert (response.status_code, response.json()) == (503, {"status": "no database"})
