"""`/api/v1/cases/`: who may do what, what comes back, and how it says no."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from cases import services
from cases.models import Case, CaseEvent
from tests.factories import cases as make
from tests.factories.cases import MONDAY, POINT, fresh, photo

URL = "/api/v1/cases/"


@pytest.fixture
def api(monkeypatch):
    """A client for a person; the views' clock stands at Monday morning."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)

    def as_(person):
        client = APIClient()
        client.force_authenticate(type(person).objects.get(pk=person.pk))
        return client

    return as_


def url(case, name=""):
    return f"{URL}{case.number}/{name}/" if name else f"{URL}{case.number}/"


SAID = {"text": "路口的井盖不见了", "category": "cover", **POINT}


def test_a_worker_creates_a_case_that_is_filed(api, town):
    answer = api(town.worker).post(URL, SAID)
    case = Case.objects.get()
    assert answer.status_code == 201
    assert (answer.json()["number"], answer.json()["query_code"]) == (case.number, case.query_code)
    assert (case.state, case.channel, case.grid) == ("filed", "api", town.grid)


def test_a_resident_creates_a_case_that_waits(api, town):
    answer = api(town.resident).post(URL, SAID)
    assert (answer.status_code, answer.json()["state"]) == (201, "submitted")
    assert Case.objects.get().channel == "web"


def test_the_same_key_answers_with_the_same_case(api, town):
    client = api(town.worker)
    first = client.post(URL, SAID, headers={"Idempotency-Key": "a"})
    again = client.post(URL, {**SAID, "client_key": "a"})
    other = client.post(URL, {**SAID, "text": "别的"}, headers={"Idempotency-Key": "a"})
    assert (first.status_code, other.status_code, other.json()["code"]) == (201, 409, "key")
    assert again.json()["number"] == first.json()["number"]
    assert api(town.resident).post(URL, SAID, headers={"Idempotency-Key": "a"}).status_code == 201
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"text": ""}, "text"), ({"category": "nothing"}, "category"), ({"lat": 91}, "lat")],
)
def test_a_wrong_shape_is_400_and_names_the_field(api, town, changed, field):
    answer = api(town.worker).post(URL, {**SAID, **changed})
    assert (answer.status_code, list(answer.json())) == (400, [field])
    assert Case.objects.count() == 0


def test_nobody_in_particular_gets_401(town):
    assert APIClient().get(URL).status_code == 401


def test_a_stranger_gets_404_everywhere(api, town):
    case = make.dispatched(town)
    client = api(town.stranger)
    assert client.get(URL).json()["results"] == []
    assert client.get(url(case)).status_code == 404
    assert client.get(url(case, "history")).status_code == 404
    for name in ("sign", "void", "reveal", "note"):
        assert client.post(url(case, name), {"note": "x", "text": "x"}).status_code == 404
    assert fresh(case).version == 2


def test_every_move_but_the_routers_own_has_an_address(town):
    from cases.api.views import CaseViewSet
    from cases.services.actors import UNOFFERED
    from cases.workflow import MOVES

    paths = {row.url_path for row in CaseViewSet.get_extra_actions()}
    assert paths == (MOVES.keys() - UNOFFERED) | {"history", "photos", "reveal"}


def test_the_whole_way(api, town):
    number = api(town.worker).post(URL, SAID).json()["number"]
    services.route_waiting(at=MONDAY)
    case = Case.objects.get(number=number)
    steps = [
        (town.handler, "sign", {}),
        (town.handler, "report", {"result": "已换", "actual": 50_000}),
        (town.head, "confirm", {}),
        (town.verifier, "fail", {"note": "没盖严"}),
        (town.handler, "report", {"result": "盖好了", "actual": 50_000}),
        (town.head, "confirm", {}),
        (town.verifier, "pass", {"note": "盖好了"}),
    ]
    answers = [api(who).post(url(case, name), said) for who, name, said in steps]
    assert [answer.status_code for answer in answers] == [200] * 7
    assert answers[-1].json()["state"] == "closed"
    assert answers[-1].json()["tasks"][0]["actual"] == 50_000


