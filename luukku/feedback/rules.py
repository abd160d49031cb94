"""Who may give and read feedback."""

import rules

from luukku.accounts.rules import is_counter
from luukku.assignments.rules import has_ordered, is_assigned
from luukku.orders.rules import is_own as is_own_order

rules.add_perm("feedback.give_as_expert", is_assigned)
rules.add_perm("feedback.give_as_orderer", has_ordered)
rules.add_perm("feedback.read", is_counter)
rules.add_perm("feedback.tell_what_changed", is_own_order)
rules.add_perm("feedback.ask_debrief", is_assigned | has_ordered)
rules.add_perm("feedback.hold_debrief", is_counter)
rules.add_perm("feedback.drop_debrief", is_counter)
