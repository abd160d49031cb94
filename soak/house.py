"""A house of one's own to shake: database, server and worker on loopback, in a folder that goes afterwards.

Every script of ``make soak`` lives in one, kills what it likes there, and counts what it finds with ``Tally``.
"""

import contextlib
import hashlib
import http.client
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import psutil
import psycopg

from luukku.config import postgres

ROOT = Path(__file__).resolve().parents[1]
# What a started site must not take over from whoever shakes it.
FOREIGN = ("DATABASE_URL", "DATABASE_OWNER_URL", "EMAIL_URL", "DJANGO_SETTINGS_MODULE")
MADE_FROM = ".made-from"
# Runs one line of code after the other; whatever else is printed is no answer.
LISTENS = """
import contextlib, json, sys, traceback
from django.db import connections
for line in sys.stdin:
    held = {}
    try:
        with contextlib.redirect_stdout(sys.stderr):
            exec(json.loads(line), held)
        told = json.dumps({"answer": held["answer"]})
    except Exception:
        told = json.dumps({"fault": traceback.format_exc()[-2000:]})
    connections.close_all()
    print(told, flush=True)
"""
LONGEST_SECONDS = 180  # a page may be down so long, on a busy machine


class Tally:
    """Counts what was right and what was not, saying each aloud; the last line is for ``make soak``."""

    def __init__(self) -> None:
        self.passed = self.failed = 0

    def check(self, what: str, is_right: bool, found: object = "") -> None:
        """Count one expectation."""
        self.passed += is_right
        self.failed += not is_right
        print(f"{'ok  ' if is_right else 'FAIL'} {what}{f': {found}' if found != '' else ''}")

    def end(self) -> int:
        """Say the sum; return the exit code."""
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed or not self.passed else 0


class House:
    """One site in ``folder``: ``with House() as house:`` sets it up and takes everything away afterwards."""

    def __init__(self, folder: Path | None = None, **environment: str) -> None:
        # A short path: the database's socket lies in it.
        self.folder = folder or Path(tempfile.mkdtemp(prefix="luukku-"))
        self.port = free_port()
        self.environment = {k: v for k, v in os.environ.items() if k not in FOREIGN} | {
            "LUUKKU_VAR": str(self.folder),
            "LUUKKU_BASE_URL": f"http://127.0.0.1:{self.port}",
            "SECRET_KEY": "only-while-it-is-shaken-" + "x" * 40,
            **environment,
        }
        self.server: subprocess.Popen | None = None
        self.shell: subprocess.Popen | None = None
        self.log = self.folder / "log"

    def __enter__(self) -> "House":
        """Set it up: a copy of the one that was made last, when nothing it was made from has changed since."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(
                signal.SIGTERM, lambda *_told: sys.exit(1)
            )  # takes down what it has put up
        kept, made_from = ROOT / "var" / "house", fingerprint()
        try:
            if (kept / MADE_FROM).exists() and (kept / MADE_FROM).read_text() == made_from:
                _copy(kept, self.folder)
            else:
                self.manage("prepare")
                self.manage("stop_database")
                self._keep(kept, made_from)
            postgres.start(self.folder / "pg")
        except BaseException:
            self.__exit__()
            raise
        return self

    def _keep(self, kept: Path, made_from: str) -> None:
        (self.folder / MADE_FROM).write_text(made_from)
        kept.parent.mkdir(exist_ok=True)
        half = Path(tempfile.mkdtemp(prefix="house-", dir=kept.parent))
        try:
            _copy(self.folder, half)
            shutil.rmtree(kept, ignore_errors=True)
            with contextlib.suppress(OSError):  # somebody else was faster
                half.rename(kept)
        finally:
            shutil.rmtree(half, ignore_errors=True)

    def __exit__(self, *_error: object) -> None:
        with contextlib.suppress(Exception):
            self.stop()
        self._end_shell()
        with contextlib.suppress(Exception):
            if first := self.postgres():  # at once: what it holds goes
                first.send_signal(signal.SIGQUIT)
                first.wait(timeout=60)
        shutil.rmtree(self.folder, ignore_errors=True)

    def manage(self, *arguments: str, given: str = "") -> str:
        """Return what one command of ``manage.py`` prints.

        Raises:
            RuntimeError: it failed; holds what it said.
        """
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {arguments[0]}: {done.stderr[-2000:]}")
        return done.stdout

    def python(self, code: str) -> object:
        """Run ``code`` with the models at hand; return what it put into ``answer``.

        One process runs all of it: to start takes seconds. It keeps no connection in between.

        Raises:
            RuntimeError: the code failed; holds how.
        """
        if self.shell is None or self.shell.poll() is not None:
            self.shell = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "shell", "--no-imports", "-c", LISTENS],
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        print(json.dumps(code), file=self.shell.stdin, flush=True)
        told = json.loads(self.shell.stdout.readline() or '{"fault": "it has ended"}')
        if "fault" in told:
            raise RuntimeError(told["fault"])
        return told["answer"]

    def _end_shell(self) -> None:
        if self.shell is not None:
            self.shell.communicate()  # closes what it reads from
            self.shell = None

    def load(self, spec: dict) -> dict:
        """Load people and orders; return the ids."""
        return json.loads(self.manage("load_spec", "-", given=json.dumps(spec)))

    def serve(self, *arguments: str) -> None:
        """Start server and worker, and wait until they are ready."""
        with self.log.open("a") as log:
            command = [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(self.port)]
            self.server = subprocess.Popen(
                [*command, "--with-worker", *arguments],
                env=self.environment,
                stdout=log,
                stderr=log,
                process_group=0,
            )
        self.wait_until_ready()

    def wait_until_ready(self) -> float:
        """Return after how many seconds the site answered that it is ready."""
        start = time.monotonic()
        wait_for(lambda: self.status("/health/ready") == 200, "the site is ready")
        return time.monotonic() - start

    def stop(self) -> int | None:
        """Stop server and worker as Ctrl-C does; return the server's exit code."""
        if self.server is None:
            return None
        if self.server.poll() is None:
            self.server.send_signal(signal.SIGINT)
            try:
                self.server.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
        code, self.server = self.server.returncode, None
        return code

    # -- who lives here -----------------------------------------------------------------------

    def webs(self) -> list[psutil.Process]:
        """Return the processes that answer pages."""
        return [child for child in self._children() if not _is_worker(child)]

    def workers(self) -> list[psutil.Process]:
        """Return the background workers."""
        return [child for child in self._children() if _is_worker(child)]

    def _children(self) -> list[psutil.Process]:
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self.server.pid).children()
        return []

    def postgres(self) -> psutil.Process | None:
        """Return the database's first process, or None while there is none."""
        with contextlib.suppress(OSError, ValueError, psutil.NoSuchProcess):
            first = (self.folder / "pg" / "postmaster.pid").read_text().partition("\n")[0]
            return psutil.Process(int(first))
        return None

    # -- what it says -------------------------------------------------------------------------

    def connect(self) -> psycopg.Connection:
        """Return a connection of the superuser, for looking at what is there."""
        return psycopg.connect(
            host=str(self.folder / "pg"), user="postgres", dbname="luukku", autocommit=True
        )

    def rows(self, sql: str, *params: object) -> list[tuple]:
        """Return the rows of one query."""
        with self.connect() as connection:
            return connection.execute(sql, params).fetchall()

    def status(self, path: str) -> int:
        """Return the status of a page, 0 while nobody answers."""
        try:
            return Browser(self.port).get(path).status
        except (OSError, http.client.HTTPException):
            return 0

    def mails(self) -> list[EmailMessage]:
        """Return every mail that has left."""
        found = []
        for file in sorted((self.folder / "mail").glob("*.log")):
            for text in file.read_bytes().split(b"-" * 79 + b"\n"):
                if text.strip():
                    found.append(message_from_bytes(text.lstrip(), policy=policy.default))
        return found


