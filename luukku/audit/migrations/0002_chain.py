"""The chain: rows cannot be changed, and at commit each gets its place and hash.

The trigger is deferred to the end of the transaction, so the chain's head is the last lock that
anybody takes, and only for the moment of the commit.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_text(e audit_auditevent) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT convert_to(concat_ws('|', (extract(epoch from e.at) * 1000000)::bigint, e.act,
    coalesce(e.actor_id::text, '-'), coalesce(e.on_behalf_of_id::text, '-'), e.object_type, e.object_id,
    e.data::text), 'UTF8')
$$;

CREATE FUNCTION audit_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  head audit_chainhead;
  event audit_auditevent;
BEGIN
  SELECT * INTO event FROM audit_auditevent WHERE id = NEW.id;
  IF event.id IS NULL OR event.place IS NOT NULL THEN
    RETURN NULL;
  END IF;
  INSERT INTO audit_chainhead (id, place, hash) VALUES (1, 0, '') ON CONFLICT DO NOTHING;
  SELECT * INTO head FROM audit_chainhead WHERE id = 1 FOR UPDATE;
  UPDATE audit_auditevent SET place = head.place + 1, hash = sha256(head.hash || audit_text(event))
    WHERE id = event.id RETURNING * INTO event;
  UPDATE audit_chainhead SET place = event.place, hash = event.hash WHERE id = 1;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER audit_seal AFTER INSERT ON audit_auditevent
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_seal();

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit rows cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_auditevent
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_auditevent
  FOR EACH ROW WHEN (OLD.place IS NOT NULL OR
    (OLD.at, OLD.act, OLD.actor_id, OLD.on_behalf_of_id, OLD.object_type, OLD.object_id, OLD.data) IS DISTINCT FROM
    (NEW.at, NEW.act, NEW.actor_id, NEW.on_behalf_of_id, NEW.object_type, NEW.object_id, NEW.data))
  EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_access_no_change BEFORE UPDATE OR DELETE ON audit_accesslog
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
"""
BACKWARD = """
DROP TRIGGER audit_access_no_change ON audit_accesslog;
DROP TRIGGER audit_event_no_update ON audit_auditevent;
DROP TRIGGER audit_event_no_delete ON audit_auditevent;
DROP TRIGGER audit_seal ON audit_auditevent;
DROP FUNCTION audit_refuse();
DROP FUNCTION audit_seal();
DROP FUNCTION audit_text(audit_auditevent);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
