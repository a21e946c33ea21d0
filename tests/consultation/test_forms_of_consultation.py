"""Every form as the law has it: majorities to the last vote, days."""

import pytest
from django.utils import timezone

from consultation.models import Blueprint, BlueprintRule, Form
from consultation.reference import rule_line
from consultation.services import blueprints
from consultation.tally import Voice, counts
from consultation.thresholds import Count, holds
from organizations.models import User

pytestmark = pytest.mark.django_db
# What domain knowledge asks of each form: (form, stage) → quorum and majority.
RULES = {
    ("council", "session"): ["quorum person all > 1/2", "majority person present > 1/2"],
    ("board", "session"): ["quorum person all >= 2/3", "majority person all > 1/2"],
    ("estate", "session"): ["quorum person all > 1/2", "majority person present > 1/2"],
    ("owners", "vote"): [
        "quorum area all >= 2/3", "quorum person all >= 2/3",
        "majority area cast > 1/2", "majority person cast > 1/2",
    ],
    ("owners-special", "vote"): [
        "quorum area all >= 2/3", "quorum person all >= 2/3",
        "majority area cast >= 3/4", "majority person cast >= 3/4",
    ],
    ("hearing", "session"): ["quorum person all >= 2/3"],
    ("appraisal", "vote"): ["quorum person all >= 2/3", "majority person present > 1/2"],
    ("four-two", "committees"): ["quorum person all > 1/2", "majority person present > 1/2"],
    ("four-two", "members"): ["quorum person all >= 2/3", "majority person all > 1/2"],
    ("four-two", "assembly"): ["quorum person all >= 2/3", "majority person present > 1/2"],
    ("members", "assembly"): ["quorum person all >= 2/3", "majority person all >= 2/3"],
    ("members-representatives", "assembly"): [
        "quorum person all >= 2/3", "majority person all >= 2/3",
    ],
    ("villagers", "assembly"): [
        "quorum person all > 1/2 | attendance", "quorum household all >= 2/3 | attendance",
        "majority person present > 1/2",
    ],
    ("villagers-representatives", "assembly"): [
        "quorum person all >= 2/3", "majority person present > 1/2",
    ],
    ("residents", "assembly"): [
        "quorum person all > 1/2 | attendance", "quorum household all > 1/2 | attendance",
        "majority person present > 1/2",
    ],
    ("residents-representatives", "assembly"): [
        "quorum person all > 1/2", "majority person present > 1/2",
    ],
}  # fmt: skip
# Days that the notice stands before the deliberation, and the result before it is carried out.
STANDS = {
    "council": (5, 7), "board": (3, 7), "estate": (3, 7), "owners": (15, 7),
    "owners-special": (15, 7), "hearing": (7, 7), "appraisal": (7, 7), "four-two": (0, 7),
    "members": (10, 7), "members-representatives": (10, 7), "villagers": (10, 7),
    "villagers-representatives": (5, 7), "residents": (5, 7), "residents-representatives": (5, 7),
    "legislation": (0, 0), "projects": (3, 7),
}  # fmt: skip


@pytest.fixture
def forms(db):
    blueprints.load_reference(by=User.objects.system(), at=timezone.now())
    return {row.code: row for row in Blueprint.objects.with_stages()}


def rules_of(form, key, purpose):
    stage = form.stages.get(key=key)
    return [rule for rule in stage.rules.all() if rule.purpose == purpose]


def test_every_form_that_rules_know_is_there(forms):
    assert {form.form for form in forms.values()} == set(Form.values)


def test_quorums_and_majorities_are_those_of_the_law(forms):
    found = {}
    for rule in BlueprintRule.objects.select_related("stage__blueprint").order_by("pk"):
        key = (rule.stage.blueprint.code, rule.stage.key)
        found.setdefault(key, []).append(rule_line(vars(rule)))
    assert found == RULES


def test_papers_stand_as_long_as_they_must(forms):
    def stands(form, kind):
        rows = [paper for stage in form.stages.all() for paper in stage.publications.all()]
        return max((paper.stands for paper in rows if paper.kind == kind), default=0)

    assert {
        code: (stands(form, "notice"), stands(form, "result")) for code, form in forms.items()
    } == STANDS
    assert {code: form.whole_days for code, form in forms.items() if form.whole_days} == {
        "four-two": 20
    }


