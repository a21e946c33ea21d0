import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.fen import LARGEST, NotAnAmount, in_capitals, parse_yuan, yuan

AMOUNTS = st.integers(min_value=0, max_value=LARGEST)


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("0", 0),
        ("12", 12_00),
        ("12.5", 12_50),
        ("12.", 12_00),
        ("12.05", 12_05),
        ("1,234.50", 1_234_50),
        ("1,234,567", 1_234_567_00),
        (" 20 元", 20_00),
        ("¥20", 20_00),
        ("￥20.10", 20_10),
        ("１２．５", 12_50),
        ("1，000", 1_000_00),
        ("9999999999999.99", LARGEST),
    ],
)
def test_yuan_as_people_type_them_become_fen(typed, fen):
    assert parse_yuan(typed) == fen


@pytest.mark.parametrize(
    "typed",
    ["", " ", "abc", "-5", "1e3", "1.2.3", "12,34", "1,2345", ".5", "1 000", "0.001", "1.999",
     "10000000000000", "五元", "NaN", "+3"],
)  # fmt: skip
def test_what_is_no_amount_is_refused_with_words(typed):
    with pytest.raises(NotAnAmount) as refusal:
        parse_yuan(typed)
    assert str(refusal.value) != ""


@given(AMOUNTS)
def test_what_is_written_is_read_back(fen):
    assert parse_yuan(yuan(fen)) == fen


def test_yuan_have_thousands_and_two_decimals():
    assert [yuan(fen) for fen in (0, 5, 50, 12_34, 1_234_567_89, -7_00, -1)] == [
        "0.00", "0.05", "0.50", "12.34", "1,234,567.89", "-7.00", "-0.01",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "零元整"),
        (4, "肆分"),
        (50, "伍角整"),
        (12, "壹角贰分"),
        (1_00, "壹元整"),
        (10_00, "壹拾元整"),
        (20_05, "贰拾元零伍分"),
        (20_50, "贰拾元零伍角整"),
        (325_04, "叁佰贰拾伍元零肆分"),
        (1_409_50, "壹仟肆佰零玖元伍角整"),
        (6_007_14, "陆仟零柒元壹角肆分"),
        (16_409_02, "壹万陆仟肆佰零玖元零贰分"),
        (107_000_53, "壹拾万柒仟元零伍角叁分"),
        (100_000_00, "壹拾万元整"),
        (100_005_00, "壹拾万零伍元整"),
        (1_010_010_00, "壹佰零壹万零壹拾元整"),
        (100_000_001_00, "壹亿零壹元整"),
        (100_010_000_00, "壹亿零壹万元整"),
        (1_000_000_000_000_00, "壹万亿元整"),
        (1_000_500_000_000_00, "壹万零伍亿元整"),
        (1_000_000_000_005_00, "壹万亿零伍元整"),
        (LARGEST, "玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)  # fmt: skip
def test_capitals_are_written_as_on_vouchers(fen, text):
    assert in_capitals(fen) == text


@pytest.mark.parametrize("fen", [-1, LARGEST + 1])
def test_capitals_end_where_their_words_end(fen):
    with pytest.raises(ValueError, match=str(fen)):
        in_capitals(fen)


WORTH = {word: value for value, word in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1_000}
NAMES = {"万": 10_000, "亿": 100_000_000, "元": 100}
COINS = {"角": 10, "分": 1}


def read(text):
    """Capitals → fen, by the value of each character alone."""
    total = group = digit = 0
    for word in text:
        if word in WORTH:
            digit = WORTH[word]
        elif word in PLACES:
            group, digit = group + digit * PLACES[word], 0
        elif word in COINS:
            total, digit = total + digit * COINS[word], 0
        elif word == "万":
            total, group, digit = total + (group + digit) * NAMES[word], 0, 0
        elif word in NAMES:
            total, group, digit = (total + group + digit) * NAMES[word], 0, 0
    return total


@given(AMOUNTS)
def test_capitals_say_the_amount(fen):
    text = in_capitals(fen)
    assert read(text) == fen
    assert "零零" not in text
    assert text.endswith(("整", "分"))
