"""Before a stage is left: papers stood, party passed, objections over; reviewed, stopped."""

import pytest

from consultation.models import Consultation, PartyReview, Topic
from consultation.services import content, publishing, screening, stages
from consultation.services.stages import NotYet
from lib.errors import NotYours, RuleViolation, WrongState
from tests.factories import consultation as makers
from tests.factories.cases import make_town
from tests.factories.consultation import AT, fresh, later

pytestmark = pytest.mark.django_db


def publish(place, found, kind, *, at=AT, **more):
    words = {"title": "公告", "text": "请居民到会。", "by": place.host, "at": at}
    paper = publishing.prepare(fresh(found), kind, **{**words, **more})
    publishing.release(paper, public_text="请居民到会。", confirmed=True, by=place.host, at=at)
    return paper


def advance(place, found, *, at=AT):
    return stages.advance(fresh(found), by=place.host, at=at)


def codes(place, found, at):
    with pytest.raises(NotYet) as refused:
        advance(place, found, at=at)
    return [refusal.code for refusal in refused.value.refusals]


@pytest.fixture
def noticed(place):
    """In the stage of its notice, which must stand seven days."""
    return advance(place, makers.make_running(place))


def test_a_stage_is_not_left_before_its_paper_is_out(place, noticed):
    assert codes(place, noticed, later(days=30)) == ["not_published"]
    assert fresh(noticed).stage.key == "notice"


@pytest.mark.parametrize(
    ("waited", "goes"),
    [({"days": 6, "hours": 23, "minutes": 59}, False), ({"days": 7}, True), ({"days": 8}, True)],
)
def test_a_notice_stands_seven_days_to_the_minute(place, noticed, waited, goes):
    publish(place, noticed, "notice")
    if goes:
        advance(place, noticed, at=later(**waited))
        assert fresh(noticed).stage.key == "session"
    else:
        assert codes(place, noticed, later(**waited)) == ["must_stand"]
        assert fresh(noticed).stage.key == "notice"


def test_a_refusal_says_until_when(place, noticed, english):
    publish(place, noticed, "notice")
    with pytest.raises(NotYet) as refused:
        advance(place, noticed, at=later(days=1))
    assert refused.value.refusals[0].until == later(days=7)
    assert "“Notice” stands 7 days at least" in str(refused.value)


def test_everything_that_is_missing_is_said_at_once(place):
    blueprint = makers.make_blueprint(
        (("notice", "notice", {"notice": (7, 3), "materials": (0, None)}),
         ("result", "result", {})),
        columns={"notice": {"needs_party": True}},
    )  # fmt: skip
    found = makers.make_running(place, blueprint)
    publish(place, found, "notice")
    assert codes(place, found, later(days=1)) == ["not_published", "must_stand", "party_waits"]


def test_the_party_organisation_passes_or_not_and_says_why(place):
    blueprint = makers.make_blueprint(
        (("notice", "notice", {}), ("result", "result", {})),
        columns={"notice": {"needs_party": True}},
    )
    found = makers.make_running(place, blueprint)
    review = {"passed": False, "reason": "材料不齐", "at": AT}
    for stranger in (place.host, place.worker, place.supervisor):
        with pytest.raises(NotYours):
            stages.review(found, by=stranger, **review)
    with pytest.raises(RuleViolation) as refused:
        stages.review(found, by=place.secretary, **{**review, "reason": " "})
    assert refused.value.code == "reason_missing"
    stages.review(found, by=place.secretary, **review)
    assert codes(place, found, AT) == ["party_refused"]
    stages.review(found, by=place.secretary, passed=True, reason="已补齐", at=AT)
    advance(place, found)
    assert [row.passed for row in PartyReview.objects.order_by("pk")] == [False, True]


def test_a_stage_that_needs_no_party_is_not_reviewed(place, noticed):
    with pytest.raises(RuleViolation) as refused:
        stages.review(fresh(noticed), passed=True, reason="x", by=place.secretary, at=AT)
    assert refused.value.code == "not_needed"


def short(place):
    """Only a result, with seven days for objections."""
    blueprint = makers.make_blueprint(
        (("result", "result", {"result": (0, 2)}),), columns={"result": {"objection_days": 7}}
    )
    return makers.make_running(place, blueprint)


