-- Tables of other apps: assignments_assignment, experts_completedtraining, experts_experience, experts_expert,
--   experts_expert_languages, experts_expert_task_types, feedback_feedback, privacy_consent, taxonomy_language,
--   taxonomy_tasktype, taxonomy_theme
-- Where further_until holds the last day of one kind of further training; 1 is of any.
CREATE FUNCTION matching_further_place(p_kind text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT array_position(ARRAY['', 'digital', 'online', 'developer', 'performing', 'marketing', 'pair',
    'peer_leader', 'other'], p_kind)
$$;

-- What a row of matching_supply is. Refreshing one expert and building everything anew both ask here.

CREATE FUNCTION matching_rows(p_expert bigint, p_at timestamptz)
RETURNS TABLE (theme bigint, expert_id bigint, municipality text, reach_km smallint, weight smallint,
  perspectives smallint, is_remote_ok boolean, task_types bigint, languages bigint,
  further_until date[], tasks smallint, last_task_at timestamptz, praise smallint)
LANGUAGE sql STABLE AS $$
  SELECT t.theme, e.id, e.municipality_id, e.reach_km::smallint, t.weight::smallint, t.perspectives::smallint,
    e.is_remote_ok, tt.bits, l.bits, tr.further, a.tasks::smallint, a.last_task_at, f.praise::smallint
  FROM experts_expert e
  CROSS JOIN LATERAL (
    -- Theme 0, "any theme", is there whatever the experiences are: who has none shown fits an order without themes.
    SELECT 0::bigint AS theme, 0 AS weight, 0 AS perspectives
    UNION ALL
    SELECT reached.theme, max(reached.weight), bit_or(CASE x.perspective WHEN 'own' THEN 1 ELSE 2 END)
    FROM experts_experience x
    JOIN taxonomy_theme th ON th.id = x.theme_id AND th.is_active
    CROSS JOIN LATERAL (
      SELECT th.id AS theme, 2 AS weight
      UNION ALL SELECT th.parent_id, 2 WHERE th.parent_id IS NOT NULL
      UNION ALL SELECT c.id, 1 FROM taxonomy_theme c WHERE c.parent_id = th.id
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
    -- What an expert has written down is a claim until somebody has seen the certificate.
    SELECT CASE WHEN count(*) > 0 THEN ARRAY[max(d.until), max(d.until) FILTER (WHERE d.further_kind = 'digital'),
      max(d.until) FILTER (WHERE d.further_kind = 'online'), max(d.until) FILTER (WHERE d.further_kind = 'developer'),
      max(d.until) FILTER (WHERE d.further_kind = 'performing'), max(d.until) FILTER (WHERE d.further_kind = 'marketing'),
      max(d.until) FILTER (WHERE d.further_kind = 'pair'), max(d.until) FILTER (WHERE d.further_kind = 'peer_leader'),
      max(d.until) FILTER (WHERE d.further_kind = 'other')] END AS further
    FROM (
      SELECT c.further_kind, coalesce(c.valid_until, '9999-12-31') AS until FROM experts_completedtraining c
      WHERE c.expert_id = e.id AND c.kind = 'further' AND c.verified_at IS NOT NULL AND c.revoked_at IS NULL
    ) d
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

CREATE FUNCTION matching_refresh(p_expert bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- One at a time for one expert: two that delete and insert side by side would clash.
  PERFORM 1 FROM experts_expert WHERE id = p_expert FOR NO KEY UPDATE;
  DELETE FROM matching_supply WHERE expert_id = p_expert;
  INSERT INTO matching_supply (theme, expert_id, municipality, reach_km, weight, perspectives, is_remote_ok,
    task_types, languages, further_until, tasks, last_task_at, praise)
  SELECT * FROM matching_rows(p_expert, now());
END $$;

CREATE FUNCTION matching_rebuild() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN
  LOCK TABLE matching_supply IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM matching_supply;
  INSERT INTO matching_supply (theme, expert_id, municipality, reach_km, weight, perspectives, is_remote_ok,
    task_types, languages, further_until, tasks, last_task_at, praise)
  SELECT * FROM matching_rows(NULL, now());
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n;
END $$;
