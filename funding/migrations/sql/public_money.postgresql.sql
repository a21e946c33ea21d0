-- Donors' wishes, offices and published answers; public_money.sqlite.sql says
-- the same for SQLite.

-- Donations: once decided only the donor's name and telephone may be erased -----------------------
CREATE OR REPLACE FUNCTION funding_donation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM funding_refuse('a donation is never deleted');
  ELSIF OLD.state <> 'recorded' AND (
    (NEW.id, NEW.line_id, NEW.purpose_id, NEW.amount, NEW.given_on, NEW.state, NEW.number, NEW.posting_id,
      NEW.receipt, NEW.recorded_by_id, NEW.decided_by_id)
    IS DISTINCT FROM
    (OLD.id, OLD.line_id, OLD.purpose_id, OLD.amount, OLD.given_on, OLD.state, OLD.number, OLD.posting_id,
      OLD.receipt, OLD.recorded_by_id, OLD.decided_by_id)
    OR (NEW.donor_name <> OLD.donor_name AND NEW.donor_name <> '')
    OR (NEW.name_shown AND NOT OLD.name_shown)
  ) THEN
    PERFORM funding_refuse('a decided donation stays as it is');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER funding_donation_guard BEFORE UPDATE OR DELETE ON funding_donation
FOR EACH ROW EXECUTE FUNCTION funding_donation_guard();

-- The wish: the line serves the donor's purpose and no other. Both sides lock the line first, so
-- that a gift and a new purpose cannot pass each other. -------------------------------------------
CREATE OR REPLACE FUNCTION funding_donation_wish() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.purpose_id IS NULL OR NEW.state = 'refused' THEN
    RETURN NEW;
  END IF;
  PERFORM 1 FROM funding_line WHERE id = NEW.line_id FOR NO KEY UPDATE;
  IF EXISTS (SELECT 1 FROM funding_linepurpose WHERE line_id = NEW.line_id AND purpose_id <> NEW.purpose_id)
    OR (TG_OP = 'INSERT' AND NOT EXISTS (
      SELECT 1 FROM funding_linepurpose WHERE line_id = NEW.line_id AND purpose_id = NEW.purpose_id))
  THEN
    PERFORM funding_refuse('the line does not serve the donor''s purpose alone');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER funding_donation_wish BEFORE INSERT OR UPDATE ON funding_donation
FOR EACH ROW EXECUTE FUNCTION funding_donation_wish();
CREATE OR REPLACE FUNCTION funding_linepurpose_donors_wish() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM funding_line WHERE id = NEW.line_id FOR NO KEY UPDATE;
  IF EXISTS (
    SELECT 1 FROM funding_donation
    WHERE line_id = NEW.line_id AND purpose_id <> NEW.purpose_id AND state <> 'refused'
  ) THEN
    PERFORM funding_refuse('a donor wished another purpose');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER funding_linepurpose_donors_wish BEFORE INSERT OR UPDATE ON funding_linepurpose
FOR EACH ROW EXECUTE FUNCTION funding_linepurpose_donors_wish();

-- Members' and owners' decisions: a line that needs them spends no more than they allow -----------------
CREATE OR REPLACE FUNCTION funding_line_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM funding_sourcerule AS rule WHERE rule.source_id = NEW.source_id AND rule.needs_decision
    AND rule.valid_from <= (now() AT TIME ZONE 'Asia/Shanghai')::date
    AND (rule.valid_to IS NULL OR rule.valid_to > (now() AT TIME ZONE 'Asia/Shanghai')::date)
  ) AND NEW.reserved + NEW.payable + NEW.spent > (
    SELECT coalesce(sum(amount), 0) FROM funding_decision WHERE line_id = NEW.id
  ) THEN
    PERFORM funding_refuse('members or owners have not decided to spend this much');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER funding_line_decided BEFORE UPDATE ON funding_line FOR EACH ROW
WHEN (NEW.reserved + NEW.payable + NEW.spent > OLD.reserved + OLD.payable + OLD.spent)
EXECUTE FUNCTION funding_line_decided();

