"""Odd bytes in an address: every path converter and every parameter gives a page, 404 or 400, never a fault."""

import re
from collections import Counter

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict
from django.template import engines
from django.test import Client
from django.urls import resolve, reverse
from django.utils import translation
from django.utils.functional import cached_property

from luukku.accounts.models import User
from luukku.config.demo import DOMAIN
from luukku.config.management.commands.list_urls import rows
from tests.web.kit.forms.found import PEOPLE, signed_in, walk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _lenient_templates(monkeypatch):
    """Wagtail's templates ask for names that nobody gave."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")


ODD = {
    "int": ["99999999999999999999", "2147483648", "1" * 400],
    "slug": ["-", "a" * 3000],
    "str": ["%00", "a%00b", "%ff%fe", "%ed%a0%80", "a" * 5000, "%0a", "..%2f"],
    "path": ["%00", "a%00b.png", "images/", "images/%00", "images/%ff", "images/..%2f..%2fx", "a" * 5000,
             "images/" + "a" * 400, "documents/", ".", "images/%0a", "original_images/.."],
    "uuid": ["00000000-0000-0000-0000-000000000000"],
    "re": ["%00/", "a%00/", "%ff/", "-/", "a" * 3000 + "/"],
}  # fmt: skip
PARAMETERS = (
    "page", "q", "state", "person", "then", "task", "topic", "from", "question", "kind", "tag", "assignee",
    "late", "year", "due", "whose", "anonymous", "municipality", "theme", "week", "next", "p", "url", "id", "ids", "chooser", "lang", "x",
)  # fmt: skip
VALUES = ("%00", "a%00b", "%ff", "%ed%a0%80", "-1", "99999999999999999999", "1e400", "%F0%9F%98%80", "a" * 3000, "[]", "{", "'", "%0d%0aX:1")  # fmt: skip
PART = re.compile(r"<(\w+):\w+>")
# Who asks for what; together everything.
WHO = {
    "anonymous": {"everyone"}, "coordinator": {"coordinator"}, "orderer": {"orderer", "signed_in"},
    "expert": {"expert"}, "admin": {"admin"},
    "background": {"background", "producer"},
}  # fmt: skip
SEEN_ONCE = {
    "wagtailusers",
    "wagtailsearch_admin",
    "wagtaillocales",
    "wagtailsites",
}  # the admin's, alike


def asked_by(who):
    """Return the addresses that ``who`` asks for: open to them, and to nobody who asks before."""
    names = list(WHO)
    before = set().union(*(WHO[name] for name in names[: names.index(who)]))
    return [
        row for row in rows() if WHO[who] & set(row["roles"]) and not before & set(row["roles"])
    ]


def is_seen_once(row):
    return row["pattern"].startswith("cms/") and row["name"].split(":")[0] in SEEN_ONCE


def odd_paths(who):
    """Yield each address that ``who`` asks for with odd values in one of its parts, the others plain."""
    for row in asked_by(who):
        if is_seen_once(row):
            continue
        pattern = re.sub(r"^(en|fi|sv)/", "fi/", row["pattern"]).replace("^", "").replace("$", "")
        kinds = PART.findall(pattern)
        if "(" in pattern:
            start = pattern.split("(")[0]
            yield from (f"/{start}{odd}" for odd in ODD["re"])
            continue
        for n, kind in enumerate(kinds):
            for odd in ODD[kind]:
                values = iter([*(_plain(k) for k in kinds[:n]), odd, *map(_plain, kinds[n + 1 :])])
                yield "/" + PART.sub(lambda _match, v=values: next(v), pattern)


def _plain(kind):
    return {"int": "1", "slug": "what", "str": "x", "path": "x", "uuid": ODD["uuid"][0]}[kind]


@pytest.mark.slow
@pytest.mark.parametrize("who", WHO)
def test_odd_parts_of_an_address_are_answered_with_a_page_or_a_no(world, who):
    client, bad, n = signed_in(who), [], 0

    for path in odd_paths(who):
        for method in ("get", "post"):
            status = getattr(client, method)(path).status_code
            n += 1
            if status >= 500:
                bad.append((method, path[:120]))

    assert bad == [], "\n".join(map(str, bad))
    assert n > 20


def test_odd_parts_are_tried_in_every_address_and_of_every_kind():
    """A new room, role or kind of part is asked about here first."""
    asked = {row["pattern"] for who in WHO for row in asked_by(who)}

    left_out = [row["pattern"] for row in rows() if PART.search(row["pattern"])]
    assert set(left_out) - asked == set()
    assert {kind for pattern in left_out for kind in PART.findall(pattern)} <= ODD.keys()


@pytest.fixture(scope="module")
def written():
    """Pages of the editor that somebody has asked for with odd parameters: one view answers them all to everybody."""
    return set()


ALL = "all"


class Told(QueryDict):
    """Parameters that remember the names they were asked for; ``ALL`` by whoever takes what there is."""

    names = set()


def remembering(way, *, one):
    """Return ``way`` of ``QueryDict``, remembering the name that it was asked for if it asks for ``one``."""
    plain = getattr(QueryDict, way)

    def ask(self, *args, **kwargs):
        self.names.add(args[0] if one else ALL)
        return plain(self, *args, **kwargs)

    return ask


for way in ("__getitem__", "__contains__", "_getlist"):
    setattr(Told, way, remembering(way, one=True))
for way in ("__iter__", "keys", "values", "items", "lists", "dict", "copy", "urlencode"):
    setattr(Told, way, remembering(way, one=False))


@pytest.fixture
def asked(monkeypatch):
    """The names of the parameters that pages ask for."""
    query = cached_property(lambda request: Told(request.META.get("QUERY_STRING", "")))
    query.__set_name__(WSGIRequest, "GET")
    monkeypatch.setattr(WSGIRequest, "GET", query)
    return Told.names


def is_written(path):
    with translation.override(translation.get_language_from_path(path)):
        return resolve(path).view_name == "wagtail_serve"


@pytest.mark.slow
@pytest.mark.parametrize("who", WHO)
def test_odd_parameters_are_answered_with_a_page_or_a_no(world, written, asked, who):
    client, bad, tried = signed_in(who), [], Counter()
    shapes = {}
    for page in walk(who, most=90).pages:
        path = page.url.split("?")[0]
        if page.text and path not in written:
            shapes.setdefault(re.sub(r"\d+", "N", path), path)
    written |= {path for path in shapes.values() if is_written(path)}
    if who == "coordinator":
        names = ("wagtailadmin_choose_page", "wagtaildocs_chooser:choose", "wagtailimages_chooser:choose",
                 "wagtailadmin_explore_root", "wagtailimages:index", "wagtaildocs:index", "wagtailadmin_home",
                 "wagtailadmin_pages:search")  # fmt: skip
        shapes |= {name: reverse(name) for name in names}

    for n, url in enumerate(shapes.values()):
        asked.clear()
        client.get(url)
        # A page that asks for none of them meets them in its address alone, as every page does: one value will do.
        is_asking = {*PARAMETERS, ALL} & asked
        for value in VALUES if is_asking else [VALUES[n % len(VALUES)]]:
            tried[bool(is_asking)] += 1
            query = "&".join(f"{name}={value}" for name in PARAMETERS)
            status = client.get(f"{url}?{query}").status_code
            if status >= 500:
                bad.append((url, value[:20], status))

    assert bad == [], "\n".join(map(str, bad))
    assert tried[True] > 5 * len(VALUES)
    assert tried[False] > 3


@pytest.mark.parametrize(
    "path", ["/fi/calendar/%00.ics", "/fi/l/task/a%00b/", "/media/images/%00.png"]
)
def test_a_nul_is_refused_in_one_sentence(client, path):
    answer = client.get(path)

    assert answer.status_code in {400, 404}
    assert "Traceback" not in answer.content.decode()


def test_a_folder_of_pictures_is_no_file(client, settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    }  # fmt: skip
    (tmp_path / "images" / "deep").mkdir(parents=True)

    for path in ("images/", "images/deep", "images/deep/", "images/" + "a" * 400 + ".png"):
        assert client.get(f"/media/{path}", follow=True).status_code == 404


@pytest.mark.parametrize(
    "query",
    ["select=x", "ids=1&ids=x", "collection_id=x", "page_type=no.such", "p=x", "instance=x", "user_perms=x",
     "target_pages=x", "match_subclass=x", "select_format=x", "multiple=x", "locale=zz", "allow_external_link=1&link_url=%00"],
)  # fmt: skip
def test_wagtails_choosers_take_odd_ids_for_a_no(world, query):
    user = User.objects.get(email=f"{PEOPLE['coordinator']}@{DOMAIN}")
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    names = ["wagtailadmin_choose_page", "wagtaildocs_chooser:choose", "wagtailimages_chooser:choose",
             "wagtaildocs_chooser:chosen_multiple", "wagtailimages_chooser:chosen_multiple", "wagtailadmin_choose_page_chosen_multiple"]  # fmt: skip
    bad = []
    for name in names:
        status = client.get(f"{reverse(name)}?{query.replace('ids', 'id')}").status_code
        if status >= 500:
            bad.append((name, status))

    assert bad == []
