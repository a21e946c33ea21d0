-- From budget to payment: the rules that no service may forget; payment.sqlite.sql says the same for SQLite.

-- Entries: not in a closed month, not for what the source forbids ------------------------------------
CREATE OR REPLACE FUNCTION funding_entry_month_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM fresh
    JOIN funding_posting AS posting ON posting.id = fresh.posting_id
    JOIN funding_line AS line ON line.id = fresh.line_id
    JOIN funding_periodclose AS closed ON closed.body_id = line.body_id
    WHERE (posting.at AT TIME ZONE 'Asia/Shanghai')::date < closed.ends
  ) THEN
    PERFORM funding_refuse('the month is closed');
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER funding_entry_month_open AFTER INSERT ON funding_entry
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION funding_entry_month_open();

CREATE OR REPLACE FUNCTION funding_entry_not_banned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM fresh
    JOIN funding_posting AS posting ON posting.id = fresh.posting_id
    JOIN funding_line AS line ON line.id = fresh.line_id
    JOIN funding_ban AS ban ON ban.source_id = line.source_id AND ban.purpose_id = fresh.purpose_id
    WHERE fresh.source_bucket = 'available' AND fresh.target_bucket = 'reserved'
      AND (posting.at AT TIME ZONE 'Asia/Shanghai')::date >= ban.valid_from
      AND (ban.valid_to IS NULL OR (posting.at AT TIME ZONE 'Asia/Shanghai')::date < ban.valid_to)
  ) THEN
    PERFORM funding_refuse('the source forbids this purpose');
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER funding_entry_not_banned AFTER INSERT ON funding_entry
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION funding_entry_not_banned();

-- Closed months: one after the other, over before they are closed --------------------------------------
CREATE OR REPLACE FUNCTION funding_periodclose_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.ends <> (NEW.month + interval '1 month')::date
    OR (NEW.at AT TIME ZONE 'Asia/Shanghai')::date < NEW.ends THEN
    PERFORM funding_refuse('a month is closed when it is over');
  ELSIF EXISTS (SELECT 1 FROM funding_periodclose WHERE body_id = NEW.body_id AND month >= NEW.month) THEN
    PERFORM funding_refuse('months are closed in their order');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER funding_periodclose_in_order BEFORE INSERT ON funding_periodclose
FOR EACH ROW EXECUTE FUNCTION funding_periodclose_in_order();

-- Budgets: decided versions stay ------------------------------------------------------------------------
CREATE OR REPLACE FUNCTION funding_budget_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state <> 'draft' THEN
      PERFORM funding_refuse('a version that was handed in stays');
    END IF;
    RETURN OLD;
  ELSIF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' THEN
      PERFORM funding_refuse('a budget begins as a draft');
    END IF;
  ELSIF (OLD.id, OLD.body_id, OLD.source_id, OLD.year, OLD.version, OLD.made_by_id)
    IS DISTINCT FROM (NEW.id, NEW.body_id, NEW.source_id, NEW.year, NEW.version, NEW.made_by_id) THEN
    PERFORM funding_refuse('a budget keeps its body, source, year, version and maker');
  ELSIF NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN
    ('draft>submitted', 'submitted>approved', 'submitted>refused', 'approved>replaced') THEN
    PERFORM funding_refuse('a budget does not go from ' || OLD.state || ' to ' || NEW.state);
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER funding_budget_guard BEFORE INSERT OR UPDATE OR DELETE ON funding_budget
FOR EACH ROW EXECUTE FUNCTION funding_budget_guard();

CREATE OR REPLACE FUNCTION funding_budgetitem_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  touched bigint := CASE TG_OP WHEN 'INSERT' THEN NEW.budget_id ELSE OLD.budget_id END;
BEGIN
  IF TG_OP = 'UPDATE' AND (OLD.id, OLD.budget_id, OLD.purpose_id, OLD.amount)
    IS NOT DISTINCT FROM (NEW.id, NEW.budget_id, NEW.purpose_id, NEW.amount) THEN
    RETURN NEW;
  END IF;
  IF EXISTS (SELECT 1 FROM funding_budget WHERE id = touched AND state <> 'draft') THEN
    PERFORM funding_refuse('the items of a version that was handed in stay');
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE OR REPLACE TRIGGER funding_budgetitem_guard BEFORE INSERT OR UPDATE OR DELETE ON funding_budgetitem
FOR EACH ROW EXECUTE FUNCTION funding_budgetitem_guard();

