"""Registering as a volunteer, oneself or as guardian of a child; reviewed by the organiser."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from grids.locate import Place
from grids.models import Level, Territory
from lib.coordinates import Point, is_position
from lib.errors import RuleViolation
from lib.identifiers import is_resident_id
from organizations.identity import keyed
from organizations.models import Skill, User
from volunteers import notifications
from volunteers.models import Availability, ServiceArea, Volunteer, VolunteerSkill
from volunteers.models.people import ALONE_FROM
from volunteers.models.places import town_of
from volunteers.services.ways import VOLUNTEER

CONSENT_VERSION = "2026-11"
# Three decimals of a degree are about 100 metres.
NEAR_DECIMALS = 3
_NOWHERE: dict[str, Any] = {"near_lon": None, "near_lat": None, "near_at": None}
_OFFERED = ["languages", "is_party_member", "may_be_named", "near_lon", "near_lat", "near_at"]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a volunteer says of themselves: all of it may be changed later by themselves.

    `times`: (weekday, from, to). `areas`: territories besides the home community. `near`: about
    where they set out from (lon, lat), which is the consent to measuring distances; None takes it
    back.
    """

    languages: Collection[str] = ()
    skills: Iterable[Skill] = ()
    times: Collection[tuple[int, datetime.time, datetime.time]] = ()
    areas: Iterable[Territory] = field(default=())
    is_party_member: bool = False
    may_be_named: bool = False
    near: Point | None = None


def identity_digest(number: str) -> str:
    """A keyed digest: it knows a number again, and nobody reads the number out of it."""
    return keyed("identity", number.upper())


def birth_of(number: str, *, on: datetime.date) -> datetime.date:
    """The birthday inside an identity number (GB 11643-1999). Raises RuleViolation."""
    if not is_resident_id(number, on=on):
        text = _("This is no valid identity number: compare its 18 characters with the card.")
        raise RuleViolation(text, code="identity_invalid")
    return datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


@transaction.atomic
def register(  # noqa: PLR0913 -- what the form asks
    person: User,
    *,
    identity: str,
    community: Territory,
    agreed: bool,
    by: User,
    at: datetime.datetime,
    full_name: str = "",
    offer: Offer | None = None,
) -> Volunteer:
    """A registration that waits for review. `by` is the person, or registers a child of theirs.

    The number is checked and then forgotten: its keyed digest and four last characters stay.
    Raises RuleViolation: number, consent, community, somebody registered twice, a child alone.
    """
    number = identity.strip().upper()
    born = birth_of(number, on=localdate(at))
    _check(community, agreed=agreed)
    place = Place.of(community)
    volunteer = Volunteer(
        person=person,
        born=born,
        identity_digest=identity_digest(number),
        identity_tail=number[-4:],
        town_id=town_of(place),
        community_id=place.community_id,
        consent_at=at,
        consent_version=CONSENT_VERSION,
        registered_at=at,
    )
    _check_alone(volunteer, by, at=at)
    _check_once(volunteer)
    _name(person, full_name)
    VOLUNTEER.start(volunteer, "register", by=by, at=at)
    offer_of(volunteer, offer or Offer(), at=at)
    volunteer.save(update_fields=_OFFERED)
    return volunteer


def _name(person: User, full_name: str) -> None:
    """Organisers must know whom they meet; a name that is there already stays."""
    if person.full_name.strip():
        return
    if not full_name.strip():
        raise RuleViolation(_("Write your name as on the identity card."), code="no_name")
    person.full_name = full_name.strip()
    person.save(update_fields=["full_name"])


def _check(community: Territory, *, agreed: bool) -> None:
    if not agreed:
        text = _("Without your consent to the use of your data you cannot be registered.")
        raise RuleViolation(text, code="no_consent")
    if community.level != Level.COMMUNITY:
        raise RuleViolation(_("Choose the community in which you live."), code="no_community")


def _check_alone(volunteer: Volunteer, by: User, *, at: datetime.datetime) -> None:
    """From 14 on by oneself, with a guardian's consent; below only by the guardian."""
    age = volunteer.age_on(localdate(at))
    if age is not None and age < ALONE_FROM and volunteer.person_id == by.pk:
        text = _("Below 14 a guardian registers the child from the guardian's own account.")
        raise RuleViolation(text, code="guardian_registers")


