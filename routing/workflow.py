"""Changes of the duty list, and departments' applications to hand matters to communities.

States, actors, moves: data that pages, documents and tests read.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.workflow import Move, move


class ChangeState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("Waits for review")
    ADOPTED = "adopted", _("Adopted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ChangeActor(models.TextChoices):
    MAKER = "maker", _("Who drafted it")
    REVIEWER = "reviewer", _("Member of the committee of the place who did not draft it")


CHANGE_MOVES: dict[str, Move] = {
    "edit": move({ChangeState.DRAFT}, None, by={ChangeActor.MAKER}),
    "submit": move({ChangeState.DRAFT}, ChangeState.REVIEW, by={ChangeActor.MAKER}),
    "send_back": move({ChangeState.REVIEW}, ChangeState.DRAFT, by={ChangeActor.REVIEWER}),
    "adopt": move({ChangeState.REVIEW}, ChangeState.ADOPTED, by={ChangeActor.REVIEWER}),
    "refuse": move({ChangeState.REVIEW}, ChangeState.REFUSED, by={ChangeActor.REVIEWER}),
    "withdraw": move(
        {ChangeState.DRAFT, ChangeState.REVIEW}, ChangeState.WITHDRAWN, by={ChangeActor.MAKER}
    ),
}
CHANGE_NEEDS_REASON = frozenset({"send_back", "refuse"})


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    APPLIED = "applied", _("Applied for")
    REVIEW = "review", _("In joint review")
    TRIAL = "trial", _("On trial")
    ADMITTED = "admitted", _("Admitted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", pgettext_lazy("of an admission", "Expired")


class ApplicationActor(models.TextChoices):
    APPLICANT = "applicant", _("Head of the department that hands the matter over")
    CONVENER = "convener", _("Committee over the communities concerned, but not who applied")
    REVIEWER = "reviewer", _("Named in the joint review and has not answered yet")
    SYSTEM = "system", _("Follows from what was said before")
    CLOCK = "clock", _("The clock")


# Applied for, and nothing missing: every share stands on the row (a CHECK).
COMPLETE = frozenset(
    {
        ApplicationState.APPLIED,
        ApplicationState.REVIEW,
        ApplicationState.TRIAL,
        ApplicationState.ADMITTED,
        ApplicationState.EXPIRED,
    }
)
# People and money have arrived, and the router uses them.
IN_FORCE = frozenset({ApplicationState.TRIAL, ApplicationState.ADMITTED})
OVER = frozenset({ApplicationState.REFUSED, ApplicationState.WITHDRAWN, ApplicationState.EXPIRED})

APPLICATION_MOVES: dict[str, Move] = {
    "edit": move({ApplicationState.DRAFT}, None, by={ApplicationActor.APPLICANT}),
    "apply": move(
        {ApplicationState.DRAFT}, ApplicationState.APPLIED, by={ApplicationActor.APPLICANT}
    ),
    # A share is missing: no committee needs to look at it.
    "turn_down": move(
        {ApplicationState.DRAFT}, ApplicationState.REFUSED, by={ApplicationActor.SYSTEM}
    ),
    "revise": move(
        {ApplicationState.REFUSED}, ApplicationState.DRAFT, by={ApplicationActor.APPLICANT}
    ),
    "convene": move(
        {ApplicationState.APPLIED}, ApplicationState.REVIEW, by={ApplicationActor.CONVENER}
    ),
    "agree": move({ApplicationState.REVIEW}, None, by={ApplicationActor.REVIEWER}),
    "object": move(
        {ApplicationState.REVIEW}, ApplicationState.REFUSED, by={ApplicationActor.REVIEWER}
    ),
    "try": move({ApplicationState.REVIEW}, ApplicationState.TRIAL, by={ApplicationActor.SYSTEM}),
    "admit": move(
        {ApplicationState.TRIAL}, ApplicationState.ADMITTED, by={ApplicationActor.CONVENER}
    ),
    "refuse": move(
        {ApplicationState.APPLIED},
        ApplicationState.REFUSED,
        by={ApplicationActor.CONVENER},
    ),
    "withdraw": move(
        {
            ApplicationState.DRAFT,
            ApplicationState.APPLIED,
            ApplicationState.REVIEW,
            ApplicationState.TRIAL,
            ApplicationState.ADMITTED,
        },
        ApplicationState.WITHDRAWN,
        by={ApplicationActor.APPLICANT},
    ),
    "revoke": move(IN_FORCE, ApplicationState.WITHDRAWN, by={ApplicationActor.CONVENER}),
    "expire": move(IN_FORCE, ApplicationState.EXPIRED, by={ApplicationActor.CLOCK}),
}
APPLICATION_NEEDS_REASON = frozenset({"object", "refuse", "withdraw", "revoke"})
