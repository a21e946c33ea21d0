-- The time bank's rules inside the database; time_bank.postgresql.sql says the same for PostgreSQL.
-- A transfer is the movement: inserting it moves both accounts, and nothing else moves them.
-- SQLite cannot tell a trigger's UPDATE from another, so the guard of accounts asks whether a
-- transfer justifies the new balance.

CREATE TRIGGER volunteers_timetransfer_apply AFTER INSERT ON volunteers_timetransfer
BEGIN
  UPDATE volunteers_timeaccount SET
    balance = balance - NEW.amount, version = NEW.source_number, head = NEW.hash
  WHERE id = NEW.source_id AND version = NEW.source_number - 1 AND head = NEW.source_previous
    AND balance - NEW.amount >= floor;
  SELECT RAISE(ABORT, 'the account has moved on, or has not enough minutes')
  WHERE (SELECT head FROM volunteers_timeaccount WHERE id = NEW.source_id) IS NOT NEW.hash;
  UPDATE volunteers_timeaccount SET
    balance = balance + NEW.amount, version = NEW.target_number, head = NEW.hash
  WHERE id = NEW.target_id AND version = NEW.target_number - 1 AND head = NEW.target_previous
    AND (ceiling IS NULL OR balance + NEW.amount <= ceiling);
  SELECT RAISE(ABORT, 'the account has moved on, or has no room for more minutes')
  WHERE (SELECT head FROM volunteers_timeaccount WHERE id = NEW.target_id) IS NOT NEW.hash;
END;

-- Accounts: begin empty, keep their owner, move by transfers only, stay -------------------------------
CREATE TRIGGER volunteers_timeaccount_begins_empty BEFORE INSERT ON volunteers_timeaccount
BEGIN
  SELECT RAISE(ABORT, 'an account begins empty')
  WHERE NEW.balance <> 0 OR NEW.version <> 0
     OR NEW.head <> '0000000000000000000000000000000000000000000000000000000000000000'
     -- INSERT OR REPLACE would put an empty account in the place of a full one.
     OR EXISTS (
       SELECT 1 FROM volunteers_timeaccount
       WHERE id = NEW.id OR person_id = NEW.person_id OR body_id = NEW.body_id
     );
END;
CREATE TRIGGER volunteers_timeaccount_keeps_its_owner BEFORE UPDATE ON volunteers_timeaccount
WHEN (OLD.id, OLD.person_id, OLD.body_id) IS NOT (NEW.id, NEW.person_id, NEW.body_id)
BEGIN
  SELECT RAISE(ABORT, 'an account keeps its owner');
END;
CREATE TRIGGER volunteers_timeaccount_moves_by_transfers BEFORE UPDATE ON volunteers_timeaccount
WHEN (OLD.balance, OLD.version, OLD.head) IS NOT (NEW.balance, NEW.version, NEW.head)
BEGIN
  SELECT RAISE(ABORT, 'an account moves by transfers only')
  WHERE NEW.version <> OLD.version + 1 OR NOT EXISTS (
    SELECT 1 FROM volunteers_timetransfer AS transfer
    WHERE transfer.hash = NEW.head AND (
      (transfer.source_id = OLD.id AND transfer.source_number = NEW.version
        AND transfer.source_previous = OLD.head AND NEW.balance = OLD.balance - transfer.amount)
      OR
      (transfer.target_id = OLD.id AND transfer.target_number = NEW.version
        AND transfer.target_previous = OLD.head AND NEW.balance = OLD.balance + transfer.amount)
    )
  );
END;
CREATE TRIGGER volunteers_timeaccount_no_delete BEFORE DELETE ON volunteers_timeaccount
BEGIN
  SELECT RAISE(ABORT, 'an account is never deleted');
END;
