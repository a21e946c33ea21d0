-- Wishes: what is taken up and received is counted here and nowhere else; wishes.postgresql.sql says the same.
CREATE TRIGGER volunteers_wish_begins_untaken BEFORE INSERT ON volunteers_wish
WHEN NEW.taken <> 0 OR NEW.received <> 0 OR EXISTS (SELECT 1 FROM volunteers_wish WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'a wish begins with nothing taken up');
END;
CREATE TRIGGER volunteers_wish_is_counted BEFORE UPDATE ON volunteers_wish
WHEN (NEW.taken, NEW.received) IS NOT (OLD.taken, OLD.received) AND (
  NEW.taken <> (SELECT coalesce(sum(quantity), 0) FROM volunteers_take
                WHERE wish_id = NEW.id AND state IN ('taken', 'delivered', 'confirmed'))
  OR NEW.received <> (SELECT coalesce(sum(quantity), 0) FROM volunteers_take
                      WHERE wish_id = NEW.id AND state = 'confirmed')
)
BEGIN
  SELECT RAISE(ABORT, 'a wish is taken up by its takes only');
END;
CREATE TRIGGER volunteers_wish_no_delete BEFORE DELETE ON volunteers_wish
BEGIN
  SELECT RAISE(ABORT, 'a wish is never deleted');
END;

CREATE TRIGGER volunteers_take_begins AFTER INSERT ON volunteers_take
BEGIN
  SELECT RAISE(ABORT, 'a wish is taken up before it is received') WHERE NEW.state <> 'taken';
  SELECT RAISE(ABORT, 'only a wish on the list is taken up')
  WHERE NOT EXISTS (SELECT 1 FROM volunteers_wish WHERE id = NEW.wish_id AND state = 'open');
  UPDATE volunteers_wish SET taken = taken + NEW.quantity WHERE id = NEW.wish_id;
END;
CREATE TRIGGER volunteers_take_moves AFTER UPDATE OF state ON volunteers_take
WHEN NEW.state <> OLD.state
BEGIN
  UPDATE volunteers_wish SET
    taken = taken + NEW.quantity * (
      (NEW.state IN ('taken', 'delivered', 'confirmed')) - (OLD.state IN ('taken', 'delivered', 'confirmed'))
    ),
    received = received + NEW.quantity * ((NEW.state = 'confirmed') - (OLD.state = 'confirmed'))
  WHERE id = NEW.wish_id;
END;
CREATE TRIGGER volunteers_take_keeps BEFORE UPDATE ON volunteers_take
WHEN (NEW.id, NEW.wish_id, NEW.quantity, NEW.taker_id) IS NOT (OLD.id, OLD.wish_id, OLD.quantity, OLD.taker_id)
  OR (OLD.state IN ('confirmed', 'given_back', 'lapsed') AND NEW.state <> OLD.state)
BEGIN
  SELECT RAISE(ABORT, 'what was taken up keeps its wish, pieces and taker');
END;
CREATE TRIGGER volunteers_take_no_delete BEFORE DELETE ON volunteers_take
BEGIN
  SELECT RAISE(ABORT, 'what was taken up is never deleted');
END;
