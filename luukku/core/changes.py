"""Tables whose changes are counted, for whoever keeps something made of them (``docs/decisions/0007``)."""

from enum import StrEnum

from django.db.migrations import RunSQL

NOTE = """
CREATE OR REPLACE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION workflow_note_change('{topic}')
"""
FORGET = "DROP TRIGGER note_change ON {table}"


class Topic(StrEnum):
    """What pages are made of, each under the name that the triggers of its tables note."""

    CALLS = "calls"
    CONTENT = "content"
    DEVICES = "devices"
    EVENTS = "events"
    TAXONOMY = "taxonomy"


def track_changes(topic: str, *tables: str) -> list[RunSQL]:
    """Return the operations after which every write to ``tables`` makes a new token of ``topic``."""
    return [
        RunSQL(NOTE.format(table=table, topic=topic), FORGET.format(table=table))
        for table in tables
    ]


def untrack_changes(*tables: str) -> list[RunSQL]:
    """Return the operations after which writes to ``tables`` make no token any more."""
    return [RunSQL(FORGET.format(table=table), RunSQL.noop) for table in tables]
