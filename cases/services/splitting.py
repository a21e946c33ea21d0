"""A case is split into parts that are cases of their own; it waits for them and ends with them."""

import datetime
from collections.abc import Sequence
from typing import Any, TypedDict

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from cases import notifications
from cases.models import Case, CaseEvent, Photo, Reporter, TaskState
from cases.services import work
from cases.services.intake import first_events, first_reporter, new_case, waits_for_router
from cases.services.moves import begin, finish
from cases.services.searching import index
from cases.workflow import WITH_DEPARTMENT, Desk, State
from grids.models import Territory
from lib.errors import RuleViolation
from lib.roles import Role
from organizations.models import Body, User
from routing.models import Category

FEWEST, MOST = 2, 10
SUMMARY_LENGTH = 2000


class Part(TypedDict, total=False):
    """What a part is about; what is not given is as in the whole. `body`: the department whose head
    finds the person; without it the router decides."""

    title: str
    text: str
    category: Category | None
    territory: Territory | None
    lon: float | None
    lat: float | None
    address: str
    body: Body | None


def split(
    case: Case, *, parts: Sequence[Part], by: User, at: datetime.datetime, note: str = ""
) -> Case:
    """2 to 10 parts, each routed with its own people and money; the whole gives back what it had.

    Parts are numbered after the whole (…-1, …-2). Raises RuleViolation: too few, too many, a part
    without a title, a part of a part.
    """
    with transaction.atomic():
        locked = begin(case, "split", by=by, at=at, note=note)
        _may_split(locked, parts)
        if locked.state in WITH_DEPARTMENT:
            work.free_all(locked, state=TaskState.WITHDRAWN, by=by, at=at)
        rows = [
            _make(locked, part, number, by=by, at=at) for number, part in enumerate(parts, start=1)
        ]
        facts = {"parts": [row.number for row in rows]}
        changes = {"lead_post": None, "handle_due_at": None, "sign_due_at": None}
        whole = finish(locked, "split", by=by, at=at, note=note, facts=facts, **changes)
        notifications.tell_followers(whole, "case-split", by=by, at=at)
        for row in rows:
            notifications.tell_of_arrival(row, at=at)
        return whole


def _may_split(case: Case, parts: Sequence[Part]) -> None:
    if case.parent_id is not None:
        raise RuleViolation(_("A part is not split again."), code="is_a_part")
    if not FEWEST <= len(parts) <= MOST:
        raise RuleViolation(_("Split into 2 to 10 parts."), code="parts")
    if not all(part.get("title", "").strip() for part in parts):
        raise RuleViolation(_("Say of every part what it is about."), code="empty")


def _make(whole: Case, part: Part, number: int, *, by: User, at: datetime.datetime) -> Case:
    """One part, filed: it waits for the router, or on the desk of the head who was chosen."""
    row = new_case(_matter(whole, part), channel=whole.channel, by=by, at=at)
    row.parent, row.number = whole, f"{whole.number}-{number}"
    row.publicity = whole.publicity
    row.state, row.filed_at = State.FILED, at
    for name, value in _where_it_waits(row, part.get("body"), at=at).items():
        setattr(row, name, value)
    _keep(row, whole, by=by, at=at)
    return row


def _matter(whole: Case, part: Part) -> Any:
    """As the whole, but for what is given: a place of its own takes the whole one's away."""
    given = {name: value for name, value in part.items() if value and name != "body"}
    matter: dict[str, Any] = {
        "text": f"{part.get('title', '')}\n{whole.text}",
        "category": whole.category,
        "urgency": whole.urgency,
    }
    if not given.keys() & {"lon", "lat", "territory", "address"}:
        matter |= {
            "lon": whole.lon,
            "lat": whole.lat,
            "territory": whole.grid or whole.community or whole.town,
            "address": whole.address,
        }
    return matter | given


