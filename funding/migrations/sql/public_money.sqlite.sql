-- Donors' wishes, offices and published answers; public_money.postgresql.sql
-- says the same for PostgreSQL.

-- Donations: once decided only the donor's name and telephone may be erased -----------------------
CREATE TRIGGER funding_donation_guard BEFORE UPDATE ON funding_donation
WHEN OLD.state <> 'recorded' AND (
  NEW.id <> OLD.id OR NEW.line_id <> OLD.line_id OR NEW.purpose_id IS NOT OLD.purpose_id
  OR NEW.amount <> OLD.amount OR NEW.given_on <> OLD.given_on OR NEW.state <> OLD.state
  OR NEW.number <> OLD.number OR NEW.posting_id IS NOT OLD.posting_id OR NEW.receipt <> OLD.receipt
  OR NEW.recorded_by_id <> OLD.recorded_by_id OR NEW.decided_by_id IS NOT OLD.decided_by_id
  OR (NEW.donor_name <> OLD.donor_name AND NEW.donor_name <> '')
  OR (NEW.name_shown AND NOT OLD.name_shown)
)
BEGIN SELECT RAISE(ABORT, 'a decided donation stays as it is'); END;
CREATE TRIGGER funding_donation_no_delete BEFORE DELETE ON funding_donation
BEGIN SELECT RAISE(ABORT, 'a donation is never deleted'); END;

-- The wish: the line serves the donor's purpose and no other ------------------------------------------
CREATE TRIGGER funding_donation_wish_made BEFORE INSERT ON funding_donation
WHEN NEW.purpose_id IS NOT NULL AND (
  EXISTS (SELECT 1 FROM funding_linepurpose WHERE line_id = NEW.line_id AND purpose_id <> NEW.purpose_id)
  OR NOT EXISTS (SELECT 1 FROM funding_linepurpose WHERE line_id = NEW.line_id AND purpose_id = NEW.purpose_id)
)
BEGIN SELECT RAISE(ABORT, 'the line does not serve the donor''s purpose alone'); END;
CREATE TRIGGER funding_donation_wish_kept BEFORE UPDATE ON funding_donation
WHEN NEW.purpose_id IS NOT NULL AND NEW.state <> 'refused' AND EXISTS (
  SELECT 1 FROM funding_linepurpose WHERE line_id = NEW.line_id AND purpose_id <> NEW.purpose_id
)
BEGIN SELECT RAISE(ABORT, 'the line does not serve the donor''s purpose alone'); END;
CREATE TRIGGER funding_linepurpose_donors_wish BEFORE INSERT ON funding_linepurpose
WHEN EXISTS (
  SELECT 1 FROM funding_donation WHERE line_id = NEW.line_id AND purpose_id <> NEW.purpose_id
  AND state <> 'refused'
)
BEGIN SELECT RAISE(ABORT, 'a donor wished another purpose'); END;
CREATE TRIGGER funding_linepurpose_donors_wish_kept BEFORE UPDATE ON funding_linepurpose
WHEN EXISTS (
  SELECT 1 FROM funding_donation WHERE line_id = NEW.line_id AND purpose_id <> NEW.purpose_id
  AND state <> 'refused'
)
BEGIN SELECT RAISE(ABORT, 'a donor wished another purpose'); END;

-- Members' and owners' decisions: a line that needs them spends no more than they allow -----------------
CREATE TRIGGER funding_line_decided BEFORE UPDATE ON funding_line
WHEN NEW.reserved + NEW.payable + NEW.spent > OLD.reserved + OLD.payable + OLD.spent
AND EXISTS (
  SELECT 1 FROM funding_sourcerule AS rule WHERE rule.source_id = NEW.source_id AND rule.needs_decision
  AND rule.valid_from <= date('now', '+8 hours')
  AND (rule.valid_to IS NULL OR rule.valid_to > date('now', '+8 hours'))
)
AND NEW.reserved + NEW.payable + NEW.spent > (
  SELECT coalesce(sum(amount), 0) FROM funding_decision WHERE line_id = NEW.id
)
BEGIN SELECT RAISE(ABORT, 'members or owners have not decided to spend this much'); END;

