"""A broken well cover from the street to its end, on the embedded default, in a browser."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.e2e.visitor import ROUTED_WITHIN

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
SCREENS = [(390, "zh-hans"), (1440, "en")]


def log_a_cover(person, picture):
    """The worker's page; returns number and query code of the receipt."""
    page = person.go("/cases/new/").page
    person.look("1-log-empty")
    page.locator("[name=photos]").set_input_files(picture)
    page.locator("#log-here").click()
    expect(page.locator("#place .found-place")).to_be_visible()
    page.locator("[name=text]").fill("路口的井盖不见了，很危险。")
    page.locator("[name=typed]").press_sequentially("jg", delay=30)
    page.locator("#categories label", has_text=re.compile("井盖|Cover")).first.click()
    expect(page.locator("#categories [name=category]:checked")).to_have_count(1)
    person.look("2-log-filled")
    sent_at = time.monotonic()
    page.locator("#log-form [type=submit]").click()
    page.wait_for_url("**/receipt/")
    page.locator("[data-routed]").wait_for(timeout=ROUTED_WITHIN)
    person.seconds = time.monotonic() - sent_at
    number, code = page.locator(".receipt-number").all_inner_texts()
    person.look("3-receipt")
    return number.strip(), code.strip()


def handle(person, number, picture):
    page = person.sign_in("handler").go("/cases/tasks/").page
    person.look("4-tasks")
    expect(page.locator(f"a[href='/cases/{number}/']")).to_be_visible()
    person.go(f"/cases/{number}/").look("5-case")
    person.make("sign")
    expect(page.locator(".messages")).to_contain_text(person.say("Signed for. The work begins."))
    person.make("report")
    page.locator("#move-form [name=photos]").set_input_files(picture)
    person.fill(result="已换新井盖，路面已清理。", actual="512.50")
    person.look("6-report")
    person.send().look("7-reported")


def confirm(person, number):
    page = person.sign_in("head").go("/cases/department/").page
    person.look("8-department")
    expect(page.locator("section", has=page.locator("#waiting-heading"))).to_contain_text(number)
    person.go(f"/cases/{number}/").make("confirm").send()


def check(person, number):
    page = person.sign_in("verifier").go("/cases/queue/verifier/").page
    person.look("9-queue")
    expect(page.locator(f"a[href='/cases/{number}/']")).to_be_visible()
    person.go(f"/cases/{number}/").make("pass").tick("condition_met")
    person.fill(note="盖好了，平整。").send()
    person.look("10-closed")


def follow(person, number, code):
    page = person.go("/follow/").page
    person.look("11-follow")
    page.locator("[name=number]").fill(number)
    page.locator("[name=code]").fill(code)
    page.locator("form[data-follow] [type=submit]").click()
    page.wait_for_url(f"**/follow/{number}/")
    expect(page.locator("main")).to_contain_text(number)
    person.look("12-progress")


@pytest.mark.parametrize(("width", "language"), SCREENS)
def test_a_broken_cover_goes_all_the_way(visitor, picture, width, language):
    worker = visitor(width, language).sign_in_by_the_form("worker")
    number, code = log_a_cover(worker, picture)
    assert worker.seconds < 3
    handle(visitor(width, language), number, picture)
    confirm(visitor(width, language), number)
    check(visitor(width, language), number)
    follow(visitor(width, language), number, code)


def report_at_home(person, picture):
    """A resident without an account; returns number and code."""
    page = person.go("/report/").page
    page.locator("[name=text]").fill("我家门口的路坏了，有个大坑。")
    page.locator("[name=photos]").set_input_files(picture)
    page.locator("[data-step-next]:visible").click()
    person.look("1-report-where")
    page.locator("[name=address]").fill("黄江镇梅塘社区环城路")
    page.locator("[data-step-next]:visible").click()
    page.locator("[name=agreed]").check()
    person.look("2-report-who")
    page.locator("main form [type=submit]:visible").click()
    page.wait_for_url("**/receipt/")
    person.look("3-receipt")
    return page.url.split("/")[-3]


def test_a_residents_report_is_filed_by_the_clerk_and_sent_by_the_dispatcher(visitor, picture):
    """No category: the clerk files it, the router refuses, the dispatcher chooses."""
    number = report_at_home(visitor(390, "zh-hans"), picture)
    clerk = visitor(1440, "zh-hans").sign_in("acceptor")
    clerk.go("/cases/queue/acceptance/").look("4-acceptance")
    clerk.page.locator(f"a[href='/cases/{number}/']").click()
    expect(clerk.page.locator("#beside")).to_contain_text(number)
    clerk.look("5-beside")
    clerk.go(f"/cases/{number}/").make("file").send()
    dispatcher = visitor(1440, "zh-hans").sign_in("dispatcher")
    page = dispatcher.go(f"/cases/{number}/").page
    for _again in range(20):
        if page.locator(
            ".page-actions a[href$='/correct/'], .page-actions a[href$='/dispatch/']"
        ).count():
            break
        page.wait_for_timeout(250)
        page.reload()
    dispatcher.go("/cases/queue/dispatch/").look("6-queue")
    expect(page.locator(f"a[href='/cases/{number}/']")).to_be_visible()
    dispatcher.go(f"/cases/{number}/").make("correct")
    page.locator("#move-form [name=category]").select_option(label="井盖缺失")
    dispatcher.look("7-correct")
    dispatcher.send()
    expect(page.locator("main")).to_contain_text(number)
    for _again in range(20):
        page.reload()
        if dispatcher.state() == dispatcher.say("Dispatched, to be signed"):
            break
        page.wait_for_timeout(250)
    assert dispatcher.state() == dispatcher.say("Dispatched, to be signed")
    dispatcher.look("8-dispatched")


def test_nothing_is_lost_when_the_connection_breaks(visitor):
    worker = visitor(390, "zh-hans").sign_in("worker")
    page = worker.go("/cases/new/").page
    page.locator("[name=text]").fill("井盖坏了")
    page.locator("[name=address]").fill("黄江镇梅塘社区")
    page.wait_for_timeout(900)
    worker.context.set_offline(True)
    page.locator("#log-form [type=submit]").click()
    expect(page.locator("#log-lost")).to_be_visible()
    worker.context.set_offline(False)
    worker.faults.clear()
    worker.look("offline")
    page.locator("#log-form [type=submit]").click()
    page.wait_for_url("**/receipt/")


def test_an_error_keeps_the_photo_and_the_words(visitor, picture):
    worker = visitor(390, "en").sign_in("worker")
    page = worker.go("/cases/new/").page
    page.locator("[name=photos]").set_input_files(picture)
    page.locator("[name=text]").fill("A cover is missing")
    page.locator("#log-form [type=submit]").click()
    expect(page.locator("#id_address_error")).not_to_be_empty()
    expect(page.locator("#log-photos li")).to_have_count(1)
    assert page.locator("[name=text]").input_value() == "A cover is missing"
    worker.look("errors")


def test_everything_is_reached_by_keyboard(visitor):
    """Tab to a case in the queue, Enter opens it beside the list, Tab goes on inside it."""
    clerk = visitor(1440, "en").sign_in("dispatcher")
    page = clerk.go("/cases/").page
    page.locator("a[data-beside]").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#beside article")).to_be_visible()
    assert page.evaluate("document.querySelector('#beside').contains(document.activeElement)")
    assert "open=" in page.url
    clerk.go(page.url.removeprefix(clerk.site)).look("beside")
