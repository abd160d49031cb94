"""The tick of an agreed payment becomes an answer of three: who had ticked it has agreed."""

from django.db import migrations, models

FORWARDS = """
ALTER TABLE orders_order ALTER COLUMN is_payment_agreed TYPE varchar(10) USING CASE
    WHEN is_payment_agreed THEN 'agreed'
    WHEN state IN ('draft', 'cancelled') THEN ''
    ELSE 'open'
END;
ALTER TABLE orders_order RENAME COLUMN is_payment_agreed TO payment;
"""
BACKWARDS = """
ALTER TABLE orders_order RENAME COLUMN payment TO is_payment_agreed;
ALTER TABLE orders_order ALTER COLUMN is_payment_agreed TYPE boolean USING is_payment_agreed = 'agreed';
"""


class Migration(migrations.Migration):

    dependencies = [
        ("orders", "0007_guest_days"),
    ]

    operations = [
        migrations.RunSQL(
            FORWARDS,
            BACKWARDS,
            state_operations=[
                migrations.RenameField("order", "is_payment_agreed", "payment"),
                migrations.AlterField(
                    "order",
                    "payment",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agreed", "Agreed and budgeted"),
                            ("open", "Still finding out"),
                            ("help", "Help is needed with the payment"),
                        ],
                        max_length=10,
                        verbose_name="has it been agreed who pays",
                    ),
                ),
            ],
        ),
    ]
