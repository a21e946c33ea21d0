-- Votes: one per entitled, none after closing, nothing stuffed, rules that stay; votes.postgresql.sql says
-- the same for PostgreSQL.
CREATE TRIGGER consultation_vote_way BEFORE UPDATE ON consultation_vote
BEGIN
  SELECT RAISE(ABORT, 'rules stay as they are once voting has begun')
  WHERE OLD.state <> 'draft' AND (OLD.id <> NEW.id OR OLD.consultation_id <> NEW.consultation_id
    OR OLD.stage_id <> NEW.stage_id OR OLD.session_id IS NOT NEW.session_id OR OLD.roll_id IS NOT NEW.roll_id
    OR OLD.question <> NEW.question OR OLD.is_secret <> NEW.is_secret OR OLD.unit <> NEW.unit
    OR OLD.most_proxies <> NEW.most_proxies OR OLD.opened_at IS NOT NEW.opened_at OR OLD.closes_at <> NEW.closes_at
    OR OLD.rules <> NEW.rules OR OLD.salt <> NEW.salt);
  SELECT RAISE(ABORT, 'a result changes by a move only')
  WHERE OLD.state = NEW.state AND OLD.state <> 'draft' AND (OLD.commitment <> NEW.commitment
    OR OLD.series <> NEW.series OR OLD.result <> NEW.result OR OLD.passed IS NOT NEW.passed
    OR OLD.closed_at IS NOT NEW.closed_at OR OLD.judged_at IS NOT NEW.judged_at);
  SELECT RAISE(ABORT, 'a vote does not go this way')
  WHERE OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state) NOT IN ('draft>open', 'draft>void', 'open>closed',
    'open>void', 'closed>judged', 'closed>void', 'judged>closed');
  SELECT RAISE(ABORT, 'the hash over all ballots stays')
  WHERE OLD.state NOT IN ('open', 'draft') AND OLD.commitment <> NEW.commitment;
  SELECT RAISE(ABORT, 'ballots and people who voted are not equally many')
  WHERE OLD.state = 'open' AND NEW.state = 'closed' AND (
    EXISTS (SELECT 1 FROM consultation_ballotright WHERE vote_id = NEW.id)
    OR (SELECT count(*) FROM consultation_ballot WHERE vote_id = NEW.id) <> (
      SELECT count(*) FROM consultation_entitlement
      WHERE vote_id = NEW.id AND voted_at IS NOT NULL AND channel <> 'paper'));
  SELECT RAISE(ABORT, 'more papers were counted than handed out')
  WHERE NEW.state = 'judged' AND OLD.state <> 'judged' AND (
    SELECT count(DISTINCT entry.paper_id) FROM consultation_paperentry AS entry
    JOIN consultation_papercount AS counted ON counted.id = entry.count_id
    WHERE counted.vote_id = NEW.id AND counted.series = NEW.series
  ) > (SELECT count(*) FROM consultation_entitlement WHERE vote_id = NEW.id AND channel = 'paper');
END;
CREATE TRIGGER consultation_vote_no_delete BEFORE DELETE ON consultation_vote WHEN OLD.state <> 'draft'
BEGIN SELECT RAISE(ABORT, 'a vote that was opened is kept'); END;
CREATE TRIGGER consultation_vote_no_replace BEFORE INSERT ON consultation_vote
BEGIN
  SELECT RAISE(ABORT, 'a vote that was opened is kept') FROM consultation_vote WHERE id = NEW.id AND state <> 'draft';
END;

