"""Everything that changes an organisation: registered, checked, changed, and who stands for it."""

from luukku.organisations.actions.changing import AskedAnew, accept_change, edit, refuse_change
from luukku.organisations.actions.checking import NotJoined, end, join, part, refuse, reopen, vet
from luukku.organisations.actions.members import add_member, add_unit, name_contact, remove_member
from luukku.organisations.actions.registering import (
    ROLE_OF,
    SECTOR_OF,
    MayBeSame,
    register,
    take_caller,
)

__all__ = [
    "ROLE_OF",
    "SECTOR_OF",
    "AskedAnew",
    "MayBeSame",
    "NotJoined",
    "accept_change",
    "add_member",
    "add_unit",
    "edit",
    "end",
    "join",
    "name_contact",
    "part",
    "refuse",
    "refuse_change",
    "register",
    "remove_member",
    "reopen",
    "take_caller",
    "vet",
]
