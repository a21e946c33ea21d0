"""A matter comes in: logged, filed or not, corrected, withdrawn."""

import datetime
import secrets
from collections.abc import Collection, Sequence
from typing import Any, BinaryIO, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import notifications
from cases.models import Case, Channel, Photo, PlaceOrigin, Reason, Reporter, Urgency
from cases.services import photos as photo_services
from cases.services.moves import begin, finish, next_event, stay
from cases.services.numbering import make_query_code, take_numbers
from cases.services.places import Found, find_place
from cases.services.reasons import listed
from cases.services.searching import index, index_again
from cases.workflow import DESK_OF, DESK_OF_REFUSAL, Actor, Desk, State
from grids.models import Territory
from lib.chain import seasoned
from lib.errors import NotYours, RuleViolation
from lib.masking import mask_text
from organizations.models import Post, User
from routing.danger import Danger, Watchwords
from routing.models import Category, FilingStandard
from routing.models.catalogue import Publicity

TITLE_LENGTH = 120
FROM_CLOSED_TO_OPEN = (Publicity.CLOSED, Publicity.MASKED, Publicity.OPEN)


class Matter(TypedDict, total=False):
    """What is said about a matter. `lon`, `lat`: WGS-84; `territory`: a grid, community or town."""

    title: str
    text: str
    category: Category | None
    standard: FilingStandard | None
    lon: float | None
    lat: float | None
    territory: Territory | None
    address: str
    urgency: str
    publicity: str
    reporter_name: str
    reporter_phone: str
    origin_system: str
    origin_number: str


def log(
    *,
    by: User,
    at: datetime.datetime,
    channel: str,
    client_key: str | None = None,
    photos: Sequence[BinaryIO] = (),
    **matter: Unpack[Matter],
) -> Case:
    """Take in a matter: it is filed, or waits for the acceptance clerk, or for the duty officer.

    The same `client_key` again is answered with the case that it made. Residents use Channel.WEB
    (`by` is the resident, or the system's own user for somebody who has not signed in); every other
    channel needs a post. `photos` are open files, checked before anything is stored. Raises
    RuleViolation, NotYours.
    """
    known = Case.objects.filter(client_key=client_key).first() if client_key else None
    if known is not None:
        return _same_matter(known, matter, by)
    _may_use(channel, by, at)
    ready = [photo_services.prepare(photo) for photo in photos]
    danger = Watchwords(on=timezone.localdate(at)).look("\n".join(words_of(matter)))
    draft = new_case(matter, channel=channel, by=by, at=at, danger=danger)
    draft.client_key = client_key
    try:
        with transaction.atomic():
            _store(draft, matter, by=by, at=at, danger=danger)
            photo_services.store(draft, ready, kind="before", by=by, at=at)
    except IntegrityError:
        known = Case.objects.filter(client_key=client_key).first() if client_key else None
        if known is None:
            raise
        return _same_matter(known, matter, by)
    return draft


def _same_matter(case: Case, matter: Matter, by: User) -> Case:
    if case.logged_by_id != by.pk:
        raise NotYours(_("Somebody else has used this key; make another."))
    title, text = words_of(matter)
    if (case.title, case.text) != (title, text):
        raise RuleViolation(_("This key was used for another matter; make another."), code="key")
    return case


def words_of(matter: Matter) -> tuple[str, str]:
    """Title and text as they are kept: one stands for the other where only one was given.

    A title stands in lists, messages and the ledger, read by people who do not work on the case:
    it keeps no telephone, identity number or name of the reporter; the text keeps them.
    """
    title, text = matter.get("title", "").strip(), matter.get("text", "").strip()
    names = [matter.get("reporter_name", "")]
    return mask_text(title or text, names)[:TITLE_LENGTH], text or title


def _may_use(channel: str, by: User, at: datetime.datetime) -> None:
    if channel == Channel.WEB or by.is_system:
        return
    if not Post.objects.held_by(by, on=timezone.localdate(at)).exists():
        raise NotYours(_("Only people who hold a post may log matters of others."))


def new_case(
    matter: Matter,
    *,
    channel: str,
    by: User,
    at: datetime.datetime,
    danger: Danger | None = None,
) -> Case:
    """An unsaved case with its place found and its first state and desk decided; no number yet.

    `danger`: what its words tell of it; what is certain is urgent and the duty officer's.
    """
    title, text = words_of(matter)
    if not text:
        raise RuleViolation(_("Say in a few words what is the matter."), code="empty")
    category, standard = _filed_under(matter)
    case = Case(
        channel=channel,
        title=title,
        text=text,
        category=category,
        standard=standard,
        address=matter.get("address", "").strip()[:200],
        urgency=matter.get("urgency") or Urgency.ORDINARY,
        publicity=_publicity(matter, category, channel=channel),
        origin_system=matter.get("origin_system", ""),
        origin_number=matter.get("origin_number", ""),
        logged_by=by,
        created_at=at,
        query_code=make_query_code(),
    )
    put(
        case,
        find_place(matter.get("lon"), matter.get("lat"), matter.get("territory"), case.address),
    )
    _first_desk(case, at=at, is_danger=danger is not None and danger.is_certain)
    return case


