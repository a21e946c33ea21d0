import copy
import json

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lib.roles import Role
from organizations import services
from organizations.models import Code, Delivery, User, Verification
from organizations.services import codes
from tests.factories.organizations import PASSWORD, PostFactory, UserFactory
from tests.factories.residents import ResidentFactory, verified

pytestmark = pytest.mark.django_db
PHONE = "13800001111"
ENTER, CODE, WELCOME, ME = (
    "/account/enter/",
    "/account/enter/code/",
    "/account/enter/welcome/",
    "/me/",
)


def sent_code():
    return Delivery.objects.filter(kind=codes.KIND).order_by("-pk").first().params["code"]


def enter(client, phone=PHONE, **more):
    client.post(ENTER, {"phone": phone}, **more)
    return client.post(CODE, {"code": sent_code()}, **more)


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_a_new_number_is_asked_for_a_name_and_then_stands_on_its_page(client):
    client.get(ENTER, {"next": "/published/"})
    assert enter(client)["Location"] == WELCOME
    assert is_signed_in(client) is False
    refused = client.post(WELCOME, {"nickname": "榕树头"})
    assert (refused.status_code, User.objects.filter(is_resident=True).count()) == (422, 0)
    answer = client.post(WELCOME, {"nickname": "榕树头", "agreed": "on"})
    assert (answer["Location"], is_signed_in(client)) == ("/published/", True)
    assert "榕树头" in client.get(ME).content.decode()


def test_a_known_number_is_let_in_and_told_nothing_else_on_the_way(client):
    person = ResidentFactory(phone=PHONE)
    known = client.post(ENTER, {"phone": PHONE})
    other = Client().post(ENTER, {"phone": "13900002222"})
    assert (known.status_code, known["Location"]) == (other.status_code, other["Location"])
    answer = client.post(CODE, {"code": sent_code_for(PHONE)})
    assert (answer["Location"], client.session["_auth_user_id"]) == (ME, str(person.pk))


def sent_code_for(phone):
    rows = Delivery.objects.filter(kind=codes.KIND, address=phone)
    return rows.order_by("-pk").first().params["code"]


def test_the_next_page_is_one_of_ours(client):
    ResidentFactory(phone=PHONE)
    client.get(ENTER, {"next": "https://elsewhere.example/"})
    assert enter(client)["Location"] == ME


def test_a_wrong_code_says_so_and_opens_nothing(client):
    client.post(ENTER, {"phone": PHONE})
    right = sent_code()
    answer = client.post(CODE, {"code": f"{(int(right) + 1) % 10**6:06d}"})
    assert (answer.status_code, is_signed_in(client)) == (422, False)


def test_the_code_is_of_use_in_this_browser_only(client):
    client.post(ENTER, {"phone": PHONE})
    thief = Client()
    assert thief.post(CODE, {"code": sent_code()})["Location"] == ENTER
    thief.post(ENTER, {"phone": PHONE})
    first = Code.objects.order_by("pk").first()
    assert (first.used_at, Code.objects.count()) == (None, 2)


