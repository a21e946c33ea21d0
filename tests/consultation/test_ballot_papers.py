"""Printed ballots: every word has its room, however long the question and the answers are."""

import pytest

from consultation.papers import layout_of, new_pdf

SHORT = ["赞成", "反对", "弃权"]
LONG = ["加画四十二个车位，保留访客车位四个，月卡车按楼栋分区停放"] * 3


@pytest.fixture
def pdf():
    sheets = new_pdf()
    yield sheets
    sheets.output()  # closes the files of its fonts


def test_three_short_papers_stand_on_a_page_with_their_answers_in_a_row(pdf):
    layout = layout_of(pdf, "是否同意加装电梯？", SHORT)
    assert (layout.per_page, layout.in_a_row) == (3, True)


@pytest.mark.parametrize(
    ("question", "answers"),
    [("停车" * 100, SHORT), ("停车" * 100, LONG), ("停车怎样安排？", LONG * 3)],
)
def test_a_long_question_or_long_answers_get_a_larger_paper(pdf, question, answers):
    layout = layout_of(pdf, question, answers)
    assert layout.per_page < 3
    head_and_foot = 53  # millimetres: whose vote, seal, code, stub
    assert layout.question + layout.answers + head_and_foot <= layout.height


def test_answers_too_wide_for_a_row_stand_below_each_other(pdf):
    layout = layout_of(pdf, "停车怎样安排？", LONG)
    assert not layout.in_a_row
    assert layout.answers >= 3 * 11
