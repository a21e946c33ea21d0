"""The way of a case told to residents: where it is, which body has it (never who), what comes."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Case, CaseEvent
from cases.workflow import CLOCK_RUNS, State
from lib import tones
from lib.tones import Tone
from organizations.models import Body

Words = str | Promise

BEFORE_A_DEPARTMENT = frozenset({State.SUBMITTED, State.VERIFYING, State.FILED})
NOW: dict[str, tuple[Words, Words]] = {
    State.SUBMITTED: (
        _("Report received"),
        _("A clerk reads your report and files it. You need to do nothing."),
    ),
    State.VERIFYING: (
        _("Being looked at"),
        _("A grid worker goes there and looks before the report is filed."),
    ),
    State.FILED: (
        _("Accepted"),
        _("We are finding the department, the person and the money for it."),
    ),
    State.RETURNED: (
        _("Being sent elsewhere"),
        _("The department said why it is not its matter; another one is being found."),
    ),
    State.ADJUDICATING: (
        _("Being decided"),
        _("Departments disagree whose matter it is; the committee decides."),
    ),
    State.DISPATCHED: (_("With the department"), _("The department has it and will begin.")),
    State.HANDLING: (_("In work"), _("The department is working on it.")),
    State.SUSPENDED: (
        _("Work pauses"),
        _("It cannot be done now; the work goes on by itself on the day that was set."),
    ),
    State.SPLIT: (_("In work, in parts"), _("Several departments each do their part of it.")),
    State.REPORTED: (_("Work reported done"), _("The department looks at the result.")),
    State.CHECKING: (
        _("Being checked"),
        _("Somebody who did not do the work checks the result."),
    ),
    State.REWORK: (_("Being redone"), _("The check found something left to do.")),
    State.CLOSED: (_("Done and checked"), _("The work was done, and somebody else checked it.")),
    State.REJECTED: (_("Not accepted"), _("This way cannot solve it. The reason stands below.")),
    State.CANCELLED: (_("Withdrawn"), _("The report was taken back by the one who made it.")),
    State.VOID: (_("Ended without work"), _("The case was ended; the reason is on record.")),
    State.MERGED: (
        _("Joined with another report"),
        _("Somebody had reported the same; both are solved together."),
    ),
}
HAPPENED: dict[str, tuple[Words, Tone]] = {
    "log": (_("Report received"), tones.WAITING),
    "file": (_("Accepted and filed"), tones.WAITING),
    "verify": (_("A grid worker was asked to look at the place"), tones.WAITING),
    "verified": (_("Looked at on site"), tones.WAITING),
    "settle": (_("The committee settled who is responsible"), tones.WAITING),
    "dispatch": (_("Given to a department"), tones.WAITING),
    "act_first": (_("Given to a department, to act at once"), tones.WORK),
    "sign": (_("Work has begun"), tones.WORK),
    "return": (_("Sent back, to be given to another department"), tones.ASKED),
    "refuse_unadmitted": (_("The committee decides who handles it"), tones.ASKED),
    "hand_on": (_("Given on, because whoever had it has left"), tones.ASKED),
    "refer": (_("Laid before the committee"), tones.ASKED),
    "adjudicate": (_("The committee decided which department does it"), tones.WAITING),
    "suspend": (_("Work pauses until a set day"), tones.WAITING),
    "resume": (_("Work goes on"), tones.WORK),
    "split": (_("Divided among departments"), tones.WORK),
    "report": (_("Work reported done"), tones.CHECKING),
    "send_back": (_("The department asked for more work"), tones.ASKED),
    "confirm": (_("Result confirmed by the department"), tones.CHECKING),
    "fail": (_("The check found something left to do"), tones.ASKED),
    "take_over": (_("Report received"), tones.WAITING),
    "closed_elsewhere": (_("Closed"), tones.DONE),
    "pass": (_("Checked and closed"), tones.DONE),
    "answer_callback": (_("You told us what became of it"), tones.DONE),
    "join": (_("All parts done, closed"), tones.DONE),
    "reopen": (_("Taken up again"), tones.ASKED),
    "merge": (_("Joined with another report"), tones.ENDED),
    "unmerge": (_("On its own again"), tones.WAITING),
    "unmerge_filed": (_("On its own again"), tones.WAITING),
    "join_undone": (_("No part could be done; it is looked at again"), tones.ASKED),
    "assist_add": (_("Another department was asked to help"), tones.WORK),
    "supervise": (_("Supervised by the committee or the duty officer"), tones.ASKED),
    "urge": (_("Whoever has it was asked to hurry"), tones.ASKED),
    "whistle": (_("Several departments were called to the spot"), tones.WORK),
    "reject": (_("Not accepted"), tones.ENDED),
    "cancel": (_("Withdrawn"), tones.ENDED),
    "void": (_("Ended without work"), tones.ENDED),
}
COMING: dict[str, Sequence[Words]] = {
    State.SUBMITTED: (_("Accepted and filed"), _("Work has begun"), _("Checked and closed")),
    State.VERIFYING: (_("Accepted and filed"), _("Work has begun"), _("Checked and closed")),
    State.FILED: (_("Given to a department"), _("Work has begun"), _("Checked and closed")),
    State.RETURNED: (_("Given to a department"), _("Work has begun"), _("Checked and closed")),
    State.ADJUDICATING: (_("Given to a department"), _("Work has begun"), _("Checked and closed")),
    State.DISPATCHED: (_("Work has begun"), _("Checked and closed")),
    State.HANDLING: (_("Work reported done"), _("Checked and closed")),
    State.SUSPENDED: (_("Work goes on"), _("Work reported done"), _("Checked and closed")),
    State.SPLIT: (_("Checked and closed"),),
    State.REWORK: (_("Work reported done"), _("Checked and closed")),
    State.REPORTED: (_("Checked and closed"),),
    State.CHECKING: (_("Checked and closed"),),
}
# Reasons that the reporter is owed: what stands in these notes was written to be read by them.
TOLD_TO_REPORTER = frozenset({"void"})


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of `_timeline.html`."""

    title: Words
    tone: str
    icon: str
    at: datetime.datetime | None = None
    who: str = ""
    text: str = ""
    coming: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """What stands on top: a headline, a sentence, who has it now, and the day it is due."""

    headline: Words
    sentence: Words
    tone: Tone
    body: Body | None
    due: datetime.datetime | None
    steps: Sequence[Step]