def _where_it_waits(row: Case, body: Body | None, *, at: datetime.datetime) -> dict[str, Any]:
    waits = waits_for_router(row, at=at)
    if body is None or waits["desk"] == Desk.DUTY:
        return waits
    return waits | {"desk": Desk.HEAD, "desk_body_id": body.pk, "route_at": None}


def _keep(row: Case, whole: Case, *, by: User, at: datetime.datetime) -> None:
    """Save the part with its first event, and with what its handler must know of the reporter."""
    reporter = _reporter_of(whole, row)
    row.save(force_insert=True)
    events = first_events(row, reporter, by=by, at=at)
    reporter.case = row
    reporter.save(force_insert=True)
    for event in events:
        event.save(force_insert=True)
    row.save(update_fields=["version", "head"])
    index([row], [reporter])
    _copy_photos(whole, row)


def _reporter_of(whole: Case, row: Case) -> Reporter:
    """Name and telephone go along, so that the department can call; messages go by the whole."""
    known = Reporter.objects.filter(case=whole).first()
    said = {"reporter_name": known.name, "reporter_phone": known.phone} if known else {}
    reporter = first_reporter(row, said)  # type: ignore[arg-type]  # what little is known
    reporter.person = None
    return reporter


def _copy_photos(whole: Case, row: Case) -> None:
    """The part shows what the whole showed; the files are the same."""
    photos = list(whole.photos.filter(kind=Photo.Kind.BEFORE).order_by("pk"))
    for photo in photos:
        photo.pk, photo.case, photo.task = None, row, None
        photo._state.adding = True  # noqa: SLF001 -- Django's way to copy a row
    Photo.objects.bulk_create(photos)


# -- The end of the parts ---------------------------------------------------------------------


def join_parts(*, at: datetime.datetime, most: int = 200) -> int:
    """Split cases of which no part is open any more: closed where at least one part was done, else
    back with the dispatcher; how many. Safe to run twice and at the same time.
    """
    open_parts = Case.objects.filter(parent=OuterRef("pk"), ended_at=None)
    ready = Case.objects.filter(state=State.SPLIT).exclude(Exists(open_parts))
    keys = list(ready.order_by("pk").values_list("pk", flat=True)[:most])
    return sum(_join(key, at=at) for key in keys)


def _join(key: int, *, at: datetime.datetime) -> bool:
    """Under the lock of the whole: whoever comes second finds it joined."""
    system = User.objects.system()
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=key)
        parts = list(Case.objects.filter(parent=case).order_by("pk"))
        if case.state != State.SPLIT or any(part.ended_at is None for part in parts):
            return False
        done = [part for part in parts if part.state == State.CLOSED]
        name = "join" if done else "join_undone"
        locked = begin(case, name, by=system, at=at)
        facts = {"parts": [[part.number, part.state] for part in parts]}
        changes: dict[str, Any] = {"closed_by_parts": True} if done else {}
        note = summary_of(parts)
        whole = finish(locked, name, by=system, at=at, note=note, facts=facts, **changes)
        if not done:
            people = notifications.serving(Role.DISPATCHER, whole, at=at)
            notifications.tell_people(people, "case-parts-undone", whole, at=at)
    return True


def summary_of(parts: Sequence[Case]) -> str:
    """A line for each part: its number, title, state, and the result that was reported."""
    results = _results_of(parts)
    lines = [
        f"{part.number} {part.title} · {part.get_state_display()}"
        + (f"：{results[part.pk]}" if part.pk in results else "")
        for part in parts
    ]
    return "\n".join(lines)[:SUMMARY_LENGTH]


def _results_of(parts: Sequence[Case]) -> dict[int, str]:
    """The newest result that each part's lead reported."""
    events = CaseEvent.objects.filter(case__in=parts, move="report").select_related("note_row")
    rows = events.order_by("pk")
    return {event.case_id: event.note_row.text for event in rows if hasattr(event, "note_row")}
