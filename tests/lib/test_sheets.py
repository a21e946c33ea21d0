import pytest

from lib.sheets import cell


@pytest.mark.parametrize("words", ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "＝1"])
def test_what_begins_a_formula_gets_an_apostrophe(words):
    assert cell(words) == f"'{words}"


@pytest.mark.parametrize("value", ["井盖", "a=1", "", 5, -5, None])
def test_everything_else_stays_as_it_is(value):
    assert cell(value) == value
