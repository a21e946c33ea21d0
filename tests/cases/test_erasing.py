"""Personal details go in time; chains, numbers and published words stay."""

import datetime
import io

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from cases import services, tasks
from cases.models import Case, Erasure, EventNote, PhoneKey, Photo, Reporter, RetentionRule
from cases.models.retention import Kept, PhoneLookUp
from cases.services import erasing, phones
from lib.errors import NotYours, RuleViolation
from organizations.models import User
from tests.factories import cases as make
from tests.factories.cases import MONDAY, fresh, later

pytestmark = pytest.mark.django_db
NAME, PHONE = "诸葛亮明", "13812345678"


@pytest.fixture
def told(town):
    """An ended case full of personal details."""
    case = make.checking(
        town,
        text=f"{NAME}报告，电话{PHONE}",
        address="梅塘社区环城路88号3栋502室",
        reporter_name=NAME,
        reporter_phone=PHONE,
        photos=[make.photo()],
    )
    services.note(case, text=f"已联系{NAME}", by=town.verifier, at=later(hours=2, minutes=30))
    services.note(case, text="已到现场", by=town.verifier, at=later(hours=2, minutes=40))
    case = services.check_pass(case, by=town.verifier, at=later(hours=3), note="已盖严")
    return services.publish_text(case, text="沟盖已换", by=town.dispatcher, at=later(hours=4))


def erase(at):
    return erasing.erase_due(by=User.objects.system(), at=at)


def everything_written():
    """All texts of all columns of cases, reporters, notes and the index."""
    rows = [*Case.objects.values_list(), *Reporter.objects.values_list()]
    return str([*rows, *EventNote.objects.values_list()])


def test_contact_details_go_after_half_a_year_and_nothing_that_names_anybody_stays(told):
    assert erase(later(days=179)) == []
    (record,) = erase(later(days=181))
    assert (record.kind, record.cases, record.counts["notes"]) == (Kept.CONTACT, 1, 1)
    written = everything_written()
    assert [secret for secret in (NAME, "亮明", PHONE, "88号", "502室") if secret in written] == []
    assert "已到现场" in written
    assert Reporter.objects.get().erased_at == later(days=181)
    assert not PhoneKey.objects.exists()
    assert not Case.objects.searched(PHONE, whole=True).exists()
    assert Case.objects.searched("报告", whole=True).get() == told


def test_chains_published_words_and_numbers_stay(told, town):
    before = list(Case.objects.values("number", "state", "ended_at", "handled_by", "head"))
    erase(later(days=2000))
    assert list(services.verify_history()) == []
    assert list(Case.objects.values("number", "state", "ended_at", "handled_by", "head")) == before
    assert fresh(told).public_text == "沟盖已换"
    assert {record.kind for record in Erasure.objects.all()} == set(Kept)


def test_words_go_last_and_are_found_no_more(told):
    erase(later(days=1826))
    case = fresh(told)
    assert (case.title, case.text, case.address) == (case.number, "", "")
    assert not EventNote.objects.exclude(text="").exists()
    assert not Case.objects.searched("到现场", whole=True).exists()


def test_photos_that_are_not_public_lose_their_files_and_keep_their_digest(
    told, settings, tmp_path, client, town, django_capture_on_commit_callbacks
):
    photo = Photo.objects.get()
    storage, name = photo.image.storage, photo.image.name
    with django_capture_on_commit_callbacks(execute=True):
        erase(later(days=731))
    photo.refresh_from_db()
    assert (photo.image.name, storage.exists(name), len(photo.sha256)) == ("", False, 64)
    client.force_login(town.dispatcher)
    assert client.get(reverse("cases:photo", args=[photo.pk])).status_code == 404


def test_public_photos_and_files_that_others_show_stay(told, town):
    Photo.objects.update(is_public=True)
    assert [record.kind for record in erase(later(days=731))] == [Kept.CONTACT]


def test_a_rule_of_the_house_decides_how_long(told):
    RetentionRule.objects.create(kind=Kept.CONTACT, days=30)
    assert [record.kind for record in erase(later(days=31))] == [Kept.CONTACT]


def test_open_cases_keep_everything_and_twice_is_once(told, town):
    make.handling(town, reporter_name=NAME)
    assert len(erase(later(days=200))) == 1
    assert erase(later(days=200)) == []
    assert Reporter.objects.filter(name=NAME).count() == 1


def test_batches_together_are_the_whole(town, monkeypatch):
    for _each in range(3):
        make.closed(town)
    monkeypatch.setattr(erasing, "BATCH", 2)
    assert [record.cases for record in erase(later(days=181))] == [2, 1]


def test_a_dry_run_counts_and_erases_nothing(told):
    Case.objects.update(ended_at=MONDAY - datetime.timedelta(days=400))
    out = io.StringIO()
    call_command("erase_due", "--dry-run", stdout=out)
    assert "1" in out.getvalue().splitlines()[0]
    assert (Erasure.objects.count(), Reporter.objects.get().name) == (0, NAME)
    assert tasks.erase_due() == 1


@pytest.mark.parametrize("table", ["cases_erasure", "cases_phonelookup"])
def test_what_was_erased_and_looked_for_is_never_rewritten(told, town, table):
    erase(later(days=181))
    phones.find_by_phone("13800000000", reason="x", by=town.acceptor, at=MONDAY)
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET at = at"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


# -- A lost receipt ----------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [PHONE, "138 1234 5678", "+86-13812345678"])
def test_the_whole_telephone_finds_the_case_and_the_look_is_recorded(told, town, typed):
    found = phones.find_by_phone(typed, reason="丢了回执", by=town.acceptor, at=MONDAY)
    assert list(found) == [told]
    look = PhoneLookUp.objects.get()
    assert (look.by, look.found, look.reason) == (town.acceptor, 1, "丢了回执")
    assert PHONE not in look.phone


@pytest.mark.parametrize("typed", ["1381234567", "12345678", "13812345679"])
def test_a_part_of_a_telephone_finds_nothing(told, town, typed):
    assert not phones.find_by_phone(typed, reason="x", by=town.acceptor, at=MONDAY).exists()


def test_only_clerks_at_the_window_look_and_they_say_why(told, town):
    with pytest.raises(NotYours):
        phones.find_by_phone(PHONE, reason="x", by=town.dispatcher, at=MONDAY)
    with pytest.raises(RuleViolation):
        phones.find_by_phone(PHONE, reason=" ", by=town.acceptor, at=MONDAY)
    assert not PhoneLookUp.objects.exists()


def test_the_page_of_lost_receipts(told, town, client):
    client.force_login(town.acceptor)
    address = reverse("cases:lost_receipt")
    assert client.get(address).status_code == 200
    answer = client.post(address, {"phone": PHONE, "reason": "丢了"})
    assert [row.pk for row in answer.context["rows"]] == [told.pk]
    assert PHONE not in answer.content.decode().replace(f'value="{PHONE}"', "")