CREATE TRIGGER consultation_voteoption_frozen BEFORE INSERT ON consultation_voteoption
WHEN (SELECT state FROM consultation_vote WHERE id = NEW.vote_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'rules stay as they are once voting has begun'); END;
CREATE TRIGGER consultation_voteoption_no_update BEFORE UPDATE ON consultation_voteoption
WHEN (SELECT state FROM consultation_vote WHERE id = OLD.vote_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'rules stay as they are once voting has begun'); END;
CREATE TRIGGER consultation_voteoption_no_delete BEFORE DELETE ON consultation_voteoption
WHEN (SELECT state FROM consultation_vote WHERE id = OLD.vote_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'rules stay as they are once voting has begun'); END;
CREATE TRIGGER consultation_entitlement_frozen BEFORE INSERT ON consultation_entitlement
WHEN (SELECT state FROM consultation_vote WHERE id = NEW.vote_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'rules stay as they are once voting has begun'); END;
CREATE TRIGGER consultation_entitlement_no_delete BEFORE DELETE ON consultation_entitlement
WHEN (SELECT state FROM consultation_vote WHERE id = OLD.vote_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'rules stay as they are once voting has begun'); END;
CREATE TRIGGER consultation_voters_frozen BEFORE INSERT ON consultation_entitlement_voters
WHEN (SELECT vote.state FROM consultation_entitlement AS entitlement
  JOIN consultation_vote AS vote ON vote.id = entitlement.vote_id WHERE entitlement.id = NEW.entitlement_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'rules stay as they are once voting has begun'); END;
CREATE TRIGGER consultation_voters_no_update BEFORE UPDATE ON consultation_entitlement_voters
BEGIN SELECT RAISE(ABORT, 'rules stay as they are once voting has begun'); END;
CREATE TRIGGER consultation_voters_no_delete BEFORE DELETE ON consultation_entitlement_voters
BEGIN SELECT RAISE(ABORT, 'rules stay as they are once voting has begun'); END;

CREATE TRIGGER consultation_entitlement_used BEFORE UPDATE ON consultation_entitlement
BEGIN
  SELECT RAISE(ABORT, 'a right to vote is used once and never changed')
  WHERE OLD.voted_at IS NOT NULL OR NEW.voted_at IS NULL OR OLD.id <> NEW.id OR OLD.vote_id <> NEW.vote_id
    OR OLD.key <> NEW.key OR OLD.label <> NEW.label OR OLD.household <> NEW.household OR OLD.area <> NEW.area
    OR OLD.person_id IS NOT NEW.person_id;
  SELECT RAISE(ABORT, 'the vote is not open') WHERE NOT EXISTS (
    SELECT 1 FROM consultation_vote WHERE id = NEW.vote_id AND state = 'open' AND NEW.voted_at < closes_at);
END;
CREATE TRIGGER consultation_entitlement_right AFTER UPDATE ON consultation_entitlement WHEN NEW.channel <> 'paper'
BEGIN INSERT INTO consultation_ballotright (vote_id) VALUES (NEW.vote_id); END;

CREATE TRIGGER consultation_ballot_in_box BEFORE INSERT ON consultation_ballot
BEGIN
  SELECT RAISE(ABORT, 'ballots are kept') FROM consultation_ballot WHERE id = NEW.id OR receipt = NEW.receipt
    OR (entitlement_id IS NOT NULL AND entitlement_id = NEW.entitlement_id);
  SELECT RAISE(ABORT, 'the vote is not open') WHERE NEW.sealed OR NOT EXISTS (
    SELECT 1 FROM consultation_vote WHERE id = NEW.vote_id AND state = 'open');
  SELECT RAISE(ABORT, 'a ballot names its voter in an open vote, and only there')
  FROM consultation_vote WHERE id = NEW.vote_id AND is_secret <> (NEW.entitlement_id IS NULL);
  SELECT RAISE(ABORT, 'this answer belongs to another vote') WHERE NOT EXISTS (
    SELECT 1 FROM consultation_voteoption WHERE id = NEW.option_id AND vote_id = NEW.vote_id);
  SELECT RAISE(ABORT, 'nobody has voted for this ballot') WHERE NEW.entitlement_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM consultation_entitlement
    WHERE id = NEW.entitlement_id AND vote_id = NEW.vote_id AND voted_at IS NOT NULL AND channel <> 'paper');
  SELECT RAISE(ABORT, 'nobody has voted for this ballot')
  WHERE NOT EXISTS (SELECT 1 FROM consultation_ballotright WHERE vote_id = NEW.vote_id);
