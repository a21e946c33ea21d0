-- Sessions and votes: what no service may forget; sessions.postgresql.sql says the same for PostgreSQL.

-- The agenda: parts within the time of what they are part of ------------------------------------------
CREATE TRIGGER consultation_agendaitem_time AFTER INSERT ON consultation_agendaitem
BEGIN
  SELECT RAISE(ABORT, 'parts of a point take no longer than the point') WHERE NEW.parent_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM consultation_agendaitem AS parent
    WHERE parent.id = NEW.parent_id AND parent.session_id = NEW.session_id AND parent.minutes >= (
      SELECT sum(minutes) FROM consultation_agendaitem WHERE parent_id = NEW.parent_id));
END;
CREATE TRIGGER consultation_agendaitem_time_later AFTER UPDATE ON consultation_agendaitem
BEGIN
  SELECT RAISE(ABORT, 'parts of a point take no longer than the point') WHERE NEW.parent_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM consultation_agendaitem AS parent
    WHERE parent.id = NEW.parent_id AND parent.session_id = NEW.session_id AND parent.minutes >= (
      SELECT sum(minutes) FROM consultation_agendaitem WHERE parent_id = NEW.parent_id));
  SELECT RAISE(ABORT, 'parts of a point take no longer than the point')
  WHERE NEW.minutes < (SELECT coalesce(sum(minutes), 0) FROM consultation_agendaitem WHERE parent_id = NEW.id);
END;

-- Attendance: only while the session runs; a wrong row is cancelled, never removed ---------------------
CREATE TRIGGER consultation_attendance_kept BEFORE INSERT ON consultation_attendance
BEGIN
  SELECT RAISE(ABORT, 'the session is not open') WHERE NOT EXISTS (
    SELECT 1 FROM consultation_session AS session
    JOIN consultation_invitation AS invitation ON invitation.session_id = session.id
    WHERE invitation.id = NEW.invitation_id AND session.state = 'open');
  SELECT RAISE(ABORT, 'attendance is kept') FROM consultation_attendance
  WHERE id = NEW.id OR (invitation_id = NEW.invitation_id AND cancelled_at IS NULL AND NEW.cancelled_at IS NULL);
END;
CREATE TRIGGER consultation_attendance_cancelled BEFORE UPDATE ON consultation_attendance
BEGIN
  SELECT RAISE(ABORT, 'the session is not open') WHERE NOT EXISTS (
    SELECT 1 FROM consultation_session AS session
    JOIN consultation_invitation AS invitation ON invitation.session_id = session.id
    WHERE invitation.id = NEW.invitation_id AND session.state = 'open');
  SELECT RAISE(ABORT, 'attendance is only cancelled')
  WHERE OLD.cancelled_at IS NOT NULL OR NEW.cancelled_at IS NULL OR OLD.id <> NEW.id
    OR OLD.invitation_id <> NEW.invitation_id OR OLD.at <> NEW.at OR OLD.how <> NEW.how OR OLD.by_id <> NEW.by_id;
END;
CREATE TRIGGER consultation_attendance_no_delete BEFORE DELETE ON consultation_attendance
BEGIN SELECT RAISE(ABORT, 'attendance is kept'); END;

-- Minutes: final ones stay; amendments come from those who attended -------------------------------------
CREATE TRIGGER consultation_minutes_final BEFORE UPDATE ON consultation_minutes WHEN OLD.state = 'final'
BEGIN
  SELECT RAISE(ABORT, 'final minutes stay as they are')
  WHERE OLD.publication_id IS NOT NULL OR OLD.id <> NEW.id OR OLD.session_id <> NEW.session_id
    OR OLD.state <> NEW.state OR OLD.text <> NEW.text OR OLD.version <> NEW.version
    OR OLD.final_at IS NOT NEW.final_at OR OLD.digest <> NEW.digest;
END;
CREATE TRIGGER consultation_minutes_no_delete BEFORE DELETE ON consultation_minutes
BEGIN SELECT RAISE(ABORT, 'minutes are kept'); END;
CREATE TRIGGER consultation_minutes_no_replace BEFORE INSERT ON consultation_minutes
BEGIN
  SELECT RAISE(ABORT, 'minutes are kept') FROM consultation_minutes
  WHERE id = NEW.id OR session_id = NEW.session_id;
END;
CREATE TRIGGER consultation_amendment_kept BEFORE INSERT ON consultation_amendment
BEGIN
  SELECT RAISE(ABORT, 'the minutes are not open for amendments')
  WHERE NOT EXISTS (SELECT 1 FROM consultation_minutes WHERE id = NEW.minutes_id AND state = 'draft');
  SELECT RAISE(ABORT, 'only who attended amends the minutes') WHERE NOT EXISTS (
    SELECT 1 FROM consultation_attendance AS attendance
    JOIN consultation_invitation AS invitation ON invitation.id = attendance.invitation_id
    JOIN consultation_minutes AS minutes ON minutes.session_id = invitation.session_id
    WHERE minutes.id = NEW.minutes_id AND invitation.id = NEW.invitation_id AND attendance.cancelled_at IS NULL);
  SELECT RAISE(ABORT, 'amendments are kept') FROM consultation_amendment WHERE id = NEW.id;
END;
CREATE TRIGGER consultation_amendment_answered BEFORE UPDATE ON consultation_amendment
BEGIN
  SELECT RAISE(ABORT, 'the minutes are not open for amendments')
  WHERE NOT EXISTS (SELECT 1 FROM consultation_minutes WHERE id = NEW.minutes_id AND state = 'draft');
  SELECT RAISE(ABORT, 'an amendment is answered once')
  WHERE OLD.state <> 'proposed' OR OLD.id <> NEW.id OR OLD.minutes_id <> NEW.minutes_id
    OR OLD.invitation_id <> NEW.invitation_id OR OLD.passage <> NEW.passage OR OLD.wording <> NEW.wording
    OR OLD.at <> NEW.at;
END;
CREATE TRIGGER consultation_amendment_no_delete BEFORE DELETE ON consultation_amendment
BEGIN SELECT RAISE(ABORT, 'amendments are kept'); END;
