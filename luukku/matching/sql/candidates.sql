-- Tables of other apps: assignments_assignment, assignments_offer, experts_expert, orders_order,
--   organisations_membership, taxonomy_distance
-- Who fits an order, best first. Everybody who meets the conditions that matching_supply knows is scored;
-- then calendars are looked at, best first, until enough are found. The plan is made once a connection.

-- Experts who are not asked, whatever fits and whenever: with an offer that waits or a task that is agreed,
-- a member of the ordering organisation, or the order's own contact person.
CREATE FUNCTION matching_excluded(p_order bigint, p_organisation bigint)
RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  SELECT f.expert_id FROM assignments_offer f WHERE f.order_id = p_order AND f.state = 'proposed'
  UNION ALL
  SELECT a.expert_id FROM assignments_assignment a
  WHERE a.order_id = p_order AND a.state IN ('agreed', 'done')
  UNION ALL
  SELECT e.id FROM organisations_membership m JOIN experts_expert e ON e.user_id = m.user_id
  WHERE m.organisation_id = p_organisation
  UNION ALL
  SELECT e.id FROM orders_order o JOIN experts_expert e ON e.user_id = o.contact_id WHERE o.id = p_order
$$;

-- What has been answered: who said no, was silent or cancelled, and about which times. About other times the
-- same expert may be asked again; an offer that was taken back was no question.
CREATE FUNCTION matching_answered(p_order bigint)
RETURNS TABLE (expert_id bigint, times tstzrange[]) LANGUAGE sql STABLE AS $$
  SELECT f.expert_id, f.answered_for FROM assignments_offer f
  WHERE f.order_id = p_order AND (f.state IN ('declined', 'expired')
    OR f.state = 'accepted' AND NOT EXISTS (
      SELECT 1 FROM assignments_assignment a WHERE a.offer_id = f.id AND a.state IN ('agreed', 'done')))
$$;

-- p_themes: {0} stands for any. p_starts, p_ends: NULL for any time, empty when every time has passed;
-- p_starts without p_ends: any time of these months, in which the expert's own limit still holds.
-- p_further: the place in further_until of the kind that is asked for; 0: none is.
-- has_themes, near_themes: bits of the themes asked for (1 the first, 2 the second, 4 …) that the expert has
-- an experience of, exactly or more narrowly, and of which the expert has only the broader one.
CREATE FUNCTION matching_candidates(
  p_order bigint, p_organisation bigint, p_themes bigint[], p_perspectives smallint[], p_task_type bigint,
  p_languages bigint, p_place boolean, p_remote boolean, p_municipality text, p_extra_km integer,
  p_further integer, p_starts timestamptz[], p_ends timestamptz[], p_at timestamptz, p_limit integer,
  p_points double precision[])
RETURNS TABLE (expert_id bigint, score double precision, theme double precision, perspective double precision,
  near double precision, rested double precision, light double precision, praise double precision,
  km integer, last_task_at timestamptz, tasks integer, time_number integer, has_themes bigint, near_themes bigint)
LANGUAGE plpgsql STABLE ROWS 20
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_sort = off  -- for grouping: who fits is guessed as a few hundred, and may be many thousands
AS $$
DECLARE
  today date := (p_at AT TIME ZONE 'Europe/Helsinki')::date;
  theme_points double precision := p_points[1];
  perspective_points double precision := p_points[2];
  near_points double precision := p_points[3];
  near_km double precision := p_points[4];
  rested_points double precision := p_points[5];
  rested_days double precision := p_points[6];
  light_points double precision := p_points[7];
  light_tasks double precision := p_points[8];
  praise_points double precision := p_points[9];
  c record;
  n integer;
  found integer := 0;
  excluded bigint[] := ARRAY(SELECT matching_excluded(p_order, p_organisation));
  answered_by bigint[];
  answered_for tstzrange[];
  -- Most searches end among the first few: to find those costs less than to put everybody in order.
  many integer := greatest(100, 5 * p_limit);
  passed integer := 0;
  before integer;
