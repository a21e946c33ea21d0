"""Tampering with what was published is found: by the command, by night, by anybody on the page."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from consultation import tasks
from consultation.models import PublicationCheck, PublicationFile, PublicationVersion
from consultation.services import publishing
from organizations.models import Message
from tests.consultation.test_way import publish
from tests.factories import consultation as makers
from tests.factories.consultation import AT, fresh, later
from tests.factories.organizations import PostFactory
from tests.triggers import without_triggers

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_versions(place):
    found = makers.make_running(place)
    paper = publish(place, found, "notice")
    publishing.prepare(
        fresh(found), "notice", title="公告", text="改在十日。", publication=paper,
        reason="场地有变", by=place.host, at=later(days=1),
    )  # fmt: skip
    publishing.release(
        paper, public_text="改在十日。", confirmed=True, by=place.host, at=later(days=1)
    )
    return found


def run(*numbers):
    out, err = io.StringIO(), io.StringIO()
    call_command("verify_publications", *numbers, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


CHANGED = "UPDATE consultation_publicationversion SET"
ATTACKS = {
    "words of the newest": f"{CHANGED} text = '改' WHERE number = 2",
    "words of an old one": f"{CHANGED} text = '改' WHERE number = 1",
    "title": f"{CHANGED} title = '改' WHERE number = 2",
    "reason": f"{CHANGED} reason = '改' WHERE number = 2",
    "moment": f"{CHANGED} at = '2026-11-01 00:00:00' WHERE number = 2",
    "hash": f"{CHANGED} hash = 'x' WHERE number = 2",
    "newest taken away": "DELETE FROM consultation_publicationversion WHERE number = 2",
    "oldest taken away": "DELETE FROM consultation_publicationversion WHERE number = 1",
    "turned back": "UPDATE consultation_publication SET version = 1",
    "event": "UPDATE consultation_consultationevent SET note = '改' WHERE move = 'publish'",
    "event taken away": "DELETE FROM consultation_consultationevent WHERE move = 'publish'",
    "head": "UPDATE consultation_consultation SET version = 1",
}


def tamper(sql):
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount >= 1


@pytest.mark.parametrize("what", sorted(ATTACKS))
def test_every_change_by_raw_sql_ends_the_command_with_a_break(two_versions, what):
    said, _errors = run()
    assert "2" in said
    tamper(ATTACKS[what])
    with pytest.raises(CommandError):
        run()
    with pytest.raises(CommandError):
        run(two_versions.number)
    check = PublicationCheck.objects.order_by("-pk").first()
    assert not check.passed
    assert check.breaks[0][0] == two_versions.number


def test_a_file_that_was_changed_is_found(place, two_versions, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    paper = publishing.prepare(
        fresh(two_versions), "materials", title="材料", text="见附件。", by=place.host, at=AT
    )
    publishing.attach(paper, io.BytesIO(b"%PDF-1.4 plan"), name="图.pdf", by=place.host, at=AT)
    publishing.release(paper, public_text="见附件。", confirmed=True, by=place.host, at=AT)
    run()
    (tmp_path / PublicationFile.objects.get().file.name).write_bytes(b"%PDF-1.4 other")
    with pytest.raises(CommandError):
        run()


def test_another_consultation_named_alone_still_holds(place, two_versions):
    other = makers.make_running(place, two_versions.blueprint)
    publish(place, other, "notice")
    tamper("UPDATE consultation_publicationversion SET text = '改' WHERE number = 2")
    said, _errors = run(other.number)
    assert "1" in said


def test_the_public_page_says_that_these_words_were_changed(client, two_versions):
    newest = PublicationVersion.objects.get(number=2)
    address = reverse("consultation:verify")
    assert client.get(address, {"fingerprint": newest.hash}).context["answer"].holds
    tamper("UPDATE consultation_publicationversion SET text = '改' WHERE number = 2")
    page = client.get(address, {"fingerprint": newest.hash})
    assert not page.context["answer"].holds
    assert client.post(address, {"text": "公告\n改在十日。"}).context["answer"] is not None
    assert not client.post(address, {"text": "公告\n改在十日。"}).context["answer"].holds


def test_the_nightly_check_is_on_record_told_to_who_audits_and_shown_to_everybody(
    client, two_versions, django_capture_on_commit_callbacks
):
    auditor = PostFactory(role="audit_admin").person
    address = reverse("consultation:verify")
    tasks.verify_publications()
    assert client.get(address).context["check"].passed
    tamper("UPDATE consultation_publicationversion SET text = '改' WHERE number = 1")
    with django_capture_on_commit_callbacks(execute=True):
        tasks.verify_publications()
    page = client.get(address)
    assert 'id="broken"' in page.content.decode()
    assert two_versions.number in page.content.decode()
    assert Message.objects.get(to=auditor).kind == "publications-broken"