@pytest.mark.parametrize(
    ("waited", "goes"), [({"days": 6, "hours": 23}, False), ({"days": 7}, True)]
)
def test_a_result_is_not_final_before_the_time_for_objections_is_over(place, waited, goes):
    found = short(place)
    publish(place, found, "result")
    if goes:
        advance(place, found, at=later(**waited))
        assert (fresh(found).state, fresh(found).stage) == ("done", None)
    else:
        assert codes(place, found, later(**waited)) == ["objections_may_come"]


def test_a_corrected_result_begins_its_time_again(place):
    found = short(place)
    paper = publish(place, found, "result")
    again = publishing.prepare(
        fresh(found), "result", title="结果", text="改。", publication=paper, by=place.host,
        at=later(days=5), reason="数字有误",
    )  # fmt: skip
    publishing.release(again, public_text="改。", confirmed=True, by=place.host, at=later(days=5))
    assert codes(place, found, later(days=8)) == ["objections_may_come"]
    advance(place, found, at=later(days=12))
    assert fresh(found).state == "done"


def test_stopped_it_says_why_and_frees_its_topic(place):
    topic = listed(place)
    found = makers.make_running(place, topic=topic)
    assert Topic.objects.get().state == "taken_up"
    with pytest.raises(RuleViolation):
        stages.stop(found, reason="", by=place.secretary, at=AT)
    stages.stop(fresh(found), reason="上级已有规定，电话 13812345678", by=place.secretary, at=AT)
    found = fresh(found)
    assert (found.state, found.stage) == ("stopped", None)
    assert found.end_reason == "上级已有规定，电话 138****5678"
    assert Topic.objects.get().state == "listed"
    with pytest.raises(WrongState):
        advance(place, found)
    assert Consultation.objects.published().get() == found


def listed(place):
    from consultation.models import ListedMatter

    entry = ListedMatter.objects.create(
        code="works", kind="positive", name="公共设施", valid_from=makers.LONG_AGO
    )
    topic = content.propose(
        source="resident", title="加装电梯", text="老人上楼难", town=place.place,
        community=place.community, at=AT,
    )  # fmt: skip
    screening.screen(
        topic, matter=entry, reason="属于公共设施", public_title="加装电梯", public_text="上楼难",
        by=place.worker, at=AT,
    )  # fmt: skip
    return screening.admit(topic, reason="列入清单", by=place.secretary, at=AT)


def test_reopened_the_stages_from_there_on_begin_anew_and_the_old_ones_stay(place, noticed):
    publish(place, noticed, "notice")
    advance(place, noticed, at=later(days=7))
    stages.reopen(
        fresh(noticed), key="notice", reason="公告有误", by=place.secretary, at=later(days=8)
    )
    found = fresh(noticed)
    assert (found.round, found.stage.key, found.stage.round) == (2, "notice", 2)
    assert [stage.key for stage in found.stages.standing()] == [
        "prepare", "notice", "session", "result", "execution",
    ]  # fmt: skip
    old = found.stages.filter(state="replaced").values_list("key", flat=True)
    assert set(old) == {"notice", "session", "result", "execution"}
    assert found.stage.required.get().published_at is None
    assert codes(place, found, later(days=30)) == ["not_published"]


def test_what_was_not_reached_is_not_begun_again(place, noticed):
    with pytest.raises(RuleViolation) as refused:
        stages.reopen(fresh(noticed), key="result", reason="x", by=place.host, at=AT)
    assert refused.value.code == "not_reached"


def test_only_host_and_party_reopen_and_stop(place, noticed):
    for stranger in (place.worker, place.supervisor, place.resident):
        with pytest.raises(NotYours):
            stages.reopen(fresh(noticed), key="prepare", reason="x", by=stranger, at=AT)
        with pytest.raises(NotYours):
            stages.stop(fresh(noticed), reason="x", by=stranger, at=AT)
    assert fresh(noticed).stage.key == "notice"


def test_only_a_draft_is_edited_and_what_is_private_is_masked(place):
    made = makers.make_draft(place)
    stages.edit(made, title="电梯", text="电话 13812345678", by=place.host, at=AT)
    assert (fresh(made).title, fresh(made).text) == ("电梯", "电话 138****5678")
    stages.start(fresh(made), by=place.host, at=AT)
    with pytest.raises(WrongState):
        stages.edit(fresh(made), title="x", text="x", by=place.host, at=AT)


def test_hosts_of_another_town_see_nothing(place, noticed):
    other = makers.make_place(make_town())
    on = AT.date()
    assert not Consultation.objects.visible_to(other.host, on=on).exists()
    for mine in (place.host, place.secretary, place.supervisor, place.worker):
        assert Consultation.objects.visible_to(mine, on=on).get() == noticed
