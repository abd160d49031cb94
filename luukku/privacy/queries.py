"""What a person has said yes to."""

from collections.abc import Iterable

from luukku.core.person import Person
from luukku.notices.models import Channel
from luukku.privacy.models import TEXT_VERSION, Consent, Purpose


def has_consent(person: Person, purpose: Purpose) -> bool:
    """Return whether ``person`` says yes to ``purpose`` now."""
    return Consent.objects.valid().filter(person=person, purpose=purpose).exists()


def who_says_yes_to(purpose: Purpose, people: Iterable[int]) -> set[int]:
    """Return those of ``people``, by their keys, who say yes to ``purpose`` now."""
    yes = Consent.objects.valid().filter(purpose=purpose, person__in=list(people))
    return set(yes.values_list("person", flat=True))


def channel_of_extras(person: Person) -> Channel:
    """Return how what no task needs reaches an expert: by mail only with their yes to e-mail, else on the desk."""
    return Channel.MAIL if has_consent(person, Purpose.EMAIL) else Channel.DESK


def consents_of(person: Person) -> set[str]:
    """Return the purposes that ``person`` says yes to now."""
    return set(Consent.objects.valid().filter(person=person).values_list("purpose", flat=True))


def has_outdated_consents(person: Person) -> bool:
    """Return whether ``person`` has said yes to words that have changed since."""
    return Consent.objects.valid().filter(person=person).exclude(text_version=TEXT_VERSION).exists()
