"""Selection: criteria, applications, judges, short list, objections, decision, appointment."""

import pytest
from django.db import Error, IntegrityError, connection, transaction

from lib.errors import NotYours, RuleViolation
from lib.roles import Role
from organizations.models import Message, Post
from talent import tasks
from talent.models import Candidate, Kin, Movement, Objection, Score, Selection
from talent.services import candidates, judging, selections, shortlisting
from talent.services.forgetting import forget
from tests.factories import talent as make
from tests.factories.organizations import PostFactory, UserFactory
from tests.factories.talent import AT, DAY

pytestmark = pytest.mark.django_db
TABLES = (Selection, Candidate, Score, Objection, Post)


def told(person):
    return list(Message.objects.filter(to=person).order_by("pk").values_list("kind", flat=True))


def snapshot():
    return [list(table.objects.order_by("pk").values()) for table in TABLES]


def refused(act, code):
    before = snapshot()
    with pytest.raises(RuleViolation) as refusal:
        act()
    assert refusal.value.code == code
    assert snapshot() == before


def state(row):
    return type(row).objects.get(pk=row.pk).state


def test_a_selection_goes_from_criteria_to_a_post(place):
    made, (first, second) = make.published(place)
    assert (state(first), state(second)) == ("proposed", "passed_over")
    first.refresh_from_db()
    assert (first.points, first.rank) == ("60.00", 1)
    shortlisting.decide(made, by=place.secretary, at=made.objections_until)
    done = shortlisting.appoint(first, valid_from=AT.date(), by=place.secretary, at=AT)
    assert (done.post.role, done.post.body) == (Role.GRID_WORKER, place.body)
    assert Movement.objects.get(post=done.post).why == "selected"
    assert told(first.person) == ["selection-proposed", "selection-chosen", "selection-appointed"]
    assert told(second.person) == ["selection-passed_over"]


def test_what_is_missing_before_it_opens(place):
    made = make.drafted(place, judges=1)
    refused(lambda: selections.open_selection(made, by=place.member, at=AT), "not_ready")
    refused(lambda: selections.set_criteria(made, {"": 5}, by=place.member, at=AT), "no_criteria")
    refused(
        lambda: selections.name_judge(made, place.staff[0], by=place.member, at=AT), "judge_twice"
    )
    refused(lambda: selections.name_judge(made, UserFactory(), by=place.member, at=AT), "no_post")
    selections.name_judge(made, place.staff[1], by=place.member, at=AT)
    refused(
        lambda: selections.open_selection(made, by=place.member, at=made.apply_until),
        "in_the_past",
    )


def test_a_stranger_drafts_nothing_and_no_administrator_is_selected(place):
    refused(
        lambda: selections.draft_selection(
            make.wanted_post(place), place.community, by=UserFactory(), at=AT
        ),
        "not_yours",
    )
    refused(lambda: make.drafted(place, role=Role.SECURITY_ADMIN), "role")


def test_who_is_recommended_must_agree(place):
    made, person = make.open_selection(place), UserFactory()
    row = candidates.recommend(made, person, statement="x", by=place.staff[3], at=AT)
    assert (row.state, told(person)) == ("recommended", ["selection-recommended"])
    refused(lambda: candidates.agree(row, by=place.staff[3], at=AT), "not_yours")
    refused(lambda: make.applied(made, by=person), "applied")
    assert candidates.agree(row, by=person, at=AT).state == "applied"
    refused(lambda: candidates.recommend(made, person, statement="x", by=person, at=AT), "himself")


def test_applications_end_when_they_were_announced_to(place):
    made = make.open_selection(place)
    refused(lambda: selections.close_selection(made, by=place.member, at=AT), "too_early")
    refused(lambda: make.applied(made, at=made.apply_until), "wrong_state")
    assert selections.close_due(at=AT) == 0
    assert selections.close_due(at=made.apply_until) == 1
    assert selections.close_due(at=made.apply_until) == 0
    assert state(made) == "judging"


def test_the_clock_closes_once(place):
    made = make.open_selection(place, at=AT - 100 * DAY)
    tasks.close_applications()
    tasks.close_applications()
    assert state(made) == "judging"
    assert [event.move for event in made.events.order_by("number")][-1] == "close"
    assert made.events.filter(move="close").count() == 1


