"""Rolls of households and owners: brought in as versions, claimed by those who stand in them."""

import datetime
import hmac
import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from grids.models import Claim, Dwelling, Entitled, Level, Roll, RollKind, Territory
from grids.models.rolls import MOST_WRONG_CODES
from grids.services.roll_files import Refused, RollFile, RollRow
from lib.errors import RuleViolation
from lib.masking import mask_name
from lib.numbering import new_code
from organizations.models import User, Verification
from organizations.services import changes, revoke_verification, verify_identity

_CODE_LENGTH = 8
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class RollOptions:
    community: Territory
    kind: str
    name: str
    dry_run: bool = False


@dataclass(slots=True)
class RollReport:
    """What an import did, or would do; areas in 0.01 m². With `refused` nothing is written."""

    dwellings: int = 0
    entitled: int = 0
    area: int = 0
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    claims_kept: int = 0
    claims_ended: int = 0
    refused: list[Refused] = field(default_factory=list)
    roll: Roll | None = None

    @property
    def unchanged(self) -> int:
        return self.dwellings - len(self.added) - len(self.changed)


@dataclass(slots=True)
class _Household:
    """A dwelling as the file says it: people as (masked name, digest), unnamed ones empty."""

    number: str
    area: int
    people: list[tuple[str, str]]

    def said(self) -> tuple[int, list[str], int]:
        return self.area, sorted(digest for _name, digest in self.people), len(self.people)


@transaction.atomic
def import_roll(
    file: RollFile, options: RollOptions, *, by: User, at: datetime.datetime
) -> RollReport:
    """A new version of a roll: whole, or not at all. Claims of people who stay go on.

    `refused` names every line that cannot be taken, with the reason.
    """
    _check(options)
    before = _current(options)
    salt = before.salt if before else secrets.token_hex(16)
    report = RollReport(refused=list(file.refused))
    households = _households(file.rows, options.kind, salt, report)
    _compare(households, before, report)
    report.refused.sort(key=lambda refused: refused.number)
    if report.refused or options.dry_run:
        return report
    if not households:
        raise RuleViolation(_("The file names no dwelling."), code="bad_roll")
    version = Roll(
        community=options.community, kind=options.kind, name=options.name.strip(),
        version=before.version + 1 if before else 1, since=at, source=file.name,
        digest=file.digest, salt=salt, made_by=by,
    )  # fmt: skip
    report.roll = _write(version, households, before, by=by, at=at)
    if before is not None:
        _carry_claims(before, report, by, at)
    return report


def _check(options: RollOptions) -> None:
    if options.community.level != Level.COMMUNITY:
        raise RuleViolation(_("A roll belongs to a community."), code="not_a_community")
    if options.kind not in RollKind.values or not options.name.strip():
        raise RuleViolation(_("Give the roll a kind and a name."), code="bad_roll")


def _current(options: RollOptions) -> Roll | None:
    rows = Roll.objects.select_for_update().current()
    return rows.filter(
        community=options.community, kind=options.kind, name=options.name.strip()
    ).first()


def person_digest(salt: str, name: str, identity: str) -> str:
    """Keyed by the installation's secret: without it nobody can try all last digits."""
    said = f"{salt}\n{name.strip()}\n{identity.strip().upper()[-4:]}"
    return hmac.new(settings.SECRET_KEY.encode(), said.encode(), "sha256").hexdigest()


def _households(
    rows: Iterable[RollRow], kind: str, salt: str, report: RollReport
) -> list[_Household]:
    grouped: dict[str, list[RollRow]] = defaultdict(list)
    for row in rows:
        grouped[row.dwelling].append(row)
    found = []
    for number, lines in grouped.items():
        reason = _fault(lines, kind)
        if reason:
            report.refused.append(Refused(lines[-1].number, number, reason))
        else:
            found.append(_household(number, lines, salt))
    return found


def _fault(lines: list[RollRow], kind: str) -> str:
    areas = {row.area for row in lines if row.area is not None}
    people = [(row.name, row.identity) for row in lines if row.name]
    counts = {row.entitled for row in lines if row.entitled is not None}
    if len(areas) > 1:
        return _("The lines of this dwelling give different areas.")
    if kind == RollKind.OWNERS and not areas:
        return _("A roll of owners needs the area of each dwelling.")
    if len(people) != len(set(people)):
        return _("The same person stands in this dwelling twice.")
    if len(counts) > 1 or (counts and len(people) > max(counts)):
        return _("The number of entitled people does not fit the lines of this dwelling.")
    if not people and not counts:
        return _("Nobody is entitled here: give a name, or the number of people.")
    return ""


