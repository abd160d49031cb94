"""The house in two sizes: databases filled by copying rows with SQL, and what a page takes in each of them.

``bench/counter`` and ``bench/events`` stand on this. Two databases are made on the embedded server, the small one
filled by the caller, the large one copied out of it. The two are measured in turn, page by page, by the CPU of
Python and of the database, which stay about the same when others use the machine. A core that works for others takes
longer for the same: beside each request a loop is timed that does always the same, and what the page took is told again
as it were where the loop takes as long as in its quietest moment. Ratios are of those. The loop walks through some
megabytes of objects and puts texts together, as a page does: one that only counts does not feel that others empty the
caches. "Calls" are how many thousand functions Python calls for a page: they do not hang on the machine at all.
"""

import argparse
import cProfile
import io
import os
import pstats
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "luukku.config.settings.dev"
os.environ["LUUKKU_LOG_LEVEL"] = "ERROR"
os.environ["LUUKKU_DEMO"] = "1"

import psycopg  # noqa: E402 -- the path and the settings come first

from luukku.config.postgres import start  # noqa: E402 -- the path and the settings come first

SERVER = os.environ.get("DATABASE_URL") or start(
    Path(os.environ.get("LUUKKU_VAR", ROOT / "var")).resolve() / "pg"
)
if "/postgres?" not in SERVER:
    sys.exit("This bench runs on the embedded server: unset DATABASE_URL.")
os.environ["DATABASE_URL"] = SERVER.replace("/postgres?", "/luukku_bench?")


def admin(sql: str) -> None:
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(sql)


def there(name: str) -> bool:
    with psycopg.connect(SERVER) as connection:
        return bool(
            connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchall()
        )


def make(name: str, like: str) -> None:
    drop(name)
    admin(f"CREATE DATABASE {name} TEMPLATE {like} ENCODING 'UTF8' LOCALE 'C.UTF-8'")


def drop(name: str) -> None:
    admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


import django  # noqa: E402 -- the path and the settings come first

django.setup()

from django.conf import settings  # noqa: E402 -- the path and the settings come first
from django.core.management import call_command  # noqa: E402 -- the path and the settings come first
from django.db import connection  # noqa: E402 -- the path and the settings come first
from django.test import Client  # noqa: E402 -- the path and the settings come first
from django.utils.timezone import now  # noqa: E402, F401 -- benches use it

from luukku.accounts.models import User  # noqa: E402 -- the path and the settings come first

settings.ALLOWED_HOSTS = ["*"]
settings.DEBUG = False
A_PIECE = 12  # requests measured together: the database's clock ticks in 10 ms
OBJECTS, STEPS = 60_000, 2_500  # of the loop: some megabytes, and some two milliseconds
Pages = dict[str, tuple[Client, str]]


# People are not copies: nine of ten copies of a person have another surname, all another number. So a surname of the
# demo world is borne by about one in five hundred people of the nation, and no longer by one in fifty.
STEMS = (
    "Aho Anti Eske Haapa Halo Harju Hieta Honka Huhta Huusko Ikä Jauho Joki Juntu Jäntti Kaja Kanka Karvi Kata Kemppi"
    " Kinnu Koivu Koski Kuisma Kulma Kuusi Kytö Laati Lammi Lappa Lehti Leino Liima Luoma Lähde Maja Martti Metsä Mylly"
    " Mänty Nieme Nissi Nurmi Oja Paana Pelto Pesu Piiri Pirtti Puro Pyykkö Raja Ranta Rauha Remes Rinta Ruoho Räsä"
    " Saari Salo Savo Seppä Siira Sormu Suokko Särki Taka Tammi"
    " Tolva Turu Ukko Utri Vaara Vesi Viita Vuori"
)
ENDINGS = "nen la mäki niemi järvi ranta lahti korpi"
ANOTHER_NAME = f"""CASE WHEN (t.id + k) % 10 = 0 OR t.name !~ ' ' THEN t.name ELSE split_part(t.name, ' ', 1) || ' ' ||
    ('{{{STEMS.replace(" ", ",")}}}'::text[])[1 + (t.id * 7 + k * 13) % {len(STEMS.split())}] ||
    ('{{{ENDINGS.replace(" ", ",")}}}'::text[])[1 + (t.id + k / 7) % {len(ENDINGS.split())}] END"""
ANOTHER_NUMBER = (
    "CASE WHEN t.phone = '' THEN '' ELSE '04' || (t.id + k) % 6 || ' ' ||"
    " lpad(((t.id * 7919 + k * 104729) % 10000000)::text, 7, '0') END"
)


