"""Pages and the API of visits."""

import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grids import services
from grids.models import Finding, Visit, VisitForm, VisitPlan
from grids.questions import faults_of_answers, shown
from grids.routes import length_of, nearest_next
from grids.services import Found
from lib.roles import Role
from tests.factories import visits as made
from tests.factories.cases import make_town, photo
from tests.factories.grids import BodyTerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory


@pytest.fixture
def town(db):
    town = make_town()
    town.posts.worker.territories.create(territory=town.grid, valid_from=made.LONG_AGO)
    home = BodyFactory(community=True)
    BodyTerritoryFactory(body=home, territory=town.community)
    town.secretary = PostFactory(body=home, role=Role.COMMUNITY_WORKER).person
    town.supervisor = PostFactory(body=town.centre, role=Role.SUPERVISOR).person
    town.kind = made.kind_of()
    town.home = made.target_in(town.grid)
    made.planned(town.kind, town.home)
    VisitPlan.objects.update(due_on=timezone.localdate())
    return town


def read(client, person, name, *args, query=""):
    client.force_login(person)
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == 200
    return answer


# -- Routes ----------------------------------------------------------------------------------


def test_one_walks_to_the_nearest_next_and_placeless_ones_come_last():
    stops = [
        ("far", (114.3, 22.8)),
        ("none", None),
        ("near", (114.1, 22.8)),
        ("mid", (114.2, 22.8)),
    ]
    route = nearest_next(stops, place_of=lambda stop: stop[1], start=(114.0, 22.8))
    assert [name for name, _place in route] == ["near", "mid", "far", "none"]
    first = nearest_next(stops, place_of=lambda stop: stop[1])
    assert [name for name, _place in first] == ["far", "mid", "near", "none"]
    assert nearest_next([], place_of=lambda stop: stop) == []


def test_the_length_of_a_way_is_the_sum_of_its_steps():
    assert length_of([(114.0, 22.8), None, (114.1, 22.8)]) == pytest.approx(10251, abs=10)
    assert length_of([]) == 0


# -- Pages -----------------------------------------------------------------------------------


def test_what_is_due_stands_in_walking_order_from_where_one_is(town, client):
    near = made.target_in(town.grid, name="近处", point=(114.09, 22.89))
    made.planned(town.kind, near)
    VisitPlan.objects.update(due_on=timezone.localdate())
    answer = read(client, town.worker, "grids:visits", query="?lon=114.09&lat=22.89")
    assert [str(plan.target) for _number, plan in answer.context["route"]] == ["近处", "三栋"]
    assert answer.context["metres"] > 5000
    assert len(answer.context["points"]) == 2


def test_a_longer_list_of_what_is_due_costs_the_same(town, client):
    read(client, town.worker, "grids:visits")

    def queries():
        with CaptureQueriesContext(connection) as asked:
            read(client, town.worker, "grids:visits")
        return len(asked)

    one = queries()
    for number in range(2):
        made.planned(town.kind, made.target_in(town.grid, name=f"{number}栋"))
    VisitPlan.objects.update(due_on=timezone.localdate())
    assert queries() == one


def test_a_longer_list_of_visits_costs_the_same(town, client):
    made.make(town.home, town.kind, by=town.worker, key="0")

    def queries():
        with CaptureQueriesContext(connection) as asked:
            read(client, town.supervisor, "grids:visits_made")
        return len(asked)

    queries()
    one = queries()
    for key in ("1", "2"):
        made.make(town.home, town.kind, by=town.worker, key=key, findings=[Found("x")])
    assert queries() == one


def test_who_made_a_visit_stands_in_the_list_where_it_was_somebody_else(town, client):
    made.make(town.home, town.kind, by=town.worker)
    shown = f">{town.worker}</td>"
    for person, is_named in ((town.supervisor, True), (town.worker, False)):
        page = read(client, person, "grids:visits_made").content.decode()
        assert (shown in page) is is_named


