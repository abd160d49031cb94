"""A view fetches what its reader may see: each model that says who sees it is asked through ``visible_to``."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "luukku/web"
GUARDED = {
    model.__name__
    for model in apps.get_models()
    if hasattr(getattr(model, "objects", None), "visible_to")
}


# QuerySet methods that part by the reader's own standing, or hold what is open to everybody.
BUILT_ON = {
    "visible_to",
    "held_by",
    "led_by",
    "answered_for",
    "of",
    "asked_by",
    "anonymous",
    "numbered",
    "open_calls",
    "open_to_all",
    "training",
    "vetted",
    "none",
    "machine",
    "lower",
}
# Files that ask otherwise, and why they may.
OTHERWISE = {
    "counter/figures.py": "counts alone, which hide small cells",
    "parts/orders/begun.py": "the address holds the number under which the order was begun, which nobody guesses",
    "public/guest_orders.py": "a draft of nobody with an account is the browser's that began it",
}


def past_visible_to(source: str) -> list[tuple[int, str]]:
    """Return (line, model) of each place where ``source`` asks a guarded model past ``visible_to``."""
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Name) and node.id in GUARDED):
            continue
        above = parents.get(node)
        if isinstance(above, ast.Call) and name_of(above.func) == "get_object_or_404":
            found.append((node.lineno, node.id))
        if not (isinstance(above, ast.Attribute) and above.attr == "objects"):
            continue
        asked, last = chain(above, parents)
        if hangs_on_outer(last):
            continue
        if not asked & BUILT_ON and not is_fetched(last, parents):
            found.append((node.lineno, node.id))
    return found


def chain(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> tuple[set[str], ast.AST]:
    """Return what is called one after the other from ``node`` on, and the expression that comes of it."""
    asked = set()
    while (above := parents[node]) and (
        isinstance(above, ast.Attribute) or (isinstance(above, ast.Call) and above.func is node)
    ):
        asked |= {above.attr} if isinstance(above, ast.Attribute) else set()
        node = above
    return asked, node


def hangs_on_outer(rows: ast.AST) -> bool:
    """Return whether ``rows`` are those of the row of another query: whoever sees that one is asked there."""
    calls = (node for node in ast.walk(rows) if isinstance(node, ast.Call))
    return any(name_of(one.func) == "OuterRef" for one in calls)


def is_fetched(rows: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Return whether ``fetch`` looks in ``rows``, straight or by their name in the same function."""
    above = parents[rows]
    if isinstance(above, ast.Call):
        return name_of(above.func) == "fetch"
    if not isinstance(above, ast.Assign):
        return False
    names = {name_of(target) for target in above.targets}
    while not isinstance(above, ast.FunctionDef | ast.Module):
        above = parents[above]
    calls = (node for node in ast.walk(above) if isinstance(node, ast.Call) and node.args)
    return any(name_of(one.func) == "fetch" and name_of(one.args[0]) in names for one in calls)


def name_of(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize(
    ("source", "is_past"),
    [
        ("def f(): return get_object_or_404(Order, pk=1)", True),
        ("def f(): return Order.objects.filter(pk=1).first()", True),
        ("def f(): return Order.objects.select_related('a').get(pk=1)", True),
        ("def f(): rows = Order.objects.all(); return list(rows)", True),
        ("def f(u): return fetch(Order, 1, for_=u)", False),
        ("def f(u): return fetch(Order.objects.select_related('a'), 1, for_=u)", False),
        ("def f(u): rows = Order.objects.all(); return fetch(rows, 1, for_=u)", False),
        ("def f(u): return Order.objects.visible_to(u).filter(pk=1)", False),
        ("def f(u): return g(Order.objects.filter(pk=OuterRef('order')))", False),
        ("def f(u): return g(Order.objects.filter(pk='order'))", True),
        ("def f(): return Municipality.objects.all()", False),
    ],
)
def test_way_past_visible_to_is_seen(source, is_past):
    assert bool(past_visible_to(source)) == is_past


@pytest.mark.parametrize("file", sorted(WEB.rglob("*.py")), ids=lambda f: str(f.relative_to(WEB)))
def test_views_fetch_what_their_reader_may_see(file):
    found = past_visible_to(file.read_text())

    if str(file.relative_to(WEB)) in OTHERWISE:
        assert found, f"{file.relative_to(ROOT)} asks as others do: take it out of OTHERWISE."
        return
    assert found == [], "\n".join(
        f"{file.relative_to(ROOT)}:{line}: write fetch({model}, pk, for_=request.user) for one row,"
        f" {model}.objects.visible_to(request.user) for many; what anybody may see is a method of"
        f" {model}QuerySet, named in BUILT_ON here."
        for line, model in found
    )
