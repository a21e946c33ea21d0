"""Lists kept under a name, taken along in files, and moved as a whole."""

import csv
import datetime
import io

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from cases import tasks
from cases.forms.lists import narrowed
from cases.models import BulkMove, BulkRow, Case, CaseExport, ExportState, SavedView
from cases.services import bulk, exporting, saved_views
from lib.errors import NotYours, RuleViolation
from lib.roles import Role
from organizations.models import Message
from tests.factories import cases as make
from tests.factories.cases import MONDAY, later
from tests.factories.organizations import PostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(client):
    def ask(person, name, *args, post=None, **asked):
        client.force_login(person)
        url = reverse(f"cases:{name}", args=args)
        return client.post(url, post) if post is not None else client.get(url, asked)

    return ask


def keep(by, name="我的", **more):
    return saved_views.save_view(name=name, query="state=filed", by=by, at=MONDAY, **more)


def views_of(person):
    return list(SavedView.objects.open_to(person, on=MONDAY.date()))


# -- Views -------------------------------------------------------------------------------------


def test_a_view_is_kept_for_oneself_or_for_all_who_hold_such_a_post(town):
    colleague = PostFactory(body=town.centre, role=Role.DISPATCHER).person
    own = keep(town.dispatcher)
    shared = keep(town.dispatcher, "大家的", post=town.posts.dispatcher)
    assert set(views_of(town.dispatcher)) == {own, shared}
    assert views_of(colleague) == [shared]
    assert views_of(town.handler) == []


def test_the_same_name_again_replaces_and_one_default_follows_another(town):
    first = keep(town.dispatcher, is_default=True)
    again = keep(town.dispatcher)
    other = keep(town.dispatcher, "另一个", is_default=True)
    assert (again.pk, again.is_default) == (first.pk, False)
    assert [view.name for view in views_of(town.dispatcher) if view.is_default] == [other.name]


def test_nobody_keeps_a_view_for_a_post_of_others_or_removes_theirs(town):
    with pytest.raises(NotYours):
        keep(town.dispatcher, post=town.posts.handler)
    view = keep(town.dispatcher)
    with pytest.raises(NotYours):
        saved_views.remove_view(view, by=town.handler, at=MONDAY)
    saved_views.remove_view(view, by=town.dispatcher, at=MONDAY)
    assert views_of(town.dispatcher) == []


def test_the_list_opens_with_the_default_view_and_everything_stays_a_click_away(town, visit):
    make.filed(town)
    visit(town.dispatcher, "save_view", post={
        "name": "待派", "query": "state=closed&columns=channel&cursor=x", "is_default": "on",
    })  # fmt: skip
    assert SavedView.objects.get().query == "state=closed&columns=channel"
    assert visit(town.dispatcher, "list").url == "/cases/?state=closed&columns=channel"
    shown = visit(town.dispatcher, "list", all=1).context
    assert (len(shown["page"].rows), [view.name for view in shown["views"]]) == (1, ["待派"])
    visit(town.dispatcher, "remove_view", SavedView.objects.get().pk, post={})
    assert visit(town.dispatcher, "list").status_code == 200


def test_columns_are_chosen_and_the_order_too(town, visit):
    old, new = make.handling(town), make.handling(town)
    answer = visit(town.dispatcher, "list", columns=["channel", "nonsense"], order="oldest")
    assert [column.key for column in answer.context["columns"]] == ["channel"]
    assert [row.pk for row in answer.context["page"].rows] == [old.pk, new.pk]
    assert "网格员" in answer.content.decode()
    best = visit(town.dispatcher, "list", q="井盖", order="best")
    assert [row.pk for row in best.context["page"].rows] == [new.pk, old.pk]
    left = visit(town.dispatcher, "list", order="left")
    assert [row.pk for row in left.context["page"].rows] == [old.pk, new.pk]


def test_a_list_is_counted_on_demand(town, visit):
    make.filed(town)
    assert "1 件" in visit(town.dispatcher, "count").content.decode()


# -- Files -------------------------------------------------------------------------------------


def asked(person, query="", **more):
    cases = narrowed(QueryDict(query), user=person, at=timezone.now()).cases
    given = {"query": query, "columns": ["number", "title", "text", "reporter", "phone"]}
    given |= {"format": "csv", "by": person, "at": timezone.now(), **more}
    return exporting.begin_export(cases, **given), cases


