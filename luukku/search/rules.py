"""Who may find what, and who sees to what was not found."""

import rules

from luukku.accounts.models import User
from luukku.accounts.rules import is_counter
from luukku.organisations.queries import is_vetted_orderer


@rules.predicate
def orders_for_vetted(user: User) -> bool:
    """Orders for an organisation that the counter has checked."""
    return bool(user.is_authenticated) and is_vetted_orderer(user)


rules.add_perm("search.find_experts", is_counter | orders_for_vetted)
rules.add_perm("search.view_themes_of_calls", is_counter)
rules.add_perm("search.handle_miss", is_counter)
rules.add_perm("search.read_widely", is_counter)
rules.add_perm("search.ask_wider", orders_for_vetted & ~is_counter)
rules.add_perm("search.view_wide_readings", is_counter)
rules.add_perm("search.see_wide_reading", is_counter)
