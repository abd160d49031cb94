import io
import logging
import os
import subprocess
import sys
import time
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection

from luukku.config.logs import Plain, Tidy
from tests import patience


def environment(**extra):
    """The environment in which a real process works on the tests' own database."""
    database = connection.settings_dict
    host = database["OPTIONS"].get("host") or database["HOST"]
    query = urlencode({"host": host})
    # As the application, where the server trusts whoever has its socket.
    user = database["USER"] if settings.EMBEDDED_POSTGRES is None else settings.DATABASE_APPLICATION
    url = f"postgresql://{user}:{database['PASSWORD']}@/{database['NAME']}?{query}"
    usual = {name: value for name, value in os.environ.items() if name != "LUUKKU_BASE_URL"}
    return usual | {
        "DJANGO_SETTINGS_MODULE": "luukku.config.settings.dev",
        "DATABASE_URL": url,
        "EMAIL_URL": "consolemail://",
        "SECRET_KEY": settings.SECRET_KEY,  # what the tests wrote encrypted, the process reads
        **extra,
    }


@pytest.fixture
def manage(tmp_path):
    """Start ``manage.py`` as a process of its own; whatever still runs at the end is killed."""
    started = []

    def start(*arguments, process_group=None, stderr=subprocess.STDOUT, **extra):
        process = subprocess.Popen(
            [sys.executable, str(settings.ROOT / "manage.py"), *arguments],
            env=environment(LUUKKU_VAR=str(tmp_path), **extra),
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            process_group=process_group,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def logged(monkeypatch):
    """What the log says, as the settings write it: a call returns the records' texts."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.terminator = "\x00"
    handler.setFormatter(Plain(settings.LOGGING["formatters"]["plain"]["format"]))
    handler.addFilter(Tidy())
    monkeypatch.setattr(logging.root, "handlers", [handler])
    return lambda: stream.getvalue().split("\x00")[:-1]


def eventually(condition, *, seconds=patience.SECONDS):
    """Wait until ``condition()`` is true; fail when it does not become so."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
    return found
