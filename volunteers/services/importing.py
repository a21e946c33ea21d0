"""Volunteers from a CSV or XLSX file: every row is registered or rejected with its reason.

Identity numbers are checked and forgotten as everywhere; a file never makes anybody active by
itself: rows wait for review, unless `by` organises the place and confirms what was seen before.
"""

import csv
import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import openpyxl
import yaml
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from grids.models import Level, Territory
from lib.errors import RuleViolation
from lib.identifiers import is_mobile
from organizations.models import Skill, User
from organizations.services import residents
from volunteers.models import Volunteer
from volunteers.models.people import OF_AGE
from volunteers.services.people import (
    Offer,
    birth_of,
    confirm,
    identity_digest,
    register,
)

# What the columns are called where no mapping says otherwise.
HEADINGS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "name"),
    "phone": ("手机号码", "手机号", "手机", "phone"),
    "identity": ("身份证号码", "身份证号", "证件号码", "identity"),
    "community": ("社区", "所属社区", "community"),
    "skills": ("技能", "特长", "skills"),
    "party": ("党员", "是否党员", "party"),
    "agreed": ("同意", "本人同意", "agreed"),
}
NEEDED = frozenset({"name", "phone", "identity", "community", "agreed"})
YES = frozenset({"是", "同意", "已同意", "y", "yes", "true", "1"})
IMPORTED, KNOWN, REJECTED = "imported", "known", "rejected"
_BETWEEN_SKILLS = str.maketrans("、，,;；/", "      ")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row (the header is row 1); `number` of the volunteer, or the `reason`."""

    row: int
    result: str
    reason: str = ""
    number: str = ""


def read_mapping(path: Path) -> dict[str, str]:
    """Field → heading, from a YAML or JSON file. Raises RuleViolation."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RuleViolation(_("The mapping cannot be read."), code="bad_mapping") from error
    if not isinstance(found, dict) or not set(found) <= set(HEADINGS):
        fields = ", ".join(HEADINGS)
        text = _("A mapping names headings for some of: %(fields)s.") % {"fields": fields}
        raise RuleViolation(text, code="bad_mapping")
    return {str(field): str(heading) for field, heading in found.items()}


def read_file(path: Path, mapping: Mapping[str, str]) -> Iterator[tuple[int, dict[str, str]]]:
    """(number, cells by field) of each row below the heading. Raises RuleViolation."""
    lines = _sheet(path) if path.suffix.lower() == ".xlsx" else _text(path)
    heading = next(lines, None)
    if heading is None:
        raise RuleViolation(_("The file has no header line."), code="bad_file")
    places = _places(heading, mapping)
    for number, cells in enumerate(lines, start=2):
        if any(cells):
            yield (
                number,
                {
                    field: cells[place] if place < len(cells) else ""
                    for field, place in places.items()
                },
            )


