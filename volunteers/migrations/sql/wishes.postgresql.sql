-- Wishes: what is taken up and received is counted here and nowhere else; wishes.sqlite.sql says the same.
CREATE OR REPLACE FUNCTION volunteers_wish_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM volunteers_refuse('a wish is never deleted');
  ELSIF TG_OP = 'INSERT' THEN
    IF NEW.taken <> 0 OR NEW.received <> 0 THEN
      PERFORM volunteers_refuse('a wish begins with nothing taken up');
    END IF;
  ELSIF pg_trigger_depth() < 2 AND (NEW.taken, NEW.received) IS DISTINCT FROM (OLD.taken, OLD.received) THEN
    PERFORM volunteers_refuse('a wish is taken up by its takes only');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER volunteers_wish_guard BEFORE INSERT OR UPDATE OR DELETE ON volunteers_wish
FOR EACH ROW EXECUTE FUNCTION volunteers_wish_guard();

CREATE OR REPLACE FUNCTION volunteers_take_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  keeping CONSTANT text[] := ARRAY['taken', 'delivered', 'confirmed'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'taken' THEN
      PERFORM volunteers_refuse('a wish is taken up before it is received');
    END IF;
    UPDATE volunteers_wish SET taken = taken + NEW.quantity WHERE id = NEW.wish_id AND state = 'open';
    IF NOT FOUND THEN
      PERFORM volunteers_refuse('only a wish on the list is taken up');
    END IF;
  ELSIF NEW.state <> OLD.state THEN
    UPDATE volunteers_wish SET
      taken = taken + NEW.quantity * ((NEW.state = ANY (keeping))::int - (OLD.state = ANY (keeping))::int),
      received = received + NEW.quantity * ((NEW.state = 'confirmed')::int - (OLD.state = 'confirmed')::int)
    WHERE id = NEW.wish_id;
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER volunteers_take_counts AFTER INSERT OR UPDATE OF state ON volunteers_take
FOR EACH ROW EXECUTE FUNCTION volunteers_take_counts();

CREATE OR REPLACE FUNCTION volunteers_take_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM volunteers_refuse('what was taken up is never deleted');
  ELSIF (NEW.id, NEW.wish_id, NEW.quantity, NEW.taker_id) IS DISTINCT FROM (OLD.id, OLD.wish_id, OLD.quantity, OLD.taker_id)
    OR (OLD.state IN ('confirmed', 'given_back', 'lapsed') AND NEW.state <> OLD.state) THEN
    PERFORM volunteers_refuse('what was taken up keeps its wish, pieces and taker');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER volunteers_take_guard BEFORE UPDATE OR DELETE ON volunteers_take
FOR EACH ROW EXECUTE FUNCTION volunteers_take_guard();
