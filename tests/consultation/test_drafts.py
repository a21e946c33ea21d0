"""Draft regulations: split into articles, commented on one by one, laid beside each other."""

import os
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from consultation.articles import compared, paired, split, value_of
from consultation.services import answering, drafts
from lib.chain import first_break
from lib.errors import NotYours, RuleViolation
from tests.factories.opinions import NOW, again, make_open, say

pytestmark = pytest.mark.django_db
LAWS = Path(os.environ.get("GONGZHI_DATA", Path(__file__).parents[3] / "shared" / "data")) / "laws"
TEXT = """# 东莞市文明停车条例（草案）

## 第一章 总则

**第一条** 为了规范停车，制定本条例。

第二条　本条例适用于
（一）道路；
（二）小区。
违反第一条的，依照
第一条规定处罚。

## 第二章 责任
第三条之一 物业企业应当公示车位。
"""


@pytest.fixture
def found():
    return make_open()


@pytest.fixture
def host(found):
    return found.place_of_test.host


def bring(found, host, text=TEXT, **more):
    return drafts.bring_in(found, title="停车条例", text=text, by=host, at=NOW, **more)


# -- Articles --------------------------------------------------------------------------------------


def test_a_text_is_split_at_its_articles_with_the_chapter_of_each():
    found = [(one.label, one.chapter, one.text) for one in split(TEXT)]
    assert found == [
        ("第一条", "第一章 总则", "为了规范停车，制定本条例。"),
        ("第二条", "第一章 总则",
         "本条例适用于\n（一）道路；\n（二）小区。\n违反第一条的，依照\n第一条规定处罚。"),
        ("第三条之一", "第二章 责任", "物业企业应当公示车位。"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "number"),
    [("十", 10), ("二十", 20), ("一百零三", 103), ("一百二十三", 123), ("一千两百", 1200),
     ("12", 12), ("九", 9)],
)  # fmt: skip
def test_numbers_are_read_as_laws_write_them(text, number):
    assert value_of(text) == number


def test_letters_that_went_and_came_are_told_apart():
    pieces = [(one.kind, one.text) for one in compared("应当公示车位", "必须公示全部车位")]
    assert pieces == [
        ("gone", "应当"), ("new", "必须"), ("same", "公示"), ("new", "全部"), ("same", "车位"),
    ]  # fmt: skip


def test_a_renumbered_article_stays_the_same_article():
    before = ["为了规范停车，制定本条例。", "物业企业应当公示车位。"]
    after = ["全新的一条，谈充电桩。", "为了规范停车，制定本条例。", "物业企业必须公示车位。"]
    assert paired(before, after) == [(None, 0), (0, 1), (1, 2)]
    assert paired(before, after[1:2]) == [(0, 0), (1, None)]


@pytest.mark.skipif(not LAWS.is_dir(), reason="the texts of laws lie beside the project")
def test_real_laws_are_split_without_a_gap():
    """Every article follows the one before it, as it was written."""
    files = sorted(LAWS.glob("*.md"))
    assert files
    for file in files:
        numbers = [one.number for one in split(file.read_text(encoding="utf-8"))]
        assert len(numbers) > 10, file.name
        assert [number for number, _part in numbers if _part == 0] == list(
            range(1, numbers[-1][0] + 1)
        ), file.name


# -- Bringing in -----------------------------------------------------------------------------------


def test_versions_follow_each_other_each_for_a_reason_and_the_history_knows(found, host):
    first = bring(found, host)
    with pytest.raises(RuleViolation) as refusal:
        bring(found, host, TEXT.replace("公示", "张贴"))
    assert refusal.value.code == "no_reason"
    second = bring(found, host, TEXT.replace("公示", "张贴"), reason="听取了业主意见")
    assert (first.number, second.number) == (1, 2)
    moves = found.events.filter(move="draft-version")
    assert moves.count() == 2
    digests = {event.facts["digest"] for event in moves}
    assert len(digests) == 2
    assert first_break(found.events.order_by("number")) is None


