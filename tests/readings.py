"""What the access log tells, for tests: who was shown what of whom."""

from luukku.audit.models import AccessLog


def noted(reader=None):
    """Return {person: {fields}} of everything noted, of ``reader`` alone if given."""
    rows = AccessLog.objects.all()
    if reader is not None:
        rows = rows.filter(reader_id=reader.pk)
    found = {}
    for row in rows:
        for person in row.person_ids:
            found.setdefault(person, set()).update(row.what.split())
    return found
