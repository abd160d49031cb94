"""What kind of personal data a field holds, why, and for how long: said beside the field itself."""

from dataclasses import dataclass
from enum import StrEnum


class DataClass(StrEnum):
    """How much care a field asks for."""

    ORDINARY = "ordinary"
    CONTACT = "contact"
    SPECIAL = "special"  # GDPR Article 9: health, life situation, support needs


@dataclass(frozen=True)
class Personal:
    """One field's declaration.

    Attributes:
        data_class: how much care it asks for.
        purpose: what it is for, in a few words.
        keep: how long, in words of the register (the periods themselves are the region's decision).
    """

    data_class: DataClass
    purpose: str
    keep: str = "while the account lives"
