"""A concluded matter comes again with new facts only: asked for, decided on, a topic to screen."""

import pytest

from consultation.models import Consultation, ListedMatter, Reopening, Topic
from consultation.services import reopening, screening, stages
from consultation.workflow import TopicState
from grids.models import Level, Territory
from lib.errors import NotYours, RuleViolation, WrongState
from lib.roles import Role
from organizations.models import Message
from tests.factories import commitments as made
from tests.factories import consultation as makers
from tests.factories.grids import BodyTerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory, UserFactory
from tests.factories.projects import AT, make_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return make_town()


def refused(act, error=RuleViolation, code=None):
    """The act is refused, and no wish and no topic has changed."""
    before = [list(table.objects.order_by("pk").values()) for table in (Reopening, Topic)]
    with pytest.raises(error) as refusal:
        act()
    assert [list(t.objects.order_by("pk").values()) for t in (Reopening, Topic)] == before
    if code:
        assert refusal.value.code == code


def concluded(town):
    found = made.adopted(town)
    found.stages.standing().update(state="done", opened_at=AT, done_at=AT)
    type(found).objects.filter(pk=found.pk).update(state="done", stage=None, ended_at=AT)
    return makers.fresh(found)


FACTS = "电梯井下方发现一条旧燃气管道，图纸上没有标注。"


def test_a_concluded_matter_is_reopened_with_new_facts_only(town):
    found = concluded(town)
    ask = {"by": town.resident, "at": AT}
    refused(lambda: reopening.ask_to_reopen(found, facts="不服", **ask), code="facts_missing")
    wish = reopening.ask_to_reopen(found, facts=FACTS, **ask)
    refused(lambda: reopening.ask_to_reopen(found, facts=f"{FACTS}请核实", **ask), code="asked")
    say = {"granted": False, "by": town.host, "at": AT}
    refused(lambda: reopening.decide_reopening(wish, reason=" ", **say), code="reason_missing")
    refused(
        lambda: reopening.decide_reopening(wish, granted=True, reason="x", by=town.head, at=AT),
        NotYours,
    )
    wish = reopening.decide_reopening(wish, reason="施工图已含该管道", **say)
    assert wish.state == Reopening.State.REFUSED
    assert Message.objects.filter(to=town.resident, kind="reopening-decided").exists()
    refused(lambda: reopening.decide_reopening(wish, reason="x", **say), WrongState)
    refused(lambda: reopening.ask_to_reopen(found, facts=FACTS, **ask), code="not_new")


def test_what_still_runs_is_not_reopened(town):
    found = made.adopted(town)
    refused(
        lambda: reopening.ask_to_reopen(found, facts=FACTS, by=town.resident, at=AT), WrongState
    )


@pytest.fixture
def city(town):
    """A body of the whole city with a host and a party secretary."""
    place = Territory.objects.at_level(Level.CITY).get()
    body = BodyFactory()
    BodyTerritoryFactory(body=body, territory=place)
    people = {
        "host": PostFactory(body=body, role=Role.CONSULTATION_HOST).person,
        "secretary": PostFactory(body=body, role=Role.PARTY_SECRETARY).person,
    }
    return body, people


def test_a_matter_of_no_town_becomes_a_topic_of_the_whole_city(client, city, town):
    body, people = city
    found = stages.draft(
        makers.make_blueprint(code="legislation"), title="养犬管理条例", text="征求意见。",
        body=body, by=people["host"], at=AT,
    )  # fmt: skip
    Consultation.objects.filter(pk=found.pk).update(state="done", started_at=AT, ended_at=AT)
    resident = UserFactory()
    wish = reopening.ask_to_reopen(makers.fresh(found), facts=FACTS, by=resident, at=AT)
    wish = reopening.decide_reopening(
        wish, granted=True, reason="确有新情况", by=people["host"], at=AT
    )
    topic = Topic.objects.get(wish=wish)
    assert (topic.town, topic.community, topic.state) == (None, None, TopicState.PROPOSED)
    told = Message.objects.filter(kind="topic-new").values_list("to", flat=True)
    assert set(told) == {people["host"].pk}  # who screens for the city, and no host of a town
    on = AT.date()
    assert topic in Topic.objects.visible_to(people["host"], on=on)
    assert topic not in Topic.objects.visible_to(town.host, on=on)
    client.force_login(people["host"])
    page = client.get("/consultation/topics/").content.decode()
    assert topic.number in page
    assert "全市" in page
    matter = ListedMatter.objects.create(
        code="rules", kind="positive", name="法规", valid_from=makers.LONG_AGO
    )
    say = {"reason": "属于法规", "public_title": "养犬", "public_text": "养犬", "matter": matter}
    with pytest.raises(NotYours):
        screening.screen(topic, **say, by=town.host, at=AT)
    assert screening.screen(topic, **say, by=people["host"], at=AT).state == TopicState.SCREENED
