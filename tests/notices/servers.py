"""Mail servers that misbehave: real sockets on this machine."""

import socket
import threading
from contextlib import contextmanager


@contextmanager
def silent_server():
    """Take every call and never say a word; give the port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@contextmanager
def dropping_server(when):
    """Hang up ``when`` the client says so ("DATA", or "." for after the whole letter); give port and what came."""
    came = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=(server, when, came), daemon=True).start()
        yield server.getsockname()[1], came


def _serve(server, when, came):
    while True:
        try:
            call, _address = server.accept()
        except OSError:
            return
        with call, call.makefile("rwb") as line:
            _talk(line, when, came)


def _talk(line, when, came):
    def say(words):
        line.write(words + b"\r\n")
        line.flush()

    say(b"220 here")
    is_letter = False
    while words := line.readline():
        word = words.strip().upper()
        if is_letter:
            came.append(words)
            if word != b".":
                continue
            if when == ".":
                return
            is_letter = False
            say(b"250 taken")
        elif word == when.encode():
            return
        elif word == b"DATA":
            is_letter = True
            say(b"354 go on")
        elif word == b"QUIT":
            say(b"221 bye")
            return
        else:
            say(b"250 ok")
