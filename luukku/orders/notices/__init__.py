"""What is said to people about an order. Subjects carry the order's number, never its theme."""

from luukku.orders.notices.changes import (
    AboutChange,
    ChangeAnswered,
    ChangeReceived,
    ContactChanged,
)
from luukku.orders.notices.guests import GuestAsked
from luukku.orders.notices.order import (
    OrderAccepted,
    OrderCancelled,
    OrderDeclined,
    OrderNotFound,
    OrderNotice,
    OrderReceived,
    OrderReopened,
    OrderSearching,
    OrderStaffed,
)
from luukku.orders.notices.series import (
    OrdersAccepted,
    OrdersCancelled,
    OrdersDeclined,
    OrdersNotFound,
    OrdersNotice,
    OrdersReceived,
    OrdersSearching,
)
from luukku.orders.notices.times import TimeAnswered, TimeAsked, TimesStay, answer_path
from luukku.orders.notices.words import cancelled_lines, matter, number_of, order_of

__all__ = [
    "AboutChange",
    "ChangeAnswered",
    "ChangeReceived",
    "ContactChanged",
    "GuestAsked",
    "OrderAccepted",
    "OrderCancelled",
    "OrderDeclined",
    "OrderNotFound",
    "OrderNotice",
    "OrderReceived",
    "OrderReopened",
    "OrderSearching",
    "OrderStaffed",
    "OrdersAccepted",
    "OrdersCancelled",
    "OrdersDeclined",
    "OrdersNotFound",
    "OrdersNotice",
    "OrdersReceived",
    "OrdersSearching",
    "TimeAnswered",
    "TimeAsked",
    "TimesStay",
    "answer_path",
    "cancelled_lines",
    "matter",
    "number_of",
    "order_of",
]
