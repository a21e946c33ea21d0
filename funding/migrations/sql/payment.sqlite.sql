-- From budget to payment: the rules that no service may forget; payment.postgresql.sql says the same for PostgreSQL.
-- Days are those of the city, eight hours before UTC the whole year.

-- Entries: not in a closed month, not for what the source forbids ------------------------------------
CREATE TRIGGER funding_entry_month_open AFTER INSERT ON funding_entry
BEGIN
  SELECT RAISE(ABORT, 'the month is closed')
  FROM funding_posting AS posting
  JOIN funding_line AS line ON line.id = NEW.line_id
  JOIN funding_periodclose AS closed ON closed.body_id = line.body_id
  WHERE posting.id = NEW.posting_id AND date(posting.at, '+8 hours') < closed.ends;
END;
CREATE TRIGGER funding_entry_not_banned AFTER INSERT ON funding_entry
WHEN NEW.source_bucket = 'available' AND NEW.target_bucket = 'reserved'
BEGIN
  SELECT RAISE(ABORT, 'the source forbids this purpose')
  FROM funding_posting AS posting
  JOIN funding_line AS line ON line.id = NEW.line_id
  JOIN funding_ban AS ban ON ban.source_id = line.source_id AND ban.purpose_id = NEW.purpose_id
  WHERE posting.id = NEW.posting_id AND date(posting.at, '+8 hours') >= ban.valid_from
    AND (ban.valid_to IS NULL OR date(posting.at, '+8 hours') < ban.valid_to);
END;

-- Closed months: one after the other, over before they are closed --------------------------------------
CREATE TRIGGER funding_periodclose_in_order BEFORE INSERT ON funding_periodclose
BEGIN
  SELECT RAISE(ABORT, 'a month is closed when it is over')
  WHERE NEW.ends <> date(NEW.month, '+1 month') OR date(NEW.at, '+8 hours') < NEW.ends;
  SELECT RAISE(ABORT, 'months are closed in their order')
  FROM funding_periodclose WHERE body_id = NEW.body_id AND month >= NEW.month;
END;

-- Budgets: decided versions stay ------------------------------------------------------------------------
CREATE TRIGGER funding_budget_begins BEFORE INSERT ON funding_budget
BEGIN
  SELECT RAISE(ABORT, 'a budget begins as a draft')
  WHERE NEW.state <> 'draft' OR EXISTS (SELECT 1 FROM funding_budget WHERE id = NEW.id);
END;
CREATE TRIGGER funding_budget_guard BEFORE UPDATE ON funding_budget
BEGIN
  SELECT RAISE(ABORT, 'a budget keeps its body, source, year, version and maker')
  WHERE (OLD.id, OLD.body_id, OLD.source_id, OLD.year, OLD.version, OLD.made_by_id)
    IS NOT (NEW.id, NEW.body_id, NEW.source_id, NEW.year, NEW.version, NEW.made_by_id);
  SELECT RAISE(ABORT, 'a budget does not go there')
  WHERE NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN
    ('draft>submitted', 'submitted>approved', 'submitted>refused', 'approved>replaced');
END;
CREATE TRIGGER funding_budget_no_delete BEFORE DELETE ON funding_budget
WHEN OLD.state <> 'draft'
BEGIN
  SELECT RAISE(ABORT, 'a version that was handed in stays');
END;
CREATE TRIGGER funding_budgetitem_made BEFORE INSERT ON funding_budgetitem
BEGIN
  SELECT RAISE(ABORT, 'the items of a version that was handed in stay')
  FROM funding_budget WHERE id = NEW.budget_id AND state <> 'draft';
  SELECT RAISE(ABORT, 'the items of a version that was handed in stay')
  FROM funding_budgetitem WHERE id = NEW.id OR (budget_id = NEW.budget_id AND purpose_id = NEW.purpose_id);
END;
CREATE TRIGGER funding_budgetitem_guard BEFORE UPDATE ON funding_budgetitem
WHEN (OLD.id, OLD.budget_id, OLD.purpose_id, OLD.amount) IS NOT (NEW.id, NEW.budget_id, NEW.purpose_id, NEW.amount)
BEGIN
  SELECT RAISE(ABORT, 'the items of a version that was handed in stay')
  FROM funding_budget WHERE id = OLD.budget_id AND state <> 'draft';