def _filed_under(matter: Matter) -> tuple[Category | None, FilingStandard | None]:
    """Category and condition, which go together."""
    category, standard = matter.get("category"), matter.get("standard")
    if standard is None:
        return category, None
    if category is not None and standard.category_id != category.pk:
        raise RuleViolation(_("This condition belongs to another category."), code="standard")
    return category or standard.category, standard


def _publicity(matter: Matter, category: Category | None, *, channel: str) -> str:
    """What the category says, unless somebody with a post says otherwise."""
    usual = category.publicity if category else Publicity.MASKED
    asked = matter.get("publicity") or usual
    if channel == Channel.WEB:
        return min(asked, usual, key=FROM_CLOSED_TO_OPEN.index)
    return asked


def put(case: Case, found: Found) -> None:
    case.lon, case.lat = found.lon, found.lat
    case.place_origin = found.origin
    case.town_id, case.community_id, case.grid_id = found.town, found.community, found.grid


def _first_desk(case: Case, *, at: datetime.datetime, is_danger: bool) -> None:
    """Who files: clerks by themselves; a resident's report only where nothing is uncertain."""
    if is_danger or (case.category is not None and case.category.is_emergency):
        case.state, case.desk, case.refusal = State.FILED, Desk.DUTY, "emergency"
        case.urgency = Urgency.URGENT
    elif case.channel == Channel.WEB:
        case.state, case.desk = State.SUBMITTED, Desk.ACCEPTANCE
    else:
        case.state, case.desk = State.FILED, Desk.ROUTER
    if case.state == State.FILED:
        case.filed_at = at
        case.route_at = at if case.desk == Desk.ROUTER else None


def files_by_itself(case: Case) -> bool:
    """A resident's report needs no clerk: its category says so; place and category are certain."""
    certain = {PlaceOrigin.POINT, PlaceOrigin.CHOSEN}
    return bool(
        case.category is not None
        and case.category.files_automatically
        and case.place_origin in certain
        and case.community_id
    )


def _store(
    case: Case, matter: Matter, *, by: User, at: datetime.datetime, danger: Danger | None
) -> None:
    reporter = first_reporter(case, matter)
    case.number = take_numbers(timezone.localdate(at))[0]
    # The first event needs the case's key, the case the event's hash: saved, sealed, saved again.
    case.save(force_insert=True)
    events = first_events(case, reporter, by=by, at=at, danger=danger)
    reporter.case = case
    reporter.save(force_insert=True)
    for event in events:
        event.save(force_insert=True)
    case.save(update_fields=["state", "desk", "filed_at", "route_at", "version", "head"])
    index([case], [reporter])
    notifications.tell_of_arrival(case, at=at)


def first_reporter(case: Case, matter: Matter) -> Reporter:
    person = (
        case.logged_by if case.channel == Channel.WEB and not case.logged_by.is_system else None
    )
    return Reporter(
        person=person,
        name=matter.get("reporter_name", "").strip()[:60],
        phone=matter.get("reporter_phone", "").strip()[:30],
        salt=secrets.token_hex(16),
    )


def first_events(
    case: Case,
    reporter: Reporter,
    *,
    by: User,
    at: datetime.datetime,
    danger: Danger | None = None,
) -> list[Any]:
    """The event of its coming in, and that of its being filed where no clerk is needed."""
    facts: dict[str, Any] = {
        "channel": case.channel,
        "words": seasoned(f"{case.title}\n{case.text}", reporter.salt),
        "category": case.category_id,
        "place": [case.town_id, case.community_id, case.grid_id],
    }
    if danger is not None:
        facts["danger"] = {"words": list(danger.words), "certain": danger.is_certain}
    events = [next_event(case, "log", before="", by=by, at=at, facts=facts)]
    if case.state == State.SUBMITTED and files_by_itself(case):
        case.state, case.desk, case.filed_at, case.route_at = State.FILED, Desk.ROUTER, at, at
        system = User.objects.system()
        events.append(next_event(case, "file", before=State.SUBMITTED, by=system, at=at))
    return events


def file(case: Case, *, by: User, at: datetime.datetime, note: str = "") -> Case:
    """The acceptance clerk files a report; the router takes it from there."""
    with transaction.atomic():
        locked = begin(case, "file", by=by, at=at, note=note)
        return finish(
            locked, "file", by=by, at=at, note=note, filed_at=at, **waits_for_router(locked, at=at)
        )


