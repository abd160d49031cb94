"""Building the derived table from nothing; day by day the database's triggers keep it."""

from django.db import connection, transaction


def rebuild_supply() -> int:
    """Make ``Supply`` anew from the profiles, also to let tasks older than a year drop out of the load.

    Returns how many rows it has.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT matching_rebuild()")
        return cursor.fetchone()[0]
