-- Tables of other apps: assignments_assignment, experts_availabilityexception, experts_expert, experts_weeklyslot
-- Whether the expert's own limit has been reached in the month of an instant, as Helsinki counts months.
CREATE FUNCTION matching_is_full(p_expert bigint, p_starts timestamptz)
RETURNS boolean LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  month timestamp := date_trunc('month', p_starts AT TIME ZONE 'Europe/Helsinki');
  most integer := (SELECT monthly_limit FROM experts_expert WHERE id = p_expert);
BEGIN
  RETURN most IS NOT NULL AND most <= (
    SELECT count(*) FROM assignments_assignment a
    WHERE a.expert_id = p_expert AND a.state IN ('agreed', 'done')
      AND a.starts_at >= month AT TIME ZONE 'Europe/Helsinki'
      AND a.starts_at < (month + interval '1 month') AT TIME ZONE 'Europe/Helsinki'
  );
END $$;

-- Whether one expert can take a task at one time: no break, no other task, own limit of the month,
-- days that differ, and the weekly pattern, all as clocks in Helsinki show it.
CREATE FUNCTION matching_is_free(p_expert bigint, p_starts timestamptz, p_ends timestamptz)
RETURNS boolean LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  first timestamp := p_starts AT TIME ZONE 'Europe/Helsinki';
  last timestamp := p_ends AT TIME ZONE 'Europe/Helsinki';
  last_day date := (last - interval '1 microsecond')::date;  -- until midnight is not the next day
  e record;
  slot record;
  reached timestamp := first;
  is_free_day boolean := false;
BEGIN
  SELECT is_paused, paused_until, monthly_limit INTO e FROM experts_expert WHERE id = p_expert;
  IF e.is_paused AND (e.paused_until IS NULL OR first::date <= e.paused_until) THEN RETURN false; END IF;

  IF EXISTS (SELECT 1 FROM assignments_assignment a
             WHERE a.expert_id = p_expert AND a.state IN ('agreed', 'done')
               AND tstzrange(a.starts_at, a.ends_at) && tstzrange(p_starts, p_ends)) THEN
    RETURN false;
  END IF;

  IF e.monthly_limit IS NOT NULL AND matching_is_full(p_expert, p_starts) THEN RETURN false; END IF;

  FOR slot IN SELECT starts_on, ends_on, is_available FROM experts_availabilityexception x
              WHERE x.expert_id = p_expert AND x.starts_on <= last_day AND x.ends_on >= first::date LOOP
    IF NOT slot.is_available THEN RETURN false; END IF;
    is_free_day := is_free_day OR (slot.starts_on <= first::date AND last_day <= slot.ends_on);
  END LOOP;
  IF is_free_day THEN RETURN true; END IF;

  -- Slots that touch each other make one stretch, also over midnight, which is written as 00:00.
  FOR slot IN SELECT d.day + w.starts AS starts, d.day + w.ends + make_interval(days => (w.ends = '00:00')::integer) AS ends
              FROM generate_series(first::date::timestamp, last_day::timestamp, interval '1 day') AS d (day)
              JOIN experts_weeklyslot w ON w.expert_id = p_expert AND w.weekday = extract(isodow FROM d.day) - 1
              ORDER BY 1, 2 LOOP
    IF slot.starts <= reached AND reached < slot.ends THEN reached := slot.ends; END IF;
  END LOOP;
  RETURN reached >= last AND reached > first
    OR NOT EXISTS (SELECT 1 FROM experts_weeklyslot w WHERE w.expert_id = p_expert);
END $$;
