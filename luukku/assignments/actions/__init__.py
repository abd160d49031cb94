"""Everything that changes offers and agreed tasks."""

from luukku.assignments.actions.again import accept_after_all
from luukku.assignments.actions.agreed import (
    cancel,
    change_contact,
    change_link,
    change_time,
    finish,
    new_calendar_key,
)
from luukku.assignments.actions.booking import accept
from luukku.assignments.actions.common import (
    REMIND_BEFORE,
    AlreadyBooked,
    NoSeatLeft,
    NotInBank,
    OfferedAlready,
    TimeNeeded,
    TooLate,
)
from luukku.assignments.actions.offers import (
    decline,
    expire,
    expire_overdue,
    propose,
    sign_up,
    withdraw,
)
from luukku.assignments.actions.searching import (
    NAMED_ANSWER_TIME,
    OrdersOpen,
    TasksAhead,
    cancel_order,
    close_account,
    end_organisation,
    erase_profile,
    give_up,
    leave_bank,
    open_search,
    search_again,
)

__all__ = [
    "NAMED_ANSWER_TIME",
    "REMIND_BEFORE",
    "AlreadyBooked",
    "NoSeatLeft",
    "NotInBank",
    "OfferedAlready",
    "OrdersOpen",
    "TasksAhead",
    "TimeNeeded",
    "TooLate",
    "accept",
    "accept_after_all",
    "cancel",
    "cancel_order",
    "change_contact",
    "change_link",
    "change_time",
    "close_account",
    "decline",
    "end_organisation",
    "erase_profile",
    "expire",
    "expire_overdue",
    "finish",
    "give_up",
    "leave_bank",
    "new_calendar_key",
    "open_search",
    "propose",
    "search_again",
    "sign_up",
    "withdraw",
]
