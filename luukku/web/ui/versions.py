"""Forms that change something which somebody else may have changed while they were open."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date, time
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.utils.formats import localize
from django.utils.translation import gettext as _

from luukku.core.reading import unseen

FIELD = "version"
NOTHING: tuple[object, ...] = (None, "", [], ())


class Versioned(forms.BaseForm):
    """Carries what stood in the object's fields when the form was shown; puts nothing of others back.

    A field that only somebody else has changed keeps what they wrote. A field that both have changed is shown
    with both values, and one chooses. ``docs/decisions/0010-forms.md``.

    Attributes:
        together: names that have a sense only with each other (day, start and end), chosen as one.
        shows: fields of the object that the form's fields of the same name show.
    """

    together: tuple[tuple[str, ...], ...] = ()
    shows: tuple[str, ...] = ()
    data: Any  # ``Accessible`` makes it a copy that can be written to before it is looked at here

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        about: models.Model | None = None,
        **kwargs: Any,
    ) -> None:
        self.about: models.Model | None = about or kwargs.get("instance")
        if data is not None and self.about is not None and self.is_edit:
            _read_alone(self.about)
        if self.shows and self.about is not None:
            stands = {name: getattr(self.about, name) for name in self.shows}
            kwargs["initial"] = stands | (kwargs.get("initial") or {})
        super().__init__(data, *args, **kwargs)
        if self.is_edit:
            self.fields[FIELD] = forms.CharField(
                widget=forms.HiddenInput({"id": False}), required=False, initial=self._version
            )

    @property
    def is_edit(self) -> bool:
        """Whether the form changes something that is there already."""
        return self.about is not None and self.about.pk is not None

    def full_clean(self) -> None:
        """Leave to the views what the object is made of only."""
        super().full_clean()
        for name in [name for name in getattr(self, "cleaned_data", {}) if self._is_ours(name)]:
            del self.cleaned_data[name]

    def suggest(self, values: dict[str, Any]) -> None:
        """Show ``values`` to whoever has typed nothing yet; what stands is still what is compared."""
        if values and self.is_edit:
            self.fields[FIELD].initial = self._version()
            groups = {name: group for group in self.together for name in group}
            cleared = {other: None for name in values for other in groups.get(name, ())}
            self.initial |= cleared | values

    def conflicts(self) -> list[forms.BoundField]:
        """Return the questions which of two values stays."""
        return [self[name] for name in self.fields if name.startswith("keep_")]

    def was_changed(self, name: str, field: forms.Field) -> bool:
        """Whether something else came than was shown in ``field``, which the form has no more."""
        seen = _parsed(self.data.get(self.add_prefix(FIELD), ""))
        try:
            value = field.to_python(self.data.get(self.add_prefix(name)))
        except ValidationError:
            return True
        return name in seen and seen[name] != _mark(field, value)

    def _merge(self) -> None:
        """Put in what others have changed; ask about what both have."""
        seen = _parsed(self.data.get(self.add_prefix(FIELD), "")) if self.is_edit else {}
        asked = set(seen.pop("?", []))
        open_now = [group for group in self._groups(seen) if self._is_open(group, seen, asked)]
        if not open_now:
            return
        for group in open_now:
            key = f"keep_{group[0]}"
            self.data.pop(self.add_prefix(key), None)
            self.fields[key] = self._question(group)
        self.order_fields([f"keep_{group[0]}" for group in open_now])
        self.data[self.add_prefix(FIELD)] = self._version([group[0] for group in open_now])

    def _is_open(self, group: tuple[str, ...], seen: dict[str, Any], asked: set[str]) -> bool:
        """Return whether it has to be asked which value stays; take over theirs where it is clear."""
        now, mine = self._marks(group, self._current), self._marks(group, self._posted)
        was = {name: seen[name] for name in group}
        keeps = self.data.get(self.add_prefix(f"keep_{group[0]}"))
        is_new = now != was
        if now == mine:
            return False
        if group[0] in asked and not is_new:
            if keeps == "theirs":
                self._take_theirs(group)
            return keeps not in {"theirs", "mine"}
        if is_new and mine == was:
            self._take_theirs(group)
            return False
        return is_new

    def _groups(self, seen: dict[str, Any]) -> list[tuple[str, ...]]:
        tied = {name: group for group in self.together for name in group}
        groups = dict.fromkeys(tied.get(name, (name,)) for name in self._names())
        known = [tuple(name for name in group if name in seen) for group in groups]
        return [group for group in known if group]

    def _names(self) -> list[str]:
        return [name for name in self.fields if not self._is_ours(name)]

    @staticmethod
    def _is_ours(name: str) -> bool:
        return name == FIELD or name.startswith("keep_")

    def _version(self, asked: Iterable[str] = ()) -> str:
        marks = self._marks(self._names(), self._current)
        return json.dumps(marks | ({"?": sorted(asked)} if asked else {}), separators=(",", ":"))

    def _marks(self, names: Iterable[str], value_of: Callable[[str], object]) -> dict[str, str]:
        return {name: _mark(self.fields[name], value_of(name)) for name in names}

    def _current(self, name: str) -> object:
        return self.get_initial_for_field(self.fields[name], name)

    def _posted(self, name: str) -> object:
        field = self.fields[name]
        raw = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        try:
            return field.to_python(raw)
        except ValidationError:
            return f"unreadable {raw!r}"

    def _take_theirs(self, group: tuple[str, ...]) -> None:
        for name in group:
            for part in getattr(
                self.fields[name].widget, "beside", ()
            ):  # what was written to find mine
                self.data.pop(self.add_prefix(f"{name}_{part}"), None)
            sent = _as_sent(self.fields[name], self._current(name))
            if sent:
                self.data.setlist(self.add_prefix(name), sent)
            else:
                self.data.pop(self.add_prefix(name), None)

    def _question(self, group: tuple[str, ...]) -> forms.ChoiceField:
        labels = ", ".join(dict.fromkeys(str(self.fields[name].label) for name in group))
        field = forms.ChoiceField(
            label=_("Somebody else has changed this while you wrote: %(what)s. Which one stays?")
            % {"what": labels},
            choices=[
                ("theirs", _("Theirs: %(value)s") % {"value": self._said(group, self._current)}),
                ("mine", _("Mine: %(value)s") % {"value": self._said(group, self._posted)}),
            ],
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose which one stays. Nothing has been saved yet.")},
        )
        field.is_needed = True  # type: ignore[attr-defined]  # the order's steps ask
        return field

    def _said(self, group: tuple[str, ...], value_of: Callable[[str], object]) -> str:
        said = [_said(self.fields[name], value_of(name)) for name in group]
        return " · ".join(one for one in said if one) or _("empty")


def _read_alone(about: models.Model) -> None:
    """Bring ``about`` up to date with no other form about it between this and the end of the transaction."""
    if not connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        key = f"form {about._meta.label_lower} {about.pk}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [key])
    model = about._meta.model  # not its type: the request's own user is a lazy stand-in
    fresh = model._base_manager.filter(pk=about.pk).first()
    deferred = about.get_deferred_fields()
    with unseen():  # bringing up to date shows nothing to anybody
        for field in model._meta.concrete_fields if fresh is not None else ():
            if field.attname not in deferred:
                setattr(about, field.attname, getattr(fresh, field.attname))


def _parsed(text: str) -> dict[str, Any]:
    try:
        parsed = json.loads(text)
    except ValueError:
        return {}
    is_right = isinstance(parsed, dict) and isinstance(parsed.get("?", []), list)
    return parsed if is_right else {}


def _plain(field: forms.Field, value: object) -> object:
    """Return ``value`` in one shape, whether it stands in the object or came from a browser."""
    if callable(value):
        value = value()
    if isinstance(field, forms.BooleanField):
        return bool(value)
    if value is None or (isinstance(value, (str, list, tuple)) and value in NOTHING):
        return ""
    if isinstance(value, (list, tuple, set, models.QuerySet)):
        return sorted(str(_plain(forms.Field(), one)) for one in value)
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value).strip().replace("\r\n", "\n")


def _mark(field: forms.Field, value: object) -> str:
    return sha256(repr(_plain(field, value)).encode(errors="replace")).hexdigest()[:12]


def _as_sent(field: forms.Field, value: object) -> list[str]:
    """Return ``value`` as a browser would send it."""
    plain = _plain(field, value)
    if isinstance(plain, bool):
        return ["on"] if plain else []
    if isinstance(plain, list):
        return plain
    if isinstance(field.widget, (forms.DateInput, forms.TimeInput, forms.DateTimeInput)):
        return [field.widget.format_value(field.prepare_value(value)) or ""]
    return [str(plain)]


def _said(field: forms.Field, value: object) -> str:
    """Return ``value`` in words."""
    plain = _plain(field, value)
    if isinstance(plain, bool):
        return _("yes") if plain else _("no")
    if isinstance(field, (forms.ChoiceField, forms.ModelChoiceField)):
        wanted = plain if isinstance(plain, list) else [plain]
        choices: Any = field.choices  # pairs, whatever they were given as
        return ", ".join(
            str(label) for key, label in _flat(choices) if str(key) in wanted and key != ""
        )
    return str(localize(value)) if isinstance(value, (date, time, Decimal)) else str(plain)


def _flat(choices: Iterable[tuple[object, object]]) -> Iterable[tuple[object, object]]:
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            yield from _flat(label)
        else:
            yield key, label
