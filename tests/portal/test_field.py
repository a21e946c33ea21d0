"""The page for the street, keys of devices, and what makes the portal an app."""

import base64
import io
import re

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from PIL import Image

from lib.roles import Role
from portal import app_icons
from portal.device_keys import keys_of, tag_of
from portal.views.statements import KEPT_FILES
from routing.models import Category
from tests.factories.organizations import PostFactory, UserFactory
from tests.factories.routing import CategoryFactory


@pytest.fixture
def worker(db):
    return PostFactory(role=Role.GRID_WORKER).person


# -- Keys ------------------------------------------------------------------------------------


def test_a_person_gets_the_same_key_again_and_nobody_else_has_it(db):
    one, other = UserFactory(), UserFactory()
    (key,), (foreign,) = keys_of(one), keys_of(other)
    assert keys_of(one) == [key]
    assert len(base64.b64decode(key.secret)) == 32
    assert {key.id, key.secret}.isdisjoint({foreign.id, foreign.secret})
    assert tag_of(one) == key.id
    assert tag_of(None) == ""


def test_what_was_sealed_under_an_old_secret_still_opens(db, settings):
    person = UserFactory()
    (old,) = keys_of(person)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    new, kept = keys_of(person)
    assert new != old
    assert kept == old


def test_the_session_hands_keys_to_who_has_signed_in_only(client, worker):
    address = reverse("portal:field_session")
    assert client.get(address).status_code == 401
    client.force_login(worker)
    answer = client.get(address)
    given = answer.json()
    assert given["keys"] == [{"id": key.id, "secret": key.secret} for key in keys_of(worker)]
    assert (given["logs"], given["visits"]) == (True, True)
    assert "no-store" in answer.headers["Cache-Control"]
    client.force_login(UserFactory())
    assert (client.get(address).json()["logs"], client.get(address).json()["visits"]) == (
        False,
        False,
    )


def test_a_token_of_the_session_lets_the_queue_send(worker):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(worker)
    address = reverse("grids-api:visit-list")
    assert client.post(address, {}).status_code == 403
    token = client.get(reverse("portal:field_session")).json()["csrf"]
    assert client.post(address, {}, headers={"x-csrftoken": token}).status_code == 400


def test_every_page_says_who_has_signed_in_except_those_that_a_device_keeps(client, worker):
    client.force_login(worker)
    said = f'<meta name="person" content="{tag_of(worker)}">'
    assert said in client.get(reverse("portal:about")).content.decode()
    for name in ("field", "offline"):
        assert 'name="person"' not in client.get(reverse(f"portal:{name}")).content.decode()
    client.logout()
    assert '<meta name="person" content="">' in client.get(reverse("portal:about")).content.decode()


def test_the_shell_is_the_same_for_everybody_and_asks_the_database_nothing(
    client, worker, django_assert_num_queries
):
    with django_assert_num_queries(0):
        nobody = client.get(reverse("portal:field"))
    client.force_login(worker)
    assert client.get(reverse("portal:field")).content == nobody.content
    assert "csrfmiddlewaretoken" not in nobody.content.decode()


def test_categories_to_take_along_have_a_version(client, worker):
    small = CategoryFactory(code="cover", name="井盖", name_en="Cover", parent=CategoryFactory())
    address = reverse("portal:field_categories")
    client.force_login(worker)
    first = client.get(address).json()
    assert [row["code"] for row in first["categories"]] == ["cover"]
    assert client.get(address).json() == first
    Category.objects.filter(pk=small.pk).update(name="井盖缺失", name_en="Cover missing")
    assert client.get(address).json()["version"] != first["version"]


# -- An app ----------------------------------------------------------------------------------


def test_the_manifest_names_icons_that_exist(client, db):
    answer = client.get(reverse("portal:manifest"))
    assert answer.headers["Content-Type"].startswith("application/manifest+json")
    manifest = answer.json()
    assert (manifest["display"], manifest["start_url"]) == ("standalone", "/field/")
    for icon in manifest["icons"]:
        picture = client.get(icon["src"])
        size = Image.open(io.BytesIO(picture.content)).size
        assert (f"{size[0]}x{size[1]}", picture.headers["Content-Type"]) == (
            icon["sizes"],
            "image/png",
        )
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}


@pytest.mark.parametrize("path", ["/app-icon/100/plain.png", "/app-icon/192/round.png"])
def test_other_icons_are_not_drawn(client, db, path):
    assert client.get(path).status_code == 404


def test_the_icon_is_our_emblem():
    picture = Image.open(io.BytesIO(app_icons.png(512))).convert("RGBA")
    assert picture.getpixel((0, 0))[3] == 0  # round corners
    assert picture.getpixel((256, 40)) == (0xB3, 0x12, 0x2A, 255)
    assert picture.getpixel((256, 192)) == (255, 255, 255, 255)  # the upper beam
    full = Image.open(io.BytesIO(app_icons.png(512, maskable=True))).convert("RGBA")
    assert full.getpixel((0, 0)) == (0xB3, 0x12, 0x2A, 255)


def test_strokes_are_read_as_the_drawing_says():
    assert app_icons.strokes("M8 12h16M12 24l-2.5 2") == [
        [(8, 12), (24, 12)],
        [(12, 24), (9.5, 26)],
    ]


def test_the_service_worker_keeps_files_that_exist_and_renews_itself_with_them(client, db):
    assert [name for name in KEPT_FILES if finders.find(name) is None] == []
    versions = set()
    for language in ("en", "zh-hans"):
        client.cookies["django_language"] = language
        script = client.get(reverse("portal:service_worker")).content.decode()
        versions.add(re.search(r'KEPT = "offline-(\w+)"', script)[1])
    assert len(versions) == 2
