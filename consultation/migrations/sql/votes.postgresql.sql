-- Votes: one per entitled, none after closing, nothing stuffed, rules that stay; votes.sqlite.sql says
-- the same for SQLite.
CREATE OR REPLACE FUNCTION consultation_vote_way() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state <> 'draft' THEN
      PERFORM consultation_refuse('a vote that was opened is kept');
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.state <> 'draft' AND (
    OLD.id, OLD.consultation_id, OLD.stage_id, OLD.session_id, OLD.roll_id, OLD.question, OLD.is_secret, OLD.unit,
    OLD.most_proxies, OLD.opened_at, OLD.closes_at, OLD.rules::text, OLD.salt
  ) IS DISTINCT FROM (
    NEW.id, NEW.consultation_id, NEW.stage_id, NEW.session_id, NEW.roll_id, NEW.question, NEW.is_secret, NEW.unit,
    NEW.most_proxies, NEW.opened_at, NEW.closes_at, NEW.rules::text, NEW.salt
  ) THEN
    PERFORM consultation_refuse('rules stay as they are once voting has begun');
  END IF;
  IF OLD.state = NEW.state THEN
    IF OLD.state <> 'draft' AND (OLD.commitment, OLD.series, OLD.result::text, OLD.passed, OLD.closed_at, OLD.judged_at)
      IS DISTINCT FROM (NEW.commitment, NEW.series, NEW.result::text, NEW.passed, NEW.closed_at, NEW.judged_at) THEN
      PERFORM consultation_refuse('a result changes by a move only');
    END IF;
    RETURN NEW;
  END IF;
  IF (OLD.state, NEW.state) NOT IN (('draft', 'open'), ('draft', 'void'), ('open', 'closed'), ('open', 'void'),
    ('closed', 'judged'), ('closed', 'void'), ('judged', 'closed')) THEN
    PERFORM consultation_refuse('a vote does not go this way');
  END IF;
  IF OLD.state <> 'open' AND OLD.state <> 'draft' AND OLD.commitment <> NEW.commitment THEN
    PERFORM consultation_refuse('the hash over all ballots stays');
  END IF;
  IF OLD.state = 'open' AND NEW.state = 'closed' AND (
    EXISTS (SELECT 1 FROM consultation_ballotright WHERE vote_id = NEW.id)
    OR (SELECT count(*) FROM consultation_ballot WHERE vote_id = NEW.id) <> (
      SELECT count(*) FROM consultation_entitlement
      WHERE vote_id = NEW.id AND voted_at IS NOT NULL AND channel <> 'paper')
  ) THEN
    PERFORM consultation_refuse('ballots and people who voted are not equally many');
  END IF;
  IF NEW.state = 'judged' AND (
    SELECT count(DISTINCT entry.paper_id) FROM consultation_paperentry AS entry
    JOIN consultation_papercount AS counted ON counted.id = entry.count_id
    WHERE counted.vote_id = NEW.id AND counted.series = NEW.series
  ) > (SELECT count(*) FROM consultation_entitlement WHERE vote_id = NEW.id AND channel = 'paper') THEN
    PERFORM consultation_refuse('more papers were counted than handed out');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER consultation_vote_way BEFORE UPDATE OR DELETE ON consultation_vote
FOR EACH ROW EXECUTE FUNCTION consultation_vote_way();

CREATE OR REPLACE FUNCTION consultation_electorate_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  vote bigint;
BEGIN
  vote := CASE WHEN TG_OP = 'DELETE' THEN OLD.vote_id ELSE NEW.vote_id END;
  PERFORM 1 FROM consultation_vote WHERE id = vote AND state = 'draft' FOR SHARE;
  IF NOT FOUND THEN
    PERFORM consultation_refuse('rules stay as they are once voting has begun');
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE OR REPLACE TRIGGER consultation_voteoption_frozen BEFORE INSERT OR UPDATE OR DELETE ON consultation_voteoption
FOR EACH ROW EXECUTE FUNCTION consultation_electorate_frozen();
CREATE OR REPLACE TRIGGER consultation_entitlement_frozen BEFORE INSERT OR DELETE ON consultation_entitlement
FOR EACH ROW EXECUTE FUNCTION consultation_electorate_frozen();

CREATE OR REPLACE FUNCTION consultation_voters_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND EXISTS (
    SELECT 1 FROM consultation_entitlement AS entitlement
    JOIN consultation_vote AS vote ON vote.id = entitlement.vote_id
    WHERE entitlement.id = NEW.entitlement_id AND vote.state = 'draft'
  ) THEN
    RETURN NEW;
  END IF;
  PERFORM consultation_refuse('rules stay as they are once voting has begun');
