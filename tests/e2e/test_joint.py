"""Several bodies at one case, in a browser: parts, a whistle, a duplicate, assistance."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


def log_a_cover(person, text):
    """The worker's page, at the place of the browser; the number of the receipt."""
    page = person.go("/cases/new/").page
    page.locator("#log-here").click()
    expect(page.locator("#place .found-place")).to_be_visible()
    page.locator("[name=text]").fill(text)
    page.locator("[name=typed]").press_sequentially("jg", delay=30)
    page.locator("#categories label").first.click()
    expect(page.locator("#categories [name=category]:checked")).to_have_count(1)
    page.locator("#log-form [type=submit]").click()
    page.wait_for_url("**/receipt/")
    page.locator("[data-routed]").wait_for(timeout=10_000)
    return page.locator(".receipt-number").first.inner_text().strip()


def in_work(visitor, number):
    """Signed for by the handler."""
    visitor(1440, "zh-hans").sign_in("handler").go(f"/cases/{number}/").make("sign")


def test_departments_come_to_a_whistle_and_are_released(visitor):
    caller = visitor(1440, "zh-hans").sign_in("committee")
    page = caller.go("/cases/whistles/new/").page
    page.locator("[name=text]").fill("夜间占道经营，需联合清理")
    page.locator("#whistle-here").click()
    page.locator(".choice-bodies label", has_text="规划建设办").click()
    caller.look("1-new")
    page.locator("main form [type=submit]").click()
    page.wait_for_url("**/whistles/*/")
    path = page.url.removeprefix(caller.site)
    called = visitor(390, "zh-hans").sign_in("handler").go(path)
    called.look("2-called")
    called.page.locator("[data-arrive-here]").click()
    expect(called.page.locator(".messages")).to_contain_text(
        called.say("You are reported as being there.")
    )
    called.look("3-there")
    caller.go(path).look("4-caller")
    page.locator(".call-do form button").click()
    expect(page.locator("#whistle-board")).to_contain_text(caller.say("released", "called"))
    called.go(path).page.locator(".call-do a").first.click()
    called.page.locator("[name=score][value='5']").check()
    called.look("5-rate")
    called.page.locator("main form [type=submit]").click()
    called.page.wait_for_url(f"**{path}")


def test_a_case_is_split_and_waits_for_its_parts(visitor):
    worker = visitor(390, "zh-hans").sign_in("worker")
    number = log_a_cover(worker, "井盖丢失，路面也塌了")
    in_work(visitor, number)
    head = visitor(1440, "zh-hans").sign_in("head").go(f"/cases/{number}/").make("split")
    head.fill(title_1="补盖井盖", title_2="修补路面").look("1-split")
    head.send().look("2-waits")
    expect(head.page.locator("main")).to_contain_text(f"{number}-2")
    dispatcher = visitor(1440, "zh-hans").sign_in("dispatcher")
    for part, last in ((1, False), (2, True)):
        dispatcher.go(f"/cases/{number}-{part}/").make("void").fill(note="不成立").send()
        assert dispatcher.state() == dispatcher.say("Void"), last
    for _again in range(20):
        dispatcher.go(f"/cases/{number}/")
        if dispatcher.state() == dispatcher.say("Returned, to be sent elsewhere"):
            break
        dispatcher.page.wait_for_timeout(250)
    assert dispatcher.state() == dispatcher.say("Returned, to be sent elsewhere")


def test_a_duplicate_is_merged_and_taken_apart_again(visitor):
    worker = visitor(390, "zh-hans").sign_in("worker")
    kept = log_a_cover(worker, "路口井盖不见了，很危险")
    home = visitor(390, "zh-hans")
    page = home.go("/report/").page
    page.locator("[name=text]").fill("路口井盖不见了，很危险，请修")
    page.locator("[data-step-next]:visible").click()
    page.locator("[name=address]").fill("黄江镇梅塘社区环城路")
    page.locator("[data-step-next]:visible").click()
    page.locator("[name=agreed]").check()
    page.locator("main form [type=submit]:visible").click()
    page.wait_for_url("**/receipt/")
    number = page.url.split("/")[-3]
    clerk = visitor(1440, "zh-hans").sign_in("acceptor").go("/cases/duplicates/")
    clerk.look("1-pairs")
    clerk.go(f"/cases/{number}/").make("merge")
    clerk.fill(number=kept).look("2-merge")
    clerk.send()
    assert clerk.state() == clerk.say("Merged into another case")
    home.go(f"/follow/{number}/").look("3-follow")
    clerk.go("/cases/duplicates/").look("4-merged")
    clerk.go(f"/cases/{number}/").make("unmerge").send()
    assert clerk.state() == clerk.say("Waiting for acceptance")


def test_an_assisting_department_does_its_task(visitor):
    number = log_a_cover(visitor(390, "zh-hans").sign_in("worker"), "井盖破损，需要封路")
    in_work(visitor, number)
    head = visitor(1440, "zh-hans").sign_in("head").go(f"/cases/{number}/").make("assist_add")
    page = head.page
    page.locator("#move-form [name=body]").select_option(label="综治中心")
    expect(page.locator("#move-form [name=post] option")).to_have_count(2)
    page.locator("#move-form [name=post]").select_option(index=1)
    head.fill(note="请派人疏导行人").look("1-ask")
    head.send()
    helper = visitor(390, "zh-hans").sign_in("worker").go("/cases/assists/")
    helper.look("2-list")
    helper.page.locator(f"a[href='/cases/{number}/']").first.click()
    helper.make("assist_sign")
    helper.make("assist_report").fill(result="已疏导，设围挡").send()
    head.go(f"/cases/{number}/").make("assist_accept").send()
    expect(page.locator("#work-heading + dl, .facts").first).to_be_visible()
    head.look("3-accepted")
