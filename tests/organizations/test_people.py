import io

import pytest
from django.core.management import call_command

from lib.errors import RuleViolation
from lib.roles import Role
from organizations import services
from organizations.models import ChangeRecord, User
from organizations.services import second_factor
from tests.factories.organizations import PostFactory, UserFactory

pytestmark = pytest.mark.django_db


def actions_of(person):
    return list(ChangeRecord.objects.of(person).values_list("action", flat=True))


def test_a_new_account_has_no_password_until_one_is_issued(system_admin, security_admin, at):
    person = services.make_person(username="li", full_name="李四", by=system_admin, at=at)
    assert person.has_usable_password() is False
    password = services.issue_password(person, by=security_admin, at=at)
    person.refresh_from_db()
    assert person.check_password(password) is True
    assert (person.must_change_password, person.password_changed_at) == (True, at)
    assert actions_of(person) == ["create", "password"]


def test_no_password_stands_in_any_record(system_admin, at):
    person = UserFactory()
    services.set_password(person, password="Correct-horse-9", by=person, at=at)
    (record,) = ChangeRecord.objects.of(person)
    assert set(record.after) == {"password_changed_at"}


@pytest.mark.parametrize("password", ["Ab1!", "onlyletters", "12345678", "person-letters"])
def test_a_weak_password_is_refused_and_the_old_one_stays(at, password):
    person = UserFactory()
    before = person.password
    with pytest.raises(RuleViolation) as refusal:
        services.set_password(person, password=password, by=person, at=at)
    person.refresh_from_db()
    assert (refusal.value.code, person.password) == ("weak_password", before)


def test_an_issued_password_obeys_the_rules(security_admin, at):
    person = UserFactory()
    issued = {services.issue_password(person, by=security_admin, at=at) for _again in range(20)}
    assert len(issued) == 20
    for password in issued:
        services.set_password(UserFactory(), password=password, by=security_admin, at=at)


def test_a_locked_account_is_inactive_until_it_is_unlocked(security_admin, at):
    person = UserFactory()
    assert services.lock_account(person, by=security_admin, at=at).is_active is False
    assert services.unlock_account(person, by=security_admin, at=at).is_active is True
    assert actions_of(person) == ["lock", "unlock"]


def test_nobody_locks_themselves_out_and_the_systems_account_stays_closed(
    security_admin, system, at
):
    with pytest.raises(RuleViolation):
        services.lock_account(security_admin, by=security_admin, at=at)
    with pytest.raises(RuleViolation):
        services.unlock_account(system, by=security_admin, at=at)
    assert User.objects.system().is_active is False


def test_no_administrator_opens_anothers_account_alone(security_admin, system_admin, system, at):
    other = PostFactory(role=Role.SECURITY_ADMIN).person
    for person in (other, system_admin):
        with pytest.raises(RuleViolation) as refusal:
            services.issue_password(person, by=security_admin, at=at)
        assert refusal.value.code == "administrator"
        with pytest.raises(RuleViolation):
            second_factor.remove(person, by=security_admin, at=at)
    assert actions_of(other) == []


def test_on_the_machine_an_administrator_gets_a_new_way_in(system_admin):
    out = io.StringIO()
    call_command("issue_password", system_admin.username, "--second-step", stdout=out)
    system_admin.refresh_from_db()
    assert system_admin.check_password(out.getvalue().strip())
    assert ChangeRecord.objects.of(system_admin).get().by.is_system


def test_names_change_through_their_service_and_nothing_else_does(system_admin, at):
    person = UserFactory()
    assert (
        services.change_person(person, full_name="王五", by=system_admin, at=at).full_name == "王五"
    )
    with pytest.raises(TypeError):
        services.change_person(person, is_active=False, by=system_admin, at=at)
