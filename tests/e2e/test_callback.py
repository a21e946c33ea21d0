"""A resident without an account, from the report to “not solved”, and heard the second time."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.test_whole_journey import report_at_home

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
ZH = "zh-hans"


def wait_for_state(person, label):
    for _again in range(40):
        if person.state() == person.say(label):
            return
        person.page.wait_for_timeout(250)
        person.page.reload()
    assert person.state() == person.say(label)


def bring_to_its_desk(visitor, number):
    clerk = visitor(1440, ZH).sign_in("acceptor")
    clerk.go(f"/cases/{number}/").make("file").send()
    dispatcher = visitor(1440, ZH).sign_in("dispatcher")
    dispatcher.go(f"/cases/{number}/")
    wait = dispatcher.page.locator(".page-actions a[href$='/correct/']")
    for _again in range(40):
        if wait.count():
            break
        dispatcher.page.wait_for_timeout(250)
        dispatcher.page.reload()
    dispatcher.make("correct")
    dispatcher.page.locator("#move-form [name=category]").select_option(label="井盖缺失")
    dispatcher.send()


def do_the_work(visitor, number):
    handler = visitor(390, ZH).sign_in("handler").go(f"/cases/{number}/")
    wait_for_state(handler, "Dispatched, to be signed")
    handler.make("sign")
    handler.make("report").fill(result="已修好路面。", actual="100").send()
    visitor(1440, ZH).sign_in("head").go(f"/cases/{number}/").make("confirm").send()
    verifier = visitor(1440, ZH).sign_in("verifier").go(f"/cases/{number}/")
    verifier.make("pass").tick("condition_met").fill(note="路面平整。").send()


def choose(page, **said):
    for name, value in said.items():
        page.locator(f"[name={name}][value={value}]").check()


def test_not_solved_is_heard(visitor, picture):
    resident = visitor(390, ZH)
    number = report_at_home(resident, picture)
    bring_to_its_desk(visitor, number)
    do_the_work(visitor, number)

    page = resident.go(f"/follow/{number}/").page
    page.locator("a[href^='/answer/']").click()
    resident.look("4-question")
    choose(page, contacted="no", solved="no", satisfaction="not")
    page.locator("[name=words]").fill("坑还在，只填了一半。")
    page.locator(".answer-form [type=submit]").click()
    expect(page.locator("main")).to_contain_text(
        resident.say("You say that it is not solved: the matter has been taken up again.")
    )
    resident.look("5-taken-up-again")

    do_the_work(visitor, number)
    clerk = visitor(1440, ZH).sign_in("acceptor")
    clerk.go("/cases/callbacks/").look("6-calls")
    clerk.go(f"/cases/{number}/").page.locator("a[href^='/cases/callbacks/']").last.click()
    clerk.look("7-script")
    choose(clerk.page, contacted="yes", solved="yes", satisfaction="very")
    clerk.page.locator("form:has([name=solved]) [type=submit]").click()
    clerk.page.wait_for_url("**/cases/callbacks/")

    resident.go(f"/follow/{number}/").look("8-followed")
    open_the_number(visitor(1440, ZH).sign_in("dispatcher"), number)


def open_the_number(person, number):
    """The clock counts every few seconds; then the number of reopened cases opens this one."""
    page = person.go("/oversight/indicators/?group=closing&of=body").page
    link = page.get_by_role("link", name=re.compile(person.say("Reopened"))).first
    for _again in range(100):
        if link.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    person.look("9-indicators")
    link.click()
    expect(page.locator("main")).to_contain_text(number)
    person.look("10-behind")
    person.go("/numbers/").look("11-public")
