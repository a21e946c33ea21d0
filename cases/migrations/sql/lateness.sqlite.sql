-- That a department was late is a fact: nothing takes it back, neither an appeal nor a reopening.
DROP TRIGGER IF EXISTS cases_case_late_stays;
CREATE TRIGGER cases_case_late_stays BEFORE UPDATE OF handled_late ON cases_case
WHEN (OLD.handled_late IS NOT NULL AND NEW.handled_late IS NULL)
  OR (OLD.handled_late = 1 AND NEW.handled_late = 0)
BEGIN
  SELECT RAISE(ABORT, 'a lateness stays on record');
END;
