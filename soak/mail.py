"""Shake the outbox: a mail server that is closed, silent, hangs up, and workers killed over it.

Run: ``python -m soak.mail``. The last line is ``N passed, N failed``.
"""

import json
import socket
import sys
import threading
import time
from collections import Counter
from email import message_from_bytes

from soak.house import House, Tally, free_port, wait_for

LETTERS = 30
WRITE = """
from datetime import timedelta
from django.utils import timezone
from luukku.accounts.models import User
from luukku.accounts.notices import AccountReopened
from luukku.notices.actions import tell
from luukku.notices.models import Letter
at = timezone.now()
for n in range({count}):
    user = User.objects.create_user(f"{word}-{{n}}@example.test", name=f"{word} {{n}}")
    tell(AccountReopened(user, at), to=user, at=at)
answer = list(Letter.objects.filter(reader__email__startswith="{word}-").values_list("message_id", flat=True))
"""


class Post:
    """A mail server on loopback that does as ``mood`` says: taking, silent, before, after."""

    def __init__(self) -> None:
        self.port, self.mood, self.taken, self.seen = free_port(), "taking", [], []
        self.server: socket.socket | None = None

    def open(self) -> None:
        """Take calls."""
        self.server = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._serve, args=(self.server,), daemon=True).start()

    def close(self) -> None:
        """Take none."""
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()

    def _serve(self, server: socket.socket) -> None:
        while True:
            try:
                call, _address = server.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(call,), daemon=True).start()

    def _talk(self, call: socket.socket) -> None:
        mood = self.mood
        if mood == "silent":
            time.sleep(600)
        with call, call.makefile("rwb") as line:

            def say(words: bytes) -> None:
                line.write(words + b"\r\n")
                line.flush()

            try:
                say(b"220 here")
                while word := line.readline().strip().upper():
                    if word == b"QUIT":
                        return say(b"221 bye")
                    if word != b"DATA":
                        say(b"250 ok")
                        continue
                    if mood == "before":
                        return None
                    say(b"354 go on")
                    letter = b""
                    while (text := line.readline()) not in (b".\r\n", b""):
                        letter += text
                    name = message_from_bytes(letter)["Message-ID"]
                    self.seen.append(name)
                    if mood == "after":
                        return None
                    say(b"250 taken")
                    self.taken.append(name)
            except OSError:
                return None


def unsent(house: House) -> int:
    """Return how many letters wait."""
    return house.rows("SELECT count(*) FROM notices_letter WHERE sent_at IS NULL")[0][0]


def on_paper(house: House) -> int:
    """Return how many letters the counter would have to tell."""
    return house.rows("SELECT count(*) FROM notices_letter WHERE channel = 'paper'")[0][0]


def done(house: House) -> int:
    """Return how much work beside the mail has been done."""
    return house.rows(
        "SELECT count(*) FROM django_tasks_database_dbtaskresult"
        " WHERE queue_name = 'default' AND status = 'SUCCESSFUL'"
    )[0][0]


def write(house: House, word: str) -> set[str]:
    """Write letters; return their Message-IDs."""
    return set(house.python(WRITE.format(count=LETTERS, word=word)))


def shake(house: House, post: Post, tally: Tally) -> None:
    """Do to the outbox what mail servers do."""
    house.serve()
    names = write(house, "closed")
    time.sleep(5)
    tally.check("a closed server loses and spoils nothing", unsent(house) == LETTERS)

    post.mood = "silent"
    post.open()
    names |= write(house, "silent")
    time.sleep(5)
    start = time.monotonic()
    status = house.status("/fi/account/login/")
    seconds = time.monotonic() - start
    tally.check("pages answer while the server keeps silent", status == 200 and seconds < 10)
    before = done(house)
    house.python("from luukku.workflow.models import Turn\nTurn.objects.all().delete()\nanswer = 1")
    wait_for(lambda: done(house) > before, "other work is done while the server keeps silent")
    tally.check("other work goes on while the server keeps silent", True)

    for worker in house.workers():
        worker.kill()
    for mood in ("before", "after"):
        post.mood = mood
        names |= write(house, mood)
        time.sleep(20)
    tally.check("a server that hangs up makes no paper", on_paper(house) == 0)

    post.mood = "taking"
    for _n in range(3):
        time.sleep(2)
        for worker in house.workers():
            worker.kill()
    wait_for(lambda: unsent(house) == 0, "everything leaves")
    tally.check("everything leaves, under its own name", set(post.taken) == names, len(post.taken))
    tally.check("no other name was ever used", set(post.seen) <= names)

    twice = write(house, "many")
    printed = []
    commands = [
        threading.Thread(target=lambda: printed.append(json.loads(house.manage("send_outbox"))))
        for _n in range(3)
    ]
    for command in commands:
        command.start()
    for command in commands:
        command.join()
    wait_for(lambda: unsent(house) == 0, "everything leaves")
    often = Counter(name for name in post.taken if name in twice)
    tally.check("several workers at once send each once", set(often.values()) == {1}, len(often))


def main() -> int:
    """Shake, and count."""
    tally, post = Tally(), Post()
    with House(EMAIL_URL=f"smtp://127.0.0.1:{post.port}") as house:
        shake(house, post, tally)
    return tally.end()


if __name__ == "__main__":
    sys.exit(main())
