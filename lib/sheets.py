"""Cells that a spreadsheet takes for text: no words become a formula on somebody's machine."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from html import escape
from typing import IO, Any

# CSV injection (OWASP): what begins so is worked out when the file is opened.
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: Any) -> Any:
    """The value as it may stand in a file: text that a program would run gets an apostrophe."""
    if isinstance(value, str) and value.startswith(_BEGINS_A_FORMULA):
        return f"'{value}"
    return value


def text_of(content: bytes) -> str | None:
    """A text file's words: spreadsheets here save UTF-8 or GB 18030. None where it is neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            return content.decode(encoding)
    return None


class CsvLines:
    """Rows as lines of a CSV file that spreadsheets open as UTF-8."""

    def __init__(self) -> None:
        self._buffer = io.StringIO()
        self._lines = csv.writer(self._buffer)
        self._buffer.write("\ufeff")

    def of(self, rows: Iterable[Sequence[Any]]) -> bytes:
        for row in rows:
            self._lines.writerow([cell(value) for value in row])
        text = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return text.encode()


class Workbook:
    """An XLSX file written row by row into a stream, in constant memory.

    A sheet holds a million rows below its heading (Excel ends at 1,048,576); the next ones go on a
    new sheet. ISO/IEC 29500 in its smallest form: texts inline, numbers as numbers, no styles.
    """

    def __init__(
        self, out: IO[bytes], heading: Sequence[str], *, title: str, rows_of_sheet: int = 1_000_000
    ) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._heading, self._title, self._most = list(heading), title, rows_of_sheet
        self._sheets, self._rows = 0, 0
        self._open_sheet()

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        lines: list[str] = []
        for row in rows:
            if self._rows == self._most:
                self._sheet.write("".join(lines).encode())
                lines.clear()
                self._close_sheet()
                self._open_sheet()
            self._rows += 1
            lines.append(_row(row))
        self._sheet.write("".join(lines).encode())

    def close(self) -> None:
        self._close_sheet()
        numbers = range(1, self._sheets + 1)
        self._part("[Content_Types].xml", _types(numbers))
        self._part("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        self._part("xl/workbook.xml", _book(self._title, numbers))
        sheets = [("worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
        self._part("xl/_rels/workbook.xml.rels", _relations(sheets))
        self._zip.close()

    def _open_sheet(self) -> None:
        self._sheets += 1
        self._rows = 0
        self._sheet = self._zip.open(
            f"xl/worksheets/sheet{self._sheets}.xml", "w", force_zip64=True
        )
        head = f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>{_row(self._heading)}'
        self._sheet.write(head.encode())

    def _close_sheet(self) -> None:
        self._sheet.write(b"</sheetData></worksheet>")
        self._sheet.close()

    def _part(self, name: str, text: str) -> None:
        self._zip.writestr(name, f"{_XML}{text}")


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# What XML 1.0 cannot say at all.
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_CELL = 32_767


def _row(values: Sequence[Any]) -> str:
    return f"<row>{''.join(map(_cell, values))}</row>"


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"<c><v>{value}</v></c>"
    text = escape(_UNSAYABLE.sub("", str(cell(value)))[:_LONGEST_CELL])
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _types(numbers: Iterable[int]) -> str:
    parts = [("/xl/workbook.xml", "sheet.main")]
    parts += [(f"/xl/worksheets/sheet{number}.xml", "worksheet") for number in numbers]
    said = "".join(
        f'<Override PartName="{name}" ContentType="{_SHEET}.{kind}+xml"/>' for name, kind in parts
    )
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    usual = f'<Default Extension="rels" ContentType="{relations}"/>'
    xml = '<Default Extension="xml" ContentType="application/xml"/>'
    return f'<Types xmlns="{_PACKAGE}/content-types">{usual}{xml}{said}</Types>'


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    said = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{said}</Relationships>'


def _book(title: str, numbers: Iterable[int]) -> str:
    said = "".join(
        f'<sheet name="{escape(title)[:25]} {number}" sheetId="{number}" r:id="rId{number}"/>'
        for number in numbers
    )
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{said}</sheets></workbook>'
