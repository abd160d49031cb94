"""Who may use the counter's tools."""

import rules

from luukku.accounts.models import User
from luukku.accounts.rules import is_admin, is_counter, is_self, is_unclaimed
from luukku.experts.models import Expert
from luukku.workbench.models import InternalNote, Merged, SavedFilter


@rules.predicate
def is_about_oneself(user: User, merged: Merged | None) -> bool:
    """One of the two accounts is the person's own."""
    return merged is not None and user.pk in {merged.double_id, merged.into_id}


@rules.predicate
def has_profile(_user: User, other: User | None) -> bool:
    """An expert's account, or one on which the counter has begun a profile."""
    return other is not None and Expert.objects.filter(user=other).exists()


@rules.predicate
def is_owner(user: User, saved: SavedFilter | None) -> bool:
    """Saved the filter."""
    return saved is not None and saved.owner_id == user.pk


@rules.predicate
def wrote(user: User, note: InternalNote | None) -> bool:
    """Has written the note."""
    return note is not None and note.by_id == user.pk


rules.add_perm("workbench.assign", is_counter)
rules.add_perm("workbench.compare", is_counter | is_admin)
# An account in use passes to another address by an administrator alone, as ``accounts.ask_address`` has it; so does
# a profile.
rules.add_perm("workbench.merge", ~is_self & (is_counter & is_unclaimed & ~has_profile | is_admin))
rules.add_perm("workbench.part", is_counter)
rules.add_perm("workbench.export", is_counter)
rules.add_perm("workbench.remind", is_counter)
rules.add_perm("workbench.ask_candidates", is_counter)
rules.add_perm("workbench.save_filter", is_counter)
rules.add_perm("workbench.view_filter", is_counter & is_owner)
rules.add_perm("workbench.remove_filter", is_counter & is_owner)
rules.add_perm("workbench.take_back", (is_counter | is_admin) & ~is_about_oneself)
rules.add_perm("workbench.view_note", is_counter)
rules.add_perm("workbench.note", is_counter)
rules.add_perm("workbench.correct_note", is_counter & wrote)
rules.add_perm("workbench.strike_note", is_counter)
rules.add_perm("workbench.restore_note", is_counter)
