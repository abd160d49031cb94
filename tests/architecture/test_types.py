"""Types are looked at: one error more than an app may have is red, and an open page counts on nobody signed in."""

import inspect
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import get_resolver

from luukku.config.management.commands.list_urls import access_of, walk

ROOT = Path(__file__).resolve().parents[2]
FAULT = 'length_minutes: int = "an hour"\n'


@pytest.fixture
def check(tmp_path):
    def check(**errors):
        (tmp_path / "pyproject.toml").write_text(
            '[tool.mypy]\nfiles = ["luukku"]\n[tool.luukku.types]\nweb = 1\n'
        )
        for app, count in errors.items():
            room = tmp_path / "luukku" / app
            room.mkdir(parents=True, exist_ok=True)
            (room / "__init__.py").touch()
            (room / "models.py").write_text(FAULT * count)
        return subprocess.run(
            [sys.executable, ROOT / "bin/check_types", tmp_path], capture_output=True, text=True
        )

    return check


def test_an_error_in_a_domain_app_is_red_and_named_by_file_and_line(check):
    done = check(orders=1, web=1)

    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "luukku/orders/models.py:1: Incompatible types in assignment "
        '(expression has type "str", variable has type "int") [assignment]',
        "orders: 1 error of type where 0 are allowed: mend what has been added.",
    ]


def test_as_many_as_are_allowed_are_green_and_fewer_ask_for_the_lower_number(check):
    as_many, fewer = check(orders=0, web=1), check(orders=0, web=0)

    assert (as_many.returncode, as_many.stdout) == (0, "")
    assert fewer.returncode == 0
    assert fewer.stdout == "web: 0 errors of type where 1 are allowed: write 0 in pyproject.toml.\n"


def test_what_cannot_be_looked_at_is_red(check, tmp_path):
    check(orders=0)
    (tmp_path / "luukku/orders/states.py").write_text("def :\n")

    assert check(orders=0).returncode == 1


def test_no_page_that_is_open_to_everyone_takes_the_request_of_somebody_signed_in():
    found = [
        f"{view.__module__}.{view.__name__} is open: let it take an HttpRequest and ask is_signed_in"
        for _address, _name, pattern in walk(get_resolver().url_patterns)
        if (access := access_of(pattern)) and access.is_open
        for view in [inspect.unwrap(pattern.callback)]
        if "HttpRequest" not in str(inspect.get_annotations(view).get("request", "HttpRequest"))
    ]

    assert found == []
