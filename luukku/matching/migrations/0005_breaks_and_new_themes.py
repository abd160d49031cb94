"""Who is on a break without an end is not in the table; a new theme reaches those with its broader one."""

from django.db import migrations

ROWS = """
CREATE OR REPLACE FUNCTION matching_rows(p_expert bigint, p_at timestamptz)
RETURNS TABLE (theme bigint, expert_id bigint, municipality text, reach_km smallint, weight smallint,
  perspectives smallint, is_remote_ok boolean, task_types bigint, languages bigint,
  has_further_training boolean, tasks smallint, last_task_at timestamptz, praise smallint)
LANGUAGE sql STABLE AS $$
  SELECT t.theme, e.id, e.municipality_id, e.reach_km::smallint, t.weight::smallint, t.perspectives::smallint,
    e.is_remote_ok, tt.bits, l.bits, tr.further, a.tasks::smallint, a.last_task_at, f.praise::smallint
  FROM experts_expert e
  CROSS JOIN LATERAL (
    SELECT reached.theme, max(reached.weight) AS weight,
      bit_or(CASE x.perspective WHEN 'own' THEN 1 ELSE 2 END) AS perspectives
    FROM experts_experience x
    JOIN taxonomy_theme th ON th.id = x.theme_id AND th.is_active
    CROSS JOIN LATERAL (
      SELECT th.id AS theme, 2 AS weight
      UNION ALL SELECT th.parent_id, 2 WHERE th.parent_id IS NOT NULL
      UNION ALL SELECT c.id, 1 FROM taxonomy_theme c WHERE c.parent_id = th.id
      UNION ALL SELECT 0, 0
    ) reached
    WHERE x.expert_id = e.id AND x.is_shown
    GROUP BY reached.theme
  ) t
  CROSS JOIN LATERAL (
    SELECT coalesce(bit_or(1::bigint << ty.bit), 0) AS bits FROM experts_expert_task_types m
    JOIN taxonomy_tasktype ty ON ty.id = m.tasktype_id WHERE m.expert_id = e.id
  ) tt
  CROSS JOIN LATERAL (
    SELECT coalesce(bit_or(1::bigint << la.bit), 0) AS bits FROM experts_expert_languages m
    JOIN taxonomy_language la ON la.code = m.language_id WHERE m.expert_id = e.id
  ) l
  CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT 1 FROM experts_completedtraining c WHERE c.expert_id = e.id AND c.kind = 'further') AS further
  ) tr
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE s.starts_at > p_at - interval '365 days') AS tasks, max(s.starts_at) AS last_task_at
    FROM assignments_assignment s WHERE s.expert_id = e.id AND s.state IN ('agreed', 'done')
  ) a
  CROSS JOIN LATERAL (
    SELECT coalesce(round(3 * (avg((g.useful + g.again) / 2.0) - 1) / 4), 0) AS praise
    FROM feedback_feedback g JOIN assignments_assignment s ON s.id = g.assignment_id
    WHERE s.expert_id = e.id AND g.side = 'orderer'
  ) f
  WHERE (p_expert IS NULL OR e.id = p_expert) AND e.state = 'active'
    AND NOT (e.is_paused AND e.paused_until IS NULL)
    AND EXISTS (SELECT 1 FROM privacy_consent c
                WHERE c.person_id = e.user_id AND c.purpose = 'in_bank' AND c.withdrawn_at IS NULL)
$$;
"""
ROWS_BACK = """
CREATE OR REPLACE FUNCTION matching_rows(p_expert bigint, p_at timestamptz)
RETURNS TABLE (theme bigint, expert_id bigint, municipality text, reach_km smallint, weight smallint,
  perspectives smallint, is_remote_ok boolean, task_types bigint, languages bigint,
  has_further_training boolean, tasks smallint, last_task_at timestamptz, praise smallint)
LANGUAGE sql STABLE AS $$
  SELECT t.theme, e.id, e.municipality_id, e.reach_km::smallint, t.weight::smallint, t.perspectives::smallint,
    e.is_remote_ok, tt.bits, l.bits, tr.further, a.tasks::smallint, a.last_task_at, f.praise::smallint
  FROM experts_expert e
  CROSS JOIN LATERAL (
    SELECT reached.theme, max(reached.weight) AS weight,
      bit_or(CASE x.perspective WHEN 'own' THEN 1 ELSE 2 END) AS perspectives
    FROM experts_experience x
    JOIN taxonomy_theme th ON th.id = x.theme_id AND th.is_active
    CROSS JOIN LATERAL (
      SELECT th.id AS theme, 2 AS weight
      UNION ALL SELECT th.parent_id, 2 WHERE th.parent_id IS NOT NULL
      UNION ALL SELECT c.id, 1 FROM taxonomy_theme c WHERE c.parent_id = th.id
      UNION ALL SELECT 0, 0
    ) reached
    WHERE x.expert_id = e.id AND x.is_shown
    GROUP BY reached.theme
  ) t
  CROSS JOIN LATERAL (
    SELECT coalesce(bit_or(1::bigint << ty.bit), 0) AS bits FROM experts_expert_task_types m
    JOIN taxonomy_tasktype ty ON ty.id = m.tasktype_id WHERE m.expert_id = e.id
  ) tt
  CROSS JOIN LATERAL (
    SELECT coalesce(bit_or(1::bigint << la.bit), 0) AS bits FROM experts_expert_languages m
    JOIN taxonomy_language la ON la.code = m.language_id WHERE m.expert_id = e.id
  ) l
  CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT 1 FROM experts_completedtraining c WHERE c.expert_id = e.id AND c.kind = 'further') AS further
  ) tr
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE s.starts_at > p_at - interval '365 days') AS tasks, max(s.starts_at) AS last_task_at
    FROM assignments_assignment s WHERE s.expert_id = e.id AND s.state IN ('agreed', 'done')
  ) a
  CROSS JOIN LATERAL (
    SELECT coalesce(round(3 * (avg((g.useful + g.again) / 2.0) - 1) / 4), 0) AS praise
    FROM feedback_feedback g JOIN assignments_assignment s ON s.id = g.assignment_id
    WHERE s.expert_id = e.id AND g.side = 'orderer'
  ) f
  WHERE (p_expert IS NULL OR e.id = p_expert) AND e.state = 'active'
    AND EXISTS (SELECT 1 FROM privacy_consent c
                WHERE c.person_id = e.user_id AND c.purpose = 'in_bank' AND c.withdrawn_at IS NULL)
$$;
"""

