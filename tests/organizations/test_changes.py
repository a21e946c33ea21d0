import datetime

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import translation

from lib.chain import GENESIS, first_break
from lib.errors import RuleViolation
from organizations.models import ChangeRecord, Skill
from organizations.services import changes
from tests.factories.organizations import BodyFactory, PostFactory, SkillFactory, UserFactory

pytestmark = pytest.mark.django_db


def records_of(obj):
    return list(ChangeRecord.objects.of(obj).order_by("number"))


def test_a_new_row_is_recorded_with_all_its_columns(system, at):
    skill = changes.create(
        Skill(code="first-aid", name="急救", name_en="First aid"), by=system, at=at
    )
    (record,) = records_of(skill)
    assert (record.action, record.by, record.at, record.before) == ("create", system, at, {})
    assert record.after == {
        "id": skill.pk,
        "code": "first-aid",
        "name": "急救",
        "name_en": "First aid",
    }
    assert (record.number, record.previous_hash) == (1, GENESIS)


def test_a_change_records_only_what_differs(system, at):
    skill = SkillFactory(name="急救")
    changed = changes.revise(skill, {"name": "急救员", "name_en": skill.name_en}, by=system, at=at)
    (record,) = records_of(skill)
    assert changed.name == "急救员"
    assert (record.before, record.after) == ({"name": "急救"}, {"name": "急救员"})


def test_a_change_of_nothing_leaves_no_record(system, at):
    skill = SkillFactory()
    changes.revise(skill, {"name": skill.name}, by=system, at=at)
    assert records_of(skill) == []


def test_links_are_part_of_the_record(system, at):
    post, skill = PostFactory(), SkillFactory()
    changes.revise(post, {}, by=system, at=at, links={"skills": [skill]})
    (record,) = records_of(post)
    assert (record.before, record.after) == ({"skills": []}, {"skills": [skill.pk]})


def test_a_value_that_the_table_refuses_changes_nothing_and_is_explained(system, at):
    SkillFactory(code="taken")
    skill = SkillFactory(code="free")
    with translation.override("en"), pytest.raises(RuleViolation) as refusal:
        changes.revise(skill, {"code": "taken", "name": ""}, by=system, at=at)
    assert str(refusal.value) == (
        "name: This field cannot be blank. code: Skill with this Code already exists."
    )
    skill.refresh_from_db()
    assert skill.code == "free"
    assert records_of(skill) == []


def test_names_and_telephones_of_people_are_kept_masked_and_passwords_not_at_all(system, at):
    person = UserFactory(full_name="张三丰", phone="13812345678")
    kept = changes.snapshot(person)
    assert (kept["full_name"], kept["phone"]) == ("张*丰", "138****5678")
    assert {"password", "last_login"} & kept.keys() == set()


def test_a_dated_row_ends_once(system, at):
    body = BodyFactory()
    ended = changes.end(body, on=datetime.date(2027, 1, 1), by=system, at=at)
    assert ended.valid_to == datetime.date(2027, 1, 1)
    with pytest.raises(RuleViolation):
        changes.end(body, on=datetime.date(2027, 2, 1), by=system, at=at)
    assert [record.action for record in records_of(body)] == ["end"]


def test_records_of_one_row_form_a_chain_that_shows_a_forged_link(system, at):
    skill = SkillFactory()
    for name in ("a", "b", "c"):
        changes.revise(skill, {"name": name}, by=system, at=at)
    records = records_of(skill)
    assert first_break(records) is None
    records[1].after = {"name": "x"}
    assert first_break(records) == records[1]


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_refuses_to_rewrite_a_record(system, at, verb):
    changes.create(Skill(code="x", name="x", name_en="x"), by=system, at=at)
    rows = ChangeRecord.objects.all()
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        rows.update(action="y") if verb == "update" else rows.delete()
    assert [record.action for record in ChangeRecord.objects.all()] == ["create"]
