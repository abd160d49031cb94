from django.db import migrations, models

# Once a transaction and topic. What set_config notes is forgotten at its end, and when it goes back to a
# savepoint together with the row. Rows that another transaction is taking away are left to it.
FUNCTION = """
CREATE FUNCTION workflow_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    noted text := 'luukku.noted_' || TG_ARGV[0];
    mine uuid := gen_random_uuid();
BEGIN
    IF current_setting(noted, true) = 'yes' THEN
        RETURN NULL;
    END IF;
    INSERT INTO workflow_change (token, topic) VALUES (mine, TG_ARGV[0]);
    DELETE FROM workflow_change WHERE token IN (
        SELECT token FROM workflow_change WHERE topic = TG_ARGV[0] AND token <> mine FOR UPDATE SKIP LOCKED
    );
    PERFORM set_config(noted, 'yes', true);
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0003_cache_table")]
    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("token", models.UUIDField(primary_key=True, serialize=False)),
                ("topic", models.CharField(max_length=20)),
            ],
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION workflow_note_change()"),
    ]
