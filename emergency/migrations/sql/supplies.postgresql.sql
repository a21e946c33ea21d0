-- Supplies inside the database; supplies.sqlite.sql says the same for SQLite.
-- A movement is what moves: inserting it changes both stocks, and nothing else changes them.

CREATE OR REPLACE FUNCTION emergency_refuse(words text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', words USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- It runs with the rights of the tables' owner: who may insert a movement needs no right to change stocks.
-- Both stocks are moved in the order of their ids, as everybody locks them.
CREATE OR REPLACE FUNCTION emergency_movement_apply() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  moved integer;
BEGIN
  PERFORM 1 FROM emergency_stock WHERE id IN (NEW.source_id, NEW.target_id) ORDER BY id FOR NO KEY UPDATE;
  IF (SELECT item_id FROM emergency_stock WHERE id = NEW.source_id)
    IS DISTINCT FROM (SELECT item_id FROM emergency_stock WHERE id = NEW.target_id) THEN
    PERFORM emergency_refuse('a movement is of one item');
  END IF;
  UPDATE emergency_stock SET
    balance = balance - NEW.amount, version = NEW.source_number, head = NEW.hash
  WHERE id = NEW.source_id AND version = NEW.source_number - 1 AND head = NEW.source_previous
    AND (owes OR balance >= NEW.amount);
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved <> 1 THEN
    PERFORM emergency_refuse('the stock has moved on, or has not enough units');
  END IF;
  UPDATE emergency_stock SET
    balance = balance + NEW.amount, version = NEW.target_number, head = NEW.hash
  WHERE id = NEW.target_id AND version = NEW.target_number - 1 AND head = NEW.target_previous;
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved <> 1 THEN
    PERFORM emergency_refuse('the stock has moved on');
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER emergency_movement_apply AFTER INSERT ON emergency_movement
FOR EACH ROW EXECUTE FUNCTION emergency_movement_apply();

-- Stocks: begin empty, stay where they are, move by movements only, stay -----------------------------
CREATE OR REPLACE FUNCTION emergency_stock_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.balance <> 0 OR NEW.version <> 0 OR NEW.head <> repeat('0', 64) THEN
      PERFORM emergency_refuse('a stock begins empty');
    END IF;
    IF NEW.owes <> EXISTS (SELECT 1 FROM emergency_depot WHERE id = NEW.depot_id AND kind = 'supplier') THEN
      PERFORM emergency_refuse('only the supplier may owe');
    END IF;
  ELSIF TG_OP <> 'UPDATE' THEN
    PERFORM emergency_refuse('a stock is never deleted');
  ELSIF (OLD.id, OLD.depot_id, OLD.item_id, OLD.owes)
    IS DISTINCT FROM (NEW.id, NEW.depot_id, NEW.item_id, NEW.owes) THEN
    PERFORM emergency_refuse('a stock keeps its depot and item');
  ELSIF pg_trigger_depth() < 2 AND (OLD.balance, OLD.version, OLD.head)
    IS DISTINCT FROM (NEW.balance, NEW.version, NEW.head) THEN
    PERFORM emergency_refuse('a stock moves by movements only');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER emergency_stock_guard BEFORE INSERT OR UPDATE OR DELETE ON emergency_stock
FOR EACH ROW EXECUTE FUNCTION emergency_stock_guard();
CREATE OR REPLACE TRIGGER emergency_stock_no_truncate BEFORE TRUNCATE ON emergency_stock
FOR EACH STATEMENT EXECUTE FUNCTION emergency_stock_guard();

CREATE OR REPLACE FUNCTION emergency_depot_keeps_its_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM emergency_refuse('a depot keeps its kind');
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER emergency_depot_keeps_its_kind BEFORE UPDATE ON emergency_depot
FOR EACH ROW WHEN (OLD.kind <> NEW.kind) EXECUTE FUNCTION emergency_depot_keeps_its_kind();
