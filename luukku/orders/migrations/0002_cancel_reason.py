from django.db import migrations

import luukku.privacy.fields


def encrypt(apps, schema_editor):
    """Make the reasons that are there unreadable, as new ones will be."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id, cancel_reason FROM orders_order WHERE cancel_reason <> ''")
        for pk, reason in cursor.fetchall():
            hidden = luukku.privacy.fields.cipher().encrypt(reason.encode()).decode()
            cursor.execute(
                "UPDATE orders_order SET cancel_reason = %s WHERE id = %s", [hidden, pk]
            )


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(encrypt, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='order',
            name='cancel_reason',
            field=luukku.privacy.fields.EncryptedTextField(blank=True, max_length=2000),
        ),
    ]
