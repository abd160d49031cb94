"""The server: refuses with a reason, serves with several processes, takes its worker along."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder

from luukku.config.management.commands import serve
from soak.house import free_port
from tests import patience
from tests.config.conftest import eventually


@pytest.mark.django_db
def test_serve_refuses_while_migrations_wait():
    MigrationRecorder.Migration.objects.filter(app="audit", name__gte="0002").delete()

    with pytest.raises(
        CommandError, match=r"Migrations are waiting \(audit 0002.*Run: manage.py prepare"
    ):
        call_command("serve", "--port", "1")


@pytest.mark.django_db
def test_serve_names_only_the_first_of_many_waiting_migrations():
    MigrationRecorder.Migration.objects.all().delete()

    with pytest.raises(CommandError, match=r"and \d+ more\)"):
        serve.check_migrations()


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_serve_refuses_an_address_that_is_taken(host):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(
            CommandError, match=f"Cannot serve at {host}:{port}: Address already in use"
        ):
            call_command("serve", "--host", host, "--port", str(port))


@pytest.mark.parametrize(
    "told, host, expected",
    [
        (None, "127.0.0.1", "http://127.0.0.1:8117"),
        (None, "::1", "http://[::1]:8117"),
        (None, "0.0.0.0", "http://testserver"),
        ("https://luukku.example", "127.0.0.1", "http://testserver"),
    ],
)
def test_links_lead_to_where_the_site_is_served_unless_somebody_said_where(
    told, host, expected, monkeypatch, settings
):
    settings.LUUKKU_BASE_URL = settings.WAGTAILADMIN_BASE_URL = "http://testserver"
    monkeypatch.setenv("LUUKKU_BASE_URL", told or "")

    serve.stand_at(host, 8117)

    assert expected == settings.LUUKKU_BASE_URL
    assert expected == settings.WAGTAILADMIN_BASE_URL


def run_python(text):
    return [sys.executable, "-c", text]


def test_worker_that_ends_by_itself_begins_again_and_is_stopped_in_the_end(tmp_path, caplog):
    log = tmp_path / "log"
    worker = serve.Worker(
        run_python(
            f"import time; f = open({str(log)!r}, 'a'); f.write('x'); f.close();"
            f"time.sleep(0 if len(open({str(log)!r}).read()) < 3 else 60)"
        ),
        pause=0.01,
    )

    eventually(lambda: log.exists() and log.read_text() == "xxx")
    worker.stop()

    assert worker.process.returncode == -signal.SIGTERM
    assert caplog.text.count("it begins again") == 2
    assert log.read_text() == "xxx"


def test_worker_that_ended_just_before_the_stop_does_not_begin_again():
    worker = serve.Worker(run_python("pass"), pause=60)
    worker.process.wait()

    worker.stop()

    assert not worker.watcher.is_alive()


def test_worker_that_does_not_stop_is_killed(monkeypatch, tmp_path):
    monkeypatch.setattr(serve, "STOP_SECONDS", 0.2)
    ready = tmp_path / "ready"
    worker = serve.Worker(
        run_python(
            "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
            f"open({str(ready)!r}, 'w').close(); time.sleep(60)"
        )
    )
    eventually(ready.exists)

    worker.stop()

    assert worker.process.returncode == -signal.SIGKILL


def get(port, path):
    """Return (status, text), or None while nobody answers."""
    with contextlib.suppress(OSError):
        caller = http.client.HTTPConnection("127.0.0.1", port, timeout=patience.SECONDS)
        try:
            caller.request("GET", path)
            answer = caller.getresponse()
            return answer.status, answer.read().decode()
        finally:
            caller.close()
    return None


def children(pid):
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{name}/stat") as stat:
            if int(stat.read().rpartition(")")[2].split()[1]) == pid:
                found.append(int(name))
    return found


def all_heed_a_stop(pid):
    """Return whether two servers and the worker are there, none still waking up: such a one would not hear it."""
    masks = []
    for child in children(pid):
        with contextlib.suppress(OSError), open(f"/proc/{child}/status") as status:
            masks.append(int(re.search(r"SigCgt:\s*(\w+)", status.read())[1], 16))
    return len(masks) == 3 and all(mask >> (signal.SIGTERM - 1) & 1 for mask in masks)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_serve_answers_and_takes_its_processes_along(manage, end):
    port = free_port()
    process = manage("serve", "--port", str(port), "--workers", "2", "--with-worker")

    assert eventually(lambda: get(port, "/health/live")) == (200, json.dumps({"status": "live"}))
    assert get(port, "/health/ready") == (200, json.dumps({"status": "ready"}))
    assert get(port, "/fi/")[0] == 200  # nobody had collected the static files
    assert get(port, "/fi/account/login/")[0] == 200
    assert f"Sitemap: http://127.0.0.1:{port}/sitemap.xml" in get(port, "/robots.txt")[1]
    around = children(process.pid)
    assert len(around) >= 3
    process.send_signal(end)
    output, _nothing = process.communicate(timeout=patience.SECONDS)

    assert process.returncode == 0
    assert [pid for pid in around if os.path.exists(f"/proc/{pid}")] == []
    assert "/health" not in output


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_forms_that_were_half_sent_keep_nobody_waiting(manage):
    port = free_port()
    head = (
        b"POST /fi/account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\nabc"
    )
    process = manage("serve", "--port", str(port), "--workers", "2")
    eventually(lambda: get(port, "/health/live"))
    with contextlib.ExitStack() as phones:
        for _n in range(6):
            phone = phones.enter_context(socket.create_connection(("127.0.0.1", port)))
            phone.sendall(head)

        answers = [get(port, "/health/live") for _n in range(6)]
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=patience.SECONDS)

    assert [status for status, _text in filter(None, answers)] == [200] * 6


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_serve_stops_at_once_when_the_terminal_interrupts_everybody(manage):
    """Ctrl-C reaches the whole group of processes, not the server alone."""
    port = free_port()
    process = manage(
        "serve", "--port", str(port), "--workers", "2", "--with-worker", process_group=0
    )
    eventually(lambda: get(port, "/health/live"))
    eventually(lambda: all_heed_a_stop(process.pid))
    around = children(process.pid)

    os.killpg(process.pid, signal.SIGINT)
    # A process that were told twice would stand still until it is killed: then it "refused".
    output, _nothing = process.communicate(timeout=patience.SECONDS)

    assert process.returncode == 0
    assert [pid for pid in around if os.path.exists(f"/proc/{pid}")] == []
    assert "begins again" not in output
    assert "refused" not in output


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_nothing_outlives_a_server_that_was_killed(manage):
    port = free_port()
    process = manage("serve", "--port", str(port), "--workers", "2", "--with-worker")
    eventually(lambda: get(port, "/health/live"))
    around = children(process.pid)
    assert len([pid for pid in around if b"\0worker\0" in command_line(pid)]) == 1
    assert len(around) >= 3

    process.kill()

    eventually(lambda: [pid for pid in around if command_line(pid)] == [])
    with socket.create_server(("127.0.0.1", port)):
        pass


def command_line(pid):
    with contextlib.suppress(OSError), open(f"/proc/{pid}/cmdline", "rb") as file:
        return file.read()
    return b""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_serve_and_its_worker_log_to_standard_error_only(manage, tmp_path):
    port = free_port()
    log = tmp_path / "log"
    with log.open("w") as written:
        process = manage("serve", "--port", str(port), "--with-worker", stderr=written)
        eventually(lambda: get(port, "/health/live") and "Started worker-1" in log.read_text())
        process.send_signal(signal.SIGTERM)
        output, _nothing = process.communicate(timeout=patience.SECONDS)

    assert output == ""
