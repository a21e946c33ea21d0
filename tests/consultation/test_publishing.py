"""Drafted, masked, confirmed, out; versions stay, and what was tampered with is found."""

import io

import pytest
from django.db import IntegrityError, connection, transaction

from consultation.models import ConsultationEvent, Publication, PublicationVersion
from consultation.services import publishing, stages, verifying
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Message
from tests.factories import consultation as makers
from tests.factories.consultation import AT, fresh, later

PHONE, PERSON = "13812345678", "44190019800101123X"
TEXT = f"请居民于 9 日到会。联系 {PHONE}，身份证 {PERSON}，粤S12345。"


@pytest.fixture
def running(place):
    made = makers.make_running(place)
    return stages.advance(fresh(made), by=place.host, at=AT)


def prepared(place, running, *, kind="notice", text=TEXT, **more):
    given = {"title": "公告", "text": text, "by": place.host, "at": AT}
    return publishing.prepare(fresh(running), kind, **{**given, **more})


def released(place, publication, *, at=AT, **more):
    words = {"public_text": publication.draft.public_text, "confirmed": True, "by": place.host}
    return publishing.release(publication, at=at, **{**words, **more})


def test_nothing_is_out_before_a_person_has_confirmed_the_masked_text(place, running):
    paper = prepared(place, running)
    assert PHONE not in paper.draft.public_text
    assert PERSON not in paper.draft.public_text
    assert "12345" not in paper.draft.public_text
    with pytest.raises(RuleViolation) as refused:
        released(place, paper, confirmed=False)
    assert refused.value.code == "not_confirmed"
    assert not PublicationVersion.objects.exists()
    assert not Publication.objects.published().exists()


def test_what_patterns_find_is_masked_even_where_a_person_confirmed_it(place, running):
    version = released(place, prepared(place, running), public_text=TEXT)
    assert PHONE not in version.text
    assert PERSON not in version.text


def test_names_of_residents_known_to_the_consultation_are_masked(place, running):
    running.objections.create(
        number="YY1", code="X", stage=running.stage, text="x", contact_name="王大锤",
        raised_at=AT, due_at=later(days=1),
    )  # fmt: skip
    paper = prepared(place, running, text="王大锤反映电梯噪音。")
    assert paper.draft.public_text == "王*锤反映电梯噪音。"


def test_a_release_makes_a_version_an_event_and_starts_the_minimum_time(place, running):
    version = released(place, prepared(place, running))
    required = running.stages.get(key="notice").required.get()
    assert (required.published_at, required.stood_at) == (AT, later(days=7))
    event = ConsultationEvent.objects.get(move="publish")
    assert event.facts["hash"] == version.hash
    paper = Publication.objects.published().get()
    assert (paper.version, paper.hash) == (1, version.hash)
    assert not hasattr(Publication.objects.get(), "draft")


def test_a_correction_is_a_further_version_with_a_reason_and_its_time_begins_again(place, running):
    paper = released(place, prepared(place, running)).publication
    paper = prepared(place, running, text="改在 10 日。", publication=paper, at=later(days=2))
    with pytest.raises(RuleViolation) as refused:
        released(place, paper, at=later(days=2))
    assert refused.value.code == "reason_missing"
    second = released(place, paper, reason="场地有变", at=later(days=2))
    assert (second.number, second.reason) == (2, "场地有变")
    required = running.stages.get(key="notice").required.get()
    assert (required.published_at, required.stood_at) == (AT, later(days=9))
    assert [row.number for row in paper.versions.order_by("number")] == [1, 2]


def test_two_who_release_the_same_draft_make_one_version(place, running):
    paper = prepared(place, running)
    released(place, paper)
    with pytest.raises(WrongState):
        publishing.release(paper, public_text="x", confirmed=True, by=place.host, at=AT)
    assert PublicationVersion.objects.count() == 1


@pytest.mark.parametrize("who", ["secretary", "supervisor", "worker", "resident"])
def test_only_the_host_publishes(place, running, who):
    paper = prepared(place, running)
    with pytest.raises(NotYours):
        released(place, paper, by=getattr(place, who))
    assert not PublicationVersion.objects.exists()


def test_a_file_goes_out_with_the_next_version_and_its_digest_stands_in_it(place, running):
    paper = prepared(place, running)
    row = publishing.attach(
        paper, io.BytesIO(b"%PDF-1.4 plan"), name="图纸.pdf", by=place.host, at=AT
    )
    assert row.since is None
    version = released(place, paper)
    row.refresh_from_db()
    assert row.since == 1
    assert version.files == [{"name": "图纸.pdf", "size": 13, "sha256": row.sha256}]


