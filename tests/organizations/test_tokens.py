import datetime

import pytest
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.test import APIRequestFactory

from lib.errors import RuleViolation
from organizations import services
from organizations.api import BearerAuthentication
from organizations.models import AccessToken
from organizations.services.tokens import PER_PERSON, note_use
from tests.factories.organizations import UserFactory

pytestmark = pytest.mark.django_db


def authenticate(header):
    request = APIRequestFactory().get("/", HTTP_AUTHORIZATION=header)
    return BearerAuthentication().authenticate(request)


def test_a_token_stands_for_its_person_and_only_its_digest_is_kept(at):
    token, secret = services.make_token(UserFactory(), name="import", at=at)
    assert authenticate(f"Bearer {secret}") == (token.person, token)
    assert secret not in str(AccessToken.objects.values().get())


@pytest.mark.parametrize("header", ["", "Basic eDp5"])
def test_other_schemes_are_left_to_others(header):
    assert authenticate(header) is None


def test_a_token_that_is_unknown_ended_revoked_or_locked_opens_nothing(at):
    now = timezone.now()
    ended = services.make_token(UserFactory(), name="x", at=at, expires_at=now)[1]
    row, revoked = services.make_token(UserFactory(), name="x", at=at)
    services.revoke_token(row, at=at)
    locked = services.make_token(UserFactory(is_active=False), name="x", at=at)[1]
    issued = services.make_token(UserFactory(must_change_password=True), name="x", at=at)[1]
    for secret in ("gz_unknown", ended, revoked, locked, issued):
        with pytest.raises(AuthenticationFailed):
            authenticate(f"Bearer {secret}")


def test_revoking_twice_keeps_the_first_moment(at):
    token, _secret = services.make_token(UserFactory(), name="x", at=at)
    services.revoke_token(token, at=at)
    services.revoke_token(token, at=at + datetime.timedelta(days=1))
    token.refresh_from_db()
    assert token.revoked_at == at


def test_use_is_noted_at_most_once_a_minute(at, django_assert_num_queries):
    token, _secret = services.make_token(UserFactory(), name="x", at=at)
    note_use(token, at=at)
    token.refresh_from_db()
    assert token.last_used_at == at
    with django_assert_num_queries(0):
        note_use(token, at=at + datetime.timedelta(seconds=59))


def test_a_person_has_a_bounded_number_of_tokens(at):
    person = UserFactory()
    for number in range(PER_PERSON):
        token, _secret = services.make_token(person, name=str(number), at=at)
    with pytest.raises(RuleViolation):
        services.make_token(person, name="one more", at=at)
    services.revoke_token(token, at=at)
    services.make_token(person, name="one more", at=at)
