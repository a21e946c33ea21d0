"""A branch below the home town's centre: a meeting that sits, one that ended, tasks, a register."""

from django.utils import timezone

from committee.models import CoverageRule, Instructor, TermRule
from committee.services import attending, two_new, voting
from tests.factories import committee as made

ABOUT = {
    "branch": ("body", "member_new", "term_new", "meeting_new"),
    "member": ("member_end",),
    "sitting": ("meeting", "meeting_edit", "agenda", "invite", "minutes"),
    "point": ("item_remove", "ballot_new"),
    "ballot": ("count", "decide"),
    "decision": ("directive_new", "publish"),
    "task": ("directive", "progress", "extend"),
    "proof": ("proof",),
    "organisation": ("organisation",),
    "instructor": ("instructor_end",),
    "seat": ("here", "excuse"),
}
OVER_API = {
    "meeting": "sitting", "decision": "decision", "directive": "task",
    "organisation": "organisation",
}  # fmt: skip
VERBS = ("plan", "advance", "coordinate", "mobilise")
MOVES = {
    "meeting_move": ("planned", ("call", "cancel", "open", "close", "confirm")),
    "settle": ("point", ("noted", "deferred")),
    "directive_move": ("task", ("accept", "report", "confirm", "send_back", "drop")),
    "organisation_write": (
        "organisation",
        ("edit", "close", "setup", "instructor", "activity"),
    ),
}


def make_committee(town):
    """Things by name."""
    now = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    chain = made.make_chain(town=town.place, above=town.centre, at=now)
    at = now - 3 * made.DAY
    decision = made.decided(chain, made.sitting(chain, at=at), at=at)
    task = made.reported(chain, made.issued(chain, decision, at=at), at=at)
    made.confirmed(decision.item.meeting, chain, at=at)
    sitting = made.sitting(chain, at=now)
    point = sitting.items.filter(source_kind="").get()
    organisation = made.organisation(chain, at=now)
    today = timezone.localdate(now)
    two_new.send_instructor(
        organisation, chain.clerk, since=today, until=today + 300 * made.DAY,
        by=chain.secretary, at=now,
    )  # fmt: skip
    guest = attending.invite(
        made.planned(chain, at=now, starts=now + made.DAY), chain.head, may_vote=False,
        by=chain.clerk, at=now,
    )  # fmt: skip
    return {
        "chain": chain, "branch": chain.branch, "member": chain.branch.members.first(),
        "sitting": sitting, "planned": guest.meeting, "point": point,
        "ballot": voting.open_ballot(point, motion="x", by=chain.clerk, at=now),
        "decision": decision, "task": task, "proof": task.progress.get().proofs.get(),
        "organisation": organisation, "instructor": Instructor.objects.get(),
        "seat": made.seat(sitting, chain.people[4]),
    }  # fmt: skip


def catalogue_rows(things):
    return {
        "meeting-kinds": things["chain"].kind,
        "term-rules": TermRule.objects.get(),
        "coverage-of-party-work": CoverageRule.objects.get(),
    }


def examples_at(name, things, world):
    """(label, values) for an address of the committee; none where it is about others."""
    space, _colon, last = name.rpartition(":")
    if space == "committee-api" and not last.endswith("-list"):
        return [("", {"pk": things[OVER_API[last.partition("-")[0]]].pk})]
    if space != "committee":
        return []
    point, ballot, seat = (things[key].pk for key in ("point", "ballot", "seat"))
    known = {
        "verb": [(verb, {"verb": verb}) for verb in VERBS],
        "feed": [("", {"secret": world.feed})],
        "aside": [("", {"pk": point, "seat": seat})],
        "voice": [("", {"pk": ballot, "seat": seat})],
    }
    if last in known:
        return known[last]
    if last in MOVES:
        thing, names = MOVES[last]
        return [(move, {"pk": things[thing].pk, "name": move}) for move in names]
    return [("", {"pk": things[thing].pk}) for thing, names in ABOUT.items() if last in names]