END;
CREATE TRIGGER consultation_ballot_right_used AFTER INSERT ON consultation_ballot
BEGIN
  DELETE FROM consultation_ballotright
  WHERE id = (SELECT id FROM consultation_ballotright WHERE vote_id = NEW.vote_id LIMIT 1);
END;
CREATE TRIGGER consultation_ballot_no_update BEFORE UPDATE ON consultation_ballot
BEGIN
  SELECT RAISE(ABORT, 'ballots are never changed')
  WHERE OLD.sealed OR NOT NEW.sealed OR OLD.id <> NEW.id OR OLD.vote_id <> NEW.vote_id
    OR OLD.option_id <> NEW.option_id OR OLD.entitlement_id IS NOT NEW.entitlement_id OR OLD.receipt <> NEW.receipt
    OR NOT EXISTS (SELECT 1 FROM consultation_vote WHERE id = NEW.vote_id AND state = 'closed');
END;
CREATE TRIGGER consultation_ballot_no_delete BEFORE DELETE ON consultation_ballot
BEGIN SELECT RAISE(ABORT, 'ballots are kept'); END;

-- Proxies: within the household, one step far, no more than the rule says ---------------------------------
CREATE TRIGGER consultation_proxy_kept BEFORE INSERT ON consultation_proxy
BEGIN
  SELECT RAISE(ABORT, 'proxies are kept') FROM consultation_proxy WHERE id = NEW.id;
  SELECT RAISE(ABORT, 'the vote is not open')
  WHERE NOT EXISTS (SELECT 1 FROM consultation_vote WHERE id = NEW.vote_id AND state = 'open');
  SELECT RAISE(ABORT, 'a proxy stays within the household') WHERE NOT EXISTS (
    SELECT 1 FROM consultation_entitlement AS giver
    JOIN consultation_entitlement AS holder ON holder.household = giver.household
    WHERE giver.id = NEW.giver_id AND holder.id = NEW.holder_id AND giver.vote_id = NEW.vote_id
      AND holder.vote_id = NEW.vote_id AND giver.voted_at IS NULL);
  SELECT RAISE(ABORT, 'a proxy goes one step far') FROM consultation_proxy
  WHERE vote_id = NEW.vote_id AND revoked_at IS NULL AND (giver_id = NEW.holder_id OR holder_id = NEW.giver_id);
  SELECT RAISE(ABORT, 'this person holds as many proxies as the rule allows')
  WHERE (SELECT count(*) FROM consultation_proxy WHERE holder_id = NEW.holder_id AND revoked_at IS NULL)
    >= (SELECT most_proxies FROM consultation_vote WHERE id = NEW.vote_id);
END;
CREATE TRIGGER consultation_proxy_taken_back BEFORE UPDATE ON consultation_proxy
BEGIN
  SELECT RAISE(ABORT, 'the vote is not open')
  WHERE NOT EXISTS (SELECT 1 FROM consultation_vote WHERE id = NEW.vote_id AND state = 'open');
  SELECT RAISE(ABORT, 'a proxy is only taken back')
  WHERE OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL OR OLD.vote_id <> NEW.vote_id
    OR OLD.giver_id <> NEW.giver_id OR OLD.holder_id <> NEW.holder_id OR OLD.paper <> NEW.paper;
END;
CREATE TRIGGER consultation_proxy_no_delete BEFORE DELETE ON consultation_proxy
BEGIN SELECT RAISE(ABORT, 'proxies are kept'); END;

