"""Before filing and after closing: looks on site, refusals with the right channel, calls, evidence,
automatic confirmation, reopening."""

import datetime

import pytest

from cases import services
from cases.models import Reason, SelfConfirmation, Task
from cases.services.reference import load_reference
from cases.workflow import Desk
from lib.errors import NotYours, RuleViolation
from organizations.models import Message
from routing.models import Load
from tests.factories import cases as make
from tests.factories.cases import MONDAY, fresh, later, photo

SINCE = datetime.date(2020, 1, 1)


def code_of(call, *args, **kwargs):
    with pytest.raises(RuleViolation) as refusal:
        call(*args, **kwargs)
    return refusal.value.code


def asked(town):
    return services.verify(make.submitted(town), by=town.acceptor, at=MONDAY, note="看井盖还在不在")


def test_the_grid_worker_looks_and_the_clerk_goes_on(town):
    case = asked(town)
    assert (case.state, case.desk) == ("verifying", Desk.SITE)
    assert case.verifications.get().due_at == later(days=1)
    assert Message.objects.get(to=town.worker).kind == "case-verify"
    waiting = type(case).objects.on_desk(town.worker, on=MONDAY.date())
    assert list(waiting) == [case]
    answer = {"by": town.worker, "at": later(hours=1)}
    assert code_of(services.verified, case, found=True, **answer) == "evidence_missing"
    case = services.verified(case, found=True, photos=[photo()], **answer)
    look = case.verifications.get()
    assert (case.state, case.desk, look.found) == ("submitted", Desk.ACCEPTANCE, True)
    assert [row.kind for row in case.photos.all()] == ["site"]
    assert services.file(case, by=town.acceptor, at=later(hours=2)).state == "filed"


def test_a_look_that_nobody_answers_ends_with_its_limit(town):
    case = asked(town)
    assert services.give_up_looks(at=later(days=1)) == 0
    assert services.give_up_looks(at=later(days=1, seconds=1)) == 1
    assert services.give_up_looks(at=later(days=2)) == 0
    assert (fresh(case).state, case.verifications.get().found) == ("submitted", None)


def test_others_do_not_answer_for_the_grid_worker(town):
    case = asked(town)
    for who in (town.stranger, town.acceptor, town.dispatcher):
        with pytest.raises(NotYours):
            services.verified(case, found=True, note="在", by=who, at=later(hours=1))
    assert services.cancel(case, by=town.resident, at=later(hours=1)).state == "cancelled"


def test_where_no_grid_worker_covers_the_place_nobody_is_asked(town):
    case = make.submitted(town, lon=None, lat=None)
    assert code_of(services.verify, case, by=town.acceptor, at=MONDAY) == "nobody"


def test_not_accepted_names_the_reason_and_the_right_channel(town):
    load_reference(by=town.system, at=MONDAY)
    listed = Reason.objects.for_move("reject", on=MONDAY.date())
    assert [reason.code for reason in listed] == [
        "emergency", "legal-channel", "repeated", "secret", "beyond", "unlawful",
    ]  # fmt: skip
    assert all(reason.told and reason.told_en and reason.legal_basis for reason in listed)
    case = make.submitted(town)
    said = {"by": town.acceptor, "at": later(hours=1), "note": "已在法院审理"}
    assert code_of(services.reject, case, **said) == "reason_not_listed"
    case = services.reject(case, reason=listed[1], **said)
    assert case.events.latest("number").facts["reason_code"] == "legal-channel"
    assert load_reference(by=town.system, at=MONDAY) == 0


def test_a_call_is_on_record_and_asked_for_where_the_standard_says_so(town):
    town.standard.contact_first = True
    town.standard.save()
    case = make.handling(town, reporter_name="张三", reporter_phone="13800138000")
    result = {"result": "好", "actual": 1, "by": town.handler, "at": later(hours=1)}
    assert code_of(services.report, case, **result) == "contact_missing"
    call = {"by": town.handler, "at": later(hours=1), "note": "电话无人接听"}
    for expected in (None, None, later(hours=1)):
        case = services.contact(case, reached=False, **call)
        assert case.contacted_at == expected
    assert services.report(case, **result).state == "reported"
    other = make.handling(town, reporter_phone="13800138000")
    other = services.contact(other, reached=True, **call)
    assert other.contacted_at == later(hours=1)
    silent = make.handling(town)
    assert services.report(silent, **result).state == "reported"


