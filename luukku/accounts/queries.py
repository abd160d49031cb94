"""Finding people by what a caller says."""

from __future__ import annotations

import re

from django.db import models
from django.db.models import F, Func, Q, Value

from luukku.accounts.models import User
from luukku.core.ordering import in_finnish

FEWEST_DIGITS = 5  # fewer are in half of all numbers


def people_like(words: str) -> models.QuerySet[User]:
    """Return people with an open account whose name, e-mail or telephone number holds ``words``, by name.

    A number is found however it is written: "+358 40 123 45", "040-12345".
    """
    rows = User.objects.filter(is_machine=False, is_active=True)
    found = Q(name__icontains=words) | Q(email__icontains=words)
    digits = re.sub(r"\D", "", words)
    if len(digits) >= FEWEST_DIGITS:
        plain = Func(
            F("phone"), Value(r"\D"), Value(""), Value("g"),
            function="regexp_replace", output_field=models.TextField(),
        )  # fmt: skip
        rows = rows.alias(digits=plain)
        found |= Q(digits__contains=re.sub(r"^(00358|358|0)", "", digits))
    return rows.filter(found).order_by(in_finnish("name"), "pk")
