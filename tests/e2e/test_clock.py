"""Danger reaches the duty officer, what is late climbs, what failed goes out again."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
SCREENS = [(390, "zh-hans"), (1440, "en")]
CLIMBS_WITHIN = 60_000  # milliseconds: the clock looks every thirty seconds
SENT_WITHIN = 15_000


def report_a_fire(person):
    """A stranger: the numbers stand there before the report is sent, and after."""
    page = person.go("/report/").page
    page.locator("[name=text]").press_sequentially("二楼着火了，有人被困", delay=10)
    expect(page.locator("#danger .danger-first a[href='tel:119']")).to_be_visible()
    person.look("1-numbers")
    page.locator("[data-step-next]:visible").click()
    page.locator("[name=address]").fill("梅塘社区市场东街")
    page.locator("[data-step-next]:visible").click()
    page.locator("form[data-steps] [type=submit]:visible").click()
    page.wait_for_url("**/receipt/")
    expect(page.locator(".danger-first a[href='tel:119']")).to_be_visible()
    person.look("2-receipt")
    return page.locator(".receipt-number").first.inner_text().strip()


def let_it_go(person, number):
    """The duty officer's inbox names it; no fire after all, so the router takes it."""
    page = person.sign_in("duty_officer").go("/inbox/").page
    expect(page.locator(".rows")).to_contain_text(number)
    person.look("3-inbox").go(f"/cases/{number}/").look("4-emergency")
    person.make("release")
    page.locator("#move-form [name=category]").select_option(index=1)
    person.fill(note="已到场，是邻居烧纸，火已灭。").look("5-release")
    person.send()
    expect(page.locator(".messages")).to_contain_text(
        person.say("Released. The router looks for the desk.")
    )


def see_what_is_late(person):
    """What nobody has signed for days has climbed to the head, and stands in the list."""
    page = person.sign_in("head").go("/cases/deadlines/").page
    expect(page.locator(".rows-timed > li").first).to_contain_text("late-1")
    person.look("6-deadlines").go("/calendar/").look("7-calendar").go("/inbox/")
    told = page.locator(".rows > li", has_text="late-1")
    for _look in range(CLIMBS_WITHIN // 2_000):
        if told.count():
            break
        page.wait_for_timeout(2_000)
        page.reload()
    expect(told.first).to_be_visible()
    person.look("8-told")


def send_again(person):
    page = person.sign_in("sysadmin").go("/deliveries/").page
    row = page.locator(".rows > li", has_text="138****0011").first
    expect(row).to_contain_text("503 down")
    person.look("9-failed")
    row.locator("form button").click()
    page.wait_for_url("**/deliveries/?state=pending")
    person.go("/deliveries/?state=sent")
    for _look in range(SENT_WITHIN // 1_000):
        if page.locator(".rows > li", has_text="138****0011").count():
            break
        page.wait_for_timeout(1_000)
        page.reload()
    expect(page.locator(".rows > li", has_text="138****0011").first).to_be_visible()
    person.look("10-sent")


@pytest.mark.parametrize(("width", "language"), SCREENS)
def test_clock(visitor, width, language):
    number = report_a_fire(visitor(width, language))
    let_it_go(visitor(width, language), number)
    see_what_is_late(visitor(width, language))
    send_again(visitor(width, language))
