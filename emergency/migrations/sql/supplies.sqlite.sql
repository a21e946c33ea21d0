-- Supplies inside the database; supplies.postgresql.sql says the same for PostgreSQL.
-- A movement is what moves: inserting it changes both stocks, and nothing else changes them.
-- SQLite cannot tell a trigger's UPDATE from another, so the guard of stocks asks whether a
-- movement justifies the new balance.

CREATE TRIGGER emergency_movement_apply AFTER INSERT ON emergency_movement
BEGIN
  SELECT RAISE(ABORT, 'a movement is of one item')
  WHERE (SELECT item_id FROM emergency_stock WHERE id = NEW.source_id)
    IS NOT (SELECT item_id FROM emergency_stock WHERE id = NEW.target_id);
  UPDATE emergency_stock SET
    balance = balance - NEW.amount, version = NEW.source_number, head = NEW.hash
  WHERE id = NEW.source_id AND version = NEW.source_number - 1 AND head = NEW.source_previous
    AND (owes OR balance >= NEW.amount);
  SELECT RAISE(ABORT, 'the stock has moved on, or has not enough units')
  WHERE (SELECT head FROM emergency_stock WHERE id = NEW.source_id) IS NOT NEW.hash;
  UPDATE emergency_stock SET
    balance = balance + NEW.amount, version = NEW.target_number, head = NEW.hash
  WHERE id = NEW.target_id AND version = NEW.target_number - 1 AND head = NEW.target_previous;
  SELECT RAISE(ABORT, 'the stock has moved on')
  WHERE (SELECT head FROM emergency_stock WHERE id = NEW.target_id) IS NOT NEW.hash;
END;

-- Stocks: begin empty, stay where they are, move by movements only, stay -----------------------------
CREATE TRIGGER emergency_stock_begins_empty BEFORE INSERT ON emergency_stock
BEGIN
  SELECT RAISE(ABORT, 'a stock begins empty')
  WHERE NEW.balance <> 0 OR NEW.version <> 0
     OR NEW.head <> '0000000000000000000000000000000000000000000000000000000000000000'
     OR EXISTS (
       SELECT 1 FROM emergency_stock
       WHERE id = NEW.id OR (depot_id = NEW.depot_id AND item_id = NEW.item_id)
     );
  SELECT RAISE(ABORT, 'only the supplier may owe')
  WHERE NEW.owes <> EXISTS (
    SELECT 1 FROM emergency_depot WHERE id = NEW.depot_id AND kind = 'supplier'
  );
END;
CREATE TRIGGER emergency_stock_keeps_its_place BEFORE UPDATE ON emergency_stock
WHEN (OLD.id, OLD.depot_id, OLD.item_id, OLD.owes) IS NOT (NEW.id, NEW.depot_id, NEW.item_id, NEW.owes)
BEGIN
  SELECT RAISE(ABORT, 'a stock keeps its depot and item');
END;
CREATE TRIGGER emergency_stock_moves_by_movements BEFORE UPDATE ON emergency_stock
WHEN (OLD.balance, OLD.version, OLD.head) IS NOT (NEW.balance, NEW.version, NEW.head)
BEGIN
  SELECT RAISE(ABORT, 'a stock moves by movements only')
  WHERE NEW.version <> OLD.version + 1 OR NOT EXISTS (
    SELECT 1 FROM emergency_movement AS movement
    WHERE movement.hash = NEW.head AND (
      (movement.source_id = OLD.id AND movement.source_number = NEW.version
        AND movement.source_previous = OLD.head AND NEW.balance = OLD.balance - movement.amount)
      OR
      (movement.target_id = OLD.id AND movement.target_number = NEW.version
        AND movement.target_previous = OLD.head AND NEW.balance = OLD.balance + movement.amount)
    )
  );
END;
CREATE TRIGGER emergency_stock_no_delete BEFORE DELETE ON emergency_stock
BEGIN
  SELECT RAISE(ABORT, 'a stock is never deleted');
END;
CREATE TRIGGER emergency_depot_keeps_its_kind BEFORE UPDATE ON emergency_depot
WHEN OLD.kind IS NOT NEW.kind
BEGIN
  SELECT RAISE(ABORT, 'a depot keeps its kind');
END;
