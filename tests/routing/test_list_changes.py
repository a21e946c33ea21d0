"""Changes of the three lists of communities: by a draft that a second person reviews."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from lib.errors import NotYours, RuleViolation, WrongState
from lib.roles import Role
from routing import services
from routing.models import CommunityDuty, DutyChange, ListChangeItem
from routing.services import ListStep
from tests.factories.duties import make_committee
from tests.factories.grids import BodyTerritoryFactory, TerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory
from tests.factories.routing import CategoryFactory, CommunityDutyFactory
from tests.routing.test_duty_changes import AT, LATER, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return TerritoryFactory(town=True, parent=TerritoryFactory(city=True))


@pytest.fixture
def community(town):
    body = BodyFactory(community=True)
    place = TerritoryFactory(community=True, parent=town)
    BodyTerritoryFactory(body=body, territory=place)
    return body


@pytest.fixture
def old(community):
    return CommunityDutyFactory(body=community, list="assist")


@pytest.fixture
def draft(people, old):
    change = services.draft_change(title="调整清单", force_on=LATER, by=people[0], at=AT)
    step = ListStep(old.body, old.category, "negative", "社区减负清单", ends=old)
    services.add_list_step(change, step, by=people[0], at=AT)
    return DutyChange.objects.get()


def submitted(draft, people):
    return services.submit_change(draft, by=people[0], at=AT)


def test_an_entry_takes_the_place_of_another_from_its_day_on(draft, people, old):
    done = services.adopt_change(submitted(draft, people), by=people[1], at=AT)
    entry = CommunityDuty.objects.exclude(pk=old.pk).get()
    assert (entry.list, entry.body, entry.valid_from) == ("negative", old.body, LATER)
    assert (entry.came_of.change, done.reviewed_by) == (done, people[1])
    old.refresh_from_db()
    assert old.valid_to == LATER
    assert list(CommunityDuty.objects.valid_on(TODAY)) == [old]


def test_an_entry_may_only_end(people, old):
    change = services.draft_change(title="调整清单", force_on=LATER, by=people[0], at=AT)
    step = ListStep(old.body, old.category, ends=old)
    services.add_list_step(change, step, by=people[0], at=AT)
    services.adopt_change(submitted(change, people), by=people[1], at=AT)
    old.refresh_from_db()
    assert (old.valid_to, CommunityDuty.objects.count()) == (LATER, 1)


def test_nobody_reviews_what_they_drafted(draft, people, old):
    waiting = submitted(draft, people)
    with pytest.raises(NotYours):
        services.adopt_change(waiting, by=people[0], at=AT)
    stranger = make_committee(TerritoryFactory(town=True))[0]
    with pytest.raises(NotYours):
        services.adopt_change(waiting, by=stranger, at=AT)
    assert list(CommunityDuty.objects.all()) == [old]


def test_a_list_of_every_community_is_not_a_towns_to_adopt(town, people):
    change = services.draft_change(title="全市清单", force_on=LATER, by=people[0], at=AT)
    step = ListStep(None, CategoryFactory(), "negative", "减负规定")
    services.add_list_step(change, step, by=people[0], at=AT)
    with pytest.raises(NotYours):
        services.adopt_change(submitted(change, people), by=people[1], at=AT)
    city = PostFactory(role=Role.COMMITTEE_MEMBER)
    BodyTerritoryFactory(body=city.body, territory=town.parent)
    done = services.adopt_change(change, by=city.person, at=AT)
    assert (done.state, CommunityDuty.objects.get().body) == ("adopted", None)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"list": ""}, "empty_step"),
        ({"legal_basis": " "}, "no_legal_basis"),
        ({"body": "office"}, "no_community"),
    ],
)
def test_a_step_says_what_it_does_and_why(people, community, said, code):
    change = services.draft_change(title="调整清单", force_on=LATER, by=people[0], at=AT)
    given = {"body": community, "list": "assist", "legal_basis": "x", **said}
    if given["body"] == "office":
        given["body"] = BodyFactory()
    with pytest.raises(RuleViolation) as refusal:
        services.add_list_step(
            change, ListStep(category=CategoryFactory(), **given), by=people[0], at=AT
        )
    assert refusal.value.code == code


def test_a_step_is_taken_out_of_a_draft_only(draft, people):
    item = draft.list_items.get()
    waiting = submitted(draft, people)
    with pytest.raises(WrongState):
        services.drop_step(item, by=people[0], at=AT)
    services.return_change(waiting, reason="再想想", by=people[1], at=AT)
    services.drop_step(item, by=people[0], at=AT)
    assert not ListChangeItem.objects.exists()
    with pytest.raises(RuleViolation):
        submitted(draft, people)


def test_an_entry_that_has_ended_meanwhile_stops_the_change(draft, people, old):
    CommunityDuty.objects.filter(pk=old.pk).update(valid_to=LATER - datetime.timedelta(days=2))
    with pytest.raises(RuleViolation) as refusal:
        services.adopt_change(submitted(draft, people), by=people[1], at=AT)
    assert refusal.value.code == "ended"
    assert CommunityDuty.objects.count() == 1


def test_the_database_wants_a_list_or_an_end_and_a_basis(draft, old):
    for values in ({"list": "", "ends": None}, {"list": "assist", "legal_basis": ""}):
        row = {"change": draft, "category": old.category, "legal_basis": "x", **values}
        with pytest.raises(IntegrityError), transaction.atomic():
            ListChangeItem.objects.create(**row)


def test_in_the_browser(client, people, old):
    client.force_login(people[0])
    day = timezone.localdate() + datetime.timedelta(days=9)
    client.post(reverse("routing:change_new"), {"title": "调整清单", "force_on": day})
    change = DutyChange.objects.get()
    url = reverse("routing:list_step", args=[change.pk])
    assert old.category.name in client.get(url, {"q": old.category.name}).content.decode()
    typed = {
        "body": old.body.code, "category": old.category.code, "list": "negative",
        "legal_basis": "减负清单",
    }  # fmt: skip
    assert client.post(f"{url}?entry={old.pk}", typed).status_code == 302
    page = client.get(reverse("routing:change", args=[change.pk])).content.decode()
    assert "减负清单" in page
    assert client.post(url, {**typed, "list": ""}).status_code == 422
    item = change.list_items.get()
    assert item.ends == old
    assert client.post(reverse("routing:list_drop", args=[item.pk])).status_code == 302
    assert not change.list_items.exists()
    client.force_login(PostFactory(role=Role.HANDLER).person)
    assert client.get(url).status_code == 403