def waits_for_router(case: Case, *, at: datetime.datetime) -> dict[str, Any]:
    """What a case looks like that the router owes a try; emergencies go to the duty desk."""
    if case.category is not None and case.category.is_emergency:
        desk = DESK_OF_REFUSAL["emergency"]
        return {"desk": desk, "refusal": "emergency", "route_at": None, "desk_body_id": None}
    return {
        "desk": DESK_OF[State.FILED],
        "refusal": "",
        "route_at": at,
        "route_attempts": 0,
        "desk_body_id": None,
    }


def reject(
    case: Case, *, by: User, at: datetime.datetime, note: str, reason: Reason | None = None
) -> Case:
    """Not accepted: a reason from the list, which names the right channel, and words to read."""
    with transaction.atomic():
        locked = begin(case, "reject", by=by, at=at, note=note)
        why = listed(Reason.Move.REJECT, reason, at=at)
        return finish(locked, "reject", by=by, at=at, note=note, facts=why)


def cancel(case: Case, *, by: User, at: datetime.datetime, note: str = "", code: str = "") -> Case:
    """The reporter withdraws the report. Who has not signed in shows the query code instead."""
    also = proven(case, code)
    with transaction.atomic():
        locked = begin(case, "cancel", by=by, at=at, note=note, also=also)
        return finish(locked, "cancel", by=by, at=at, note=note)


def proven(case: Case, code: str) -> frozenset[Actor]:
    """What the query code alone makes somebody to a case."""
    if code and Case.objects.with_code(case.number, code) is not None:
        return frozenset({Actor.REPORTER})
    return frozenset()


def correct(
    case: Case, *, by: User, at: datetime.datetime, note: str = "", **matter: Unpack[Matter]
) -> Case:
    """Set right category, standard, place, address, urgency; a filed case goes back to the router.

    Only what is given changes; nothing given only asks the router to try again.
    """
    with transaction.atomic():
        locked = begin(case, "correct", by=by, at=at, note=note)
        changes = _corrections(locked, matter)
        for name, value in changes.items():
            setattr(locked, name, value)
        facts = _said_of(changes, locked)
        if locked.state != State.SUBMITTED:
            changes |= waits_for_router(locked, at=at)
        index_again(locked)
        return finish(locked, "correct", by=by, at=at, note=note, facts=facts, **changes)


def _said_of(changes: dict[str, Any], case: Case) -> dict[str, Any]:
    """What the chain keeps of a correction: keys and codes; of the address only a digest."""
    facts = {name: getattr(value, "pk", value) for name, value in changes.items()}
    if "address" in facts:
        salt = Reporter.objects.values_list("salt", flat=True).get(case=case)
        facts["address"] = seasoned(facts["address"], salt)
    return facts


def _corrections(case: Case, matter: Matter) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if "category" in matter:
        changes |= {"category": matter["category"], "standard": None}
    if matter.get("standard") is not None:
        standard = matter["standard"]
        changes |= {"standard": standard, "category": standard.category if standard else None}
    changes |= {name: matter[name] for name in ("urgency", "publicity") if matter.get(name)}
    if {"lon", "lat", "territory", "address"} & matter.keys():
        changes |= _new_place(case, matter)
    return changes


def _new_place(case: Case, matter: Matter) -> dict[str, Any]:
    address = matter.get("address", case.address).strip()[:200]
    found = find_place(matter.get("lon"), matter.get("lat"), matter.get("territory"), address)
    return {
        "address": address,
        "place_origin": found.origin,
        "lon": found.lon,
        "lat": found.lat,
        "town_id": found.town,
        "community_id": found.community,
        "grid_id": found.grid,
    }


def note(case: Case, *, text: str, by: User, at: datetime.datetime) -> Case:
    """Words added to the history; nothing else changes."""
    return stay(case, "note", by=by, at=at, note=text)


def publish_text(
    case: Case,
    *,
    text: str,
    by: User,
    at: datetime.datetime,
    photos: Collection[Photo] | None = None,
) -> Case:
    """The words that everybody may read, redacted and confirmed by `by`; empty takes them back.

    `photos` are those that everybody may see from now on, all others are taken back; None leaves
    them as they are. No photo is public before somebody has chosen it here.
    """
    words = text.strip()
    with transaction.atomic():
        locked = begin(case, "publish_text", by=by, at=at)
        facts = {} if photos is None else photo_services.show_to_everybody(locked, photos)
        locked.public_text = words
        index_again(locked)
        return finish(
            locked,
            "publish_text",
            by=by,
            at=at,
            facts=facts,
            public_text=words,
            public_text_by=by if words else None,
            public_text_at=at if words else None,
        )
