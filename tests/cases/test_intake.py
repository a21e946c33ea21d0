"""Matters come in: who may log through which door, who files, what is corrected."""

import re

import pytest

from cases import services
from cases.models import Case, NumberBlock, Reporter
from cases.services.numbering import ALPHABET, take_numbers
from cases.workflow import Desk
from lib.chain import seasoned
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Message
from routing.models import Category
from tests.factories import cases as make
from tests.factories.cases import MONDAY, fresh, later, photo


def test_a_residents_report_waits_for_the_acceptance_clerk(town):
    case = fresh(make.submitted(town, reporter_name="张三", reporter_phone="13812345678"))
    assert (case.state, case.desk, case.route_at) == ("submitted", Desk.ACCEPTANCE, None)
    assert (case.reporter.person, case.reporter.name) == (town.resident, "张三")


def test_who_has_not_signed_in_reports_through_the_system(town):
    case = make.log(town, by=town.system, channel="web")
    assert Reporter.objects.get(case=case).person is None


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({}, "filed"),
        ({"lon": None, "lat": None, "territory": "community"}, "filed"),
        ({"lon": None, "lat": None, "territory": "place"}, "submitted"),
        ({"lon": None, "lat": None, "address": "黄江镇梅塘社区"}, "submitted"),
        ({"category": None}, "submitted"),
    ],
)
def test_a_report_files_itself_only_where_nothing_is_uncertain(town, said, state):
    town.small.files_automatically = True
    town.small.save()
    if "territory" in said:
        said = {**said, "territory": getattr(town, said["territory"])}
    case = fresh(make.submitted(town, **said))
    assert case.state == state
    moves = list(case.events.order_by("number").values_list("move", "by__username"))
    filed = [("file", "system")] if state == "filed" else []
    assert moves == [("log", town.resident.username), *filed]


@pytest.mark.parametrize("channel", ["grid", "window", "hotline", "api"])
def test_without_a_post_nobody_logs_for_others(town, channel):
    with pytest.raises(NotYours):
        make.log(town, by=town.resident, channel=channel)
    assert Case.objects.count() == 0


def test_nothing_said_is_nothing_logged(town):
    with pytest.raises(RuleViolation):
        make.log(town, title=" ", text="")
    assert (Case.objects.count(), NumberBlock.objects.count()) == (0, 0)


def test_half_a_point_and_a_point_off_the_earth_are_refused(town):
    for point in ({"lat": None}, {"lat": 91.0}):
        with pytest.raises(RuleViolation):
            make.log(town, **point)


def test_the_place_comes_from_the_point_then_the_choice_then_the_address(town):
    outside = {"lon": 120.0, "lat": 30.0}
    cases = [
        make.log(town, address="不知道哪里"),
        make.log(town, **outside, territory=town.community),
        make.log(town, **outside, address="东莞市黄江镇梅塘社区，小学门口"),
        make.log(town, **outside),
    ]
    assert [(case.place_origin, case.community_id) for case in cases] == [
        ("point", town.community.pk),
        ("chosen", town.community.pk),
        ("address", town.community.pk),
        ("", None),
    ]
    assert cases[3].lon == 120.0


def test_a_condition_brings_its_category_and_no_other(town):
    assert make.log(town, category=None, standard=town.standard).category == town.small
    with pytest.raises(RuleViolation):
        make.log(town, category=town.large, standard=town.standard)


def test_the_same_key_makes_one_case(town):
    first = make.log(town, client_key="k", photos=[photo()])
    assert make.log(town, client_key="k", photos=[photo("blue")]) == first
    with pytest.raises(RuleViolation):
        make.log(town, client_key="k", text="别的事")
    with pytest.raises(NotYours):
        make.log(town, client_key="k", by=town.dispatcher)
    assert (Case.objects.count(), first.photos.count()) == (1, 1)


