-- The ledger's rules inside the database; ledger.postgresql.sql says the same for PostgreSQL.
-- An entry is the movement: inserting it moves its line and its hold, and nothing else does.
-- SQLite cannot tell a trigger's UPDATE from another, so the guards of lines and holds ask whether
-- entries justify the new amounts.

-- Entries: what they may say, and what they do -------------------------------------------------------
CREATE TRIGGER funding_entry_apply AFTER INSERT ON funding_entry
BEGIN
  SELECT RAISE(ABORT, 'the entry has another line or purpose than its hold')
  FROM funding_hold AS hold
  WHERE hold.id = NEW.hold_id AND (hold.line_id <> NEW.line_id OR hold.purpose_id <> NEW.purpose_id);
  SELECT RAISE(ABORT, 'the line does not allow this purpose')
  WHERE NEW.source_bucket = 'available' AND NEW.target_bucket = 'reserved' AND NOT EXISTS (
    SELECT 1 FROM funding_linepurpose WHERE line_id = NEW.line_id AND purpose_id = NEW.purpose_id
  );
  SELECT RAISE(ABORT, 'a posting moves money of one source only')
  FROM funding_entry AS other
  JOIN funding_line AS other_line ON other_line.id = other.line_id
  JOIN funding_line AS line ON line.id = NEW.line_id
  WHERE other.posting_id = NEW.posting_id AND other_line.source_id <> line.source_id;

  -- One conditional UPDATE. A line that has moved on since it was read does not match.
  UPDATE funding_line SET
    received = received + (CASE 'outside' WHEN NEW.source_bucket THEN NEW.amount WHEN NEW.target_bucket THEN -NEW.amount ELSE 0 END),
    available = available + (CASE 'available' WHEN NEW.target_bucket THEN NEW.amount WHEN NEW.source_bucket THEN -NEW.amount ELSE 0 END),
    reserved = reserved + (CASE 'reserved' WHEN NEW.target_bucket THEN NEW.amount WHEN NEW.source_bucket THEN -NEW.amount ELSE 0 END),
    payable = payable + (CASE 'payable' WHEN NEW.target_bucket THEN NEW.amount WHEN NEW.source_bucket THEN -NEW.amount ELSE 0 END),
    spent = spent + (CASE 'spent' WHEN NEW.target_bucket THEN NEW.amount WHEN NEW.source_bucket THEN -NEW.amount ELSE 0 END),
    version = NEW.number,
    head = NEW.hash
  WHERE id = NEW.line_id AND version = NEW.number - 1 AND head = NEW.previous_hash;
  SELECT RAISE(ABORT, 'the line has moved on, or has not enough money')
  WHERE (SELECT head FROM funding_line WHERE id = NEW.line_id) IS NOT NEW.hash;

  UPDATE funding_hold SET
    amount = amount + (CASE WHEN NEW.source_bucket = 'available' AND NEW.target_bucket = 'reserved' THEN NEW.amount ELSE 0 END),
    open = open + (CASE 'reserved' WHEN NEW.target_bucket THEN NEW.amount WHEN NEW.source_bucket THEN -NEW.amount ELSE 0 END),
    payable = payable + (CASE 'payable' WHEN NEW.target_bucket THEN NEW.amount WHEN NEW.source_bucket THEN -NEW.amount ELSE 0 END),
    paid = paid + (CASE 'spent' WHEN NEW.target_bucket THEN NEW.amount WHEN NEW.source_bucket THEN -NEW.amount ELSE 0 END)
  WHERE id = NEW.hold_id;
  SELECT RAISE(ABORT, 'there is no such hold')
  WHERE NEW.hold_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM funding_hold WHERE id = NEW.hold_id);
END;

-- Lines: amounts move by entries only ------------------------------------------------------------------
CREATE TRIGGER funding_line_begins_empty BEFORE INSERT ON funding_line
BEGIN
  SELECT RAISE(ABORT, 'a line begins empty')
  WHERE NEW.received <> 0 OR NEW.available <> 0 OR NEW.reserved <> 0 OR NEW.payable <> 0
     OR NEW.spent <> 0 OR NEW.version <> 0
     OR NEW.head <> '0000000000000000000000000000000000000000000000000000000000000000'
     -- INSERT OR REPLACE would put an empty line in the place of a full one.
     OR EXISTS (SELECT 1 FROM funding_line WHERE id = NEW.id OR code = NEW.code);
END;
CREATE TRIGGER funding_line_moves_by_entries BEFORE UPDATE ON funding_line
WHEN (OLD.id, OLD.source_id, OLD.received, OLD.available, OLD.reserved, OLD.payable, OLD.spent, OLD.version, OLD.head)
  IS NOT (NEW.id, NEW.source_id, NEW.received, NEW.available, NEW.reserved, NEW.payable, NEW.spent, NEW.version, NEW.head)
