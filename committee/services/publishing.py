"""Decisions that everybody may read: in words that name nobody, corrected by a new version."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from committee.models import Decision, PublicDecision
from committee.services.actors import MEETING
from lib.errors import RuleViolation
from lib.masking import mask_text
from organizations.models import User


@transaction.atomic
def publish_decision(
    decision: Decision,
    *,
    title: str,
    text: str,
    by: User,
    at: datetime.datetime,
    reason: str = "",
) -> PublicDecision:
    """When the minutes are confirmed. A second version says why the first was corrected.

    Raises NotYours, WrongState, RuleViolation (names, telephone numbers, addresses; no reason).
    """
    meeting = MEETING.begin(decision.item.meeting, "publish", by=by, at=at)
    words = (title.strip(), text.strip())
    if not all(words):
        raise RuleViolation(_("Write the public wording."), code="no_words")
    people = meeting.invitations.values_list("person__full_name", flat=True)
    names = [name for name in people if len(name) > 1]
    if any(mask_text(one, names) != one for one in words):
        text_ = _("The public wording still names somebody. Write it so that nobody is recognised.")
        raise RuleViolation(text_, code="names_somebody")
    version = decision.published.count() + 1
    if version > 1 and not reason.strip():
        raise RuleViolation(_("Write the reason."), code="reason_missing")
    made = PublicDecision.objects.create(
        decision=decision, version=version, title=words[0], text=words[1],
        reason=reason.strip()[:200], by=by, at=at,
    )  # fmt: skip
    facts = {"decision": decision.pk, "version": version}
    MEETING.finish(meeting, "publish", by=by, at=at, facts=facts)
    return made
