import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lib.roles import Role
from organizations import catalogues
from organizations.models import Body, ChangeRecord, Post, Skill, User, WorkingPeriod
from organizations.services import changes
from tests.factories.organizations import (
    LONG_AGO,
    BodyFactory,
    BodyKindFactory,
    PostFactory,
    SkillFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_system(client, system_admin):
    client.force_login(system_admin)
    return client


@pytest.fixture
def as_security(client, security_admin):
    client.force_login(security_admin)
    return client


def errors(answer):
    return answer.context["form"].errors


def test_each_administrator_sees_the_catalogues_of_their_part(client):
    seen = {}
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        client.force_login(PostFactory(role=role).person)
        groups = client.get("/catalogue/").context["groups"]
        seen[role] = {each.key for _group, mine in groups for each in mine}
    assert {"changes", "sign-ins"} & seen[Role.SYSTEM_ADMIN] == set()
    assert {"changes", "sign-ins", "sign-in-failures"} <= seen[Role.AUDIT_ADMIN]
    assert "sign-in-failures" in seen[Role.SECURITY_ADMIN]


def test_who_reads_no_catalogue_has_no_index(client):
    client.force_login(UserFactory())
    assert client.get("/catalogue/").status_code == 403


@pytest.mark.parametrize("path", ["unknown/", "unknown/new/", "unknown/suggest/", "bodies/999/"])
def test_what_is_not_there_is_not_found(as_system, path):
    assert as_system.get(f"/catalogue/{path}").status_code == 404


def test_a_body_is_made_in_the_browser_and_shows_its_history(as_system, system_admin):
    kind, parent = BodyKindFactory(), BodyFactory()
    typed = {
        "kind": kind.pk, "code": "urban", "name": "城管办", "name_en": "Urban office",
        "parent": f"{parent.code} {parent.name}", "valid_from": "2026-01-01",
    }  # fmt: skip
    answer = as_system.post("/catalogue/bodies/new/", typed, follow=True)
    body = Body.objects.get(code="urban")
    assert body.parent == parent
    (step,) = answer.context["history"]
    assert (step.record.by, step.record.action) == (system_admin, "create")
    shown = {difference.label: difference.after for difference in step.differences}
    assert shown["上级机构"] == str(parent)


def test_what_was_typed_stays_when_the_form_is_refused(as_system):
    answer = as_system.post(
        "/catalogue/bodies/new/", {"name": "城管办", "uscc": "x", "parent": "none"}
    )
    assert answer.status_code == 200
    assert {"kind", "code", "parent", "uscc"} <= errors(answer).keys()
    assert answer.context["form"]["name"].value() == "城管办"
    assert Body.objects.filter(name="城管办").exists() is False


def test_a_circle_of_bodies_is_refused_with_a_sentence(as_system):
    top = BodyFactory()
    low = BodyFactory(parent=top)
    typed = {"kind": top.kind_id, "code": top.code, "name": top.name, "name_en": top.name_en}
    answer = as_system.post(f"/catalogue/bodies/{top.pk}/edit/", {**typed, "parent": low.code})
    assert list(errors(answer)) == ["__all__"]
    top.refresh_from_db()
    assert top.parent is None


def test_ending_a_body_that_has_posts_is_refused(as_system):
    post = PostFactory()
    answer = as_system.post(
        f"/catalogue/bodies/{post.body_id}/end/", {"on": "2030-01-01"}, follow=True
    )
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    post.body.refresh_from_db()
    assert post.body.valid_to is None


def test_only_what_nothing_uses_is_removed(as_system):
    used, free = SkillFactory(), SkillFactory()
    PostFactory().skills.add(used)
    for skill in (used, free):
        as_system.post(f"/catalogue/skills/{skill.pk}/remove/")
    assert set(Skill.objects.all()) == {used}
    assert [record.key for record in ChangeRecord.objects.filter(action="delete")] == [str(free.pk)]


def test_a_list_shows_what_holds_today_unless_asked_otherwise(as_system):
    today = timezone.localdate()
    day = datetime.timedelta(days=1)
    now = BodyFactory(name="现在")
    past = BodyFactory(name="过去", valid_to=today)
    later = BodyFactory(name="将来", valid_from=today + day)

    def shown(query=""):
        return {
            row for row, _cells in as_system.get(f"/catalogue/bodies/?q=在{query}").context["lines"]
        }

    assert shown() == {now}
    names = {row for row, _cells in as_system.get("/catalogue/bodies/?holds=past").context["lines"]}
    assert names == {past}
    names = {
        row for row, _cells in as_system.get("/catalogue/bodies/?holds=later").context["lines"]
    }
    assert names == {later}


@pytest.mark.parametrize("key", ["bodies", "people", "posts", "kinds", "skills"])
def test_a_list_costs_the_same_for_1_and_for_3_rows(as_system, key):
    counts = []
    for number in (1, 2):
        for _again in range(number):
            BodyKindFactory(code=f"k{BodyKindFactory._meta.model.objects.count()}")
            SkillFactory()
            PostFactory(body=BodyFactory(parent=BodyFactory()))
        as_system.get(f"/catalogue/{key}/")
        with CaptureQueriesContext(connection) as queries:
            as_system.get(f"/catalogue/{key}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_history_costs_the_same_for_1_and_for_3_changes(as_system, system, at):
    body = BodyFactory()
    counts = []
    for number in (1, 2):
        for _again in range(number):
            parent = BodyFactory()
            changes.revise(body, {"parent": parent}, by=system, at=at)
        with CaptureQueriesContext(connection) as queries:
            as_system.get(f"/catalogue/bodies/{body.pk}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_rule_that_has_been_applied_is_followed_by_another_not_rewritten(as_system):
    old = WorkingPeriod.objects.create(
        starts=datetime.time(8, 30), ends=datetime.time(12), valid_from=LONG_AGO
    )
    typed = {"starts": "09:00", "ends": "12:00", "valid_from": "2030-01-01"}
    as_system.post(f"/catalogue/working-periods/{old.pk}/edit/", typed)
    old.refresh_from_db()
    new = WorkingPeriod.objects.get(valid_from=datetime.date(2030, 1, 1))
    assert (old.starts, old.valid_to) == (datetime.time(8, 30), datetime.date(2030, 1, 1))
    assert (new.starts, new.valid_to) == (datetime.time(9), None)


def test_a_rule_that_has_not_begun_is_simply_changed(as_system):
    row = WorkingPeriod.objects.create(
        starts=datetime.time(8), ends=datetime.time(12), valid_from=datetime.date(2030, 1, 1)
    )
    typed = {"starts": "09:00", "ends": "12:00", "valid_from": "2029-12-01"}
    as_system.post(f"/catalogue/working-periods/{row.pk}/edit/", typed)
    row.refresh_from_db()
    assert WorkingPeriod.objects.count() == 1
    assert (row.starts, row.valid_from) == (datetime.time(9), datetime.date(2029, 12, 1))


def test_accounts_are_opened_by_one_administrator_and_passwords_issued_by_another(
    client, system_admin, security_admin
):
    client.force_login(system_admin)
    client.post("/catalogue/people/new/", {"username": "li", "full_name": "李四"})
    person = User.objects.get(username="li")
    address = f"/catalogue/people/{person.pk}/do/password/"
    assert client.post(address).status_code == 403
    client.force_login(security_admin)
    assert client.post("/catalogue/people/new/", {"username": "x"}).status_code == 403
    secret = client.post(address).context["secret"].text
    person.refresh_from_db()
    assert (person.check_password(secret), person.must_change_password) == (True, True)


def test_an_action_without_a_form_is_not_done_by_looking(as_security):
    person = UserFactory()
    answer = as_security.get(f"/catalogue/people/{person.pk}/do/lock/")
    person.refresh_from_db()
    assert (answer.status_code, person.is_active) == (302, True)
    as_security.post(f"/catalogue/people/{person.pk}/do/lock/")
    person.refresh_from_db()
    assert person.is_active is False


def give(role, person, body):
    return {
        "person": person.username, "body": body.code, "role": role, "capacity": 5,
        "valid_from": "2026-01-01",
    }  # fmt: skip


def test_posts_are_given_by_the_administrator_whose_part_they_are(
    client, system_admin, security_admin
):
    person, body = UserFactory(), BodyFactory()
    for giver, role, given in (
        (system_admin, Role.HANDLER, True),
        (system_admin, Role.AUDIT_ADMIN, False),
        (security_admin, Role.VERIFIER, False),
        (security_admin, Role.AUDIT_ADMIN, True),
    ):
        client.force_login(giver)
        client.post("/catalogue/posts/new/", give(role, person, body))
        assert Post.objects.filter(person=person, role=role).exists() is given


def test_duty_hours_are_typed_by_weekday(as_system):
    post = PostFactory()
    address = f"/catalogue/posts/{post.pk}/do/duty-hours/"
    as_system.post(address, {"day0": "8:30-12:00，14:30-17:30", "day5": "09:00-12:00"})
    hours = [(row.weekday, f"{row.starts:%H:%M}") for row in post.duty_hours.order_by("pk")]
    assert hours == [(0, "08:30"), (0, "14:30"), (5, "09:00")]
    assert as_system.get(address).context["form"].initial["day0"] == "08:30-12:00, 14:30-17:30"
    for wrong in ("8", "25:00-26:00", "12:00-08:00", "8:00-9:00-10:00"):
        assert errors(as_system.post(address, {"day0": wrong})) != {}


def test_who_and_where_stay_when_a_post_is_changed(as_system):
    post = PostFactory(capacity=5)
    answer = as_system.get(f"/catalogue/posts/{post.pk}/edit/")
    assert {"person", "body", "role"} & answer.context["form"].fields.keys() == set()
    as_system.post(f"/catalogue/posts/{post.pk}/edit/", {"capacity": 9, "title": "组长"})
    post.refresh_from_db()
    assert (post.capacity, post.title) == (9, "组长")


def test_suggestions_name_code_and_name_and_people_stay_with_administrators(client, as_system):
    body = BodyFactory(code="urban-1", name="城管办", name_en="Urban office")
    found = as_system.get("/catalogue/bodies/suggest/?q=城管").json()
    assert found == {"options": [f"urban-1 {body}"]}
    client.force_login(PostFactory(role=Role.DEPARTMENT_HEAD).person)
    assert client.get("/catalogue/people/suggest/?q=a").status_code == 403


def test_a_name_that_two_rows_have_is_not_guessed(as_system):
    BodyFactory(name="办公室"), BodyFactory(name="办公室")
    answer = as_system.post("/catalogue/bodies/new/", {"parent": "办公室"})
    assert [error.code for error in errors(answer).as_data()["parent"]] == ["ambiguous"]


def test_the_audit_administrator_reads_changes_and_can_change_nothing(
    client, audit_admin, system, at
):
    changes.create(Skill(code="x", name="x", name_en="x"), by=system, at=at)
    client.force_login(audit_admin)
    ((record, cells),) = client.get("/catalogue/changes/?q=skill").context["lines"]
    assert (record.key, cells[4].text) == (str(Skill.objects.get().pk), "create")
    assert client.get(f"/catalogue/changes/{record.pk}/").status_code == 200
    for catalogue in catalogues.every():
        assert catalogue.is_edited_by({Role.AUDIT_ADMIN}) is False


def test_a_cursor_that_is_not_ours_is_answered_400(as_system):
    assert as_system.get("/catalogue/bodies/?cursor=x").status_code == 400


def test_a_yes_or_no_filter_asks_for_any_unless_it_is_told(as_system):
    gone = UserFactory(is_active=False, full_name="离岗")
    form = as_system.get("/catalogue/people/").context["filters"]
    assert [value for value, _label in form["is_active"].field.choices] == ["", "True", "False"]
    answer = as_system.get("/catalogue/people/", {"is_active": "False"})
    assert [row for row, _cells in answer.context["lines"]] == [gone]