def _household(number: str, lines: list[RollRow], salt: str) -> _Household:
    people = [
        (mask_name(row.name), person_digest(salt, row.name, row.identity))
        for row in lines
        if row.name
    ]
    stated = max((row.entitled for row in lines if row.entitled is not None), default=len(people))
    people += [("", "")] * (stated - len(people))
    area = next((row.area for row in lines if row.area is not None), 0)
    return _Household(number, area, people)


def _compare(households: list[_Household], before: Roll | None, report: RollReport) -> None:
    known = _said_by(before) if before else {}
    for household in households:
        report.dwellings += 1
        report.entitled += len(household.people)
        report.area += household.area
        if household.number not in known:
            report.added.append(household.number)
        elif known.pop(household.number) != household.said():
            report.changed.append(household.number)
    report.removed = sorted(known.keys() - {household.number for household in households})


def _said_by(roll: Roll) -> dict[str, tuple[int, list[str], int]]:
    people: dict[str, list[str]] = defaultdict(list)
    rows = Entitled.objects.filter(dwelling__roll=roll)
    for number, digest in rows.values_list("dwelling__number", "digest"):
        people[number].append(digest)
    return {
        number: (area, sorted(people[number]), len(people[number]))
        for number, area in roll.dwellings.values_list("number", "area")
    }


def _write(
    version: Roll,
    households: list[_Household],
    before: Roll | None,
    *,
    by: User,
    at: datetime.datetime,
) -> Roll:
    if before is not None:
        Roll.objects.filter(pk=before.pk).update(until=at)
    roll = changes.create(version, by=by, at=at)
    codes = dict(before.dwellings.values_list("number", "code_digest")) if before else {}
    dwellings = Dwelling.objects.bulk_create(
        (
            Dwelling(roll=roll, number=one.number, area=one.area,
                     code_digest=codes.get(one.number, ""))
            for one in households
        ),
        batch_size=_BATCH,
    )  # fmt: skip
    Entitled.objects.bulk_create(
        (
            Entitled(dwelling=dwelling, place=place, masked_name=name, digest=digest)
            for dwelling, one in zip(dwellings, households, strict=True)
            for place, (name, digest) in enumerate(one.people, start=1)
        ),
        batch_size=_BATCH,
    )
    return roll


def _carry_claims(before: Roll, report: RollReport, by: User, at: datetime.datetime) -> None:
    """Who stands in the same dwelling of the new version has the place there too; others lose it.

    The place in the version before is kept by who stays: votes that have begun go by it.
    """
    old = Claim.objects.filter(entitled__dwelling__roll=before, ended_at=None)
    places = {
        (entitled.dwelling.number, entitled.digest): entitled
        for entitled in Entitled.objects.filter(dwelling__roll=report.roll).select_related(
            "dwelling"
        )
        if entitled.digest
    }
    for claim in old.select_related("entitled__dwelling"):
        key = (claim.entitled.dwelling.number, claim.entitled.digest)
        if key in places:
            Claim.objects.create(
                entitled=places[key], person_id=claim.person_id, how=claim.how, by_id=claim.by_id,
                at=claim.at,
            )  # fmt: skip
            report.claims_kept += 1
        else:
            for held in Claim.objects.beside(claim):
                mark_ended(held, _("A new version of the roll."), by, at)
            report.claims_ended += 1


# -- Claims ------------------------------------------------------------------------------------


@transaction.atomic
def print_codes(roll: Roll, *, by: User, at: datetime.datetime) -> list[tuple[str, str]]:
    """(dwelling, code) of every dwelling, once: only digests of them are kept.

    Codes that were printed before stop working.
    """
    roll = changes.locked(roll)
    if roll.until is not None:
        raise RuleViolation(_("A newer version of this roll holds. Open that."), code="ended")
    printed = []
    dwellings = list(roll.dwellings.order_by("number"))
    for dwelling in dwellings:
        code = new_code(_CODE_LENGTH)
        dwelling.code_digest, dwelling.wrong_codes = _code_digest(roll.salt, dwelling, code), 0
        printed.append((dwelling.number, code))
    Dwelling.objects.bulk_update(dwellings, ["code_digest", "wrong_codes"], batch_size=_BATCH)
    changes.record_values(
        roll, before={}, after={"codes_printed": len(printed)}, by=by, at=at, action="codes"
    )
    return printed


