-- Places of shifts: what is taken is counted here and nowhere else; places.sqlite.sql says the same for SQLite.
-- A sign-up occupies a place while it is asked, confirmed, attended or missed; a waiting place while it is offered.
CREATE OR REPLACE FUNCTION volunteers_refuse(words text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', words USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE OR REPLACE FUNCTION volunteers_shift_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.taken <> 0 THEN
    PERFORM volunteers_refuse('a shift begins with no place taken');
  -- Below the trigger of a sign-up or a waiting place, nowhere else.
  ELSIF TG_OP = 'UPDATE' AND NEW.taken <> OLD.taken AND pg_trigger_depth() < 2 THEN
    PERFORM volunteers_refuse('places are taken by sign-ups only');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER volunteers_shift_guard BEFORE INSERT OR UPDATE ON volunteers_shift
FOR EACH ROW EXECUTE FUNCTION volunteers_shift_guard();

CREATE OR REPLACE FUNCTION volunteers_signup_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM volunteers_refuse('sign-ups stay');
  ELSIF (OLD.id, OLD.shift_id, OLD.volunteer_id) IS DISTINCT FROM (NEW.id, NEW.shift_id, NEW.volunteer_id) THEN
    PERFORM volunteers_refuse('a sign-up keeps its shift and its volunteer');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER volunteers_signup_guard BEFORE UPDATE OR DELETE ON volunteers_signup
FOR EACH ROW EXECUTE FUNCTION volunteers_signup_guard();

CREATE OR REPLACE FUNCTION volunteers_signup_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held constant text[] := ARRAY['asked', 'confirmed', 'attended', 'missed'];
  difference integer := (NEW.state = ANY (held))::integer;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    difference := difference - (OLD.state = ANY (held))::integer;
  END IF;
  IF difference <> 0 THEN
    UPDATE volunteers_shift SET taken = taken + difference WHERE id = NEW.shift_id;
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER volunteers_signup_counts AFTER INSERT OR UPDATE OF state ON volunteers_signup
FOR EACH ROW EXECUTE FUNCTION volunteers_signup_counts();

CREATE OR REPLACE FUNCTION volunteers_waitingplace_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM volunteers_refuse('places on the list stay');
  ELSIF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'waiting' THEN
      PERFORM volunteers_refuse('a place on the list begins by waiting');
    END IF;
  ELSIF (OLD.id, OLD.shift_id, OLD.volunteer_id) IS DISTINCT FROM (NEW.id, NEW.shift_id, NEW.volunteer_id) THEN
    PERFORM volunteers_refuse('a place on the list keeps its shift and its volunteer');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER volunteers_waitingplace_guard BEFORE INSERT OR UPDATE OR DELETE ON volunteers_waitingplace
FOR EACH ROW EXECUTE FUNCTION volunteers_waitingplace_guard();

CREATE OR REPLACE FUNCTION volunteers_waitingplace_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state = 'offered') <> (NEW.state = 'offered') THEN
    UPDATE volunteers_shift SET taken = taken + CASE WHEN NEW.state = 'offered' THEN 1 ELSE -1 END
    WHERE id = NEW.shift_id;
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER volunteers_waitingplace_counts AFTER UPDATE OF state ON volunteers_waitingplace
FOR EACH ROW EXECUTE FUNCTION volunteers_waitingplace_counts();
