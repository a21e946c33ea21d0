"""议题征集: anybody proposes a topic, residents say which of the listed ones they want."""

import datetime
from collections.abc import Mapping
from typing import Any, cast

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from cases.models import Case
from cases.models import Topic as HotTopic
from consultation import notifications
from consultation.models import (
    Consultation,
    ListedMatter,
    PublicationKind,
    Topic,
    TopicRating,
)
from consultation.models.content import TopicQuerySet
from consultation.services import listing
from consultation.services.numbering import TOPIC, next_number
from consultation.workflow import TopicState
from grids.models import Territory
from lib.errors import RuleViolation, WrongState
from lib.numbering import new_code
from organizations.models import User
from organizations.services import changes

MOST, LEAST = 5, 1


@transaction.atomic
def propose(  # noqa: PLR0913 -- a topic is all this
    *,
    source: str,
    title: str,
    text: str,
    town: Territory | None,
    at: datetime.datetime,
    community: Territory | None = None,
    by: User | None = None,
    contact_name: str = "",
    contact_phone: str = "",
    hot_topic: HotTopic | None = None,
    case: Case | None = None,
    repeats: Topic | None = None,
    new_facts: str = "",
) -> Topic:
    """A topic as it was typed; nobody reads it in public before it has been screened.

    `by` None: somebody without an account, who follows it with number and code. `repeats` with
    `new_facts`: what screening begins from where a concluded matter comes again.
    """
    if not title.strip() or not text.strip():
        raise RuleViolation(_("Say in a few words what should be consulted on."), code="empty")
    topic = Topic(
        number=next_number(TOPIC, at=at), code=new_code(8), source=source, title=title.strip(),
        text=text.strip(), town=town, community=community, proposer=by, hot_topic=hot_topic,
        case=case, contact_name=contact_name.strip(), contact_phone=contact_phone.strip(),
        repeats=repeats, new_facts=new_facts.strip()[:500], proposed_at=at,
    )  # fmt: skip
    acting = by or User.objects.system()
    listing.TOPIC.start(topic, "propose", by=acting, at=at)
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


# -- The list itself ----------------------------------------------------------------------------


def write_entry(
    row: ListedMatter | None, values: Mapping[str, Any], by: User, at: datetime.datetime
) -> ListedMatter:
    """Make an entry of the list, or let another follow it from its day on.

    An entry counts as agreed only where the consultation that it names has published its result;
    a repeated consultation of the same entry makes it "being consulted on" meanwhile.
    """
    asked = {"standing": ListedMatter.Standing.FROM_LAW, "made_by": None, **values}
    if asked["standing"] == ListedMatter.Standing.AGREED and not _has_result(asked["made_by"]):
        raise RuleViolation(
            _("Agreed is what a consultation has decided: name one whose result is published."),
            code="not_agreed",
        )
    if row is None:
        return changes.create(ListedMatter(**values), by=by, at=at)
    return changes.succeed(row, values, by=by, at=at)


def _has_result(consultation: Consultation | None) -> bool:
    return (
        consultation is not None
        and consultation.publications.filter(kind=PublicationKind.RESULT, version__gte=1).exists()
    )


def list_of(community: Territory | None, *, on: datetime.date) -> dict[str, list[ListedMatter]]:
    """What holds in a community that day, by kind, in its order."""
    rows = ListedMatter.objects.of_community(community.pk if community else None).valid_on(on)
    found: dict[str, list[ListedMatter]] = {kind: [] for kind in ListedMatter.Kind.values}
    for row in rows.select_related("made_by", "community").order_by("place", "pk"):
        found[row.kind].append(row)
    return found


def wanted_in(community: Territory) -> QuerySet[Topic]:
    """Topics that stand on the list there, the most wanted first."""
    rows = cast("TopicQuerySet", Topic.objects.all())
    listed: QuerySet[Any] = rows.rated().filter(state=TopicState.LISTED, community=community)
    return listed.order_by(F("wanted").desc(nulls_last=True), "-votes", "-pk")
