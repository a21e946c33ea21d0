-- The ledger's rules inside the database; ledger.sqlite.sql says the same for SQLite.
-- An entry is the movement: inserting it moves its line and its hold, and nothing else does.

CREATE OR REPLACE FUNCTION funding_refuse(reason text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', reason USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- Entries: what they may say ----------------------------------------------------------------------
-- It runs with the rights of the tables' owner: who may insert an entry needs no right to change amounts.
CREATE OR REPLACE FUNCTION funding_entry_apply() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  expected integer;
  moved integer;
BEGIN
  IF EXISTS (
    SELECT 1 FROM fresh JOIN funding_hold AS hold ON hold.id = fresh.hold_id
    WHERE hold.line_id <> fresh.line_id OR hold.purpose_id <> fresh.purpose_id
  ) THEN
    PERFORM funding_refuse('the entry has another line or purpose than its hold');
  END IF;
  IF EXISTS (
    SELECT 1 FROM fresh
    WHERE source_bucket = 'available' AND target_bucket = 'reserved' AND NOT EXISTS (
      SELECT 1 FROM funding_linepurpose AS allowed
      WHERE allowed.line_id = fresh.line_id AND allowed.purpose_id = fresh.purpose_id
    )
  ) THEN
    PERFORM funding_refuse('the line does not allow this purpose');
  END IF;
  IF EXISTS (
    SELECT 1 FROM fresh
    JOIN funding_line AS line ON line.id = fresh.line_id
    JOIN funding_entry AS other ON other.posting_id = fresh.posting_id
    JOIN funding_line AS other_line ON other_line.id = other.line_id
    WHERE line.source_id <> other_line.source_id
  ) THEN
    PERFORM funding_refuse('a posting moves money of one source only');
  END IF;
  IF EXISTS (
    SELECT 1 FROM (
      SELECT number, previous_hash, lag(number) OVER chain AS before, lag(hash) OVER chain AS link
      FROM fresh WINDOW chain AS (PARTITION BY line_id ORDER BY number)
    ) AS step
    WHERE before IS NOT NULL AND (number <> before + 1 OR previous_hash <> link)
  ) THEN
    PERFORM funding_refuse('the chain of entries is broken');
  END IF;

  -- The lines: one conditional UPDATE. A line that has moved on since it was read does not match.
  SELECT count(DISTINCT line_id) INTO expected FROM fresh;
  WITH change AS (
    SELECT
      line_id,
      min(number) AS first,
      max(number) AS last,
      (array_agg(previous_hash ORDER BY number))[1] AS link,
      (array_agg(hash ORDER BY number DESC))[1] AS head,
      sum(CASE 'outside' WHEN source_bucket THEN amount WHEN target_bucket THEN -amount ELSE 0 END) AS received,
      sum(CASE 'available' WHEN target_bucket THEN amount WHEN source_bucket THEN -amount ELSE 0 END) AS available,
      sum(CASE 'reserved' WHEN target_bucket THEN amount WHEN source_bucket THEN -amount ELSE 0 END) AS reserved,
      sum(CASE 'payable' WHEN target_bucket THEN amount WHEN source_bucket THEN -amount ELSE 0 END) AS payable,
      sum(CASE 'spent' WHEN target_bucket THEN amount WHEN source_bucket THEN -amount ELSE 0 END) AS spent
    FROM fresh GROUP BY line_id
  )
  UPDATE funding_line AS line SET
    received = line.received + change.received,
    available = line.available + change.available,
    reserved = line.reserved + change.reserved,
    payable = line.payable + change.payable,
    spent = line.spent + change.spent,
    version = change.last,
    head = change.head
  FROM change
  WHERE line.id = change.line_id
    AND line.version = change.first - 1
    AND line.head = change.link
    AND line.available + change.available >= 0;
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved <> expected THEN
    PERFORM funding_refuse('the line has moved on, or has not enough money');
  END IF;

  -- The holds, in the same way.
  SELECT count(DISTINCT hold_id) INTO expected FROM fresh;
  IF expected = 0 THEN
    RETURN NULL;
  END IF;
  WITH change AS (
    SELECT
      hold_id,
      sum(CASE WHEN source_bucket = 'available' AND target_bucket = 'reserved' THEN amount ELSE 0 END) AS amount,
      sum(CASE 'reserved' WHEN target_bucket THEN amount WHEN source_bucket THEN -amount ELSE 0 END) AS open,
      sum(CASE 'payable' WHEN target_bucket THEN amount WHEN source_bucket THEN -amount ELSE 0 END) AS payable,
      sum(CASE 'spent' WHEN target_bucket THEN amount WHEN source_bucket THEN -amount ELSE 0 END) AS paid
    FROM fresh WHERE hold_id IS NOT NULL GROUP BY hold_id
  )
  UPDATE funding_hold AS hold SET
    amount = hold.amount + change.amount,
    open = hold.open + change.open,
    payable = hold.payable + change.payable,
    paid = hold.paid + change.paid
  FROM change
  WHERE hold.id = change.hold_id
    AND hold.open + change.open >= 0
    AND hold.payable + change.payable >= 0;
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved <> expected THEN
    PERFORM funding_refuse('the hold has not that much open');
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER funding_entry_apply AFTER INSERT ON funding_entry
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION funding_entry_apply();

-- Lines: amounts move by entries only --------------------------------------------------------------
CREATE OR REPLACE FUNCTION funding_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM funding_refuse('a line begins empty');
  ELSIF NEW.id <> OLD.id OR NEW.source_id <> OLD.source_id THEN
    PERFORM funding_refuse('a line keeps its source');
  ELSIF pg_trigger_depth() < 2 THEN
    PERFORM funding_refuse('a line moves by entries only');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER funding_line_begins_empty BEFORE INSERT ON funding_line FOR EACH ROW
WHEN (NEW.received <> 0 OR NEW.available <> 0 OR NEW.reserved <> 0 OR NEW.payable <> 0
  OR NEW.spent <> 0 OR NEW.version <> 0 OR NEW.head <> repeat('0', 64))
EXECUTE FUNCTION funding_line_guard();
CREATE OR REPLACE TRIGGER funding_line_moves_by_entries BEFORE UPDATE ON funding_line FOR EACH ROW
WHEN ((OLD.id, OLD.source_id, OLD.received, OLD.available, OLD.reserved, OLD.payable, OLD.spent, OLD.version, OLD.head)
  IS DISTINCT FROM
  (NEW.id, NEW.source_id, NEW.received, NEW.available, NEW.reserved, NEW.payable, NEW.spent, NEW.version, NEW.head))
EXECUTE FUNCTION funding_line_guard();

-- Holds: begin empty, keep line, purpose and subject, stay --------------------------------------------
CREATE OR REPLACE FUNCTION funding_hold_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM fresh WHERE (amount, open, payable, paid) IS DISTINCT FROM (0, 0, 0, 0)) THEN
    PERFORM funding_refuse('a hold begins empty');
  END IF;
  IF EXISTS (
    SELECT 1 FROM fresh WHERE NOT EXISTS (
      SELECT 1 FROM funding_linepurpose AS allowed
      WHERE allowed.line_id = fresh.line_id AND allowed.purpose_id = fresh.purpose_id
    )
  ) THEN
    PERFORM funding_refuse('the line does not allow this purpose');
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER funding_hold_made AFTER INSERT ON funding_hold
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION funding_hold_made();

