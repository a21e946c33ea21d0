-- Appraisals: nobody judges himself, places for excellence are counted; appraisals.sqlite.sql says the same.
CREATE OR REPLACE FUNCTION oversight_refuse(words text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', words USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE OR REPLACE FUNCTION oversight_works_in(person bigint, body bigint, day date) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT 1 FROM organizations_post p
    WHERE p.person_id = person AND p.body_id = body AND p.valid_from <= day
      AND (p.valid_to IS NULL OR p.valid_to > day)
  )
$$;

CREATE OR REPLACE FUNCTION oversight_appraisal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM oversight_refuse('an appraisal is never deleted');
  END IF;
  IF (NEW.id, NEW.scheme_id, NEW.town_id, NEW.first, NEW.last, NEW.stored, NEW.opened_by_id)
    IS DISTINCT FROM (OLD.id, OLD.scheme_id, OLD.town_id, OLD.first, OLD.last, OLD.stored, OLD.opened_by_id) THEN
    PERFORM oversight_refuse('an appraisal keeps its scheme, town, period, rules and opener');
  END IF;
  IF NEW.state = OLD.state THEN
    RETURN NEW;
  END IF;
  IF OLD.state IN ('published', 'cancelled') THEN
    PERFORM oversight_refuse('an appraisal that has ended stays as it is');
  END IF;
  IF NEW.state IN ('second', 'confirmed') AND EXISTS (
    SELECT 1 FROM oversight_score s JOIN oversight_edition e ON e.id = s.edition_id
    WHERE e.appraisal_id = NEW.id AND e.number = NEW.edition AND NOT EXISTS (
      SELECT 1 FROM oversight_signature g
      WHERE g.score_id = s.id AND g.level = CASE NEW.state WHEN 'second' THEN 1 ELSE 2 END
    )
  ) THEN
    PERFORM oversight_refuse('every result is signed before the next step');
  END IF;
  IF NEW.state = 'publicised' AND OLD.state <> 'confirmed' THEN
    PERFORM oversight_refuse('only what was confirmed is publicised');
  END IF;
  IF NEW.state = 'published' AND (OLD.state <> 'publicised' OR EXISTS (
    SELECT 1 FROM oversight_appeal a JOIN oversight_appraised d ON d.id = a.appraised_id
    WHERE d.appraisal_id = NEW.id AND a.state = 'open'
  )) THEN
    PERFORM oversight_refuse('every appeal is answered before results are published');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER oversight_appraisal_guard BEFORE UPDATE OR DELETE ON oversight_appraisal
FOR EACH ROW EXECUTE FUNCTION oversight_appraisal_guard();

CREATE OR REPLACE FUNCTION oversight_appraised_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM oversight_refuse('who is appraised is never deleted');
  ELSIF (NEW.id, NEW.appraisal_id, NEW.body_id, NEW.territory_id, NEW.person_id)
    IS DISTINCT FROM (OLD.id, OLD.appraisal_id, OLD.body_id, OLD.territory_id, OLD.person_id) THEN
    PERFORM oversight_refuse('who is appraised stays who it is');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER oversight_appraised_guard BEFORE UPDATE OR DELETE ON oversight_appraised
FOR EACH ROW EXECUTE FUNCTION oversight_appraised_guard();

CREATE OR REPLACE FUNCTION oversight_edition_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM oversight_refuse('an outcome is never deleted');
  ELSIF TG_OP = 'INSERT' THEN
    IF NEW.excellent <> 0 THEN
      PERFORM oversight_refuse('an outcome begins with nobody excellent');
    END IF;
  ELSIF (NEW.id, NEW.appraisal_id, NEW.number, NEW.reason, NEW.made_by_id, NEW.share, NEW.ranked, NEW.places, NEW.fingerprint)
    IS DISTINCT FROM (OLD.id, OLD.appraisal_id, OLD.number, OLD.reason, OLD.made_by_id, OLD.share, OLD.ranked, OLD.places, OLD.fingerprint) THEN
    PERFORM oversight_refuse('an outcome is never rewritten');
  ELSIF pg_trigger_depth() < 2 AND NEW.excellent <> OLD.excellent THEN
    PERFORM oversight_refuse('who is excellent is counted by results only');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER oversight_edition_guard BEFORE INSERT OR UPDATE OR DELETE ON oversight_edition
FOR EACH ROW EXECUTE FUNCTION oversight_edition_guard();

CREATE OR REPLACE FUNCTION oversight_score_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.grade = 'excellent' THEN
    UPDATE oversight_edition SET excellent = excellent + 1 WHERE id = NEW.edition_id;
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER oversight_score_counts AFTER INSERT ON oversight_score
FOR EACH ROW EXECUTE FUNCTION oversight_score_counts();

