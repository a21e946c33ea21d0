-- Voices: one of each who may vote, is there and does not stand aside; votes.sqlite.sql says the same.
CREATE OR REPLACE FUNCTION committee_refuse(words text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', words USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE OR REPLACE FUNCTION committee_voice_is_allowed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  point bigint;
BEGIN
  SELECT item_id INTO point FROM committee_ballot WHERE id = NEW.ballot_id AND state = 'voting' FOR SHARE;
  IF NOT FOUND THEN
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
CREATE OR REPLACE TRIGGER committee_voice_is_allowed BEFORE INSERT ON committee_voice
FOR EACH ROW EXECUTE FUNCTION committee_voice_is_allowed();

CREATE OR REPLACE FUNCTION committee_recusal_is_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM committee_ballot b JOIN committee_voice v ON v.ballot_id = b.id
    WHERE b.item_id = NEW.item_id AND v.invitation_id = NEW.invitation_id
  ) THEN
    PERFORM committee_refuse('who has voted cannot stand aside any more');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER committee_recusal_is_in_time BEFORE INSERT ON committee_recusal
FOR EACH ROW EXECUTE FUNCTION committee_recusal_is_in_time();

CREATE OR REPLACE FUNCTION committee_ballot_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  heard record;
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM committee_refuse('a vote is never deleted');
  ELSIF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'voting' THEN
      PERFORM committee_refuse('a vote begins open');
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state = 'counted' THEN
    PERFORM committee_refuse('a counted vote stands');
  END IF;
  IF (NEW.item_id, NEW.motion) IS DISTINCT FROM (OLD.item_id, OLD.motion) THEN
    PERFORM committee_refuse('a vote keeps its point and its motion');
  END IF;
  IF NEW.state = 'counted' THEN
    SELECT count(*) FILTER (WHERE choice = 'for') AS pros, count(*) FILTER (WHERE choice = 'against') AS cons,
           count(*) FILTER (WHERE choice = 'abstain') AS abstentions
    INTO heard FROM committee_voice WHERE ballot_id = NEW.id;
    IF NEW.pros <> heard.pros OR NEW.cons <> heard.cons OR NEW.abstentions <> heard.abstentions THEN
      PERFORM committee_refuse('the count is not that of the voices');
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER committee_ballot_guard BEFORE INSERT OR UPDATE OR DELETE ON committee_ballot
FOR EACH ROW EXECUTE FUNCTION committee_ballot_guard();

CREATE OR REPLACE FUNCTION committee_decision_has_passed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM committee_ballot WHERE id = NEW.ballot_id AND item_id = NEW.item_id AND passed
  ) THEN
    PERFORM committee_refuse('only what has passed is decided');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER committee_decision_has_passed BEFORE INSERT ON committee_decision
FOR EACH ROW EXECUTE FUNCTION committee_decision_has_passed();

CREATE OR REPLACE FUNCTION committee_invitation_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.meeting_id, NEW.person_id) IS DISTINCT FROM (OLD.meeting_id, OLD.person_id)
    OR (OLD.present_at IS NOT NULL AND NEW.present_at IS DISTINCT FROM OLD.present_at) THEN
    PERFORM committee_refuse('an invitation keeps its meeting, its person and its presence');
  END IF;
  IF NEW.may_vote <> OLD.may_vote AND EXISTS (
    SELECT 1 FROM committee_meeting WHERE id = NEW.meeting_id AND opened_at IS NOT NULL
  ) THEN
    PERFORM committee_refuse('who may vote stands when the meeting has begun');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER committee_invitation_keeps BEFORE UPDATE ON committee_invitation
FOR EACH ROW EXECUTE FUNCTION committee_invitation_keeps();