# (form, stage, purpose, entitled, present, cast, in favour, enough) of persons.
EDGES = [
    ("council", "session", "quorum", 20, 10, 0, 0, False),  # exactly half
    ("council", "session", "quorum", 20, 11, 0, 0, True),
    ("council", "session", "majority", 20, 12, 12, 6, False),
    ("council", "session", "majority", 20, 12, 12, 7, True),
    ("council", "session", "majority", 20, 12, 6, 6, False),  # of those present, not of votes
    ("board", "session", "quorum", 9, 6, 0, 0, True),  # exactly two thirds
    ("board", "session", "quorum", 9, 5, 0, 0, False),  # one less
    ("board", "session", "majority", 9, 6, 6, 5, True),
    ("board", "session", "majority", 8, 6, 6, 4, False),  # half of all directors
    ("estate", "session", "quorum", 7, 3, 0, 0, False),
    ("estate", "session", "quorum", 7, 4, 0, 0, True),
    ("hearing", "session", "quorum", 15, 10, 0, 0, True),
    ("hearing", "session", "quorum", 15, 9, 0, 0, False),
    ("appraisal", "vote", "quorum", 30, 20, 20, 0, True),
    ("appraisal", "vote", "quorum", 30, 19, 19, 0, False),
    ("appraisal", "vote", "majority", 30, 20, 20, 10, False),
    ("four-two", "committees", "quorum", 10, 5, 0, 0, False),
    ("four-two", "committees", "quorum", 10, 6, 0, 0, True),
    ("four-two", "members", "quorum", 60, 40, 0, 0, True),
    ("four-two", "members", "quorum", 60, 39, 0, 0, False),
    ("four-two", "members", "majority", 60, 40, 40, 30, False),  # half of those due to attend
    ("four-two", "members", "majority", 60, 40, 40, 31, True),
    ("four-two", "assembly", "quorum", 33, 22, 0, 0, True),
    ("four-two", "assembly", "quorum", 33, 21, 0, 0, False),
    ("four-two", "assembly", "majority", 33, 22, 22, 11, False),
    ("four-two", "assembly", "majority", 33, 22, 22, 12, True),
    ("members", "assembly", "majority", 300, 250, 250, 200, True),  # two thirds of all members
    ("members", "assembly", "majority", 300, 250, 250, 199, False),
    ("members-representatives", "assembly", "quorum", 30, 20, 0, 0, True),
    ("members-representatives", "assembly", "majority", 30, 20, 20, 19, False),
    ("villagers-representatives", "assembly", "quorum", 40, 26, 0, 0, False),
    ("villagers-representatives", "assembly", "quorum", 40, 27, 0, 0, True),
    ("residents-representatives", "assembly", "quorum", 40, 20, 0, 0, False),
    ("residents-representatives", "assembly", "quorum", 40, 21, 0, 0, True),
]


@pytest.mark.parametrize(
    ("code", "key", "purpose", "entitled", "present", "cast", "in_favour", "enough"), EDGES
)
def test_to_the_last_person(forms, code, key, purpose, entitled, present, cast, in_favour, enough):
    counted = {"person": Count(entitled, present, cast, in_favour)}
    assert holds(rules_of(forms[code], key, purpose), counted).holds is enough


@pytest.mark.parametrize("code", ["villagers", "residents"])
def test_adults_or_households_make_an_assembly(forms, code):
    rules = rules_of(forms[code], "assembly", "quorum")
    least = {"villagers": 20, "residents": 16}[code]  # of 30 households
    for adults, homes, enough in (
        (50, least - 1, False), (51, 0, True), (0, least, True), (50, least, True),
    ):  # fmt: skip
        counted = {"person": Count(100, adults), "household": Count(30, homes)}
        assert holds(rules, counted).holds is enough, (adults, homes)


def test_an_owner_of_much_does_not_outvote_the_heads_nor_heads_the_area(forms):
    """Three flats of 100 m² and a shop of 500 m²: area and heads in conflict."""
    flats = [Voice(f"d{number}", 100_00, voted=True, in_favour=True) for number in range(3)]
    shop = Voice("shop", 500_00, voted=True, in_favour=False)
    rules = rules_of(forms["owners"], "vote", "majority")
    assert not holds(rules, counts([*flats, shop])).holds  # 3 of 4 heads, 300 of 800 m²
    against = [Voice(f"d{number}", 100_00, voted=True, in_favour=False) for number in range(3)]
    for_it = Voice("shop", 500_00, voted=True, in_favour=True)
    assert not holds(rules, counts([*against, for_it])).holds  # 500 of 800 m², 1 of 4 heads
    agreed = [*flats[:2], for_it, Voice("d2", 100_00, voted=True, in_favour=False)]
    assert holds(rules, counts(agreed)).holds


def test_three_quarters_of_both_for_what_changes_the_common_parts(forms):
    def voted(in_favour, all_of_them):
        return counts(
            [
                Voice(f"d{number}", 80_00, voted=True, in_favour=number < in_favour)
                for number in range(all_of_them)
            ]
        )

    rules = rules_of(forms["owners-special"], "vote", "majority")
    assert holds(rules, voted(75, 100)).holds
    assert not holds(rules, voted(74, 100)).holds
    assert holds(rules_of(forms["owners"], "vote", "majority"), voted(51, 100)).holds
    assert not holds(rules_of(forms["owners"], "vote", "majority"), voted(50, 100)).holds


def test_two_voters_of_one_household_have_one_area_and_one_household(forms):
    """A couple owns 90 m²; the area counts once, and the household is for it only together."""
    couple = [Voice("home", 90_00, voted=True, in_favour=True) for _one in range(2)]
    other = Voice("next", 90_00)
    counted = counts([*couple, other])
    assert (counted["area"].entitled, counted["area"].present) == (180, 90)
    assert (counted["household"].entitled, counted["household"].present) == (2, 1)
    quorum = rules_of(forms["owners"], "vote", "quorum")
    assert not holds(quorum, counted).holds  # two thirds of the heads, half of the area
    divided = counts([couple[0], Voice("home", 90_00, voted=True, in_favour=False)])
    assert divided["household"].in_favour == 0