CREATE OR REPLACE FUNCTION funding_hold_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' THEN
    PERFORM funding_refuse('a hold is never deleted');
  ELSIF (OLD.id, OLD.line_id, OLD.purpose_id, OLD.subject_kind, OLD.subject_key, OLD.made_at)
    IS DISTINCT FROM (NEW.id, NEW.line_id, NEW.purpose_id, NEW.subject_kind, NEW.subject_key, NEW.made_at) THEN
    PERFORM funding_refuse('a hold keeps its line, purpose and subject');
  ELSIF pg_trigger_depth() < 2 AND (OLD.amount, OLD.open, OLD.payable, OLD.paid)
    IS DISTINCT FROM (NEW.amount, NEW.open, NEW.payable, NEW.paid) THEN
    PERFORM funding_refuse('a hold moves by entries only');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER funding_hold_guard BEFORE UPDATE OR DELETE ON funding_hold
FOR EACH ROW EXECUTE FUNCTION funding_hold_guard();
CREATE OR REPLACE TRIGGER funding_hold_no_truncate BEFORE TRUNCATE ON funding_hold
FOR EACH STATEMENT EXECUTE FUNCTION funding_hold_guard();

-- Earmarks: a line allows only what its source allows --------------------------------------------------
CREATE OR REPLACE FUNCTION funding_linepurpose_allowed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM funding_line AS line
    JOIN funding_sourcepurpose AS allowed ON allowed.source_id = line.source_id
    WHERE line.id = NEW.line_id AND allowed.purpose_id = NEW.purpose_id
    FOR KEY SHARE OF allowed
  ) THEN
    PERFORM funding_refuse('the source does not allow this purpose');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER funding_linepurpose_allowed BEFORE INSERT OR UPDATE ON funding_linepurpose
FOR EACH ROW EXECUTE FUNCTION funding_linepurpose_allowed();

CREATE OR REPLACE FUNCTION funding_sourcepurpose_used() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM funding_linepurpose AS used JOIN funding_line AS line ON line.id = used.line_id
    WHERE line.source_id = OLD.source_id AND used.purpose_id = OLD.purpose_id
  ) THEN
    PERFORM funding_refuse('a line of this source still allows this purpose');
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE OR REPLACE TRIGGER funding_sourcepurpose_used BEFORE UPDATE OR DELETE ON funding_sourcepurpose
FOR EACH ROW EXECUTE FUNCTION funding_sourcepurpose_used();
