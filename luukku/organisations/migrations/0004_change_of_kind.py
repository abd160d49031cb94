"""What an organisation is may be asked to be changed, too; changes that wait ask for what it is already."""

from django.db import migrations, models

KINDS = [
    ("county", "Wellbeing services county"),
    ("municipality", "Municipality"),
    ("school", "School or university"),
    ("ngo", "Association or foundation"),
    ("parish", "Parish"),
    ("company", "Company"),
    ("project", "Project"),
    ("other", "Other"),
]


class Migration(migrations.Migration):
    dependencies = [("organisations", "0003_change_asked")]

    operations = [
        migrations.AddField(
            "changeasked",
            "kind",
            models.CharField(choices=KINDS, default="other", max_length=20, verbose_name="kind"),
            preserve_default=False,
        ),
        migrations.RunSQL(
            "UPDATE organisations_changeasked c SET kind = o.kind"
            " FROM organisations_organisation o WHERE o.id = c.organisation_id",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            "changeasked",
            models.CheckConstraint(
                condition=models.Q(kind__in=sorted(kind for kind, _label in KINDS)),
                name="change_asked_kind",
            ),
        ),
    ]
