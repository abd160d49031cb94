"""When an order begins, kept with it by the database: lists and the queue find what comes first by an index."""

from django.db import migrations, models

BEGINS = """
(SELECT t.starts_at FROM orders_ordertime t WHERE t.order_id = o.id ORDER BY t.is_settled DESC, t.starts_at LIMIT 1)
"""
KEEP = f"""
CREATE FUNCTION orders_keep_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    UPDATE orders_order o SET begins_at = {BEGINS}
    WHERE o.id = OLD.order_id AND o.begins_at IS DISTINCT FROM {BEGINS};
  END IF;
  IF TG_OP <> 'DELETE' THEN
    UPDATE orders_order o SET begins_at = {BEGINS}
    WHERE o.id = NEW.order_id AND o.begins_at IS DISTINCT FROM {BEGINS};
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER keep_begins AFTER INSERT OR UPDATE OR DELETE ON orders_ordertime
FOR EACH ROW EXECUTE FUNCTION orders_keep_begins();
"""
# An order in somebody's hands may be older than its times: what is saved with it changes nothing.
HOLD = """
CREATE FUNCTION orders_hold_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.begins_at := NULL;
  ELSE
    NEW.begins_at := OLD.begins_at;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER hold_begins BEFORE INSERT OR UPDATE OF begins_at ON orders_order
FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION orders_hold_begins();
"""


class Migration(migrations.Migration):

    dependencies = [("orders", "0021_further_kind")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="begins_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunSQL(f"UPDATE orders_order o SET begins_at = {BEGINS}", migrations.RunSQL.noop),
        migrations.RunSQL(KEEP, "DROP FUNCTION orders_keep_begins CASCADE"),
        migrations.RunSQL(HOLD, "DROP FUNCTION orders_hold_begins CASCADE"),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["begins_at", "id"], name="order_by_begins"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(
                    ("state__in", ["accepted", "done", "draft", "searching", "sent", "staffed"])
                ),
                fields=["begins_at", "id"],
                name="order_open_by_begins",
            ),
        ),
    ]