-- Applications: begin as drafts, keep what others rely on, climb the whole ladder --------------------------
CREATE OR REPLACE FUNCTION funding_application_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM funding_refuse('an application is never deleted');
  ELSIF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' OR NEW.paid <> 0 OR NEW.round <> 0 THEN
      PERFORM funding_refuse('an application begins as a draft');
    END IF;
    RETURN NEW;
  END IF;
  IF (OLD.id, OLD.asked_by_id, OLD.asked_at, OLD.key, OLD.subject_kind, OLD.subject_key)
    IS DISTINCT FROM (NEW.id, NEW.asked_by_id, NEW.asked_at, NEW.key, NEW.subject_kind, NEW.subject_key) THEN
    PERFORM funding_refuse('an application keeps its maker and subject');
  ELSIF OLD.state NOT IN ('draft', 'returned') AND
    (OLD.line_id, OLD.purpose_id, OLD.amount, OLD.title, OLD.reason, OLD.payee_name, OLD.payee_bank,
     OLD.payee_account, OLD.payee_key, OLD.round)
    IS DISTINCT FROM
    (NEW.line_id, NEW.purpose_id, NEW.amount, NEW.title, NEW.reason, NEW.payee_name, NEW.payee_bank,
     NEW.payee_account, NEW.payee_key, NEW.round) THEN
    PERFORM funding_refuse('what was handed in stays');
  ELSIF NEW.state = OLD.state THEN
    RETURN NEW;
  ELSIF (OLD.state || '>' || NEW.state) NOT IN (
    'draft>submitted', 'returned>submitted', 'submitted>approving', 'approving>approved',
    'submitted>returned', 'approving>returned', 'submitted>refused', 'approving>refused',
    'draft>withdrawn', 'returned>withdrawn', 'submitted>withdrawn', 'approving>withdrawn',
    'approved>returned', 'approved>paying', 'paying>approved', 'paying>paid', 'approved>paid', 'paid>approved'
  ) THEN
    PERFORM funding_refuse('an application does not go from ' || OLD.state || ' to ' || NEW.state);
  ELSIF NEW.state = 'submitted' AND NOT funding_ladder_stands(NEW) THEN
    PERFORM funding_refuse('the ladder of approvals is not complete');
  ELSIF NEW.state = 'approving' AND NOT EXISTS (
    SELECT 1 FROM funding_approval
    WHERE application_id = NEW.id AND round = NEW.round AND position = 0 AND decision = 'yes'
  ) THEN
    PERFORM funding_refuse('the check is missing');
  ELSIF NEW.state = 'approved' AND EXISTS (
    SELECT 1 FROM funding_approval
    WHERE application_id = NEW.id AND round = NEW.round AND decision <> 'yes'
  ) THEN
    PERFORM funding_refuse('approvals are missing');
  ELSIF NEW.state = 'paid' AND NEW.paid = 0 THEN
    PERFORM funding_refuse('nothing was paid');
  END IF;
  RETURN NEW;
END $$;

-- Whether this round has the check and an undecided step for every rung of the day.
CREATE OR REPLACE FUNCTION funding_ladder_stands(application funding_application) RETURNS boolean LANGUAGE sql AS $$
  WITH rung AS (
    SELECT rung.position, rung.role, rung.body_id
    FROM funding_rung AS rung JOIN funding_line AS line ON line.source_id = rung.source_id
    WHERE line.id = application.line_id AND rung.above <= application.amount
      AND rung.valid_from <= (application.submitted_at AT TIME ZONE 'Asia/Shanghai')::date
      AND (rung.valid_to IS NULL OR rung.valid_to > (application.submitted_at AT TIME ZONE 'Asia/Shanghai')::date)
  ), step AS (
    SELECT position, role, body_id FROM funding_approval
    WHERE application_id = application.id AND round = application.round AND decision = ''
  )
  SELECT EXISTS (SELECT 1 FROM rung)
    AND EXISTS (SELECT 1 FROM step WHERE position = 0)
    AND NOT EXISTS (
      SELECT 1 FROM rung WHERE NOT EXISTS (
        SELECT 1 FROM step WHERE step.position = rung.position AND step.role = rung.role
          AND step.body_id IS NOT DISTINCT FROM rung.body_id
      )
    )
