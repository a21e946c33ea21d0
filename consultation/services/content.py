"""议题征集: anybody proposes a topic, residents say which of the listed ones they want."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Case
from cases.models import Topic as HotTopic
from consultation import notifications
from consultation.models import Topic, TopicRating
from consultation.services.listing import append
from consultation.services.numbering import TOPIC, new_code, next_number
from consultation.workflow import TopicState
from grids.models import Territory
from lib.errors import RuleViolation, WrongState
from organizations.models import User

MOST, LEAST = 5, 1


@transaction.atomic
def propose(  # noqa: PLR0913 -- a topic is all this
    *,
    source: str,
    title: str,
    text: str,
    town: Territory,
    at: datetime.datetime,
    community: Territory | None = None,
    by: User | None = None,
    contact_name: str = "",
    contact_phone: str = "",
    hot_topic: HotTopic | None = None,
    case: Case | None = None,
) -> Topic:
    """A topic as it was typed; nobody reads it in public before it has been screened.

    `by` None: somebody without an account, who follows it with number and code.
    """
    if not title.strip() or not text.strip():
        raise RuleViolation(_("Say in a few words what should be consulted on."), code="empty")
    topic = Topic(
        number=next_number(TOPIC, at=at), code=new_code(), source=source, title=title.strip(),
        text=text.strip(), town=town, community=community, proposer=by, hot_topic=hot_topic,
        case=case, contact_name=contact_name.strip(), contact_phone=contact_phone.strip(),
        proposed_at=at,
    )  # fmt: skip
    topic.save(force_insert=True)
    acting = by or User.objects.system()
    append(topic, "propose", before="", by=acting, at=at)
    topic.save(update_fields=["version", "head"])
    notifications.tell_screeners(topic, by=acting, at=at)
    return topic


@transaction.atomic
def rate(topic: Topic, *, importance: int, by: User, at: datetime.datetime) -> TopicRating:
    """How much `by` wants it (1 … 5); said again, it replaces what was said before."""
    if not LEAST <= importance <= MOST:
        raise RuleViolation(_("Choose from 1 (can wait) to 5 (now)."), code="out_of_range")
    listed = Topic.objects.select_for_update(of=("self",)).get(pk=topic.pk)
    if listed.state != TopicState.LISTED:
        raise WrongState(_("Topics are rated while they stand on the list."))
    row, _is_new = TopicRating.objects.update_or_create(
        topic=listed, by=by, defaults={"importance": importance, "at": at}
    )
    return row
