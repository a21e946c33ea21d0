"""Logging a case in the browser: everything kept on errors, one case for a key sent twice."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import Case
from cases.workflow import Desk, State
from tests.factories.cases import POINT, log, photo
from tests.factories.routing import CategoryFactory, ServiceItemFactory, StandardFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def worker(client, town):
    client.force_login(town.worker)
    return client


@pytest.fixture
def clerk(client, town):
    client.force_login(town.acceptor)
    return client


def said(town, **other):
    return {
        "client_key": "key-1",
        "text": "路口的井盖不见了，很危险。请快来。",
        "category": town.small.pk,
        "urgency": "ordinary",
        **POINT,
        **other,
    }


def test_a_worker_logs_a_case_and_is_led_to_its_receipt(town, worker):
    answer = worker.post(reverse("cases:log"), said(town, photos=photo()))
    case = Case.objects.get()
    assert answer.url == reverse("cases:receipt", args=[case.number])
    assert (case.title, case.channel, case.grid, case.photos.count()) == (
        "路口的井盖不见了，很危险",
        "grid",
        town.grid,
        1,
    )


def test_htmx_is_told_to_go_to_the_receipt(town, worker):
    answer = worker.post(reverse("cases:log"), said(town), headers=HTMX)
    case = Case.objects.get()
    assert answer.headers["HX-Redirect"] == reverse("cases:receipt", args=[case.number])


def test_a_form_sent_twice_makes_one_case(town, worker):
    first = worker.post(reverse("cases:log"), said(town))
    second = worker.post(reverse("cases:log"), said(town))
    assert (Case.objects.count(), first.url) == (1, second.url)


def test_every_error_keeps_what_was_entered(town, worker):
    given = said(town, text="", address="黄江镇梅塘社区", typed="jg")
    answer = worker.post(reverse("cases:log"), given)
    form = answer.context["form"]
    assert answer.status_code == 422
    assert list(form.errors) == ["text"]
    assert form["address"].value() == "黄江镇梅塘社区"
    assert form["client_key"].value() == "key-1"
    assert answer.context["category"].chosen == town.small
    assert answer.context["place"].grid_id == town.grid.pk


def test_htmx_gets_only_what_is_wrong_so_that_photos_stay_in_the_browser(town, worker):
    answer = worker.post(reverse("cases:log"), said(town, text=""), headers=HTMX)
    assert answer.status_code == 422
    assert answer.templates[0].name == "cases/_log_errors.html"


def test_a_matter_must_lie_somewhere(town, worker):
    answer = worker.post(reverse("cases:log"), said(town, lon="", lat=""))
    assert list(answer.context["form"].errors) == ["address"]


def test_a_file_that_is_no_photo_is_refused_in_words(town, worker):
    from django.core.files.uploadedfile import SimpleUploadedFile

    wrong = SimpleUploadedFile("x.jpg", b"MZ not a photo", content_type="image/jpeg")
    answer = worker.post(reverse("cases:log"), said(town, photos=wrong))
    assert (answer.status_code, Case.objects.count()) == (422, 0)
    assert len(answer.context["form"].non_field_errors()) == 1


def test_a_clerk_logs_for_somebody_else_in_any_community(town, clerk):
    given = said(
        town,
        lon="",
        lat="",
        territory=town.community.pk,
        channel="hotline",
        reporter_name="李四",
        reporter_phone="13900001111",
    )
    clerk.post(reverse("cases:log"), given)
    case = Case.objects.get()
    assert (case.channel, case.community, case.reporter.name) == ("hotline", town.community, "李四")


def test_a_worker_is_not_asked_for_the_channel(town, worker):
    form = worker.get(reverse("cases:log")).context["form"]
    assert {"channel", "reporter_name", "reporter_phone"} & set(form.fields) == set()


def test_a_condition_of_another_category_is_dropped(town, worker):
    other = StandardFactory(category=CategoryFactory(code="other", name="其他"))
    worker.post(reverse("cases:log"), said(town, standard=other.pk))
    assert Case.objects.get().standard is None


def test_whoever_only_decides_about_money_does_not_log(town, client):
    client.force_login(town.committee)
    assert client.get(reverse("cases:log")).status_code == 403


@pytest.mark.parametrize("typed", ["井盖", "jg", "cover"])
def test_a_category_is_found_by_chinese_by_initials_and_by_english(town, worker, typed):
    type(town.small).objects.filter(pk=town.small.pk).update(initials="jgqs")
    answer = worker.post(reverse("cases:categories"), {"typed": typed})
    assert answer.context["category"].found == [town.small]


def test_a_category_is_suggested_from_the_text(town, worker):
    answer = worker.post(reverse("cases:categories"), {"text": "这里的井盖缺失"})
    assert (answer.context["category"].found, answer.context["category"].by_text) == (
        [town.small],
        True,
    )


def test_conditions_are_asked_for_when_there_are_several(town, worker):
    second = StandardFactory(category=town.small, rank=2, condition="井盖松动")
    answer = worker.post(reverse("cases:categories"), {"category": town.small.pk})
    assert answer.context["category"].standards == [town.standard, second]
    assert "井盖松动" in answer.content.decode()


def test_a_condition_that_has_ended_is_not_asked_for(town, worker):
    StandardFactory(category=town.small, rank=2, valid_to=timezone.localdate())
    answer = worker.post(reverse("cases:categories"), {"category": town.small.pk})
    assert answer.context["category"].standards == [town.standard]


def test_a_point_is_named(town, worker):
    answer = worker.post(reverse("cases:place"), POINT)
    assert list(answer.context["place"].names) == [town.place, town.community, town.grid]


def test_a_point_outside_every_grid_is_said(town, worker):
    answer = worker.post(reverse("cases:place"), {"lon": 1, "lat": 1})
    assert answer.context["place"].nowhere is True


def test_a_town_alone_offers_its_communities(town, worker):
    answer = worker.post(reverse("cases:place"), {"address": "黄江镇某处"})
    assert list(answer.context["place"].choices) == [town.community]


def test_part_of_a_name_offers_communities(town, worker):
    answer = worker.post(reverse("cases:place"), {"address": "塘社"})
    assert list(answer.context["place"].choices) == [town.community]


NEAR, FAR = {"lon": 114.05, "lat": 22.8503}, {"lon": 114.05, "lat": 22.8510}


@pytest.mark.parametrize(("point", "shown"), [(NEAR, 1), (FAR, 0)])
def test_possible_duplicates_are_those_within_fifty_metres(town, worker, point, shown):
    log(town, at=timezone.now())
    answer = worker.post(reverse("cases:duplicates"), {"category": town.small.pk, **point})
    assert len(answer.context["hits"]) == shown


def test_without_a_point_those_of_the_same_grid(town, worker):
    log(town, at=timezone.now())
    asked = {"category": town.small.pk, "territory": town.grid.pk}
    assert len(worker.post(reverse("cases:duplicates"), asked).context["hits"]) == 1


def test_an_old_or_another_matter_is_no_duplicate(town, worker):
    log(town, at=timezone.now() - timezone.timedelta(hours=25))
    log(town, at=timezone.now(), category=CategoryFactory(code="o", name="其他"))
    answer = worker.post(reverse("cases:duplicates"), {"category": town.small.pk, **POINT})
    assert len(answer.context["hits"]) == 0


def test_the_receipt_tells_number_code_and_draws_the_qr_code(town, worker):
    case = log(town)
    words = worker.get(reverse("cases:receipt", args=[case.number])).content.decode()
    assert case.number in words
    assert f"{case.query_code[:4]} {case.query_code[4:]}" in words
    assert "<svg" in words


def test_the_receipt_is_for_who_logged_it(town, client):
    case = log(town)
    client.force_login(town.dispatcher)
    assert client.get(reverse("cases:receipt", args=[case.number])).status_code == 404


def test_where_it_went_asks_again_until_the_router_has_answered(town, worker):
    from cases import services

    case = log(town)
    address = reverse("cases:routed", args=[case.number])
    assert 'hx-trigger="load delay' in worker.get(address).content.decode()
    services.route_waiting(at=timezone.now())
    answer = worker.get(address)
    assert answer.context["case"].state == State.DISPATCHED
    assert 'hx-trigger="load delay' not in answer.content.decode()
    assert answer.context["case"].desk == Desk.HANDLER


def test_the_counter_reads_what_is_to_be_brought_for_the_matter_chosen(town, clerk):
    ServiceItemFactory(category=town.small)
    answer = clerk.post(reverse("cases:categories"), {"category": town.small.pk})
    html = answer.content.decode()
    assert "身份证、户口簿" in html
    assert "30" in html
