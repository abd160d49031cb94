"""Who may change the shared vocabulary."""

import rules

from luukku.accounts.rules import is_counter

rules.add_perm("taxonomy.switch", is_counter)
rules.add_perm("taxonomy.mark_heavy", is_counter)
rules.add_perm("taxonomy.add_synonym", is_counter)
