-- Secret ballots: one paper of each who may vote and is there, none more; secrecy.postgresql.sql says the same.
DROP TRIGGER committee_voice_is_allowed;
CREATE TRIGGER committee_voice_is_allowed BEFORE INSERT ON committee_voice
BEGIN
  SELECT RAISE(ABORT, 'the vote is not open')
  WHERE NOT EXISTS (SELECT 1 FROM committee_ballot WHERE id = NEW.ballot_id AND state = 'voting' AND NOT is_secret);
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
CREATE TRIGGER committee_turnout_is_allowed BEFORE INSERT ON committee_turnout
BEGIN
  SELECT RAISE(ABORT, 'the vote is not open')
  WHERE NOT EXISTS (SELECT 1 FROM committee_ballot WHERE id = NEW.ballot_id AND state = 'voting' AND is_secret);
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
CREATE TRIGGER committee_turnout_right AFTER INSERT ON committee_turnout
BEGIN INSERT INTO committee_paperright (ballot_id) VALUES (NEW.ballot_id); END;
CREATE TRIGGER committee_paper_in_box BEFORE INSERT ON committee_paper
BEGIN
  SELECT RAISE(ABORT, 'papers are kept') FROM committee_paper WHERE id = NEW.id;
  SELECT RAISE(ABORT, 'the vote is not open')
  WHERE NEW.sealed OR NOT EXISTS (
    SELECT 1 FROM committee_ballot WHERE id = NEW.ballot_id AND state = 'voting' AND is_secret);
  SELECT RAISE(ABORT, 'nobody has voted for this paper')
  WHERE NOT EXISTS (SELECT 1 FROM committee_paperright WHERE ballot_id = NEW.ballot_id);
END;
CREATE TRIGGER committee_paper_right_used AFTER INSERT ON committee_paper
BEGIN
  DELETE FROM committee_paperright
  WHERE id = (SELECT id FROM committee_paperright WHERE ballot_id = NEW.ballot_id LIMIT 1);
END;
CREATE TRIGGER committee_paper_no_update BEFORE UPDATE ON committee_paper
BEGIN
  SELECT RAISE(ABORT, 'papers are never changed')
  WHERE OLD.sealed OR NOT NEW.sealed OR (OLD.id, OLD.ballot_id, OLD.choice) IS NOT (NEW.id, NEW.ballot_id, NEW.choice)
    OR NOT EXISTS (SELECT 1 FROM committee_ballot WHERE id = NEW.ballot_id AND state = 'counted');
END;
CREATE TRIGGER committee_paper_no_delete BEFORE DELETE ON committee_paper
BEGIN SELECT RAISE(ABORT, 'papers are kept'); END;
DROP TRIGGER committee_recusal_is_in_time;
CREATE TRIGGER committee_recusal_is_in_time BEFORE INSERT ON committee_recusal
BEGIN
  SELECT RAISE(ABORT, 'who has voted cannot stand aside any more')
  WHERE EXISTS (
    SELECT 1 FROM committee_ballot b JOIN committee_voice v ON v.ballot_id = b.id
    WHERE b.item_id = NEW.item_id AND v.invitation_id = NEW.invitation_id
  ) OR EXISTS (
    SELECT 1 FROM committee_ballot b JOIN committee_turnout t ON t.ballot_id = b.id
    WHERE b.item_id = NEW.item_id AND t.invitation_id = NEW.invitation_id
  );
END;
DROP TRIGGER committee_ballot_begins;
CREATE TRIGGER committee_ballot_begins BEFORE INSERT ON committee_ballot
BEGIN
  SELECT RAISE(ABORT, 'a vote begins open')
  WHERE NEW.state <> 'voting' OR EXISTS (SELECT 1 FROM committee_ballot WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'a vote on people is secret here')
  WHERE NEW.on_people AND NOT NEW.is_secret AND EXISTS (
    SELECT 1 FROM committee_agendaitem i JOIN committee_meeting m ON m.id = i.meeting_id
    JOIN committee_meetingkind k ON k.id = m.kind_id WHERE i.id = NEW.item_id AND k.secret_on_people
  );
END;
DROP TRIGGER committee_ballot_is_counted;
CREATE TRIGGER committee_ballot_is_counted BEFORE UPDATE ON committee_ballot
BEGIN
  SELECT RAISE(ABORT, 'a counted vote stands') WHERE OLD.state = 'counted';
  SELECT RAISE(ABORT, 'a vote keeps its point, its motion and its way')
  WHERE (NEW.item_id, NEW.motion, NEW.is_secret, NEW.on_people)
    IS NOT (OLD.item_id, OLD.motion, OLD.is_secret, OLD.on_people);
  SELECT RAISE(ABORT, 'the count is not that of the voices')
  WHERE NEW.state = 'counted' AND NOT NEW.is_secret AND (
    NEW.pros <> (SELECT count(*) FROM committee_voice WHERE ballot_id = NEW.id AND choice = 'for')
    OR NEW.cons <> (SELECT count(*) FROM committee_voice WHERE ballot_id = NEW.id AND choice = 'against')
    OR NEW.abstentions <> (SELECT count(*) FROM committee_voice WHERE ballot_id = NEW.id AND choice = 'abstain')
  );
  SELECT RAISE(ABORT, 'the count is not that of the papers')
  WHERE NEW.state = 'counted' AND NEW.is_secret AND (
    NEW.pros <> (SELECT count(*) FROM committee_paper WHERE ballot_id = NEW.id AND choice = 'for')
    OR NEW.cons <> (SELECT count(*) FROM committee_paper WHERE ballot_id = NEW.id AND choice = 'against')
    OR NEW.abstentions <> (SELECT count(*) FROM committee_paper WHERE ballot_id = NEW.id AND choice = 'abstain')
  );
  SELECT RAISE(ABORT, 'papers and people who voted are not equally many')
  WHERE NEW.state = 'counted' AND NEW.is_secret AND (
    EXISTS (SELECT 1 FROM committee_paperright WHERE ballot_id = NEW.id)
    OR (SELECT count(*) FROM committee_paper WHERE ballot_id = NEW.id)
      <> (SELECT count(*) FROM committee_turnout WHERE ballot_id = NEW.id)
  );
END;
