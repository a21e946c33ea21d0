"""Pages of papers, objections and topics: the host writes, everybody reads and verifies."""

import pytest
from django.urls import reverse
from django.utils import timezone

from consultation.models import PublicationVersion
from consultation.services import blueprints
from organizations.models import User
from tests.factories import consultation as makers

PHONE = "13812345678"


@pytest.fixture
def running(place):
    return makers.make_running(place, at=timezone.now())


def test_a_paper_is_written_read_masked_published_and_verified_by_anybody(client, place, running):
    client.force_login(place.host)
    new = reverse("consultation:paper_new", args=[running.number])
    answer = client.post(
        new, {"kind": "notice", "title": "公告", "text": f"联系 {PHONE}"}, follow=True
    )
    assert "138****5678" in answer.content.decode()
    release = answer.redirect_chain[-1][0]
    assert client.post(release, {"title": "公告", "public_text": "到会"}).status_code == 422
    client.post(release, {"title": "公告", "public_text": f"联系 {PHONE}", "confirmed": "on"})
    version = PublicationVersion.objects.get()
    client.logout()
    for name in ("paper", "paper_print"):
        page = client.get(reverse(f"consultation:{name}", args=[version.publication_id]))
        assert page.status_code == 200
        assert PHONE not in page.content.decode()
    code = place.community.code
    for address in (
        reverse("consultation:board", args=[code]),
        reverse("consultation:board_feed", args=[code]),
        reverse("consultation:paper_text", args=[version.publication_id, 1]),
    ):
        assert client.get(address).status_code == 200
    found = client.get(reverse("consultation:verify"), {"fingerprint": version.hash[:16]})
    assert found.context["answer"].holds


@pytest.mark.parametrize("name", ["consultation", "publications", "objections"])
def test_the_host_opens_the_pages_of_a_consultation(client, place, running, name):
    client.force_login(place.host)
    assert client.get(reverse(f"consultation:{name}", args=[running.number])).status_code == 200


@pytest.mark.parametrize("name", ["consultations", "topics", "topic_new", "new"])
def test_the_host_opens_the_lists_and_forms(client, place, name):
    client.force_login(place.host)
    assert client.get(reverse(f"consultation:{name}")).status_code == 200


def test_the_files_of_reference_load_once(db):
    by, at = User.objects.system(), timezone.now()
    assert blueprints.load_reference(by=by, at=at) == 33
    assert blueprints.load_reference(by=by, at=at) == 0
