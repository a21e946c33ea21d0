"""A selection with an objection; a course with one place, whose certificate a stranger checks."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.learning import OTHERS, TITLE, passes
from tests.e2e.test_wishes import become, in_a_month, pressed, send

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
POST = "专职网格员一名"


def begin(desk):
    """Post, criteria and judges; open for applications. Its key."""
    page = become(desk, "talent-member").go("/talent/desk/selections/").look("1-desk").page
    page.locator("a[href$='/selections/new/']").click()
    page.locator("[name=community]").select_option(label="梅塘社区")
    page.locator("[name=body]").select_option(index=1)
    page.locator("[name=role]").select_option("grid_worker")
    page.locator("[name=title]").fill(POST)
    page.locator("[name=terms]").fill("大专以上，熟悉本社区。")
    page.locator("[name=apply_until]").fill(f"{in_a_month()}T18:00")
    desk.look("2-new")
    send(desk)
    key = re.search(r"/selections/(\d+)/$", page.url)[1]
    page.locator("a[href$='/criteria/']").click()
    page.locator("[name=criteria]").fill("群众工作 60\n文字表达 40")
    send(desk)
    for name in ("judge-1", "judge-2"):
        page.locator("a[href$='/judges/']").click()
        page.locator("main [name=person]").fill(name)
        send(desk)
    pressed(desk, page.locator("form[action$='/open/'] button"))
    desk.look("3-open")
    return key


def apply(phone, key):
    page = become(phone, "applicant").go(f"/talent/selections/{key}/").look("1-selection").page
    page.locator("a[href$='/apply/']").click()
    page.locator("[name=statement]").fill("在社区做了三年志愿者。")
    phone.look("2-apply")
    send(phone)
    phone.look("3-applied")


def close(desk, key):
    """By hand, where the clock has not done it in the meantime."""
    page = become(desk, "talent-member").go(f"/talent/desk/selections/{key}/").page
    button = page.locator("form[action$='/close/'] button")
    if button.count():
        button.click()
    expect(page.locator("form[action$='/publish/']")).to_be_visible()


def judge(desk):
    for name in ("judge-1", "judge-2"):
        page = become(desk, name).go("/talent/judging/").look(f"4-{name}").page
        page.locator("a[href$='/score/']").click()
        for field in page.locator("input[name^=points-]").all():
            field.fill("35")
        desk.look(f"5-{name}-points")
        send(desk)


def publish(desk, key):
    page = become(desk, "talent-member").go(f"/talent/desk/selections/{key}/").page
    pressed(desk, page.locator("form[action$='/publish/'] button"))
    desk.look("6-published")


def object_to_it(phone, key):
    page = become(phone, "learner-1").go(f"/talent/selections/{key}/").look("4-short-list").page
    expect(page.locator("main")).to_contain_text(OTHERS["applicant"])
    page.locator("a[href$='/object/']").click()
    page.locator("[name=text]").fill("请核实服务年限。")
    phone.look("5-object")
    send(phone)
    phone.look("6-objected")


def answer(desk, key):
    page = become(desk, "talent-member").go("/talent/desk/selections/").look("7-objections").page
    page.locator("a[href$='/answer/']").first.click()
    page.locator("[name=upheld][value=no]").check()
    page.locator("[name=reason]").fill("已核对服务记录。")
    desk.look("8-answer")
    send(desk)


def decide(desk, key):
    page = become(desk, "talent-secretary").go(f"/talent/desk/selections/{key}/").page
    pressed(desk, page.locator("form[action$='/decide/'] button"))
    page.locator("a[href$='/appoint/']").click()
    desk.look("9-appoint")
    send(desk)
    desk.look("10-appointed")


def test_a_selection_goes_from_criteria_over_an_objection_to_a_post(visitor, site_env):
    desk, phone = visitor(1440, "zh-hans"), visitor(390, "zh-hans")
    key = begin(desk)
    apply(phone, key)
    passes(site_env, "applied", key)
    close(desk, key)
    judge(desk)
    publish(desk, key)
    object_to_it(phone, key)
    answer(desk, key)
    page = phone.go(f"/talent/selections/{key}/").look("7-answered").page
    expect(page.locator("main")).to_contain_text("已核对服务记录。")
    passes(site_env, "published", key)
    decide(desk, key)
    page = become(phone, "applicant").go("/talent/mine/").look("8-career").page
    expect(page.locator("main")).to_contain_text(POST)
    desk.go("/talent/staffing/").look("11-staffing")
    assert (desk.faults, phone.faults) == ([], [])


def take_the_last_place(phone, other):
    page = phone.sign_in("learner-1").go("/talent/").look("1-home").page
    page.locator("a", has_text=TITLE).first.click()
    path = page.url.removeprefix(phone.site)
    phone.look("2-course")
    page.locator("form[action$='/enrol/'] button").click()
    expect(page.locator("form[action$='/leave/']")).to_be_visible()
    phone.look("3-place")
    full = other.sign_in("learner-2").go(path).look("1-full").page
    assert full.locator("form[action$='/enrol/']").count() == 0
    return path


def examine(desk, key):
    page = become(desk, "teacher").go(f"/talent/desk/courses/{key}/").look("1-roster").page
    page.locator("form[action$='/attendance/'] button").click()
    page.locator("form[action$='/grade/'] [name=score]").fill("88")
    desk.look("2-score")
    page.locator("form[action$='/grade/'] button").click()
    expect(page.locator("td a.number")).to_be_visible()
    desk.look("3-passed")


def test_the_last_place_ends_in_a_certificate_that_a_stranger_checks(visitor, site_env):
    phone, other, desk = visitor(390, "zh-hans"), visitor(390, "en"), visitor(1440, "zh-hans")
    path = take_the_last_place(phone, other)
    key = path.rstrip("/").rpartition("/")[2]
    passes(site_env, "taught", key)
    examine(desk, key)
    page = phone.go(path).page
    page.locator("main a[href*='/certificates/']").click()
    phone.look("4-certificate")
    address = page.locator("[data-copy]").get_attribute("data-copy")
    code = address.rstrip("/").rpartition("/")[2]
    paper = page.locator("a[href$='/paper/']").get_attribute("href")
    assert page.request.get(phone.site + paper).body().startswith(b"%PDF")
    stranger = visitor(1440, "en")
    asked = stranger.go("/talent/verify/").look("1-ask").page
    asked.locator("[name=code]").fill(f"{code[:4]} {code[4:]}")
    asked.locator("main form [type=submit]").click()
    expect(asked.locator(".notice.tone-done")).to_be_visible()
    stranger.look("2-genuine")
    hidden = asked.request.get(stranger.site + paper, max_redirects=0)
    assert hidden.status == 302
    assert [one.faults for one in (phone, other, desk, stranger)] == [[], [], [], []]
