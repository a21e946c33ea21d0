"""Reminders by the clock: a session that is near, a vote that ends. Safe to run twice.

What was reminded of is marked by one conditional UPDATE first, so two clocks remind once.
"""

import datetime

from django.db import transaction

from consultation import session_notifications as notifications
from consultation.models import Session, Vote

AT_ONCE = 200


def remind_of_sessions(*, at: datetime.datetime) -> int:
    """Everybody who is invited and has not said no; how many sessions there were."""
    told = 0
    for session in Session.objects.to_be_reminded_of(at=at).with_names().order_by("pk")[:AT_ONCE]:
        with transaction.atomic():
            mine = Session.objects.to_be_reminded_of(at=at).filter(pk=session.pk)
            if mine.update(reminded_at=at):
                coming = session.invitations.exclude(state="declined")
                notifications.tell_invited(session, "session-soon", at=at, only=coming)
                told += 1
    return told


def remind_of_votes(*, at: datetime.datetime) -> int:
    """Everybody for whom nobody has voted yet; how many votes there were."""
    told = 0
    for vote in Vote.objects.to_be_reminded_of(at=at).with_names().order_by("pk")[:AT_ONCE]:
        with transaction.atomic():
            mine = Vote.objects.to_be_reminded_of(at=at).filter(pk=vote.pk)
            if mine.update(reminded_at=at):
                notifications.tell_voters(vote, "vote-ends", at=at, only_waiting=True)
                told += 1
    return told
