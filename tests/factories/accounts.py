"""People, named after who they are. Every call makes a new one unless it says otherwise.

make_person()                        # somebody with an account and no role
make_person(email="")                # somebody whom the counter serves by phone and paper
make_coordinator()                   # serves at the counter
make_steering(), make_admin()        # sits in the steering group; looks after accounts
show_who_is_there(client)            # the browser's session counts as a fresh sign-in
"""

import time
from itertools import count

from django.test import Client

from luukku.accounts.models import Role, User

PASSWORD = "koivunlehti-ja-kanerva"  # of everybody who signs in by password in tests
_number = count(1)


def make_person(name: str = "", *, email: str | None = None, password: str = "", **fields) -> User:
    """Somebody with an account; ``email=""`` for one without, ``password`` when a browser signs in."""
    n = next(_number)
    address = f"person{n}@example.test" if email is None else email
    return User.objects.create_user(
        address, password or None, name=name or f"Ihminen {n}", **fields
    )


def make_coordinator(name: str = "Kaisa Koordinaattori", **fields) -> User:
    """Somebody who serves at the counter."""
    return make_person(name, roles=[Role.COORDINATOR], **fields)


def make_steering(name: str = "Sirpa Ohjausryhmästä", **fields) -> User:
    """Somebody who sits in the steering group."""
    return make_person(name, roles=[Role.STEERING], **fields)


def make_admin(name: str = "Antti Ylläpitäjä", **fields) -> User:
    """Somebody who looks after accounts."""
    return make_person(name, roles=[Role.ADMIN], **fields)


def show_who_is_there(client: Client, *, seconds_ago: int = 0) -> Client:
    """Let ``client``, signed in, have shown so long ago who is there."""
    session = client.session
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() - seconds_ago, "reauthenticated": True}
    ]
    session.save()
    return client