def test_nobody_judges_himself_or_a_relative(place):
    made = make.open_selection(place, judges=4)
    own = make.applied(made, by=place.staff[0])
    other = make.applied(made)
    judge = made.judges.get(person=place.staff[1])
    refused(lambda: judging.declare_kin(judge, other, by=place.member, at=AT), "not_yours")
    judging.declare_kin(judge, other, by=place.staff[1], at=AT)
    selections.close_selection(made, by=place.member, at=made.apply_until)
    points = dict(zip(made.criteria.values_list("pk", flat=True), (5, 5), strict=True))
    refused(lambda: judging.give_scores(own, points, by=place.staff[0], at=AT), "not_yours")
    refused(lambda: judging.give_scores(other, points, by=place.staff[1], at=AT), "not_yours")
    refused(lambda: judging.give_scores(other, points, by=place.member, at=AT), "not_yours")
    assert judging.give_scores(other, points, by=place.staff[2], at=AT) == 10
    refused(lambda: judging.give_scores(other, {}, by=place.staff[2], at=AT), "incomplete")
    high = dict.fromkeys(points, 61)
    refused(lambda: judging.give_scores(other, high, by=place.staff[2], at=AT), "points")


def test_kin_declared_later_takes_the_scores_away(place):
    _made, (row, _other) = make.judging_one(place)
    make.scored(row, 5)
    judge = row.selection.judges.first()
    judging.declare_kin(judge, row, by=row.person, at=AT)
    assert not row.scores.filter(judge=judge).exists()
    assert Kin.objects.count() == 1


def test_a_list_needs_every_score_enough_days_and_no_tie(place):
    made, rows = make.judging_one(place)

    def publish(days=7):
        return shortlisting.publish(made, days=days, by=place.member, at=made.apply_until)

    refused(publish, "scores_missing")
    for row in rows:
        make.scored(row, 40)
    refused(lambda: publish(days=6), "too_short")
    refused(publish, "tie")
    make.scored(rows[1], 41)
    assert publish().state == "published"
    assert (state(rows[0]), state(rows[1])) == ("passed_over", "proposed")


def test_an_objection_is_answered_by_another_before_the_decision(place):
    made, (first, _second) = make.published(place)
    objector = UserFactory()
    row = shortlisting.object_to(first, text="材料不实", by=objector, at=made.published_at)
    assert told(place.secretary)[-1] == "selection-objection"
    refused(
        lambda: shortlisting.object_to(first, text="再说", by=objector, at=made.published_at),
        "objected",
    )
    refused(
        lambda: shortlisting.decide(made, by=place.secretary, at=made.objections_until),
        "objections_open",
    )
    for person in (objector, UserFactory(), first.person):
        refused(
            lambda by=person: shortlisting.answer(row, upheld=False, reason="x", by=by, at=AT),
            "not_yours",
        )
    refused(
        lambda: shortlisting.answer(row, upheld=False, reason=" ", by=place.member, at=AT),
        "reason_missing",
    )
    shortlisting.answer(row, upheld=False, reason="已核实", by=place.member, at=AT)
    assert told(objector) == ["selection-answered"]
    shortlisting.decide(made, by=place.secretary, at=made.objections_until)
    assert state(first) == "chosen"


def test_an_upheld_objection_strikes_the_candidate(place):
    made, (first, _second) = make.published(place)
    row = shortlisting.object_to(first, text="x", by=UserFactory(), at=made.published_at)
    shortlisting.answer(row, upheld=True, reason="属实", by=place.member, at=AT)
    assert state(first) == "excluded"
    refused(
        lambda: shortlisting.decide(made, by=place.secretary, at=made.objections_until),
        "nobody_left",
    )


def test_objections_end_and_only_the_listed_are_objected_to(place):
    made, (first, second) = make.published(place)

    def objects(row, at=made.published_at, by=None, text="x"):
        return lambda: shortlisting.object_to(row, text=text, by=by or UserFactory(), at=at)

    refused(objects(first, at=made.objections_until), "wrong_state")
    refused(objects(second), "wrong_state")
    refused(objects(first, by=first.person), "himself")
    refused(objects(first, text=" "), "no_words")


def test_the_decision_is_made_late_enough_and_by_another_secretary(place):
    made, _rows = make.published(place)
    refused(lambda: shortlisting.decide(made, by=place.secretary, at=made.published_at),
            "still_published")  # fmt: skip
    refused(lambda: shortlisting.decide(made, by=place.member, at=made.objections_until),
            "not_yours")  # fmt: skip
    own = selections.draft_selection(
        make.wanted_post(place), place.community, by=place.secretary, at=AT
    )
    assert "secretary" not in {*_actors(place.secretary, own)}


def _actors(user, row):
    from talent.services.actors import to_selection

    return to_selection(user, row, at=AT)


def test_a_candidate_of_the_committee_organises_nothing_of_it(place):
    made = make.open_selection(place)
    make.applied(made, by=place.member)
    refused(lambda: selections.close_selection(made, by=place.member, at=made.apply_until),
            "not_yours")  # fmt: skip


