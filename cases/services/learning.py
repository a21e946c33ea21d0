"""What people have decided teaches the model that suggests categories."""

import datetime

from celery import current_app
from django.db.models import Exists, F, OuterRef

from cases.models import Case, SortedCase
from cases.models.queries import CaseQuerySet
from cases.workflow import State
from organizations.models import User
from routing import services as routing
from routing.models import ClassifierVersion
from routing.models.classifiers import Origin
from routing.words.linear import Sample
from routing.words.normal import whole

# The newest decisions; older ones know categories and words that have changed.
MOST = 20_000
# So many new decisions are worth a night's training.
ENOUGH_NEW = 100
# Nobody has confirmed the category of these, or it was the wrong one.
_UNDECIDED = [State.SUBMITTED, State.REJECTED, State.CANCELLED, State.VOID, State.MERGED]


def decided_by_people() -> CaseQuerySet:
    """Cases whose category a person chose or corrected."""
    by_model = SortedCase.objects.filter(case=OuterRef("pk"), category=OuterRef("category"))
    decided = Case.objects.filter(category__isnull=False).exclude(state__in=_UNDECIDED)
    return decided.exclude(Exists(by_model))


def learn_from_cases(
    *, by: User, at: datetime.datetime, activate: bool = False
) -> ClassifierVersion:
    """Train a version from the newest decisions. Raises RuleViolation where they are too few."""
    rows = decided_by_people().order_by("-id").values_list("title", "text", "category__code")
    samples = [Sample(whole(title, text), code) for title, text, code in rows[:MOST]]
    return routing.train_classifier(samples, origin=Origin.CASES, by=by, at=at, activate=activate)


def new_decisions() -> int:
    """How many have come since cases were learned from last; counted up to `ENOUGH_NEW`."""
    last = ClassifierVersion.objects.filter(origin=Origin.CASES).order_by("-pk").first()
    since = decided_by_people()
    if last is not None:
        since = since.filter(created_at__gt=last.made_at)
    return since[:ENOUGH_NEW].count()


def learn_if_worth_it(*, by: User, at: datetime.datetime) -> ClassifierVersion | None:
    """Learn when enough decisions have come since the last time; None when not."""
    return learn_from_cases(by=by, at=at) if new_decisions() >= ENOUGH_NEW else None


def ask_to_learn(*, by: User) -> None:
    """The queue trains a version, however few decisions are new."""
    task = current_app.signature("cases.tasks.learn_categories")
    task.apply_async(kwargs={"asked_by": by.pk}, retry=False)


def overruled(version: ClassifierVersion) -> tuple[int, int]:
    """(cases that a version sorted by itself, those whose category a person then changed)."""
    rows = SortedCase.objects.filter(version=version)
    return rows.count(), rows.exclude(case__category=F("category")).count()
