-- Voices: one of each who may vote, is there and does not stand aside; votes.postgresql.sql says the same.
CREATE TRIGGER committee_voice_is_allowed BEFORE INSERT ON committee_voice
BEGIN
  SELECT RAISE(ABORT, 'the vote is not open')
  WHERE NOT EXISTS (SELECT 1 FROM committee_ballot WHERE id = NEW.ballot_id AND state = 'voting');
  SELECT RAISE(ABORT, 'only who may vote and is present has a voice')
  WHERE NOT EXISTS (
    SELECT 1 FROM committee_ballot b
    JOIN committee_agendaitem i ON i.id = b.item_id
    JOIN committee_invitation v ON v.meeting_id = i.meeting_id
    WHERE b.id = NEW.ballot_id AND v.id = NEW.invitation_id AND v.may_vote AND v.present_at IS NOT NULL
  );
  SELECT RAISE(ABORT, 'who stands aside has no voice')
  WHERE EXISTS (
    SELECT 1 FROM committee_ballot b JOIN committee_recusal r ON r.item_id = b.item_id
    WHERE b.id = NEW.ballot_id AND r.invitation_id = NEW.invitation_id
  );
END;
CREATE TRIGGER committee_recusal_is_in_time BEFORE INSERT ON committee_recusal
BEGIN
  SELECT RAISE(ABORT, 'who has voted cannot stand aside any more')
  WHERE EXISTS (
    SELECT 1 FROM committee_ballot b JOIN committee_voice v ON v.ballot_id = b.id
    WHERE b.item_id = NEW.item_id AND v.invitation_id = NEW.invitation_id
  );
END;
CREATE TRIGGER committee_ballot_begins BEFORE INSERT ON committee_ballot
WHEN NEW.state <> 'voting' OR EXISTS (SELECT 1 FROM committee_ballot WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'a vote begins open');
END;
CREATE TRIGGER committee_ballot_is_counted BEFORE UPDATE ON committee_ballot
BEGIN
  SELECT RAISE(ABORT, 'a counted vote stands') WHERE OLD.state = 'counted';
  SELECT RAISE(ABORT, 'a vote keeps its point and its motion')
  WHERE (NEW.item_id, NEW.motion) IS NOT (OLD.item_id, OLD.motion);
  SELECT RAISE(ABORT, 'the count is not that of the voices')
  WHERE NEW.state = 'counted' AND (
    NEW.pros <> (SELECT count(*) FROM committee_voice WHERE ballot_id = NEW.id AND choice = 'for')
    OR NEW.cons <> (SELECT count(*) FROM committee_voice WHERE ballot_id = NEW.id AND choice = 'against')
    OR NEW.abstentions <> (SELECT count(*) FROM committee_voice WHERE ballot_id = NEW.id AND choice = 'abstain')
  );
END;
CREATE TRIGGER committee_ballot_no_delete BEFORE DELETE ON committee_ballot
BEGIN
  SELECT RAISE(ABORT, 'a vote is never deleted');
END;
CREATE TRIGGER committee_decision_has_passed BEFORE INSERT ON committee_decision
BEGIN
  SELECT RAISE(ABORT, 'only what has passed is decided')
  WHERE NOT EXISTS (
    SELECT 1 FROM committee_ballot WHERE id = NEW.ballot_id AND item_id = NEW.item_id AND passed
  );
END;
CREATE TRIGGER committee_invitation_keeps BEFORE UPDATE ON committee_invitation
BEGIN
  SELECT RAISE(ABORT, 'an invitation keeps its meeting, its person and its presence')
  WHERE (NEW.meeting_id, NEW.person_id) IS NOT (OLD.meeting_id, OLD.person_id)
    OR (OLD.present_at IS NOT NULL AND NEW.present_at IS NOT OLD.present_at);
  SELECT RAISE(ABORT, 'who may vote stands when the meeting has begun')
  WHERE NEW.may_vote <> OLD.may_vote AND EXISTS (
    SELECT 1 FROM committee_meeting WHERE id = NEW.meeting_id AND opened_at IS NOT NULL
  );
END;
