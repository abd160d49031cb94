"""The derived table keeps itself, and one function finds who fits.

``matching_rows`` says what a row is; refresh, rebuild and triggers only call it. ``matching_candidates``
scores everybody who meets the conditions that Supply knows, then walks them best first and looks at
calendars until enough are found. Its plan is made once per connection (generic).
"""

from django.db import migrations

ROWS = """
CREATE FUNCTION matching_rows(p_expert bigint, p_at timestamptz)
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

CREATE FUNCTION matching_refresh(p_expert bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- One at a time for one expert: two that delete and insert side by side would clash.
  PERFORM 1 FROM experts_expert WHERE id = p_expert FOR NO KEY UPDATE;
  DELETE FROM matching_supply WHERE expert_id = p_expert;
  INSERT INTO matching_supply (theme, expert_id, municipality, reach_km, weight, perspectives, is_remote_ok,
    task_types, languages, has_further_training, tasks, last_task_at, praise)
  SELECT * FROM matching_rows(p_expert, now());
END $$;

CREATE FUNCTION matching_rebuild() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN
  LOCK TABLE matching_supply IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM matching_supply;
  INSERT INTO matching_supply (theme, expert_id, municipality, reach_km, weight, perspectives, is_remote_ok,
    task_types, languages, has_further_training, tasks, last_task_at, praise)
  SELECT * FROM matching_rows(NULL, now());
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n;
END $$;
"""
ROWS_BACK = """
DROP FUNCTION matching_rebuild();
DROP FUNCTION matching_refresh(bigint);
DROP FUNCTION matching_rows(bigint, timestamptz);
"""

TRIGGERS = """
CREATE FUNCTION matching_on_expert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM matching_refresh(NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER matching_on_insert AFTER INSERT ON experts_expert
  FOR EACH ROW EXECUTE FUNCTION matching_on_expert();
CREATE TRIGGER matching_on_update AFTER UPDATE ON experts_expert FOR EACH ROW
  WHEN ((OLD.state, OLD.municipality_id, OLD.reach_km, OLD.is_remote_ok) IS DISTINCT FROM
        (NEW.state, NEW.municipality_id, NEW.reach_km, NEW.is_remote_ok))
  EXECUTE FUNCTION matching_on_expert();

CREATE FUNCTION matching_on_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN PERFORM matching_refresh(OLD.expert_id); END IF;
  IF TG_OP <> 'DELETE' AND (TG_OP = 'INSERT' OR NEW.expert_id <> OLD.expert_id OR TG_OP = 'UPDATE') THEN
    PERFORM matching_refresh(NEW.expert_id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER matching_on_part AFTER INSERT OR UPDATE OR DELETE ON experts_experience
  FOR EACH ROW EXECUTE FUNCTION matching_on_part();
CREATE TRIGGER matching_on_part AFTER INSERT OR UPDATE OR DELETE ON experts_expert_task_types
  FOR EACH ROW EXECUTE FUNCTION matching_on_part();
CREATE TRIGGER matching_on_part AFTER INSERT OR UPDATE OR DELETE ON experts_expert_languages
  FOR EACH ROW EXECUTE FUNCTION matching_on_part();
CREATE TRIGGER matching_on_part AFTER INSERT OR UPDATE OR DELETE ON experts_completedtraining
  FOR EACH ROW EXECUTE FUNCTION matching_on_part();
CREATE TRIGGER matching_on_part AFTER INSERT OR UPDATE OR DELETE ON assignments_assignment
  FOR EACH ROW EXECUTE FUNCTION matching_on_part();

CREATE FUNCTION matching_on_consent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE e bigint;
BEGIN
  SELECT id INTO e FROM experts_expert WHERE user_id = coalesce(NEW.person_id, OLD.person_id);
  IF e IS NOT NULL THEN PERFORM matching_refresh(e); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER matching_on_consent AFTER INSERT OR UPDATE OR DELETE ON privacy_consent
  FOR EACH ROW EXECUTE FUNCTION matching_on_consent();

CREATE FUNCTION matching_on_feedback() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE e bigint;
BEGIN
  SELECT expert_id INTO e FROM assignments_assignment WHERE id = coalesce(NEW.assignment_id, OLD.assignment_id);
  IF e IS NOT NULL THEN PERFORM matching_refresh(e); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER matching_on_feedback AFTER INSERT OR UPDATE OR DELETE ON feedback_feedback
  FOR EACH ROW EXECUTE FUNCTION matching_on_feedback();

CREATE FUNCTION matching_on_theme() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM matching_rebuild();
  RETURN NULL;
END $$;
CREATE TRIGGER matching_on_theme AFTER UPDATE ON taxonomy_theme FOR EACH ROW
  WHEN ((OLD.parent_id, OLD.is_active) IS DISTINCT FROM (NEW.parent_id, NEW.is_active))
  EXECUTE FUNCTION matching_on_theme();
"""
TRIGGERS_BACK = """
DROP TRIGGER matching_on_theme ON taxonomy_theme;
DROP TRIGGER matching_on_feedback ON feedback_feedback;
DROP TRIGGER matching_on_consent ON privacy_consent;
DROP TRIGGER matching_on_part ON assignments_assignment;
DROP TRIGGER matching_on_part ON experts_completedtraining;
DROP TRIGGER matching_on_part ON experts_expert_languages;
DROP TRIGGER matching_on_part ON experts_expert_task_types;
DROP TRIGGER matching_on_part ON experts_experience;
DROP TRIGGER matching_on_update ON experts_expert;
DROP TRIGGER matching_on_insert ON experts_expert;
DROP FUNCTION matching_on_theme();
DROP FUNCTION matching_on_feedback();
DROP FUNCTION matching_on_consent();
DROP FUNCTION matching_on_part();
DROP FUNCTION matching_on_expert();
"""