END;
CREATE TRIGGER funding_budgetitem_no_delete BEFORE DELETE ON funding_budgetitem
BEGIN
  SELECT RAISE(ABORT, 'the items of a version that was handed in stay')
  FROM funding_budget WHERE id = OLD.budget_id AND state <> 'draft';
END;

-- Applications: begin as drafts, keep what others rely on, climb the whole ladder --------------------------
CREATE TRIGGER funding_application_begins BEFORE INSERT ON funding_application
BEGIN
  SELECT RAISE(ABORT, 'an application begins as a draft')
  WHERE NEW.state <> 'draft' OR NEW.paid <> 0 OR NEW.round <> 0
     OR EXISTS (SELECT 1 FROM funding_application WHERE id = NEW.id OR key = NEW.key);
END;
CREATE TRIGGER funding_application_no_delete BEFORE DELETE ON funding_application
BEGIN
  SELECT RAISE(ABORT, 'an application is never deleted');
END;
CREATE TRIGGER funding_application_guard BEFORE UPDATE ON funding_application
BEGIN
  SELECT RAISE(ABORT, 'an application keeps its maker and subject')
  WHERE (OLD.id, OLD.asked_by_id, OLD.asked_at, OLD.key, OLD.subject_kind, OLD.subject_key)
    IS NOT (NEW.id, NEW.asked_by_id, NEW.asked_at, NEW.key, NEW.subject_kind, NEW.subject_key);
  SELECT RAISE(ABORT, 'what was handed in stays')
  WHERE OLD.state NOT IN ('draft', 'returned') AND
    (OLD.line_id, OLD.purpose_id, OLD.amount, OLD.title, OLD.reason, OLD.payee_name, OLD.payee_bank,
     OLD.payee_account, OLD.payee_key, OLD.round)
    IS NOT
    (NEW.line_id, NEW.purpose_id, NEW.amount, NEW.title, NEW.reason, NEW.payee_name, NEW.payee_bank,
     NEW.payee_account, NEW.payee_key, NEW.round);
END;
CREATE TRIGGER funding_application_moves BEFORE UPDATE ON funding_application
WHEN NEW.state <> OLD.state
BEGIN
  SELECT RAISE(ABORT, 'an application does not go there')
  WHERE (OLD.state || '>' || NEW.state) NOT IN (
    'draft>submitted', 'returned>submitted', 'submitted>approving', 'approving>approved',
    'submitted>returned', 'approving>returned', 'submitted>refused', 'approving>refused',
    'draft>withdrawn', 'returned>withdrawn', 'submitted>withdrawn', 'approving>withdrawn',
    'approved>returned', 'approved>paying', 'paying>approved', 'paying>paid', 'approved>paid', 'paid>approved'
  );
  SELECT RAISE(ABORT, 'the ladder of approvals is not complete')
  WHERE NEW.state = 'submitted' AND (
    NOT EXISTS (
      SELECT 1 FROM funding_approval
      WHERE application_id = NEW.id AND round = NEW.round AND decision = '' AND position = 0
    )
    OR NOT EXISTS (
      SELECT 1 FROM funding_rung AS rung JOIN funding_line AS line ON line.source_id = rung.source_id
      WHERE line.id = NEW.line_id AND rung.above <= NEW.amount AND rung.valid_from <= date(NEW.submitted_at, '+8 hours')
        AND (rung.valid_to IS NULL OR rung.valid_to > date(NEW.submitted_at, '+8 hours'))
    )
    OR EXISTS (
      SELECT 1 FROM funding_rung AS rung JOIN funding_line AS line ON line.source_id = rung.source_id
      WHERE line.id = NEW.line_id AND rung.above <= NEW.amount AND rung.valid_from <= date(NEW.submitted_at, '+8 hours')
        AND (rung.valid_to IS NULL OR rung.valid_to > date(NEW.submitted_at, '+8 hours'))
        AND NOT EXISTS (
          SELECT 1 FROM funding_approval AS step
          WHERE step.application_id = NEW.id AND step.round = NEW.round AND step.decision = ''
            AND step.position = rung.position AND step.role = rung.role AND step.body_id IS rung.body_id
        )
    )
  );
  SELECT RAISE(ABORT, 'the check is missing')
  WHERE NEW.state = 'approving' AND NOT EXISTS (
    SELECT 1 FROM funding_approval
    WHERE application_id = NEW.id AND round = NEW.round AND position = 0 AND decision = 'yes'
  );
  SELECT RAISE(ABORT, 'approvals are missing')
  WHERE NEW.state = 'approved' AND EXISTS (
    SELECT 1 FROM funding_approval WHERE application_id = NEW.id AND round = NEW.round AND decision <> 'yes'
  );
  SELECT RAISE(ABORT, 'nothing was paid') WHERE NEW.state = 'paid' AND NEW.paid = 0;
