"""A matter that was concluded is not taken up again without new facts."""

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from consultation import commitment_notifications as notifications
from consultation.models import Consultation, Reopening, Topic
from consultation.services import content
from consultation.services.carriers import SUPERVISES, holds_here
from consultation.services.committing import demand_host
from consultation.services.history import record
from consultation.workflow import State as Way
from lib.errors import NotYours, RuleViolation, WrongState
from lib.masking import mask_text
from lib.roles import Role
from organizations.models import User

LEAST_WORDS = 20


def ask_to_reopen(
    consultation: Consultation, *, facts: str, by: User, at: datetime.datetime
) -> Reopening:
    """Bring what is new. One wish at a time; what was brought before is not new."""
    if consultation.state != Way.DONE:
        raise WrongState(_("It is not concluded: say it in the consultation itself."))
    facts = mask_text(facts.strip())
    if len(facts) < LEAST_WORDS:
        text = _("Say what is new since it was decided, in a sentence or two.")
        raise RuleViolation(text, code="facts_missing")
    if consultation.reopenings.filter(facts=facts).exists():
        raise RuleViolation(_("This was brought before: it is not new."), code="not_new")
    try:
        with transaction.atomic():
            made = Reopening.objects.create(
                consultation=consultation, facts=facts, asked_by=by, asked_at=at
            )
    except IntegrityError as error:
        text = _("Somebody has asked already; wait for the decision.")
        raise RuleViolation(text, code="asked") from error
    notifications.tell_of_reopening(made, by=by, at=at)
    return made


@transaction.atomic
def decide_reopening(
    reopening: Reopening, *, granted: bool, reason: str, by: User, at: datetime.datetime
) -> Reopening:
    """The host or the committee says whether there is anything new, and why.

    Granted, it is a topic to screen, which names what it repeats and what is new: the concluded
    consultation stays as it is. A matter of the whole city becomes a topic of the whole city.
    """
    consultation = Consultation.objects.select_for_update(of=("self",)).get(
        pk=reopening.consultation_id
    )
    here: Any = consultation
    if not holds_here(by, SUPERVISES - {Role.SUPERVISOR}, here, at=at):
        demand_host(consultation, by=by, at=at)
    locked = Reopening.objects.select_for_update().get(pk=reopening.pk)
    if locked.state != Reopening.State.ASKED:
        raise WrongState(_("This was decided already."))
    if not reason.strip():
        raise RuleViolation(_("Write the reason."), code="reason_missing")
    if locked.asked_by_id == by.pk:
        raise NotYours(_("Nobody decides on a wish of their own."))
    locked.state = Reopening.State.GRANTED if granted else Reopening.State.REFUSED
    locked.reason, locked.decided_by, locked.decided_at = mask_text(reason.strip()), by, at
    if granted:
        locked.topic = _topic_of(locked, consultation, at=at)
    locked.save(update_fields=["state", "reason", "decided_by", "decided_at", "topic"])
    topic = locked.topic.number if locked.topic else ""
    facts = {"reopening": locked.pk, "granted": granted, "topic": topic}
    record(consultation, "new_facts", by=by, at=at, facts=facts)
    notifications.tell_of_reopening(locked, by=by, at=at)
    return locked


def _topic_of(wish: Reopening, concluded: Consultation, *, at: datetime.datetime) -> Topic:
    """In the name and the words of whoever brought the facts."""
    title = _("Again: %(title)s") % {"title": concluded.title}
    return content.propose(
        source=Topic.Source.RESIDENT, title=title[:80], text=wish.facts,
        town=concluded.town, community=concluded.community, by=wish.asked_by, at=at,
        repeats=concluded.topic, new_facts=wish.facts,
    )  # fmt: skip
