"""How often one may try to sign in: no stranger, however persistent, shuts the owner out.

Tries are counted for the pair of address and name, for the address, and for the name at large: the last
is more than one address can use up. On a device where the owner has signed in before, only that device's
own tries count.
"""

from dataclasses import dataclass

from django.http import HttpRequest

from luukku.web.kit.limits import HOUR, address_of, is_too_often
from luukku.web.parts.account.sign_in.devices import known_device
from luukku.workflow.actions import uncount_try


@dataclass(frozen=True)
class Rates:
    """How many tries an hour; those of a pair within ``pair_seconds``."""

    pair: int
    pair_seconds: int
    address: int
    name: int
    device: int


PASSWORDS = Rates(pair=5, pair_seconds=300, address=100, name=200, device=20)
LETTERS = Rates(pair=6, pair_seconds=HOUR, address=60, name=30, device=6)


class Tries:
    """The tries of one kind (``password``, ``code``, ``reset``, ``signup``) for one name."""

    def __init__(self, request: HttpRequest, kind: str, name: str, rates: Rates) -> None:
        name, address = name.strip().lower(), address_of(request)
        if device := known_device(request, name):
            self.counts = [(f"{kind}:device:{device}:{name}", rates.device, HOUR)]
        else:
            self.counts = [
                (f"{kind}:pair:{address}:{name}", rates.pair, rates.pair_seconds),
                (f"{kind}:address:{address}", rates.address, HOUR),
                (f"{kind}:name:{name}", rates.name, HOUR),
            ]

    def are_too_many(self) -> bool:
        """Count one more; whoever has had their share is not counted among the others."""
        return any(
            is_too_often(what, most=most, seconds=seconds) for what, most, seconds in self.counts
        )

    def forgive(self) -> None:
        """Take the last one back: it was right."""
        for what, _most, _seconds in self.counts:
            uncount_try(what)