class Answer:
    """What a page answered."""

    def __init__(self, status: int, headers: http.client.HTTPMessage, text: str) -> None:
        self.status, self.headers, self.text = status, headers, text


class Browser:
    """Somebody at a screen: cookies are kept, nothing is followed by itself."""

    def __init__(self, port: int, *, seconds: float = 60) -> None:
        self.port, self.seconds = port, seconds
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask("GET", path)

    def post(self, path: str, fields: list[tuple[str, str]]) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Accept-Language": "en"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        caller = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)
        with contextlib.closing(caller):
            caller.request(method, path, body, headers)
            answer = caller.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, _is, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return Answer(answer.status, answer.headers, answer.read().decode())


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[list[tuple[str, str]]] = []
        self.is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self.forms.append([])
            self.is_inside = True
        elif tag in {"input", "button"} and self.is_inside and told.get("name"):
            is_choice = told.get("type") in {"radio", "checkbox"}
            is_taken = is_choice and any(told["name"] == name for name, _ in self.forms[-1])
            if not is_taken:  # of several times, the first
                self.forms[-1].append(
                    (told["name"], told.get("value") or ("on" if is_choice else ""))
                )

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False


def form_with(text: str, button: str) -> list[tuple[str, str]] | None:
    """Return the fields of the page's form that has the button named ``button``, other buttons left out."""
    parser = _Forms()
    parser.feed(text)
    buttons = set(re.findall(r"<button[^>]*\bname=\"([^\"]+)\"", text)) - {button}
    for fields in parser.forms:
        if any(name == button for name, _value in fields):
            return [(name, value) for name, value in fields if name not in buttons]
    return None


def wait_for(
    condition: Callable[[], object], what: str, *, seconds: float = LONGEST_SECONDS
) -> object:
    """Return what ``condition`` returns once that is true.

    Raises:
        TimeoutError: it has not become so.
    """
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.1)
    return found


@contextlib.contextmanager
def timed(what: str) -> Iterator[None]:
    """Say how long something took."""
    start = time.monotonic()
    yield
    print(f"     {what}: {time.monotonic() - start:.1f} s", flush=True)


def fingerprint() -> str:
    """Return what tells two states of everything that a set-up is made from apart."""
    digest = hashlib.sha256()
    files = [
        ROOT / "requirements.txt",
        *(ROOT / "luukku").rglob("*"),
        *(ROOT / "locale").rglob("*.po"),
    ]
    for path in sorted(path for path in files if path.is_file()):
        if "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def _copy(here: Path, there: Path) -> None:
    # With owners and modes: as root, the database's files belong to somebody else.
    subprocess.run(["cp", "-a", "--reflink=auto", f"{here}/.", str(there)], check=True)


def free_port() -> int:
    """Return a port that stays free until it is used: the system gives out none below 32768 by itself."""
    while True:
        port = random.randrange(20000, 32000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def _is_worker(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return "worker" in process.cmdline()
    return False
