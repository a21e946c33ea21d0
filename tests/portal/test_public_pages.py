import datetime
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.views.defaults import server_error

from cases import services
from cases.models import Case, Photo
from routing.models.catalogue import Publicity
from tests.factories import cases as making

pytestmark = pytest.mark.django_db

SECRET_PHONE = "13812345678"
SECRET_NAME = "诸葛亮明"
SECRET_DOOR = "梅塘社区环城路88号3栋502室"
SECRET_WORDS = "不该公开的描述"
PAGES = ["home", "report", "follow", "published", "verify", "about", "privacy", "accessibility"]
PAGES += ["site_map", "offline", "my_grid", "search"]


def tell_everybody(case, words, **columns):
    now = timezone.now()
    Case.objects.filter(pk=case.pk).update(
        public_text=words, public_text_by=case.logged_by, public_text_at=now, **columns
    )


def planted(town, bring=making.closed, **more):
    """A case full of personal details, whose words were released with some of them overlooked."""
    case = bring(
        town,
        text=f"{SECRET_WORDS} {SECRET_NAME} {SECRET_PHONE}",
        title=f"{SECRET_NAME}家门口",
        address=SECRET_DOOR,
        reporter_name=SECRET_NAME,
        reporter_phone=SECRET_PHONE,
        **more,
    )
    tell_everybody(case, f"井盖不见了，找{SECRET_NAME} {SECRET_PHONE}，环城路88号3栋502室。")
    return case


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_public_page_answers_a_stranger_in_both_languages(client, town, name, language):
    client.cookies["django_language"] = language
    answer = client.get(reverse(f"portal:{name}"))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert f'lang="{language}"' in html
    assert html.count("<h1") == 1


@pytest.mark.parametrize("name", PAGES)
def test_no_page_carries_inline_scripts_styles_or_handlers(client, town, name):
    planted(town)
    html = client.get(reverse(f"portal:{name}")).content.decode()
    scripts = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", html)
    assert (scripts, re.findall(r"\s(?:style|on[a-z]+)=", html)) == ([], [])


def test_personal_details_never_reach_a_public_page(client, town):
    case = planted(town)
    pages = [
        reverse("portal:home"),
        reverse("portal:published"),
        reverse("portal:published_case", args=[case.number]),
        reverse("portal:verify") + f"?number={case.number}",
    ]
    secrets = [SECRET_PHONE, SECRET_NAME, "88号", "502室", SECRET_WORDS, case.query_code]
    secrets += [str(making.POINT["lon"]) + "1234"]
    found = [
        (page, secret)
        for page in pages
        for secret in secrets
        if secret in client.get(page).content.decode()
    ]
    assert found == []


def test_released_words_are_shown_with_what_was_overlooked_masked(client, town):
    case = planted(town)
    html = client.get(reverse("portal:published_case", args=[case.number])).content.decode()
    assert "井盖不见了，找诸葛** 138****5678，环城路***。" in html


def test_words_that_nobody_has_released_stay_inside(client, town):
    case = making.closed(town, text=SECRET_WORDS, title=SECRET_WORDS)
    html = client.get(reverse("portal:published_case", args=[case.number])).content.decode()
    assert SECRET_WORDS not in html
    assert "The wording of the report has not been released for everybody." in html


@pytest.mark.parametrize(
    ("columns", "status"),
    [
        ({}, 200),
        ({"publicity": Publicity.OPEN}, 200),
        ({"publicity": Publicity.CLOSED}, 404),
    ],
)
def test_only_what_is_published_has_a_page(client, town, columns, status):
    case = making.closed(town)
    Case.objects.filter(pk=case.pk).update(**columns)
    address = reverse("portal:published_case", args=[case.number])
    assert client.get(address).status_code == status


def test_a_report_that_no_clerk_has_filed_is_not_published(client, town):
    case = making.submitted(town)
    assert client.get(reverse("portal:published_case", args=[case.number])).status_code == 404
    assert case.number not in client.get(reverse("portal:published")).content.decode()


def test_points_are_moved_to_a_coarse_net_unless_the_case_is_open(client, town):
    exact = {"lon": 114.051234, "lat": 22.851234}
    masked = making.closed(town, **exact)
    opened = making.closed(town, **exact)
    Case.objects.filter(pk=opened.pk).update(publicity=Publicity.OPEN)

    def shown(case):
        answer = client.get(reverse("portal:published_case", args=[case.number]))
        return [(point["lon"], point["lat"]) for point in answer.context["points"]]

    assert shown(masked) == [(114.051, 22.851)]
    assert shown(opened) == [(114.051234, 22.851234)]


def queries_of(client, name):
    cache.clear()
    with CaptureQueriesContext(connection) as counted:
        assert client.get(reverse(f"portal:{name}")).status_code == 200
    return len(counted)


