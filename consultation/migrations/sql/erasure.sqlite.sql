-- What a person said or is called may be erased, into '—', and nothing else.
DROP TRIGGER IF EXISTS consultation_entitlement_used;
CREATE TRIGGER consultation_entitlement_used BEFORE UPDATE ON consultation_entitlement
WHEN NOT (NEW.label = '—' AND OLD.label <> '—' AND OLD.id = NEW.id AND OLD.vote_id = NEW.vote_id
  AND OLD.key = NEW.key AND OLD.household = NEW.household AND OLD.area = NEW.area AND OLD.channel = NEW.channel
  AND OLD.person_id IS NEW.person_id AND OLD.voted_at IS NEW.voted_at AND OLD.cast_by_id IS NEW.cast_by_id)
BEGIN
  SELECT RAISE(ABORT, 'a right to vote is used once and never changed')
  WHERE OLD.voted_at IS NOT NULL OR NEW.voted_at IS NULL OR OLD.id <> NEW.id OR OLD.vote_id <> NEW.vote_id
    OR OLD.key <> NEW.key OR OLD.label <> NEW.label OR OLD.household <> NEW.household OR OLD.area <> NEW.area
    OR OLD.person_id IS NOT NEW.person_id;
  SELECT RAISE(ABORT, 'the vote is not open') WHERE NOT EXISTS (
    SELECT 1 FROM consultation_vote WHERE id = NEW.vote_id AND state = 'open' AND NEW.voted_at < closes_at);
END;
DROP TRIGGER IF EXISTS consultation_entitlement_right;
CREATE TRIGGER consultation_entitlement_right AFTER UPDATE ON consultation_entitlement
WHEN OLD.voted_at IS NULL AND NEW.voted_at IS NOT NULL AND NEW.channel <> 'paper'
BEGIN INSERT INTO consultation_ballotright (vote_id) VALUES (NEW.vote_id); END;

DROP TRIGGER IF EXISTS consultation_recusal_no_update;
DROP TRIGGER IF EXISTS consultation_recusal_only_erased;
CREATE TRIGGER consultation_recusal_only_erased BEFORE UPDATE ON consultation_recusal
WHEN NEW.reason <> '—' OR OLD.id <> NEW.id OR OLD.invitation_id <> NEW.invitation_id OR OLD.at <> NEW.at
  OR OLD.by_id <> NEW.by_id
BEGIN SELECT RAISE(ABORT, 'what was taken down stays, or is erased'); END;
DROP TRIGGER IF EXISTS consultation_position_no_update;
DROP TRIGGER IF EXISTS consultation_position_only_erased;
CREATE TRIGGER consultation_position_only_erased BEFORE UPDATE ON consultation_position
WHEN NEW.text <> '—' OR OLD.id <> NEW.id OR OLD.session_id <> NEW.session_id OR OLD.invitation_id <> NEW.invitation_id
  OR OLD.item_id IS NOT NEW.item_id OR OLD.stance <> NEW.stance OR OLD.public_text <> NEW.public_text
  OR OLD.at <> NEW.at OR OLD.by_id <> NEW.by_id
BEGIN SELECT RAISE(ABORT, 'what was taken down stays, or is erased'); END;
