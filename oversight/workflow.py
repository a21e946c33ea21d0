"""An appraisal (考核), an appeal against it, a reward or penalty: states and moves. Data only.

Nobody opens and reviews the same appraisal, signs on both levels, or signs for himself or his own
body: the tables say which role, triggers (`oversight/migrations/sql`) say which person.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.roles import COMMITTEE, Role
from lib.workflow import Move, move


class State(models.TextChoices):
    COMPUTING = "computing", _("Being computed")
    FIRST = "first", pgettext_lazy("appraisal", "First review")
    SECOND = "second", pgettext_lazy("appraisal", "Second review")
    CONFIRMED = "confirmed", pgettext_lazy("appraisal", "Confirmed")
    PUBLICISED = "publicised", _("Publicised, open to appeals")
    PUBLISHED = "published", pgettext_lazy("appraisal", "Published")
    CANCELLED = "cancelled", _("Cancelled")


class Actor(models.TextChoices):
    ASSESSOR = "assessor", _("Assessor")
    FIRST_REVIEWER = "first_reviewer", _("Assessor or supervisor who did not open it")
    SECOND_REVIEWER = "second_reviewer", _("Committee")
    SYSTEM = "system", _("Follows from what was done")
    CLOCK = "clock", _("The clock")


OPENERS = frozenset({Role.ASSESSOR})
FIRST_REVIEWERS = frozenset({Role.ASSESSOR, Role.SUPERVISOR})
SECOND_REVIEWERS = COMMITTEE
# Who reads every result of a town, because the work on it is theirs.
OVERSEERS = OPENERS | FIRST_REVIEWERS | SECOND_REVIEWERS
# Who speaks for a body, and reads the results of its people.
HEADS = frozenset({Role.DEPARTMENT_HEAD, Role.PARTY_SECRETARY})

UNDER_REVIEW = frozenset({State.FIRST, State.SECOND})
KNOWN_INSIDE = frozenset({State.PUBLICISED, State.PUBLISHED})
MOVES: dict[str, Move] = {
    "score": move({State.COMPUTING}, State.FIRST, by={Actor.SYSTEM}),
    "sign_first": move({State.FIRST}, None, by={Actor.FIRST_REVIEWER}),
    "pass_first": move({State.FIRST}, State.SECOND, by={Actor.SYSTEM}),
    "sign_second": move({State.SECOND}, None, by={Actor.SECOND_REVIEWER}),
    "pass_second": move({State.SECOND}, State.CONFIRMED, by={Actor.SYSTEM}),
    "confer": move({State.SECOND, State.PUBLICISED}, None, by={Actor.SECOND_REVIEWER}),
    "return": move(UNDER_REVIEW, State.COMPUTING, by={Actor.FIRST_REVIEWER, Actor.SECOND_REVIEWER}),
    "publicise": move({State.CONFIRMED}, State.PUBLICISED, by={Actor.ASSESSOR}),
    "appeal": move({State.PUBLICISED}, None, by={Actor.SYSTEM}),
    "forgive": move({State.FIRST, State.PUBLICISED}, None, by={Actor.SYSTEM}),
    "correct": move({State.FIRST, State.PUBLICISED}, None, by={Actor.SYSTEM}),
    "publish": move({State.PUBLICISED}, State.PUBLISHED, by={Actor.ASSESSOR, Actor.CLOCK}),
    "cancel": move(
        {State.COMPUTING, State.FIRST, State.SECOND, State.CONFIRMED},
        State.CANCELLED,
        by={Actor.ASSESSOR},
    ),
}
NEEDS_REASON = frozenset({"return", "cancel", "confer"})


class Grade(models.TextChoices):
    """Grades of the civil service (公务员考核规定), as town and community posts follow them."""

    EXCELLENT = "excellent", _("Excellent")
    GOOD = "good", _("Competent")
    BASIC = "basic", _("Basically competent")
    POOR = "poor", _("Not competent")


class AppealState(models.TextChoices):
    OPEN = "open", _("Waits for an answer")
    GRANTED = "granted", pgettext_lazy("appeal", "Granted")
    REFUSED = "refused", pgettext_lazy("appeal", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("appeal", "Withdrawn")


class AppealActor(models.TextChoices):
    ASKER = "asker", _("Who asked")
    ANSWERER = "answerer", _("Assessor, supervisor or committee without a part in the result")


APPEAL_MOVES: dict[str, Move] = {
    "grant": move({AppealState.OPEN}, AppealState.GRANTED, by={AppealActor.ANSWERER}),
    "refuse": move({AppealState.OPEN}, AppealState.REFUSED, by={AppealActor.ANSWERER}),
    "withdraw": move({AppealState.OPEN}, AppealState.WITHDRAWN, by={AppealActor.ASKER}),
}


class Follows(models.TextChoices):
    """What may follow a published result: rewards, then penalties."""

    PRAISE = "praise", _("Commendation")
    BONUS = "bonus", _("Bonus (money)")
    PROMOTION = "promotion", _("Promotion")
    PRIORITY = "priority", _("Preferred in selection")
    TALK = "talk", _("Talk as a reminder")
    NOTICE = "notice", _("Criticism in a circular")
    CUT = "cut", _("Performance pay cut")
    TRANSFER = "transfer", _("Moved to another post")
    DISMISSAL = "dismissal", _("Contract ended")


REWARDS = frozenset({Follows.PRAISE, Follows.BONUS, Follows.PROMOTION, Follows.PRIORITY})
PENALTIES = frozenset(Follows) - REWARDS


class ConsequenceState(models.TextChoices):
    PROPOSED = "proposed", _("Waits for a decision")
    APPROVED = "approved", pgettext_lazy("reward", "Approved")
    REFUSED = "refused", pgettext_lazy("reward", "Refused")


class ConsequenceActor(models.TextChoices):
    DECIDER = "decider", _("Committee, not who proposed it nor whom it concerns")


CONSEQUENCE_MOVES: dict[str, Move] = {
    "approve": move(
        {ConsequenceState.PROPOSED}, ConsequenceState.APPROVED, by={ConsequenceActor.DECIDER}
    ),
    "refuse": move(
        {ConsequenceState.PROPOSED}, ConsequenceState.REFUSED, by={ConsequenceActor.DECIDER}
    ),
}
