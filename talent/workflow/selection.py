"""Selection (选拔): criteria, candidates, judges, publication (公示), objections. Data only."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.workflow import Move, move


class SelectionState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("selection", "Draft")
    OPEN = "open", pgettext_lazy("selection", "Open for applications")
    JUDGING = "judging", pgettext_lazy("selection", "Being judged")
    PUBLISHED = "published", pgettext_lazy("selection", "Published for objections")
    DECIDED = "decided", pgettext_lazy("selection", "Decided")
    CANCELLED = "cancelled", pgettext_lazy("selection", "Cancelled")


class SelectionActor(models.TextChoices):
    ORGANISER = "organiser", _("Committee of the place")
    SECRETARY = "secretary", _("Party secretary of the place who did not begin it")
    CLOCK = "clock", _("The clock")


S = SelectionState
SELECTION_MOVES: dict[str, Move] = {
    "edit": move({S.DRAFT}, None, by={SelectionActor.ORGANISER}),
    "open": move({S.DRAFT}, S.OPEN, by={SelectionActor.ORGANISER}),
    "close": move({S.OPEN}, S.JUDGING, by={SelectionActor.ORGANISER, SelectionActor.CLOCK}),
    "publish": move({S.JUDGING}, S.PUBLISHED, by={SelectionActor.ORGANISER}),
    "decide": move({S.PUBLISHED}, S.DECIDED, by={SelectionActor.SECRETARY}),
    "cancel": move(
        {S.DRAFT, S.OPEN, S.JUDGING, S.PUBLISHED}, S.CANCELLED, by={SelectionActor.ORGANISER}
    ),
}
SELECTION_NEEDS_REASON = frozenset({"cancel"})


class CandidateState(models.TextChoices):
    RECOMMENDED = "recommended", _("Recommended, has not agreed yet")
    APPLIED = "applied", _("Applied")
    EXCLUDED = "excluded", _("Does not meet the criteria")
    PASSED_OVER = "passed_over", _("Not on the short list")
    PROPOSED = "proposed", _("On the short list, published")
    CHOSEN = "chosen", _("Chosen")
    APPOINTED = "appointed", _("Appointed")
    WITHDRAWN = "withdrawn", pgettext_lazy("candidate", "Withdrawn")


class CandidateActor(models.TextChoices):
    CANDIDATE = "candidate", _("The candidate")
    ORGANISER = "organiser", _("Committee of the place")
    SECRETARY = "secretary", _("Party secretary of the place who did not begin it")
    SYSTEM = "system", _("Follows from the selection")


C = CandidateState
CANDIDATE_MOVES: dict[str, Move] = {
    "agree": move({C.RECOMMENDED}, C.APPLIED, by={CandidateActor.CANDIDATE}),
    "withdraw": move(
        {C.RECOMMENDED, C.APPLIED, C.PROPOSED, C.CHOSEN},
        C.WITHDRAWN,
        by={CandidateActor.CANDIDATE},
    ),
    "exclude": move({C.APPLIED}, C.EXCLUDED, by={CandidateActor.ORGANISER}),
    "propose": move({C.APPLIED}, C.PROPOSED, by={CandidateActor.SYSTEM}),
    "pass_over": move({C.APPLIED, C.RECOMMENDED}, C.PASSED_OVER, by={CandidateActor.SYSTEM}),
    "strike": move({C.PROPOSED}, C.EXCLUDED, by={CandidateActor.SYSTEM}),
    "choose": move({C.PROPOSED}, C.CHOSEN, by={CandidateActor.SYSTEM}),
    "appoint": move({C.CHOSEN}, C.APPOINTED, by={CandidateActor.SECRETARY}),
}
CANDIDATE_NEEDS_REASON = frozenset({"exclude", "strike"})


class ObjectionState(models.TextChoices):
    OPEN = "open", pgettext_lazy("objection", "Waits for an answer")
    UPHELD = "upheld", pgettext_lazy("objection", "Upheld")
    REJECTED = "rejected", pgettext_lazy("objection", "Rejected with reasons")


class ObjectionActor(models.TextChoices):
    ANSWERER = "answerer", _("Committee of the place: neither who objects nor whom it concerns")


OBJECTION_MOVES: dict[str, Move] = {
    "uphold": move({ObjectionState.OPEN}, ObjectionState.UPHELD, by={ObjectionActor.ANSWERER}),
    "reject": move({ObjectionState.OPEN}, ObjectionState.REJECTED, by={ObjectionActor.ANSWERER}),
}
OBJECTION_NEEDS_REASON = frozenset({"uphold", "reject"})
