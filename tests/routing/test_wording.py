"""Every code that the judge may write has words in both languages."""

import ast
from pathlib import Path

import pytest
from django.utils import translation

from routing import wording
from routing.matching import Judge
from tests.factories.organizations import BodyFactory
from tests.routing.conftest import MONDAY

MATCHING = Path(__file__).parents[2] / "routing" / "matching"


def strings():
    """Every string constant of the package."""
    for path in MATCHING.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_no_wording_is_left_of_codes_that_nobody_writes():
    by_cases = {"sorted_by_words"}  # the category was told before the judge was asked
    assert set(strings()) | by_cases >= wording.CODES | wording.WHY_CODES


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_match_is_put_into_whole_sentences(town, decide, language):
    town.entry.assistants.add(BodyFactory(name="派出所", name_en="Police"))
    match = decide()
    with translation.override(language):
        sentences = [wording.sentence(code, params) for code, params in match.reasons]
        words = [wording.why(row["why"]) for row in match.candidates]
    assert not any("%(" in text or text in wording.CODES for text in sentences)
    assert not set(words) & wording.WHY_CODES - {"chosen", "full"}
    handler = town.post.person.full_name_en
    line, purpose = town.line.name_en, town.purpose.name_en
    if language == "en":
        assert sentences == [
            "The place lies in a known grid of Meitang.",
            "Cover missing: There is a problem.",
            "By the duty list, Planning office leads for “Facilities” in Huangjiang.",
            "Assisting: Police.",
            f"{handler} is on duty and has the most room: 0 of 10 points taken, this adds 2.",
            f"“{line}” of Planning office pays for {purpose}: ¥600.00 reserved, ¥400.00 left.",
            (
                "To be signed within 1 hour around the clock (by 2026-11-23 10:00), "
                "handled within 2 hours around the clock (by 2026-11-23 11:00)."
            ),
        ]


def test_refusals_name_what_is_missing(town, decide):
    with translation.override("en"):
        refusal = decide(cost=500_000)
        assert wording.sentence(*refusal.reasons[-1]) == (
            f"No line of Planning office may pay ¥5,000.00 for {town.purpose.name_en} and has "
            "enough."
        )
        town.post.delete()
        refusal = decide()
        assert wording.sentence(*refusal.reasons[-1]) == (
            "Planning office has nobody who handles matters."
        )


def test_names_come_in_the_readers_language():
    params = {"bodies": [["公安分局", "Police"], ["司法分局", "Judicial bureau"]]}
    with translation.override("en"):
        assert wording.sentence("overlap", params) == (
            "The duty list names several with equal right: Police, Judicial bureau."
        )
    with translation.override("zh-hans"):
        assert wording.sentence("overlap", params) == (
            "清单中有多个同等主责单位：公安分局、司法分局。"
        )


def test_an_unknown_code_stands_for_itself():
    assert (wording.sentence("of_old", {}), wording.why("of_old")) == ("of_old", "of_old")


@pytest.mark.parametrize(
    ("limit", "english", "chinese"),
    [
        ([1, "work_hour"], "1 working hour", "1工作时"),
        ([3, "work_day"], "3 working days", "3个工作日"),
        ([2, "natural_day"], "2 calendar days", "2个自然日"),
        ([4, "urgent_hour"], "4 hours around the clock", "4紧急工作时"),
    ],
)
def test_limits_are_said_in_their_units(limit, english, chinese):
    params = {
        "sign": limit,
        "sign_due": MONDAY.isoformat(),
        "handle": limit,
        "handle_due": MONDAY.isoformat(),
    }
    with translation.override("en"):
        assert english in wording.sentence("limits", params)
    with translation.override("zh-hans"):
        assert chinese in wording.sentence("limits", params)


def test_the_reasons_survive_being_stored(town, facts):
    import json

    match = Judge.load(at=MONDAY).decide(facts())
    stored = json.loads(json.dumps(match.reasons))
    assert [wording.sentence(*reason) for reason in stored] == [
        wording.sentence(*reason) for reason in match.reasons
    ]
    assert json.loads(json.dumps([match.candidates, match.facts]))
