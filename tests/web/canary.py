"""A word of its own in every field that a model declares as personal, and which of them an answer holds.

``Planted`` walks the models, so that a new personal field gets its words by itself. A word's place is called
``"<whose> <model>.<field>"``, as the table of ``test_seen`` names it.
"""

import itertools
import re
from fnmatch import fnmatchcase

from django.apps import apps
from django.db import IntegrityError, models, transaction

from luukku.accounts.models import User
from luukku.experts.models import Experience
from luukku.notices.models import Letter
from luukku.orders.models import Order
from luukku.taxonomy.models import Theme

# What cannot hold a word of its own, and why it need not.
NO_WORD = {
    "user.language": "one of three",
    "expert.monthly_limit": "a small number",
    "expert.is_paused": "yes or no",
    "membership.role": "one of three",
    "accesslog.reader_id": "a number; whose own page shows it is told below",
    "accesslog.person_ids": "numbers",
    "accesslog.records": "numbers",
    "question.hurry_on": "a day",
    "application.barriers": "some of seven",
    "application.stop_reason": "one of a few",
    "paper.pdf": "a file; what it says stands in the certificate",
    "trainingwish.kinds": "some of a few",
    "trainingwish.barriers": "some of seven",
    "connectiontest.meeting_url": "the order’s link as it was when it was tried; the order’s has a word of its own",
    "lecturefeedback.words": "who reads which: tests/web/orderer/test_lectures",
    "readiness.works": "some of seven",
    "readiness.helps": "some of seven",
    "readiness.kinds": "some of a few",
    "trainingwish.mode": "one of three",
    "trainingwish.municipality": "one of the region's",
    "yearlytalk.held_on": "a day",
    "yearlytalk.next_by": "a day",
    "invitation.invited_at": "an instant",
    "certificate.words": "what its number opens; the name in it has a word of its own",
    "cardday.expert_ids": "numbers",
    "letter.link": "an address that works; each is opened instead",
    "flag.expert": "an expert, whose name has a word of its own",
    "undo.rows": "what stood there before an act, for an hour at most; no page reads it",
    "merged.reason": "tests/workbench/test_merging and tests/web/counter/test_merging",
    "revision.values": "what an order’s own fields held, in JSON: tests/orders/test_history and counter/test_details",
    "timequestion.words": "opened by the letter’s link and the orderer’s: tests/web/public/test_time_link",
    "joined.reason": "tests/workbench/test_joining and tests/web/counter/test_same",
    "savedfilter.name": "one's own: tests/workbench/test_saving",
    "savedfilter.query": "one's own: tests/workbench/test_saving",
    "attendance.presence": "one of three",
    "signup.guest_mark": "a keyed mark",
    "answer.words": "who reads which: tests/web/counter/events/test_people",
    "letter.calendar": "made anew from the task; each is read instead",
}
# Longer than what a random token of a page could hold by chance.
WORD = re.compile(r"qx[a-z0-9]{5,}?zz|\b[78]\d{6}\b")
# Where all themes and municipalities may be chosen, their names tell of nobody.
CHOICES = re.compile(r"<(select|fieldset|label|datalist)\b.*?</\1>", re.S)


