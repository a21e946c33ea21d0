-- Hours: at one place at a time, not longer than the stay, never confirmed by oneself; hours.postgresql.sql says the same.
-- Grace of the rules is at most half an hour at either end, so hours exceed a stay by less than 61 minutes.
CREATE TRIGGER volunteers_presence_begins BEFORE INSERT ON volunteers_presence
BEGIN
  SELECT RAISE(ABORT, 'a stay begins with arriving')
  WHERE NEW.state <> 'present' OR EXISTS (SELECT 1 FROM volunteers_presence WHERE id = NEW.id OR signup_id = NEW.signup_id);
  SELECT RAISE(ABORT, 'a stay is that of the one who signed up')
  WHERE NOT EXISTS (SELECT 1 FROM volunteers_signup WHERE id = NEW.signup_id AND volunteer_id = NEW.volunteer_id);
  SELECT RAISE(ABORT, 'nobody is at two places at once')
  FROM volunteers_presence AS other
  WHERE other.volunteer_id = NEW.volunteer_id AND other.state NOT IN ('refused', 'revoked')
    AND (other.left_at IS NULL OR other.left_at > NEW.arrived_at) AND other.arrived_at <= NEW.arrived_at;
END;
CREATE TRIGGER volunteers_presence_changes BEFORE UPDATE ON volunteers_presence
BEGIN
  SELECT RAISE(ABORT, 'a stay keeps its volunteer and shift')
  WHERE (NEW.id, NEW.signup_id, NEW.volunteer_id) IS NOT (OLD.id, OLD.signup_id, OLD.volunteer_id);
  SELECT RAISE(ABORT, 'what is revoked stays revoked') WHERE OLD.state = 'revoked' AND NEW.state <> 'revoked';
  SELECT RAISE(ABORT, 'hours are not longer than the stay')
  WHERE NEW.left_at IS NOT NULL AND NEW.minutes > (julianday(NEW.left_at) - julianday(NEW.arrived_at)) * 1440 + 61;
  SELECT RAISE(ABORT, 'nobody confirms his own hours')
  FROM volunteers_volunteer AS volunteer
  WHERE volunteer.id = NEW.volunteer_id AND volunteer.person_id = NEW.confirmed_by_id;
  SELECT RAISE(ABORT, 'nobody is at two places at once')
  FROM volunteers_presence AS other
  WHERE other.volunteer_id = NEW.volunteer_id AND other.id <> NEW.id
    AND NEW.state NOT IN ('refused', 'revoked') AND other.state NOT IN ('refused', 'revoked')
    AND NEW.left_at IS NOT NULL AND other.left_at IS NOT NULL
    AND other.arrived_at < NEW.left_at AND other.left_at > NEW.arrived_at;
END;
CREATE TRIGGER volunteers_presence_no_delete BEFORE DELETE ON volunteers_presence
BEGIN
  SELECT RAISE(ABORT, 'a stay is never deleted');
END;