def _check_once(volunteer: Volunteer) -> None:
    """One registration for a person, and for a number."""
    if Volunteer.objects.filter(person=volunteer.person).exists():
        raise RuleViolation(_("You are registered already."), code="registered")
    if Volunteer.objects.filter(identity_digest=volunteer.identity_digest).exists():
        text = _("Somebody with this identity number is registered already. Ask the organiser.")
        raise RuleViolation(text, code="identity_taken")


def offer_of(volunteer: Volunteer, offer: Offer, *, at: datetime.datetime) -> None:
    """Write what the volunteer offers; proof of skills that stay is kept."""
    _set_out(volunteer, offer.near, at=at)
    volunteer.languages = sorted(offer.languages)
    volunteer.is_party_member = offer.is_party_member
    volunteer.may_be_named = offer.may_be_named
    wanted = {skill.pk for skill in offer.skills}
    volunteer.skills.exclude(skill__in=wanted).delete()
    known = set(volunteer.skills.values_list("skill_id", flat=True))
    VolunteerSkill.objects.bulk_create(
        VolunteerSkill(volunteer=volunteer, skill_id=key) for key in sorted(wanted - known)
    )
    volunteer.availabilities.all().delete()
    Availability.objects.bulk_create(
        Availability(volunteer=volunteer, weekday=day, starts=starts, ends=ends)
        for day, starts, ends in offer.times
    )
    volunteer.areas.all().delete()
    ServiceArea.objects.bulk_create(
        ServiceArea(volunteer=volunteer, territory=one) for one in offer.areas
    )


def _set_out(volunteer: Volunteer, near: Point | None, *, at: datetime.datetime) -> None:
    """No finer than 100 metres, whatever was sent; the consent is as old as the place."""
    if near is None:
        volunteer.near_lon = volunteer.near_lat = volunteer.near_at = None
        return
    if not is_position(*near):
        raise RuleViolation(_("This point does not lie on the Earth."), code="point")
    lon, lat = (round(Decimal(value), NEAR_DECIMALS) for value in near)
    if (lon, lat) != (volunteer.near_lon, volunteer.near_lat):
        volunteer.near_lon, volunteer.near_lat, volunteer.near_at = lon, lat, at


@transaction.atomic
def edit_offer(
    volunteer: Volunteer,
    *,
    by: User,
    at: datetime.datetime,
    offer: Offer,
    community: Territory | None = None,
) -> Volunteer:
    """Skills, times, areas, languages, and where one lives."""
    locked = VOLUNTEER.begin(volunteer, "edit", by=by, at=at)
    offer_of(locked, offer, at=at)
    changes: dict[str, Any] = {name: getattr(locked, name) for name in _OFFERED}
    if community is not None:
        place = Place.of(community)
        changes |= {"town_id": place.town_id, "community_id": place.community_id}
        changes |= {"grid_id": None}
    return VOLUNTEER.finish(locked, "edit", by=by, at=at, **changes)


@transaction.atomic
def resubmit(
    volunteer: Volunteer, *, by: User, at: datetime.datetime, identity: str = ""
) -> Volunteer:
    """After a return: again to the organiser, with another number where that was wrong."""
    locked = VOLUNTEER.begin(volunteer, "resubmit", by=by, at=at)
    changes = _identity(locked, identity, at=at) if identity.strip() else {}
    return VOLUNTEER.finish(locked, "resubmit", by=by, at=at, reason="", **changes)


def _identity(volunteer: Volunteer, identity: str, *, at: datetime.datetime) -> Mapping[str, Any]:
    number = identity.strip().upper()
    digest = identity_digest(number)
    born = birth_of(number, on=localdate(at))
    taken = Volunteer.objects.filter(identity_digest=digest).exclude(pk=volunteer.pk)
    if taken.exists():
        text = _("Somebody with this identity number is registered already. Ask the organiser.")
        raise RuleViolation(text, code="identity_taken")
    return {"born": born, "identity_digest": digest, "identity_tail": number[-4:]}


