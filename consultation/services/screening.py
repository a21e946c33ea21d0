"""初审 and 把关: a topic is held against the content list, then passed by the party organisation.

Nobody passes what he screened himself; every answer has its reason, which everybody reads. A
matter that was dealt with before comes again only with new facts.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from consultation import notifications
from consultation.models import ListedMatter, Topic
from consultation.services.listing import begin, finish
from consultation.workflow import TopicState
from lib.errors import NotYours, RuleViolation
from lib.likeness import likeness, shingles
from lib.masking import mask_text
from organizations.models import User

# Per cent of shared pairs of characters from which two topics look like one matter.
ALIKE = 25
# Titles and texts that differ in less are the same matter written again.
THE_SAME = 80
LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Findings:
    """What screening can say by itself: entries of the list named in the words, and earlier
    topics that look alike with how alike they are (per cent)."""

    positive: list[ListedMatter]
    negative: list[ListedMatter]
    alike: list[tuple[Topic, int]]


def findings(topic: Topic, *, on: datetime.date) -> Findings:
    """A proposal for the person who screens; it decides nothing."""
    words = f"{topic.title} {topic.text}".lower()
    entries = ListedMatter.objects.of_community(topic.community_id).valid_on(on).in_order()
    named = [row for row in entries if any(word.lower() in words for word in row.words)]
    return Findings(
        positive=[row for row in named if row.kind == ListedMatter.Kind.POSITIVE],
        negative=[row for row in named if row.kind == ListedMatter.Kind.NEGATIVE],
        alike=alike(topic),
    )


def alike(topic: Topic) -> list[tuple[Topic, int]]:
    """Earlier topics of the same place that look like this one, the most alike first."""
    mine = shingles(f"{topic.title} {topic.text}")
    earlier = Topic.objects.filter(town=topic.town, community=topic.community, pk__lt=topic.pk)
    rows = earlier.exclude(state=TopicState.PROPOSED).order_by("-pk")[:LOOKED_AT]
    found = [(row, likeness(mine, shingles(f"{row.title} {row.text}"))) for row in rows]
    return sorted((pair for pair in found if pair[1] >= ALIKE), key=lambda pair: -pair[1])[:5]


@transaction.atomic
def screen(  # noqa: PLR0913 -- an answer says all this
    topic: Topic,
    *,
    matter: ListedMatter,
    reason: str,
    public_title: str,
    public_text: str,
    by: User,
    at: datetime.datetime,
    repeats: Topic | None = None,
    new_facts: str = "",
) -> Topic:
    """It belongs on the list: on to the party organisation, with the words everybody will read.

    Raises RuleViolation where the entry is negative, or the matter is repeated without new facts.
    """
    locked = begin(topic, "screen", by=by, at=at)
    reason = _needed(reason)
    _check_matter(matter, locked, at=at)
    _check_repetition(locked, repeats, new_facts)
    words: dict[str, Any] = {
        "public_title": _public(locked, public_title),
        "public_text": _public(locked, public_text),
    }
    if not all(words.values()):
        raise RuleViolation(_("Write the words that everybody will read."), code="empty")
    moved = finish(
        locked, "screen", by=by, at=at, note=reason, matter=matter, repeats=repeats,
        new_facts=_public(locked, new_facts), screening_reason=reason,
        screened_by=by, screened_at=at, **words,
    )  # fmt: skip
    notifications.tell_party_gate(moved, by=by, at=at)
    return moved


def _check_matter(matter: ListedMatter, topic: Topic, *, at: datetime.datetime) -> None:
    if matter.kind == ListedMatter.Kind.NEGATIVE:
        raise RuleViolation(
            _("“%(entry)s” stands on the negative list. Decline the topic and say so.")
            % {"entry": matter},
            code="negative",
        )
    if matter.standing == ListedMatter.Standing.CONSULTING:
        raise RuleViolation(
            _("“%(entry)s” is itself being consulted on and does not hold yet.")
            % {"entry": matter},
            code="not_agreed",
        )
    holds = matter.is_valid_on(localdate(at))
    if not holds or matter.community_id not in {None, topic.community_id}:
        raise RuleViolation(_("This entry does not hold here today."), code="other_list")


def _check_repetition(topic: Topic, repeats: Topic | None, new_facts: str) -> None:
    if repeats is not None and not new_facts.strip():
        raise RuleViolation(
            _("%(number)s was about the same. Say what is new, or decline the topic.")
            % {"number": repeats.number},
            code="repeated",
        )
    same = next((row for row, share in alike(topic) if share >= THE_SAME), None)
    if repeats is None and same is not None:
        raise RuleViolation(
            _("The words are almost those of %(number)s. Name it as repeated and say what is new.")
            % {"number": same.number},
            code="repeated",
        )


@transaction.atomic
def decline(
    topic: Topic,
    *,
    reason: str,
    by: User,
    at: datetime.datetime,
    matter: ListedMatter | None = None,
) -> Topic:
    """Not a matter to consult on: the proposer reads the reason (and the entry it rests on)."""
    locked = begin(topic, "decline", by=by, at=at)
    reason = _needed(reason)
    moved = finish(
        locked, "decline", by=by, at=at, note=reason, matter=matter, screening_reason=reason,
        screened_by=by, screened_at=at,
    )  # fmt: skip
    notifications.tell_proposer(moved, at=at)
    return moved


@transaction.atomic
def admit(topic: Topic, *, reason: str, by: User, at: datetime.datetime) -> Topic:
    """The party organisation puts it on the list."""
    return _decide(topic, "admit", reason=reason, by=by, at=at)


@transaction.atomic
def refuse(topic: Topic, *, reason: str, by: User, at: datetime.datetime) -> Topic:
    """The party organisation does not put it on the list."""
    return _decide(topic, "refuse", reason=reason, by=by, at=at)


@transaction.atomic
def send_back(topic: Topic, *, reason: str, by: User, at: datetime.datetime) -> Topic:
    """The party organisation asks for another look."""
    locked = begin(topic, "send_back", by=by, at=at)
    reason = _needed(reason)
    moved = finish(locked, "send_back", by=by, at=at, note=reason, party_reason=reason)
    notifications.tell_screeners(moved, by=by, at=at)
    return moved


def _decide(topic: Topic, name: str, *, reason: str, by: User, at: datetime.datetime) -> Topic:
    locked = begin(topic, name, by=by, at=at)
    if locked.screened_by_id == by.pk:
        raise NotYours(_("Nobody passes a topic that he screened himself."))
    reason = _needed(reason)
    moved = finish(
        locked, name, by=by, at=at, note=reason, party_reason=reason, party_by=by, party_at=at
    )
    notifications.tell_proposer(moved, at=at)
    return moved


def _needed(reason: str) -> str:
    """Everybody reads a reason, so it is masked like everything that is published."""
    if not reason.strip():
        raise RuleViolation(_("Write the reason."), code="reason_missing")
    return mask_text(reason.strip())


def _public(topic: Topic, text: str) -> str:
    names = [topic.contact_name, topic.proposer.full_name if topic.proposer else ""]
    return mask_text(text.strip(), names)