def test_the_supervisor_hears_of_what_is_published(
    place, running, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        released(place, prepared(place, running))
    kinds = set(Message.objects.filter(to=place.supervisor).values_list("kind", flat=True))
    assert kinds == {"consultation-published"}


# -- What stays, stays ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE consultation_publicationversion SET text = 'x'",
        "DELETE FROM consultation_publicationversion",
        "UPDATE consultation_consultationevent SET note = 'x'",
        "DELETE FROM consultation_consultationevent",
        "UPDATE consultation_stagerule SET numerator = 1",
    ],
)
def test_the_database_refuses_to_rewrite_what_was_published(place, running, statement):
    released(place, prepared(place, running))
    makers_rule = {"purpose": "quorum", "measure": "person", "base": "all", "numerator": 2}
    running.stage.rules.create(denominator=3, **makers_rule)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def without_triggers(*statements):
    """What somebody does who owns the database."""
    from lib.triggers import drop_triggers_of

    tables = ["consultation_publicationversion", "consultation_consultationevent"]
    drop_triggers_of(connection, tables)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


TAMPERING = {
    "version": "UPDATE consultation_publicationversion SET text = '改过的' WHERE number = 1",
    "newest": "UPDATE consultation_publication SET version = 1, hash = previous FROM "
    "(SELECT hash AS previous FROM consultation_publicationversion WHERE number = 1) AS first",
    "missing": "DELETE FROM consultation_publicationversion WHERE number = 2",
    "event": "UPDATE consultation_consultationevent SET note = '改过的' WHERE move = 'publish'",
    "head": "UPDATE consultation_consultation SET version = version - 1",
}


@pytest.fixture
def two_versions(place, running):
    paper = released(place, prepared(place, running)).publication
    paper = prepared(place, running, text="改在 10 日。", publication=paper, reason="场地有变")
    released(place, paper)
    assert list(verifying.verify_publications()) == []
    return paper


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_by_raw_sql_is_found(two_versions, what):
    without_triggers(TAMPERING[what])
    assert what in {found.what for found in verifying.verify_publications()}


def test_a_version_rewritten_with_a_fitting_hash_is_found_by_the_history(two_versions):
    """Whoever also computes the hash anew still does not fit the event that names the old one."""
    version = two_versions.versions.get(number=2)
    version.text = "改过的"
    from consultation.models import text_digest
    from lib.chain import digest

    forged = digest(version.record(), previous=version.previous_hash)
    words = text_digest(version.title, version.text)
    without_triggers(
        f"UPDATE consultation_publicationversion SET text = '改过的', hash = '{forged}', "
        f"text_digest = '{words}' WHERE number = 2",
        f"UPDATE consultation_publication SET hash = '{forged}'",
    )
    assert {found.what for found in verifying.verify_publications()} == {"missing", "event"}


def test_a_changed_file_is_found(place, running):
    paper = prepared(place, running)
    row = publishing.attach(paper, io.BytesIO(b"%PDF-1.4 a"), name="a.pdf", by=place.host, at=AT)
    released(place, paper)
    with row.file.storage.open(row.file.name, "wb") as file:
        file.write(b"%PDF-1.4 b")
    assert {found.what for found in verifying.verify_publications()} == {"file"}


# -- What anybody may ask ---------------------------------------------------------------------


def test_a_fingerprint_its_beginning_a_text_and_a_download_are_found(place, running):
    version = released(place, prepared(place, running))
    for answer in (
        verifying.look_up(version.hash),
        verifying.look_up(version.hash[:16].upper()),
        verifying.look_up_text(f"{version.title}\n  {version.text[:5]}\n{version.text[5:]}"),
        verifying.look_up_file(verifying.download_of(version).encode()),
    ):
        assert answer is not None
        assert (answer.version, answer.holds, answer.newest) == (version, True, True)


def test_a_changed_text_an_unknown_or_too_short_fingerprint_is_not_found(place, running):
    version = released(place, prepared(place, running))
    assert verifying.look_up_text(f"{version.title}\n{version.text}！") is None
    assert verifying.look_up("0" * 64) is None
    assert verifying.look_up(version.hash[:15]) is None
    assert verifying.look_up("%" * 20) is None
    assert verifying.look_up_file(b"\xff\xfe\x00") is None


def test_what_is_not_public_is_not_found(place):
    draft = makers.make_draft(place)
    with pytest.raises(WrongState):
        publishing.prepare(draft, "notice", title="x", text="y", by=place.host, at=AT)
    running = makers.make_running(place, draft.blueprint, publicity="concerned")
    version = released(place, prepared(place, running, kind="minutes"))
    assert verifying.look_up(version.hash) is None
    notice = released(place, prepared(place, running, kind="notice"))
    assert verifying.look_up(notice.hash) is not None
