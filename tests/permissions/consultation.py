"""A consultation under way in the home town's community."""

import io

from django.utils import timezone

from consultation.models import ListedMatter
from consultation.services import content, objecting, publishing, screening
from organizations.services import changes
from tests.factories import consultation as makers
from tests.factories.consultation import LONG_AGO
from tests.permissions import carrying


def make_consultations(town):
    """Things by name, made by people of their own."""
    place = makers.make_place(town)
    at = timezone.now()
    running = makers.make_running(place, at=at)
    who = {"by": place.host, "at": at}
    words = {"title": "公告", "text": "请居民到会。", **who}
    draft = publishing.prepare(running, "notice", **words)
    out = publishing.prepare(running, "materials", **words)
    file = publishing.attach(out, io.BytesIO(b"%PDF-1.4 plan"), name="图纸.pdf", **who)
    publishing.release(out, public_text="请居民到会。", confirmed=True, **who)
    objection = objecting.raise_objection(running, text="x", by=place.supervisor, at=at)
    topic = content.propose(
        source="resident", title="加装电梯", text="x", town=town.place,
        community=place.community, at=at,
    )  # fmt: skip
    given = {"source": "worker", "town": town.place, "community": place.community, "at": at}
    listed = content.propose(title="车位重新划线", text="晚上没有地方停。", **given)
    matter = ListedMatter.objects.create(
        code="parking", kind="positive", name="停车", valid_from=LONG_AGO
    )
    words = {"public_title": "车位", "public_text": "没有地方停。", "reason": "公共设施"}
    screening.screen(listed, matter=matter, by=place.worker, at=at, **words)
    screening.admit(listed, reason="列入清单", by=place.secretary, at=at)
    entry = ListedMatter(code="works", kind="positive", name="公共设施", valid_from=LONG_AGO)
    return {
        "promises": carrying.make_promises(town, running),
        "consultation": running, "draft": draft, "out": out, "objection": objection,
        "topic": topic, "listed": listed, "file": file, "code": place.community.code,
        "catalogues": {
            "consultation-forms": running.blueprint,
            "content-list": changes.create(entry, by=town.system, at=at),
        },
    }  # fmt: skip


def examples_at(name, things):
    """(label, values) for an address of consultation; none where it is about something else."""
    mine = carrying.examples_at(name, things["promises"], things["consultation"].number)
    if mine:
        return mine
    space, _colon, last = name.rpartition(":")
    if space != "consultation":
        return []
    number = {"number": things["consultation"].number}
    draft, out = {**number, "pk": things["draft"].pk}, {"pk": things["out"].pk}
    objection = {**number, "objection": things["objection"].number, "name": "answer"}
    topic, code = {"number": things["topic"].number}, {"code": things["code"]}
    listed = {"number": things["listed"].number}
    form = {"pk": things["consultation"].blueprint_id}
    about = {
        **dict.fromkeys(("consultation", "publications", "paper_new", "objections"), number),
        **dict.fromkeys(("objection_new", "object"), number),
        **dict.fromkeys(("paper_write", "paper_release", "paper_attach", "paper_drop"), draft),
        **dict.fromkeys(("paper", "paper_print"), out),
        **dict.fromkeys(("board", "board_feed", "board_calendar", "content_list"), code),
        **dict.fromkeys(("public_topic", "topic_rate"), listed),
        "paper_file": {**out, "file": things["file"].pk},
        "desk_file": {**number, "pk": things["file"].pk},
        "paper_text": {**out, "version": 1},
        **dict.fromkeys(("form_edit", "form_stages"), form),
        "objection_answer": objection,
        "topic": topic,
        "topic_move": {**topic, "name": "screen"},
        "do": {**number, "name": "advance"},
        "ask": {**number, "name": "stop"},
    }
    return [("", about[last])] if last in about else []
