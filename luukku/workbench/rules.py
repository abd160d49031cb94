"""Who may use the counter's tools."""

import rules

from luukku.accounts.rules import is_counter, is_self

rules.add_perm("workbench.assign", is_counter)
rules.add_perm("workbench.merge", is_counter & ~is_self)
rules.add_perm("workbench.export", is_counter)
rules.add_perm("workbench.save_filter", is_counter)
