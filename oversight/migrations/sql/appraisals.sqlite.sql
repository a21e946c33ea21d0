-- Appraisals: nobody judges himself, places for excellence are counted; appraisals.postgresql.sql says the same.
CREATE TRIGGER oversight_appraisal_keeps BEFORE UPDATE ON oversight_appraisal
BEGIN
  SELECT RAISE(ABORT, 'an appraisal keeps its scheme, town, period, rules and opener')
  WHERE (NEW.id, NEW.scheme_id, NEW.town_id, NEW.first, NEW.last, NEW.stored, NEW.opened_by_id)
    IS NOT (OLD.id, OLD.scheme_id, OLD.town_id, OLD.first, OLD.last, OLD.stored, OLD.opened_by_id);
  SELECT RAISE(ABORT, 'an appraisal that has ended stays as it is')
  WHERE OLD.state IN ('published', 'cancelled') AND NEW.state <> OLD.state;
  SELECT RAISE(ABORT, 'every result is signed before the next step')
  WHERE NEW.state <> OLD.state AND NEW.state IN ('second', 'confirmed') AND EXISTS (
    SELECT 1 FROM oversight_score s JOIN oversight_edition e ON e.id = s.edition_id
    WHERE e.appraisal_id = NEW.id AND e.number = NEW.edition AND NOT EXISTS (
      SELECT 1 FROM oversight_signature g
      WHERE g.score_id = s.id AND g.level = CASE NEW.state WHEN 'second' THEN 1 ELSE 2 END
    )
  );
  SELECT RAISE(ABORT, 'only what was confirmed is publicised')
  WHERE NEW.state <> OLD.state AND NEW.state = 'publicised' AND OLD.state <> 'confirmed';
  SELECT RAISE(ABORT, 'every appeal is answered before results are published')
  WHERE NEW.state <> OLD.state AND NEW.state = 'published' AND (
    OLD.state <> 'publicised' OR EXISTS (
      SELECT 1 FROM oversight_appeal a JOIN oversight_appraised d ON d.id = a.appraised_id
      WHERE d.appraisal_id = NEW.id AND a.state = 'open'
    )
  );
END;
CREATE TRIGGER oversight_appraisal_no_delete BEFORE DELETE ON oversight_appraisal
BEGIN
  SELECT RAISE(ABORT, 'an appraisal is never deleted');
END;
CREATE TRIGGER oversight_appraised_keeps BEFORE UPDATE ON oversight_appraised
WHEN (NEW.id, NEW.appraisal_id, NEW.body_id, NEW.territory_id, NEW.person_id)
  IS NOT (OLD.id, OLD.appraisal_id, OLD.body_id, OLD.territory_id, OLD.person_id)
BEGIN
  SELECT RAISE(ABORT, 'who is appraised stays who it is');
END;
CREATE TRIGGER oversight_appraised_no_delete BEFORE DELETE ON oversight_appraised
BEGIN
  SELECT RAISE(ABORT, 'who is appraised is never deleted');
END;

CREATE TRIGGER oversight_edition_begins BEFORE INSERT ON oversight_edition
WHEN NEW.excellent <> 0 OR EXISTS (SELECT 1 FROM oversight_edition WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'an outcome begins with nobody excellent');
END;
CREATE TRIGGER oversight_edition_is_counted BEFORE UPDATE ON oversight_edition
BEGIN
  SELECT RAISE(ABORT, 'an outcome is never rewritten')
  WHERE (NEW.id, NEW.appraisal_id, NEW.number, NEW.reason, NEW.made_by_id, NEW.share, NEW.ranked, NEW.places, NEW.fingerprint)
    IS NOT (OLD.id, OLD.appraisal_id, OLD.number, OLD.reason, OLD.made_by_id, OLD.share, OLD.ranked, OLD.places, OLD.fingerprint);
  SELECT RAISE(ABORT, 'who is excellent is counted by results only')
  WHERE NEW.excellent <> (SELECT count(*) FROM oversight_score s WHERE s.edition_id = NEW.id AND s.grade = 'excellent')
    + (SELECT count(*) FROM oversight_conferral c JOIN oversight_score s ON s.id = c.score_id WHERE s.edition_id = NEW.id);
END;
CREATE TRIGGER oversight_edition_no_delete BEFORE DELETE ON oversight_edition
BEGIN
  SELECT RAISE(ABORT, 'an outcome is never deleted');
END;
CREATE TRIGGER oversight_score_counts AFTER INSERT ON oversight_score
WHEN NEW.grade = 'excellent'
BEGIN
  UPDATE oversight_edition SET excellent = excellent + 1 WHERE id = NEW.edition_id;
END;
CREATE TRIGGER oversight_conferral_counts AFTER INSERT ON oversight_conferral
BEGIN
  SELECT RAISE(ABORT, 'excellence is conferred on who is ranked, broke no floor and is not excellent')
  WHERE EXISTS (
    SELECT 1 FROM oversight_score s
    WHERE s.id = NEW.score_id AND (s.grade IN ('excellent', '') OR s."limit" <> '')
  );
  UPDATE oversight_edition SET excellent = excellent + 1
  WHERE id = (SELECT edition_id FROM oversight_score WHERE id = NEW.score_id);
