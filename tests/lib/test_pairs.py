"""Pairs of characters: what is cut out of a text, and what a query asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import pairs

HAN = st.text(alphabet="井盖缺失路灯梅塘社区一丁", min_size=1, max_size=12)


def found(query, text):
    """What both engines do: every phrase stands in the words of the text, one after the other."""
    words = pairs.pairs(text)

    def stands(wanted, opened, at):
        there = words[at : at + len(wanted)]
        if len(there) < len(wanted) or there[:-1] != wanted[:-1]:
            return False
        return there[-1].startswith(wanted[-1]) if opened else there[-1] == wanted[-1]

    return all(
        any(stands(wanted, opened, at) for at in range(len(words)))
        for wanted, opened in pairs.phrases(query)
    )


def test_a_text_is_cut_into_pairs_and_whole_words():
    assert pairs.pairs("井盖坏了 ABC-12") == ["井盖", "盖坏", "坏了", "了", "abc", "12"]


def test_full_width_and_capitals_are_the_same():
    assert pairs.pairs("ＡＢ１２") == pairs.pairs("ab12") == ["ab12"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("井盖", [(["井盖"], False)]),
        ("井", [(["井"], True)]),
        ("井盖坏", [(["井盖", "盖坏"], False)]),
        ("环城路88号", [(["环城", "城路", "路", "88", "号"], True)]),
        ("井盖 路灯", [(["井盖"], False), (["路灯"], False)]),
        ("138", [(["138"], True)]),
        ("，。' \" & | ! : *", []),
    ],
)
def test_a_query_is_phrases(query, expected):
    assert pairs.phrases(query) == expected


@given(HAN, HAN, HAN)
def test_every_part_of_a_text_is_found(before, part, after):
    assert found(part, before + part + after)


@given(HAN, HAN)
def test_what_is_no_part_of_it_is_not_found(query, text):
    assert found(query, text) == (query in text)


def test_a_query_of_many_words_asks_for_eight():
    assert len(pairs.phrases(" ".join("甲乙丙丁戊己庚辛壬癸"))) == 8
