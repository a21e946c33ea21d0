"""质询: anybody asks, a person takes personal details out, the body answers in public, in time."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from funding.models import Line, Question, QuestionBook
from lib.errors import RuleViolation, WrongState
from lib.masking import mask_text
from lib.numbering import new_code, next_number
from organizations.calendars import working_calendar
from organizations.models import Body, User
from organizations.services import changes

# 政府信息公开条例 (2019) art. 33: within twenty working days.
WORKING_DAYS = 20


@transaction.atomic
def ask(
    body: Body,
    *,
    text: str,
    at: datetime.datetime,
    contact: str = "",
    line: Line | None = None,
    month: datetime.date | None = None,
) -> Question:
    """A question as it was typed; nobody reads it in public before somebody has released it."""
    if line is not None and line.body_id != body.pk:
        raise RuleViolation(_("This line belongs to another body."), code="other_body")
    return Question.objects.create(
        body=body,
        line=line,
        month=month,
        number=next_number(QuestionBook, "ZX", at=at),
        code=new_code(8),
        text=text.strip(),
        contact=contact.strip(),
        asked_at=at,
        due_at=answer_due(at),
    )


def answer_due(at: datetime.datetime) -> datetime.datetime:
    """The moment at which twenty working days have run out."""
    return working_calendar().deadline(at, WORKING_DAYS, "work_day")


def proposed_wording(question: Question) -> str:
    """The question with numbers, plates, cards and houses masked, for a person to check."""
    return mask_text(question.text)


@transaction.atomic
def release_question(
    question: Question, *, public_text: str, by: User, at: datetime.datetime
) -> Question:
    """Publish this wording; what patterns still find in it is masked all the same."""
    question = _in_state(question, Question.State.ASKED)
    released = {"released_by": by, "released_at": at, "public_text": mask_text(public_text)}
    return _moved(question, Question.State.OPEN, **released)


@transaction.atomic
def decline_question(
    question: Question, *, reason: str, by: User, at: datetime.datetime
) -> Question:
    """Not about money, or an insult: only the asker reads the reason, with number and code."""
    question = _in_state(question, Question.State.ASKED)
    declined = {"released_by": by, "released_at": at, "answer": mask_text(reason)}
    return _moved(question, Question.State.DECLINED, **declined)


@transaction.atomic
def answer_question(question: Question, *, text: str, by: User, at: datetime.datetime) -> Question:
    """Answer in public; it stays."""
    question = _in_state(question, Question.State.OPEN)
    answered = {"answer": mask_text(text), "answered_by": by, "answered_at": at}
    return _moved(question, Question.State.ANSWERED, **answered)


def _in_state(question: Question, state: str) -> Question:
    row = changes.locked(question)
    if row.state != state:
        raise WrongState(_("This question has been dealt with already. Load the page again."))
    return row


def _moved(question: Question, state: str, **values: Any) -> Question:
    question.state = state
    for name, value in values.items():
        setattr(question, name, value)
    question.save(update_fields=["state", *values])
    return question
