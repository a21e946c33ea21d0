import io

import pytest
from openpyxl import load_workbook

from lib.sheets import CsvLines, Workbook, cell


@pytest.mark.parametrize("words", ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "＝1"])
def test_what_begins_a_formula_gets_an_apostrophe(words):
    assert cell(words) == f"'{words}"


@pytest.mark.parametrize("value", ["井盖", "a=1", "", 5, -5, None])
def test_everything_else_stays_as_it_is(value):
    assert cell(value) == value


def written(rows, **options):
    out = io.BytesIO()
    book = Workbook(out, ["编号", "数"], title="案卷", **options)
    book.add(rows)
    book.close()
    return load_workbook(io.BytesIO(out.getvalue()))


def test_a_workbook_is_read_back_as_it_was_written():
    sheet = written([['甲 <&> "乙"\x0b', 5], ["=1+1", None]]).worksheets[0]
    assert [list(row) for row in sheet.values] == [
        ["编号", "数"],
        ['甲 <&> "乙"', 5],
        ["'=1+1", None],
    ]


def test_a_full_sheet_goes_on_on_the_next_with_its_heading():
    book = written([[str(number), number] for number in range(7)], rows_of_sheet=3)
    assert [sheet.max_row for sheet in book.worksheets] == [4, 4, 2]
    assert book.worksheets[2]["A2"].value == "6"
    assert [sheet["A1"].value for sheet in book.worksheets] == ["编号"] * 3


def test_lines_of_csv_come_piece_by_piece():
    lines = CsvLines()
    first, second = lines.of([["编号", "a,b"]]), lines.of([["=1", 2]])
    assert (first.decode("utf-8-sig"), second.decode()) == ('编号,"a,b"\r\n', "'=1,2\r\n")