def sql(text: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(text, values or None)
        return cursor.fetchall() if cursor.description else []


# A copy of a region lies elsewhere, its towns beside each other as in the first: each town's third neighbour in the
# order of counties for the first copy, its sixth for the second.
TOWNS = "(SELECT array_agg(code ORDER BY county_id, code) FROM taxonomy_municipality WHERE valid_to IS NULL)"
ANOTHER_TOWN = f"""(SELECT coalesce(towns[1 + (array_position(towns, t.{{name}}) - 1 + 3 * k) % cardinality(towns)],
    t.{{name}}) FROM (SELECT {TOWNS} towns) all_towns)"""


def columns_of(
    table: str, tables: set[str], step: int, *, elsewhere: bool = False
) -> list[tuple[str, str]]:
    """Return each column and what a copy has in it."""
    refers = dict(
        sql(
            "SELECT a.attname, f.relname FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid"
            " JOIN pg_class f ON f.oid = c.confrelid JOIN pg_attribute a ON a.attrelid = r.oid"
            " AND a.attnum = c.conkey[1]"
            " WHERE c.contype = 'f' AND r.relname = %s",
            table,
        )
    )
    unique = {
        name
        for (name,) in sql(
            "SELECT a.attname FROM pg_index i JOIN pg_class r ON r.oid = i.indrelid"
            " JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = ANY(i.indkey)"
            " JOIN pg_type t ON t.oid = a.atttypid"
            " WHERE i.indisunique AND t.typname IN ('varchar', 'text', 'uuid') AND r.relname = %s",
            table,
        )
    }
    found = []
    for (name,) in sql(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attgenerated = ''",
        table,
    ):
        what = f't."{name}"'
        if (name == "id" and table in tables) or refers.get(name) in tables:
            what = f"t.{name} + k * {step}::bigint"
        elif elsewhere and refers.get(name) == "taxonomy_municipality":
            what = ANOTHER_TOWN.format(name=name)
        elif (table, name) == ("accounts_user", "name"):
            what = ANOTHER_NAME
        elif (table, name) == ("accounts_user", "phone"):
            what = ANOTHER_NUMBER
        elif name == "is_machine":
            what = "false"
        elif name in {"code_mark", "business_id"}:
            what = "NULL" if name == "code_mark" else "''"
        elif name in {"email", "code_name", "key", "message_id", "begun"} and name in unique:
            new = (
                "gen_random_uuid()"
                if name == "begun"
                else f"left(k * {step}::bigint || '.' || t.{name}, 190)"
            )
            what = f"CASE WHEN t.{name} IS NULL THEN NULL ELSE {new} END"
        found.append((f'"{name}"', what))
    return found


def copy(
    tables: list[str],
    upto: int,
    *,
    step: int,
    only: Callable[[str], str] = lambda _table: "",
    elsewhere: bool = False,
) -> None:
    """Add ``upto`` copies of each row.

    Args:
        step: between the keys of a row and of its next copy; keys of copies of copies stay apart where it is larger
            than all of them.
        only: which rows ``t`` of a table are copied, as SQL.
        elsewhere: whether the copies live and are held in other towns, which lie as near each other as the first ones.
    """
    known = set(tables)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table in tables:
            pairs = columns_of(table, known, step, elsewhere=elsewhere)
            names, whats = (", ".join(part) for part in zip(*pairs, strict=True))
            where = only(table)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {whats} FROM {table} t, generate_series(1, {upto}) k {where}"
            )
        cursor.execute("SET session_replication_role = DEFAULT")


def use(name: str) -> None:
    """Let the site stand on another database from now on."""
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.settings_dict["OPTIONS"] |= {"options": "-c max_parallel_workers_per_gather=0"}


def server_cpu() -> float:
    """Return the milliseconds of CPU that this connection has taken of the database; it has no parallel workers."""
    ((pid,),) = sql("SELECT pg_backend_pid()")
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") * 1000


