"""What the counter searches questions by: the asker's name, address and number, and tags, each by an index."""

from django.db import migrations

from luukku.core.ordering import FROM, LETTERS

# A table of another app: guidance_question

PLAIN = f"translate(lower(name), '{FROM}', '{LETTERS}')"
TRIGRAMS = {
    "question_name_parts": f"regexp_replace({PLAIN}, '[[:space:][:punct:]]+', '', 'g')",
    "question_email_parts": "upper(email::text)",
    "question_phone_parts": r"regexp_replace(phone, '\D', '', 'g')",
}
INDEXES = {
    **{name: f"(({what}) gin_trgm_ops)" for name, what in TRIGRAMS.items()},
    "question_tags": "(tags)",
}


class Migration(migrations.Migration):

    dependencies = [("workbench", "0008_unified"), ("guidance", "0008_hurry")]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX {name} ON guidance_question USING gin {what}", f"DROP INDEX {name}"
        )
        for name, what in INDEXES.items()
    ]
