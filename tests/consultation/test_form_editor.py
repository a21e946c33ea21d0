"""Forms of consultation edited in the browser: stage by stage, checked, as a new version."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from consultation.forms.blueprints import edited, posted_of
from consultation.models import Blueprint
from consultation.reference import rule_line, stages_of
from consultation.services import blueprints, stages
from consultation.services.foreseeing import outlook
from lib.errors import RuleViolation
from organizations.models import ChangeRecord, User
from tests.factories import consultation as makers
from tests.factories.organizations import PostFactory

pytestmark = pytest.mark.django_db
HEAD = {
    "form": "council", "name": "居民议事会", "name_en": "Council", "place": 10, "whole_days": 60,
    "reason": "议事规则修订",
}  # fmt: skip


@pytest.fixture
def admin(client):
    person = PostFactory(role="system_admin").person
    client.force_login(person)
    return person


@pytest.fixture
def council(db):
    blueprints.load_reference(by=User.objects.system(), at=timezone.now())
    return Blueprint.objects.get(code="council")


def on(days):
    return timezone.localdate() + datetime.timedelta(days=days)


def page_of(form):
    return reverse("consultation:form_edit", args=[form.pk])


def typed(client, row, **more):
    """What a browser sends back of the page as it stands, with `more` typed into it."""
    page = client.get(page_of(row))
    said = posted_of(blueprints.words_of(row))
    return {**said, **HEAD, "valid_from": on(30).isoformat(), "seen": page.context["seen"], **more}


def errors_of(page):
    return {
        f"{form.prefix}-{name}": str(texts[0])
        for form in page.context["editor"].forms
        for name, texts in form.errors.items()
    }


def test_every_form_comes_out_of_its_page_as_it_went_in(client, admin, council):
    for form in Blueprint.objects.order_by("pk"):
        head = {"form": form.form, "name": form.name, "whole_days": form.whole_days or ""}
        sent = client.post(page_of(form), typed(client, form, **head, act="save"))
        assert sent.status_code == 302, errors_of(sent)
        newest = Blueprint.objects.versions_of(form.code).first()
        assert newest.valid_from == on(30)
        assert blueprints.words_of(newest) == blueprints.words_of(form)
        assert blueprints.written(newest) == blueprints.written(form)


def test_a_change_holds_from_its_day_and_the_old_one_stays(client, admin, place, council):
    at = timezone.now()
    running = makers.make_running(place, council, at=at)
    wanted = typed(client, council, act="save", **{"stages-2-rules-0-share": "2/3"})
    wanted["stages-2-rules-0-comparison"] = "least"
    assert client.post(page_of(council), wanted).status_code == 302
    new, old = Blueprint.objects.versions_of("council")
    assert (old.valid_to, new.valid_from, new.reason) == (on(30), on(30), "议事规则修订")
    assert "quorum person all > 1/2" in blueprints.written(old)
    assert "quorum person all >= 2/3" in blueprints.written(new)
    kept = running.stages.get(key="session").rules.get(purpose="quorum")
    assert rule_line(vars(kept)) == "quorum person all > 1/2"
    with pytest.raises(RuleViolation) as refused:
        makers.make_draft(place, new, at=at)
    assert refused.value.code == "ended"
    assert stages.draft(
        new, title="x", text="x", body=place.body, town=place.place, community=place.community,
        by=place.host, at=at + datetime.timedelta(days=31),
    ).blueprint == new  # fmt: skip
    assert ChangeRecord.objects.of(new).filter(by=admin).exists()
    shown = client.get(reverse("organizations:catalogue_row", args=["consultation-forms", new.pk]))
    text = shown.content.decode()
    assert "<del>" in text
    assert "议事规则修订" in text
    assert "2/3" in text


def test_a_version_by_which_somebody_began_is_not_rewritten(client, admin, place, council):
    makers.make_running(place, council, at=timezone.now())
    before = blueprints.written(council)
    for day, word in ((council.valid_from, "已有协商按这一版本开始"), (on(-1), "过去的日期")):
        answer = client.post(
            page_of(council),
            typed(client, council, act="save", valid_from=day.isoformat(),
                  **{"stages-2-rules-0-share": "3/4"}),
        )  # fmt: skip
        assert answer.status_code == 422
        assert word in str(answer.context["head"].non_field_errors())
    assert blueprints.written(Blueprint.objects.get(code="council")) == before


def test_two_who_change_the_same_form_do_not_overwrite_each_other(client, admin, council):
    first = typed(client, council, act="save", **{"stages-0-publish": "", "stages-0-name": "公告"})
    second = typed(client, council, act="save", **{"stages-0-name": "公示"})
    first["valid_from"] = second["valid_from"] = council.valid_from.isoformat()
    assert client.post(page_of(council), first).status_code == 302
    assert client.post(page_of(council), second).status_code == 422
    assert Blueprint.objects.get(code="council").stages.first().name == "公告"


def test_errors_stand_beside_their_fields(client, admin, council):
    wrong = {
        "stages-0-name": "", "stages-0-papers-0-stands": "-1", "stages-2-rules-0-share": "3/2",
        "stages-2-rules-1-share": "half", "stages-3-kind": "party-time",
    }  # fmt: skip
    page = client.post(page_of(council), typed(client, council, act="save", **wrong))
    assert page.status_code == 422
    assert errors_of(page).keys() == wrong.keys()
    assert f'href="#id_{"stages-2-rules-0-share"}"' in page.content.decode()
    assert 'id="id_stages-2-rules-0-share_error"' in page.content.decode()
    assert Blueprint.objects.filter(code="council").count() == 1


FAULTS = [
    ({"stages-0-key": "session"}, {"stages-0-key", "stages-2-key"}),
    ({"stages-3-kind": "notice"}, {"stages-3-kind"}),  # before, after a deliberation
    ({"stages-2-kind": "opinions"}, {  # nobody meets there any more
        "stages-2-rules-0-purpose", "stages-2-rules-1-purpose", "stages-2-papers-0-kind",
    }),
    ({"stages-2-rules-0-one_of": "on"}, {"stages-2-rules-0-one_of"}),
    ({"stages-0-papers-1-kind": "notice"}, {"stages-0-papers-0-kind", "stages-0-papers-1-kind"}),
    ({"stages-3-papers-0-kind": "answer"}, {"stages-3-objection_days"}),
]  # fmt: skip


@pytest.mark.parametrize(("said", "named"), FAULTS)
def test_what_only_several_fields_show_stands_beside_them_too(client, admin, council, said, named):
    page = client.post(page_of(council), typed(client, council, act="preview", **said))
    assert page.status_code == 422
    assert errors_of(page).keys() == named


def test_buttons_add_move_and_remove_without_saving(client, admin, council):
    said = typed(client, council)

    def names(act):
        page = client.post(page_of(council), {**said, "act": act})
        assert page.status_code == 200
        assert not errors_of(page)
        return [part.form["name"].value() for part in page.context["editor"].stages], page

    begin = [stage.columns["name"] for stage in blueprints.words_of(council)]
    assert names("up:stages:1")[0] == [begin[1], begin[0], *begin[2:]]
    assert names("down:stages:5")[0] == begin  # there is nothing below
    assert names("remove:stages:0")[0] == begin[1:]
    added, page = names("add:stages")
    assert added[:-1] == begin
    assert page.context["focus"] == "stages-6"
    rules = names("add:stages-2-rules")[1].context["editor"].stages[2].rules
    assert [rule["share"].value() for rule in rules] == ["1/2", "1/2", None]
    rules = names("remove:stages-2-rules:0")[1].context["editor"].stages[2].rules
    assert [rule["purpose"].value() for rule in rules] == ["majority"]
    assert names("no such button")[0] == begin
    assert Blueprint.objects.filter(code="council").count() == 1


def test_lists_do_not_grow_without_end():
    posted = {}
    for _one in range(30):
        posted, _focus = edited(posted, "add:stages")
    assert len(posted) == 20 * 4


def test_a_form_is_made_from_another_and_from_a_file(client, admin, council):
    new = reverse("consultation:form_new")
    page = client.get(new, {"like": council.pk})
    parts = page.context["editor"].stages
    assert len(parts) == 6
    file = client.get(reverse("consultation:form_stages", args=[council.pk]))
    assert "attachment" in file["Content-Disposition"]
    read = client.post(new, {"act": "read", "text": file.content.decode()})
    assert [part.form["key"].value() for part in read.context["editor"].stages] == [
        "notice", "opinions", "session", "result", "execution", "rating",
    ]  # fmt: skip
    said = {**posted_of(blueprints.words_of(council)), **HEAD, "code": "council-b"}
    said |= {"valid_from": on(0).isoformat(), "act": "save", "stages-1-key": ""}
    assert client.post(new, said).status_code == 302
    made = Blueprint.objects.get(code="council-b")
    assert [stage.key for stage in made.stages.all()][1] == "opinions"  # made of its kind


@pytest.mark.parametrize(
    "wrong",
    [
        "", "x", "- key: a", "- {key: a, kind: notice, name: 甲, surprise: 1}",
        "- {key: a, kind: session, name: 甲, rules: [quorum person all > 3/2]}",
        "- {key: a, kind: session, name: 甲, rules: [quorum person all > 1/0]}",
    ],
)  # fmt: skip
def test_a_text_that_cannot_be_read_changes_nothing(client, admin, council, wrong):
    page = client.post(page_of(council), typed(client, council, act="read", text=wrong))
    assert page.context["wrong"]
    assert len(page.context["editor"].stages) == 6


@pytest.mark.parametrize(
    "wrong",
    [
        "- {key: a, kind: nothing, name: 甲}",
        "- {key: a, kind: session, name: 甲, must_take_part: [nobody]}",
        "- {key: a, kind: notice, name: 甲, publish: {notice: {stands: -1}}}",
        "- {key: a, kind: notice, name: 甲, publish: {leaflet: {}}}",
        "- {key: a, kind: notice, name: 甲, rules: [quorum person all > 1/2]}",
        "- {key: a, kind: session, name: 甲}\n- {key: a, kind: result, name: 乙}",
    ],
)
def test_services_refuse_stages_that_are_not_sound(place, wrong):
    form = makers.make_blueprint()
    before = blueprints.written(form)
    values = {"name": "新", "valid_from": form.valid_from}
    with pytest.raises(RuleViolation):
        blueprints.write_blueprint(form, values, stages_of(wrong), by=place.host, at=timezone.now())
    form.refresh_from_db()
    assert (blueprints.written(form), form.name) == (before, "居民议事会")


def test_the_way_is_foreseen_in_days(council):
    words = blueprints.words_of(council)
    found = outlook(words, whole_days=20, at=makers.AT)
    assert [span.days for span in found.spans] == [5, 0, 3, 7, 0, 0]
    assert (found.days, found.warnings) == (15, ())
    tight = outlook(words, whole_days=14, at=makers.AT)
    assert len(tight.warnings) == 1
    words[3].columns["due_days"] = 6
    assert [span.is_too_long for span in outlook(words, whole_days=None, at=makers.AT).spans] == [
        False, False, False, True, False, False,
    ]  # fmt: skip


def test_four_deliberations_fit_into_their_twenty_days(council):
    form = Blueprint.objects.get(code="four-two")
    found = outlook(blueprints.words_of(form), whole_days=form.whole_days, at=makers.AT)
    assert (found.days, found.warnings) == (7, ())


def test_only_the_administrator_edits_and_readers_read(client, place, council):
    editor, file = page_of(council), reverse("consultation:form_stages", args=[council.pk])
    for person, edits, reads in (
        (place.resident, 403, 403), (place.host, 403, 200), (place.secretary, 403, 200),
    ):  # fmt: skip
        client.force_login(person)
        assert client.get(editor).status_code == edits
        assert client.post(reverse("consultation:form_new"), {"act": "save"}).status_code == edits
        assert client.get(file).status_code == reads
    client.logout()
    assert client.get(editor).status_code == 302