def test_a_report_lacking_the_photo_of_how_it_was_is_refused(town):
    town.standard.photo_before = True
    town.standard.save()
    case = make.handling(town)
    result = {"result": "好", "actual": 1, "by": town.handler, "at": later(hours=1)}
    assert code_of(services.report, case, **result) == "photo_missing"
    case = services.report(case, before=[photo()], **result)
    assert [row.kind for row in case.photos.all()] == ["before"]


def test_closing_wants_the_condition_met_and_something_that_shows_it(town):
    case = make.checking(town)
    check = {"by": town.verifier, "at": later(hours=3)}
    assert code_of(services.check_pass, case, condition_met=False, note="x", **check) == "condition"
    assert code_of(services.check_pass, case, **check) == "evidence_missing"
    assert services.check_pass(case, photos=[photo()], **check).state == "closed"


def test_a_department_may_let_results_pass_by_themselves(town):
    SelfConfirmation.objects.create(
        body=town.office, valid_from=MONDAY.date(), valid_to=later(days=1).date()
    )
    case = make.reported(town)
    assert (case.state, case.confirmed_at, case.handled_late) == ("checking", later(hours=1), False)
    confirmed = case.events.latest("number")
    assert (confirmed.move, confirmed.by) == ("confirm", town.system)
    assert Load.objects.get(post=town.posts.handler).points == 0
    later_one = make.handling(town)
    later_one = services.report(later_one, result="好", actual=1, by=town.handler, at=later(days=1))
    assert later_one.state == "reported"


def test_a_closed_case_is_taken_up_again_with_all_that_was_done(town):
    case = make.closed(town)
    case = services.reopen(case, by=town.verifier, at=later(days=90), note="又坏了")
    assert (case.state, case.desk, case.reopens, case.ended_at) == ("filed", Desk.ROUTER, 1, None)
    services.route_waiting(at=later(days=90))
    case = fresh(case)
    old, new = Task.objects.filter(case=case).order_by("id")
    assert (old.state, old.result, new.state) == ("done", "已换新井盖", "dispatched")
    town.line.refresh_from_db()
    assert (town.line.available, town.line.reserved, town.line.payable) == (890_000, 60_000, 50_000)
    # Who checked it then may do it now.
    assert (case.handled_by, case.checked_by) == (None, None)


def test_the_reporter_has_a_set_time_for_it_also_with_the_code_alone(town):
    case = _closed_report(town)
    end = services.reopens_until(case)
    assert end == case.ended_at + datetime.timedelta(days=15)
    nobody = {"by": town.stranger, "note": "没有解决"}
    with pytest.raises(NotYours):
        services.reopen(case, at=end, code="22222222", **nobody)
    late = end + datetime.timedelta(seconds=1)
    assert code_of(services.reopen, case, at=late, code=case.query_code, **nobody) == "too_late"
    assert code_of(services.reopen, case, by=town.resident, at=late, note="没解决") == "too_late"
    # Without an account the installation acts for the reporter, within the reporter's time.
    alone = {"by": town.system, "code": case.query_code, "note": "没有解决"}
    assert code_of(services.reopen, case, at=late, **alone) == "too_late"
    assert services.reopen(case, at=end, **alone).reopens == 1


def _closed_report(town):
    case = services.file(make.submitted(town), by=town.acceptor, at=MONDAY)
    services.route_waiting(at=MONDAY)
    case = services.sign(fresh(case), by=town.handler, at=later(minutes=10))
    case = services.report(case, result="好", actual=1, by=town.handler, at=later(hours=1))
    case = services.confirm(case, by=town.head, at=later(hours=2))
    return services.check_pass(case, by=town.verifier, at=later(hours=3), note="好")
