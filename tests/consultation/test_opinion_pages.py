"""Pages of opinions: what everybody reads, how one speaks, what the host does; nothing personal."""

import io

import pytest
from django.test import Client
from django.urls import reverse

from consultation.models import Appeal, Opinion
from consultation.services import answering, moderating
from consultation.services import opinions as services
from organizations.models import Message
from tests.factories.opinions import NONE, NOW, again, make_open, say, say_unsigned
from tests.factories.residents import ResidentFactory

pytestmark = pytest.mark.django_db
PLANTED = ("梁秀英", "13812345678", "441900199001010017", "502室")


@pytest.fixture
def found():
    return make_open()


def url(name, found, *more):
    return reverse(f"consultation:{name}", args=[found.number, *more])


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def test_a_resident_speaks_replies_agrees_changes_and_takes_back(found):
    person = ResidentFactory()
    client, other = signed_in(person), signed_in(ResidentFactory())
    form = {"stand": "for", "text": "先装路灯，再谈别的"}
    client.post(url("opinion_new", found), form)
    said = Opinion.objects.get()
    page = url("public_opinion", found, said.pk)
    assert "先装路灯" in Client().get(page).content.decode()
    other.post(url("opinion_reply", found, said.pk), {"text": "同意，路口最暗"})
    other.post(url("opinion_agree", found, said.pk))
    assert (again(said).likes, again(said).reply_count) == (1, 1)
    assert "同意，路口最暗" in client.get(page).content.decode()
    assert other.post(url("opinion_edit", found, said.pk), form).status_code == 404
    other.post(url("opinion_agree", found, said.pk))
    assert again(said).likes == 0


def test_what_was_entered_stays_on_a_refused_form(found):
    client = signed_in(ResidentFactory())
    answer = client.post(url("opinion_new", found), {"text": "写了一半"})
    assert (answer.status_code, "写了一半" in answer.content.decode()) == (422, True)
    assert Opinion.objects.count() == 0


def test_without_an_account_the_page_leads_to_the_residents_door_or_waits(found):
    page = Client().get(url("opinion_new", found)).content.decode()
    assert "/account/enter/?next=" in page
    assert "<textarea" not in page
    answering.set_level(found.stage, level=NONE, by=found.place_of_test.host, at=NOW)
    Client().post(url("opinion_new", found), {"stand": "other", "text": "不留名"})
    said = Opinion.objects.get()
    assert said.state == "waiting"
    assert "不留名" not in Client().get(url("public_opinions", found)).content.decode()
    assert Client().get(url("public_opinion", found, said.pk)).status_code == 404


def test_a_machine_that_fills_in_every_field_is_refused(found):
    client = signed_in(ResidentFactory())
    form = {"stand": "for", "text": "广告广告", "website": "http://x"}
    assert client.post(url("opinion_new", found), form).status_code == 422
    assert Opinion.objects.count() == 0


def test_the_host_releases_hides_answers_and_the_authors_are_told(found):
    place = found.place_of_test
    host, author = signed_in(place.host), ResidentFactory()
    answering.set_level(found.stage, level=NONE, by=place.host, at=NOW)
    waiting, rude, good = say_unsigned(found), say(found, by=author), say(found, by=author)
    host.post(reverse("consultation:opinion_release", args=[waiting.pk]))
    host.post(reverse("consultation:opinion_hide", args=[rude.pk]), {"reason": "insult"})
    host.post(
        url("opinions_answer", found),
        {"opinion": [good.pk, waiting.pk], "outcome": "adopted", "reason": "已列入计划"},
    )
    states = [again(one).state for one in (waiting, rude, good)]
    assert states == ["shown", "hidden", "shown"]
    page = Client().get(url("public_opinions", found)).content.decode()
    assert page.count("已列入计划") == 2
    assert rude.text not in Client().get(url("public_opinion", found, rude.pk)).content.decode()
    told = Message.objects.filter(to=author).order_by("pk").values_list("kind", flat=True)
    assert list(told) == ["opinion-hidden", "opinion-answered"]
    log = b"".join(Client().get(url("moderation_file", found)).streaming_content).decode()
    assert log.count("\n") == 3
    assert place.host.full_name not in log
    assert "insult" in log


def test_an_appeal_is_decided_by_somebody_else_and_shown_again(found):
    place, author = found.place_of_test, ResidentFactory()
    said = say(found, by=author)
    moderating.hide(said, reason="off_topic", by=place.host, at=NOW)
    signed_in(author).post(url("opinion_appeal", found, said.pk), {"text": "与此事有关"})
    row = Appeal.objects.get()
    decide = reverse("consultation:appeal_decide", args=[row.pk])
    form = {"show": "yes", "note": "确有关系"}
    page = url("opinions", found) + "?show=hidden"
    for who, offered in ((place.host, False), (place.secretary, True)):
        assert (decide in signed_in(who).get(page).content.decode()) is offered
    assert signed_in(place.host).post(decide, form).status_code == 403
    signed_in(place.secretary).post(decide, form)
    assert (again(said).state, Appeal.objects.get().decision.note) == ("shown", "确有关系")


def test_the_form_for_answers_stands_only_over_opinions_that_can_be_chosen(found):
    place = found.place_of_test
    moderating.hide(say(found), reason="off_topic", by=place.host, at=NOW)
    say(found)
    answers = url("opinions_answer", found)
    for show, offered in (("hidden", False), ("unanswered", True)):
        page = signed_in(place.host).get(url("opinions", found), {"show": show})
        assert (answers in page.content.decode()) is offered


def test_lists_cost_the_same_with_one_and_with_three(found):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    host = signed_in(found.place_of_test.host)
    pages = [(Client(), url("public_opinions", found)), (host, url("opinions", found))]

    def costs():
        counts = []
        for client, page in pages:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(page).status_code == 200
            counts.append(len(seen))
        return counts

    say(found)
    host.get(url("opinions", found))
    before = costs()
    say(found)
    say(found)
    assert costs() == before


def test_no_public_page_and_file_tells_what_was_planted(found):
    person = ResidentFactory(full_name="梁秀英", phone="13812345678")
    text = f"我是{'，'.join(PLANTED)}，路太暗"
    said = say(found, text, by=person)
    say(found, text, by=person, is_confidential=True)
    say(found, text, parent=said, by=person)
    speaker = services.Speaker(person, clerk=found.place_of_test.worker)
    say(found, text, speaker=speaker)
    host, hidden = found.place_of_test.host, say(found, text, by=person)
    moderating.hide(hidden, reason="personal", by=host, at=NOW)
    pages = [
        url("public_opinions", found), url("public_opinion", found, said.pk),
        url("moderation_log", found), url("moderation_file", found), url("opinion_new", found),
    ]  # fmt: skip
    for page in pages:
        answer = Client().get(page)
        assert answer.status_code == 200
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert [one for one in PLANTED if one in body.decode()] == [], page


def test_files_are_seen_by_everybody_only_after_a_look(found, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    author = ResidentFactory()
    paper = io.BytesIO(b"%PDF-1.4 x")
    paper.name = "x.pdf"
    form = {"stand": "for", "text": "附上说明", "files": paper}
    signed_in(author).post(url("opinion_new", found), form)
    said = Opinion.objects.get()
    file = reverse("consultation:opinion_file", args=[found.number, said.files.get().pk, "large"])
    assert Client().get(file).status_code == 404
    assert b"".join(signed_in(author).get(file).streaming_content) == b"%PDF-1.4 x"
    moderating.release_files(said, by=found.place_of_test.host, at=NOW)
    assert b"".join(Client().get(file).streaming_content) == b"%PDF-1.4 x"
