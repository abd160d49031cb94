"""What the counter searches by: parts of names, titles, addresses and numbers, each by an index."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

from luukku.core.ordering import FROM, LETTERS

# Tables of other apps: accounts_user, experts_expert, orders_order, organisations_organisation


def folded(column):
    """The SQL that ``core.ordering.folded`` makes."""
    plain = f"translate(lower({column}), '{FROM}', '{LETTERS}')"
    return f"regexp_replace({plain}, '[[:space:][:punct:]]+', '', 'g')"


INDEXES = {
    "user_name_parts": ("accounts_user", folded("name")),
    "user_email_parts": ("accounts_user", "upper(email::text)"),
    "user_phone_parts": ("accounts_user", r"regexp_replace(phone, '\D', '', 'g')"),
    "order_title_parts": ("orders_order", folded("title")),
    "organisation_name_parts": ("organisations_organisation", folded("name")),
    "expert_code_name_parts": ("experts_expert", folded("code_name")),
}


class Migration(migrations.Migration):

    dependencies = [
        ("workbench", "0003_saved_filters"),
        ("accounts", "0006_inquiry"),
        ("orders", "0015_editable"),
        ("organisations", "0005_refused_because"),
        ("experts", "0004_editable"),
    ]

    operations = [
        TrigramExtension(),
        *(
            migrations.RunSQL(
                f"CREATE INDEX {name} ON {table} USING gin (({what}) gin_trgm_ops)",
                f"DROP INDEX {name}",
            )
            for name, (table, what) in INDEXES.items()
        ),
    ]