CREATE OR REPLACE FUNCTION oversight_conferral_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM oversight_score s
    WHERE s.id = NEW.score_id AND (s.grade IN ('excellent', '') OR s."limit" <> '')
  ) THEN
    PERFORM oversight_refuse('excellence is conferred on who is ranked, broke no floor and is not excellent');
  END IF;
  UPDATE oversight_edition SET excellent = excellent + 1
  WHERE id = (SELECT edition_id FROM oversight_score WHERE id = NEW.score_id);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER oversight_conferral_counts AFTER INSERT ON oversight_conferral
FOR EACH ROW EXECUTE FUNCTION oversight_conferral_counts();

CREATE OR REPLACE FUNCTION oversight_signature_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM oversight_score s JOIN oversight_edition e ON e.id = s.edition_id
    JOIN oversight_appraisal a ON a.id = e.appraisal_id
    WHERE s.id = NEW.score_id AND e.number = a.edition
      AND a.state = CASE NEW.level WHEN 1 THEN 'first' ELSE 'second' END
  ) THEN
    PERFORM oversight_refuse('only the outcome under review is signed, on its level');
  END IF;
  IF EXISTS (
    SELECT 1 FROM oversight_score s JOIN oversight_appraised d ON d.id = s.appraised_id
    JOIN oversight_appraisal a ON a.id = d.appraisal_id
    WHERE s.id = NEW.score_id AND (
      a.opened_by_id = NEW.by_id OR d.person_id = NEW.by_id
      OR d.person_id IS NULL AND oversight_works_in(NEW.by_id, d.body_id, NEW.day)
    )
  ) THEN
    PERFORM oversight_refuse('nobody reviews himself, his own body or what he opened');
  END IF;
  IF EXISTS (SELECT 1 FROM oversight_signature g WHERE g.score_id = NEW.score_id AND g.by_id = NEW.by_id) THEN
    PERFORM oversight_refuse('two levels are two people');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER oversight_signature_guard BEFORE INSERT ON oversight_signature
FOR EACH ROW EXECUTE FUNCTION oversight_signature_guard();

CREATE OR REPLACE FUNCTION oversight_appeal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM oversight_refuse('an appeal is never deleted');
  ELSIF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'open' THEN
      PERFORM oversight_refuse('an appeal begins open');
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.appraised_id, NEW.kind, NEW.asked_by_id, NEW.text)
    IS DISTINCT FROM (OLD.id, OLD.appraised_id, OLD.kind, OLD.asked_by_id, OLD.text)
    OR OLD.state <> 'open' AND NEW.state <> OLD.state THEN
    PERFORM oversight_refuse('an appeal keeps what was asked, and its end');
  END IF;
  IF NEW.answered_by_id IS NOT NULL AND OLD.answered_by_id IS NULL AND EXISTS (
    SELECT 1 FROM oversight_appraised d JOIN oversight_appraisal a ON a.id = d.appraisal_id
    WHERE d.id = NEW.appraised_id AND (
      a.opened_by_id = NEW.answered_by_id OR d.person_id = NEW.answered_by_id
      OR EXISTS (
        SELECT 1 FROM oversight_signature g JOIN oversight_score s ON s.id = g.score_id
        WHERE s.appraised_id = d.id AND g.by_id = NEW.answered_by_id
      )
      OR d.person_id IS NULL AND oversight_works_in(
        NEW.answered_by_id, d.body_id, (NEW.answered_at AT TIME ZONE 'Asia/Shanghai')::date
      )
    )
  ) THEN
    PERFORM oversight_refuse('an appeal is answered by somebody without a part in the result');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER oversight_appeal_guard BEFORE INSERT OR UPDATE OR DELETE ON oversight_appeal
FOR EACH ROW EXECUTE FUNCTION oversight_appeal_guard();

CREATE OR REPLACE FUNCTION oversight_consequence_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM oversight_refuse('a reward or penalty is never deleted');
  ELSIF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'proposed' OR NOT EXISTS (
      SELECT 1 FROM oversight_appraised d JOIN oversight_appraisal a ON a.id = d.appraisal_id
      WHERE d.id = NEW.appraised_id AND a.state = 'published' AND d.person_id IS NOT DISTINCT FROM NEW.person_id
    ) THEN
      PERFORM oversight_refuse('a reward or penalty follows from a published result, and waits for a decision');
    END IF;
  ELSIF (NEW.id, NEW.appraised_id, NEW.person_id, NEW.kind, NEW.amount, NEW.line_id, NEW.proposed_by_id)
    IS DISTINCT FROM (OLD.id, OLD.appraised_id, OLD.person_id, OLD.kind, OLD.amount, OLD.line_id, OLD.proposed_by_id)
    OR OLD.state <> 'proposed' AND NEW.state <> OLD.state THEN
    PERFORM oversight_refuse('a reward or penalty keeps whom and what it is, and its decision');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER oversight_consequence_guard BEFORE INSERT OR UPDATE OR DELETE ON oversight_consequence
FOR EACH ROW EXECUTE FUNCTION oversight_consequence_guard();
