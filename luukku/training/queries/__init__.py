"""What we know of programmes, runs and applications."""

from luukku.training.queries.applying import (
    ENOUGH,
    barriers_of,
    behind_place,
    has_second,
    hours_marked,
    hours_suggested,
    is_enough,
    own_application,
    programme_of,
    seconds_for,
    why_not_apply,
)
from luukku.training.queries.certificates import (
    Content,
    address_of,
    content_of,
    digest_of,
    named_issuer,
    record_of,
    record_paper,
    said_by,
    shown_rows,
    signer,
)
from luukku.training.queries.comparing import ALIKE, Comparison, comparison, core_now, holes_of
from luukku.training.queries.overlapping import Overlap, overlaps
from luukku.training.queries.producing import producers, trains_for
from luukku.training.queries.wishing import Wished, own_wish, wished

__all__ = [
    "ALIKE",
    "ENOUGH",
    "Comparison",
    "Content",
    "Overlap",
    "Wished",
    "address_of",
    "barriers_of",
    "behind_place",
    "comparison",
    "content_of",
    "core_now",
    "digest_of",
    "has_second",
    "holes_of",
    "hours_marked",
    "hours_suggested",
    "is_enough",
    "named_issuer",
    "overlaps",
    "own_application",
    "own_wish",
    "producers",
    "programme_of",
    "record_of",
    "record_paper",
    "said_by",
    "seconds_for",
    "shown_rows",
    "signer",
    "trains_for",
    "why_not_apply",
    "wished",
]