$$;
CREATE OR REPLACE TRIGGER funding_application_guard BEFORE INSERT OR UPDATE OR DELETE ON funding_application
FOR EACH ROW EXECUTE FUNCTION funding_application_guard();

CREATE OR REPLACE FUNCTION funding_applicationfile_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' OR NOT EXISTS (
    SELECT 1 FROM funding_application WHERE id = OLD.application_id AND state IN ('draft', 'returned')
  ) THEN
    PERFORM funding_refuse('a document that was handed in stays');
  END IF;
  RETURN OLD;
END $$;
CREATE OR REPLACE TRIGGER funding_applicationfile_guard BEFORE UPDATE OR DELETE ON funding_applicationfile
FOR EACH ROW EXECUTE FUNCTION funding_applicationfile_guard();

-- Approvals: decided once, in turn, by nobody who has a part in it -------------------------------------------
CREATE OR REPLACE FUNCTION funding_approval_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  application funding_application%ROWTYPE;
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM funding_refuse('an approval is never deleted');
  END IF;
  SELECT * INTO application FROM funding_application WHERE id = NEW.application_id;
  IF TG_OP = 'INSERT' THEN
    IF NEW.decision <> '' OR application.state NOT IN ('draft', 'returned') THEN
      PERFORM funding_refuse('a step begins undecided, when the application is handed in');
    END IF;
  ELSIF OLD.decision <> '' THEN
    PERFORM funding_refuse('a decision stands');
  ELSIF (OLD.id, OLD.application_id, OLD.round, OLD.position, OLD.role, OLD.body_id)
    IS DISTINCT FROM (NEW.id, NEW.application_id, NEW.round, NEW.position, NEW.role, NEW.body_id) THEN
    PERFORM funding_refuse('a step keeps its place');
  ELSIF NEW.round <> application.round
    OR application.state <> (CASE WHEN NEW.position = 0 THEN 'submitted' ELSE 'approving' END)
    OR EXISTS (
      SELECT 1 FROM funding_approval
      WHERE application_id = NEW.application_id AND round = NEW.round AND position < NEW.position AND decision <> 'yes'
    ) THEN
    PERFORM funding_refuse('it is not the turn of this step');
  ELSIF NEW.decided_by_id = application.asked_by_id THEN
    PERFORM funding_refuse('nobody decides on what he asked for');
  ELSIF EXISTS (
    SELECT 1 FROM funding_interest
    WHERE person_id = NEW.decided_by_id AND ended_at IS NULL
      AND (party_key = application.payee_key OR application_id = NEW.application_id)
  ) THEN
    PERFORM funding_refuse('nobody decides where he or a relative has an interest');
  ELSIF EXISTS (
    SELECT 1 FROM funding_payment
    WHERE application_id = NEW.application_id AND NEW.decided_by_id IN (ordered_by_id, confirmed_by_id)
  ) THEN
    PERFORM funding_refuse('who pays does not approve');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER funding_approval_guard BEFORE INSERT OR UPDATE OR DELETE ON funding_approval
FOR EACH ROW EXECUTE FUNCTION funding_approval_guard();

CREATE OR REPLACE FUNCTION funding_interest_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM funding_refuse('a declaration is never deleted');
  ELSIF OLD.ended_at IS NOT NULL
    OR (OLD.id, OLD.person_id, OLD.whose, OLD.party, OLD.party_key, OLD.application_id, OLD.declared_at)
    IS DISTINCT FROM (NEW.id, NEW.person_id, NEW.whose, NEW.party, NEW.party_key, NEW.application_id, NEW.declared_at) THEN
    PERFORM funding_refuse('a declaration is ended, not changed');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER funding_interest_guard BEFORE UPDATE OR DELETE ON funding_interest
