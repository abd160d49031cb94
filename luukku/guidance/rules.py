"""Who may answer questions."""

import rules

from luukku.accounts.rules import is_counter

rules.add_perm("guidance.view", is_counter)
rules.add_perm("guidance.answer", is_counter)
