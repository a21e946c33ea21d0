-- That a department was late is a fact: nothing takes it back, neither an appeal nor a reopening.
CREATE OR REPLACE FUNCTION cases_case_late_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a lateness stays on record' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE TRIGGER cases_case_late_stays BEFORE UPDATE OF handled_late ON cases_case
FOR EACH ROW WHEN (
  (OLD.handled_late IS NOT NULL AND NEW.handled_late IS NULL)
  OR (OLD.handled_late AND NOT NEW.handled_late)
) EXECUTE FUNCTION cases_case_late_stays();
