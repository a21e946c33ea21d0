import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.asserts import assertTemplateUsed

from lib.errors import RuleViolation
from lib.roles import Role
from organizations import services
from organizations.models import User
from organizations.services import second_factor
from organizations.services import sign_in as sign_in_limit
from tests.factories.organizations import PASSWORD, PostFactory, UserFactory

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"
ACCOUNT = "/account/"


def sign_in(client, person, password=PASSWORD, *, REMOTE_ADDR="127.0.0.1", **more):  # noqa: N803 -- as WSGI calls it
    given = {"username": person.username, "password": password, **more}
    return client.post(SIGN_IN, given, REMOTE_ADDR=REMOTE_ADDR)


def is_signed_in(client):
    return "_auth_user_id" in client.session


def present_code(person, *, step=0):
    device = TOTPDevice.objects.get(user=person)
    totp = TOTP(device.bin_key)
    totp.time = datetime.datetime.now(datetime.UTC).timestamp() + 30 * step  # noqa: TID251 -- the library reads the clock
    return f"{totp.token():06d}"


def enrolled(person):
    """A person with a second factor, and the recovery codes."""
    second_factor.begin(person)
    codes = second_factor.confirm(person, code=present_code(person), at=timezone.now())
    TOTPDevice.objects.update(last_t=-1)  # the code that confirmed may be used again in a test
    return codes


def test_the_right_password_opens_and_leads_on(client):
    answer = sign_in(client, UserFactory(), next=ACCOUNT)
    assert (answer.status_code, answer["Location"], is_signed_in(client)) == (302, ACCOUNT, True)


def test_a_wrong_password_says_so_without_saying_whether_the_name_exists(client):
    known = sign_in(client, UserFactory(), "wrong").context["form"].errors
    unknown = sign_in(client, UserFactory.build(), "wrong").context["form"].errors
    assert known == unknown
    assert is_signed_in(client) is False


def test_five_failures_close_the_way_even_for_the_right_password(client):
    person = UserFactory()
    for _attempt in range(4):
        assert sign_in(client, person, "wrong").status_code == 200
    assert sign_in(client, person, "wrong").status_code == 429
    answer = sign_in(client, person)
    assert answer.status_code == 429
    assertTemplateUsed(answer, "organizations/locked_out.html")
    assert is_signed_in(client) is False


def test_many_addresses_close_a_name_only_to_browsers_that_it_has_never_used(client, settings):
    person = UserFactory()
    sign_in(client, person)
    client.post("/sign-out/")
    stranger = Client()
    for number in range(sign_in_limit.MOST_FOR_NAME):
        sign_in(stranger, person, "wrong", REMOTE_ADDR=f"203.0.113.{number}")
    assert sign_in(stranger, person, REMOTE_ADDR="203.0.113.99").status_code == 429
    assert sign_in(stranger, UserFactory(), REMOTE_ADDR="203.0.113.99").status_code == 302
    assert sign_in(client, person).status_code == 302
    forged = Client()
    forged.cookies["known_browser"] = sign_in_limit.mark_of(UserFactory())
    assert sign_in(forged, person, REMOTE_ADDR="203.0.113.98").status_code == 429


def test_an_address_of_another_site_is_not_followed(client):
    assert sign_in(client, UserFactory(), next="https://evil.example/")["Location"] == "/workbench/"


def test_signing_out_needs_a_post(client):
    client.force_login(UserFactory())
    assert client.get("/sign-out/").status_code == 405
    assert is_signed_in(client) is True
    client.post("/sign-out/")
    assert is_signed_in(client) is False


def test_a_locked_account_loses_its_open_session(client, security_admin, at):
    person = UserFactory()
    client.force_login(person)
    services.lock_account(person, by=security_admin, at=at)
    assert client.get(ACCOUNT).status_code == 302


def test_an_issued_password_opens_only_the_page_where_it_is_changed(client, security_admin, at):
    person = UserFactory()
    issued = services.issue_password(person, by=security_admin, at=at)
    sign_in(client, person, issued)
    assert client.get(ACCOUNT)["Location"] == "/account/password/"
    answer = client.post(
        "/account/password/",
        {"old_password": issued, "new_password1": "Own-horse-7", "new_password2": "Own-horse-7"},
    )
    assert (answer.status_code, answer["Location"]) == (302, ACCOUNT)
    assert client.get(ACCOUNT).status_code == 200


def test_the_old_password_again_is_refused(client):
    person = UserFactory()
    client.force_login(person)
    same = {"old_password": PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD}
    answer = client.post("/account/password/", same)
    assert list(answer.context["form"].errors) == ["new_password2"]


def test_a_password_grows_old_where_the_settings_say_so(client, settings):
    now = timezone.now()
    person = UserFactory(password_changed_at=now - datetime.timedelta(days=91))
    client.force_login(person)
    assert client.get(ACCOUNT).status_code == 200
    settings.PASSWORD_DAYS = 90
    assert client.get(ACCOUNT)["Location"] == "/account/password/"


