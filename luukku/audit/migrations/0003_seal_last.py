"""The chain, final form: the seal is the last thing a transaction does, and only the chain seals.

Why each part is as it is: ``docs/decisions/0003-audit-chain.md``.
"""

from django.db import migrations

DROP_OLD = """
DROP TRIGGER audit_access_no_change ON audit_accesslog;
DROP TRIGGER audit_event_no_update ON audit_auditevent;
DROP TRIGGER audit_event_no_delete ON audit_auditevent;
DROP TRIGGER audit_seal ON audit_auditevent;
"""
FUNCTIONS = """
-- What the hash is taken of. An array in jsonb has one spelling only: no two rows share a text.
CREATE OR REPLACE FUNCTION audit_text(e audit_auditevent) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT convert_to(jsonb_build_array((extract(epoch FROM e.at) * 1000000)::bigint, e.act, e.actor_id,
    e.on_behalf_of_id, e.object_type, e.object_id, e.data)::text, 'UTF8')
$$;

-- Deferred, at commit: moves the row to the end of the queue, behind every check of a foreign key.
CREATE OR REPLACE FUNCTION audit_ask_for_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE audit_auditevent SET place = NULL WHERE id = NEW.id;
  RETURN NULL;
END $$;

-- Then: takes the head of the chain, the last lock of the transaction, and hangs the row on it.
CREATE OR REPLACE FUNCTION audit_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  head audit_chainhead;
BEGIN
  INSERT INTO audit_chainhead (id, place, hash) VALUES (1, 0, '') ON CONFLICT DO NOTHING;
  SELECT * INTO head FROM audit_chainhead WHERE id = 1 FOR UPDATE;
  head.place := head.place + 1;
  head.hash := sha256(head.hash || audit_text(NEW));
  UPDATE audit_auditevent SET place = head.place, hash = head.hash WHERE id = NEW.id;
  UPDATE audit_chainhead SET place = head.place, hash = head.hash WHERE id = 1;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit: % on % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
# Rows written before this migration get their seals anew: the text that is hashed has changed.
RESEAL = """
DO $$
DECLARE
  event audit_auditevent;
  head audit_chainhead;
BEGIN
  head.place := 0;
  head.hash := '';
  FOR event IN SELECT * FROM audit_auditevent ORDER BY place NULLS LAST, id LOOP
    head.place := head.place + 1;
    head.hash := sha256(head.hash || audit_text(event));
    UPDATE audit_auditevent SET hash = head.hash, place = head.place WHERE id = event.id;
  END LOOP;
  UPDATE audit_chainhead SET place = head.place, hash = head.hash;
END $$;
"""
TRIGGERS = """
CREATE CONSTRAINT TRIGGER audit_event_ask_for_seal AFTER INSERT ON audit_auditevent
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_ask_for_seal();
CREATE CONSTRAINT TRIGGER audit_event_seal AFTER UPDATE ON audit_auditevent
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.place IS NULL) EXECUTE FUNCTION audit_seal();

-- Nobody but the chain (a trigger: depth 1 and deeper) gives a row its seal, and no row changes otherwise.
CREATE TRIGGER audit_event_no_own_seal BEFORE INSERT ON audit_auditevent
  FOR EACH ROW WHEN (NEW.place IS NOT NULL OR NEW.hash IS NOT NULL) EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_auditevent
  FOR EACH ROW WHEN (pg_trigger_depth() = 0 OR OLD.place IS NOT NULL OR
    (OLD.id, OLD.at, OLD.act, OLD.actor_id, OLD.on_behalf_of_id, OLD.object_type, OLD.object_id, OLD.data)
    IS DISTINCT FROM
    (NEW.id, NEW.at, NEW.act, NEW.actor_id, NEW.on_behalf_of_id, NEW.object_type, NEW.object_id, NEW.data))
  EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_auditevent
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_no_change BEFORE UPDATE OR DELETE ON audit_chainhead
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_access_no_change BEFORE UPDATE OR DELETE ON audit_accesslog
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();

-- TRUNCATE only where a session has said so: the flush between tests does.
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_auditevent FOR EACH STATEMENT
  WHEN (current_setting('luukku.may_truncate', true) IS DISTINCT FROM 'yes') EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_chainhead FOR EACH STATEMENT
  WHEN (current_setting('luukku.may_truncate', true) IS DISTINCT FROM 'yes') EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_access_no_truncate BEFORE TRUNCATE ON audit_accesslog FOR EACH STATEMENT
  WHEN (current_setting('luukku.may_truncate', true) IS DISTINCT FROM 'yes') EXECUTE FUNCTION audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_chain")]
    operations = [
        migrations.RunSQL(DROP_OLD),
        migrations.RunSQL(FUNCTIONS),
        migrations.RunSQL(RESEAL),
        migrations.RunSQL(TRIGGERS),
    ]
