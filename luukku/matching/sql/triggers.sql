-- Tables of other apps: assignments_assignment, experts_completedtraining, experts_experience, experts_expert,
--   experts_expert_languages, experts_expert_task_types, feedback_feedback, privacy_consent, taxonomy_language,
--   taxonomy_tasktype, taxonomy_theme
-- Whatever changes what a row is made of refreshes the rows, in the same transaction.

CREATE FUNCTION matching_on_expert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM matching_refresh(NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER matching_on_insert AFTER INSERT ON experts_expert
  FOR EACH ROW EXECUTE FUNCTION matching_on_expert();
CREATE TRIGGER matching_on_update AFTER UPDATE ON experts_expert FOR EACH ROW
  WHEN ((OLD.state, OLD.municipality_id, OLD.reach_km, OLD.is_remote_ok, OLD.is_paused, OLD.paused_until) IS DISTINCT FROM
        (NEW.state, NEW.municipality_id, NEW.reach_km, NEW.is_remote_ok, NEW.is_paused, NEW.paused_until))
  EXECUTE FUNCTION matching_on_expert();

-- While an expert is being deleted, each part that goes first makes the rows anew; the last word is this.
CREATE FUNCTION matching_on_gone_expert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM matching_supply WHERE expert_id = OLD.id;
  RETURN NULL;
END $$;
CREATE TRIGGER matching_on_delete AFTER DELETE ON experts_expert
  FOR EACH ROW EXECUTE FUNCTION matching_on_gone_expert();

CREATE FUNCTION matching_on_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN PERFORM matching_refresh(OLD.expert_id); END IF;
  IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NEW.expert_id <> OLD.expert_id) THEN
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
CREATE TRIGGER matching_on_part AFTER INSERT OR DELETE ON assignments_assignment
  FOR EACH ROW EXECUTE FUNCTION matching_on_part();
-- Only what a row of supply is made of: a new seat or link of a task locks no expert.
CREATE TRIGGER matching_on_moved_part AFTER UPDATE ON assignments_assignment FOR EACH ROW
  WHEN ((OLD.expert_id, OLD.state, OLD.starts_at) IS DISTINCT FROM (NEW.expert_id, NEW.state, NEW.starts_at))
  EXECUTE FUNCTION matching_on_part();

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

-- The words that everybody shares change seldom: then everything is built anew.
CREATE FUNCTION matching_on_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM matching_rebuild();
  RETURN NULL;
END $$;
-- Once, however many themes a group has.
CREATE FUNCTION matching_on_theme() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM earlier JOIN later USING (id) WHERE
      (earlier.parent_id, earlier.is_active) IS DISTINCT FROM (later.parent_id, later.is_active)) THEN
    PERFORM matching_rebuild();
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER matching_on_theme AFTER UPDATE ON taxonomy_theme REFERENCING OLD TABLE AS earlier NEW TABLE AS later
  FOR EACH STATEMENT EXECUTE FUNCTION matching_on_theme();
CREATE TRIGGER matching_on_bit AFTER UPDATE ON taxonomy_tasktype FOR EACH ROW
  WHEN (OLD.bit <> NEW.bit) EXECUTE FUNCTION matching_on_words();
CREATE TRIGGER matching_on_bit AFTER UPDATE ON taxonomy_language FOR EACH ROW
  WHEN (OLD.bit <> NEW.bit) EXECUTE FUNCTION matching_on_words();

CREATE FUNCTION matching_on_new_theme() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM added WHERE parent_id IS NOT NULL) AND EXISTS (SELECT 1 FROM matching_supply) THEN
    PERFORM matching_rebuild();
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER matching_on_new_theme AFTER INSERT ON taxonomy_theme REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION matching_on_new_theme();

-- Nobody has an experience of a theme that can be deleted, only of the one above it.
CREATE FUNCTION matching_on_gone_theme() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM matching_supply WHERE theme = OLD.id;
  RETURN NULL;
END $$;
CREATE TRIGGER matching_on_gone_theme AFTER DELETE ON taxonomy_theme
  FOR EACH ROW EXECUTE FUNCTION matching_on_gone_theme();
