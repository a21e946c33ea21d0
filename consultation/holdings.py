"""What results and projects hold of a resident: ideas, choices, ratings, new facts."""

import datetime
from typing import Any

from consultation.models import Idea, Reopening, ResultRating, VoterSheet
from consultation.project_workflow import PUBLIC
from lib.registry import Holding, holdings
from organizations.models import User

GONE = "—"


def export(person: User) -> dict[str, Any]:
    ideas = Idea.objects.filter(author=person).order_by("pk")
    sheets = VoterSheet.objects.filter(person=person).prefetch_related("choices__idea")
    ratings = ResultRating.objects.filter(person=person).order_by("pk")
    wishes = Reopening.objects.filter(asked_by=person).order_by("pk")
    return {
        "ideas": [
            {"number": row.number, "title": row.title, "text": row.text, "state": row.state}
            for row in ideas
        ],
        "choices": [
            {"call": sheet.call_id, "at": sheet.at.isoformat(),
             "ideas": [choice.idea.number for choice in sheet.choices.all()]}
            for sheet in sheets
        ],
        "ratings": [
            {"commitment": row.commitment_id, "stars": row.stars, "words": row.words}
            for row in ratings
        ],
        "new_facts": [{"consultation": row.consultation_id, "facts": row.facts} for row in wishes],
    }  # fmt: skip


def erase(person: User, _at: datetime.datetime) -> None:
    """The words as typed go; released wording, votes and stars stay as they were counted."""
    mine = Idea.objects.filter(author=person)
    mine.filter(state__in=PUBLIC).update(title=GONE, text=GONE)
    mine.exclude(state__in=PUBLIC).update(title=GONE, text=GONE, place="", lon=None, lat=None)
    ResultRating.objects.filter(person=person).update(words="")


def register() -> None:
    holdings.register(Holding("projects", 60, export, erase))
