-- Sessions and votes: what no service may forget; sessions.sqlite.sql says the same for SQLite.
CREATE OR REPLACE FUNCTION consultation_refuse(why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', why USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- The agenda: parts within the time of what they are part of ------------------------------------------
CREATE OR REPLACE FUNCTION consultation_agendaitem_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.parent_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM consultation_agendaitem AS parent
    WHERE parent.id = NEW.parent_id AND parent.session_id = NEW.session_id AND parent.minutes >= (
      SELECT coalesce(sum(minutes), 0) FROM consultation_agendaitem
      WHERE parent_id = NEW.parent_id AND id <> NEW.id) + NEW.minutes
  ) THEN
    PERFORM consultation_refuse('parts of a point take no longer than the point');
  ELSIF NEW.minutes < (SELECT coalesce(sum(minutes), 0) FROM consultation_agendaitem WHERE parent_id = NEW.id) THEN
    PERFORM consultation_refuse('parts of a point take no longer than the point');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER consultation_agendaitem_time BEFORE INSERT OR UPDATE ON consultation_agendaitem
FOR EACH ROW EXECUTE FUNCTION consultation_agendaitem_time();

-- Attendance: only while the session runs; a wrong row is cancelled, never removed ---------------------
CREATE OR REPLACE FUNCTION consultation_attendance_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM consultation_refuse('attendance is kept');
  END IF;
  PERFORM 1 FROM consultation_session AS session
  JOIN consultation_invitation AS invitation ON invitation.session_id = session.id
  WHERE invitation.id = NEW.invitation_id AND session.state = 'open' FOR SHARE OF session;
  IF NOT FOUND THEN
    PERFORM consultation_refuse('the session is not open');
  ELSIF TG_OP = 'UPDATE' AND (
    OLD.cancelled_at IS NOT NULL OR NEW.cancelled_at IS NULL
    OR (OLD.id, OLD.invitation_id, OLD.at, OLD.how, OLD.by_id)
      IS DISTINCT FROM (NEW.id, NEW.invitation_id, NEW.at, NEW.how, NEW.by_id)
  ) THEN
    PERFORM consultation_refuse('attendance is only cancelled');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER consultation_attendance_kept BEFORE INSERT OR UPDATE OR DELETE ON consultation_attendance
FOR EACH ROW EXECUTE FUNCTION consultation_attendance_kept();

-- Minutes: final ones stay; amendments come from those who attended -------------------------------------
CREATE OR REPLACE FUNCTION consultation_minutes_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM consultation_refuse('minutes are kept');
  ELSIF OLD.state = 'final' AND (
    OLD.publication_id IS NOT NULL OR (OLD.id, OLD.session_id, OLD.state, OLD.text, OLD.version, OLD.final_at, OLD.digest)
      IS DISTINCT FROM (NEW.id, NEW.session_id, NEW.state, NEW.text, NEW.version, NEW.final_at, NEW.digest)
  ) THEN
    PERFORM consultation_refuse('final minutes stay as they are');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER consultation_minutes_final BEFORE UPDATE OR DELETE ON consultation_minutes
FOR EACH ROW EXECUTE FUNCTION consultation_minutes_final();

CREATE OR REPLACE FUNCTION consultation_amendment_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM consultation_refuse('amendments are kept');
  END IF;
  PERFORM 1 FROM consultation_minutes WHERE id = NEW.minutes_id AND state = 'draft' FOR SHARE;
  IF NOT FOUND THEN
    PERFORM consultation_refuse('the minutes are not open for amendments');
  ELSIF TG_OP = 'INSERT' AND NOT EXISTS (
    SELECT 1 FROM consultation_attendance AS attendance
    JOIN consultation_invitation AS invitation ON invitation.id = attendance.invitation_id
    JOIN consultation_minutes AS minutes ON minutes.session_id = invitation.session_id
    WHERE minutes.id = NEW.minutes_id AND invitation.id = NEW.invitation_id AND attendance.cancelled_at IS NULL
  ) THEN
    PERFORM consultation_refuse('only who attended amends the minutes');
  ELSIF TG_OP = 'UPDATE' AND (
    OLD.state <> 'proposed' OR (OLD.minutes_id, OLD.invitation_id, OLD.passage, OLD.wording, OLD.at)
      IS DISTINCT FROM (NEW.minutes_id, NEW.invitation_id, NEW.passage, NEW.wording, NEW.at)
  ) THEN
    PERFORM consultation_refuse('an amendment is answered once');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER consultation_amendment_kept BEFORE INSERT OR UPDATE OR DELETE ON consultation_amendment
FOR EACH ROW EXECUTE FUNCTION consultation_amendment_kept();
