"""Changes of the duty list: drafted, reviewed by another, in force from a day on."""

import datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from lib.chain import first_break
from lib.errors import NotYours, RuleViolation, WrongState
from lib.roles import Role
from lib.workflow import arrows
from lib.worktime import CITY_ZONE
from organizations.models import Message
from routing import services
from routing.models import DutyChange, DutyChangeEvent, DutyEntry, DutyRun
from routing.services import Step
from routing.services.drawing import draw_states
from routing.workflow import CHANGE_MOVES
from tests.factories.duties import DutyChangeFactory, DutyChangeItemFactory, make_committee
from tests.factories.grids import TerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory, UserFactory
from tests.factories.routing import CategoryFactory, DutyEntryFactory

AT = datetime.datetime(2026, 11, 23, 12, tzinfo=CITY_ZONE)
TODAY = AT.date()
LATER = TODAY + datetime.timedelta(days=5)
pytestmark = pytest.mark.django_db

WRITTEN = """
adopt review adopted reviewer
edit draft draft maker
refuse review refused reviewer
send_back review draft reviewer
submit draft review maker
withdraw draft withdrawn maker
withdraw review withdrawn maker
"""


@pytest.fixture
def town():
    return TerritoryFactory(town=True, parent=TerritoryFactory(city=True))


@pytest.fixture
def step(town):
    return Step(CategoryFactory(), town, BodyFactory(), "三定规定", assistants=[BodyFactory()])


@pytest.fixture
def draft(people, step):
    change = services.draft_change(title="调整", force_on=LATER, by=people[0], at=AT)
    services.add_step(change, step, by=people[0], at=AT)
    return DutyChange.objects.get()


@pytest.fixture
def submitted(draft, people):
    return services.submit_change(draft, by=people[0], at=AT)


def test_the_moves_are_these():
    written = {tuple(line.split()) for line in WRITTEN.strip().splitlines()}
    assert arrows(CHANGE_MOVES) == written


def test_a_change_is_in_force_from_its_day_as_an_edition(submitted, people, step):
    old = DutyEntryFactory(category=step.category, territory=step.territory)
    item = submitted.items.get()
    item.ends.add(old)
    done = services.adopt_change(submitted, by=people[1], at=AT)
    assert (done.state, done.edition, done.reviewed_by) == ("adopted", 1, people[1])
    entry = DutyEntry.objects.exclude(pk=old.pk).get()
    assert (entry.lead, entry.valid_from, entry.legal_basis) == (step.lead, LATER, "三定规定")
    assert list(entry.assistants.all()) == step.assistants
    assert (entry.came_of.change, done.is_in_force(TODAY)) == (done, False)
    old.refresh_from_db()
    assert old.valid_to == LATER
    assert list(DutyEntry.objects.valid_on(TODAY)) == [old]
    assert list(DutyEntry.objects.valid_on(LATER)) == [entry]
    assert DutyRun.objects.filter(state="waiting").count() == 1


def test_each_edition_has_the_next_number_and_the_history_holds(submitted, people, step):
    first = services.adopt_change(submitted, by=people[1], at=AT)
    change = services.draft_change(title="再调整", force_on=LATER, by=people[1], at=AT)
    services.add_step(change, step, by=people[1], at=AT)
    services.submit_change(change, by=people[1], at=AT)
    second = services.adopt_change(change, by=people[0], at=AT)
    assert (first.edition, second.edition) == (1, 2)
    events = DutyChangeEvent.objects.filter(subject=second).order_by("number")
    assert first_break(events) is None
    assert [event.move for event in events] == ["draft", "edit", "submit", "adopt"]


def test_nobody_reviews_what_they_drafted(submitted, people):
    for act in (services.adopt_change, services.refuse_change, services.return_change):
        more = {} if act is services.adopt_change else {"reason": "不合适"}
        with pytest.raises(NotYours):
            act(submitted, by=people[0], at=AT, **more)
    assert DutyEntry.objects.count() == 0


def test_the_committee_of_another_town_does_not_review(submitted):
    stranger = make_committee(TerritoryFactory(town=True))[0]
    with pytest.raises(NotYours):
        services.adopt_change(submitted, by=stranger, at=AT)


def test_a_change_that_reaches_beyond_the_town_is_not_the_towns_to_adopt(draft, people, step):
    city = Step(step.category, step.territory.parent, step.lead, "三定规定")
    services.add_step(draft, city, by=people[0], at=AT)
    services.submit_change(draft, by=people[0], at=AT)
    with pytest.raises(NotYours):
        services.adopt_change(draft, by=people[1], at=AT)


def test_only_who_rules_drafts(step):
    handler = PostFactory(role=Role.HANDLER).person
    with pytest.raises(NotYours):
        services.draft_change(title="调整", force_on=LATER, by=handler, at=AT)
    assert DutyChange.objects.count() == 0


