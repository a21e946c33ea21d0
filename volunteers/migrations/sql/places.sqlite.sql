-- Places of shifts: what is taken is counted here and nowhere else; places.postgresql.sql says the same for PostgreSQL.
-- A sign-up occupies a place while it is asked, confirmed, attended or missed; a waiting place while it is offered.
CREATE TRIGGER volunteers_shift_begins_empty BEFORE INSERT ON volunteers_shift
WHEN NEW.taken <> 0 OR EXISTS (SELECT 1 FROM volunteers_shift WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'a shift begins with no place taken');
END;
CREATE TRIGGER volunteers_shift_taken_is_counted BEFORE UPDATE OF taken ON volunteers_shift
WHEN NEW.taken <> OLD.taken AND NEW.taken <>
  (SELECT count(*) FROM volunteers_signup
   WHERE shift_id = NEW.id AND state IN ('asked', 'confirmed', 'attended', 'missed'))
  + (SELECT count(*) FROM volunteers_waitingplace WHERE shift_id = NEW.id AND state = 'offered')
BEGIN
  SELECT RAISE(ABORT, 'places are taken by sign-ups only');
END;

CREATE TRIGGER volunteers_signup_begins AFTER INSERT ON volunteers_signup
WHEN NEW.state IN ('asked', 'confirmed', 'attended', 'missed')
BEGIN
  UPDATE volunteers_shift SET taken = taken + 1 WHERE id = NEW.shift_id;
END;
CREATE TRIGGER volunteers_signup_moves AFTER UPDATE OF state ON volunteers_signup
WHEN (OLD.state IN ('asked', 'confirmed', 'attended', 'missed'))
  <> (NEW.state IN ('asked', 'confirmed', 'attended', 'missed'))
BEGIN
  UPDATE volunteers_shift
  SET taken = taken + CASE WHEN NEW.state IN ('asked', 'confirmed', 'attended', 'missed') THEN 1 ELSE -1 END
  WHERE id = NEW.shift_id;
END;
CREATE TRIGGER volunteers_signup_keeps BEFORE UPDATE ON volunteers_signup
WHEN (OLD.id, OLD.shift_id, OLD.volunteer_id) IS NOT (NEW.id, NEW.shift_id, NEW.volunteer_id)
BEGIN
  SELECT RAISE(ABORT, 'a sign-up keeps its shift and its volunteer');
END;
CREATE TRIGGER volunteers_signup_no_delete BEFORE DELETE ON volunteers_signup
BEGIN
  SELECT RAISE(ABORT, 'sign-ups stay');
END;
CREATE TRIGGER volunteers_signup_no_replace BEFORE INSERT ON volunteers_signup
WHEN EXISTS (SELECT 1 FROM volunteers_signup WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'sign-ups stay');
END;

CREATE TRIGGER volunteers_waitingplace_begins BEFORE INSERT ON volunteers_waitingplace
WHEN NEW.state <> 'waiting' OR EXISTS (SELECT 1 FROM volunteers_waitingplace WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'a place on the list begins by waiting');
END;
CREATE TRIGGER volunteers_waitingplace_moves AFTER UPDATE OF state ON volunteers_waitingplace
WHEN (OLD.state = 'offered') <> (NEW.state = 'offered')
BEGIN
  UPDATE volunteers_shift SET taken = taken + CASE WHEN NEW.state = 'offered' THEN 1 ELSE -1 END
  WHERE id = NEW.shift_id;
END;
CREATE TRIGGER volunteers_waitingplace_keeps BEFORE UPDATE ON volunteers_waitingplace
WHEN (OLD.id, OLD.shift_id, OLD.volunteer_id) IS NOT (NEW.id, NEW.shift_id, NEW.volunteer_id)
BEGIN
  SELECT RAISE(ABORT, 'a place on the list keeps its shift and its volunteer');
END;
CREATE TRIGGER volunteers_waitingplace_no_delete BEFORE DELETE ON volunteers_waitingplace
BEGIN
  SELECT RAISE(ABORT, 'places on the list stay');
END;