FOR EACH ROW EXECUTE FUNCTION funding_interest_guard();

-- Payments: by neither maker nor approver, within what was approved, with the ledger's posting --------------------
CREATE OR REPLACE FUNCTION funding_payment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  application funding_application%ROWTYPE;
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM funding_refuse('a payment is never deleted');
  END IF;
  SELECT * INTO application FROM funding_application WHERE id = NEW.application_id;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'ordered' OR application.state <> 'paying' OR NEW.amount > application.amount - application.paid THEN
      PERFORM funding_refuse('only what was approved is paid');
    END IF;
  ELSIF (OLD.id, OLD.application_id, OLD.account_id, OLD.method, OLD.amount, OLD.reference, OLD.ordered_by_id, OLD.ordered_at)
    IS DISTINCT FROM (NEW.id, NEW.application_id, NEW.account_id, NEW.method, NEW.amount, NEW.reference, NEW.ordered_by_id, NEW.ordered_at)
    OR (OLD.state || '>' || NEW.state) NOT IN ('ordered>paid', 'ordered>failed', 'paid>reversed')
    OR (OLD.state = 'paid' AND OLD.posting_id <> NEW.posting_id) THEN
    PERFORM funding_refuse('a payment keeps what was ordered');
  ELSIF NEW.state = 'paid' AND NOT EXISTS (
    SELECT 1 FROM funding_entry AS entry JOIN funding_posting AS posting ON posting.id = entry.posting_id
    WHERE posting.id = NEW.posting_id AND posting.kind = 'pay' AND entry.hold_id = application.hold_id AND entry.amount = NEW.amount
  ) THEN
    PERFORM funding_refuse('the ledger has not paid this');
  END IF;
  IF application.asked_by_id IN (NEW.ordered_by_id, NEW.confirmed_by_id) OR EXISTS (
    SELECT 1 FROM funding_approval
    WHERE application_id = NEW.application_id AND decided_by_id IN (NEW.ordered_by_id, NEW.confirmed_by_id)
  ) THEN
    PERFORM funding_refuse('who made or approved it does not pay');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER funding_payment_guard BEFORE INSERT OR UPDATE OR DELETE ON funding_payment
FOR EACH ROW EXECUTE FUNCTION funding_payment_guard();

-- Vouchers: 1, 2, 3 … in each book, of a posting of its body and year ----------------------------------------------
CREATE OR REPLACE FUNCTION funding_voucher_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM funding_voucher WHERE book_id = NEW.book_id) THEN
    PERFORM funding_refuse('voucher numbers have no gaps');
  ELSIF NOT EXISTS (
    SELECT 1 FROM funding_voucherbook AS book
    JOIN funding_posting AS posting ON posting.id = NEW.posting_id
    JOIN funding_entry AS entry ON entry.posting_id = posting.id
    JOIN funding_line AS line ON line.id = entry.line_id AND line.body_id = book.body_id
    WHERE book.id = NEW.book_id AND extract(year FROM posting.at AT TIME ZONE 'Asia/Shanghai') = book.year
  ) THEN
    PERFORM funding_refuse('a voucher proves a posting of its body and year');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER funding_voucher_in_order BEFORE INSERT ON funding_voucher
FOR EACH ROW EXECUTE FUNCTION funding_voucher_in_order();

