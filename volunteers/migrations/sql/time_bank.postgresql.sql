-- The time bank's rules inside the database; time_bank.sqlite.sql says the same for SQLite.
-- A transfer is the movement: inserting it moves both accounts, and nothing else moves them.

-- It runs with the rights of the tables' owner: who may insert a transfer needs no right to change balances.
-- Both accounts are moved in the order of their ids, as everybody locks them.
CREATE OR REPLACE FUNCTION volunteers_timetransfer_apply() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  moved integer;
BEGIN
  PERFORM 1 FROM volunteers_timeaccount WHERE id IN (NEW.source_id, NEW.target_id) ORDER BY id FOR NO KEY UPDATE;
  UPDATE volunteers_timeaccount SET
    balance = balance - NEW.amount, version = NEW.source_number, head = NEW.hash
  WHERE id = NEW.source_id AND version = NEW.source_number - 1 AND head = NEW.source_previous
    AND balance - NEW.amount >= floor;
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved <> 1 THEN
    PERFORM volunteers_refuse('the account has moved on, or has not enough minutes');
  END IF;
  UPDATE volunteers_timeaccount SET
    balance = balance + NEW.amount, version = NEW.target_number, head = NEW.hash
  WHERE id = NEW.target_id AND version = NEW.target_number - 1 AND head = NEW.target_previous
    AND (ceiling IS NULL OR balance + NEW.amount <= ceiling);
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved <> 1 THEN
    PERFORM volunteers_refuse('the account has moved on, or has no room for more minutes');
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER volunteers_timetransfer_apply AFTER INSERT ON volunteers_timetransfer
FOR EACH ROW EXECUTE FUNCTION volunteers_timetransfer_apply();

-- Accounts: begin empty, keep their owner, move by transfers only, stay -------------------------------
CREATE OR REPLACE FUNCTION volunteers_timeaccount_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM volunteers_refuse('an account begins empty');
  ELSIF TG_OP <> 'UPDATE' THEN
    PERFORM volunteers_refuse('an account is never deleted');
  ELSIF (OLD.id, OLD.person_id, OLD.body_id) IS DISTINCT FROM (NEW.id, NEW.person_id, NEW.body_id) THEN
    PERFORM volunteers_refuse('an account keeps its owner');
  ELSIF pg_trigger_depth() < 2 AND (OLD.balance, OLD.version, OLD.head)
    IS DISTINCT FROM (NEW.balance, NEW.version, NEW.head) THEN
    PERFORM volunteers_refuse('an account moves by transfers only');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER volunteers_timeaccount_begins_empty BEFORE INSERT ON volunteers_timeaccount FOR EACH ROW
WHEN (NEW.balance <> 0 OR NEW.version <> 0 OR NEW.head <> repeat('0', 64))
EXECUTE FUNCTION volunteers_timeaccount_guard();
CREATE OR REPLACE TRIGGER volunteers_timeaccount_guard BEFORE UPDATE OR DELETE ON volunteers_timeaccount
FOR EACH ROW EXECUTE FUNCTION volunteers_timeaccount_guard();
CREATE OR REPLACE TRIGGER volunteers_timeaccount_no_truncate BEFORE TRUNCATE ON volunteers_timeaccount
FOR EACH STATEMENT EXECUTE FUNCTION volunteers_timeaccount_guard();
