"""Who sent an order without an account."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from luukku.core.personal import DataClass, Personal
from luukku.orders.models.order import Order
from luukku.orders.models.series import Every

LINK_AGE = timedelta(days=7)  # of the link that confirms an order without an account


class GuestSender(models.Model):
    """Who sends an order without an account, until the link in the e-mail has been confirmed."""

    # None: asked again with another sender. It stays while its link opens what else waits for the address.
    order = models.OneToOneField(Order, null=True, on_delete=models.CASCADE, related_name="guest")
    name = models.CharField(_("your name"), max_length=120)
    email = models.EmailField(_("your e-mail"))
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    organisation_name = models.CharField(_("organisation"), max_length=150)
    organisation_kind = models.CharField(_("kind of organisation"), max_length=20)
    language = models.CharField(max_length=2, default="fi")
    # The further days that the sender chose for an order that repeats; made into orders once confirmed.
    days = ArrayField(models.DateField(), default=list, size=12)
    every = models.CharField(max_length=10, choices=Every, blank=True)
    is_one_expert = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    # False where the address had its letters for the day: a link that it got before leads here.
    has_letter = models.BooleanField(default=True)
    confirmed_at = models.DateTimeField(null=True)

    whose = ""  # somebody without an account
    personal = {
        "name": Personal(
            DataClass.CONTACT, "confirming an order", "30 days, or becomes an account"
        ),
        "email": Personal(
            DataClass.CONTACT, "confirming an order", "30 days, or becomes an account"
        ),
        "phone": Personal(
            DataClass.CONTACT, "confirming an order", "30 days, or becomes an account"
        ),
    }

    def __str__(self) -> str:
        return f"guest of order {self.order_id}"