-- Paper: printed before closing, read after it, by one person at a time, once ----------------------------
CREATE TRIGGER consultation_paperballot_kept BEFORE INSERT ON consultation_paperballot
BEGIN
  SELECT RAISE(ABORT, 'paper ballots are kept') FROM consultation_paperballot WHERE id = NEW.id
    OR (vote_id = NEW.vote_id AND (serial = NEW.serial OR code_digest = NEW.code_digest))
    OR (entitlement_id IS NOT NULL AND entitlement_id = NEW.entitlement_id);
  SELECT RAISE(ABORT, 'papers are printed for an open vote') WHERE NOT EXISTS (
    SELECT 1 FROM consultation_vote
    WHERE id = NEW.vote_id AND state = 'open' AND is_secret = (NEW.entitlement_id IS NULL));
END;
CREATE TRIGGER consultation_paperballot_no_update BEFORE UPDATE ON consultation_paperballot
BEGIN SELECT RAISE(ABORT, 'paper ballots are kept'); END;
CREATE TRIGGER consultation_paperballot_no_delete BEFORE DELETE ON consultation_paperballot
BEGIN SELECT RAISE(ABORT, 'paper ballots are kept'); END;
CREATE TRIGGER consultation_papercount_kept BEFORE INSERT ON consultation_papercount
BEGIN
  SELECT RAISE(ABORT, 'counts are kept') FROM consultation_papercount WHERE id = NEW.id
    OR (vote_id = NEW.vote_id AND series = NEW.series AND (turn = NEW.turn OR by_id = NEW.by_id));
  SELECT RAISE(ABORT, 'papers are counted after closing') WHERE NOT EXISTS (
    SELECT 1 FROM consultation_vote WHERE id = NEW.vote_id AND state = 'closed' AND series = NEW.series);
END;
CREATE TRIGGER consultation_papercount_closed BEFORE UPDATE ON consultation_papercount
BEGIN
  SELECT RAISE(ABORT, 'counts are kept')
  WHERE OLD.closed_at IS NOT NULL OR NEW.closed_at IS NULL OR OLD.vote_id <> NEW.vote_id
    OR OLD.series <> NEW.series OR OLD.turn <> NEW.turn OR OLD.by_id <> NEW.by_id
    OR NOT EXISTS (SELECT 1 FROM consultation_vote WHERE id = NEW.vote_id AND state = 'closed' AND series = NEW.series);
END;
CREATE TRIGGER consultation_papercount_no_delete BEFORE DELETE ON consultation_papercount
BEGIN SELECT RAISE(ABORT, 'counts are kept'); END;
CREATE TRIGGER consultation_paperentry_kept BEFORE INSERT ON consultation_paperentry
BEGIN
  SELECT RAISE(ABORT, 'readings are kept') FROM consultation_paperentry
  WHERE id = NEW.id OR (count_id = NEW.count_id AND paper_id = NEW.paper_id);
  SELECT RAISE(ABORT, 'this paper cannot be read in this count') WHERE NOT EXISTS (
    SELECT 1 FROM consultation_papercount AS counted
    JOIN consultation_vote AS vote ON vote.id = counted.vote_id
    JOIN consultation_paperballot AS paper ON paper.id = NEW.paper_id AND paper.vote_id = vote.id
    WHERE counted.id = NEW.count_id AND counted.closed_at IS NULL AND vote.state = 'closed'
      AND (NEW.option_id IS NULL
        OR EXISTS (SELECT 1 FROM consultation_voteoption WHERE id = NEW.option_id AND vote_id = vote.id))
      AND (paper.entitlement_id IS NULL
        OR EXISTS (SELECT 1 FROM consultation_entitlement WHERE id = paper.entitlement_id AND channel = 'paper')));
END;
CREATE TRIGGER consultation_paperentry_no_update BEFORE UPDATE ON consultation_paperentry
BEGIN SELECT RAISE(ABORT, 'readings are kept'); END;
CREATE TRIGGER consultation_paperentry_no_delete BEFORE DELETE ON consultation_paperentry
BEGIN SELECT RAISE(ABORT, 'readings are kept'); END;
