import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases import services
from cases.models import Case, Channel
from cases.workflow import State
from tests.factories import cases as making

pytestmark = pytest.mark.django_db


def filled(**changes):
    given = {
        "text": "路口的井盖不见了。",
        "address": "黄江镇梅塘社区",
        "client_key": str(uuid.uuid4()),
        **changes,
    }
    return {name: value for name, value in given.items() if value is not None}


def send(client, **changes):
    return client.post(reverse("portal:report"), filled(**changes))


def test_a_resident_reports_without_an_account_and_gets_a_receipt(client, town):
    answer = send(client, lon="114.05", lat="22.85", category="井盖缺失", photos=[making.photo()])
    case = Case.objects.get()
    assert answer.url == reverse("portal:receipt", args=[case.number])
    assert (case.channel, case.state, case.category) == (Channel.WEB, State.SUBMITTED, town.small)
    assert (case.community, case.photos.count()) == (town.community, 1)
    receipt = client.get(answer.url).content.decode()
    assert case.number in receipt
    assert f"{case.query_code[:4]} {case.query_code[4:]}" in receipt


def test_the_receipt_is_for_the_browser_that_reported(client, town):
    answer = send(client)
    client.cookies.clear()
    assert client.get(answer.url).status_code == 404


def test_sending_twice_makes_one_case(client, town):
    key = str(uuid.uuid4())
    first, second = send(client, client_key=key), send(client, client_key=key)
    assert (first.url, Case.objects.count()) == (second.url, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": " "}, "text"),
        ({"address": ""}, "address"),
        ({"category": "没有这一类"}, "category"),
        ({"phone": "abc", "agreed": "on"}, "phone"),
        ({"name": "王小明"}, "agreed"),
        ({"phone": "13812345678"}, "agreed"),
        ({"lon": "200", "lat": "20"}, "lon"),
        ({"website": "http://spam.example"}, "website"),
        ({"client_key": "x"}, "client_key"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_stored(client, town, changes, field):
    answer = send(client, **changes)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Case.objects.count() == 0


def test_what_was_entered_is_kept_on_an_error(client, town):
    html = send(client, address="", text="井盖不见了", phone="13812345678", agreed="on").content
    assert "井盖不见了" in html.decode()
    assert 'value="13812345678"' in html.decode()


def test_name_and_telephone_are_kept_beside_the_case(client, town):
    send(client, name="王小明", phone="138 1234 5678", agreed="on")
    reporter = Case.objects.get().reporter
    assert (reporter.name, reporter.phone) == ("王小明", "13812345678")


def test_a_file_that_is_no_photo_is_refused_in_words(client, town):
    answer = send(client, photos=[SimpleUploadedFile("a.jpg", b"%PDF-1.4 nothing of a photo")])
    assert answer.status_code == 409
    assert "This is not a photo." in answer.content.decode()
    assert Case.objects.count() == 0


def test_seven_photos_are_too_many(client, town):
    answer = send(client, photos=[making.photo() for _ in range(7)])
    assert answer.context["form"].errors == {"photos": ["Send at most six photos."]}


def test_many_reports_from_one_address_have_to_wait(client, town):
    answers = [send(client).status_code for _ in range(21)]
    assert answers == [302] * 20 + [429]
    assert Case.objects.count() == 20


def follow(client, number, code):
    return client.post(reverse("portal:follow"), {"number": number, "code": code})


def test_number_and_code_lead_to_the_progress_in_plain_words(client, town):
    case = making.handling(town, at=making.MONDAY)
    code = case.query_code
    answer = follow(client, case.number, f" {code[:4].lower()} {code[4:].lower()} ")
    assert answer.url == reverse("portal:progress", args=[case.number])
    page = client.get(answer.url)
    progress = page.context["progress"]
    assert (str(progress.headline), progress.body) == ("In work", town.office)
    assert [str(step.title) for step in progress.steps if not step.coming] == [
        "Report received",
        "Given to a department",
        "Work has begun",
    ]
    assert town.handler.full_name not in page.content.decode()


def test_without_the_code_there_is_no_progress_page(client, town):
    case = making.handling(town)
    assert client.get(reverse("portal:progress", args=[case.number])).status_code == 404
    assert follow(client, case.number, "WRONGCOD").status_code == 422
    assert client.get(reverse("portal:progress", args=[case.number])).status_code == 404


def test_guessing_a_code_ends_after_twenty_tries_and_closes_the_number_to_nobody_else(client, town):
    case = making.handling(town)
    tries = [follow(client, case.number, f"WRONG{n:03}").status_code for n in range(20)]
    assert tries == [422] * 20
    assert follow(client, case.number, case.query_code).status_code == 429
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert follow(elsewhere, case.number, case.query_code).status_code == 302


def test_the_reporter_takes_a_report_back(client, town):
    answer = send(client)
    case = Case.objects.get()
    client.get(answer.url)
    client.post(reverse("portal:withdraw", args=[case.number]))
    assert making.fresh(case).state == State.CANCELLED


def test_what_is_filed_cannot_be_taken_back_and_the_page_says_so(client, town):
    case = making.handling(town)
    follow(client, case.number, case.query_code)
    answer = client.post(reverse("portal:withdraw", args=[case.number]), follow=True)
    assert making.fresh(case).state == State.HANDLING
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


def test_a_stranger_cannot_take_a_report_back(client, town):
    case = making.submitted(town)
    assert client.post(reverse("portal:withdraw", args=[case.number])).status_code == 404
    assert making.fresh(case).state == State.SUBMITTED


def test_the_reporter_reads_why_a_report_was_not_accepted_and_the_public_does_not(client, town):
    case = making.submitted(town)
    services.reject(case, by=town.acceptor, at=timezone.now(), note="请拨打 12345 转物业")
    follow(client, case.number, case.query_code)
    page = client.get(reverse("portal:progress", args=[case.number]))
    assert "请拨打 12345 转物业" in page.content.decode()
    assert client.get(reverse("portal:published_case", args=[case.number])).status_code == 404


@pytest.mark.parametrize("bring", ["submitted", "filed", "dispatched", "closed", "rework"])
def test_every_state_has_its_words(client, town, bring):
    case = getattr(making, bring)(town)
    follow(client, case.number, case.query_code)
    assert client.get(reverse("portal:progress", args=[case.number])).status_code == 200


@pytest.mark.django_db
def test_kinds_are_offered_for_what_a_resident_writes(client):
    from tests.factories.routing import CategoryFactory

    large = CategoryFactory(name="市政", code="city")
    CategoryFactory(
        name="路灯不亮", name_en="路灯不亮", code="lamp", keywords=["路灯"], parent=large
    )
    address = reverse("portal:kinds")
    assert client.post(address, {"text": "门口的路灯坏了"}).context["kinds"] == [
        ("路灯不亮", ("路灯",))
    ]
    assert client.post(address, {"text": "你好"}).context["kinds"] == []
    assert client.get(address, {"text": "路灯"}).status_code == 405
