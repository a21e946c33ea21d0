"""What the clock starts: limits watched, votes ended, commitments followed, chains checked."""

import structlog
from celery import shared_task
from django.utils import timezone

from consultation.services.answering import remind_hosts as remind_hosts_of_opinions
from consultation.services.checking import check_publications
from consultation.services.following import follow_all, remind_of_overdue
from consultation.services.projects import move_due_calls
from consultation.services.reminding import remind_of_sessions, remind_of_votes
from consultation.services.voting import close_due
from consultation.services.watching import watch_limits as watch

log = structlog.get_logger(__name__)


@shared_task
def close_votes(**_: object) -> None:
    closed = close_due(at=timezone.now())
    if closed:
        log.info("votes_closed", count=closed)


@shared_task
def remind_people(**_: object) -> None:
    """Of sessions tomorrow, and of votes that end tomorrow."""
    at = timezone.now()
    sessions, votes = remind_of_sessions(at=at), remind_of_votes(at=at)
    if sessions or votes:
        log.info("people_reminded", sessions=sessions, votes=votes)


@shared_task
def follow_commitments(**_: object) -> None:
    moved = follow_all(at=timezone.now())
    if moved:
        log.info("commitments_followed", count=moved)


@shared_task
def remind_commitments(**_: object) -> None:
    told = remind_of_overdue(at=timezone.now())
    if told:
        log.info("commitments_overdue", count=told)


@shared_task
def remind_hosts(**_: object) -> None:
    """Opinions that wait to be released or answered."""
    told = remind_hosts_of_opinions(at=timezone.now())
    if told:
        log.info("hosts_reminded", count=told)


@shared_task
def move_calls(**_: object) -> None:
    """Collections and votes whose time is over."""
    moved = move_due_calls(at=timezone.now())
    if moved:
        log.info("project_calls_moved", count=moved)


@shared_task
def watch_limits(**_: object) -> None:
    """Limits that ran out since the last look: written down and told."""
    noticed = watch(at=timezone.now())
    if noticed:
        log.warning("consultation_limits_missed", count=noticed)


@shared_task
def verify_publications(**_: object) -> None:
    """By night: everything that was published, from the first version to the newest."""
    run = check_publications(at=timezone.now())
    if not run.passed:
        log.error("publications_broken", found=run.found, breaks=run.breaks)
