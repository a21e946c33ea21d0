import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from lib.roles import ADMINISTRATORS
from organizations.models import User
from tests.factories.organizations import BodyFactory

pytestmark = pytest.mark.django_db


def test_the_first_three_get_a_post_each_and_a_password_to_change(capsys):
    call_command("make_administrators", BodyFactory().code, "xt", "aq", "sj")
    printed = dict(line.split("\t") for line in capsys.readouterr().out.splitlines())
    people = User.objects.filter(username__in=printed)
    assert {role for one in people for role in one.roles_on(timezone.localdate())} == ADMINISTRATORS
    for person in people:
        assert person.check_password(printed[person.username]) is True
        assert person.must_change_password is True


def test_nothing_is_made_when_a_name_is_taken_twice_or_the_body_is_missing():
    body = BodyFactory()
    for code, names in ((body.code, ("a", "a", "b")), ("none", ("a", "b", "c"))):
        with pytest.raises(CommandError):
            call_command("make_administrators", code, *names)
    assert User.objects.exclude(username="system").exists() is False
