"""A lock installs exactly what it says, whatever is released tomorrow.

The locks are installed without resolving, so they must hold everything themselves: each release exactly, with
its hashes, all that those releases ask for with the extras used, and all that the code imports.
"""

import ast
import re
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = {"run": "requirements.txt", "dev": "requirements-dev.txt"}
# What else may be imported where: tests and benches stand on both locks.
CODE = {"run": ["luukku"], "dev": ["luukku", "tests", "bench", "bin", "soak"]}


def entries(name):
    """Return the lock's lines as (requirement, hashes)."""
    text = (ROOT / LOCKS[name]).read_text().replace("\\\n", " ")
    rows = [
        line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    return [
        (
            Requirement(row.split("--hash=")[0].strip()),
            re.findall(r"--hash=sha256:([0-9a-f]{64})", row),
        )
        for row in rows
    ]


def locked(*names):
    """Return name → extras of all that the locks hold for this Python."""
    return {
        canonicalize_name(req.name): req.extras
        for name in names
        for req, _hashes in entries(name)
        if req.marker is None or req.marker.evaluate()
    }


def asked_for(held):
    """Yield (who asks, what is asked) for every held release and the extras it is held with."""
    for name, extras in held.items():
        for row in metadata.requires(name) or ():
            req = Requirement(row)
            for extra in ("", *extras):
                if req.marker is None or req.marker.evaluate(
                    {**default_environment(), "extra": extra}
                ):
                    yield name, req
                    break


def imported(folders):
    """Return the top-level modules that files in the folders import, our own and Python's left out."""
    found = set()
    for folder in folders:
        for file in (ROOT / folder).rglob("*"):
            is_python = file.suffix == ".py" or (
                file.is_file()
                and not file.suffix
                and file.read_bytes().startswith(b"#!/usr/bin/env python")
            )
            if not is_python:
                continue
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Import):
                    found |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                    found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"luukku", "tests", "bench", "bin", "soak"}


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_each_release_exactly_with_its_hashes_and_no_address(name):
    rows = entries(name)

    assert [str(r) for r, _h in rows if [s.operator for s in r.specifier] != ["=="]] == []
    assert [str(r) for r, hashes in rows if not hashes] == []
    assert [str(r) for r, _h in rows if r.url] == []
    assert (
        re.findall(
            r"(?i)\b(?:https?|file|git)\S*://\S+|^--\S+", (ROOT / LOCKS[name]).read_text(), re.M
        )
        == []
    )


@pytest.mark.parametrize("names", [("run",), ("run", "dev")], ids="+".join)
def test_lock_holds_all_that_its_releases_ask_for_with_their_extras(names):
    held = locked(*names)

    missing = [
        f"{who} asks for {what}"
        for who, what in asked_for(held)
        if not set(what.extras) <= held.get(canonicalize_name(what.name), {None})
    ]
    missing += [
        f"{who} asks for {what}"
        for who, what in asked_for(held)
        if canonicalize_name(what.name) not in held
    ]

    assert missing == []


@pytest.mark.parametrize("names", [("run",), ("run", "dev")], ids="+".join)
def test_lock_holds_the_wishes_it_was_made_from(names):
    held = locked(*names)
    wishes = [
        Requirement(line)
        for name in names
        for line in (ROOT / LOCKS[name]).with_suffix(".in").read_text().splitlines()
        if line.strip() and not line.startswith(("#", "-c"))
    ]

    assert [
        str(w)
        for w in wishes
        if not w.extras <= set(held.get(canonicalize_name(w.name), ()))
        or canonicalize_name(w.name) not in held
    ] == []


@pytest.mark.parametrize(
    ("names", "folders"), [(("run",), CODE["run"]), (("run", "dev"), CODE["dev"])]
)
def test_lock_holds_all_that_the_code_imports(names, folders):
    held = set(locked(*names))
    homes = metadata.packages_distributions()

    missing = {
        module
        for module in imported(folders)
        if not {canonicalize_name(name) for name in homes.get(module, ())} & held
    }

    assert missing == set()


def test_installed_releases_are_the_locked_ones():
    wrong = {
        str(req): metadata.version(req.name)
        for name in LOCKS
        for req, _hashes in entries(name)
        if (req.marker is None or req.marker.evaluate())
        and not req.specifier.contains(metadata.version(req.name))
    }

    assert wrong == {}


def test_locks_agree_where_they_share_a_release():
    run = {canonicalize_name(req.name): str(req.specifier) for req, _hashes in entries("run")}

    assert {
        str(req)
        for req, _hashes in entries("dev")
        if run.get(canonicalize_name(req.name), str(req.specifier)) != str(req.specifier)
    } == set()
