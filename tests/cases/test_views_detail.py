"""The page of one case, and every move on it by whoever may make it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import services
from cases.forms.actions import ACTIONS
from cases.services.actors import UNOFFERED
from cases.workflow import MOVES, Desk, State
from routing.models import DutyEntry
from tests.factories.cases import (
    checking,
    closed,
    dispatched,
    filed,
    fresh,
    handling,
    later,
    photo,
    reported,
    returned,
    rework,
    submitted,
)
from tests.factories.routing import DutyEntryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(client):
    def sign(person):
        client.force_login(person)
        return client

    return sign


def page(case):
    return reverse("cases:detail", args=[case.number])


def make(client, case, name, **said):
    return client.post(reverse("cases:move", args=[case.number, name]), said)


def test_every_move_but_the_routers_own_has_a_form():
    assert set(ACTIONS) == set(MOVES) - UNOFFERED


STATES = [submitted, filed, dispatched, handling, reported, checking, closed, rework, returned]
PEOPLE = [
    "handler",
    "head",
    "acceptor",
    "dispatcher",
    "duty_officer",
    "verifier",
    "committee",
    "worker",
]


@pytest.mark.parametrize("bring", STATES, ids=lambda bring: bring.__name__)
def test_the_page_offers_everybody_exactly_their_moves(town, sign_in, bring):
    case = bring(town)
    for name in PEOPLE:
        person = getattr(town, name)
        visible = (
            type(case)
            .objects.visible_to(person, on=timezone.localdate())
            .filter(pk=case.pk)
            .exists()
        )
        answer = sign_in(person).get(page(case))
        assert answer.status_code == (200 if visible else 404)
        if visible:
            shown = {action.name for action in answer.context["actions"]}
            assert shown == set(services.moves_for(person, case, at=timezone.now()))


@pytest.mark.parametrize("bring", STATES, ids=lambda bring: bring.__name__)
def test_each_form_that_is_offered_opens(town, sign_in, bring):
    case = bring(town)
    for name in PEOPLE:
        client = sign_in(getattr(town, name))
        answer = client.get(page(case))
        for action in answer.context["actions"] if answer.status_code == 200 else []:
            asked = reverse("cases:move", args=[case.number, action.name])
            assert client.get(asked).status_code == 200
            assert client.get(asked, headers={"HX-Request": "true"}).status_code == 200


def test_a_stranger_finds_nothing(town, sign_in):
    case = handling(town)
    client = sign_in(town.stranger)
    assert client.get(page(case)).status_code == 404
    assert make(client, case, "report", result="x").status_code == 404
    assert client.post(reverse("cases:reporter", args=[case.number])).status_code == 404
    assert fresh(case).state == State.HANDLING


def test_nobody_signed_in_is_asked_to_sign_in(town, client):
    case = handling(town)
    answer = client.get(page(case))
    assert answer.status_code == 302
    assert answer.url == f"{reverse('organizations:sign_in')}?next={page(case)}"


def test_the_handler_signs_and_reports_with_photo_and_cost_in_yuan(town, sign_in):
    case = dispatched(town)
    client = sign_in(town.handler)
    assert make(client, case, "sign").url == page(case)
    assert fresh(case).state == State.HANDLING
    said = {"result": "已换新井盖", "actual": "512.50", "photos": photo()}
    assert make(client, case, "report", **said).url == page(case)
    task = case.tasks.get()
    assert (fresh(case).state, task.actual, task.result) == (State.REPORTED, 51_250, "已换新井盖")
    assert [photo.kind for photo in case.photos.all()] == ["after"]


def test_the_head_confirms_and_the_verifier_closes(town, sign_in):
    case = reported(town)
    make(sign_in(town.head), case, "confirm")
    assert fresh(case).state == State.CHECKING
    make(sign_in(town.verifier), case, "pass", condition_met="on", note="盖好了")
    assert fresh(case).state == State.CLOSED


def test_a_reason_that_is_missing_is_asked_for_and_nothing_changes(town, sign_in):
    case = handling(town)
    answer = make(sign_in(town.handler), case, "return", note=" ")
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["note"]
    assert fresh(case).state == State.HANDLING


def test_what_a_rule_refuses_is_said_with_everything_kept(town, sign_in):
    case = handling(town)
    client = sign_in(town.handler)
    services.void(case, by=town.dispatcher, at=timezone.now(), note="重复")
    answer = make(client, case, "report", result="做了", actual="1")
    assert answer.status_code == 422
    assert answer.context["form"]["result"].value() == "做了"
    assert len(answer.context["form"].non_field_errors()) == 1


def test_the_dispatcher_sends_to_a_person_with_one_press(town, sign_in):
    case = returned(town)
    answer = make(
        sign_in(town.dispatcher), case, "dispatch", post=town.posts.handler.pk, line=town.line.pk
    )
    assert answer.url == page(case)
    assert (fresh(case).state, fresh(case).lead_post) == (State.DISPATCHED, town.posts.handler)


def test_the_send_form_offers_people_and_lines_of_the_chosen_body(town, sign_in):
    case = returned(town)
    asked = reverse("cases:move", args=[case.number, "dispatch"])
    form = sign_in(town.dispatcher).get(asked, {"body": town.office.pk}).context["form"]
    assert list(form.fields["post"].queryset) == [town.posts.handler]
    assert list(form.fields["line"].queryset) == [town.line]


def test_correcting_changes_only_what_was_changed(town, sign_in):
    case = filed(town, category=None)
    services.route_waiting(at=timezone.now())
    assert fresh(case).desk == Desk.DISPATCH
    make(
        sign_in(town.dispatcher),
        case,
        "correct",
        category=town.small.pk,
        address="",
        urgency="ordinary",
    )
    now = fresh(case)
    assert (now.category, now.desk, now.lon) == (town.small, Desk.ROUTER, case.lon)


def test_going_back_to_the_list_is_offered_but_never_to_another_site(town, sign_in):
    case = dispatched(town)
    client = sign_in(town.handler)
    assert make(client, case, "sign", next="//evil.example/").url == page(case)
    case = dispatched(town)
    assert make(client, case, "sign", next="/cases/tasks/").url == "/cases/tasks/"


def test_the_reporter_is_masked_until_somebody_who_may_asks_and_then_it_is_recorded(town, sign_in):
    case = submitted(town, reporter_name="张三丰", reporter_phone="13812345678")
    client = sign_in(town.acceptor)
    shown = client.get(page(case)).context["reporter"]
    assert (shown.name, shown.phone) == ("张*丰", "138****5678")
    answer = client.post(reverse("cases:reporter", args=[case.number]))
    assert (answer.context["reporter"].name, answer.context["reporter"].phone) == (
        "张三丰",
        "13812345678",
    )
    assert case.events.order_by("-number").first().move == "reveal"


def test_who_decides_does_not_see_who_reported(town, sign_in):
    case = submitted(town, reporter_name="张三丰")
    client = sign_in(town.committee)
    assert client.get(page(case)).context["reporter"].may_reveal is False
    assert client.post(reverse("cases:reporter", args=[case.number])).status_code == 403


def test_the_page_costs_the_same_with_one_and_with_three_photos_and_events(
    town, sign_in, django_assert_num_queries, django_assert_max_num_queries
):
    case = handling(town)
    client = sign_in(town.handler)
    with django_assert_max_num_queries(40) as first:
        client.get(page(case))
    for words in ("一", "二"):
        services.note(case, text=words, by=town.handler, at=timezone.now())
    services.add_photos(
        case, [photo("red"), photo("blue")], kind="before", by=town.handler, at=timezone.now()
    )
    with django_assert_num_queries(len(first)):
        client.get(page(case))


def overlapping(town):
    DutyEntryFactory(category=town.large, territory=town.place, lead=town.elsewhere)
    case = filed(town)
    services.route_waiting(at=timezone.now())
    return fresh(case)


def test_the_committee_settles_an_overlap_with_one_press_and_it_is_remembered(town, sign_in):
    case = overlapping(town)
    client = sign_in(town.committee)
    offers = client.get(page(case)).context["offers"]
    leads = {offer.fields["lead"] for offer in offers if offer.move == "settle"}
    assert leads == {town.office.pk, town.elsewhere.pk}
    make(client, case, "settle", lead=town.office.pk)
    services.route_waiting(at=timezone.now())
    assert fresh(case).lead_body == town.office
    second = filed(town)
    services.route_waiting(at=timezone.now())
    assert fresh(second).lead_body == town.office
    entry = DutyEntry.objects.get(origin="precedent")
    assert (entry.category, entry.territory, entry.decided_by) == (
        town.small,
        town.community,
        town.committee,
    )


def test_only_an_unclear_duty_is_settled_and_only_by_the_committee(town, sign_in):
    case = overlapping(town)
    assert make(sign_in(town.dispatcher), case, "settle", lead=town.office.pk).status_code == 422
    type(case).objects.filter(pk=case.pk).update(refusal="no_staff")
    assert make(sign_in(town.committee), case, "settle", lead=town.office.pk).status_code == 422
    assert not DutyEntry.objects.filter(origin="precedent").exists()


@pytest.mark.parametrize(
    ("reader", "telephone"), [("head", "13812345678"), ("verifier", "138****5678")]
)
def test_free_text_is_masked_for_who_need_not_call_back(town, client, reader, telephone):
    case = handling(town, text="井盖不见了，电话13812345678", title="井盖")
    services.note(case, text="回电13812345678", by=town.head, at=later(hours=1))
    client.force_login(getattr(town, reader))
    page = client.get(reverse("cases:detail", args=[case.number])).content.decode()
    assert page.count(telephone) == 2
    assert ("13812345678" in page) == (reader == "head")