def test_a_second_factor_is_set_up_with_its_first_code(client):
    person = UserFactory()
    client.force_login(person)
    assert client.get("/account/code/").status_code == 200
    assert client.post("/account/code/", {"code": "000000"}).context["form"].errors != {}
    assert second_factor.is_enrolled(person) is False
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    answer = client.post("/account/code/", {"code": present_code(person)})
    assert len(answer.context["codes"]) == 10
    assert second_factor.is_enrolled(person) is True


def test_with_a_second_factor_the_password_alone_opens_nothing(client):
    person = UserFactory()
    enrolled(person)
    sign_in(client, person, next=ACCOUNT)
    key = client.session.session_key
    assert client.get(ACCOUNT)["Location"] == "/sign-in/code/"
    answer = client.post("/sign-in/code/", {"code": present_code(person)})
    assert answer["Location"] == ACCOUNT
    assert client.get(ACCOUNT).status_code == 200
    assert client.session.session_key != key


def test_a_recovery_code_opens_once(client):
    person = UserFactory()
    code = enrolled(person)[0]
    sign_in(client, person)
    assert client.post("/sign-in/code/", {"code": code}).status_code == 302
    assert StaticToken.objects.filter(token=code).exists() is False
    with pytest.raises(RuleViolation):
        second_factor.check(person, code=code)


def test_a_wrong_code_keeps_the_session_at_the_second_step(client):
    person = UserFactory()
    enrolled(person)
    sign_in(client, person)
    assert list(client.post("/sign-in/code/", {"code": "123"}).context["form"].errors) == ["code"]
    assert client.get(ACCOUNT)["Location"] == "/sign-in/code/"


def test_removing_the_second_factor_needs_a_present_code(client):
    person = UserFactory()
    enrolled(person)
    client.force_login(person)
    client.post("/account/code/remove/", {"code": "123456"})
    assert second_factor.is_enrolled(person) is True
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    client.post("/account/code/remove/", {"code": present_code(person)})
    assert second_factor.is_enrolled(person) is False


@pytest.mark.parametrize(
    ("role", "goes_to"), [(Role.SYSTEM_ADMIN, "/account/code/"), (Role.HANDLER, None)]
)
def test_administrators_need_a_second_factor_where_the_settings_say_so(
    client, settings, role, goes_to
):
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(PostFactory(role=role).person)
    assert client.get(ACCOUNT).headers.get("Location") == goes_to


def test_the_api_refuses_a_session_that_has_not_passed_its_steps(client):
    person = UserFactory(must_change_password=True)
    client.force_login(person)
    assert client.get("/api/v1/anything/").status_code == 403


def test_a_new_sign_in_ends_the_others_where_the_settings_say_so(client, client_factory, settings):
    settings.ONE_SESSION = True
    person, other = UserFactory(), client_factory()
    sign_in(other, person)
    sign_in(client, person)
    assert client.get(ACCOUNT).status_code == 200
    assert other.get(ACCOUNT)["Location"] == SIGN_IN
    assert is_signed_in(other) is False


def test_a_request_that_left_before_signing_in_takes_no_session_away(client, client_factory):
    session = client.session
    session["chosen"] = "something before signing in"
    session.save()
    before = client_factory()
    before.cookies["sessionid"] = session.session_key
    sign_in(client, UserFactory())  # the session gets a new name
    assert "sessionid" not in before.get(SIGN_IN).cookies
    assert client.get(ACCOUNT).status_code == 200


def test_signing_out_takes_the_cookie_away(client):
    sign_in(client, UserFactory())
    assert client.post("/sign-out/").cookies["sessionid"].value == ""


@pytest.fixture
def client_factory():
    from django.test import Client

    return Client


def test_strangers_have_an_account_page_and_others_none(client):
    assert client.get(ACCOUNT)["Location"] == f"{SIGN_IN}?next={ACCOUNT}"
    client.force_login(UserFactory())
    assert client.get(ACCOUNT).status_code == 200
    assert User.objects.count() == 1


def test_tokens_are_made_shown_once_and_revoked_by_their_owner_only(client):
    person = UserFactory()
    client.force_login(person)
    answer = client.post("/account/tokens/", {"name": "import", "days": 30})
    secret, token = answer.context["secret"], answer.context["token"]
    assert secret in answer.content.decode()
    assert secret not in client.get(ACCOUNT).content.decode()
    client.force_login(UserFactory())
    revoke = reverse("organizations:token_revoke", args=[token.pk])
    assert client.post(revoke).status_code == 404
    client.force_login(person)
    client.post(revoke)
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_a_new_second_factor_is_no_way_around_the_one_that_stands(client):
    person = UserFactory()
    enrolled(person)
    client.force_login(person)
    assert client.get("/account/code/")["Location"] == "/sign-in/code/"
    session = client.session
    session["second_factor"] = "done"
    session.save()
    assert client.get("/account/code/")["Location"] == ACCOUNT
    assert TOTPDevice.objects.filter(user=person).count() == 1