@transaction.atomic
def rejoin(volunteer: Volunteer, *, by: User, at: datetime.datetime, agreed: bool) -> Volunteer:
    """Who left, or was refused, asks again."""
    locked = VOLUNTEER.begin(volunteer, "rejoin", by=by, at=at)
    if not agreed:
        text = _("Without your consent to the use of your data you cannot be registered.")
        raise RuleViolation(text, code="no_consent")
    return VOLUNTEER.finish(
        locked, "rejoin", by=by, at=at, reason="", consent_at=at, consent_version=CONSENT_VERSION
    )


# -- Review -------------------------------------------------------------------------------------


@transaction.atomic
def confirm(volunteer: Volunteer, *, by: User, at: datetime.datetime) -> Volunteer:
    """The organiser has seen who it is; a minor needs the guardian's consent before."""
    locked = VOLUNTEER.begin(volunteer, "confirm", by=by, at=at)
    minor = locked.is_minor_on(localdate(at))
    if minor and not locked.guardianships.consenting().exists():
        text = _("A minor is registered when the guardian has consented. Ask for the consent.")
        raise RuleViolation(text, code="no_consent")
    done = VOLUNTEER.finish(
        locked, "confirm", by=by, at=at, reviewed_by=by, reviewed_at=at, reason=""
    )
    notifications.tell_volunteer(done, "volunteer-confirmed", at=at)
    return done


@transaction.atomic
def decide(
    volunteer: Volunteer, move: str, *, by: User, at: datetime.datetime, reason: str = ""
) -> Volunteer:
    """`return`, `refuse`, `suspend` with the reason, `resume` without one."""
    told = {
        "return": "volunteer-returned",
        "refuse": "volunteer-refused",
        "suspend": "volunteer-suspended",
        "resume": "volunteer-resumed",
    }[move]
    locked = VOLUNTEER.begin(volunteer, move, by=by, at=at, reason=reason)
    done = VOLUNTEER.finish(locked, move, by=by, at=at, reason=reason.strip()[:300])
    notifications.tell_volunteer(done, told, at=at)
    return done


# -- Leaving --------------------------------------------------------------------------------------


@transaction.atomic
def leave(volunteer: Volunteer, *, by: User, at: datetime.datetime) -> Volunteer:
    """At any time, without a reason; places that were taken ahead are given back before."""
    ahead = volunteer.signups.holding().filter(shift__ends_at__gt=at)
    if ahead.exists():
        text = _("You have signed up for shifts ahead: cancel them first, so that others can come.")
        raise RuleViolation(text, code="has_shifts")
    locked = VOLUNTEER.begin(volunteer, "leave", by=by, at=at)
    if locked.waiting_places.on_the_list().exists():
        raise RuleViolation(_("Leave the waiting lists first."), code="waits")
    end_memberships(locked, on=localdate(at))
    return VOLUNTEER.finish(locked, "leave", by=by, at=at, **_NOWHERE)


def end_memberships(volunteer: Volunteer, *, on: datetime.date) -> None:
    """One that began on that day was none."""
    standing = volunteer.memberships.filter(valid_to=None)
    standing.filter(valid_from__gte=on).delete()
    standing.update(valid_to=on)


@transaction.atomic
def erase(volunteer: Volunteer, *, by: User, at: datetime.datetime) -> Volunteer:
    """What names the person goes; hours and moves stay without saying whose they were.

    The account itself is erased by its owner (`organizations.services`).
    """
    locked = VOLUNTEER.begin(volunteer, "erase", by=by, at=at)
    empty(locked)
    if not locked.person.is_active and not locked.person.is_resident:
        # A child whom a guardian registered has no account of its own.
        User.objects.filter(pk=locked.person_id).update(full_name="")
    return VOLUNTEER.finish(
        locked,
        "erase",
        by=by,
        at=at,
        identity_digest="",
        identity_tail="",
        born=None,
        languages=[],
        reason="",
        is_party_member=False,
        may_be_named=False,
        **_NOWHERE,
    )


def empty(volunteer: Volunteer) -> None:
    """The rows beside a volunteer that say something of the person."""
    for rows in (
        volunteer.skills,
        volunteer.availabilities,
        volunteer.areas,
        volunteer.insurances,
        volunteer.trainings,
        volunteer.guardianships,
    ):
        rows.all().delete()
    volunteer.signups.exclude(remark="", reason="").update(remark="", reason="")
