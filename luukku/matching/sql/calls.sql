-- Tables of other apps: orders_order, orders_order_languages, orders_ordertheme, orders_ordertime,
--   taxonomy_distance, taxonomy_language, taxonomy_tasktype
-- The reverse question: which open calls fit one expert, by the same conditions.

CREATE FUNCTION matching_calls(p_expert bigint, p_at timestamptz, p_limit integer)
RETURNS TABLE (order_id bigint, km integer) LANGUAGE sql STABLE AS $$
  SELECT o.id, best.km
  FROM orders_order o
  JOIN taxonomy_tasktype ty ON ty.id = o.task_type_id
  CROSS JOIN LATERAL (
    SELECT coalesce(bit_or(1::bigint << la.bit), 0) AS bits FROM orders_order_languages m
    JOIN taxonomy_language la ON la.code = m.language_id WHERE m.order_id = o.id
  ) l
  CROSS JOIN LATERAL (
    SELECT d.km::integer AS km
    FROM (SELECT theme_id FROM orders_ordertheme t WHERE t.order_id = o.id
          UNION ALL SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM orders_ordertheme t WHERE t.order_id = o.id)) w
    JOIN matching_supply s ON s.theme = w.theme_id AND s.expert_id = p_expert
    LEFT JOIN taxonomy_distance d ON d.origin_id = s.municipality AND d.destination_id = o.municipality_id
      AND o.mode <> 'remote' AND d.km <= s.reach_km
    WHERE ((o.mode <> 'remote' AND d.km IS NOT NULL) OR (o.mode <> 'place' AND s.is_remote_ok))
      AND s.task_types & (1::bigint << ty.bit) <> 0 AND s.languages & l.bits = l.bits
      AND (NOT o.needs_further_training
        OR s.further_until[matching_further_place(o.further_kind)] >= (p_at AT TIME ZONE 'Europe/Helsinki')::date)
    LIMIT 1
  ) best
  CROSS JOIN LATERAL (
    SELECT min(t.starts_at) AS starts_at FROM orders_ordertime t
    WHERE t.order_id = o.id AND t.starts_at > p_at
      AND (t.is_settled OR NOT EXISTS (SELECT 1 FROM orders_ordertime u WHERE u.order_id = o.id AND u.is_settled))
      AND matching_is_free(p_expert, t.starts_at, t.ends_at)
      AND NOT EXISTS (SELECT 1 FROM matching_answered(o.id) a
        WHERE a.expert_id = p_expert AND tstzrange(t.starts_at, t.ends_at) = ANY (a.times))
  ) time
  WHERE o.state = 'searching' AND o.is_open_call AND time.starts_at IS NOT NULL
    AND (o.sign_up_by IS NULL OR o.sign_up_by >= (p_at AT TIME ZONE 'Europe/Helsinki')::date)
    AND NOT EXISTS (SELECT 1 FROM matching_excluded(o.id, o.organisation_id) x WHERE x = p_expert)
  ORDER BY time.starts_at, o.id
  LIMIT p_limit
$$;
