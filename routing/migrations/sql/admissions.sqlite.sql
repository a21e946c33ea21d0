-- Admissions: what was promised stays as it was applied for, and adds up; admissions.postgresql.sql says the same.
CREATE TRIGGER routing_application_begins BEFORE INSERT ON routing_admissionapplication
WHEN NEW.state <> 'draft' OR EXISTS (SELECT 1 FROM routing_admissionapplication WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'an application begins as a draft');
END;
CREATE TRIGGER routing_application_no_delete BEFORE DELETE ON routing_admissionapplication
BEGIN
  SELECT RAISE(ABORT, 'an application is never deleted');
END;
CREATE TRIGGER routing_application_stays BEFORE UPDATE ON routing_admissionapplication
WHEN OLD.state IN ('applied', 'review', 'trial', 'admitted', 'expired') AND
  (NEW.headcount, NEW.hours, NEW.points, NEW.amount, NEW.category_id, NEW.department_id, NEW.legal_basis) IS NOT
  (OLD.headcount, OLD.hours, OLD.points, OLD.amount, OLD.category_id, OLD.department_id, OLD.legal_basis)
BEGIN
  SELECT RAISE(ABORT, 'what was applied for stays');
END;
CREATE TRIGGER routing_application_adds_up BEFORE UPDATE ON routing_admissionapplication
WHEN NEW.state IN ('applied', 'review', 'trial', 'admitted', 'expired')
  AND OLD.state NOT IN ('applied', 'review', 'trial', 'admitted', 'expired')
  AND (
    (NEW.headcount, NEW.hours, NEW.points) IS NOT (
      SELECT count(p.id), coalesce(sum(p.hours), 0), coalesce(sum(p.points), 0)
      FROM routing_promisedpost p JOIN routing_admissionshare s ON s.id = p.share_id
      WHERE s.application_id = NEW.id)
    OR NEW.amount <> (SELECT coalesce(sum(amount), 0) FROM routing_admissionshare WHERE application_id = NEW.id)
    OR EXISTS (SELECT 1 FROM routing_admissionshare s WHERE s.application_id = NEW.id
               AND NOT EXISTS (SELECT 1 FROM routing_promisedpost p WHERE p.share_id = s.id))
  )
BEGIN
  SELECT RAISE(ABORT, 'the shares of an application add up, and each has people');
END;

CREATE TRIGGER routing_share_begins BEFORE INSERT ON routing_admissionshare
WHEN NOT EXISTS (SELECT 1 FROM routing_admissionapplication WHERE id = NEW.application_id AND state = 'draft')
  OR EXISTS (SELECT 1 FROM routing_admissionshare WHERE id = NEW.id
             OR (application_id = NEW.application_id AND community_id = NEW.community_id))
BEGIN
  SELECT RAISE(ABORT, 'shares change in a draft only');
END;
CREATE TRIGGER routing_share_stays BEFORE UPDATE ON routing_admissionshare
WHEN (NEW.id, NEW.application_id, NEW.community_id, NEW.line_id, NEW.purpose_id, NEW.amount) IS NOT
     (OLD.id, OLD.application_id, OLD.community_id, OLD.line_id, OLD.purpose_id, OLD.amount)
  AND NOT EXISTS (SELECT 1 FROM routing_admissionapplication WHERE id = NEW.application_id AND state = 'draft')
BEGIN
  SELECT RAISE(ABORT, 'shares change in a draft only');
END;
CREATE TRIGGER routing_share_no_delete BEFORE DELETE ON routing_admissionshare
WHEN NOT EXISTS (SELECT 1 FROM routing_admissionapplication WHERE id = OLD.application_id AND state = 'draft')
BEGIN
  SELECT RAISE(ABORT, 'shares change in a draft only');
END;

CREATE TRIGGER routing_promise_begins BEFORE INSERT ON routing_promisedpost
WHEN NOT EXISTS (SELECT 1 FROM routing_admissionshare s JOIN routing_admissionapplication a ON a.id = s.application_id
                 WHERE s.id = NEW.share_id AND a.state = 'draft')
  OR EXISTS (SELECT 1 FROM routing_promisedpost WHERE id = NEW.id
             OR (share_id = NEW.share_id AND post_id = NEW.post_id))
BEGIN
  SELECT RAISE(ABORT, 'people are promised in a draft only');
END;
CREATE TRIGGER routing_promise_stays BEFORE UPDATE ON routing_promisedpost
WHEN (NEW.id, NEW.share_id, NEW.post_id, NEW.hours, NEW.points) IS NOT
     (OLD.id, OLD.share_id, OLD.post_id, OLD.hours, OLD.points)
  AND NOT EXISTS (SELECT 1 FROM routing_admissionshare s JOIN routing_admissionapplication a ON a.id = s.application_id
                  WHERE s.id = NEW.share_id AND a.state = 'draft')
BEGIN
  SELECT RAISE(ABORT, 'people are promised in a draft only');
END;
CREATE TRIGGER routing_promise_no_delete BEFORE DELETE ON routing_promisedpost
WHEN NOT EXISTS (SELECT 1 FROM routing_admissionshare s JOIN routing_admissionapplication a ON a.id = s.application_id
                 WHERE s.id = OLD.share_id AND a.state = 'draft')
BEGIN
  SELECT RAISE(ABORT, 'people are promised in a draft only');
END;