def progress_of(case: Case, *, to_reporter: bool) -> Progress:
    """Three queries however long the history is. `case` comes with its `lead_body`."""
    headline, sentence = NOW[case.state]
    return Progress(
        headline=headline,
        sentence=sentence,
        tone=tones.of_state(case.state),
        body=case.lead_body if case.state not in BEFORE_A_DEPARTMENT else None,
        due=case.handle_due_at if case.state in CLOCK_RUNS else None,
        steps=[*_steps(case, to_reporter=to_reporter), *_coming(case)],
    )


def followed(case: Case) -> Case:
    """The case whose way a reporter follows: for a merged report the one that is kept."""
    return case.kept if case.kept is not None else case


def _steps(case: Case, *, to_reporter: bool) -> list[Step]:
    events = list(
        CaseEvent.objects.filter(case=case, move__in=HAPPENED)
        .select_related("note_row")
        .order_by("number")
    )
    bodies = Body.objects.in_bulk({key for event in events if (key := _body_key(event))})
    return [_step(event, bodies, to_reporter=to_reporter) for event in events]


def _step(event: CaseEvent, bodies: dict[Any, Body], *, to_reporter: bool) -> Step:
    title, tone = HAPPENED[event.move]
    body = bodies.get(_body_key(event))
    told = to_reporter and event.move in TOLD_TO_REPORTER
    note = getattr(event, "note_row", None) if told else None
    return Step(
        title,
        tone.name,
        tone.icon,
        at=event.at,
        who=str(body) if body else "",
        text=note.text if note else "",
    )


def _body_key(event: CaseEvent) -> int | None:
    key = event.facts.get("body")
    return key if isinstance(key, int) else None


def _coming(case: Case) -> Iterable[Step]:
    tone = tones.WAITING
    return [Step(words, tone.name, tone.icon, coming=True) for words in COMING.get(case.state, ())]