END;
CREATE TRIGGER funding_applicationfile_stays BEFORE UPDATE ON funding_applicationfile
BEGIN
  SELECT RAISE(ABORT, 'a document that was handed in stays');
END;
CREATE TRIGGER funding_applicationfile_guard BEFORE DELETE ON funding_applicationfile
BEGIN
  SELECT RAISE(ABORT, 'a document that was handed in stays')
  FROM funding_application WHERE id = OLD.application_id AND state NOT IN ('draft', 'returned');
END;

-- Approvals: decided once, in turn, by nobody who has a part in it -------------------------------------------
CREATE TRIGGER funding_approval_begins BEFORE INSERT ON funding_approval
BEGIN
  SELECT RAISE(ABORT, 'a step begins undecided, when the application is handed in')
  WHERE NEW.decision <> ''
     OR NOT EXISTS (SELECT 1 FROM funding_application WHERE id = NEW.application_id AND state IN ('draft', 'returned'))
     OR EXISTS (
       SELECT 1 FROM funding_approval WHERE id = NEW.id
         OR (application_id = NEW.application_id AND round = NEW.round AND position = NEW.position)
     );
END;
CREATE TRIGGER funding_approval_no_delete BEFORE DELETE ON funding_approval
BEGIN
  SELECT RAISE(ABORT, 'an approval is never deleted');
END;
CREATE TRIGGER funding_approval_guard BEFORE UPDATE ON funding_approval
BEGIN
  SELECT RAISE(ABORT, 'a decision stands') WHERE OLD.decision <> '';
  SELECT RAISE(ABORT, 'a step keeps its place')
  WHERE (OLD.id, OLD.application_id, OLD.round, OLD.position, OLD.role, OLD.body_id)
    IS NOT (NEW.id, NEW.application_id, NEW.round, NEW.position, NEW.role, NEW.body_id);
  SELECT RAISE(ABORT, 'it is not the turn of this step')
  FROM funding_application AS application
  WHERE application.id = NEW.application_id AND (
    application.round <> NEW.round
    OR application.state <> (CASE WHEN NEW.position = 0 THEN 'submitted' ELSE 'approving' END)
    OR EXISTS (
      SELECT 1 FROM funding_approval
      WHERE application_id = NEW.application_id AND round = NEW.round AND position < NEW.position AND decision <> 'yes'
    )
  );
  SELECT RAISE(ABORT, 'nobody decides on what he asked for')
  FROM funding_application WHERE id = NEW.application_id AND asked_by_id = NEW.decided_by_id;
  SELECT RAISE(ABORT, 'nobody decides where he or a relative has an interest')
  FROM funding_interest AS interest JOIN funding_application AS application ON application.id = NEW.application_id
  WHERE interest.person_id = NEW.decided_by_id AND interest.ended_at IS NULL
    AND (interest.party_key = application.payee_key OR interest.application_id = NEW.application_id);
  SELECT RAISE(ABORT, 'who pays does not approve')
  FROM funding_payment
  WHERE application_id = NEW.application_id AND NEW.decided_by_id IN (ordered_by_id, confirmed_by_id);
END;
CREATE TRIGGER funding_interest_begins BEFORE INSERT ON funding_interest
BEGIN
  SELECT RAISE(ABORT, 'a declaration is ended, not changed') FROM funding_interest WHERE id = NEW.id;
