"""Pages of appraisals: who sees what, what buttons do, the same cost for one row and for many."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lib.roles import Role
from organizations.models import User
from oversight.models import Appeal, Appraisal, Consequence, Scheme, Score
from oversight.registration import to_answer, to_decide, to_review
from oversight.services import appraising, rewarding
from oversight.services.rewarding import Proposal
from tests.factories import appraisals as make
from tests.factories.appraisals import AFTER_APPEALS, AT, BAD, GOOD, fresh, later
from tests.factories.organizations import LONG_AGO, PostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(later(hours=1), tick=False):
        yield


def url(name, *args):
    return reverse(f"oversight:{name}", args=args)


def opened(client, who, address):
    client.force_login(who)
    return client.get(address)


def test_an_assessor_opens_one_in_the_browser_and_sees_its_progress(client, place, offices):
    used = make.scheme()
    client.force_login(place.assessor)
    said = {"scheme": used.pk, "town": place.place.pk, "span": "month", "day": "2026-11-15"}
    answer = client.post(url("appraisal_new"), said)
    row = Appraisal.objects.get()
    assert answer.url == url("appraisal", row.pk)
    assert "hx-get" in client.get(url("appraisal", row.pk)).content.decode()
    assert "HX-Refresh" not in client.get(url("progress", row.pk)).headers
    make.collect(row)
    assert client.get(url("progress", row.pk)).headers["HX-Refresh"] == "true"
    refused = client.post(url("appraisal_new"), said)
    assert refused.status_code == 422
    assert opened(client, place.supervisor, url("appraisal_new")).status_code == 403


def test_two_reviewers_and_the_assessor_bring_it_to_publication(client, place, numbers):
    row = make.computed(place, numbers=numbers)
    assert [to_review(who) for who in (place.supervisor, place.assessor, place.member)] == [1, 0, 0]
    for who, name in (
        (place.supervisor, "sign_first"), (place.member, "sign_second"),
        (place.assessor, "publicise"),
    ):  # fmt: skip
        client.force_login(who)
        assert f"/{name}/" in client.get(url("appraisal", row.pk)).content.decode()
        client.post(url("appraisal_move", row.pk, name))
    assert fresh(row).state == "publicised"
    client.post(url("appraisal_move", row.pk, "publish"))
    assert fresh(row).state == "publicised"
    with time_machine.travel(AFTER_APPEALS, tick=False):
        client.force_login(place.assessor)
        client.post(url("appraisal_move", row.pk, "publish"))
    assert fresh(row).state == "published"
    assert client.post(url("appraisal_move", row.pk, "nonsense")).status_code == 404


def test_a_move_of_somebody_else_is_forbidden(client, place, numbers):
    row = make.computed(place, numbers=numbers)
    client.force_login(place.member)
    assert client.post(url("appraisal_move", row.pk, "sign_first")).status_code == 403
    assert fresh(row).state == "first"


def test_a_result_shows_what_it_is_made_of_and_opens_the_cases(client, place, numbers, offices):
    row = make.publicised(place, numbers=numbers)
    fair = make.of(row, offices[1])
    html = opened(client, offices[1].chief, url("appraised", fair.pk)).content.decode()
    assert "80.0 %" in html
    assert "84.40" in html
    assert url("cases") in html
    assert url("appeal_new", fair.pk, "appeal") in html
    other = opened(client, offices[0].chief, url("appraised", fair.pk)).content.decode()
    assert url("appeal_new", fair.pk, "appeal") not in other


@pytest.mark.parametrize(
    ("show", "results"), [("", 7), ("ranked", 4), ("good", 3), ("poor", 1), ("excellent", 0)]
)
def test_the_heads_of_an_appraisal_open_their_results(
    client, place, numbers, offices, show, results
):
    row = make.publicised(place, numbers=numbers)
    answer = opened(client, place.assessor, url("appraisal", row.pk) + f"?show={show}#results")
    html = answer.content.decode()
    assert len(answer.context["rows"]) == results
    assert [f"show={name}#results" in html for name in ("ranked", "excellent")] == [True, True]


def test_what_a_result_is_judged_by_opens_its_cases_for_staff_and_for_everybody(
    client, place, numbers, offices
):
    row = make.published(place, numbers=numbers)
    answer = opened(client, place.assessor, url("appraisal", row.pk))
    links = {one.score.appraised.body_id: one.url for one in answer.context["rows"]}
    assert links[offices[0].pk].startswith(url("cases"))
    assert client.get(links[offices[0].pk]).status_code == 200
    client.logout()
    public = client.get(url("public_appraisal", row.pk)).context["rows"]
    links = {one.score.appraised.body_id: one.url for one in public}
    assert client.get(links[offices[0].pk]).status_code == 200


def test_an_appeal_is_written_answered_and_the_result_corrected(client, place, numbers, offices):
    row = make.publicised(place, numbers=numbers)
    fair = make.of(row, offices[1])
    client.force_login(offices[1].chief)
    said = {"code": "closed_late", "after": 0, "text": "四件均已获准延期"}
    client.post(url("appeal_new", fair.pk, "appeal"), said)
    asked = Appeal.objects.get()
    assert client.post(url("appeal_new", fair.pk, "appeal"), said).status_code == 422
    assert [to_answer(who) for who in (place.secretary, place.member, place.assessor)] == [1, 0, 0]
    assert opened(client, place.secretary, url("appeals")).content.decode().count("row-link") == 1
    client.post(url("appeal_move", asked.pk, "grant"), {"answer": "属实"})
    assert fresh(asked).state == "granted"
    html = opened(client, offices[1].chief, url("appraised", fair.pk)).content.decode()
    assert "99.40" in html
    assert "84.40" in html


def test_results_of_people_are_closed_to_their_colleagues(client, place):
    town = place.town
    colleague = PostFactory(body=town.office, role=Role.HANDLER).person
    row = make.publicised(place, make.scheme(of="person", role=Role.HANDLER))
    mine = make.of(row, town.handler)
    found = [
        opened(client, who, url("appraised", mine.pk)).status_code
        for who in (town.handler, town.head, colleague, town.resident)
    ]
    assert found == [200, 200, 404, 404]
    listed = opened(client, town.handler, url("appraisals")).content.decode()
    assert url("appraised", mine.pk) in listed
    assert opened(client, town.handler, url("appraisal", row.pk)).status_code == 200


def test_the_public_reads_published_results_of_bodies_only(client, place, numbers, offices):
    row = make.published(place, numbers=numbers)
    people = make.published(place, make.scheme(of="person", role=Role.HANDLER))
    client.logout()
    assert url("public_appraisal", row.pk) in client.get(url("public_appraisals")).content.decode()
    html = client.get(url("public_appraisal", row.pk)).content.decode()
    assert offices[0].name in html
    assert client.get(url("public_appraisal", people.pk)).status_code == 404
    assert client.get(url("appraisal", row.pk)).status_code == 302


def test_other_weights_change_ranks_side_by_side_and_write_nothing(client, place, numbers):
    row = make.computed(place, numbers=numbers)
    client.force_login(place.member)
    before = Score.objects.count()
    same = client.get(url("what_if", row.pk)).context["rows"]
    assert all(not one.moved for one in same)
    other = client.get(url("what_if", row.pk), {"p0": "1", "p1": "900", "p9": "x"}).context["rows"]
    assert [one.then.points for one in other] != [one.now.points for one in same]
    assert client.get(url("what_if", row.pk), {"p0": "nonsense"}).context["rows"] == same
    assert Score.objects.count() == before
    assert opened(client, place.town.head, url("what_if", row.pk)).status_code == 404


def test_a_reward_is_proposed_and_decided_on_pages(client, place, numbers, offices):
    row = make.published(place, numbers=numbers)
    best = make.of(row, offices[0])
    client.force_login(place.assessor)
    client.post(url("propose", best.pk), {"kind": "praise", "words": "闭环及时", "amount": ""})
    made = Consequence.objects.get()
    assert client.post(url("propose", best.pk), {"kind": "talk", "words": "x"}).status_code == 422
    assert [to_decide(who) for who in (place.member, place.assessor)] == [1, 0]
    client.force_login(place.member)
    assert "reason-" in client.get(url("appeals")).content.decode()
    client.post(url("reward_move", made.pk, "approve"))
    assert fresh(made).state == "approved"


def test_a_free_place_is_given_on_the_page_of_the_result(client, place):
    offices = [make.department(place, head=False) for _each in range(5)]
    ranked = dict(zip(offices, [GOOD, GOOD, BAD, BAD, BAD], strict=True))
    row = make.computed(place, numbers=ranked)
    client.force_login(place.supervisor)
    client.post(url("appraisal_move", row.pk, "sign_first"))
    client.force_login(place.member)
    one = make.of(row, offices[0])
    assert url("confer", one.pk) in client.get(url("appraised", one.pk)).content.decode()
    client.post(url("confer", one.pk), {"reason": "工作量大"})
    assert make.score(row, offices[0]).final == "excellent"


@pytest.mark.parametrize("name", ["appraisals", "appeals", "public_appraisals"])
def test_lists_cost_the_same_for_one_row_and_for_three(client, place, numbers, offices, name):
    client.force_login(place.secretary)

    def fill():
        row = make.publicised(place, make.scheme(), numbers=numbers)
        make.appealed(row, offices[1], by=offices[1].chief)
        done = make.published(place, make.scheme(), numbers=numbers)
        rewarding.propose(
            make.of(done, offices[0]), Proposal("praise", "x"), by=place.assessor, at=AFTER_APPEALS
        )

    def cost():
        client.get(url(name))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url(name)).status_code == 200
        return len(seen)

    fill()
    one = cost()
    fill()
    fill()
    assert cost() == one


def test_queues_cost_the_same_for_one_row_and_for_three(place, numbers, offices):
    def fill():
        row = make.publicised(place, make.scheme(), numbers=numbers)
        make.appealed(row, offices[1], by=offices[1].chief)
        make.computed(place, make.scheme(), numbers=numbers)
        done = make.published(place, make.scheme(), numbers=numbers)
        rewarding.propose(
            make.of(done, offices[0]), Proposal("praise", "x"), by=place.assessor, at=AFTER_APPEALS
        )

    def cost():
        users = [User.objects.get(pk=who.pk) for who in (place.secretary, place.supervisor)]
        with CaptureQueriesContext(connection) as seen:
            counts = [count(who) for who in users for count in (to_answer, to_decide, to_review)]
        return len(seen), counts

    fill()
    queries, counts = cost()
    assert counts == [1, 1, 0, 0, 0, 1]
    fill()
    fill()
    assert cost() == (queries, [3 * count for count in counts])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_speak_both_languages(client, place, numbers, offices, language, settings):
    settings.LANGUAGE_CODE = language
    row = make.publicised(place, numbers=numbers)
    client.force_login(place.assessor)
    client.cookies.load({settings.LANGUAGE_COOKIE_NAME: language})
    html = client.get(url("appraisal", row.pk)).content.decode()
    assert ("It is published by itself" in html) is (language == "en")
    assert ("申诉期满" in html) is (language != "en")
    assert url("appraisal_move", row.pk, "publish") not in html
    with time_machine.travel(AFTER_APPEALS, tick=False):
        html = opened(client, place.assessor, url("appraisal", row.pk)).content.decode()
    assert ("Publish the results" in html) is (language == "en")


def test_schemes_and_rules_are_edited_in_the_browser(client, place):
    client.force_login(place.assessor)
    page = reverse("organizations:catalogue_new", args=["schemes"])
    said = {
        "code": "new", "name": "新方案", "name_en": "New", "of": "department", "role": "",
        "sample": "to_handle", "min_sample": 5, "excellent_share": 20, "excellent_from": "90",
        "good_from": "75", "basic_from": "60", "appeal_days": 5, "answer_days": 5,
        "legal_basis": "", "valid_from": "2020-01-01",
    }  # fmt: skip
    answer = client.post(page, said)
    assert answer.status_code == 302, answer.context["form"].errors
    made = Scheme.objects.get(code="new")
    assert made.excellent_from == 9000
    rule = {
        "scheme": "new", "rank": 1, "kind": "rate", "indicator": "solved_rate", "points": "35.5",
        "full_at": "92", "loss": "", "floor": "60", "floor_grade": "basic", "each": "", "free": 0,
        "valid_from": str(LONG_AGO),
    }  # fmt: skip
    rules = reverse("organizations:catalogue_new", args=["scheme-rules"])
    answer = client.post(rules, rule)
    assert answer.status_code == 302, answer.context["form"].errors
    [stored] = made.rules.all()
    assert (stored.points, stored.full_at, stored.loss, stored.floor) == (3550, 9200, None, 6000)
    refused = client.post(rules, {**rule, "kind": "bonus"})
    assert refused.status_code in {200, 422}
    assert made.rules.count() == 1


def test_nobody_signs_where_nothing_is_theirs(client, place, offices):
    PostFactory(person=place.supervisor, body=offices[0], role=Role.HANDLER)
    row = make.computed(place)
    client.force_login(place.supervisor)
    client.post(url("appraisal_move", row.pk, "sign_first"))
    assert fresh(row).state == "first"
    html = client.get(url("appraisal", row.pk)).content.decode()
    assert url("appraisal_move", row.pk, "sign_first") not in html
    assert appraising.publish_due(at=AT) == 0
