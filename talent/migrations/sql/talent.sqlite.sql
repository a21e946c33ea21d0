-- Places of courses, certificates and scores; talent.postgresql.sql says the same.
CREATE TRIGGER talent_course_begins_empty BEFORE INSERT ON talent_course
WHEN NEW.taken <> 0 OR EXISTS (SELECT 1 FROM talent_course WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'a course begins with nobody in it');
END;
CREATE TRIGGER talent_course_is_counted BEFORE UPDATE ON talent_course
WHEN NEW.taken <> OLD.taken AND NEW.taken <> (
  SELECT count(*) FROM talent_enrolment
  WHERE course_id = NEW.id AND state NOT IN ('cancelled', 'called_off')
)
BEGIN
  SELECT RAISE(ABORT, 'places of a course are taken by enrolments only');
END;
CREATE TRIGGER talent_enrolment_begins AFTER INSERT ON talent_enrolment
BEGIN
  SELECT RAISE(ABORT, 'an enrolment begins with a place') WHERE NEW.state <> 'enrolled';
  SELECT RAISE(ABORT, 'only an open course takes people')
  WHERE NOT EXISTS (SELECT 1 FROM talent_course WHERE id = NEW.course_id AND state = 'open');
  UPDATE talent_course SET taken = taken + 1 WHERE id = NEW.course_id;
END;
CREATE TRIGGER talent_enrolment_moves AFTER UPDATE OF state ON talent_enrolment
WHEN NEW.state <> OLD.state
BEGIN
  UPDATE talent_course SET taken = taken
    + (NEW.state NOT IN ('cancelled', 'called_off')) - (OLD.state NOT IN ('cancelled', 'called_off'))
  WHERE id = NEW.course_id;
END;
CREATE TRIGGER talent_enrolment_keeps BEFORE UPDATE ON talent_enrolment
WHEN (NEW.id, NEW.course_id, NEW.person_id) IS NOT (OLD.id, OLD.course_id, OLD.person_id)
BEGIN
  SELECT RAISE(ABORT, 'an enrolment keeps its course and person');
END;
CREATE TRIGGER talent_enrolment_no_delete BEFORE DELETE ON talent_enrolment
BEGIN
  SELECT RAISE(ABORT, 'an enrolment is never deleted');
END;
CREATE TRIGGER talent_certificate_is_earned BEFORE INSERT ON talent_certificate
WHEN NOT EXISTS (SELECT 1 FROM talent_enrolment
                 WHERE id = NEW.enrolment_id AND state = 'passed' AND score = NEW.score)
BEGIN
  SELECT RAISE(ABORT, 'a certificate says what was passed');
END;
CREATE TRIGGER talent_score_is_fair BEFORE INSERT ON talent_score
BEGIN
  SELECT RAISE(ABORT, 'a score stays within its selection and its points')
  WHERE NOT EXISTS (
    SELECT 1 FROM talent_judge j JOIN talent_candidate c ON c.selection_id = j.selection_id
    JOIN talent_criterion k ON k.selection_id = j.selection_id
    WHERE j.id = NEW.judge_id AND c.id = NEW.candidate_id AND k.id = NEW.criterion_id
      AND NEW.points <= k.points
  );
  SELECT RAISE(ABORT, 'nobody judges himself or a relative')
  WHERE EXISTS (
    SELECT 1 FROM talent_judge j JOIN talent_candidate c ON c.id = NEW.candidate_id
    WHERE j.id = NEW.judge_id AND (j.person_id = c.person_id OR EXISTS (
      SELECT 1 FROM talent_kin WHERE judge_id = j.id AND candidate_id = c.id
    ))
  );
END;
CREATE TRIGGER talent_score_stays BEFORE UPDATE ON talent_score
WHEN (NEW.id, NEW.judge_id, NEW.candidate_id, NEW.criterion_id)
  IS NOT (OLD.id, OLD.judge_id, OLD.candidate_id, OLD.criterion_id)
  OR NEW.points > (SELECT points FROM talent_criterion WHERE id = NEW.criterion_id)
BEGIN
  SELECT RAISE(ABORT, 'a score stays within its selection and its points');
END;
