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


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_has_the_headers_of_every_page(client, db, path, settings):
    settings.SECURE_HSTS_SECONDS = 3600
    names = (
        "Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy",
        "Cross-Origin-Opener-Policy",
    )  # fmt: skip
    page = client.get("/en/")

    response = client.get(path, secure=True)

    assert {name for name in names if name in page} == set(names)
    assert {name for name in names if name in response} == set(names)
    assert response["Cache-Control"] == "no-store"
    assert response["Strict-Transport-Security"].startswith("max-age=")