def test_numbers_follow_each_other_day_by_day(town):
    assert make.log(town).number == "20261123000001"
    assert take_numbers(MONDAY.date(), 3)[-1] == "20261123000004"
    assert make.log(town).number == "20261123000005"
    # Half past midnight in Dongguan is still yesterday in UTC.
    assert make.log(town, at=later(hours=15, minutes=30)).number == "20261124000001"


def test_codes_can_be_read_out(town):
    codes = {make.log(town).query_code for _again in range(5)}
    assert len(codes) == 5
    assert all(re.fullmatch(f"[{ALPHABET}]{{8}}", code) for code in codes)
    assert not set("0O1IL5S8B2ZUV") & set(ALPHABET)


def test_the_clerk_files_and_the_reporter_hears_of_it(town):
    case = services.file(make.submitted(town), by=town.acceptor, at=later(minutes=5))
    assert (case.state, case.desk, case.route_at) == ("filed", Desk.ROUTER, later(minutes=5))
    assert (case.filed_at, Message.objects.get().kind) == (later(minutes=5), "case-filed")
    assert Message.objects.get().to == town.resident


def test_a_rejection_says_why(town):
    case = make.submitted(town)
    with pytest.raises(RuleViolation) as refusal:
        services.reject(case, by=town.acceptor, at=MONDAY, note=" ")
    assert refusal.value.code == "reason_missing"
    case = services.reject(case, by=town.acceptor, at=MONDAY, note="不属于受理范围")
    assert (case.state, case.desk, case.ended_at) == ("rejected", "", MONDAY)
    with pytest.raises(WrongState):
        services.file(case, by=town.acceptor, at=MONDAY)


def test_the_reporter_withdraws_by_account_or_by_code(town):
    assert services.cancel(make.submitted(town), by=town.resident, at=MONDAY).state == "cancelled"
    case = make.log(town, by=town.system, channel="web")
    with pytest.raises(NotYours):
        services.cancel(case, by=town.system, at=MONDAY, code="34679ACD")
    case = services.cancel(case, by=town.system, at=MONDAY, code=case.query_code)
    assert case.state == "cancelled"


def test_a_correction_changes_what_is_given_and_lets_the_router_try_again(town):
    case = make.filed(town, category=None, lon=None, lat=None, address="旧")
    services.route_waiting(at=MONDAY)
    case = services.correct(
        case, by=town.dispatcher, at=later(minutes=1), category=town.small, territory=town.grid
    )
    assert (case.category, case.grid, case.address) == (town.small, town.grid, "旧")
    assert (case.desk, case.refusal, case.route_at) == (Desk.ROUTER, "", later(minutes=1))
    services.route_waiting(at=later(minutes=1))
    assert fresh(case).state == "dispatched"


def test_a_correction_before_filing_stays_with_the_clerk(town):
    case = services.correct(
        make.submitted(town), by=town.acceptor, at=MONDAY, urgency="urgent", publicity="closed"
    )
    assert (case.state, case.desk, case.route_at) == ("submitted", Desk.ACCEPTANCE, None)
    assert (case.urgency, case.publicity) == ("urgent", "closed")


def test_a_correction_to_an_emergency_goes_to_the_duty_desk(town):
    case = make.filed(town, category=None)
    town.small.is_emergency = True
    town.small.save()
    case = services.correct(case, by=town.dispatcher, at=MONDAY, category=town.small)
    assert (case.desk, case.refusal, case.route_at) == (Desk.DUTY, "emergency", None)


def test_back_to_intake_with_a_reason(town):
    case = services.back_to_intake(
        make.filed(town), by=town.dispatcher, at=MONDAY, note="请补充地点"
    )
    assert (case.state, case.desk, case.route_at) == ("submitted", Desk.ACCEPTANCE, None)
    assert case.filed_at is None


def test_words_for_everybody_are_confirmed_by_somebody(town):
    case = services.publish_text(
        make.filed(town), text="路口缺井盖", by=town.dispatcher, at=later(minutes=3)
    )
    assert (case.public_text, case.public_text_by, case.public_text_at) == (
        "路口缺井盖",
        town.dispatcher,
        later(minutes=3),
    )
    case = services.publish_text(case, text="", by=town.dispatcher, at=later(minutes=4))
    assert (case.public_text, case.public_text_by, case.public_text_at) == ("", None, None)


