"""Matching never reads a sign of load: who carries much is asked as before, and decides."""

import pytest

from luukku.coping.actions import look
from luukku.coping.models import Flag, FlagKind
from luukku.matching.queries import match
from tests.factories.assignments import make_search
from tests.factories.coping import make_silent
from tests.factories.experts import make_expert

pytestmark = pytest.mark.django_db


def test_candidates_their_order_and_reasons_are_the_same_with_every_sign(at):
    watched, order = make_silent(at), make_search(at)
    make_expert(at=at)
    before = match(order, at=at)

    look(at=at)
    (sign,) = Flag.objects.filter(expert=watched)
    for kind in FlagKind:
        Flag.objects.get_or_create(
            expert=watched,
            kind=kind,
            defaults={
                "state": sign.state,
                "state_changed_at": at,
                "raised_at": at,
                "evidence": sign.evidence,
            },
        )

    assert {flag.kind for flag in Flag.objects.filter(expert=watched)} == set(FlagKind)
    assert match(order, at=at) == before
    assert watched.pk in [one.expert_id for one in before.candidates]