-- Offices of a collective: who directs or keeps the books does not supervise, nor do their relatives -----
CREATE TRIGGER funding_collectiveoffice_conflict BEFORE INSERT ON funding_collectiveoffice
WHEN EXISTS (
  SELECT 1 FROM funding_collectiveoffice AS other
  WHERE other.body_id = NEW.body_id
    AND (other.valid_to IS NULL OR other.valid_to > NEW.valid_from)
    AND (NEW.valid_to IS NULL OR NEW.valid_to > other.valid_from)
    AND ((NEW.office = 'supervisor') <> (other.office = 'supervisor')
      OR (NEW.office = 'director' AND other.office = 'director' AND other.person_id <> NEW.person_id))
    AND ((other.person_id = NEW.person_id AND (NEW.office = 'supervisor') <> (other.office = 'supervisor'))
      OR EXISTS (SELECT 1 FROM funding_kinship AS kin WHERE kin.first_id = min(NEW.person_id, other.person_id)
        AND kin.second_id = max(NEW.person_id, other.person_id)))
)
BEGIN SELECT RAISE(ABORT, 'these offices may not be held together'); END;
CREATE TRIGGER funding_collectiveoffice_conflict_kept BEFORE UPDATE ON funding_collectiveoffice
WHEN EXISTS (
  SELECT 1 FROM funding_collectiveoffice AS other
  WHERE other.body_id = NEW.body_id AND other.id <> NEW.id
    AND (other.valid_to IS NULL OR other.valid_to > NEW.valid_from)
    AND (NEW.valid_to IS NULL OR NEW.valid_to > other.valid_from)
    AND ((NEW.office = 'supervisor') <> (other.office = 'supervisor')
      OR (NEW.office = 'director' AND other.office = 'director' AND other.person_id <> NEW.person_id))
    AND ((other.person_id = NEW.person_id AND (NEW.office = 'supervisor') <> (other.office = 'supervisor'))
      OR EXISTS (SELECT 1 FROM funding_kinship AS kin WHERE kin.first_id = min(NEW.person_id, other.person_id)
        AND kin.second_id = max(NEW.person_id, other.person_id)))
)
BEGIN SELECT RAISE(ABORT, 'these offices may not be held together'); END;

-- Distribution: shares add up when the plan is approved, and stay --------------------------------------
CREATE TRIGGER funding_distributionplan_adds_up BEFORE UPDATE ON funding_distributionplan
WHEN NEW.state = 'approved' AND NEW.income - NEW.set_aside <> (
  SELECT coalesce(sum(amount), 0) FROM funding_planshare WHERE plan_id = NEW.id
)
BEGIN SELECT RAISE(ABORT, 'the shares do not add up to what is distributed'); END;
CREATE TRIGGER funding_distributionplan_stays BEFORE UPDATE ON funding_distributionplan
WHEN OLD.state = 'approved'
BEGIN SELECT RAISE(ABORT, 'an approved plan stays as it is'); END;
CREATE TRIGGER funding_planshare_fixed BEFORE INSERT ON funding_planshare
WHEN EXISTS (SELECT 1 FROM funding_distributionplan WHERE id = NEW.plan_id AND state = 'approved')
BEGIN SELECT RAISE(ABORT, 'an approved plan stays as it is'); END;
CREATE TRIGGER funding_planshare_paid_once BEFORE UPDATE ON funding_planshare
WHEN NEW.plan_id <> OLD.plan_id OR NEW.household <> OLD.household OR NEW.amount <> OLD.amount
  OR NEW.shares <> OLD.shares OR (OLD.posting_id IS NOT NULL AND NEW.posting_id IS NOT OLD.posting_id)
BEGIN SELECT RAISE(ABORT, 'a share stays as it is and is paid once'); END;
CREATE TRIGGER funding_planshare_no_delete BEFORE DELETE ON funding_planshare
WHEN EXISTS (SELECT 1 FROM funding_distributionplan WHERE id = OLD.plan_id AND state = 'approved')
BEGIN SELECT RAISE(ABORT, 'an approved plan stays as it is'); END;

-- Questions: what was answered stays; only the contact may be erased ------------------------------------
CREATE TRIGGER funding_question_guard BEFORE UPDATE ON funding_question
WHEN OLD.state IN ('answered', 'declined') AND (
  NEW.state <> OLD.state OR NEW.public_text <> OLD.public_text OR NEW.answer <> OLD.answer
  OR NEW.asked_at <> OLD.asked_at OR NEW.due_at <> OLD.due_at OR NEW.body_id <> OLD.body_id
)
BEGIN SELECT RAISE(ABORT, 'an answered question stays as it is'); END;
CREATE TRIGGER funding_question_no_delete BEFORE DELETE ON funding_question
BEGIN SELECT RAISE(ABORT, 'a question is never deleted'); END;
