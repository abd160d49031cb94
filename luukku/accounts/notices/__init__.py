"""What is said about an account, and at its door."""

from luukku.accounts.notices.account import (
    AccountChanged,
    AccountClosed,
    AccountNotice,
    AccountReopened,
    AddressAsked,
    AddressMoved,
    AddressStopped,
    Changed,
    FactorsReset,
)
from luukku.accounts.notices.sign_in import (
    AccountThere,
    AddressCode,
    NewPassword,
    NoAccount,
    OwnAct,
    SignInCode,
    SignInLetter,
)

__all__ = [
    "AccountChanged",
    "AccountClosed",
    "AccountNotice",
    "AccountReopened",
    "AccountThere",
    "AddressAsked",
    "AddressCode",
    "AddressMoved",
    "AddressStopped",
    "Changed",
    "FactorsReset",
    "NewPassword",
    "NoAccount",
    "OwnAct",
    "SignInCode",
    "SignInLetter",
]