END $$;
CREATE OR REPLACE TRIGGER consultation_voters_frozen BEFORE INSERT OR UPDATE OR DELETE ON consultation_entitlement_voters
FOR EACH ROW EXECUTE FUNCTION consultation_voters_frozen();

CREATE OR REPLACE FUNCTION consultation_entitlement_used() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
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
CREATE OR REPLACE TRIGGER consultation_entitlement_used BEFORE UPDATE ON consultation_entitlement
FOR EACH ROW EXECUTE FUNCTION consultation_entitlement_used();

CREATE OR REPLACE FUNCTION consultation_entitlement_right() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.channel <> 'paper' THEN
    INSERT INTO consultation_ballotright (vote_id) VALUES (NEW.vote_id);
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER consultation_entitlement_right AFTER UPDATE ON consultation_entitlement
FOR EACH ROW EXECUTE FUNCTION consultation_entitlement_right();

CREATE OR REPLACE FUNCTION consultation_ballotright_inner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 OR TG_OP = 'UPDATE' THEN
    PERFORM consultation_refuse('rights of ballots come from people who vote');
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE OR REPLACE TRIGGER consultation_ballotright_inner BEFORE INSERT OR UPDATE OR DELETE ON consultation_ballotright
FOR EACH ROW EXECUTE FUNCTION consultation_ballotright_inner();

CREATE OR REPLACE FUNCTION consultation_ballot_in_box() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  secret boolean;
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM consultation_refuse('ballots are kept');
  ELSIF TG_OP = 'UPDATE' THEN
    IF OLD.sealed OR NOT NEW.sealed OR (OLD.id, OLD.vote_id, OLD.option_id, OLD.entitlement_id, OLD.receipt)
      IS DISTINCT FROM (NEW.id, NEW.vote_id, NEW.option_id, NEW.entitlement_id, NEW.receipt)
      OR NOT EXISTS (SELECT 1 FROM consultation_vote WHERE id = NEW.vote_id AND state = 'closed') THEN
      PERFORM consultation_refuse('ballots are never changed');
    END IF;
    RETURN NEW;
  END IF;
  SELECT is_secret INTO secret FROM consultation_vote WHERE id = NEW.vote_id AND state = 'open' FOR SHARE;
  IF NOT FOUND OR NEW.sealed THEN
    PERFORM consultation_refuse('the vote is not open');
  ELSIF secret <> (NEW.entitlement_id IS NULL) THEN
    PERFORM consultation_refuse('a ballot names its voter in an open vote, and only there');
  ELSIF NOT EXISTS (SELECT 1 FROM consultation_voteoption WHERE id = NEW.option_id AND vote_id = NEW.vote_id) THEN
    PERFORM consultation_refuse('this answer belongs to another vote');
  ELSIF NEW.entitlement_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM consultation_entitlement
    WHERE id = NEW.entitlement_id AND vote_id = NEW.vote_id AND voted_at IS NOT NULL AND channel <> 'paper'
  ) THEN
    PERFORM consultation_refuse('nobody has voted for this ballot');
  END IF;
  DELETE FROM consultation_ballotright WHERE id = (
    SELECT id FROM consultation_ballotright WHERE vote_id = NEW.vote_id LIMIT 1 FOR UPDATE SKIP LOCKED);
  IF NOT FOUND THEN
    PERFORM consultation_refuse('nobody has voted for this ballot');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER consultation_ballot_in_box BEFORE INSERT OR UPDATE OR DELETE ON consultation_ballot
FOR EACH ROW EXECUTE FUNCTION consultation_ballot_in_box();
CREATE OR REPLACE FUNCTION consultation_never_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM consultation_refuse('votes are never emptied');
END $$;
CREATE OR REPLACE TRIGGER consultation_ballot_no_truncate BEFORE TRUNCATE ON consultation_ballot
FOR EACH STATEMENT EXECUTE FUNCTION consultation_never_emptied();
CREATE OR REPLACE TRIGGER consultation_entitlement_no_truncate BEFORE TRUNCATE ON consultation_entitlement
FOR EACH STATEMENT EXECUTE FUNCTION consultation_never_emptied();