def _code_digest(salt: str, dwelling: Dwelling, code: str) -> str:
    said = f"{salt}\n{dwelling.number}\n{code}"
    return hmac.new(settings.SECRET_KEY.encode(), said.encode(), "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody says who has the letter of a dwelling."""

    dwelling: str
    name: str
    identity: str
    code: str


def claim(roll: Roll, letter: Letter, *, by: User, at: datetime.datetime) -> Claim:
    """`by` stands in the roll: name, last four characters of the identity number, printed code.

    What is wrong is not said: a guesser learns nothing. After five wrong tries a dwelling is locked
    until a clerk prints a new code. Raises RuleViolation.
    """
    home = roll.dwellings.filter(number=letter.dwelling.strip()).first()
    # Outside the transaction that follows: a try counts also where it is refused.
    if home is not None and not _one_more_try(home):
        raise RuleViolation(
            _("Too many wrong tries for this dwelling. Ask the community for a new code."),
            code="locked",
        )
    place = _place_of(roll, home, letter) if home is not None else None
    if home is None or place is None:
        raise RuleViolation(
            _(
                "Dwelling, name, last digits and code do not fit together. Look at the letter "
                "again."
            ),
            code="not_in_the_roll",
        )
    with transaction.atomic():
        Dwelling.objects.filter(pk=home.pk).update(wrong_codes=0)
        return _claimed(place, by, Claim.How.CODE, by=by, at=at)


def _one_more_try(home: Dwelling) -> bool:
    tries = Dwelling.objects.filter(pk=home.pk, wrong_codes__lt=MOST_WRONG_CODES)
    return tries.update(wrong_codes=F("wrong_codes") + 1) == 1


def _place_of(roll: Roll, home: Dwelling, letter: Letter) -> Entitled | None:
    said = letter.code.replace(" ", "").replace("-", "").upper()
    if roll.until is not None or not home.code_digest:
        return None
    if not hmac.compare_digest(home.code_digest, _code_digest(roll.salt, home, said)):
        return None
    digest = person_digest(roll.salt, letter.name, letter.identity)
    return home.entitled.filter(digest=digest).first()


@transaction.atomic
def confirm_claim(entitled: Entitled, person: User, *, by: User, at: datetime.datetime) -> Claim:
    """A clerk has seen the identity card: `person` stands at this place."""
    if by.pk == person.pk:
        raise RuleViolation(_("Another clerk must confirm your own place."), code="own_place")
    return _claimed(entitled, person, Claim.How.CLERK, by=by, at=at)


def _claimed(
    entitled: Entitled, person: User, how: str, *, by: User, at: datetime.datetime
) -> Claim:
    locked: Any = changes.locked(entitled)
    if locked.dwelling.roll.until is not None:
        raise RuleViolation(_("A newer version of this roll holds. Open that."), code="ended")
    held: Claim | None = locked.claims.filter(ended_at=None).first()
    if held is not None and held.person_id != person.pk:
        raise RuleViolation(
            _("Somebody has claimed this place already. The community can look into it."),
            code="claimed",
        )
    if held is not None:
        return held
    if person.is_resident:
        verify_identity(person, how=Verification.How.ROLL, by=by, at=at)
    return Claim.objects.create(entitled=locked, person=person, how=how, by=by, at=at)


@transaction.atomic
def end_claim(held: Claim, *, reason: str, by: User, at: datetime.datetime) -> Claim:
    """It was the wrong person; what they voted before stays."""
    row = changes.locked(held)
    if row.ended_at is not None:
        raise RuleViolation(_("This claim has ended already."), code="ended")
    for same in Claim.objects.beside(row).exclude(pk=row.pk):
        mark_ended(same, reason, by, at)
    ended = mark_ended(row, reason, by, at)
    _forget_verification(row.person, reason, at)
    return ended


def _forget_verification(person: User, reason: str, at: datetime.datetime) -> None:
    """Who stands in no roll any more is confirmed by none."""
    if Claim.objects.filter(person=person, ended_at=None).exists():
        return
    standing = Verification.objects.filter(person=person, how=Verification.How.ROLL).valid_at(at)
    for verification in standing:
        revoke_verification(verification, reason=reason, by=User.objects.system(), at=at)


def mark_ended(held: Claim, reason: str, by: User, at: datetime.datetime) -> Claim:
    held.ended_at, held.ended_by, held.reason = at, by, reason.strip()[:200]
    held.save(update_fields=["ended_at", "ended_by", "reason"])
    return held
