-- What a person said or is called may be erased, into '—', and nothing else; erasure.sqlite.sql says the same for
-- SQLite.
CREATE OR REPLACE FUNCTION consultation_entitlement_used() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.label = '—' AND (to_jsonb(OLD) - 'label') = (to_jsonb(NEW) - 'label') THEN
    RETURN NEW;
  END IF;
  IF OLD.voted_at IS NOT NULL OR NEW.voted_at IS NULL
    OR (OLD.id, OLD.vote_id, OLD.key, OLD.label, OLD.household, OLD.area, OLD.person_id)
      IS DISTINCT FROM (NEW.id, NEW.vote_id, NEW.key, NEW.label, NEW.household, NEW.area, NEW.person_id) THEN
    PERFORM consultation_refuse('a right to vote is used once and never changed');
  END IF;
  PERFORM 1 FROM consultation_vote
  WHERE id = NEW.vote_id AND state = 'open' AND NEW.voted_at < closes_at FOR SHARE;
  IF NOT FOUND THEN
    PERFORM consultation_refuse('the vote is not open');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION consultation_entitlement_right() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.voted_at IS NULL AND NEW.voted_at IS NOT NULL AND NEW.channel <> 'paper' THEN
    INSERT INTO consultation_ballotright (vote_id) VALUES (NEW.vote_id);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION consultation_only_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- TG_ARGV[0]: the column that may be erased.
  IF TG_OP = 'DELETE' OR to_jsonb(NEW) ->> TG_ARGV[0] <> '—'
    OR (to_jsonb(OLD) - TG_ARGV[0]) <> (to_jsonb(NEW) - TG_ARGV[0]) THEN
    PERFORM consultation_refuse('what was taken down stays, or is erased');
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS consultation_recusal_append_only ON consultation_recusal;
CREATE OR REPLACE TRIGGER consultation_recusal_only_erased BEFORE UPDATE OR DELETE ON consultation_recusal
FOR EACH ROW EXECUTE FUNCTION consultation_only_erased('reason');
DROP TRIGGER IF EXISTS consultation_position_append_only ON consultation_position;
CREATE OR REPLACE TRIGGER consultation_position_only_erased BEFORE UPDATE OR DELETE ON consultation_position
FOR EACH ROW EXECUTE FUNCTION consultation_only_erased('text');
