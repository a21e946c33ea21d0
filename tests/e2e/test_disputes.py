"""Every move around the straight way, through the buttons, by the person it belongs to."""

import datetime
import subprocess
import sys

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.e2e.visitor import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

PHONE, DESK = 390, 1440
IN_THE_FIELD = {"worker", "handler"}
ROUTED_WITHIN = 20_000


@pytest.fixture
def do(site_env):
    """`do("log")`, `do("late", number)`: see `tests.e2e.matters`."""

    def act(*words):
        command = [sys.executable, "-m", "tests.e2e.matters", *words]
        done = subprocess.run(
            command, env=site_env, cwd=ROOT, check=True, capture_output=True, text=True
        )
        return done.stdout.strip().splitlines()[-1]

    return act


@pytest.fixture
def people(visitor):
    """`people("handler")`: everybody signs in once; who works outside holds a telephone."""
    here = {}

    def come(name):
        if name not in here:
            width = PHONE if name in IN_THE_FIELD else DESK
            here[name] = visitor(width, "zh-hans").sign_in(name)
        return here[name]

    return come


def at_case(person, number):
    return person.go(f"/cases/{number}/")


def routed(person, number):
    """The case's page, once the router has found its desk."""
    person.page.set_default_timeout(ROUTED_WITHIN)
    for _try in range(20):
        at_case(person, number)
        if person.page.locator(".page-actions a[href$='/return/']").count():
            return person
        person.page.wait_for_timeout(500)
    raise AssertionError(f"{number} was not routed")


def give_back(person, number):
    """A reason from the list, and words."""
    routed(person, number).make("return")
    person.page.locator("#move-form [name=reason]").first.check()
    person.fill(note="权责清单里不是我们。").send()


def order(person, number, move, **words):
    """Body, person and line are chosen; the body narrows what the others offer."""
    page = at_case(person, number).make(move).page
    with page.expect_response(lambda answer: f"/{move}/?" in answer.url):
        page.locator("#move-form [name=body]").select_option(label="规划建设办")
    page.wait_for_load_state("networkidle")
    for name in ("post", "line"):
        box = page.locator(f"#move-form [name={name}]")
        if box.count():
            box.select_option(index=1)
    person.fill(**words).send()


def test_a_dispute_ends_with_a_decision_that_the_router_follows(people, do):
    number = do("log")
    for turn in range(2):
        give_back(people("handler"), number)
        if turn == 0:
            order(people("dispatcher"), number, "dispatch")
    order(people("dispatcher"), number, "dispatch")
    give_back(people("handler"), number)
    committee = people("committee")
    committee.go("/cases/queue/committee/")
    expect(committee.page.locator(f"a[href='/cases/{number}/']").first).to_be_visible()
    at_case(committee, number).look("1-both-sides")
    expect(committee.page.locator(".sides li")).to_have_count(4)
    order(committee, number, "adjudicate", note="设施由规划建设办管护，由其主责。")
    committee.look("2-decided")
    handler = at_case(people("handler"), number)
    handler.look("3-binding")
    assert not handler.page.locator("[href$='/return/']").count()
    like = do("log")
    page = routed(people("handler"), like).page
    expect(page.locator("main")).to_contain_text("规划建设办")
    expect(page.locator("main")).to_contain_text("先例")


def test_more_time_is_granted_by_two_and_refused_when_it_is_late(people, do):
    number = do("log")
    handler = routed(people("handler"), number).make("sign")
    at_case(handler, number).make("ask_extension").fill(note="配件三天后到货。").send()
    head = people("head").go("/cases/requests/")
    head.look("1-requests")
    head.page.locator(f"a[href='/cases/{number}/review_extension/']").click()
    head.tick("granted", "yes").send()
    dispatcher = at_case(people("dispatcher"), number).make("review_extension")
    dispatcher.tick("granted", "yes").send()
    dispatcher.look("2-granted")
    do("late", number)
    page = at_case(handler, number).make("ask_extension").fill(note="还要两天。").page
    page.locator("#move-form [type=submit]").click()
    expect(page.locator("#move-form")).to_contain_text("已超过处置时限")
    handler.look("3-too-late")