def test_a_visit_is_corrected_and_declared_void_on_its_pages(town, client):
    visit = made.make(town.home, town.kind, by=town.worker)
    client.force_login(town.worker)
    address = reverse("grids:visit_correct", args=[visit.pk])
    assert client.post(address, {"answer-met": "no"}).status_code == 422
    sent = {
        "answer-met": "no", "answer-people": "3", "answer-where": "22.8, 114.01", "reason": "写错"
    }  # fmt: skip
    assert client.post(address, sent).status_code == 302
    visit.refresh_from_db()
    assert visit.answers == {"met": False, "people": 3.0, "where": [114.01, 22.8]}
    void = reverse("grids:visit_void", args=[visit.pk])
    assert client.post(void, {"reason": "x"}).status_code == 403
    client.force_login(town.secretary)
    assert client.post(void, {"reason": "没有去"}).status_code == 302
    visit.refresh_from_db()
    assert visit.state == "void"


def test_a_finding_is_decided_with_one_press(town, client):
    visit = made.make(
        town.home, town.kind, by=town.worker, findings=[Found("a"), Found("b"), Found("c")]
    )
    client.force_login(town.worker)
    for finding, name in zip(
        visit.findings.order_by("pk"), ("hand_over", "resolve", "drop"), strict=True
    ):
        address = reverse("grids:finding_decide", args=[finding.pk, name])
        assert client.post(address, {"remark": "好了"}).status_code == 302
    states = list(visit.findings.order_by("pk").values_list("state", flat=True))
    assert states == ["waiting", "resolved", "dropped"]


def test_the_board_counts_plan_done_late_and_findings(town, client):
    VisitPlan.objects.update(due_on=timezone.localdate() - made.days(3))
    found = [Found("a", settled="好"), Found("b")]
    made.make(town.home, town.kind, by=town.worker, findings=found)
    other = made.target_in(town.grid, name="四栋")
    made.planned(town.kind, other)
    VisitPlan.objects.filter(target=other).update(due_on=timezone.localdate() - made.days(1))
    answer = read(client, town.supervisor, "grids:visits_standing")
    (row,) = answer.context["rows"]
    assert (row.grid, row.targets, row.late, row.done) == (town.grid, 2, 1, 1)
    assert (round(row.planned, 2), row.found, row.settled, row.cases) == (1.87, 2, 1, 0)
    assert row.share == 54