def _places(heading: list[str], mapping: Mapping[str, str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for field, names in HEADINGS.items():
        wanted = (mapping[field],) if field in mapping else names
        found = next((name for name in wanted if name in heading), None)
        if found is not None:
            places[field] = heading.index(found)
    if missing := sorted(NEEDED - places.keys()):
        named = ", ".join(mapping.get(field, HEADINGS[field][0]) for field in missing)
        text = _("The file has no column for: %(names)s.") % {"names": named}
        raise RuleViolation(text, code="bad_file")
    return places


def _text(path: Path) -> Iterator[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = path.read_text(encoding=encoding)
        except UnicodeDecodeError:
            continue
        except OSError as error:
            raise RuleViolation(_("The file cannot be read."), code="bad_file") from error
        return ([cell.strip() for cell in row] for row in csv.reader(text.splitlines()))
    raise RuleViolation(_("The file cannot be read."), code="bad_file")


def _sheet(path: Path) -> Iterator[list[str]]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, OSError, ValueError) as error:
        text = _("The file is not a spreadsheet that can be read.")
        raise RuleViolation(text, code="bad_file") from error
    try:
        for cells in book.worksheets[0].iter_rows(values_only=True):
            yield ["" if cell is None else str(cell).strip() for cell in cells]
    finally:
        book.close()


def import_rows(
    rows: Iterable[tuple[int, Mapping[str, str]]],
    *,
    by: User,
    at: datetime.datetime,
    confirmed: bool = False,
    dry_run: bool = False,
) -> Iterator[Outcome]:
    """Each row in a transaction of its own; with `dry_run` all of them are taken back.

    `confirmed`: `by` is an organiser who reviewed these people before. A number that is registered
    already is known, so that a file may be read again.
    """
    known = _Known(localdate(at))
    for number, cells in rows:
        try:
            with transaction.atomic():
                outcome = _import(number, cells, known, by=by, at=at, confirmed=confirmed)
                if dry_run:
                    transaction.set_rollback(True)
        except RuleViolation as refusal:
            outcome = Outcome(number, REJECTED, str(refusal))
        yield outcome


class _Known:
    """Communities and skills by code and name, read once."""

    def __init__(self, on: datetime.date) -> None:
        self.communities: dict[str, list[Territory]] = {}
        for row in Territory.objects.at_level(Level.COMMUNITY).valid_on(on):
            for name in {row.code, row.name}:
                self.communities.setdefault(name, []).append(row)
        self.skills: dict[str, Skill] = {}
        for skill in Skill.objects.all():
            self.skills |= {skill.code: skill, skill.name: skill}

    def community(self, text: str) -> Territory:
        found = self.communities.get(text, [])
        if len(found) == 1:
            return found[0]
        words = _("There is no community “%(name)s”.")
        if found:
            words = _("There are several communities “%(name)s”: write its code.")
        raise RuleViolation(words % {"name": text}, code="no_community")

    def skills_of(self, text: str) -> list[Skill]:
        names = text.translate(_BETWEEN_SKILLS).split()
        if unknown := [name for name in names if name not in self.skills]:
            words = _("There is no skill “%(name)s”.") % {"name": unknown[0]}
            raise RuleViolation(words, code="no_skill")
        return [self.skills[name] for name in names]


def _import(
    number: int,
    cells: Mapping[str, str],
    known: _Known,
    *,
    by: User,
    at: datetime.datetime,
    confirmed: bool,
) -> Outcome:
    identity = cells["identity"].upper()
    born = birth_of(identity, on=localdate(at))
    same = Volunteer.objects.filter(identity_digest=identity_digest(identity)).first()
    if same is not None:
        return Outcome(number, KNOWN, number=same.number)
    if Volunteer(born=born).is_minor_on(localdate(at)):
        text = _("Below %(age)s people register with their guardian's consent, on their own page.")
        raise RuleViolation(text % {"age": OF_AGE}, code="minor")
    if not is_mobile(cells["phone"]):
        raise RuleViolation(_("This is no mobile number with 11 digits."), code="phone")
    offer = Offer(
        skills=known.skills_of(cells.get("skills", "")),
        is_party_member=cells.get("party", "").lower() in YES,
    )
    volunteer = register(
        _account(cells, at=at),
        identity=identity,
        community=known.community(cells["community"]),
        agreed=cells["agreed"].lower() in YES,
        full_name=cells["name"],
        offer=offer,
        by=by,
        at=at,
    )
    if confirmed:
        volunteer = confirm(volunteer, by=by, at=at)
    return Outcome(number, IMPORTED, number=volunteer.number)


def _account(cells: Mapping[str, str], *, at: datetime.datetime) -> User:
    """The account of the number; a new one is opened by a code sent to that number, by its owner.

    A known account keeps its name: where that is another one, the row is somebody else's.
    """
    name = cells["name"].strip()
    if not name:
        raise RuleViolation(_("Write your name as on the identity card."), code="no_name")
    person = residents.resident_of(cells["phone"])
    if person is None:
        nickname = _("Volunteer %(tail)s") % {"tail": cells["phone"][-4:]}
        return residents.join(cells["phone"], nickname=nickname, full_name=name, agreed=True, at=at)
    if person.full_name and person.full_name != name:
        text = _("The account of this number has another name.")
        raise RuleViolation(text, code="other_name")
    return person