def test_a_password_opens_too_and_unknown_numbers_are_refused_in_the_same_words(client):
    person = ResidentFactory(phone=PHONE)
    url = reverse("organizations:enter_password")
    wrong = client.post(url, {"phone": PHONE, "password": "wrong"})
    unknown = client.post(url, {"phone": "13900002222", "password": "wrong"})
    errors = [answer.context["password_form"].errors for answer in (wrong, unknown)]
    assert errors[0] == errors[1]
    assert is_signed_in(client) is False
    client.post(url, {"phone": PHONE, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(person.pk)


def test_the_passwords_door_closes_after_five_failures(client):
    ResidentFactory(phone=PHONE)
    url = reverse("organizations:enter_password")
    for _again in range(5):
        client.post(url, {"phone": PHONE, "password": "wrong"})
    client.post(url, {"phone": PHONE, "password": PASSWORD})
    assert is_signed_in(client) is False


def test_residents_do_not_come_in_by_the_other_door(client):
    person = ResidentFactory()
    answer = client.post("/sign-in/", {"username": person.username, "password": PASSWORD})
    unknown = client.post("/sign-in/", {"username": "nobody", "password": PASSWORD})
    assert answer.context["form"].errors == unknown.context["form"].errors
    assert is_signed_in(client) is False


def test_a_locked_account_is_told_only_to_who_has_the_number(client):
    ResidentFactory(phone=PHONE, is_active=False)
    answer = enter(client)
    assert (answer.status_code, is_signed_in(client)) == (403, False)


def signed_in(**more):
    person, client = ResidentFactory(**more), Client()
    client.force_login(person)
    return person, client


def test_names_number_and_password_are_changed_on_ones_own_page():
    person, client = signed_in()
    client.post("/me/profile/", {"nickname": "新街坊", "full_name": "梁英"})
    client.post("/me/number/", {"phone": PHONE})
    client.post("/me/number/code/", {"code": sent_code()})
    client.post("/me/password/", {"password": "Banyan-tree-77"})
    person.refresh_from_db()
    assert (person.nickname, person.full_name, person.phone) == ("新街坊", "梁英", PHONE)
    assert person.check_password("Banyan-tree-77")
    assert client.get(ME).status_code == 200


def test_a_weak_password_is_refused_beside_its_field():
    person, client = signed_in()
    answer = client.post("/me/password/", {"password": "12345678"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["password"])
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_the_copy_is_a_file_and_erasing_ends_the_session():
    person, client = signed_in()
    answer = client.get("/me/data/file/")
    assert json.loads(answer.content)["account"]["nickname"] == person.nickname
    assert client.post("/me/erase/", {}).status_code == 422
    client.post("/me/erase/", {"sure": "on"})
    assert is_signed_in(client) is False
    person.refresh_from_db()
    assert person.is_active is False


def test_news_are_opened_and_read():
    person, client = signed_in()
    services.inbox.send(to=[person], key="k", kind="x", at=timezone.now())
    message = person.messages.get()
    other, stranger = signed_in()
    assert stranger.post(f"/me/messages/{message.pk}/").status_code == 404
    assert client.post(f"/me/messages/{message.pk}/")["Location"] == ME
    message.refresh_from_db()
    assert message.read_at is not None
    assert other.messages.count() == 0


def test_my_page_is_for_residents(client):
    assert client.get(ME)["Location"] == "/account/enter/?next=/me/"
    client.force_login(UserFactory())
    assert client.get(ME)["Location"] == "/account/"


def test_a_clerk_finds_by_the_whole_number_confirms_and_takes_back(client):
    person = ResidentFactory(phone=PHONE)
    client.force_login(PostFactory(role=Role.ACCEPTOR).person)
    url = reverse("organizations:resident", args=[person.pk])
    assert client.get(url).status_code == 404
    assert client.post("/residents/", {"phone": "13900002222"}).status_code == 422
    assert client.post("/residents/", {"phone": PHONE})["Location"] == url
    assert client.post(f"{url}confirm/", {"full_name": "梁英"}).status_code == 422
    client.post(f"{url}confirm/", {"full_name": "梁英", "seen": "on", "until": "2026-12-31"})
    row = Verification.objects.get()
    assert timezone.localtime(row.until).isoformat() == "2027-01-01T00:00:00+08:00"
    assert "梁英" in client.get(url).content.decode()
    client.post(f"/residents/confirmations/{row.pk}/revoke/", {"reason": "换证"})
    row.refresh_from_db()
    assert row.revoke_reason == "换证"


CLOSED = {401, 403, 404, 405}


def test_every_page_of_those_who_work_here_is_closed_to_residents(settings, monkeypatch):
    """Where a stranger is sent to the sign-in of staff, a resident is refused."""
    from tests.permissions import addresses
    from tests.permissions.world import make_world

    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": []}
    monkeypatch.setattr("django.template.backends.django.Template.render", lambda *_a, **_k: "")
    world = make_world()
    resident = Client(raise_request_exception=False)
    resident.force_login(verified(by=world.town.acceptor, at=timezone.now()))
    found = {
        address.name
        for label, names in addresses.sections()
        if not label.startswith("catalogues")
        for address in addresses.addresses_of(names, world)
        for method in ("get", "post")
        if asks_staff(address, method) and answer(resident, address, method) not in CLOSED
    }
    assert found == {"consultation-api:opinion-list"}  # residents say what they think there


def asks_staff(address, method):
    got = ask(Client(raise_request_exception=False), address, method)
    return got.status_code == 401 or got.headers.get("Location", "").startswith("/sign-in/?next=")


def answer(client, address, method):
    return ask(client, address, method).status_code


def ask(client, address, method):
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        got = getattr(client, method)(address.path)
        for close in got._resource_closers:  # files that are sent; the connection stays open
            close()
        transaction.set_rollback(True)
    client.cookies = cookies
    return got
