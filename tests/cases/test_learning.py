"""The router takes a category where words leave no doubt; what people choose teaches it."""

import pytest
from django.core.management import CommandError, call_command

from cases import services
from cases.models import Case, CaseEvent, RoutingTrace, SortedCase
from cases.services.learning import (
    decided_by_people,
    learn_from_cases,
    learn_if_worth_it,
    overruled,
)
from cases.tasks import learn_categories
from lib.errors import RuleViolation
from routing import services as routing
from routing.models import ClassifierVersion
from tests.factories.cases import MONDAY, filed, fresh, later, log, submitted
from tests.factories.routing import CategoryFactory, StandardFactory
from tests.routing.corpus import samples

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def lamp(town):
    category = CategoryFactory(code="lamp", name="路灯不亮", parent=town.large)
    StandardFactory(category=category)
    return category


@pytest.fixture
def version(town, lamp):
    rows = samples(120, kinds=("cover", "lamp"))
    made = routing.train_classifier(rows, origin="file", by=town.system, at=MONDAY)
    assert made.is_active
    return made


CLEAR = {"category": None, "title": "路灯不亮", "text": "梅塘路9号门口的路灯不亮，请尽快处理。"}


def routed(town, **said):
    case = log(town, **{**CLEAR, **said})
    services.route_waiting(at=MONDAY)
    return fresh(case)


def test_a_clear_matter_without_category_is_routed_by_its_words(town, lamp, version):
    case = routed(town)
    assert (case.state, case.category, case.lead_body) == ("dispatched", lamp, town.office)
    row = SortedCase.objects.get()
    assert (row.case, row.category, row.version, row.at) == (case, lamp, version, MONDAY)
    assert row.confidence >= version.threshold
    trace = RoutingTrace.objects.get(case=case)
    assert trace.reasons[0] == ["sorted_by_words", {"confidence": f"{row.confidence:.0%}"}]
    assert overruled(version) == (1, 0)


def test_an_unclear_one_waits_for_a_person(town, lamp, version):
    case = routed(town, title="来电", text="请派人来一趟。")
    assert (case.category, case.refusal, case.desk) == (None, "no_category", "dispatch")
    assert not SortedCase.objects.exists()


def test_without_a_model_the_words_decide_nothing(town, lamp):
    assert routed(town).refusal == "no_category"


def test_an_emergency_told_by_words_goes_to_the_duty_officer(town, lamp, version):
    type(lamp).objects.filter(pk=lamp.pk).update(is_emergency=True)
    case = routed(town)
    assert (case.category, case.refusal, case.desk) == (lamp, "emergency", "duty")


def test_what_a_person_chose_or_corrected_is_learned_and_nothing_else(town, lamp, version):
    chosen = filed(town)
    by_words, corrected = (
        routed(town),
        routed(town, text="梅塘路3号门口的路灯不亮。", lon=None, lat=None),
    )
    services.correct(corrected, category=town.small, by=town.dispatcher, at=later(minutes=5))
    submitted(town)  # nobody has looked at it
    assert set(decided_by_people()) == {chosen, corrected}
    assert by_words.category == lamp
    assert overruled(version) == (2, 1)


def decisions(town, lamp):
    """Cases that people filed under two categories, 120 of each."""
    kinds = {"cover": town.small, "lamp": lamp}
    for number, one in enumerate(samples(120, kinds=("cover", "lamp"))):
        Case.objects.create(
            number=f"D{number}", query_code="A" * 8, state="filed", desk="dispatch",
            channel="window", title="", text=one.text, category=kinds[one.label],
            logged_by=town.worker, created_at=MONDAY,
        )  # fmt: skip


def test_decisions_teach_a_version(town, lamp, capsys):
    decisions(town, lamp)
    call_command("train_classifier", "--from-cases")
    version = ClassifierVersion.objects.get()
    assert (version.origin, version.rows, version.is_active) == ("cases", 240, True)
    assert version.labels == ["cover", "lamp"]
    assert "240" in capsys.readouterr().out
    assert routed(town).category == lamp


def test_it_learns_by_night_only_when_enough_is_new(town, lamp):
    assert learn_categories() == 0
    decisions(town, lamp)
    assert learn_categories() == 240
    assert learn_categories() == 0
    assert ClassifierVersion.objects.count() == 1
    assert learn_if_worth_it(by=town.system, at=later(days=1)) is None


def test_too_few_decisions_are_refused_and_said(town, lamp):
    filed(town)
    with pytest.raises(RuleViolation):
        learn_from_cases(by=town.system, at=MONDAY)
    with pytest.raises(CommandError):
        call_command("train_classifier", "--from-cases")
    assert not ClassifierVersion.objects.exists()


def test_a_batch_costs_the_same_queries_however_many_lack_a_category(
    town, lamp, version, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    costs = []
    for number in (1, 3):
        for _ in range(number):
            log(town, **CLEAR)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert services.route_waiting(at=MONDAY) == number
        costs.append(len(queries))
    assert costs[0] >= costs[1] - 1
    assert CaseEvent.objects.filter(move="dispatch").count() == 4