-- Proxies: within the household, one step far, no more than the rule says ---------------------------------
CREATE OR REPLACE FUNCTION consultation_proxy_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM consultation_refuse('proxies are kept');
  END IF;
  PERFORM 1 FROM consultation_vote WHERE id = NEW.vote_id AND state = 'open' FOR SHARE;
  IF NOT FOUND THEN
    PERFORM consultation_refuse('the vote is not open');
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL OR (OLD.vote_id, OLD.giver_id, OLD.holder_id, OLD.paper)
      IS DISTINCT FROM (NEW.vote_id, NEW.giver_id, NEW.holder_id, NEW.paper) THEN
      PERFORM consultation_refuse('a proxy is only taken back');
    END IF;
    RETURN NEW;
  END IF;
  PERFORM 1 FROM consultation_entitlement WHERE id IN (NEW.giver_id, NEW.holder_id) ORDER BY id FOR NO KEY UPDATE;
  IF NOT EXISTS (
    SELECT 1 FROM consultation_entitlement AS giver
    JOIN consultation_entitlement AS holder ON holder.household = giver.household
    WHERE giver.id = NEW.giver_id AND holder.id = NEW.holder_id AND giver.vote_id = NEW.vote_id
      AND holder.vote_id = NEW.vote_id AND giver.voted_at IS NULL
  ) THEN
    PERFORM consultation_refuse('a proxy stays within the household');
  ELSIF EXISTS (
    SELECT 1 FROM consultation_proxy WHERE vote_id = NEW.vote_id AND revoked_at IS NULL
      AND (giver_id = NEW.holder_id OR holder_id = NEW.giver_id)
  ) THEN
    PERFORM consultation_refuse('a proxy goes one step far');
  ELSIF (SELECT count(*) FROM consultation_proxy WHERE holder_id = NEW.holder_id AND revoked_at IS NULL)
    >= (SELECT most_proxies FROM consultation_vote WHERE id = NEW.vote_id) THEN
    PERFORM consultation_refuse('this person holds as many proxies as the rule allows');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER consultation_proxy_kept BEFORE INSERT OR UPDATE OR DELETE ON consultation_proxy
FOR EACH ROW EXECUTE FUNCTION consultation_proxy_kept();

-- Paper: printed before closing, read after it, by one person at a time, once ----------------------------
CREATE OR REPLACE FUNCTION consultation_paperballot_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM consultation_refuse('paper ballots are kept');
  END IF;
  PERFORM 1 FROM consultation_vote
  WHERE id = NEW.vote_id AND state = 'open' AND is_secret = (NEW.entitlement_id IS NULL) FOR SHARE;
  IF NOT FOUND THEN
    PERFORM consultation_refuse('papers are printed for an open vote');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER consultation_paperballot_kept BEFORE INSERT OR UPDATE OR DELETE ON consultation_paperballot
FOR EACH ROW EXECUTE FUNCTION consultation_paperballot_kept();

CREATE OR REPLACE FUNCTION consultation_papercount_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (OLD.closed_at IS NOT NULL OR NEW.closed_at IS NULL
    OR (OLD.vote_id, OLD.series, OLD.turn, OLD.by_id) IS DISTINCT FROM (NEW.vote_id, NEW.series, NEW.turn, NEW.by_id)))
  THEN
    PERFORM consultation_refuse('counts are kept');
  END IF;
  PERFORM 1 FROM consultation_vote WHERE id = NEW.vote_id AND state = 'closed' AND series = NEW.series FOR SHARE;
  IF NOT FOUND THEN
    PERFORM consultation_refuse('papers are counted after closing');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER consultation_papercount_kept BEFORE INSERT OR UPDATE OR DELETE ON consultation_papercount
FOR EACH ROW EXECUTE FUNCTION consultation_papercount_kept();

CREATE OR REPLACE FUNCTION consultation_paperentry_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM consultation_refuse('readings are kept');
  END IF;
  PERFORM 1 FROM consultation_papercount AS counted
  JOIN consultation_vote AS vote ON vote.id = counted.vote_id
  JOIN consultation_paperballot AS paper ON paper.id = NEW.paper_id AND paper.vote_id = vote.id
  WHERE counted.id = NEW.count_id AND counted.closed_at IS NULL AND vote.state = 'closed'
    AND (NEW.option_id IS NULL
      OR EXISTS (SELECT 1 FROM consultation_voteoption WHERE id = NEW.option_id AND vote_id = vote.id))
    AND (paper.entitlement_id IS NULL
      OR EXISTS (SELECT 1 FROM consultation_entitlement WHERE id = paper.entitlement_id AND channel = 'paper'))
  FOR SHARE OF counted;
  IF NOT FOUND THEN
    PERFORM consultation_refuse('this paper cannot be read in this count');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER consultation_paperentry_kept BEFORE INSERT OR UPDATE OR DELETE ON consultation_paperentry
FOR EACH ROW EXECUTE FUNCTION consultation_paperentry_kept();