def test_a_suspension_stands_over_a_holiday_and_ends_by_itself(people, do):
    number = do("log")
    handler = routed(people("handler"), number).make("sign")
    until = (timezone.localdate() + datetime.timedelta(days=100)).isoformat()
    at_case(handler, number).make("ask_suspension").fill(until=until, note="春节后施工。")
    handler.look("1-asked")
    handler.send()
    for name in ("head", "dispatcher"):
        person = at_case(people(name), number).make("review_suspension")
        person.tick("granted", "yes").send()
    dispatcher = at_case(people("dispatcher"), number)
    assert dispatcher.state() == "挂账"
    dispatcher.look("2-suspended")
    assert not at_case(handler, number).page.locator(".page-actions [href$='/report/']").count()
    assert do("wake", number) == "handling"
    assert at_case(handler, number).state() == "处置中"


def not_solved(person, number, code):
    """A resident without an account, with the receipt."""
    resident = person.page.context.browser.new_page(locale="zh-CN")
    resident.goto(f"{person.site}/follow/")
    resident.locator("[name=number]").fill(number)
    resident.locator("[name=code]").fill(code)
    resident.locator("form[data-follow] [type=submit]").click()
    resident.locator("details", has=resident.locator("[name=note]")).locator("summary").click()
    resident.locator("[name=note]").fill("灯又不亮了。")
    resident.locator("form[action$='/reopen/'] [type=submit]").click()
    expect(resident.locator("main")).to_contain_text("重新办理")
    resident.close()


def test_looked_at_on_site_called_done_again_closed_and_taken_up_again(people, do, picture):
    number, code = do("report").split()
    at_case(people("acceptor"), number).make("verify").fill(note="看看灯还亮不亮。").send()
    worker = people("worker").go("/workbench/")
    worker.look("1-to-look-at")
    at_case(worker, number).make("verified").tick("found", "yes")
    worker.page.locator("#move-form [name=photos]").set_input_files(picture)
    worker.look("2-found").send()
    at_case(people("acceptor"), number).make("file").send()
    handler = routed(people("handler"), number).make("sign")
    at_case(handler, number).make("contact").tick("reached", "yes").fill(note="已说明安排。").send()

    def done():
        at_case(handler, number).make("report").fill(result="灯已修好。", actual="100").send()

    done()
    at_case(people("head"), number).make("send_back").fill(note="照片不清楚。").send()
    done()
    at_case(people("head"), number).make("confirm").send()
    verifier = at_case(people("verifier"), number).make("fail").fill(note="还在闪。")
    verifier.send()
    done()
    at_case(people("head"), number).make("confirm").send()
    at_case(verifier, number).make("pass").tick("condition_met").fill(note="亮了。")
    verifier.look("3-closing")
    verifier.send()
    not_solved(verifier, number, code)
    routed(handler, number).look("4-again")


def test_a_refused_resident_reads_the_right_channel(people, do):
    number, code = do("report").split()
    clerk = at_case(people("acceptor"), number).make("reject")
    clerk.page.locator("#move-form [name=reason]").nth(1).check()
    clerk.fill(note="法院已经立案。").look("1-reasons")
    clerk.send()
    page = clerk.go("/follow/").page
    page.locator("[name=number]").fill(number)
    page.locator("[name=code]").fill(code)
    page.locator("form[data-follow] [type=submit]").click()
    expect(page.locator("main")).to_contain_text("12388")
    clerk.look("2-right-channel")


def test_desks_that_decide_correct_settle_act_first_and_end(people, do):
    number, other = do("log"), do("log")
    give_back(people("handler"), number)
    dispatcher = at_case(people("dispatcher"), number)
    dispatcher.make("note").fill(text="正在了解情况。").send()
    at_case(dispatcher, number).make("back_to_intake").fill(note="地点要再问清。").send()
    acceptor = at_case(people("acceptor"), number).make("correct").fill(note="地点核对无误。")
    acceptor.look("1-correct").send()
    at_case(acceptor, number).make("file").send()
    committee = people("committee")
    for _try in range(20):
        if at_case(committee, number).page.locator(".page-actions [href$='/settle/']").count():
            break
        committee.page.wait_for_timeout(500)
    committee.make("settle").choose(lead="规划建设办").send()
    at_case(dispatcher, number).make("publish_text").fill(text="井盖缺失。").send()
    at_case(dispatcher, number).make("void").fill(note="已由施工方恢复。").send()
    assert at_case(dispatcher, number).state() == "作废"
    give_back(people("handler"), other)
    page = at_case(committee, other).make("act_first").page
    with page.expect_response(lambda answer: "/act_first/?" in answer.url):
        page.locator("#move-form [name=body]").select_option(label="规划建设办")
    page.wait_for_load_state("networkidle")
    page.locator("#move-form [name=post]").select_option(index=1)
    committee.fill(reason="井盖敞着，等不得。").send()
    assert at_case(committee, other).state() == "已派遣，待签收"
