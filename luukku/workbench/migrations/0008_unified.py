"""What two accounts and two organisations that became one have in common, under one set of names."""

from django.db import migrations, models

import luukku.core.encrypted


def reason(model):
    field = luukku.core.encrypted.EncryptedTextField(verbose_name="how you know that they are one")
    return migrations.AlterField(model, "reason", field)


def constraints(model, name):
    return [
        migrations.AddConstraint(
            model,
            models.UniqueConstraint(
                condition=models.Q(("taken_back_at", None)), fields=("double",), name=f"{name}_into_one_only"
            ),
        ),
        migrations.AddConstraint(
            model,
            models.CheckConstraint(
                condition=models.Q(("double", models.F("into")), _negated=True), name=f"{name}_are_two"
            ),
        ),
    ]


def taken_back(model, old):
    return [
        migrations.RemoveConstraint(model, old),
        migrations.AddConstraint(
            model,
            models.CheckConstraint(
                condition=models.Q(
                    ("taken_back_at", None), ("taken_back_at__gte", models.F("at")), _connector="OR"
                ),
                name=f"{model}_taken_back_after_it",
            ),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("workbench", "0007_by_surname")]

    operations = [
        migrations.RemoveConstraint("joined", "joined_into_one_only"),
        migrations.RemoveConstraint("joined", "joined_are_two"),
        migrations.RenameField("joined", "new", "double"),
        *constraints("joined", "joined"),
        *taken_back("joined", "joining_taken_back_after_it"),
        *taken_back("merged", "merge_taken_back_after_it"),
        migrations.RenameIndex("joined", new_name="joined_into", old_name="joined_of_organisation"),
        migrations.RenameIndex("merged", new_name="merged_into", old_name="merged_of_person"),
        reason("joined"),
        reason("merged"),
    ]