-- Matches: the same account, direction and amount; undone once -------------------------------------------------------
CREATE OR REPLACE FUNCTION funding_match_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM funding_refuse('a match is never deleted');
  ELSIF TG_OP = 'UPDATE' THEN
    IF OLD.undone_at IS NOT NULL OR (OLD.id, OLD.row_id, OLD.payment_id, OLD.instruction_id, OLD.by_id, OLD.at)
      IS DISTINCT FROM (NEW.id, NEW.row_id, NEW.payment_id, NEW.instruction_id, NEW.by_id, NEW.at) THEN
      PERFORM funding_refuse('a match is undone, not changed');
    END IF;
  ELSIF NEW.undone_at IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM funding_bankrow AS bank
    LEFT JOIN funding_payment AS payment ON payment.id = NEW.payment_id
    LEFT JOIN funding_instruction AS receipt ON receipt.id = NEW.instruction_id
    WHERE bank.id = NEW.row_id AND (
      (bank.direction = 'out' AND payment.account_id = bank.account_id AND payment.amount = bank.amount
        AND payment.state IN ('ordered', 'paid'))
      OR (bank.direction = 'in' AND receipt.account_id = bank.account_id AND receipt.amount = bank.amount)
    )
  ) THEN
    PERFORM funding_refuse('account, direction and amount must be the same');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER funding_match_guard BEFORE INSERT OR UPDATE OR DELETE ON funding_match
FOR EACH ROW EXECUTE FUNCTION funding_match_guard();

-- Instructions: decided once, by a posting that does what was asked ------------------------------------------------------
CREATE OR REPLACE FUNCTION funding_instruction_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM funding_refuse('an instruction is never deleted');
  ELSIF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'waiting' THEN
      PERFORM funding_refuse('an instruction begins undecided');
    END IF;
    RETURN NEW;
  ELSIF OLD.state <> 'waiting' THEN
    PERFORM funding_refuse('a decision stands');
  ELSIF (OLD.id, OLD.kind, OLD.line_id, OLD.to_line_id, OLD.amount, OLD.reason, OLD.reverses_id, OLD.payment_id,
     OLD.account_id, OLD.key, OLD.asked_by_id, OLD.asked_at)
    IS DISTINCT FROM
    (NEW.id, NEW.kind, NEW.line_id, NEW.to_line_id, NEW.amount, NEW.reason, NEW.reverses_id, NEW.payment_id,
     NEW.account_id, NEW.key, NEW.asked_by_id, NEW.asked_at) THEN
    PERFORM funding_refuse('an instruction keeps what was asked for');
  ELSIF NEW.state = 'done' AND NOT EXISTS (
    SELECT 1 FROM funding_posting AS posting JOIN funding_entry AS entry ON entry.posting_id = posting.id
    WHERE posting.id = NEW.posting_id AND entry.line_id = NEW.line_id
      AND (CASE WHEN NEW.kind = 'reverse' THEN posting.reverses_id = NEW.reverses_id ELSE entry.amount = NEW.amount END)
  ) THEN
    PERFORM funding_refuse('the ledger has not done this');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER funding_instruction_guard BEFORE INSERT OR UPDATE OR DELETE ON funding_instruction
FOR EACH ROW EXECUTE FUNCTION funding_instruction_guard();

-- What no row trigger sees ------------------------------------------------------------------------------------------------
CREATE OR REPLACE FUNCTION funding_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is never emptied', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE TRIGGER funding_application_no_truncate BEFORE TRUNCATE ON funding_application
FOR EACH STATEMENT EXECUTE FUNCTION funding_no_truncate();
CREATE OR REPLACE TRIGGER funding_approval_no_truncate BEFORE TRUNCATE ON funding_approval
FOR EACH STATEMENT EXECUTE FUNCTION funding_no_truncate();
CREATE OR REPLACE TRIGGER funding_interest_no_truncate BEFORE TRUNCATE ON funding_interest
FOR EACH STATEMENT EXECUTE FUNCTION funding_no_truncate();
CREATE OR REPLACE TRIGGER funding_payment_no_truncate BEFORE TRUNCATE ON funding_payment
FOR EACH STATEMENT EXECUTE FUNCTION funding_no_truncate();
CREATE OR REPLACE TRIGGER funding_match_no_truncate BEFORE TRUNCATE ON funding_match
FOR EACH STATEMENT EXECUTE FUNCTION funding_no_truncate();
CREATE OR REPLACE TRIGGER funding_instruction_no_truncate BEFORE TRUNCATE ON funding_instruction
FOR EACH STATEMENT EXECUTE FUNCTION funding_no_truncate();
