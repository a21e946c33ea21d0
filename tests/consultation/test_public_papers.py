"""Papers as everybody reads them: beside each other, with files; feeds and the print sheet."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from consultation.comparing import side_by_side
from consultation.models import PublicationFile
from consultation.services import objecting, publishing, sessions
from tests.consultation.test_way import publish
from tests.factories import consultation as makers
from tests.factories.consultation import AT, fresh, later
from tests.factories.residents import ResidentFactory

pytestmark = pytest.mark.django_db
PLANTED = ("梁秀英", "13812345678", "44190019900101123X", "502室")
TOLD = f"{PLANTED[0]}（{PLANTED[1]}，{PLANTED[2]}，住 3 栋{PLANTED[3]}）反映噪音。"


@pytest.fixture
def running(place):
    return makers.make_running(place, at=timezone.now() - (later(days=1) - AT))


def words(rows):
    return [
        (row.kind, "".join(p.text for p in row.old), "".join(p.text for p in row.new))
        for row in rows
    ]


def test_paragraphs_stand_beside_what_became_of_them():
    rows = side_by_side(
        "一、时间九日\n二、地点会议室\n三、其他", "一、时间十日\n二、地点会议室\n三、其他\n四、联系"
    )
    assert words(rows) == [
        ("changed", "一、时间九日", "一、时间十日"),
        ("same", "二、地点会议室", "二、地点会议室"),
        ("same", "三、其他", "三、其他"),
        ("new", "", "四、联系"),
    ]
    changed = rows[0]
    assert [piece.text for piece in changed.old if piece.kind == "gone"] == ["九"]
    assert [piece.text for piece in changed.new if piece.kind == "new"] == ["十"]
    assert words(side_by_side("甲\n乙", "甲")) == [("same", "甲", "甲"), ("gone", "乙", "")]


def test_two_versions_are_read_beside_each_other(client, place, running):
    paper = publish(place, running, "notice")
    publishing.prepare(
        fresh(running), "notice", title="公告", text="请居民十日到会。", publication=paper,
        reason="改期", by=place.host, at=timezone.now(),
    )  # fmt: skip
    publishing.release(
        paper, public_text="请居民十日到会。", confirmed=True, by=place.host, at=timezone.now()
    )
    address = reverse("consultation:paper", args=[paper.pk])
    assert client.get(address).context["compared"] is None
    page = client.get(address, {"compare": "2"})
    assert [version.number for version in page.context["compared"]] == [1, 2]
    assert "<ins>十日</ins>" in page.content.decode()
    for wrong in ("1", "3", "x"):
        assert client.get(address, {"compare": wrong}).status_code == 404


def with_file(place, running, kind="materials"):
    at = timezone.now()
    paper = publishing.prepare(
        fresh(running), kind, title="材料", text="见附件。", by=place.host, at=at
    )
    row = publishing.attach(
        paper, io.BytesIO(b"%PDF-1.4 plan"), name="图纸.pdf", by=place.host, at=at
    )
    return paper, row


def status(client, address):
    """A file is read to its end, which closes it."""
    answer = client.get(address)
    b"".join(answer.streaming_content if answer.streaming else answer)
    return answer.status_code


def release(place, paper):
    publishing.release(
        paper, public_text="见附件。", confirmed=True, by=place.host, at=timezone.now()
    )


def test_a_file_is_out_with_its_version_and_not_before(client, place, running, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    paper, row = with_file(place, running)
    address = reverse("consultation:paper_file", args=[paper.pk, row.pk])
    desk = reverse("consultation:desk_file", args=[running.number, row.pk])
    assert status(client, address) == 404
    release(place, paper)
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 plan"
    assert answer["Content-Disposition"].startswith("attachment")
    assert client.get(desk).status_code == 302
    client.force_login(place.host)
    assert status(client, desk) == 200
    PublicationFile.objects.get().file.delete(save=False)
    assert client.get(address).status_code == 404


def test_of_a_matter_of_those_concerned_others_read_notice_and_result_only(
    place, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    resident = ResidentFactory()
    found = makers.make_running(place, publicity="concerned", at=timezone.now())
    notice = publish(place, found, "notice", at=timezone.now())
    paper, row = with_file(place, found)
    release(place, paper)
    session = sessions.plan_session(
        fresh(found), sessions.Plan("会", later(days=40), later(days=40, hours=1), "室"),
        by=place.host, at=timezone.now(),
    )  # fmt: skip
    sessions.invite(
        session, [sessions.Guest("张", "concerned", resident)], by=place.host, at=timezone.now()
    )
    stranger, invited, host = Client(), Client(), Client()
    invited.force_login(resident)
    host.force_login(place.host)
    other = Client()
    other.force_login(ResidentFactory())
    asked = (
        (reverse("consultation:paper", args=[notice.pk]), (200, 200, 200, 200)),
        (reverse("consultation:paper", args=[paper.pk]), (404, 404, 200, 200)),
        (reverse("consultation:paper_file", args=[paper.pk, row.pk]), (404, 404, 200, 200)),
        (reverse("consultation:paper_text", args=[paper.pk, 1]), (404, 404, 200, 200)),
        (reverse("consultation:paper_print", args=[paper.pk]), (404, 404, 200, 200)),
    )
    for address, statuses in asked:
        people = (stranger, other, invited, host)
        assert tuple(status(one, address) for one in people) == statuses, address


def test_nothing_is_published_unless_a_person_has_confirmed_it(client, place, running):
    paper, _row = with_file(place, running)
    client.force_login(place.host)
    address = reverse("consultation:paper_release", args=[running.number, paper.pk])
    given = {"title": "材料", "public_text": "见附件。"}
    assert client.post(address, given).status_code == 422
    assert not fresh(running).publications.filter(version__gte=1).exists()
    assert client.post(address, {**given, "confirmed": "on"}).status_code == 302


def test_the_calendar_of_a_community_holds_sessions_and_limits(client, place):
    now = timezone.now()
    form = makers.make_blueprint(
        (("session", "session", {"minutes": (0, 2)}), ("result", "result", {})),
        columns={"session": {"due_days": 20}},
    )
    found = makers.make_running(place, form, at=now)
    starts = now + (later(days=5) - AT)
    plan = sessions.Plan("议事会", starts, starts + (later(hours=2) - AT), "社区会议室")
    sessions.plan_session(fresh(found), plan, by=place.host, at=now)
    answer = client.get(reverse("consultation:board_calendar", args=[place.community.code]))
    assert answer["Content-Type"].startswith("text/calendar")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [str(event.get("location", "")) for event in events] == ["社区会议室", ""]
    assert events[0].decoded("dtstart") == starts.replace(microsecond=0)
    assert len({str(event["uid"]) for event in events}) == 2


def test_the_feed_has_a_new_entry_for_each_version(client, place, running):
    paper = publish(place, running, "notice")
    feed = reverse("consultation:board_feed", args=[place.community.code])
    assert f'<guid isPermaLink="false">{paper.pk}.1</guid>' in client.get(feed).content.decode()


def test_the_print_sheet_carries_words_fingerprint_and_code(client, place, running):
    paper = publish(place, running, "notice")
    page = client.get(reverse("consultation:paper_print", args=[paper.pk])).content.decode()
    paper.refresh_from_db()
    assert all(word in page for word in ("请居民到会。", paper.hash, "<svg"))


def test_planted_names_and_numbers_stand_on_no_public_page_or_feed(place, settings, tmp_path):
    """Typed into every field that residents and hosts have."""
    settings.MEDIA_ROOT = tmp_path
    from consultation.models import ListedMatter
    from consultation.services import content, screening, stages

    at = timezone.now()
    matter = ListedMatter.objects.create(
        code="works", kind="positive", name="设施", valid_from=makers.LONG_AGO
    )
    contact = {"contact_name": PLANTED[0], "contact_phone": PLANTED[1]}
    topic = content.propose(
        source="resident", title=TOLD[:60], text=TOLD, town=place.place,
        community=place.community, at=at, **contact,
    )  # fmt: skip
    screening.screen(
        topic, matter=matter, reason=f"电话 {PLANTED[1]}", public_title=TOLD[:60], public_text=TOLD,
        by=place.worker, at=at,
    )  # fmt: skip
    screening.admit(topic, reason=f"证 {PLANTED[2]}", by=place.secretary, at=at)
    form = makers.make_blueprint(
        (("result", "result", {"result": (0, None)}),), columns={"result": {"objection_days": 7}}
    )
    found = makers.make_running(place, form, at=at, topic=topic, title="噪音", text="夜间噪音。")
    paper = publish(place, found, "result", at=at, title=TOLD[:60], text=TOLD)
    publishing.prepare(
        fresh(found), "result", title=TOLD[:60], text=TOLD, publication=paper, reason=TOLD,
        by=place.host, at=at,
    )  # fmt: skip
    publishing.release(paper, public_text=TOLD, confirmed=True, by=place.host, at=at)
    objection = objecting.raise_objection(fresh(found), text=TOLD, at=at, **contact)
    objecting.answer(objection, public_text=TOLD, answer=TOLD, by=place.host, at=at)
    stages.stop(fresh(found), reason=TOLD, by=place.host, at=at)
    code, number = place.community.code, found.number
    for address in (
        reverse("consultation:published"),
        reverse("consultation:published_consultation", args=[number]),
        reverse("consultation:embed", args=[number]),
        reverse("consultation:board", args=[code]),
        reverse("consultation:board_feed", args=[code]),
        reverse("consultation:board_calendar", args=[code]),
        reverse("consultation:content_list", args=[code]),
        reverse("consultation:public_topics"),
        reverse("consultation:public_topic", args=[topic.number]),
        reverse("consultation:paper", args=[paper.pk]),
        reverse("consultation:paper", args=[paper.pk]) + "?compare=2",
        reverse("consultation:paper_print", args=[paper.pk]),
        reverse("consultation:paper_text", args=[paper.pk, 2]),
        reverse("consultation:verify") + f"?fingerprint={paper.hash}",
        reverse("consultation:report", args=[number, "xlsx"]),
        f"/api/v1/consultation/consultations/{number}/",
    ):
        answer = Client().get(address)
        assert answer.status_code == 200, address
        body = b"".join(answer) if answer.streaming else answer.content
        for secret in PLANTED:
            assert secret.encode() not in body, (address, secret)