def test_a_resident_is_appointed_on_an_account_for_work(place):
    made = make.open_selection(place)
    resident = UserFactory(is_resident=True, nickname="小李", full_name="")
    row = candidates.apply(made, name="李小明", statement="x", by=resident, at=AT)
    selections.close_selection(made, by=place.member, at=made.apply_until)
    make.scored(row, 50)
    made = shortlisting.publish(made, days=7, by=place.member, at=made.apply_until)
    shortlisting.decide(made, by=place.secretary, at=made.objections_until)

    def appoint(account=None):
        return shortlisting.appoint(
            row, valid_from=AT.date(), account=account, by=place.secretary, at=AT
        )

    refused(appoint, "resident")
    refused(lambda: appoint(UserFactory(full_name="别人")), "other_name")
    account = UserFactory(full_name="李小明")
    assert appoint(account).post.person == account


def test_who_withdraws_is_not_appointed(place):
    _made, (first, _second) = make.decided(place)
    candidates.withdraw(first, by=first.person, at=AT)
    refused(
        lambda: shortlisting.appoint(first, valid_from=AT.date(), by=place.secretary, at=AT),
        "wrong_state",
    )


def test_everybody_is_told_that_a_selection_is_cancelled(place):
    made, (first, second) = make.judging_one(place)
    selections.cancel_selection(made, reason="岗位撤销", by=place.member, at=AT)
    assert told(first.person) == told(second.person) == ["selection-cancelled"]


def test_who_sees_candidates_and_objections(place):
    made, day = make.open_selection(place), AT.date()
    row = make.applied(made)
    judge, stranger = place.staff[0], PostFactory(role=Role.PARTY_SECRETARY).person
    seen = Candidate.objects.visible_to
    assert not seen(judge, on=day).exists()
    assert not seen(stranger, on=day).exists()
    assert seen(row.person, on=day).get() == seen(place.member, on=day).get() == row
    selections.close_selection(made, by=place.member, at=made.apply_until)
    assert seen(judge, on=day).get() == row


def test_a_draft_is_seen_by_its_committee_only(place):
    made, day = make.drafted(place), AT.date()
    assert Selection.objects.visible_to(place.secretary, on=day).get() == made
    assert not Selection.objects.visible_to(UserFactory(), on=day).exists()


def test_words_of_a_candidate_are_forgotten(place):
    made, (first, _second) = make.published(place)
    shortlisting.object_to(first, text="x", by=first.recommended_by or place.staff[3],
                           at=made.published_at)  # fmt: skip
    assert forget(first.person) == 1
    assert forget(place.staff[3]) == 1
    first.refresh_from_db()
    assert (first.name, first.statement) == ("—", "—")
    assert Objection.objects.get().text == "—"


RAW = [
    ("UPDATE talent_selection SET published_at = NULL", "published for a time"),
    ("UPDATE talent_selection SET objections_until = published_at", "for some days"),
    ("UPDATE talent_selection SET decided_by_id = made_by_id", "decided by another"),
    ("UPDATE talent_selection SET ended_at = NULL", "ended or not"),
    ("UPDATE talent_candidate SET score = NULL WHERE rank = 1", "listed was scored"),
    ("UPDATE talent_candidate SET state = 'appointed' WHERE rank = 1", "appointed has a post"),
    ("UPDATE talent_candidate SET recommended_by_id = person_id", "not by himself"),
    ("UPDATE talent_objection SET answered_by_id = person_id", "answered by another"),
    ("UPDATE talent_objection SET reason = ''", "answered with reasons"),
    ("UPDATE talent_selectionrule SET publication_days = 4", "five days"),
    ("UPDATE talent_score SET points = 61", "points of the criterion"),
    ("UPDATE talent_selectionevent SET note = 'x'", "append-only"),
    ("DELETE FROM talent_candidateevent", "append-only"),
    ("DELETE FROM talent_objectionevent", "append-only"),
]


@pytest.mark.parametrize(("statement", "why"), RAW, ids=[why for _statement, why in RAW])
def test_the_database_itself_refuses(place, statement, why):
    made, (first, _second) = make.published(place)
    row = shortlisting.object_to(first, text="x", by=UserFactory(), at=made.published_at)
    shortlisting.answer(row, upheld=False, reason="x", by=place.member, at=AT)
    shortlisting.decide(made, by=place.secretary, at=made.objections_until)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_no_door_lets_somebody_judge_himself(place):
    made = make.open_selection(place)
    own, other = make.applied(made, by=place.staff[0]), make.applied(made)
    criterion, judge = made.criteria.first(), made.judges.get(person=place.staff[0])
    fresh = {"judge": judge, "criterion": criterion, "points": 1, "at": AT}
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.create(candidate=own, **fresh)
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.create(candidate=other, **{**fresh, "points": 61})
    Kin.objects.create(judge=judge, candidate=other, by=place.staff[0], at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.create(candidate=other, **fresh)


def test_a_judge_cannot_be_the_committee_of_another_place(place):
    elsewhere = make.make_place()
    made = make.drafted(place)
    with pytest.raises(NotYours):
        selections.name_judge(made, elsewhere.staff[0], by=elsewhere.member, at=AT)
