"""Who may decide about letters. This layer knows no accounts: it asks the person in front of it."""

import rules

from luukku.core.person import Person


@rules.predicate
def is_reader(user: Person, reader: Person | None) -> bool:
    """The person whom the letters are for."""
    return reader is not None and user.pk == reader.pk


@rules.predicate
def serves_at_counter(user: Person) -> bool:
    """Serves at the counter."""
    return getattr(user, "is_counter", False)


rules.add_perm("notices.choose", is_reader | serves_at_counter)
rules.add_perm("notices.deliver", serves_at_counter)
