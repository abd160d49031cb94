"""The chain seals as the owner of its tables, so that the application needs no right to change them.

Nobody else may hang these functions on a table of their own.
"""

from django.db import migrations

FUNCTIONS = ("audit_ask_for_seal", "audit_seal")


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_seal_last")]
    operations = [
        migrations.RunSQL(
            [
                f"ALTER FUNCTION {name}() SECURITY DEFINER SET search_path = public, pg_temp;"
                f"REVOKE EXECUTE ON FUNCTION {name}() FROM PUBLIC"
                for name in FUNCTIONS
            ],
            [
                f"ALTER FUNCTION {name}() SECURITY INVOKER RESET search_path;"
                f"GRANT EXECUTE ON FUNCTION {name}() TO PUBLIC"
                for name in FUNCTIONS
            ],
        )
    ]