def test_the_form_of_a_kind_is_edited_in_the_browser(town, client):
    client.force_login(town.committee)
    address = reverse("grids:visit_kind_form", args=[town.kind.code])
    formset = client.get(address).context["formset"]
    sent = {
        f"q-{name}": formset.management_form[name].value()
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    for number, question in enumerate(made.QUESTIONS):
        for name in ("key", "label", "label_en", "type"):
            sent[f"q-{number}-{name}"] = question[name]
        sent[f"q-{number}-ORDER"] = number + 1
        sent[f"q-{number}-choices"] = "\n".join(question.get("choices", []))
    sent["q-1-DELETE"] = "on"
    last = len(made.QUESTIONS)
    sent |= {f"q-{last}-label": "新问题", f"q-{last}-type": "choice", f"q-{last}-ORDER": 1}
    assert client.post(address, sent).status_code == 422  # no choices yet
    sent[f"q-{last}-choices"] = "一\n二"
    assert client.post(address, sent).status_code == 302
    newest = town.kind.form
    assert newest.number == 2
    assert [each["key"] for each in newest.questions] == [
        "met",
        "q1",
        "waste",
        "shot",
        "where",
        "said",
    ]
    assert newest.questions[1]["choices"] == ["一", "二"]


def test_photos_are_seen_by_those_who_see_the_visit(town, client):
    from grids.services import SentPhoto

    visit = made.make(
        town.home, town.kind, by=town.worker, photos=[SentPhoto(photo("red"), question="shot")]
    )
    address = reverse("grids:visit_photo", args=[visit.photos.get().pk, "small"])
    for person, status in ((town.worker, 200), (town.handler, 404)):
        client.force_login(person)
        answer = client.get(address)
        assert answer.status_code == status
        b"".join(answer.streaming_content) if status == 200 else None


# -- The API ---------------------------------------------------------------------------------


def said(town, **more):
    return {
        "client_key": "k", "target": town.home.pk, "form": town.kind.form.pk,
        "at": timezone.now().isoformat(), "lon": 114.05, "lat": 22.85, "accuracy_m": 8,
        "answers": {"met": True}, **more,
    }  # fmt: skip


def bring(client, given, **more):
    return client.post("/api/v1/visits/", given, content_type="application/json", **more)


def test_a_visit_is_brought_three_times_and_is_one(town, client):
    client.force_login(town.worker)
    answers = [bring(client, said(town)) for _again in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert {answer.json()["id"] for answer in answers} == {Visit.objects.get().pk}


def test_photos_come_along_in_one_request(town, client):
    client.force_login(town.worker)
    given = said(town, findings=[{"text": "堆物", "category": "cover", "to_case": True}])
    given |= {name: json.dumps(given[name]) for name in ("answers", "findings")}
    one, two = (io.BytesIO(photo(colour).read()) for colour in ("red", "blue"))
    one.name = two.name = "p.jpg"
    sent = {**given, "photos": [one, two], "photo_of": json.dumps(["shot", 0])}
    answer = client.post("/api/v1/visits/", sent)
    assert answer.status_code == 201, answer.json()
    finding = Finding.objects.get()
    assert (finding.state, finding.category, finding.photos.count()) == ("waiting", "cover", 1)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"answers": {}}, 409, "answers"),
        ({"lon": 114.09}, 409, "far"),
        ({"lat": None}, 400, None),
        ({"answers": []}, 400, None),
        ({"findings": [{"text": ""}]}, 400, None),
        ({"photo_of": ["x"]}, 400, None),
        ({"target": 0}, 400, None),
    ],
)
def test_what_is_wrong_is_said_in_words(town, client, change, status, code):
    client.force_login(town.worker)
    answer = bring(client, said(town, **change))
    assert (answer.status_code, answer.json().get("code")) == (status, code)
    assert Visit.objects.count() == 0


def test_a_key_may_stand_in_the_header_and_a_stranger_may_not_come(town, client):
    client.force_login(town.worker)
    given = said(town)
    del given["client_key"]
    assert bring(client, given, headers={"idempotency-key": "h"}).status_code == 201
    assert Visit.objects.get().client_key == "h"
    for person, status in ((town.supervisor, 403), (town.handler, 403)):
        client.force_login(person)
        assert bring(client, said(town, client_key="z")).status_code == status


def test_what_a_telephone_takes_along(town, client):
    client.force_login(town.worker)
    taken = client.get("/api/v1/visits/plan/").json()
    (plan,) = taken["plans"]
    assert (plan["target"]["name"], plan["target"]["lon"], plan["is_late"]) == (
        "三栋",
        114.05,
        False,
    )
    kind = next(kind for kind in taken["kinds"] if kind["id"] == plan["kind"])
    assert kind["form"]["questions"] == made.QUESTIONS


def test_a_longer_plan_costs_the_same(town, client):
    client.force_login(town.worker)
    client.get("/api/v1/visits/plan/")

    def queries():
        with CaptureQueriesContext(connection) as asked:
            client.get("/api/v1/visits/plan/")
        return len(asked)

    one = queries()
    for number in range(2):
        made.planned(town.kind, made.target_in(town.grid, name=f"{number}栋"))
    VisitPlan.objects.update(due_on=timezone.localdate())
    assert queries() == one


def test_answers_are_judged_by_the_version_that_asked(town):
    first = VisitForm.objects.get()
    services.publish_form(
        town.kind,
        [*made.QUESTIONS, {"key": "more", "label": "更多", "type": "text", "required": True}],
        by=town.committee, at=timezone.now(),
    )  # fmt: skip
    assert faults_of_answers(first.questions, {"met": True}, photos={}) == []
    assert len(faults_of_answers(town.kind.form.questions, {"met": True}, photos={})) == 1


def test_answers_read_like_words():
    assert shown({"type": "place"}, [114.05, 22.85]) == "22.85000, 114.05000"
    assert shown({"type": "number"}, 3) == "3"
    assert shown({"type": "text"}, None) == "—"
