import datetime

import pytest

from lib.identifiers import is_credit_code, is_mobile, is_resident_id

TODAY = datetime.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("360426199101010071", True),
        ("11010519491231002X", True),
        ("11010519491231002x", True),
        ("360426199101010072", False),  # check digit
        ("360426199113010071", False),  # month 13
        ("36042619910101007", False),
        ("060426199101010071", False),
        ("３60426199101010071", False),  # full-width digit
    ],
)
def test_a_resident_identity_number_follows_gb_11643(text, valid):
    assert is_resident_id(text, on=TODAY) is valid


def test_nobody_is_born_in_the_future():
    assert is_resident_id("360426199101010071", on=datetime.date(1990, 12, 31)) is False
    assert is_resident_id("360426199101010071", on=datetime.date(1991, 1, 1)) is True


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("91110000600037341L", True),
        ("91110000600037341l", True),
        ("91110000600037341M", False),
        ("91110000600037341", False),
        ("9111000060003734IL", False),  # I is no letter of the alphabet
        ("N2441900MF0000000", False),
    ],
)
def test_a_credit_code_follows_gb_32100(text, valid):
    assert is_credit_code(text) is valid


def test_a_credit_code_may_begin_with_letters():
    from lib.identifiers import credit_check

    village = "N2441900MF1234567"
    assert is_credit_code(village + credit_check(village)) is True


@pytest.mark.parametrize(
    ("text", "valid"),
    [("13812345678", True), ("19912345678", True), ("12812345678", False), ("1381234567", False)],
)
def test_a_mobile_number_has_eleven_digits_and_begins_with_13_to_19(text, valid):
    assert is_mobile(text) is valid
