-- Hours: at one place at a time, not longer than the stay, never confirmed by oneself; hours.sqlite.sql says the same.
-- Grace of the rules is at most half an hour at either end, so hours exceed a stay by less than 61 minutes.
-- The volunteer's row is locked first, so that two stays of one volunteer are written one after the other.
CREATE OR REPLACE FUNCTION volunteers_presence_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM volunteers_refuse('a stay is never deleted');
  END IF;
  PERFORM 1 FROM volunteers_volunteer WHERE id = NEW.volunteer_id FOR NO KEY UPDATE;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'present' THEN
      PERFORM volunteers_refuse('a stay begins with arriving');
    END IF;
    IF NOT EXISTS (SELECT 1 FROM volunteers_signup WHERE id = NEW.signup_id AND volunteer_id = NEW.volunteer_id) THEN
      PERFORM volunteers_refuse('a stay is that of the one who signed up');
    END IF;
  ELSE
    IF (NEW.id, NEW.signup_id, NEW.volunteer_id) IS DISTINCT FROM (OLD.id, OLD.signup_id, OLD.volunteer_id) THEN
      PERFORM volunteers_refuse('a stay keeps its volunteer and shift');
    END IF;
    IF OLD.state = 'revoked' AND NEW.state <> 'revoked' THEN
      PERFORM volunteers_refuse('what is revoked stays revoked');
    END IF;
    IF NEW.minutes > extract(epoch FROM NEW.left_at - NEW.arrived_at) / 60 + 61 THEN
      PERFORM volunteers_refuse('hours are not longer than the stay');
    END IF;
    IF EXISTS (SELECT 1 FROM volunteers_volunteer WHERE id = NEW.volunteer_id AND person_id = NEW.confirmed_by_id) THEN
      PERFORM volunteers_refuse('nobody confirms his own hours');
    END IF;
  END IF;
  IF NEW.state NOT IN ('refused', 'revoked') AND EXISTS (
    SELECT 1 FROM volunteers_presence AS other
    WHERE other.volunteer_id = NEW.volunteer_id AND other.id <> NEW.id
      AND other.state NOT IN ('refused', 'revoked')
      AND (NEW.left_at IS NULL OR other.arrived_at < NEW.left_at)
      AND (other.left_at IS NULL OR other.left_at > NEW.arrived_at)
      AND (NEW.left_at IS NOT NULL OR other.arrived_at <= NEW.arrived_at)
      AND (other.left_at IS NOT NULL OR NEW.left_at IS NULL)
  ) THEN
    PERFORM volunteers_refuse('nobody is at two places at once');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER volunteers_presence_guard BEFORE INSERT OR UPDATE OR DELETE ON volunteers_presence
FOR EACH ROW EXECUTE FUNCTION volunteers_presence_guard();