CALENDAR = """
CREATE FUNCTION matching_is_free(p_expert bigint, p_starts timestamptz, p_ends timestamptz)
RETURNS boolean LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  first timestamp := p_starts AT TIME ZONE 'Europe/Helsinki';
  last timestamp := p_ends AT TIME ZONE 'Europe/Helsinki';
  e record;
  slot record;
  reached time := first::time;
  has_slots boolean := false;
  is_free_day boolean := false;
BEGIN
  SELECT is_paused, paused_until, monthly_limit INTO e FROM experts_expert WHERE id = p_expert;
  IF e.is_paused AND (e.paused_until IS NULL OR first::date <= e.paused_until) THEN RETURN false; END IF;

  IF EXISTS (SELECT 1 FROM assignments_assignment a
             WHERE a.expert_id = p_expert AND a.state IN ('agreed', 'done')
               AND tstzrange(a.starts_at, a.ends_at) && tstzrange(p_starts, p_ends)) THEN
    RETURN false;
  END IF;

  IF e.monthly_limit IS NOT NULL AND (
    SELECT count(*) FROM assignments_assignment a
    WHERE a.expert_id = p_expert AND a.state IN ('agreed', 'done')
      AND a.starts_at >= date_trunc('month', first) AT TIME ZONE 'Europe/Helsinki'
      AND a.starts_at < (date_trunc('month', first) + interval '1 month') AT TIME ZONE 'Europe/Helsinki'
  ) >= e.monthly_limit THEN RETURN false; END IF;

  FOR slot IN SELECT starts_on, ends_on, is_available FROM experts_availabilityexception x
              WHERE x.expert_id = p_expert AND x.starts_on <= last::date AND x.ends_on >= first::date LOOP
    IF NOT slot.is_available THEN RETURN false; END IF;
    is_free_day := is_free_day OR (slot.starts_on <= first::date AND last::date <= slot.ends_on);
  END LOOP;
  IF is_free_day THEN RETURN true; END IF;

  -- Slots that touch each other make one stretch.
  FOR slot IN SELECT weekday, starts, ends FROM experts_weeklyslot w
              WHERE w.expert_id = p_expert ORDER BY weekday, starts LOOP
    has_slots := true;
    IF slot.weekday = extract(isodow FROM first) - 1 AND slot.starts <= reached AND reached < slot.ends THEN
      reached := slot.ends;
    END IF;
  END LOOP;
  RETURN NOT has_slots OR (first::date = last::date AND reached >= last::time AND reached > first::time);
END $$;
"""
CALENDAR_BACK = "DROP FUNCTION matching_is_free(bigint, timestamptz, timestamptz);"

