"""Pages of training, selection and posts, by who may open them, in both languages."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from funding.models import PayActual, PayGrade
from lib.roles import Role
from organizations.models import Post
from talent import holdings
from talent.models import Candidate, Certificate, Course, Establishment, Movement, Selection
from talent.services import enrolling, shortlisting, staffing
from talent.services.staffing import Coming, Going
from tests.factories import talent as make
from tests.factories.organizations import LONG_AGO, UserFactory
from tests.factories.talent import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def as_(client):
    def signed_in(person):
        client.force_login(person)
        return client

    return signed_in


def text(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def url(name, *arguments):
    return reverse(f"talent:{name}", args=arguments)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_strangers_read_what_is_open(client, place, now, language):
    course, selection = make.opened(place, at=now), make.open_selection(place, at=now)
    hidden, draft = make.planned(place, at=now), make.drafted(place, at=now)
    client.cookies["django_language"] = language
    for name in ("home", "courses", "selections", "verify_ask"):
        text(client.get(url(name)))
    assert course.title in text(client.get(url("course", course.pk)))
    assert selection.title in text(client.get(url("selection", selection.pk)))
    text(client.get(url("course", hidden.pk)), 404)
    text(client.get(url("selection", draft.pk)), 404)


def test_empty_pages_help(client, place):
    for name in ("home", "courses", "selections"):
        assert "empty-state" in text(client.get(url(name)))


def test_somebody_takes_a_place_and_gives_it_back(as_, place, now):
    course, person = make.opened(place, at=now), UserFactory()
    page = as_(person)
    answer = page.post(url("enrol", course.pk), {"name": "李小明"})
    assert answer.url == url("course", course.pk)
    row = course.enrolments.get()
    assert row.person == person
    again = page.post(url("enrol", course.pk), {"name": "李小明"})
    assert again.status_code == 422
    page.post(url("enrolment_leave", row.pk))
    row.refresh_from_db()
    assert row.state == "cancelled"
    text(as_(UserFactory()).post(url("enrolment_leave", row.pk)), 404)


def test_a_course_is_planned_run_and_examined_at_the_desk(as_, place, now):
    page = as_(place.member)
    begins = now + 2 * DAY
    given = {
        "community": place.community.pk, "programme": make.programme(place).pk,
        "base": make.base().pk, "body": place.body.pk, "teacher": place.second.username,
        "title": "网格员实务", "sign_up_until": f"{begins:%Y-%m-%dT%H:%M}",
        "starts_at": f"{begins:%Y-%m-%dT%H:%M}", "ends_at": f"{begins + DAY:%Y-%m-%dT%H:%M}",
        "hours": 8, "attend_hours": 6, "places": 3, "full_mark": 100, "pass_mark": 60,
    }  # fmt: skip
    answer = page.post(url("course_new"), given)
    course = Course.objects.get()
    assert answer.url == url("roster", course.pk)
    changed = page.post(url("course_edit", course.pk), {**given, "title": "网格员实务二"})
    assert changed.url == url("roster", course.pk)
    page.post(url("course_move", course.pk, "open"))
    course.refresh_from_db()
    assert (course.title, course.state) == ("网格员实务二", "open")
    row = make.enrolled(course, at=now)
    Course.objects.update(sign_up_until=now - 3 * DAY, starts_at=now - 2 * DAY, ends_at=now - DAY)
    assert row.name in text(page.get(url("roster", course.pk)))
    page.post(url("enrolment_note", row.pk), {"hours": 8})
    page.post(url("enrolment_grade", row.pk), {"score": 75})
    row.refresh_from_db()
    assert (row.state, row.score) == ("passed", 75)
    page.post(url("course_move", course.pk, "finish"))
    course.refresh_from_db()
    assert course.state == "finished"
    assert Certificate.objects.get().number in text(page.get(url("roster", course.pk)))


def test_desks_are_closed_to_strangers(as_, place, now):
    course, selection = make.opened(place, at=now), make.drafted(place, at=now)
    elsewhere = as_(make.make_place().member)
    text(elsewhere.get(url("roster", course.pk)), 404)
    text(elsewhere.get(url("choosing", selection.pk)), 404)
    text(as_(place.staff[0]).get(url("desk_courses")), 403)
    text(as_(place.staff[0]).get(url("staffing")), 403)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_stranger_verifies_a_certificate_and_learns_nothing_else(
    client, as_, place, now, language
):
    person = UserFactory(phone="13812345678")
    row = make.passed(make.opened(place, at=now - 9 * DAY), by=person, at=now - 9 * DAY)
    found = row.certificate
    client.cookies["django_language"] = language
    shown = text(client.get(url("verify", found.code.lower())))
    assert found.number in shown
    assert "13812345678" not in shown
    text(client.get(url("verify", "NOSUCHCODE")), 404)
    asked = client.post(url("verify_ask"), {"code": f"{found.code[:4]} {found.code[4:]}"})
    assert asked.url == url("verify", found.code)
    assert client.get(url("certificate", found.number)).status_code == 302
    text(as_(UserFactory()).get(url("certificate", found.number)), 404)
    assert found.number in text(as_(person).get(url("certificate", found.number)))
    paper = client.get(url("certificate_paper", found.number))
    assert paper.content.startswith(b"%PDF")
    as_(place.member).post(url("certificate_revoke", found.number), {"reason": "替考"})
    client.logout()
    assert "tone-overdue" in text(client.get(url("verify", found.code)))


def _close(selection, now):
    Selection.objects.filter(pk=selection.pk).update(apply_until=now - datetime.timedelta(hours=1))


def _begun(as_, place, now):
    """Prepared and opened at the desk."""
    given = {
        "community": place.community.pk, "body": place.body.pk, "role": Role.GRID_WORKER,
        "title": "社区工作者", "terms": "大专以上", "places": 1,
        "apply_until": f"{now + DAY:%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    page = as_(place.member)
    page.post(url("selection_new"), given)
    made = Selection.objects.get()
    assert page.post(url("criteria", made.pk), {"criteria": "群众工作"}).status_code == 422
    page.post(url("criteria", made.pk), {"criteria": "群众工作 60\n文字 表达 40"})
    for person in place.staff[:2]:
        page.post(url("judge_new", made.pk), {"person": person.username})
    page.post(url("selection_edit", made.pk), {**given, "title": "社区工作者一名"})
    page.post(url("selection_move", made.pk, "open"))
    return made


def _judged(as_, place, made, row):
    for person in place.staff[:2]:
        judge = as_(person)
        assert "李小明" in text(judge.get(url("judging")))
        fields = {f"points-{one.pk}": 30 for one in made.criteria.all()}
        assert judge.post(url("score", row.pk), fields).url == url("judging")
    text(as_(place.staff[2]).get(url("score", row.pk)), 404)


def _objected(as_, place, made, row):
    objector = as_(UserFactory())
    objector.post(url("object", row.pk), {"text": "材料不实"})
    assert "材料不实" in text(objector.get(url("selection", made.pk)))
    desk = as_(place.member)
    assert "材料不实" in text(desk.get(url("choosing", made.pk)))
    assert "李小明" in text(desk.get(url("desk_selections")))
    desk.post(url("answer", row.objections.get().pk), {"upheld": "no", "reason": "已核实"})


def test_a_selection_from_the_desk_to_the_post(as_, place, now):
    made = _begun(as_, place, now)
    applicant, other = UserFactory(), UserFactory()
    as_(applicant).post(url("apply", made.pk), {"name": "李小明", "statement": "五年经验"})
    as_(place.staff[3]).post(
        url("recommend", made.pk), {"person": other.username, "statement": "很好"}
    )
    row = Candidate.objects.get(person=applicant)
    as_(other).post(url("candidate_move", Candidate.objects.get(person=other).pk, "withdraw"))
    _close(made, now)
    as_(place.member).post(url("selection_move", made.pk, "close"))
    _judged(as_, place, made, row)
    as_(place.member).post(url("publish", made.pk), {"days": 7})
    assert "李小明" in text(as_(UserFactory()).get(url("selection", made.pk)))
    _objected(as_, place, made, row)
    past = {"published_at": now - 9 * DAY, "objections_until": now - DAY}
    Selection.objects.update(**past)
    secretary = as_(place.secretary)
    secretary.post(url("selection_move", made.pk, "decide"))
    given = {"valid_from": f"{now:%Y-%m-%d}"}
    assert secretary.post(url("appoint", row.pk), given).url == url("choosing", made.pk)
    row.refresh_from_db()
    assert row.state == "appointed"
    for name in ("choosing", "selection"):
        assert "李小明" in text(secretary.get(url(name, made.pk)))


def test_names_are_not_public_before_the_short_list(client, place, now):
    made = make.open_selection(place, at=now)
    row = make.applied(made, at=now)
    assert row.name not in text(client.get(url("selection", made.pk)))


def test_a_judge_declares_a_relative(as_, place, now):
    _made, rows = make.judging_one(place, at=now - 9 * DAY)
    page = as_(place.staff[0])
    page.post(url("kin", rows[0].pk))
    fields = {f"points-{one.pk}": 30 for one in rows[0].selection.criteria.all()}
    text(page.post(url("score", rows[0].pk), fields), 403)
    assert rows[0].kin.count() == 1


def test_excluding_and_cancelling_need_reasons(as_, place, now):
    made, rows = make.judging_one(place, at=now - 9 * DAY)
    page = as_(place.member)
    page.post(url("exclude", rows[0].pk), {"reason": ""})
    rows[0].refresh_from_db()
    assert rows[0].state == "applied"
    page.post(url("exclude", rows[0].pk), {"reason": "学历不符"})
    page.post(url("selection_move", made.pk, "cancel"), {"reason": "岗位撤销"})
    rows[0].refresh_from_db()
    made.refresh_from_db()
    assert (rows[0].state, made.state) == ("excluded", "cancelled")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_figures_of_staff_open_their_rows(as_, place, now, language):
    today = timezone.localdate(now)
    Establishment.objects.create(
        body=place.body, role=Role.COMMUNITY_WORKER, places=6, valid_from=LONG_AGO
    )
    leaver = place.staff[0].posts.get()
    staffing.leave(leaver, Going("resigned", today), by=place.member, at=now)
    grade = PayGrade.objects.create(
        post="worker", level=1, pay=500_000, benefits=100_000, valid_from=LONG_AGO
    )
    PayActual.objects.create(
        body=place.body, grade=grade, month=today.replace(day=1), people=3, pay=1_500_000,
        benefits=270_000, entered_by=place.member, entered_at=now, checked_by=place.second,
        checked_at=now,
    )  # fmt: skip
    page = as_(place.secretary)
    page.cookies["django_language"] = language
    shown = text(page.get(url("staffing")))
    assert "3 (50.0 %)" in shown
    assert "28.6 %" in shown
    assert "98.3 %" in shown
    rows = url("staff_rows") + f"?what=exit&body={place.body.pk}&role=community_worker"
    assert str(place.staff[0].pk) in text(page.get(rows))
    text(page.get(url("staff_rows") + "?what=x"), 404)


def test_what_nothing_divides_is_a_dash(as_, place):
    shown = text(as_(place.secretary).get(url("staffing")))
    assert "—" in shown


def test_somebody_comes_gets_a_level_and_leaves(as_, place, now):
    person, page = UserFactory(), as_(place.member)
    given = {
        "person": person.username, "body": place.body.pk, "role": Role.GRID_WORKER,
        "why": "recruited", "day": f"{now:%Y-%m-%d}",
    }  # fmt: skip
    assert page.post(url("enter"), given).url == url("career", person.pk)
    page.post(url("level", person.pk), {"team": place.team.pk, "day": f"{now:%Y-%m-%d}"})
    assert place.team.name in text(page.get(url("career", person.pk)))
    post = Post.objects.get(person=person)
    page.post(url("leave", post.pk), {"why": "resigned", "day": f"{now + DAY:%Y-%m-%d}"})
    assert Movement.objects.filter(post=post).count() == 2


def test_a_career_is_for_the_person_and_the_chain(as_, place, now):
    person = place.staff[0]
    make.passed(make.opened(place, at=now - 9 * DAY), by=person, at=now - 9 * DAY)
    make.decided(place, at=now - 30 * DAY)
    text(as_(person).get(url("mine")))
    text(as_(place.secretary).get(url("career", person.pk)))
    text(as_(place.staff[1]).get(url("career", person.pk)), 404)
    text(as_(make.make_place().secretary).get(url("career", person.pk)), 404)
    resident = UserFactory(is_resident=True, nickname="小李")
    text(as_(resident).get(url("mine")))
    text(as_(resident).get(url("career", person.pk)), 404)


def test_lists_cost_the_same_at_one_row_and_at_three(as_, place, now):
    def more():
        make.passed(make.opened(place, at=now - 9 * DAY), by=place.staff[3], at=now - 9 * DAY)
        row = make.published(place, at=now - 8 * DAY, title="岗位")[1][0]
        shortlisting.object_to(row, text="x", by=UserFactory(), at=now - 3 * DAY)
        staffing.enter(
            UserFactory(), Coming(place.body, Role.GRID_WORKER, "recruited", LONG_AGO),
            by=place.member, at=now,
        )  # fmt: skip

    names = (
        "home", "courses", "selections", "desk_courses", "desk_selections", "staffing",
        "staff_rows",
    )  # fmt: skip

    def costs(person):
        page, found = as_(person), {}
        for name in names:
            with CaptureQueriesContext(
                connection,
            ) as caught:
                text(page.get(url(name)))
            found[name] = len(caught)
        with CaptureQueriesContext(connection) as caught:
            text(page.get(url("career", place.staff[3].pk)))
        return found | {"career": len(caught)}

    more()
    costs(place.member)
    first = costs(place.member)
    more()
    more()
    assert costs(place.member) == first


def test_what_is_held_of_a_resident_is_copied_and_erased(place, now):
    person = UserFactory(is_resident=True, nickname="小李")
    course = make.opened(place, at=now)
    enrolling.enrol(course, name="李小明", by=person, at=now)
    make.applied(make.open_selection(place, at=now), by=person, at=now)
    copied = holdings.export(person)
    assert copied["courses"][0]["name"] == "李小明"
    assert copied["applications"][0]["statement"] == "五年经验"
    holdings.erase(person, now)
    assert holdings.export(person)["courses"][0]["name"] == "—"