def test_a_text_without_articles_and_somebody_else_are_refused(found, host):
    for text in ("", "没有一条", "第条 空"):
        with pytest.raises(RuleViolation) as refusal:
            bring(found, host, text)
        assert refusal.value.code == "no_articles"
    with pytest.raises(NotYours):
        bring(found, found.place_of_test.supervisor)
    assert not found.drafts.exists()


@pytest.mark.parametrize("table", ["draft", "draftarticle"])
def test_what_was_laid_out_is_never_changed(found, host, table):
    bring(found, host)
    column = "title" if table == "draft" else "text"
    for statement in (
        f"UPDATE consultation_{table} SET {column} = 'x'", f"DELETE FROM consultation_{table}",
    ):  # fmt: skip
        with (
            pytest.raises(IntegrityError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


# -- Pages -----------------------------------------------------------------------------------------


def url(name, found, *more):
    return reverse(f"consultation:{name}", args=[found.number, *more])


def read(address, **query):
    answer = Client().get(address, query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_each_article_is_commented_on_answered_and_counted(found, host):
    second = bring(found, host).articles.get(label="第二条")
    said = say(found, "小区也要算吗", article=second)
    say(found, "第一条很好", article=second.draft.articles.get(label="第一条"))
    say(found, "整体同意")
    answering.answer(found, [said.pk], outcome="not", reason="小区由业主自治", by=host, at=NOW)
    page = read(url("public_draft", found))
    assert page.count(f"?article={second.pk}") == 2
    about = read(url("public_opinions", found), article=second.pk)
    assert "小区也要算吗" in about
    assert "小区由业主自治" in about
    assert "整体同意" not in about
    reply = say(found, "同意楼上", parent=again(said))
    assert reply.article == second


def test_an_article_of_another_draft_is_refused(found, host):
    other = make_open(found.place_of_test, code="other")
    article = bring(other, host).articles.first()
    with pytest.raises(RuleViolation) as refusal:
        say(found, "不对", article=article)
    assert refusal.value.code == "article"


def test_two_versions_stand_beside_each_other_article_by_article(found, host):
    bring(found, host)
    bring(found, host, TEXT.replace("应当公示", "必须公示"), reason="听取了意见")
    page = read(url("draft_comparison", found, 1, 2))
    assert "必须</ins>" in page
    assert "应当</del>" in page
    assert "制定本条例" not in page
    assert "听取了意见" in page
    for number in (3, 9):
        assert Client().get(url("draft_version", found, number)).status_code == 404


def test_the_host_brings_in_a_file(found, host):
    client = Client()
    client.force_login(host)
    file = SimpleUploadedFile("条例.md", TEXT.encode(), content_type="text/markdown")
    answer = client.post(url("draft_new", found), {"title": "停车条例", "file": file})
    assert answer.status_code == 302, answer.content.decode()
    assert found.drafts.get().articles.count() == 3


@pytest.mark.parametrize(
    ("name", "content"),
    [("条例.md", b"\xff\xfe\x00"), ("条例.exe", TEXT.encode()), ("条例.txt", "没有一条".encode()),
     ("条例.txt", b"")],
)  # fmt: skip
def test_other_files_are_refused_with_the_reason_on_the_form(found, host, name, content):
    client = Client()
    client.force_login(host)
    file = SimpleUploadedFile(name, content)
    answer = client.post(url("draft_new", found), {"title": "停车条例", "file": file})
    assert answer.status_code == 422
    assert not found.drafts.exists()


def test_a_file_in_the_encoding_of_older_systems_is_read(found, host):
    client = Client()
    client.force_login(host)
    file = SimpleUploadedFile("条例.txt", TEXT.encode("gb18030"))
    client.post(url("draft_new", found), {"title": "停车条例", "file": file})
    assert found.drafts.get().articles.first().label == "第一条"