def test_a_move_of_somebody_else_is_403_and_one_too_late_409(api, town):
    case = make.dispatched(town)
    answer = api(town.dispatcher).post(url(case, "sign"))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")
    api(town.handler).post(url(case, "sign"))
    answer = api(town.handler).post(url(case, "sign"))
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
    assert fresh(case).version == 3


def test_dispatch_by_hand(api, town):
    case = make.filed(town, category=None)
    services.route_waiting(at=MONDAY)
    answer = api(town.dispatcher).post(
        url(case, "dispatch"),
        {
            "post": town.posts.handler.pk,
            "standard": town.standard.pk,
            "line": town.line.code,
            "cost": 100,
        },
    )
    assert (answer.status_code, answer.json()["state"]) == (200, "dispatched")
    assert fresh(case).tasks.get().hold.open == 100


def test_reading_offers_the_moves_of_the_reader(api, town):
    case = make.dispatched(town)
    assert api(town.handler).get(url(case)).json()["moves"] == [
        "sign",
        "return",
        "contact",
        "note",
    ]
    assert api(town.verifier).get(url(case)).json()["moves"] == ["contact", "note"]


def test_personal_details_are_masked_and_shown_on_the_record(api, town):
    case = make.dispatched(
        town, text="请打13812345678", reporter_name="张三丰", reporter_phone="13812345678"
    )
    seen = api(town.handler).get(url(case)).json()
    assert seen["reporter"] == {"name": "张*丰", "phone": "138****5678"}
    assert seen["text"] == "请打13812345678"
    assert api(town.verifier).get(url(case)).json()["text"] == "请打138****5678"
    assert api(town.verifier).post(url(case, "reveal")).status_code == 403
    answer = api(town.handler).post(url(case, "reveal"))
    assert answer.json() == {"name": "张三丰", "phone": "13812345678"}
    last = CaseEvent.objects.filter(case=case).order_by("-number").first()
    assert (last.move, last.by) == ("reveal", town.handler)


def test_history_is_told_from_the_beginning(api, town):
    case = make.dispatched(town)
    answer = api(town.handler).get(url(case, "history")).json()
    assert [(row["number"], row["move"]) for row in answer] == [(1, "log"), (2, "dispatch")]
    assert answer[1]["previous_hash"] == answer[0]["hash"]


def test_photos_are_added_and_a_text_is_refused(api, town):
    case = make.dispatched(town)
    client = api(town.handler)
    file = SimpleUploadedFile("a.jpg", photo().read(), "image/jpeg")
    answer = client.post(
        url(case, "photos"), {"kind": "after", "files": [file]}, format="multipart"
    )
    assert (answer.status_code, answer.json()[0]["width"]) == (201, 60)
    text = SimpleUploadedFile("a.jpg", b"no photo", "image/jpeg")
    answer = client.post(
        url(case, "photos"), {"kind": "after", "files": [text]}, format="multipart"
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "bad_upload")
    assert case.photos.count() == 1


def test_lists_turn_pages_and_filter(api, town):
    numbers = [make.log(town).number for _again in range(3)]
    client = api(town.dispatcher)
    first = client.get(URL, {"size": 2}).json()
    second = client.get(first["next"]).json()
    assert [row["number"] for row in first["results"] + second["results"]] == numbers[::-1]
    assert second["next"] is None
    services.route_waiting(at=MONDAY, limit=1)
    found = client.get(URL, {"state": "dispatched", "lead_body": town.office.code}).json()
    assert [row["number"] for row in found["results"]] == numbers[:1]
    assert client.get(URL, {"overdue": "true"}).json()["results"] == []
    assert client.get(URL, {"state": "unknown"}).status_code == 400


def test_a_list_costs_the_same_with_one_and_three_rows(api, town, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for _more in range(3):
        make.dispatched(town)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert api(town.dispatcher).get(URL).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[2]
