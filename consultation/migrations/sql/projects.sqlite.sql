-- Project calls: what no service may forget; projects.postgresql.sql says the same for PostgreSQL.

-- The rules are frozen once the decision has begun -------------------------------------------------------
CREATE TRIGGER consultation_projectcall_frozen BEFORE UPDATE ON consultation_projectcall
WHEN OLD.opened_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'the rules of a call are frozen when its decision begins')
  WHERE (OLD.opened_at, OLD.budget, OLD.line_id, OLD.purpose_id, OLD.way, OLD.most_choices, OLD.most_of_one, OLD.votes_until, OLD.least_level)
    IS NOT (NEW.opened_at, NEW.budget, NEW.line_id, NEW.purpose_id, NEW.way, NEW.most_choices, NEW.most_of_one, NEW.votes_until, NEW.least_level);
END;
CREATE TRIGGER consultation_idea_in_time BEFORE INSERT ON consultation_idea
BEGIN
  SELECT RAISE(ABORT, 'no idea comes in when the decision has begun')
  FROM consultation_projectcall AS call WHERE call.id = NEW.call_id AND call.opened_at IS NOT NULL;
END;
CREATE TRIGGER consultation_idea_frozen BEFORE UPDATE ON consultation_idea
BEGIN
  SELECT RAISE(ABORT, 'an idea stays in its call') WHERE OLD.call_id <> NEW.call_id;
  SELECT RAISE(ABORT, 'what is voted on does not change')
  FROM consultation_projectcall AS call
  WHERE call.id = NEW.call_id AND call.opened_at IS NOT NULL AND (
    (OLD.estimate, OLD.department_id, OLD.public_title, OLD.public_text)
    IS NOT (NEW.estimate, NEW.department_id, NEW.public_title, NEW.public_text)
    OR (OLD.state <> NEW.state AND NOT (OLD.state = 'feasible' AND NEW.state IN ('chosen', 'passed_over')))
  );
END;

-- Votes: only while it runs, only for what can be done, within the cap ----------------------------------
CREATE TRIGGER consultation_votersheet_in_time BEFORE INSERT ON consultation_votersheet
BEGIN
  SELECT RAISE(ABORT, 'no vote runs') WHERE NOT EXISTS (
    SELECT 1 FROM consultation_projectcall AS call
    WHERE call.id = NEW.call_id AND call.state = 'voting' AND julianday(NEW.at) < julianday(call.votes_until)
  );
END;
CREATE TRIGGER consultation_votersheet_guard BEFORE UPDATE ON consultation_votersheet
BEGIN
  SELECT RAISE(ABORT, 'a sheet keeps its voter')
  WHERE (OLD.id, OLD.call_id, OLD.person_id) IS NOT (NEW.id, NEW.call_id, NEW.person_id);
  SELECT RAISE(ABORT, 'no vote runs') WHERE NOT EXISTS (
    SELECT 1 FROM consultation_projectcall AS call
    WHERE call.id = NEW.call_id AND call.state = 'voting' AND julianday(NEW.at) < julianday(call.votes_until)
  );
END;
CREATE TRIGGER consultation_votersheet_no_delete BEFORE DELETE ON consultation_votersheet
BEGIN
  SELECT RAISE(ABORT, 'a sheet stays');
END;
CREATE TRIGGER consultation_choice_guard BEFORE INSERT ON consultation_choice
BEGIN
  SELECT RAISE(ABORT, 'a choice is one of the call and within the cap') WHERE NOT EXISTS (
    SELECT 1 FROM consultation_votersheet AS sheet
    JOIN consultation_projectcall AS call ON call.id = sheet.call_id
    JOIN consultation_idea AS idea ON idea.call_id = call.id
    WHERE sheet.id = NEW.sheet_id AND call.state = 'voting' AND idea.id = NEW.idea_id
      AND idea.state = 'feasible' AND NEW.slot <= call.most_choices
  );
END;
CREATE TRIGGER consultation_choice_no_update BEFORE UPDATE ON consultation_choice
BEGIN
  SELECT RAISE(ABORT, 'a choice is not changed');
END;
CREATE TRIGGER consultation_choice_no_delete BEFORE DELETE ON consultation_choice
BEGIN
  SELECT RAISE(ABORT, 'no vote runs') WHERE NOT EXISTS (
    SELECT 1 FROM consultation_votersheet AS sheet
    JOIN consultation_projectcall AS call ON call.id = sheet.call_id
    WHERE sheet.id = OLD.sheet_id AND call.state = 'voting'
  );
END;
