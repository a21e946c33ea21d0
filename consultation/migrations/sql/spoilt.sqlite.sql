-- Spoilt papers: noted by one, cancelled by another, kept; spoilt.postgresql.sql says the same for PostgreSQL.
CREATE TRIGGER consultation_spoiltpaper_noted BEFORE INSERT ON consultation_spoiltpaper
BEGIN
  SELECT RAISE(ABORT, 'spoilt papers are kept') FROM consultation_spoiltpaper
  WHERE id = NEW.id OR (paper_id = NEW.paper_id AND confirmed_at IS NULL);
  SELECT RAISE(ABORT, 'a second person confirms that a paper is spoilt') WHERE NEW.confirmed_at IS NOT NULL;
  SELECT RAISE(ABORT, 'papers are cancelled in an open vote') WHERE NOT EXISTS (
    SELECT 1 FROM consultation_paperballot AS paper JOIN consultation_vote AS vote ON vote.id = paper.vote_id
    WHERE paper.id = NEW.paper_id AND vote.state = 'open');
END;
CREATE TRIGGER consultation_spoiltpaper_kept BEFORE UPDATE ON consultation_spoiltpaper
BEGIN
  SELECT RAISE(ABORT, 'spoilt papers are kept')
  WHERE OLD.confirmed_at IS NOT NULL OR NEW.confirmed_at IS NULL OR OLD.id <> NEW.id OR OLD.paper_id <> NEW.paper_id
    OR OLD.reason <> NEW.reason OR OLD.noted_by_id <> NEW.noted_by_id OR OLD.noted_at <> NEW.noted_at;
  SELECT RAISE(ABORT, 'papers are cancelled in an open vote') WHERE NOT EXISTS (
    SELECT 1 FROM consultation_paperballot AS paper JOIN consultation_vote AS vote ON vote.id = paper.vote_id
    WHERE paper.id = NEW.paper_id AND vote.state = 'open' AND vote.is_secret = (NEW.code_digest = ''));
END;
CREATE TRIGGER consultation_spoiltpaper_no_delete BEFORE DELETE ON consultation_spoiltpaper
BEGIN SELECT RAISE(ABORT, 'spoilt papers are kept'); END;
CREATE TRIGGER consultation_paperentry_not_spoilt BEFORE INSERT ON consultation_paperentry
BEGIN
  SELECT RAISE(ABORT, 'a cancelled paper is not counted') FROM consultation_spoiltpaper
  WHERE paper_id = NEW.paper_id AND confirmed_at IS NOT NULL AND code_digest = '';
END;
