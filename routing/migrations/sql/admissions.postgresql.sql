-- Admissions: what was promised stays as it was applied for, and adds up; admissions.sqlite.sql says the same.
CREATE OR REPLACE FUNCTION routing_refuse(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', what USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE OR REPLACE FUNCTION routing_application_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  complete CONSTANT text[] := ARRAY['applied', 'review', 'trial', 'admitted', 'expired'];
  people bigint; week bigint; work bigint;
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM routing_refuse('an application is never deleted');
  ELSIF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' THEN
      PERFORM routing_refuse('an application begins as a draft');
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state = ANY (complete) AND
     (NEW.headcount, NEW.hours, NEW.points, NEW.amount, NEW.category_id, NEW.department_id, NEW.legal_basis)
     IS DISTINCT FROM
     (OLD.headcount, OLD.hours, OLD.points, OLD.amount, OLD.category_id, OLD.department_id, OLD.legal_basis) THEN
    PERFORM routing_refuse('what was applied for stays');
  END IF;
  IF NEW.state = ANY (complete) AND NOT OLD.state = ANY (complete) THEN
    SELECT count(p.id), coalesce(sum(p.hours), 0), coalesce(sum(p.points), 0) INTO people, week, work
    FROM routing_promisedpost p JOIN routing_admissionshare s ON s.id = p.share_id
    WHERE s.application_id = NEW.id;
    IF NEW.headcount <> people OR NEW.hours <> week OR NEW.points <> work
       OR NEW.amount <> (SELECT coalesce(sum(amount), 0) FROM routing_admissionshare WHERE application_id = NEW.id)
       OR EXISTS (SELECT 1 FROM routing_admissionshare s WHERE s.application_id = NEW.id
                  AND NOT EXISTS (SELECT 1 FROM routing_promisedpost p WHERE p.share_id = s.id)) THEN
      PERFORM routing_refuse('the shares of an application add up, and each has people');
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER routing_application_guard BEFORE INSERT OR UPDATE OR DELETE ON routing_admissionapplication
FOR EACH ROW EXECUTE FUNCTION routing_application_guard();

CREATE OR REPLACE FUNCTION routing_share_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  application bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.application_id ELSE NEW.application_id END;
BEGIN
  IF TG_OP = 'UPDATE' AND
     (NEW.id, NEW.application_id, NEW.community_id, NEW.line_id, NEW.purpose_id, NEW.amount) IS NOT DISTINCT FROM
     (OLD.id, OLD.application_id, OLD.community_id, OLD.line_id, OLD.purpose_id, OLD.amount) THEN
    RETURN NEW;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM routing_admissionapplication WHERE id = application AND state = 'draft') THEN
    PERFORM routing_refuse('shares change in a draft only');
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE OR REPLACE TRIGGER routing_share_guard BEFORE INSERT OR UPDATE OR DELETE ON routing_admissionshare
FOR EACH ROW EXECUTE FUNCTION routing_share_guard();

CREATE OR REPLACE FUNCTION routing_promise_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  share bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.share_id ELSE NEW.share_id END;
BEGIN
  IF TG_OP = 'UPDATE' AND
     (NEW.id, NEW.share_id, NEW.post_id, NEW.hours, NEW.points) IS NOT DISTINCT FROM
     (OLD.id, OLD.share_id, OLD.post_id, OLD.hours, OLD.points) THEN
    RETURN NEW;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM routing_admissionshare s JOIN routing_admissionapplication a ON a.id = s.application_id
                 WHERE s.id = share AND a.state = 'draft') THEN
    PERFORM routing_refuse('people are promised in a draft only');
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE OR REPLACE TRIGGER routing_promise_guard BEFORE INSERT OR UPDATE OR DELETE ON routing_promisedpost
FOR EACH ROW EXECUTE FUNCTION routing_promise_guard();
