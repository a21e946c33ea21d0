"""Lists of donations that others have published, read from XLS, XLSX or CSV.

A file is taken whole or not at all: every row must be readable, and the rows must add up to the
total that the file itself prints. A list that was read before is recognised by its rows, whatever
the file is called and however it was saved.
"""

import csv
import datetime
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import openpyxl
import xlrd
from django.db import transaction
from django.utils.translation import gettext as _

from funding.models import DonationList, ListedDonation
from lib.chain import fingerprint
from lib.errors import RuleViolation
from lib.fen import FEN_OF_A_YUAN, NotAnAmount, parse_yuan
from organizations.models import User

Cell = Any
_DAY = re.compile(r"(\d{4})\s*[.\-/年]\s*(\d{1,2})\s*[.\-/月]\s*(\d{1,2})\s*日?")
_TOTAL = re.compile(r"^(合\s*计|总\s*计|total)", re.IGNORECASE)
_UNITS = {"元": 1, "万元": 10_000, "千元": 1_000}
# Nobody's list is longer; a file that claims more is refused before it fills the memory.
MOST_ROWS = 200_000


class BadList(RuleViolation):
    """The file is refused; `rows` names what is wrong, row by row."""

    def __init__(self, message: str, rows: Sequence[str] = ()) -> None:
        super().__init__(message, code="bad_list")
        self.rows = list(rows)


class KnownList(RuleViolation):
    """The same rows were read before."""

    def __init__(self, known: DonationList) -> None:
        text = _("The same rows were read on %(day)s from %(file)s: nothing was added.")
        facts = {"day": known.at.date(), "file": known.file_name}
        super().__init__(text % facts, code="known_list")
        self.known = known