@pytest.mark.parametrize("name", ["home", "published"])
def test_lists_cost_the_same_with_one_row_and_with_three(client, town, name):
    planted(town)
    queries_of(client, name)
    one = queries_of(client, name)
    planted(town)
    planted(town)
    assert queries_of(client, name) == one


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"closed", "handling"}),
        ("?state=open", {"handling"}),
        ("?state=done", {"closed"}),
        ("?state=nonsense", {"closed", "handling"}),
        ("?days=30", {"closed", "handling"}),
        ("?community=999999", {"closed", "handling"}),
    ],
)
def test_the_list_is_narrowed_by_what_is_understood(client, town, query, expected):
    at = timezone.now()
    made = {making.closed(town).number: "closed", making.handling(town).number: "handling"}
    Case.objects.update(created_at=at)
    answer = client.get(reverse("portal:published") + query)
    assert {made[row.case.number] for row in answer.context["rows"]} == expected


def test_outcomes_stand_on_a_map_beside_the_list_under_the_same_filters(client, town):
    exact = {"lon": 114.051234, "lat": 22.851234}
    first, before = making.closed(town, **exact), making.closed(town, **exact)
    midnight = datetime.datetime(2026, 10, 31, 16, tzinfo=datetime.UTC)  # of the city
    Case.objects.filter(pk=first.pk).update(ended_at=midnight)
    Case.objects.filter(pk=before.pk).update(ended_at=midnight - datetime.timedelta(seconds=1))
    answer = client.get(reverse("portal:published"), {"month": "2026-11"})
    assert [row.case.number for row in answer.context["rows"]] == [first.number]
    assert [(point["lon"], point["lat"]) for point in answer.context["points"]] == [
        (114.051, 22.851)
    ]


def test_everybody_searches_the_wording_for_everybody_alone(client, town):
    case = making.closed(town, text=SECRET_WORDS)
    services.publish_text(case, text="沟盖已经换好", by=town.dispatcher, at=timezone.now())

    def found(words):
        answer = client.get(reverse("portal:published"), {"q": words})
        return [row.case.number for row in answer.context["rows"]]

    assert found("换好") == [case.number]
    assert found(SECRET_WORDS) == []


def test_figures_of_the_first_page_are_the_rows_behind_them(client, town):
    making.closed(town)
    making.handling(town)
    making.submitted(town)
    Case.objects.update(created_at=timezone.now())
    figures = client.get(reverse("portal:home")).context["figures"]
    rows = {
        name: len(client.get(reverse("portal:published") + query).context["rows"])
        for name, query in {
            "all": "?days=30",
            "open": "?days=30&state=open",
            "done": "?days=30&state=done",
        }.items()
    }
    assert {name: figures[name] for name in rows} == rows == {"all": 2, "open": 1, "done": 1}


def test_a_cursor_that_we_did_not_make_is_a_bad_request(client, town):
    assert client.get(reverse("portal:published") + "?cursor=nonsense").status_code == 400


def test_only_released_photos_are_served(client, town):
    case = making.closed(town, photos=[making.photo()])
    photo = case.photos.get()
    address = reverse("portal:public_photo", args=[case.number, photo.pk, "small"])
    assert client.get(address).status_code == 404
    Photo.objects.update(is_public=True)
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    answer.close()


def test_a_photo_whose_file_is_gone_is_not_there(client, town):
    case = making.closed(town, photos=[making.photo()])
    Photo.objects.update(is_public=True)
    photo = case.photos.get()
    photo.image.delete(save=False)
    Photo.objects.filter(pk=photo.pk).update(image="cases/gone.jpg")
    address = reverse("portal:public_photo", args=[case.number, photo.pk, "large"])
    assert client.get(address).status_code == 404


def test_the_proof_says_whether_a_history_is_whole(client, town):
    case = making.closed(town)
    address = reverse("portal:verify") + f"?number={case.number}"
    assert client.get(address).context["whole"] is True
    Case.objects.filter(pk=case.pk).update(head="f" * 64)
    assert client.get(address).context["whole"] is False
    unknown = client.get(reverse("portal:verify") + "?number=none")
    assert unknown.context["unknown"] is True


@pytest.mark.parametrize(
    ("template", "status"), [("404.html", 404), ("403_csrf.html", 403), ("500.html", 500)]
)
def test_errors_are_told_in_our_own_words(town, rf, template, status, settings):
    settings.DEBUG = False
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    if status == 404:
        answer = client.get("/no/such/page/")
    elif status == 403:
        answer = client.post(reverse("portal:follow"), {})
    else:
        answer = server_error(rf.get("/"))
    assert answer.status_code == status
    assert 'class="problem"' in answer.content.decode()