BEGIN
  SELECT RAISE(ABORT, 'a line keeps its source') WHERE NEW.id <> OLD.id OR NEW.source_id <> OLD.source_id;
  SELECT RAISE(ABORT, 'a line moves by entries only')
  WHERE NEW.version <> OLD.version + 1 OR NOT EXISTS (
    SELECT 1 FROM funding_entry AS entry
    WHERE entry.line_id = OLD.id AND entry.number = NEW.version
      AND entry.hash = NEW.head AND entry.previous_hash = OLD.head
      AND NEW.received - OLD.received = (CASE 'outside' WHEN entry.source_bucket THEN entry.amount WHEN entry.target_bucket THEN -entry.amount ELSE 0 END)
      AND NEW.available - OLD.available = (CASE 'available' WHEN entry.target_bucket THEN entry.amount WHEN entry.source_bucket THEN -entry.amount ELSE 0 END)
      AND NEW.reserved - OLD.reserved = (CASE 'reserved' WHEN entry.target_bucket THEN entry.amount WHEN entry.source_bucket THEN -entry.amount ELSE 0 END)
      AND NEW.payable - OLD.payable = (CASE 'payable' WHEN entry.target_bucket THEN entry.amount WHEN entry.source_bucket THEN -entry.amount ELSE 0 END)
      AND NEW.spent - OLD.spent = (CASE 'spent' WHEN entry.target_bucket THEN entry.amount WHEN entry.source_bucket THEN -entry.amount ELSE 0 END)
  );
END;

-- Holds: begin empty, keep line, purpose and subject, stay ------------------------------------------------
CREATE TRIGGER funding_hold_made BEFORE INSERT ON funding_hold
BEGIN
  SELECT RAISE(ABORT, 'a hold begins empty')
  WHERE NEW.amount <> 0 OR NEW.open <> 0 OR NEW.payable <> 0 OR NEW.paid <> 0
     OR EXISTS (SELECT 1 FROM funding_hold WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'the line does not allow this purpose')
  WHERE NOT EXISTS (
    SELECT 1 FROM funding_linepurpose WHERE line_id = NEW.line_id AND purpose_id = NEW.purpose_id
  );
END;
CREATE TRIGGER funding_hold_guard BEFORE UPDATE ON funding_hold
BEGIN
  SELECT RAISE(ABORT, 'a hold keeps its line, purpose and subject')
  WHERE (OLD.id, OLD.line_id, OLD.purpose_id, OLD.subject_kind, OLD.subject_key, OLD.made_at)
    IS NOT (NEW.id, NEW.line_id, NEW.purpose_id, NEW.subject_kind, NEW.subject_key, NEW.made_at);
END;
CREATE TRIGGER funding_hold_moves_by_entries BEFORE UPDATE ON funding_hold
WHEN (OLD.amount, OLD.open, OLD.payable, OLD.paid) IS NOT (NEW.amount, NEW.open, NEW.payable, NEW.paid)
BEGIN
  SELECT RAISE(ABORT, 'a hold moves by entries only')
  WHERE NEW.amount <> (SELECT coalesce(sum(CASE WHEN source_bucket = 'available' AND target_bucket = 'reserved' THEN amount ELSE 0 END), 0) FROM funding_entry WHERE hold_id = NEW.id)
     OR NEW.open <> (SELECT coalesce(sum(CASE 'reserved' WHEN target_bucket THEN amount WHEN source_bucket THEN -amount ELSE 0 END), 0) FROM funding_entry WHERE hold_id = NEW.id)
     OR NEW.payable <> (SELECT coalesce(sum(CASE 'payable' WHEN target_bucket THEN amount WHEN source_bucket THEN -amount ELSE 0 END), 0) FROM funding_entry WHERE hold_id = NEW.id)
     OR NEW.paid <> (SELECT coalesce(sum(CASE 'spent' WHEN target_bucket THEN amount WHEN source_bucket THEN -amount ELSE 0 END), 0) FROM funding_entry WHERE hold_id = NEW.id);
END;
CREATE TRIGGER funding_hold_no_delete BEFORE DELETE ON funding_hold
BEGIN
  SELECT RAISE(ABORT, 'a hold is never deleted');
END;

-- Earmarks: a line allows only what its source allows ------------------------------------------------------
CREATE TRIGGER funding_linepurpose_allowed BEFORE INSERT ON funding_linepurpose
BEGIN
  SELECT RAISE(ABORT, 'the source does not allow this purpose')
  WHERE NOT EXISTS (
    SELECT 1 FROM funding_line AS line
    JOIN funding_sourcepurpose AS allowed ON allowed.source_id = line.source_id
    WHERE line.id = NEW.line_id AND allowed.purpose_id = NEW.purpose_id
  );
END;
CREATE TRIGGER funding_linepurpose_still_allowed BEFORE UPDATE ON funding_linepurpose
BEGIN
  SELECT RAISE(ABORT, 'the source does not allow this purpose')
  WHERE NOT EXISTS (
    SELECT 1 FROM funding_line AS line
    JOIN funding_sourcepurpose AS allowed ON allowed.source_id = line.source_id
    WHERE line.id = NEW.line_id AND allowed.purpose_id = NEW.purpose_id
  );
END;
CREATE TRIGGER funding_sourcepurpose_used BEFORE DELETE ON funding_sourcepurpose
BEGIN
  SELECT RAISE(ABORT, 'a line of this source still allows this purpose')
  FROM funding_linepurpose AS used JOIN funding_line AS line ON line.id = used.line_id
  WHERE line.source_id = OLD.source_id AND used.purpose_id = OLD.purpose_id;
END;
CREATE TRIGGER funding_sourcepurpose_stays BEFORE UPDATE ON funding_sourcepurpose
BEGIN
  SELECT RAISE(ABORT, 'a line of this source still allows this purpose')
  FROM funding_linepurpose AS used JOIN funding_line AS line ON line.id = used.line_id
  WHERE line.source_id = OLD.source_id AND used.purpose_id = OLD.purpose_id;
END;