CANDIDATES = """
CREATE FUNCTION matching_candidates(
  p_order bigint, p_organisation bigint, p_themes bigint[], p_perspectives smallint[], p_task_type bigint,
  p_languages bigint, p_place boolean, p_remote boolean, p_municipality text, p_extra_km integer,
  p_further boolean, p_starts timestamptz[], p_ends timestamptz[], p_at timestamptz, p_limit integer,
  p_points double precision[])
RETURNS TABLE (expert_id bigint, score double precision, theme double precision, perspective double precision,
  near double precision, rested double precision, light double precision, praise double precision,
  km integer, last_task_at timestamptz, tasks integer, time_number integer)
LANGUAGE plpgsql STABLE ROWS 20 SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
  c record;
  n integer;
  found integer := 0;
BEGIN
  FOR c IN
    SELECT r.*, r.theme_p + r.perspective_p + r.near_p + r.rested_p + r.light_p + r.praise_p AS total
    FROM (
      SELECT h.expert_id,
        sum(h.weight) * p_points[1] AS theme_p,
        count(*) FILTER (WHERE h.asked & h.perspectives > 0) * p_points[2] AS perspective_p,
        coalesce(greatest(0, 1 - min(h.km) / p_points[4]) * p_points[3], 0) AS near_p,
        -- least() and greatest() pass over NULL: a newcomer needs a case of their own.
        CASE WHEN min(h.last_task_at) IS NULL THEN 1 ELSE
          least(1, greatest(0, extract(epoch FROM p_at - min(h.last_task_at)) / 86400 / p_points[6])) END
          * p_points[5] AS rested_p,
        greatest(0, 1 - min(h.tasks) / p_points[8]) * p_points[7] AS light_p,
        min(h.praise) * p_points[9] AS praise_p,
        min(h.km) AS km, min(h.last_task_at) AS last_task_at, min(h.tasks) AS tasks
      FROM (
        -- OFFSET 0 keeps this order of joining: a probe for each municipality near enough for the longest
        -- reach there is, not a scan of the theme.
        SELECT s.expert_id, s.weight, w.asked, s.perspectives, d.km::integer AS km, s.last_task_at, s.tasks, s.praise
        FROM unnest(p_themes, p_perspectives) AS w (theme, asked)
        CROSS JOIN LATERAL (
          SELECT n.origin_id, n.km FROM taxonomy_distance n WHERE n.destination_id = p_municipality
            AND n.km <= p_extra_km + (SELECT max(m.reach_km) FROM matching_supply m)
          OFFSET 0
        ) d
        CROSS JOIN LATERAL (
          SELECT * FROM matching_supply i WHERE i.theme = w.theme AND i.municipality = d.origin_id
            AND i.reach_km >= d.km - p_extra_km
            AND i.task_types & p_task_type = p_task_type AND i.languages & p_languages = p_languages
            AND (NOT p_further OR i.has_further_training)
          OFFSET 0
        ) s
        WHERE p_place
        UNION ALL
        SELECT s.expert_id, s.weight, w.asked, s.perspectives, NULL::integer, s.last_task_at, s.tasks, s.praise
        FROM unnest(p_themes, p_perspectives) AS w (theme, asked)
        JOIN matching_supply s ON s.theme = w.theme
        WHERE p_remote AND s.is_remote_ok
          AND s.task_types & p_task_type = p_task_type AND s.languages & p_languages = p_languages
          AND (NOT p_further OR s.has_further_training)
          AND NOT (p_place AND EXISTS (
            SELECT 1 FROM taxonomy_distance d WHERE d.origin_id = s.municipality
              AND d.destination_id = p_municipality AND s.reach_km >= d.km - p_extra_km))
      ) h
      GROUP BY h.expert_id
    ) r
    ORDER BY total DESC, r.last_task_at NULLS FIRST, hashint8extended(r.expert_id, p_order), r.expert_id
  LOOP
    CONTINUE WHEN EXISTS (SELECT 1 FROM assignments_offer o WHERE o.order_id = p_order AND o.expert_id = c.expert_id);
    CONTINUE WHEN EXISTS (
      SELECT 1 FROM organisations_membership m JOIN experts_expert e ON e.user_id = m.user_id
      WHERE e.id = c.expert_id AND m.organisation_id = p_organisation);
    n := NULL;
    IF p_starts IS NOT NULL THEN
      SELECT min(t.number) INTO n FROM unnest(p_starts, p_ends) WITH ORDINALITY AS t (starts, ends, number)
        WHERE matching_is_free(c.expert_id, t.starts, t.ends);
      CONTINUE WHEN n IS NULL;
    END IF;
    expert_id := c.expert_id; score := c.total; theme := c.theme_p; perspective := c.perspective_p;
    near := c.near_p; rested := c.rested_p; light := c.light_p; praise := c.praise_p;
    km := c.km; last_task_at := c.last_task_at; tasks := c.tasks; time_number := n;
    RETURN NEXT;
    found := found + 1;
    EXIT WHEN found >= p_limit;
  END LOOP;
END $$;
"""
CANDIDATES_BACK = """
DROP FUNCTION matching_candidates(bigint, bigint, bigint[], smallint[], bigint, bigint, boolean, boolean, text,
  integer, boolean, timestamptz[], timestamptz[], timestamptz, integer, double precision[]);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0001_initial"),
        ("assignments", "0001_initial"),
        ("feedback", "0001_initial"),
        ("privacy", "0001_initial"),
        ("taxonomy", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(ROWS, ROWS_BACK),
        migrations.RunSQL(TRIGGERS, TRIGGERS_BACK),
        migrations.RunSQL(CALENDAR, CALENDAR_BACK),
        migrations.RunSQL(CANDIDATES, CANDIDATES_BACK),
    ]
