"""Settings come from the environment, each is documented, production refuses bad ones."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "DJANGO_SETTINGS_MODULE": "luukku.config.settings.prod",
    "SECRET_KEY": "a-long-random-text-" * 4,
    "LUUKKU_FIELD_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "ALLOWED_HOSTS": "luukku.example",
    "LUUKKU_BASE_URL": "https://luukku.example",
    "LUUKKU_TRUSTED_PROXIES": "127.0.0.1",
    "EMAIL_URL": "smtp+tls://user:password@mail.luukku.example:587",
    "LUUKKU_COUNTER_PHONE": "02 123 4567",
    "LUUKKU_COUNTER_HOURS": "ma–pe klo 9–15",
    "LUUKKU_COUNTER_EMAIL": "luukku@luukku.example",
}


def run(changes, *args):
    database = settings.DATABASES["default"]
    address = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    env = os.environ | GOOD | {"DATABASE_URL": os.environ.get("DATABASE_URL") or address} | changes
    env.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    command = [sys.executable, "manage.py", *args]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)


def test_settings_are_all_documented():
    code = "".join(p.read_text() for p in (ROOT / "luukku" / "config").rglob("*.py"))
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', code))
    documented = set(
        re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs/reference/settings.md").read_text(), re.M)
    )

    assert read == documented


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {"SECRET_KEY": "insecure-for-this-machine-only"},
        {"SECRET_KEY": "short"},
        {"LUUKKU_FIELD_KEYS": ""},
        {"ALLOWED_HOSTS": ""},
        {"ALLOWED_HOSTS": "*"},
        {"ALLOWED_HOSTS": "luukku.example,*"},
        {"LUUKKU_BASE_URL": "http://luukku.example"},
        {"LUUKKU_BASE_URL": "https://127.0.0.1"},
        {"LUUKKU_GALLERY": "1"},
        {"LUUKKU_FIELD_KEYS": "too-short"},
        {"LUUKKU_TRUSTED_PROXIES": "proxy.example"},
        {"LUUKKU_IDLE_MINUTES_STAFF": "0"},
        {"LUUKKU_DEBUG": "1"},
        {"LUUKKU_DEMO": "1"},
    ],
)
def test_settings_production_refuses(changes):
    done = run(changes, "check")

    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr


@pytest.mark.slow
def test_settings_production_is_clean():
    done = run({}, "check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"LUUKKU_COUNTER_PHONE": ""}, "LUUKKU_COUNTER_PHONE not set"),
        ({"LUUKKU_TRUSTED_PROXIES": ""}, "LUUKKU_TRUSTED_PROXIES not set"),
        ({"LUUKKU_SECOND_FACTOR": "0"}, "LUUKKU_SECOND_FACTOR is off"),
        ({"EMAIL_URL": "filemail:///tmp/mail"}, "EMAIL_URL not set"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_settings_production_warns(changes, words):
    done = run(changes, "check", "--fail-level", "WARNING")

    assert done.returncode != 0
    assert words in done.stderr


@pytest.mark.slow
def test_settings_default_secret_stays_on_this_machine():
    done = run(
        {
            "DJANGO_SETTINGS_MODULE": "luukku.config.settings.dev",
            "SECRET_KEY": "insecure-for-this-machine-only",
        },
        "check",
    )

    assert "SECRET_KEY" in done.stderr