class Planted:
    """The words of one world: ``places`` tells where each stands."""

    def __init__(self, people):
        self.key_of = {user.pk: key for key, user in people.items()}
        self.places, self.chosen = {}, set()
        self._number = itertools.count(1)
        for model in apps.get_models():
            for name in getattr(model, "personal", {}):
                if f"{model._meta.model_name}.{name}" not in NO_WORD:
                    self._plant(model, model._meta.get_field(name))

    def _plant(self, model, field):
        for row in model._default_manager.order_by("pk"):
            whose = self._whose(row)
            kind = model._meta.model_name
            if model is Experience:
                kind = "shown" if row.is_shown else "hidden"
            word = f"qxword{next(self._number):05}zz"
            value = getattr(row, field.attname)
            if model is User and not value:
                continue  # somebody without an e-mail is served by phone
            found = WORD.findall(str(value).lower())
            if model is not Letter and len(found) == 1 and not field.is_relation:
                word = found[0]  # letters hold it already
            elif not self._write(row, field, word):
                continue
            elif field.name == "phone":
                word = phone_of(word)
            self.places[word] = f"{whose} {kind}.{field.name}"
            if field.is_relation:
                self.chosen.add(word)

    def _write(self, row, field, word):
        """Put ``word`` where the database lets it stand; an empty field may have to stay so."""
        value = getattr(row, field.attname)
        if field.is_relation:
            if isinstance(row, Experience):
                row.pk = None  # one more of the kind: the first one keeps the theme that orders ask about
                row.theme = named(row.theme, word)
                row.save()
                return True
            new = named(getattr(row, field.name), word).pk if value else None
        elif isinstance(field, models.EmailField):
            new = f"{word}@example.test"
        elif field.name == "phone":
            new = f"+358 50 {phone_of(word)}"
        elif isinstance(getattr(field, "base_field", None), models.CharField):
            new = [word]
        elif not isinstance(field, models.CharField | models.TextField):
            return False
        elif field.name == "came_from":
            new = f"/fi/{word}/"
        elif field.name.endswith("url"):
            new = f"https://{word}.example.test"
        elif isinstance(row, Letter):
            new = f"{value}\n{word}"
        else:
            new = word
        try:
            with transaction.atomic():
                return bool(
                    new and type(row)._base_manager.filter(pk=row.pk).update(**{field.name: new})
                )
        except IntegrityError:
            return False

    def _whose(self, row):
        """Return whom ``row`` tells of; of orders and questions, which one it is."""
        if isinstance(row, Order):
            return row.title.split()[-1]
        for name in ("order", "assignment", "question"):
            if getattr(row, f"{name}_id", None) and not hasattr(row, "given_by_id"):
                return self._whose(getattr(row, name))
        if row._meta.model_name == "question":
            return f"question{row.pk}" if row.asked_by_id is None else self._nth(row)
        for name in ("given_by", "expert", "sign_up"):
            if getattr(row, f"{name}_id", None):
                return self._whose(getattr(row, name))
        if row._meta.model_name == "threadmessage":  # who wrote it
            return self._whose(row.by)
        user = (
            row
            if isinstance(row, User)
            else next(
                (one for n in ("user", "reader", "person") if (one := getattr(row, n, None))), None
            )
        )
        return self.key_of.get(user.pk, "spec") if user else "guest"

    def _nth(self, question):
        earlier = type(question).objects.filter(asked_by=question.asked_by_id, pk__lte=question.pk)
        return f"{self.key_of[question.asked_by_id]}{earlier.count()}"

    def seen_in(self, text):
        """Return the places whose words stand in ``text``."""
        text = text.replace("\r\n ", "").lower()
        found = set(WORD.findall(text))
        if found & self.chosen:
            found -= self.chosen - set(WORD.findall(CHOICES.sub("", text)))
        return {self.places[word] for word in found if word in self.places}


def phone_of(word):
    return f"8{word[-7:-2]:0>6}"


def named(like, word):
    """Return one more theme or municipality, called ``word``; a theme below the one that orders ask about."""
    made = type(like).objects.get(pk=like.pk)
    made.pk, made._state.adding = None, True
    if isinstance(made, Theme):
        made.parent = Theme.objects.get(code="depression")
    made.code = f"x{word[-4:-2]}" if made._meta.pk.name == "code" else word
    made.name_fi = made.name_sv = made.name_en = word
    made.save(force_insert=True)
    return made


def fitting(places, patterns):
    """Return the places that one of ``patterns``, parted by white space and commas, fits."""
    wanted = [
        one.strip() for line in patterns.splitlines() for one in line.split(",") if one.strip()
    ]
    return {place for place in places if any(_fits(place, one) for one in wanted)}


def _fits(place, pattern):
    who, what = pattern.split(" ", 1)
    whose, field = place.split(" ", 1)
    return any(fnmatchcase(whose, w) for w in who.split("|")) and any(
        fnmatchcase(field, w) for w in what.split("|")
    )
