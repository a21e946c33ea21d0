"""What was not admitted may be refused: by the community itself, with one click.

It counts for nothing in the returns, and is no matter of appraisal (社区有权拒绝).
"""

import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from lib.errors import NotYours, RuleViolation
from organizations.models import Body, User
from routing import admission_notifications as notifications
from routing import rights
from routing.matching.communities import Communities
from routing.models import Category, UnadmittedRefusal


def may_lead(community: Body, category: Category, *, on: datetime.date) -> bool:
    """Whether the matter is the community's own or was admitted to it."""
    rules = Communities.load(on, community=community.pk)
    chain = (category.pk, *((category.parent_id,) if category.parent_id else ()))
    return rules.may_lead(community.pk, chain)


@transaction.atomic
def refuse_unadmitted(
    community: Body,
    *,
    what: str,
    by: User,
    at: datetime.datetime,
    department: Body | None = None,
    category: Category | None = None,
) -> UnadmittedRefusal:
    """A matter that was handed over outside of the portal. Raises NotYours, RuleViolation."""
    if not rights.speaks_for(by, community, localdate(at)):
        raise NotYours(_("Only the community itself refuses."))
    if not what.strip():
        raise RuleViolation(_("Say what was handed over."), code="no_words")
    return record_refusal(
        community, what=what, department=department, category=category, by=by, at=at
    )


def record_refusal(  # noqa: PLR0913 -- a refusal says all this
    community: Body,
    *,
    what: str,
    by: User,
    at: datetime.datetime,
    department: Body | None = None,
    category: Category | None = None,
    subject: tuple[str, str] = ("", ""),
) -> UnadmittedRefusal:
    """Within a transaction; who may was asked before. Raises RuleViolation where it may lead."""
    if category is not None and may_lead(community, category, on=localdate(at)):
        raise RuleViolation(
            _("This is the community's own duty, or was admitted with people and money."),
            code="admitted",
        )
    kind, key = subject
    refusal = UnadmittedRefusal.objects.create(
        community=community, department=department, category=category, what=what.strip()[:200],
        subject_kind=kind, subject_key=key, by=by, at=at,
    )  # fmt: skip
    notifications.tell_of_refusal(refusal, at=at)
    return refusal
