-- Places of courses, certificates and scores; talent.sqlite.sql says the same.
CREATE OR REPLACE FUNCTION talent_refuse(words text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', words USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE OR REPLACE FUNCTION talent_course_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.taken <> 0 THEN
      PERFORM talent_refuse('a course begins with nobody in it');
    END IF;
  ELSIF pg_trigger_depth() < 2 AND NEW.taken <> OLD.taken THEN
    PERFORM talent_refuse('places of a course are taken by enrolments only');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER talent_course_guard BEFORE INSERT OR UPDATE ON talent_course
FOR EACH ROW EXECUTE FUNCTION talent_course_guard();

CREATE OR REPLACE FUNCTION talent_enrolment_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  gone CONSTANT text[] := ARRAY['cancelled', 'called_off'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'enrolled' THEN
      PERFORM talent_refuse('an enrolment begins with a place');
    END IF;
    UPDATE talent_course SET taken = taken + 1 WHERE id = NEW.course_id AND state = 'open';
    IF NOT FOUND THEN
      PERFORM talent_refuse('only an open course takes people');
    END IF;
  ELSIF NEW.state <> OLD.state THEN
    UPDATE talent_course SET taken = taken
      + (NOT NEW.state = ANY (gone))::int - (NOT OLD.state = ANY (gone))::int
    WHERE id = NEW.course_id;
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER talent_enrolment_counts AFTER INSERT OR UPDATE OF state ON talent_enrolment
FOR EACH ROW EXECUTE FUNCTION talent_enrolment_counts();

CREATE OR REPLACE FUNCTION talent_enrolment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM talent_refuse('an enrolment is never deleted');
  ELSIF (NEW.id, NEW.course_id, NEW.person_id) IS DISTINCT FROM (OLD.id, OLD.course_id, OLD.person_id) THEN
    PERFORM talent_refuse('an enrolment keeps its course and person');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER talent_enrolment_guard BEFORE UPDATE OR DELETE ON talent_enrolment
FOR EACH ROW EXECUTE FUNCTION talent_enrolment_guard();

CREATE OR REPLACE FUNCTION talent_certificate_is_earned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM talent_enrolment
                 WHERE id = NEW.enrolment_id AND state = 'passed' AND score = NEW.score) THEN
    PERFORM talent_refuse('a certificate says what was passed');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER talent_certificate_is_earned BEFORE INSERT ON talent_certificate
FOR EACH ROW EXECUTE FUNCTION talent_certificate_is_earned();

CREATE OR REPLACE FUNCTION talent_score_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.id, NEW.judge_id, NEW.candidate_id, NEW.criterion_id)
    IS DISTINCT FROM (OLD.id, OLD.judge_id, OLD.candidate_id, OLD.criterion_id) THEN
    PERFORM talent_refuse('a score stays within its selection and its points');
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM talent_judge j JOIN talent_candidate c ON c.selection_id = j.selection_id
    JOIN talent_criterion k ON k.selection_id = j.selection_id
    WHERE j.id = NEW.judge_id AND c.id = NEW.candidate_id AND k.id = NEW.criterion_id
      AND NEW.points <= k.points
  ) THEN
    PERFORM talent_refuse('a score stays within its selection and its points');
  END IF;
  IF EXISTS (
    SELECT 1 FROM talent_judge j JOIN talent_candidate c ON c.id = NEW.candidate_id
    WHERE j.id = NEW.judge_id AND (j.person_id = c.person_id OR EXISTS (
      SELECT 1 FROM talent_kin WHERE judge_id = j.id AND candidate_id = c.id
    ))
  ) THEN
    PERFORM talent_refuse('nobody judges himself or a relative');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER talent_score_guard BEFORE INSERT OR UPDATE ON talent_score
FOR EACH ROW EXECUTE FUNCTION talent_score_guard();
