-- Secret ballots: one paper of each who may vote and is there, none more; secrecy.sqlite.sql says the same.
CREATE OR REPLACE FUNCTION committee_voice_is_allowed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  point bigint;
  by_paper boolean;
BEGIN
  SELECT item_id, is_secret INTO point, by_paper
  FROM committee_ballot WHERE id = NEW.ballot_id AND state = 'voting' FOR SHARE;
  IF NOT FOUND OR by_paper <> (TG_TABLE_NAME = 'committee_turnout') THEN
    PERFORM committee_refuse('the vote is not open');
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM committee_agendaitem i JOIN committee_invitation v ON v.meeting_id = i.meeting_id
    WHERE i.id = point AND v.id = NEW.invitation_id AND v.may_vote AND v.present_at IS NOT NULL
  ) THEN
    PERFORM committee_refuse('only who may vote and is present has a voice');
  END IF;
  IF EXISTS (
    SELECT 1 FROM committee_recusal WHERE item_id = point AND invitation_id = NEW.invitation_id
  ) THEN
    PERFORM committee_refuse('who stands aside has no voice');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER committee_turnout_is_allowed BEFORE INSERT ON committee_turnout
FOR EACH ROW EXECUTE FUNCTION committee_voice_is_allowed();

CREATE OR REPLACE FUNCTION committee_turnout_right() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO committee_paperright (ballot_id) VALUES (NEW.ballot_id);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER committee_turnout_right AFTER INSERT ON committee_turnout
FOR EACH ROW EXECUTE FUNCTION committee_turnout_right();

CREATE OR REPLACE FUNCTION committee_paper_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM committee_refuse('papers are kept');
  ELSIF TG_OP = 'UPDATE' THEN
    IF OLD.sealed OR NOT NEW.sealed
      OR (OLD.id, OLD.ballot_id, OLD.choice) IS DISTINCT FROM (NEW.id, NEW.ballot_id, NEW.choice)
      OR NOT EXISTS (SELECT 1 FROM committee_ballot WHERE id = NEW.ballot_id AND state = 'counted') THEN
      PERFORM committee_refuse('papers are never changed');
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.sealed OR NOT EXISTS (
    SELECT 1 FROM committee_ballot WHERE id = NEW.ballot_id AND state = 'voting' AND is_secret FOR SHARE
  ) THEN
    PERFORM committee_refuse('the vote is not open');
  END IF;
  DELETE FROM committee_paperright
  WHERE id = (SELECT id FROM committee_paperright WHERE ballot_id = NEW.ballot_id LIMIT 1 FOR UPDATE SKIP LOCKED);
  IF NOT FOUND THEN
    PERFORM committee_refuse('nobody has voted for this paper');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER committee_paper_guard BEFORE INSERT OR UPDATE OR DELETE ON committee_paper
FOR EACH ROW EXECUTE FUNCTION committee_paper_guard();

CREATE OR REPLACE FUNCTION committee_recusal_is_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM committee_ballot b JOIN committee_voice v ON v.ballot_id = b.id
    WHERE b.item_id = NEW.item_id AND v.invitation_id = NEW.invitation_id
  ) OR EXISTS (
    SELECT 1 FROM committee_ballot b JOIN committee_turnout t ON t.ballot_id = b.id
    WHERE b.item_id = NEW.item_id AND t.invitation_id = NEW.invitation_id
  ) THEN
    PERFORM committee_refuse('who has voted cannot stand aside any more');
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION committee_ballot_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  heard record;
  listed bigint;
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM committee_refuse('a vote is never deleted');
  ELSIF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'voting' THEN
      PERFORM committee_refuse('a vote begins open');
    END IF;
    IF NEW.on_people AND NOT NEW.is_secret AND EXISTS (
      SELECT 1 FROM committee_agendaitem i JOIN committee_meeting m ON m.id = i.meeting_id
      JOIN committee_meetingkind k ON k.id = m.kind_id WHERE i.id = NEW.item_id AND k.secret_on_people
    ) THEN
      PERFORM committee_refuse('a vote on people is secret here');
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state = 'counted' THEN
    PERFORM committee_refuse('a counted vote stands');
  END IF;
  IF (NEW.item_id, NEW.motion, NEW.is_secret, NEW.on_people)
    IS DISTINCT FROM (OLD.item_id, OLD.motion, OLD.is_secret, OLD.on_people) THEN
    PERFORM committee_refuse('a vote keeps its point, its motion and its way');
  END IF;
  IF NEW.state <> 'counted' THEN
    RETURN NEW;
  END IF;
  IF NEW.is_secret THEN
    SELECT count(*) FILTER (WHERE choice = 'for') AS pros, count(*) FILTER (WHERE choice = 'against') AS cons,
           count(*) FILTER (WHERE choice = 'abstain') AS abstentions, count(*) AS given
    INTO heard FROM committee_paper WHERE ballot_id = NEW.id;
    SELECT count(*) INTO listed FROM committee_turnout WHERE ballot_id = NEW.id;
    IF heard.given <> listed OR EXISTS (SELECT 1 FROM committee_paperright WHERE ballot_id = NEW.id) THEN
      PERFORM committee_refuse('papers and people who voted are not equally many');
    END IF;
  ELSE
    SELECT count(*) FILTER (WHERE choice = 'for') AS pros, count(*) FILTER (WHERE choice = 'against') AS cons,
           count(*) FILTER (WHERE choice = 'abstain') AS abstentions
    INTO heard FROM committee_voice WHERE ballot_id = NEW.id;
  END IF;
  IF NEW.pros <> heard.pros OR NEW.cons <> heard.cons OR NEW.abstentions <> heard.abstentions THEN
    PERFORM committee_refuse('the count is not that of the voices');
  END IF;
  RETURN NEW;
END $$;