END;
CREATE TRIGGER funding_interest_guard BEFORE UPDATE ON funding_interest
BEGIN
  SELECT RAISE(ABORT, 'a declaration is ended, not changed')
  WHERE OLD.ended_at IS NOT NULL
    OR (OLD.id, OLD.person_id, OLD.whose, OLD.party, OLD.party_key, OLD.application_id, OLD.declared_at)
    IS NOT (NEW.id, NEW.person_id, NEW.whose, NEW.party, NEW.party_key, NEW.application_id, NEW.declared_at);
END;
CREATE TRIGGER funding_interest_no_delete BEFORE DELETE ON funding_interest
BEGIN
  SELECT RAISE(ABORT, 'a declaration is never deleted');
END;

-- Payments: by neither maker nor approver, within what was approved, with the ledger's posting --------------------
CREATE TRIGGER funding_payment_begins BEFORE INSERT ON funding_payment
BEGIN
  SELECT RAISE(ABORT, 'only what was approved is paid')
  WHERE NEW.state <> 'ordered'
     OR EXISTS (SELECT 1 FROM funding_payment WHERE id = NEW.id OR reference = NEW.reference)
     OR NOT EXISTS (
       SELECT 1 FROM funding_application
       WHERE id = NEW.application_id AND state = 'paying' AND NEW.amount <= amount - paid
     );
  SELECT RAISE(ABORT, 'who made or approved it does not pay')
  FROM funding_application WHERE id = NEW.application_id AND asked_by_id = NEW.ordered_by_id;
  SELECT RAISE(ABORT, 'who made or approved it does not pay')
  FROM funding_approval WHERE application_id = NEW.application_id AND decided_by_id = NEW.ordered_by_id;
END;
CREATE TRIGGER funding_payment_guard BEFORE UPDATE ON funding_payment
BEGIN
  SELECT RAISE(ABORT, 'a payment keeps what was ordered')
  WHERE (OLD.id, OLD.application_id, OLD.account_id, OLD.method, OLD.amount, OLD.reference, OLD.ordered_by_id, OLD.ordered_at)
    IS NOT (NEW.id, NEW.application_id, NEW.account_id, NEW.method, NEW.amount, NEW.reference, NEW.ordered_by_id, NEW.ordered_at)
    OR (OLD.state || '>' || NEW.state) NOT IN ('ordered>paid', 'ordered>failed', 'paid>reversed')
    OR (OLD.state = 'paid' AND OLD.posting_id <> NEW.posting_id);
  SELECT RAISE(ABORT, 'the ledger has not paid this')
  FROM funding_application AS application
  WHERE NEW.state = 'paid' AND application.id = NEW.application_id AND NOT EXISTS (
    SELECT 1 FROM funding_entry AS entry JOIN funding_posting AS posting ON posting.id = entry.posting_id
    WHERE posting.id = NEW.posting_id AND posting.kind = 'pay' AND entry.hold_id = application.hold_id AND entry.amount = NEW.amount
  );
  SELECT RAISE(ABORT, 'who made or approved it does not pay')
  FROM funding_application WHERE id = NEW.application_id AND asked_by_id = NEW.confirmed_by_id;
  SELECT RAISE(ABORT, 'who made or approved it does not pay')
  FROM funding_approval WHERE application_id = NEW.application_id AND decided_by_id = NEW.confirmed_by_id;
END;
CREATE TRIGGER funding_payment_no_delete BEFORE DELETE ON funding_payment
BEGIN
  SELECT RAISE(ABORT, 'a payment is never deleted');
END;

-- Vouchers: 1, 2, 3 … in each book, of a posting of its body and year ----------------------------------------------
CREATE TRIGGER funding_voucher_in_order BEFORE INSERT ON funding_voucher
BEGIN
  SELECT RAISE(ABORT, 'voucher numbers have no gaps')
  WHERE NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM funding_voucher WHERE book_id = NEW.book_id);
  SELECT RAISE(ABORT, 'a voucher proves a posting of its body and year')
  WHERE NOT EXISTS (
    SELECT 1 FROM funding_voucherbook AS book
    JOIN funding_posting AS posting ON posting.id = NEW.posting_id
    JOIN funding_entry AS entry ON entry.posting_id = posting.id
    JOIN funding_line AS line ON line.id = entry.line_id AND line.body_id = book.body_id
    WHERE book.id = NEW.book_id AND CAST(strftime('%Y', posting.at, '+8 hours') AS integer) = book.year
  );