def test_an_empty_draft_is_not_submitted_and_yesterday_is_no_day(people):
    change = services.draft_change(title="调整", force_on=LATER, by=people[0], at=AT)
    with pytest.raises(RuleViolation) as refusal:
        services.submit_change(change, by=people[0], at=AT)
    assert refusal.value.code == "empty"
    yesterday = TODAY - datetime.timedelta(days=1)
    with pytest.raises(RuleViolation) as refusal:
        services.draft_change(title="调整", force_on=yesterday, by=people[0], at=AT)
    assert refusal.value.code == "in_the_past"


def test_a_change_whose_day_has_passed_in_review_is_not_adopted(submitted, people):
    late = AT + datetime.timedelta(days=6)
    with pytest.raises(RuleViolation) as refusal:
        services.adopt_change(submitted, by=people[1], at=late)
    assert refusal.value.code == "in_the_past"
    assert DutyEntry.objects.count() == 0


def test_an_entry_ends_by_one_change_only(submitted, people, step):
    old = DutyEntryFactory(category=step.category, territory=step.territory, valid_to=LATER)
    submitted.items.get().ends.add(old)
    with pytest.raises(RuleViolation) as refusal:
        services.adopt_change(submitted, by=people[1], at=AT)
    assert refusal.value.code == "ended"
    submitted.refresh_from_db()
    assert (submitted.state, DutyEntry.objects.count()) == ("review", 1)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"lead": None}, "empty_step"),
        ({"legal_basis": " "}, "no_legal_basis"),
        ({"assistants": "lead"}, "assists_itself"),
    ],
)
def test_a_step_must_say_something_lawful(draft, people, step, wrong, code):
    values = {"category": step.category, "territory": step.territory, "lead": step.lead,
              "legal_basis": "三定规定", **wrong}  # fmt: skip
    if wrong.get("assistants"):
        values["assistants"] = [step.lead]
    with pytest.raises(RuleViolation) as refusal:
        services.add_step(draft, Step(**values), by=people[0], at=AT)
    assert (refusal.value.code, draft.items.count()) == (code, 1)


def test_a_returned_change_is_edited_and_comes_again(submitted, people):
    services.return_change(submitted, reason="依据不足", by=people[1], at=AT)
    draft = DutyChange.objects.get()
    assert (draft.state, draft.reason) == ("draft", "依据不足")
    services.drop_step(draft.items.get(), by=people[0], at=AT)
    words = {"title": "新题", "grounds": "新据", "force_on": LATER}
    services.edit_change(draft, by=people[0], at=AT, **words)
    draft.refresh_from_db()
    assert (draft.title, draft.items.count()) == ("新题", 0)
    services.withdraw_change(draft, by=people[0], at=AT)
    with pytest.raises(WrongState):
        services.edit_change(draft, by=people[0], at=AT, **words)


def test_a_refused_change_is_refused_for_good(submitted, people):
    done = services.refuse_change(submitted, reason="不合适", by=people[1], at=AT)
    assert (done.state, done.reason, done.reviewed_by) == ("refused", "不合适", people[1])
    with pytest.raises(WrongState):
        services.adopt_change(submitted, by=people[1], at=AT)


def test_reviewers_and_maker_are_told(draft, people, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        services.submit_change(draft, by=people[0], at=AT)
    with django_capture_on_commit_callbacks(execute=True):
        services.adopt_change(draft, by=people[1], at=AT)
    told = list(Message.objects.order_by("pk").values_list("kind", "to"))
    assert told == [
        ("duty-change-review", people[1].pk), ("duty-change-adopted", people[0].pk)
    ]  # fmt: skip


def test_precedents_become_entries_of_the_list(people, town):
    helper = BodyFactory()
    precedent = DutyEntryFactory(
        territory=town, precedent=True, legal_basis="裁决", assistants=[helper]
    )
    change = services.draft_from_precedents(
        [precedent], title="裁决入清单", force_on=TODAY, by=people[0], at=AT
    )
    services.submit_change(change, by=people[0], at=AT)
    services.adopt_change(change, by=people[1], at=AT)
    entry = DutyEntry.objects.valid_on(TODAY).get()
    assert (entry.origin, entry.lead, entry.legal_basis) == ("list", precedent.lead, "裁决")
    assert list(entry.assistants.all()) == [helper]


def test_the_database_wants_two_people_an_edition_and_a_basis():
    change = DutyChangeFactory()
    for wrong in (
        {"state": "adopted", "edition": 1},
        {"state": "adopted", "edition": 1, "reviewed_by": change.made_by, "reviewed_at": AT},
        {"state": "adopted", "reviewed_by": UserFactory(), "reviewed_at": AT},
        {"edition": 1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            DutyChange.objects.filter(pk=change.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyChangeItemFactory(change=change, legal_basis="")


def test_the_history_is_never_rewritten(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyChangeEvent.objects.filter(subject=draft).update(move="x")


def test_the_page_is_what_the_tables_say(settings, tmp_path):
    page = Path(settings.BASE_DIR) / "docs" / "admission-states.md"
    assert page.read_text(encoding="utf-8") == draw_states(), "run manage.py admission_states"
    (tmp_path / "docs").mkdir()
    settings.BASE_DIR = tmp_path
    call_command("admission_states")
    assert (tmp_path / "docs" / "admission-states.md").read_text(encoding="utf-8") == draw_states()
