"""Lines for help at once."""

import tomllib
from pathlib import Path

from luukku.guidance.models import HelpLine

LINES = Path(__file__).resolve().parents[1] / "data" / "help_lines.toml"


def load_help_lines() -> int:
    """Make the shipped lines that are missing; what the counter has changed stays. Return how many are shipped."""
    rows = tomllib.loads(LINES.read_text(encoding="utf-8"))["line"]
    for position, row in enumerate(rows):
        names, says = row.pop("name"), row.pop("says")
        for column, language in enumerate(("fi", "sv", "en")):
            row[f"name_{language}"], row[f"says_{language}"] = names[column], says[column]
        HelpLine.objects.get_or_create(
            code=row.pop("code"), defaults=row | {"position": position * 10}
        )
    return len(rows)
