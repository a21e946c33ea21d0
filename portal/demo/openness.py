"""What the clock would have published by now about the money of the demo town."""

import datetime

from funding import services
from funding.models import Line
from organizations.models import User

# What is asked, what is answered, and how many days ago it was asked.
_QUESTIONS = (
    (
        "上个月这条经费线花的钱，为什么比前几个月多？",
        "上月办结的事项比前几个月多，每件的花费没有变。每一笔都可以在这条经费线下点开查看。",
        12,
    ),
    ("这条经费线今年还剩多少，到年底够不够用？", "", 6),
    ("路灯维修请的是哪一家，怎么选的？", "", 0),
)


def publish(*, at: datetime.datetime) -> None:
    """Totals, the statements of past months, yesterday's root and a run of the checks."""
    system = User.objects.system()
    services.count_entries()
    services.publish_due(by=system, at=at)
    services.make_ledger_root(at.date() - datetime.timedelta(days=1), at=at)
    services.audit(by=system, at=at, report=lambda _name, _found: None)
    _answer_questions(at=at)


def _answer_questions(*, at: datetime.datetime) -> None:
    """One answered, one that waits for its answer, one that nobody has read yet."""
    maker, day = User.objects.get(username="maker"), datetime.timedelta(days=1)
    rows = Line.objects.filter(holds__isnull=False).order_by("pk").distinct()
    for row, (question, answer, days) in zip(rows, _QUESTIONS, strict=False):
        asked = services.ask(row.body, line=row, text=question, at=at - days * day)
        if not days:
            continue
        read = services.release_question(
            asked, public_text=question, by=maker, at=at - (days - 1) * day
        )
        if answer:
            services.answer_question(read, text=answer, by=maker, at=at - day)