def begin(name: str) -> None:
    """Make an empty house with the demo in it."""
    make(name, "template0")
    use(name)
    call_command("migrate", verbosity=0)
    call_command("load_reference", stdout=io.StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_demo", stdout=sys.stderr)


def grow(small: str, large: str) -> None:
    """Copy the small house, and use the copy."""
    use(small)
    connection.close()
    make(large, small)
    use(large)


def kept(*names: str) -> bool:
    """Whether the houses are there from an earlier run; then they follow the migrations."""
    if not all(map(there, names)):
        return False
    for name in names:
        use(name)
        call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    return True


def sign_in(email: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(email=email), "django.contrib.auth.backends.ModelBackend")
    return client


def ask(client: Client, url: str) -> None:
    response = client.get(url)
    if response.status_code != 200:
        sys.exit(f"{url}: {response.status_code}")


def count_queries(client: Client, url: str) -> int:
    asked = []

    def count(execute, statement, params, many, context):
        asked.append(statement)
        return execute(statement, params, many, context)

    with connection.execute_wrapper(count):
        ask(client, url)
    return len(asked)


HEAP = [{"key": n, "text": f"text {n}", "row": (n, n + 1)} for n in range(OBJECTS)]


def loop() -> float:
    """Return the milliseconds of CPU that always the same takes now."""
    began, at, texts = time.process_time(), 0, []
    for n in range(STEPS):
        one = HEAP[at]
        texts.append("{} {}".format(one["text"], str(one["row"][1] + n)))
        at = (at * 31 + 7919) % OBJECTS
    "".join(texts).replace("<", "&lt;")
    return (time.process_time() - began) * 1000


def quietest(client: Client, url: str) -> float:
    """Return what the loop takes beside a page in its quietest moment: a page has put its objects out of the caches."""
    taken = []
    for _n in range(100):
        ask(client, url)
        taken.append(loop())
    return min(taken)


def count_calls(client: Client, url: str) -> int:
    """Return how many functions Python calls for a page."""
    profile = cProfile.Profile()
    profile.runcall(ask, client, url)
    return pstats.Stats(profile).total_calls  # type: ignore[attr-defined]


@dataclass
class Piece:
    """The milliseconds of CPU that a request takes of Python and of the database, and how much slower all is now."""

    python: float
    quiet: float  # Python's, each request's by the loop beside it
    server: float
    slower: float


def piece(client: Client, url: str, quiet: float) -> Piece:
    """Return what a request takes: Python's is the quickest one's, the database's the mean."""
    server, python, slower = server_cpu(), [], []
    before = loop()
    for _n in range(A_PIECE):
        began = time.process_time()
        ask(client, url)
        python.append((time.process_time() - began) * 1000)
        after = loop()
        slower.append(max(1.0, (before + after) / 2 / quiet))
        before = after
    calm = statistics.median(one / by for one, by in zip(python, slower, strict=True))
    return Piece(min(python), calm, (server_cpu() - server) / A_PIECE, statistics.mean(slower))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Let a bench be asked for fewer rounds or pages, and to keep its databases."""
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="")
    parser.add_argument("--keep", action="store_true")


def measure(
    small: str,
    large: str,
    asked: argparse.Namespace,
    *,
    pages: Callable[[], Pages],
    size: Callable[[], str],
    heads: tuple[str, str],
) -> None:
    """Print what each of the ``pages`` takes in both databases, and the ratio; drop them unless they are kept."""
    only = [part for part in asked.only.split(",") if part]
    told_sizes, found = {}, {}
    for name in (small, large):
        use(name)
        told_sizes[name] = size()
        found[name] = pages()
    print(
        f"{heads[0]}: {told_sizes[small]}; {heads[1]}: {told_sizes[large]}; load {os.getloadavg()[0]:.1f}"
    )
    use(small)
    quietest_loop = quietest(*next(iter(found[small].values())))
    print(f"The loop: {quietest_loop:.2f} ms in its quietest moment.")
    print('"At" tells how many times that it took beside the page.')
    first, second = heads
    print(
        f"| Page | Queries | Thousand calls | {first}, CPU ms (Python + database) | if quiet"
        f" | {second} | if quiet | Ratio |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for page in found[small]:
        if only and not any(part in page for part in only):
            continue
        queries, calls, taken = {}, {}, {small: [], large: []}
        for _n in range(asked.rounds):
            for name in (small, large):
                use(name)
                client, url = found[name][page]
                ask(client, url)
                queries[name] = count_queries(client, url)
                calls[name] = round(count_calls(client, url) / 1000)
                taken[name].append(piece(client, url, quietest_loop))
        told = []
        for name in (small, large):
            pieces = taken[name]
            python, quiet = min(one.python for one in pieces), min(one.quiet for one in pieces)
            server = statistics.median(one.server for one in pieces)
            quiet_server = statistics.median(one.server / one.slower for one in pieces)
            slower = statistics.mean(one.slower for one in pieces)
            both = f"{python + server:.1f} ({python:.1f} + {server:.1f})"
            quiet_both = f"{quiet + quiet_server:.1f} ({quiet:.1f} + {quiet_server:.1f})"
            told.append((quiet + quiet_server, f"{both} at {slower:.2f} | {quiet_both}"))
        same, called = (
            " → ".join(dict.fromkeys(str(of[name]) for name in (small, large)))
            for of in (queries, calls)
        )
        ratio = told[1][0] / told[0][0]
        print(
            f"| {page} | {same} | {called} | {told[0][1]} | {told[1][1]} | {ratio:.2f} |",
            flush=True,
        )
    if not asked.keep:
        connection.close()
        drop(large)
        drop(small)