BREAKS = """
DROP TRIGGER matching_on_update ON experts_expert;
CREATE TRIGGER matching_on_update AFTER UPDATE ON experts_expert FOR EACH ROW
  WHEN ((OLD.state, OLD.municipality_id, OLD.reach_km, OLD.is_remote_ok, OLD.is_paused, OLD.paused_until) IS DISTINCT FROM
        (NEW.state, NEW.municipality_id, NEW.reach_km, NEW.is_remote_ok, NEW.is_paused, NEW.paused_until))
  EXECUTE FUNCTION matching_on_expert();
"""
BREAKS_BACK = """
DROP TRIGGER matching_on_update ON experts_expert;
CREATE TRIGGER matching_on_update AFTER UPDATE ON experts_expert FOR EACH ROW
  WHEN ((OLD.state, OLD.municipality_id, OLD.reach_km, OLD.is_remote_ok) IS DISTINCT FROM
        (NEW.state, NEW.municipality_id, NEW.reach_km, NEW.is_remote_ok))
  EXECUTE FUNCTION matching_on_expert();
"""

NEW_THEMES = """
CREATE FUNCTION matching_on_new_theme() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM added WHERE parent_id IS NOT NULL) AND EXISTS (SELECT 1 FROM matching_supply) THEN
    PERFORM matching_rebuild();
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER matching_on_new_theme AFTER INSERT ON taxonomy_theme REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION matching_on_new_theme();
"""
NEW_THEMES_BACK = """
DROP TRIGGER matching_on_new_theme ON taxonomy_theme;
DROP FUNCTION matching_on_new_theme();
"""


class Migration(migrations.Migration):
    dependencies = [("matching", "0004_indexes"), ("experts", "0001_initial"), ("taxonomy", "0001_initial")]
    operations = [
        migrations.RunSQL(ROWS, ROWS_BACK),
        migrations.RunSQL(BREAKS, BREAKS_BACK),
        migrations.RunSQL(NEW_THEMES, NEW_THEMES_BACK),
        migrations.RunSQL("SELECT matching_rebuild()", "SELECT matching_rebuild()"),
    ]