def lines(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_a_file_has_every_case_of_the_list_and_is_written_down(town, visit):
    make.closed(town)
    cases = [make.filed(town), make.filed(town)]
    answer = visit(town.dispatcher, "export", post={
        "format": "csv", "columns": ["number", "state"], "query": "state=filed",
    })  # fmt: skip
    assert lines(answer) == [
        ["编号", "状态"],
        *[[case.number, "已立案，待派遣"] for case in reversed(cases)],
    ]
    export = CaseExport.objects.get()
    assert (export.by, export.query, export.rows, export.state, export.masked) == (
        town.dispatcher, "state=filed", 2, ExportState.TAKEN, False,
    )  # fmt: skip


def test_a_spreadsheet_is_read_back(town, visit):
    case = make.filed(town, title="=HYPERLINK(1)", text="=1+1")
    answer = visit(town.dispatcher, "export", post={
        "format": "xlsx", "columns": ["number", "title", "returns"], "query": "",
    })  # fmt: skip
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = [list(row) for row in book.worksheets[0].values]
    assert rows[1:] == [[case.number, "'=HYPERLINK(1)", 0]]


def test_files_are_masked_by_who_takes_them(town):
    make.filed(
        town, text="找诸葛亮明 13812345678", reporter_name="诸葛亮明", reporter_phone="13812345678"
    )

    def text_for(person):
        export, cases = asked(person)
        return b"".join(exporting.stream(export, cases)).decode()

    knows, does_not = text_for(town.dispatcher), text_for(town.verifier)
    assert "找诸葛亮明 13812345678" in knows
    assert "诸葛**,138****5678" in knows
    assert ("13812345678" in does_not, "亮明" in does_not) == (False, False)


def test_a_long_list_is_made_by_a_worker_and_lies_there_for_who_asked(
    town, visit, monkeypatch, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    make.filed(town)
    make.filed(town)
    monkeypatch.setattr(exporting, "AT_ONCE", 1)
    monkeypatch.setattr(exporting, "CHUNK", 1)
    export, _cases = asked(town.dispatcher)
    assert export.state == ExportState.WAITING
    assert tasks.make_export(export.pk) == 2
    assert tasks.make_export(export.pk) == 0
    assert Message.objects.get(kind="export-ready").to == town.dispatcher
    answer = visit(town.dispatcher, "export_file", export.pk)
    assert len(lines(answer)) == 3
    assert visit(town.verifier, "export_file", export.pk).status_code == 404
    assert exporting.expire_exports(at=timezone.now() + datetime.timedelta(days=8)) == 1
    assert visit(town.dispatcher, "export_file", export.pk).status_code == 404
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_an_export_whose_message_was_lost_is_taken_up(town, monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make.filed(town)
    monkeypatch.setattr(exporting, "AT_ONCE", 0)
    export, _cases = asked(town.dispatcher, at=timezone.now() - datetime.timedelta(minutes=11))
    tasks.tidy_lists()
    export.refresh_from_db()
    assert (export.state, export.rows) == (ExportState.READY, 1)


def test_residents_take_nothing_along(town):
    with pytest.raises(NotYours):
        asked(town.resident)


# -- Moves -------------------------------------------------------------------------------------


def moved(cases, move, by, at=None, **arguments):
    made = bulk.begin_bulk(cases, move, arguments=arguments, by=by, at=at or later(minutes=20))
    return made, {row.case_id: (row.result, row.reason) for row in made.rows.all()}


def test_each_row_says_what_became_of_it(town):
    ready, done = make.dispatched(town), make.closed(town)
    made, rows = moved([ready, done], "sign", town.handler)
    assert rows[ready.pk] == ("moved", "")
    assert rows[done.pk][0] == "refused"
    assert "已结案" in rows[done.pk][1]
    assert make.fresh(ready).state == "handling"
    assert BulkMove.objects.get(pk=made.pk).done_at is not None


def test_a_refused_row_changes_nothing_and_holds_up_no_other(town):
    first, second = make.dispatched(town), make.dispatched(town)
    _made, rows = moved([first, second], "reassign", town.stranger, post=town.posts.worker.pk)
    assert {result for result, _reason in rows.values()} == {"refused"}
    assert make.fresh(first).version == first.version


def test_many_rows_wait_for_a_worker_and_are_done_once(town, monkeypatch):
    cases = [make.dispatched(town) for _each in range(3)]
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    made, rows = moved(cases, "note", town.head, text="请抓紧")
    assert {result for result, _reason in rows.values()} == {""}
    assert tasks.work_through_bulk(made.pk) == 3
    assert tasks.work_through_bulk(made.pk) == 0
    assert Case.objects.filter(events__move="note").count() == 3
    assert made.counts() == {"all": 3, "moved": 3, "refused": 0, "waiting": 0}


@pytest.mark.parametrize(("move", "count"), [("void", 1), ("sign", 0)])
def test_what_is_not_made_for_many_is_refused(town, move, count):
    cases = [make.dispatched(town) for _each in range(count)]
    with pytest.raises(RuleViolation):
        moved(cases, move, town.dispatcher)
    assert not BulkRow.objects.exists()


def test_from_ticks_in_the_list_to_the_report(town, visit):
    first, second = make.dispatched(town), make.dispatched(town)
    ticked = {"number": [first.number, second.number], "move": "sign"}
    asked_for = visit(town.handler, "bulk", post=ticked)
    assert asked_for.context["count"] == 2
    sent = {"numbers": f"{first.number},{second.number}", "move": "sign", "go": "1"}
    report = visit(town.handler, "bulk", post=sent)
    shown = visit(town.handler, "bulk_report", BulkMove.objects.get().pk)
    assert report.url == shown.request["PATH_INFO"]
    assert shown.context["counts"] == {"all": 2, "moved": 2, "refused": 0, "waiting": 0}
    assert visit(town.head, "bulk_report", BulkMove.objects.get().pk).status_code == 404


def test_all_of_the_list_and_a_person_to_send_it_to(town, visit):
    cases = [make.filed(town, category=None), make.filed(town, category=None)]
    form = {"everything": "1", "query": "state=filed", "move": "dispatch"}
    assert visit(town.dispatcher, "bulk", post=form).context["count"] == 2
    lacking = visit(town.dispatcher, "bulk", post={**form, "go": "1"})
    assert (lacking.status_code, list(lacking.context["form"].errors)) == (422, ["post"])
    note = {**form, "move": "note", "note": "一起看", "go": "1"}
    visit(town.dispatcher, "bulk", post=note)
    assert Case.objects.filter(events__move="note").count() == len(cases)


def test_nothing_chosen_says_so(town, visit):
    answer = visit(town.dispatcher, "bulk", post={"move": "note"})
    assert (answer.context["count"], BulkMove.objects.count()) == (0, 0)


@pytest.mark.parametrize("name", ["exports", "export"])
def test_residents_without_a_post_do_not_come_here(town, visit, name):
    assert visit(town.resident, name).status_code == 403
