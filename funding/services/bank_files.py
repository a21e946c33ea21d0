"""Files to and from the bank: a list of payments out, a statement in. Nothing is written here."""

import csv
import datetime
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from zipfile import BadZipFile

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from funding.models import BankRow, Payment
from lib.errors import RuleViolation
from lib.fen import NotAnAmount, parse_yuan, yuan

# How banks head their columns; blanks and brackets are left out before comparing.
COLUMNS = {
    "day": ("交易日期", "记账日期", "入账日期", "日期", "date"),
    "out": ("借方发生额", "借方金额", "支出金额", "支出", "借方", "debit"),
    "in": ("贷方发生额", "贷方金额", "收入金额", "收入", "贷方", "credit"),
    "balance": ("账户余额", "余额", "balance"),
    "serial": ("交易流水号", "流水号", "凭证号", "serial"),
    "party": ("对方户名", "对方名称", "对方单位", "party"),
    "summary": ("摘要", "交易摘要", "summary"),
    "reference": ("附言", "用途", "备注", "reference"),
}
NEEDED = ("day", "out", "in", "balance", "serial")
MOST_ROWS = 20_000
_DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})")
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")


class BadStatement(RuleViolation):
    def __init__(self, message: str) -> None:
        super().__init__(message, code="bad_statement")


@dataclass(frozen=True, slots=True)
class Line:
    """One movement of the file; amounts in fen."""

    number: int
    serial: str
    day: datetime.date
    direction: str
    amount: int
    balance: int
    party: str
    summary: str
    reference: str

    @property
    def signed(self) -> int:
        return self.amount if self.direction == BankRow.Direction.IN else -self.amount


@dataclass(frozen=True, slots=True)
class Statement:
    """What a file says; with `faults` it cannot be brought in."""

    name: str
    sha256: str
    lines: list[Line]
    faults: list[str] = field(default_factory=list)

    @property
    def opening(self) -> int:
        return self.lines[0].balance - self.lines[0].signed

    @property
    def closing(self) -> int:
        return self.lines[-1].balance

    def sum_of(self, direction: str) -> int:
        return sum(line.amount for line in self.lines if line.direction == direction)


def read_statement(content: bytes, *, name: str) -> Statement:
    """A CSV or XLSX file of a bank, oldest or newest first. Raises BadStatement."""
    rows = enumerate(_table(content), start=1)
    places = _header(rows)
    lines: list[Line] = []
    faults: list[str] = []
    for number, cells in rows:
        if len(lines) >= MOST_ROWS:
            raise BadStatement(_("The file has more than 20,000 rows. Export a shorter period."))
        try:
            line = _line(number, {key: _cell(cells, place) for key, place in places.items()})
        except ValueError as error:
            faults.append(_("Row %(number)s: %(fault)s") % {"number": number, "fault": error})
            continue
        if line is not None:
            lines.append(line)
    if not lines and not faults:
        raise BadStatement(_("The file has no rows."))
    if len(lines) > 1 and lines[0].day > lines[-1].day:
        lines.reverse()
    faults.extend(_jumps(lines))
    return Statement(name[:120], hashlib.sha256(content).hexdigest(), lines, faults)


def _table(content: bytes) -> Iterator[Sequence[Any]]:
    if content[:4] == b"PK\x03\x04":
        yield from _sheet(content)
        return
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        yield from csv.reader(io.StringIO(text))
        return
    raise BadStatement(_("The file is neither CSV nor XLSX."))


def _sheet(content: bytes) -> Iterator[Sequence[Any]]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, OSError, ValueError) as error:
        raise BadStatement(_("The file is not a spreadsheet that can be read.")) from error
    try:
        yield from book.worksheets[0].iter_rows(values_only=True)
    finally:
        book.close()


def _header(rows: Iterable[tuple[int, Sequence[Any]]]) -> dict[str, int]:
    """Where each column stands; banks print a title and the account above the header."""
    for _number, cells in rows:
        names = [re.sub(r"[\s()（）]|元", "", str(cell or "")).lower() for cell in cells]
        places = {
            key: next((names.index(name) for name in known if name in names), -1)
            for key, known in COLUMNS.items()
        }
        if all(places[key] >= 0 for key in NEEDED):
            return places
    raise BadStatement(
        _("No header was found: the file needs day, debit, credit, balance and serial number.")
    )


def _cell(cells: Sequence[Any], place: int) -> Any:
    return cells[place] if 0 <= place < len(cells) else ""


def _line(number: int, cells: dict[str, Any]) -> Line | None:
    """None for an empty row or the sums below the table."""
    text = {key: str(value).strip() if value is not None else "" for key, value in cells.items()}
    if not text["day"] or not text["serial"]:
        return None
    out, into = _fen(text["out"]), _fen(text["in"])
    if bool(out) == bool(into):
        raise ValueError(_("exactly one of debit and credit has an amount"))
    direction = BankRow.Direction.OUT if out else BankRow.Direction.IN
    return Line(
        number=number,
        serial=text["serial"][:60],
        day=_day(cells["day"]),
        direction=direction,
        amount=out or into,
        balance=_fen(text["balance"]),
        party=text["party"][:120],
        summary=text["summary"][:200],
        reference=text["reference"][:60],
    )


def _fen(text: str) -> int:
    try:
        return parse_yuan(text) if text not in {"", "-", "--"} else 0
    except NotAnAmount as error:
        raise ValueError(str(error)) from error


def _day(value: Any) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return value.date()
    found = _DAY.search(str(value))
    if found is None:
        raise ValueError(_("“%(text)s” is no day") % {"text": value})
    return datetime.date(*map(int, found.groups()))


def _jumps(lines: Sequence[Line]) -> Iterator[str]:
    """Rows whose balance does not follow from the row before: something is missing there."""
    for before, line in pairwise(lines):
        if before.balance + line.signed != line.balance:
            facts = {"number": line.number, "balance": yuan(line.balance)}
            yield _("Row %(number)s: the balance %(balance)s does not follow.") % facts
    serials = [line.serial for line in lines]
    if len(set(serials)) < len(serials):
        yield _("A serial number stands twice.")


def payment_file(payments: Iterable[Payment]) -> str:
    """CSV for the bank: reference, payee, account, bank, amount in yuan, what for."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["参考号", "收款户名", "收款账号", "开户行", "金额", "附言"])
    for payment in payments:
        asked = payment.application
        amount = yuan(payment.amount).replace(",", "")
        cells = [payment.reference, asked.payee_name, asked.payee_account, asked.payee_bank]
        writer.writerow([*map(_inert, cells), amount, _inert(f"{payment.reference} {asked.title}")])
    return "\ufeff" + out.getvalue()


def _inert(text: str) -> str:
    """Spreadsheets run what begins like a formula: an apostrophe makes it text."""
    return f"'{text}" if text.startswith(_ACTIVE) else text
