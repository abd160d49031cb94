from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("notices", "0002_in_order")]

    operations = [
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["about"], name="letter_about"),
        ),
    ]
