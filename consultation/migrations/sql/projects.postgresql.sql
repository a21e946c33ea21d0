-- Project calls: what no service may forget; projects.sqlite.sql says the same for SQLite.

CREATE OR REPLACE FUNCTION consultation_refuse_project(why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', why USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- The rules are frozen once the decision has begun -------------------------------------------------------
CREATE OR REPLACE FUNCTION consultation_projectcall_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.opened_at IS NOT NULL AND
    (OLD.opened_at, OLD.budget, OLD.line_id, OLD.purpose_id, OLD.way, OLD.most_choices, OLD.most_of_one, OLD.votes_until, OLD.least_level)
    IS DISTINCT FROM
    (NEW.opened_at, NEW.budget, NEW.line_id, NEW.purpose_id, NEW.way, NEW.most_choices, NEW.most_of_one, NEW.votes_until, NEW.least_level) THEN
    PERFORM consultation_refuse_project('the rules of a call are frozen when its decision begins');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER consultation_projectcall_frozen BEFORE UPDATE ON consultation_projectcall
FOR EACH ROW EXECUTE FUNCTION consultation_projectcall_frozen();

CREATE OR REPLACE FUNCTION consultation_idea_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  opened boolean;
BEGIN
  SELECT call.opened_at IS NOT NULL INTO opened
  FROM consultation_projectcall AS call WHERE call.id = NEW.call_id;
  IF TG_OP = 'INSERT' THEN
    IF opened THEN
      PERFORM consultation_refuse_project('no idea comes in when the decision has begun');
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.call_id <> NEW.call_id THEN
    PERFORM consultation_refuse_project('an idea stays in its call');
  END IF;
  IF opened AND (
    (OLD.estimate, OLD.department_id, OLD.public_title, OLD.public_text)
    IS DISTINCT FROM (NEW.estimate, NEW.department_id, NEW.public_title, NEW.public_text)
    OR (OLD.state <> NEW.state AND NOT (OLD.state = 'feasible' AND NEW.state IN ('chosen', 'passed_over')))
  ) THEN
    PERFORM consultation_refuse_project('what is voted on does not change');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER consultation_idea_frozen BEFORE INSERT OR UPDATE ON consultation_idea
FOR EACH ROW EXECUTE FUNCTION consultation_idea_frozen();

-- Votes: only while it runs, only for what can be done, within the cap ----------------------------------
CREATE OR REPLACE FUNCTION consultation_votersheet_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM consultation_refuse_project('a sheet stays');
  END IF;
  IF TG_OP = 'UPDATE' AND (OLD.call_id, OLD.person_id) IS DISTINCT FROM (NEW.call_id, NEW.person_id) THEN
    PERFORM consultation_refuse_project('a sheet keeps its voter');
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM consultation_projectcall AS call
    WHERE call.id = NEW.call_id AND call.state = 'voting' AND NEW.at < call.votes_until
  ) THEN
    PERFORM consultation_refuse_project('no vote runs');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER consultation_votersheet_guard BEFORE INSERT OR UPDATE OR DELETE ON consultation_votersheet
FOR EACH ROW EXECUTE FUNCTION consultation_votersheet_guard();

CREATE OR REPLACE FUNCTION consultation_choice_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  row record := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    PERFORM consultation_refuse_project('a choice is not changed');
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM consultation_votersheet AS sheet
    JOIN consultation_projectcall AS call ON call.id = sheet.call_id
    WHERE sheet.id = row.sheet_id AND call.state = 'voting'
  ) THEN
    PERFORM consultation_refuse_project('no vote runs');
  END IF;
  IF TG_OP = 'INSERT' AND NOT EXISTS (
    SELECT 1 FROM consultation_votersheet AS sheet
    JOIN consultation_projectcall AS call ON call.id = sheet.call_id
    JOIN consultation_idea AS idea ON idea.call_id = call.id
    WHERE sheet.id = NEW.sheet_id AND idea.id = NEW.idea_id AND idea.state = 'feasible'
      AND NEW.slot <= call.most_choices
  ) THEN
    PERFORM consultation_refuse_project('a choice is one of the call and within the cap');
  END IF;
  RETURN row;
END $$;
CREATE OR REPLACE TRIGGER consultation_choice_guard BEFORE INSERT OR UPDATE OR DELETE ON consultation_choice
FOR EACH ROW EXECUTE FUNCTION consultation_choice_guard();
