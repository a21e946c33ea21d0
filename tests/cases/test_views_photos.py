"""Photos are served to those who may see the case, and public ones to everybody."""

import pytest
from django.urls import reverse

from cases.models import Photo
from tests.factories.cases import handling, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(town):
    return handling(town, photos=[photo()]).photos.get()


@pytest.mark.parametrize("name", ["photo", "thumbnail"])
def test_a_photo_is_served_to_those_who_see_the_case(town, client, stored, name):
    client.force_login(town.handler)
    answer = client.get(reverse(f"cases:{name}", args=[stored.pk]))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"


def test_a_stranger_and_the_public_get_nothing(town, client, stored):
    address = reverse("cases:photo", args=[stored.pk])
    assert client.get(address).status_code == 404
    client.force_login(town.stranger)
    assert client.get(address).status_code == 404


def test_a_public_photo_of_a_published_case_is_everybodys(client, stored):
    Photo.objects.update(is_public=True)
    answer = client.get(reverse("cases:photo", args=[stored.pk]))
    answer.close()
    assert answer.status_code == 200


def test_a_public_photo_of_an_unpublished_case_is_not(client, stored):
    Photo.objects.update(is_public=True)
    type(stored.case).objects.update(publicity="closed")
    assert client.get(reverse("cases:photo", args=[stored.pk])).status_code == 404


def test_a_file_that_is_gone_is_not_found(town, client, stored):
    stored.image.storage.delete(stored.image.name)
    client.force_login(town.handler)
    assert client.get(reverse("cases:photo", args=[stored.pk])).status_code == 404


def test_who_releases_the_words_ticks_the_photos_that_everybody_may_see(town, client, stored):
    client.force_login(town.head)
    address = reverse("cases:move", args=[stored.case.number, "publish_text"])
    page = client.get(address).content.decode()
    assert reverse("cases:thumbnail", args=[stored.pk]) in page
    assert "checked" not in page
    client.post(address, {"text": "路口井盖缺失", "photos": [stored.pk]})
    assert list(Photo.objects.filter(is_public=True)) == [stored]
    client.post(address, {"text": "路口井盖缺失"})
    assert not Photo.objects.filter(is_public=True).exists()