BEGIN
  SELECT array_agg(a.expert_id), array_agg(t.span) INTO answered_by, answered_for
    FROM matching_answered(p_order) a LEFT JOIN LATERAL unnest(a.times) AS t (span) ON true;
  LOOP
    before := passed;
    FOR c IN
      SELECT s.*, s.theme_p + s.perspective_p + s.near_p + s.rested_p + s.light_p + s.praise_p AS total
      FROM (
        SELECT r.*,
          (2 * bit_count(r.has_themes::bit(64)) + bit_count(r.near_themes::bit(64)))
            * theme_points AS theme_p,
          bit_count(r.seen_as_asked::bit(64)) * perspective_points AS perspective_p,
          coalesce(greatest(0, 1 - r.km / near_km) * near_points, 0) AS near_p,
          -- least() and greatest() pass over NULL: a newcomer needs a case of their own.
          CASE WHEN r.last_task_at IS NULL THEN 1 ELSE
            least(1, greatest(0, date_part('epoch', p_at - r.last_task_at) / 86400 / rested_days)) END
            * rested_points AS rested_p,
          greatest(0, 1 - r.tasks / light_tasks) * light_points AS light_p,
          r.praise * praise_points AS praise_p
        FROM (
          -- Who can come and can do it remotely too is here twice: each of these may be told twice.
          SELECT h.expert_id,
            coalesce(bit_or(h.bit) FILTER (WHERE h.weight = 2), 0) AS has_themes,
            coalesce(bit_or(h.bit) FILTER (WHERE h.weight = 1), 0) AS near_themes,
            coalesce(bit_or(h.bit) FILTER (WHERE h.asked & h.perspectives > 0), 0) AS seen_as_asked,
            min(h.km) AS km, min(h.last_task_at) AS last_task_at, min(h.tasks) AS tasks, min(h.praise) AS praise
          FROM (
            -- OFFSET 0 keeps this order of joining: a probe for each municipality near enough for the longest
            -- reach there is, not a scan of the theme.
            SELECT i.expert_id, i.weight, w.asked, i.perspectives, d.km::integer AS km, i.last_task_at,
              i.tasks, i.praise, 1::bigint << (w.number - 1)::integer AS bit
            FROM unnest(p_themes, p_perspectives) WITH ORDINALITY AS w (theme, asked, number)
            CROSS JOIN LATERAL (
              SELECT n.origin_id, n.km FROM taxonomy_distance n WHERE n.destination_id = p_municipality
                AND n.km <= p_extra_km + (SELECT max(m.reach_km) FROM matching_supply m)
              OFFSET 0
            ) d
            CROSS JOIN LATERAL (
              SELECT * FROM matching_supply a WHERE a.theme = w.theme AND a.municipality = d.origin_id
                AND a.reach_km >= d.km - p_extra_km
                AND a.task_types & p_task_type = p_task_type AND a.languages & p_languages = p_languages
                AND (p_further = 0 OR a.further_until[p_further] >= today)
              OFFSET 0
            ) i
            WHERE p_place
            UNION ALL
            SELECT i.expert_id, i.weight, w.asked, i.perspectives, NULL::integer, i.last_task_at,
              i.tasks, i.praise, 1::bigint << (w.number - 1)::integer AS bit
            FROM unnest(p_themes, p_perspectives) WITH ORDINALITY AS w (theme, asked, number)
            JOIN matching_supply i ON i.theme = w.theme
            WHERE p_remote AND i.is_remote_ok
              AND i.task_types & p_task_type = p_task_type AND i.languages & p_languages = p_languages
              AND (p_further = 0 OR i.further_until[p_further] >= today)
          ) h
          GROUP BY h.expert_id
        ) r
      ) s
      -- Compared to a millionth of a point: no ranking hangs on the last bit of a float.
      ORDER BY (1e6 * (s.theme_p + s.perspective_p + s.near_p + s.rested_p + s.light_p + s.praise_p))::bigint DESC,
        s.last_task_at NULLS FIRST, hashint8extended(s.expert_id, p_order), s.expert_id
      LIMIT many OFFSET passed
    LOOP
      passed := passed + 1;
      CONTINUE WHEN c.expert_id = ANY (excluded);
      n := NULL;
      IF p_ends IS NULL THEN
        CONTINUE WHEN p_starts IS NULL AND c.expert_id = ANY (answered_by);  -- nothing new to ask
        CONTINUE WHEN p_starts IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM unnest(p_starts) AS t (starts) WHERE NOT matching_is_full(c.expert_id, t.starts));
      ELSE
        SELECT min(t.number) INTO n FROM unnest(p_starts, p_ends) WITH ORDINALITY AS t (starts, ends, number)
          WHERE matching_is_free(c.expert_id, t.starts, t.ends)
            AND (answered_by IS NULL OR NOT EXISTS (
              SELECT 1 FROM unnest(answered_by, answered_for) AS a (expert, span)
              WHERE a.expert = c.expert_id AND a.span = tstzrange(t.starts, t.ends)));
        CONTINUE WHEN n IS NULL;
      END IF;
      expert_id := c.expert_id; score := c.total; theme := c.theme_p; perspective := c.perspective_p;
      near := c.near_p; rested := c.rested_p; light := c.light_p; praise := c.praise_p;
      km := c.km; last_task_at := c.last_task_at; tasks := c.tasks; time_number := n;
      has_themes := c.has_themes; near_themes := c.near_themes;
      RETURN NEXT;
      found := found + 1;
      IF found >= p_limit THEN RETURN; END IF;
    END LOOP;
    EXIT WHEN passed - before < many;  -- that was everybody
    many := many * 10;
  END LOOP;
END $$;
