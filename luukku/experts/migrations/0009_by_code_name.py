"""Experts in the order of their code names: whoever knows a theme is found by walking it, not by sorting all."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("experts", "0008_runs")]

    operations = [
        migrations.AddIndex(
            model_name='expert',
            index=models.Index(models.Func(django.db.models.functions.text.Lower(models.F('code_name')), models.Value('ÅåǺǻÄäÆæÖöØøÕõŐőŒœÁáÀàÂâÃãĀāĂăĄąÇçĆćČčÐðĐđĎďÉéÈèÊêËëĒēĖėĘęĚěĞğĢģÍíÌìÎîÏïĪīĮįİıĶķŁłĻļĽľÑñŃńŅņŇňŊŋÓóÒòÔôŌōŘřŚśŠšŞşȘșŤťŢţŦŧȚțÚúÙùÛûŪūŮůŲųÝýÜüŰűŸÿŹźŻżŽžƷʒ'), models.Value('{{{{||||}}}}}}}}}}aaaaaaaaaaaaaaccccccddddddeeeeeeeeeeeeeeeeggggiiiiiiiiiiiiiikkllllllnnnnnnnnnnoooooooorrssssssssttttttttuuuuuuuuuuuuyyyyyyyyzzzzzzzz'), function='translate', output_field=models.TextField()), models.F('id'), name='expert_by_code_name'),
        ),
    ]