END;

-- Matches: the same account, direction and amount; undone once -------------------------------------------------------
CREATE TRIGGER funding_match_begins BEFORE INSERT ON funding_match
BEGIN
  SELECT RAISE(ABORT, 'account, direction and amount must be the same')
  WHERE NEW.undone_at IS NOT NULL OR EXISTS (SELECT 1 FROM funding_match WHERE id = NEW.id) OR NOT EXISTS (
    SELECT 1 FROM funding_bankrow AS bank
    LEFT JOIN funding_payment AS payment ON payment.id = NEW.payment_id
    LEFT JOIN funding_instruction AS receipt ON receipt.id = NEW.instruction_id
    WHERE bank.id = NEW.row_id AND (
      (bank.direction = 'out' AND payment.account_id = bank.account_id AND payment.amount = bank.amount
        AND payment.state IN ('ordered', 'paid'))
      OR (bank.direction = 'in' AND receipt.account_id = bank.account_id AND receipt.amount = bank.amount)
    )
  );
  -- INSERT OR REPLACE would take away the match that stands.
  SELECT RAISE(ABORT, 'UNIQUE: it is matched already')
  FROM funding_match
  WHERE undone_at IS NULL AND (row_id = NEW.row_id OR payment_id = NEW.payment_id OR instruction_id = NEW.instruction_id);
END;
CREATE TRIGGER funding_match_guard BEFORE UPDATE ON funding_match
BEGIN
  SELECT RAISE(ABORT, 'a match is undone, not changed')
  WHERE OLD.undone_at IS NOT NULL OR (OLD.id, OLD.row_id, OLD.payment_id, OLD.instruction_id, OLD.by_id, OLD.at)
    IS NOT (NEW.id, NEW.row_id, NEW.payment_id, NEW.instruction_id, NEW.by_id, NEW.at);
END;
CREATE TRIGGER funding_match_no_delete BEFORE DELETE ON funding_match
BEGIN
  SELECT RAISE(ABORT, 'a match is never deleted');
END;

-- Instructions: decided once, by a posting that does what was asked ------------------------------------------------------
CREATE TRIGGER funding_instruction_begins BEFORE INSERT ON funding_instruction
BEGIN
  SELECT RAISE(ABORT, 'an instruction begins undecided')
  WHERE NEW.state <> 'waiting' OR EXISTS (SELECT 1 FROM funding_instruction WHERE id = NEW.id OR key = NEW.key);
END;
CREATE TRIGGER funding_instruction_guard BEFORE UPDATE ON funding_instruction
BEGIN
  SELECT RAISE(ABORT, 'a decision stands') WHERE OLD.state <> 'waiting';
  SELECT RAISE(ABORT, 'an instruction keeps what was asked for')
  WHERE (OLD.id, OLD.kind, OLD.line_id, OLD.to_line_id, OLD.amount, OLD.reason, OLD.reverses_id, OLD.payment_id,
     OLD.account_id, OLD.key, OLD.asked_by_id, OLD.asked_at)
    IS NOT
    (NEW.id, NEW.kind, NEW.line_id, NEW.to_line_id, NEW.amount, NEW.reason, NEW.reverses_id, NEW.payment_id,
     NEW.account_id, NEW.key, NEW.asked_by_id, NEW.asked_at);
  SELECT RAISE(ABORT, 'the ledger has not done this')
  WHERE NEW.state = 'done' AND NOT EXISTS (
    SELECT 1 FROM funding_posting AS posting JOIN funding_entry AS entry ON entry.posting_id = posting.id
    WHERE posting.id = NEW.posting_id AND entry.line_id = NEW.line_id
      AND (CASE WHEN NEW.kind = 'reverse' THEN posting.reverses_id = NEW.reverses_id ELSE entry.amount = NEW.amount END)
  );
END;
CREATE TRIGGER funding_instruction_no_delete BEFORE DELETE ON funding_instruction
BEGIN
  SELECT RAISE(ABORT, 'an instruction is never deleted');
END;