@dataclass(frozen=True, slots=True)
class Gift:
    """One row: `number` is its place in the file, counted from 1; amount in fen."""

    number: int
    given_on: datetime.date
    donor: str
    amount: int
    note: str

    @property
    def content(self) -> list[Any]:
        return [self.given_on.isoformat(), self.donor, self.amount, self.note]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that could be read: its rows add up to `total`, which it prints itself."""

    title: str
    gifts: list[Gift]
    total: int

    @property
    def fingerprint(self) -> str:
        return fingerprint({"rows": [gift.content for gift in self.gifts]})


@dataclass(frozen=True, slots=True)
class _Columns:
    day: int
    donor: int
    amount: int
    note: int | None


def read_list(content: bytes, name: str) -> Sheet:
    """Read and check a file. Raises BadList."""
    rows = list(_cells(content, PurePath(name).suffix.lower()))
    header, columns = _header(rows)
    body, printed = _body(rows, header, columns, _unit(rows[:header]))
    total = sum(gift.amount for gift in body)
    if printed is None:
        raise BadList(_("The file prints no total of its own, so its rows cannot be checked."))
    if printed != total:
        text = _("The file prints a total of %(printed)s fen, its rows add up to %(sum)s fen.")
        raise BadList(text % {"printed": printed, "sum": total})
    return Sheet(_title(rows[:header], name), body, total)


@transaction.atomic
def import_list(sheet: Sheet, *, file_name: str, by: User, at: datetime.datetime) -> DonationList:
    """Keep a list with all its rows. Raises KnownList."""
    known = known_list(sheet)
    if known is not None:
        raise KnownList(known)
    made = DonationList.objects.create(
        title=sheet.title,
        file_name=file_name,
        fingerprint=sheet.fingerprint,
        total=sheet.total,
        rows=len(sheet.gifts),
        by=by,
        at=at,
    )
    ListedDonation.objects.bulk_create(_listed(made, sheet.gifts), batch_size=1000)
    return made


def known_list(sheet: Sheet) -> DonationList | None:
    return DonationList.objects.filter(fingerprint=sheet.fingerprint).first()


def _listed(made: DonationList, gifts: Iterable[Gift]) -> Iterator[ListedDonation]:
    for position, gift in enumerate(gifts, start=1):
        yield ListedDonation(
            list=made,
            position=position,
            given_on=gift.given_on,
            donor=gift.donor,
            amount=gift.amount,
            note=gift.note,
        )


# -- Cells ---------------------------------------------------------------------------------------


def _cells(content: bytes, suffix: str) -> Iterator[list[Cell]]:
    readers = {".xls": _of_xls, ".xlsx": _of_xlsx, ".csv": _of_csv}
    if suffix not in readers:
        raise BadList(_("Send a file of the kind XLS, XLSX or CSV."))
    try:
        yield from readers[suffix](content)
    except BadList:
        raise
    except Exception as error:  # the readers of spreadsheets raise whatever they stumble over
        raise BadList(_("The file is damaged or of another kind than its name says.")) from error


def _of_xls(content: bytes) -> Iterator[list[Cell]]:
    book = xlrd.open_workbook(file_contents=content)
    sheet = book.sheet_by_index(0)
    _check_length(sheet.nrows)
    for place in range(sheet.nrows):
        yield [_xls_value(cell, book.datemode) for cell in sheet.row(place)]


def _xls_value(cell: Any, datemode: int) -> Cell:
    is_day = cell.ctype == xlrd.XL_CELL_DATE
    return xlrd.xldate_as_datetime(cell.value, datemode) if is_day else cell.value


def _of_xlsx(content: bytes) -> Iterator[list[Cell]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    for place, row in enumerate(book.worksheets[0].iter_rows(values_only=True)):
        _check_length(place)
        yield ["" if value is None else value for value in row]


def _of_csv(content: bytes) -> Iterator[list[Cell]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    for place, row in enumerate(csv.reader(io.StringIO(text))):
        _check_length(place)
        yield list(row)


def _check_length(rows: int) -> None:
    if rows > MOST_ROWS:
        raise BadList(_("The list is too long. Split it into several files."))


# -- What the cells say --------------------------------------------------------------------------


def _header(rows: list[list[Cell]]) -> tuple[int, _Columns]:
    for place, row in enumerate(rows[:30]):
        texts = [_text(cell) for cell in row]
        day, amount = _place(texts, "日期", "date"), _place(texts, "金额", "amount")
        donor = _place(texts, "姓名", "单位/", "捐赠人", "捐赠单位", "donor")
        if day is not None and amount is not None and donor is not None:
            return place, _Columns(day, donor, amount, _place(texts, "备注", "note"))
    raise BadList(_("No row names the columns: date (日期), donor (捐赠单位/姓名), amount (金额)."))


def _place(texts: list[str], *words: str) -> int | None:
    found = (i for i, text in enumerate(texts) if any(word in text.lower() for word in words))
    return next(found, None)


def _unit(rows: list[list[Cell]]) -> int:
    """单位：元, 万元 … above the table; yuan where nothing is said."""
    for text in (_text(cell) for row in rows for cell in row):
        if found := re.search(r"单位\s*[：:]\s*(\S+)", text):
            if found[1] not in _UNITS:
                raise BadList(_("The unit “%(unit)s” is not known.") % {"unit": found[1]})
            return _UNITS[found[1]]
    return 1


def _title(rows: list[list[Cell]], name: str) -> str:
    texts = (_text(cell) for row in rows for cell in row)
    return next((text for text in texts if text and "单位" not in text), name)[:200]


def _body(
    rows: list[list[Cell]], header: int, columns: _Columns, unit: int
) -> tuple[list[Gift], int | None]:
    gifts, wrong, printed = [], [], None
    for number, row in enumerate(rows[header + 1 :], start=header + 2):
        texts = [_text(cell) for cell in row]
        if not any(texts):
            continue
        try:
            if any(_TOTAL.match(text) for text in texts):
                printed = _fen(row[columns.amount], unit)
            else:
                gifts.append(_gift(number, row, columns, unit))
        except (ValueError, IndexError) as error:
            wrong.append(_("Row %(row)s: %(reason)s") % {"row": number, "reason": error})
    if wrong:
        text = _("%(count)s rows cannot be read, so nothing was read.")
        raise BadList(text % {"count": len(wrong)}, wrong)
    return gifts, printed


def _gift(number: int, row: list[Cell], columns: _Columns, unit: int) -> Gift:
    donor = _text(row[columns.donor])
    if not donor:
        raise ValueError(_("no donor"))
    amount = _fen(row[columns.amount], unit)
    if amount <= 0:
        raise ValueError(_("the amount is not more than nothing"))
    note = _text(row[columns.note]) if columns.note is not None else ""
    return Gift(number, _day(row[columns.day]), donor[:200], amount, note[:300])


def _text(cell: Cell) -> str:
    return " ".join(str(cell).split())


def _day(cell: Cell) -> datetime.date:
    if isinstance(cell, datetime.datetime):
        return cell.date()
    found = _DAY.search(_text(cell))
    if not found:
        raise ValueError(_("“%(text)s” is no date") % {"text": _text(cell)})
    return datetime.date(int(found[1]), int(found[2]), int(found[3]))


def _fen(cell: Cell, unit: int) -> int:
    """Whole fen of a cell; spreadsheets keep 0.45 as a binary number that is almost 0.45."""
    if not isinstance(cell, int | float):
        try:
            return parse_yuan(_text(cell)) * unit
        except NotAnAmount as error:
            raise ValueError(_("“%(text)s” is no amount") % {"text": _text(cell)}) from error
    exact = cell * FEN_OF_A_YUAN * unit
    if abs(exact - round(exact)) > 1e-3:
        raise ValueError(_("%(amount)s has parts of a fen") % {"amount": cell})
    return round(exact)
