-- Spoilt papers: noted by one, cancelled by another, kept; spoilt.sqlite.sql says the same for SQLite.
CREATE OR REPLACE FUNCTION consultation_spoiltpaper_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (OLD.confirmed_at IS NOT NULL OR NEW.confirmed_at IS NULL
    OR (OLD.id, OLD.paper_id, OLD.reason, OLD.noted_by_id, OLD.noted_at)
      IS DISTINCT FROM (NEW.id, NEW.paper_id, NEW.reason, NEW.noted_by_id, NEW.noted_at))) THEN
    PERFORM consultation_refuse('spoilt papers are kept');
  ELSIF TG_OP = 'INSERT' AND NEW.confirmed_at IS NOT NULL THEN
    PERFORM consultation_refuse('a second person confirms that a paper is spoilt');
  END IF;
  PERFORM 1 FROM consultation_paperballot AS paper JOIN consultation_vote AS vote ON vote.id = paper.vote_id
  WHERE paper.id = NEW.paper_id AND vote.state = 'open'
    AND (NEW.confirmed_at IS NULL OR vote.is_secret = (NEW.code_digest = ''))
  FOR SHARE OF vote;
  IF NOT FOUND THEN
    PERFORM consultation_refuse('papers are cancelled in an open vote');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER consultation_spoiltpaper_kept BEFORE INSERT OR UPDATE OR DELETE ON consultation_spoiltpaper
FOR EACH ROW EXECUTE FUNCTION consultation_spoiltpaper_kept();

CREATE OR REPLACE FUNCTION consultation_paperentry_not_spoilt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM consultation_spoiltpaper
    WHERE paper_id = NEW.paper_id AND confirmed_at IS NOT NULL AND code_digest = ''
  ) THEN
    PERFORM consultation_refuse('a cancelled paper is not counted');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER consultation_paperentry_not_spoilt BEFORE INSERT ON consultation_paperentry
FOR EACH ROW EXECUTE FUNCTION consultation_paperentry_not_spoilt();