END;

CREATE TRIGGER oversight_signature_guard BEFORE INSERT ON oversight_signature
BEGIN
  SELECT RAISE(ABORT, 'only the outcome under review is signed, on its level')
  WHERE NOT EXISTS (
    SELECT 1 FROM oversight_score s JOIN oversight_edition e ON e.id = s.edition_id
    JOIN oversight_appraisal a ON a.id = e.appraisal_id
    WHERE s.id = NEW.score_id AND e.number = a.edition
      AND a.state = CASE NEW.level WHEN 1 THEN 'first' ELSE 'second' END
  );
  SELECT RAISE(ABORT, 'nobody reviews himself, his own body or what he opened')
  WHERE EXISTS (
    SELECT 1 FROM oversight_score s JOIN oversight_appraised d ON d.id = s.appraised_id
    JOIN oversight_appraisal a ON a.id = d.appraisal_id
    WHERE s.id = NEW.score_id AND (
      a.opened_by_id = NEW.by_id OR d.person_id = NEW.by_id
      OR d.person_id IS NULL AND EXISTS (
        SELECT 1 FROM organizations_post p
        WHERE p.person_id = NEW.by_id AND p.body_id = d.body_id AND p.valid_from <= NEW.day
          AND (p.valid_to IS NULL OR p.valid_to > NEW.day)
      )
    )
  );
  SELECT RAISE(ABORT, 'two levels are two people')
  WHERE EXISTS (SELECT 1 FROM oversight_signature g WHERE g.score_id = NEW.score_id AND g.by_id = NEW.by_id);
END;

CREATE TRIGGER oversight_appeal_begins BEFORE INSERT ON oversight_appeal
WHEN NEW.state <> 'open' OR EXISTS (SELECT 1 FROM oversight_appeal WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'an appeal begins open');
END;
CREATE TRIGGER oversight_appeal_moves BEFORE UPDATE ON oversight_appeal
BEGIN
  SELECT RAISE(ABORT, 'an appeal keeps what was asked, and its end')
  WHERE (NEW.id, NEW.appraised_id, NEW.kind, NEW.asked_by_id, NEW.text) IS NOT (OLD.id, OLD.appraised_id, OLD.kind, OLD.asked_by_id, OLD.text)
    OR OLD.state <> 'open' AND NEW.state <> OLD.state;
  SELECT RAISE(ABORT, 'an appeal is answered by somebody without a part in the result')
  WHERE NEW.answered_by_id IS NOT NULL AND OLD.answered_by_id IS NULL AND EXISTS (
    SELECT 1 FROM oversight_appraised d JOIN oversight_appraisal a ON a.id = d.appraisal_id
    WHERE d.id = NEW.appraised_id AND (
      a.opened_by_id = NEW.answered_by_id OR d.person_id = NEW.answered_by_id
      OR EXISTS (
        SELECT 1 FROM oversight_signature g JOIN oversight_score s ON s.id = g.score_id
        WHERE s.appraised_id = d.id AND g.by_id = NEW.answered_by_id
      )
      OR d.person_id IS NULL AND EXISTS (
        SELECT 1 FROM organizations_post p
        WHERE p.person_id = NEW.answered_by_id AND p.body_id = d.body_id AND p.valid_from <= date(NEW.answered_at, '+8 hours')
          AND (p.valid_to IS NULL OR p.valid_to > date(NEW.answered_at, '+8 hours'))
      )
    )
  );
END;
CREATE TRIGGER oversight_appeal_no_delete BEFORE DELETE ON oversight_appeal
BEGIN
  SELECT RAISE(ABORT, 'an appeal is never deleted');
END;

CREATE TRIGGER oversight_consequence_begins BEFORE INSERT ON oversight_consequence
BEGIN
  SELECT RAISE(ABORT, 'a reward or penalty follows from a published result, and waits for a decision')
  WHERE NEW.state <> 'proposed' OR EXISTS (SELECT 1 FROM oversight_consequence WHERE id = NEW.id)
    OR NOT EXISTS (
      SELECT 1 FROM oversight_appraised d JOIN oversight_appraisal a ON a.id = d.appraisal_id
      WHERE d.id = NEW.appraised_id AND a.state = 'published' AND d.person_id IS NEW.person_id
    );
END;
CREATE TRIGGER oversight_consequence_keeps BEFORE UPDATE ON oversight_consequence
WHEN (NEW.id, NEW.appraised_id, NEW.person_id, NEW.kind, NEW.amount, NEW.line_id, NEW.proposed_by_id)
  IS NOT (OLD.id, OLD.appraised_id, OLD.person_id, OLD.kind, OLD.amount, OLD.line_id, OLD.proposed_by_id)
  OR OLD.state <> 'proposed' AND NEW.state <> OLD.state
BEGIN
  SELECT RAISE(ABORT, 'a reward or penalty keeps whom and what it is, and its decision');
END;
CREATE TRIGGER oversight_consequence_no_delete BEFORE DELETE ON oversight_consequence
BEGIN
  SELECT RAISE(ABORT, 'a reward or penalty is never deleted');
END;