-- Offices of a collective: who directs or keeps the books does not supervise, nor do their relatives.
-- The body's row is the lock: two appointments of one collective are judged one after the other. -------
CREATE OR REPLACE FUNCTION funding_collectiveoffice_conflict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM organizations_body WHERE id = NEW.body_id FOR NO KEY UPDATE;
  IF EXISTS (
    SELECT 1 FROM funding_collectiveoffice AS other
    WHERE other.body_id = NEW.body_id AND other.id IS DISTINCT FROM NEW.id
      AND (other.valid_to IS NULL OR other.valid_to > NEW.valid_from)
      AND (NEW.valid_to IS NULL OR NEW.valid_to > other.valid_from)
      AND ((NEW.office = 'supervisor') <> (other.office = 'supervisor')
        OR (NEW.office = 'director' AND other.office = 'director' AND other.person_id <> NEW.person_id))
      AND ((other.person_id = NEW.person_id AND (NEW.office = 'supervisor') <> (other.office = 'supervisor'))
        OR EXISTS (SELECT 1 FROM funding_kinship AS kin
          WHERE kin.first_id = least(NEW.person_id, other.person_id)
          AND kin.second_id = greatest(NEW.person_id, other.person_id)))
  ) THEN
    PERFORM funding_refuse('these offices may not be held together');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER funding_collectiveoffice_conflict BEFORE INSERT OR UPDATE ON funding_collectiveoffice
FOR EACH ROW EXECUTE FUNCTION funding_collectiveoffice_conflict();

-- Distribution: shares add up when the plan is approved, and stay --------------------------------------
CREATE OR REPLACE FUNCTION funding_distributionplan_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'approved' THEN
    PERFORM funding_refuse('an approved plan stays as it is');
  ELSIF NEW.state = 'approved' AND NEW.income - NEW.set_aside <> (
    SELECT coalesce(sum(amount), 0) FROM funding_planshare WHERE plan_id = NEW.id
  ) THEN
    PERFORM funding_refuse('the shares do not add up to what is distributed');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER funding_distributionplan_guard BEFORE UPDATE ON funding_distributionplan
FOR EACH ROW EXECUTE FUNCTION funding_distributionplan_guard();
CREATE OR REPLACE FUNCTION funding_planshare_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  plan bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.plan_id ELSE NEW.plan_id END;
  approved boolean;
BEGIN
  SELECT state = 'approved' INTO approved FROM funding_distributionplan WHERE id = plan FOR SHARE;
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.plan_id, NEW.household, NEW.amount, NEW.shares) IS DISTINCT FROM
      (OLD.plan_id, OLD.household, OLD.amount, OLD.shares)
      OR (OLD.posting_id IS NOT NULL AND NEW.posting_id IS DISTINCT FROM OLD.posting_id) THEN
      PERFORM funding_refuse('a share stays as it is and is paid once');
    END IF;
  ELSIF approved THEN
    PERFORM funding_refuse('an approved plan stays as it is');
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE OR REPLACE TRIGGER funding_planshare_guard BEFORE INSERT OR UPDATE OR DELETE ON funding_planshare
FOR EACH ROW EXECUTE FUNCTION funding_planshare_guard();

-- Questions: what was answered stays; only the contact may be erased ------------------------------------
CREATE OR REPLACE FUNCTION funding_question_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM funding_refuse('a question is never deleted');
  ELSIF OLD.state IN ('answered', 'declined') AND
    (NEW.state, NEW.public_text, NEW.answer, NEW.asked_at, NEW.due_at, NEW.body_id) IS DISTINCT FROM
    (OLD.state, OLD.public_text, OLD.answer, OLD.asked_at, OLD.due_at, OLD.body_id) THEN
    PERFORM funding_refuse('an answered question stays as it is');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER funding_question_guard BEFORE UPDATE OR DELETE ON funding_question
FOR EACH ROW EXECUTE FUNCTION funding_question_guard();