def test_a_note_changes_nothing_but_history(town):
    case = make.dispatched(town)
    after = services.note(case, text="已电话联系", by=town.handler, at=later(minutes=3))
    assert (after.state, after.desk, after.version) == (case.state, case.desk, case.version + 1)
    assert after.events.get(move="note").note_row.text == "已电话联系"


def test_the_receipt_leads_to_the_case(town):
    case = make.submitted(town)
    receipt = services.receipt_of(case, follow_url="https://example.org/follow/")
    assert receipt.code == f"{case.query_code[:4]} {case.query_code[4:]}"
    assert receipt.url == f"https://example.org/follow/#{case.number}/{case.query_code}"
    assert receipt.qr_svg().startswith("<svg")


def test_reading_the_reporters_details_is_on_record(town):
    case = make.dispatched(town, reporter_name="张三")
    assert services.reveal_reporter(case, by=town.handler, at=MONDAY).name == "张三"
    assert case.events.filter(move="reveal", by=town.handler).count() == 1
    with pytest.raises(NotYours):
        services.reveal_reporter(case, by=town.committee, at=MONDAY)


def test_everybody_sees_the_photos_that_somebody_chose_and_no_others(town):
    case = make.submitted(town, photos=[photo("red"), photo("blue")])
    first, second = case.photos.order_by("id")
    services.publish_text(case, text="路口井盖缺失", by=town.acceptor, at=later(minutes=1))
    assert not case.photos.filter(is_public=True).exists()
    services.publish_text(case, text="", photos=[first], by=town.acceptor, at=later(minutes=2))
    assert list(case.photos.filter(is_public=True)) == [first]
    assert case.events.last().facts == {"photos": [first.sha256]}
    services.publish_text(case, text="", photos=[second], by=town.acceptor, at=later(minutes=3))
    assert list(case.photos.filter(is_public=True)) == [second]


def test_a_photo_of_another_case_is_not_shown(town):
    case, other = make.submitted(town), make.submitted(town, photos=[photo()])
    with pytest.raises(RuleViolation):
        services.publish_text(
            case, text="", photos=other.photos.all(), by=town.acceptor, at=later(minutes=1)
        )
    assert not other.photos.filter(is_public=True).exists()


def test_a_stranger_shows_no_photo(town):
    case = make.submitted(town, photos=[photo()])
    with pytest.raises(NotYours):
        services.publish_text(
            case, text="", photos=case.photos.all(), by=town.stranger, at=later(minutes=1)
        )
    assert not case.photos.filter(is_public=True).exists()


def test_a_title_names_no_reporter_and_no_telephone(town):
    text = "张三家门口井盖不见了，请打 13812345678"
    case = make.submitted(town, title="", text=text, reporter_name="张三")
    assert (case.title, case.text) == ("张*家门口井盖不见了，请打 138****5678", text)


def test_the_chain_keeps_a_digest_of_a_corrected_address_not_its_words(town):
    case = make.filed(town)
    services.correct(
        case,
        address="黄江镇梅塘社区8号",
        territory=town.grid,
        by=town.dispatcher,
        at=later(hours=1),
    )
    facts = case.events.last().facts
    assert facts["address"] == seasoned("黄江镇梅塘社区8号", Reporter.objects.get(case=case).salt)


def test_a_resident_opens_no_more_to_the_public_than_the_category_does(town):
    assert make.submitted(town, publicity="open").publicity == "masked"
    assert make.submitted(town, publicity="closed").publicity == "closed"
    assert make.filed(town, publicity="open").publicity == "open"


def test_a_report_sorted_into_a_closed_category_afterwards_is_not_published(town):
    case = make.filed(town)
    assert list(Case.objects.published()) == [case]
    Category.objects.filter(pk=town.small.pk).update(publicity="closed")
    assert not Case.objects.published().exists()
