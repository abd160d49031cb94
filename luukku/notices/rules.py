"""Who may decide about letters. This layer knows no accounts: it asks the person in front of it."""

import rules

from luukku.core.person import Person
from luukku.notices.models import Letter


@rules.predicate
def is_reader(user: Person, reader: Person | None) -> bool:
    """The person whom the letters are for."""
    return reader is not None and user.pk == reader.pk


@rules.predicate
def serves_at_counter(user: Person) -> bool:
    """Serves at the counter."""
    return getattr(user, "is_counter", False)


@rules.predicate
def is_told(user: Person, letter: Letter | None) -> bool:
    """The person whom the letter is for."""
    return letter is not None and letter.reader_id is not None and letter.reader_id == user.pk


@rules.predicate
def is_open(user: Person, letter: Letter | None) -> bool:
    """The letter holds no code: who asks at the counter what it said may be told."""
    return letter is not None and not letter.is_secret


@rules.predicate
def is_there(_user: Person, reader: Person | None) -> bool:
    """The account of the person whom the letters are for has not been closed."""
    return reader is not None and getattr(reader, "is_active", True)


rules.add_perm("notices.view", is_told | serves_at_counter & is_open)
rules.add_perm("notices.choose", is_reader | serves_at_counter & is_there)
rules.add_perm("notices.deliver", serves_at_counter)
