"""A file of legislation: a draft by articles, commented on, answered, before the government."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.learning import DRAFT, SPEAKER, passes
from tests.e2e.test_opinions import enter
from tests.e2e.test_wishes import become, send

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
LAW = "物业管理条例（修订）"
TEXT = "第一条 为了规范物业管理，制定本条例。\n第二条 物业服务人应当公示收支。"
COMMENT = "公共收益也应当公示。"
ANSWER = "写入第二条。"


def begin(desk):
    """By the committee; its key."""
    page = become(desk, "committee").go("/oversight/legislation/").look("1-desk").page
    page.locator("a[href$='/legislation/new/']").click()
    page.locator("[name=title]").fill(LAW)
    page.locator("[name=subject]").select_option("property")
    page.locator("[name=summary]").fill("收支不公开，投诉集中。")
    page.locator("[name=body]").select_option(index=1)
    desk.look("2-new")
    send(desk)
    return re.search(r"/legislation/(\d+)/$", page.url)[1]


def advance(desk, key, *names):
    page = become(desk, "committee").go(f"/legislation/{key}/").page
    for name in names:
        page.locator(f"main a[href$='/{key}/{name}/']").click()
        send(desk)


def bring_in(desk, key):
    """The host brings the draft in; the committee names the consultation. Its number."""
    page = become(desk, "talk-host").go("/consultations/").page
    page.locator("main .rows a", has_text=DRAFT).first.click()
    number = page.url.rstrip("/").rpartition("/")[2]
    page = desk.go(f"/consultation/{number}/draft/").page
    page.locator("main form.sheet [name=title]").fill("物业管理条例（草案）")
    page.locator("main form.sheet [name=text]").fill(TEXT)
    page.locator("main form.sheet [type=submit]").click()
    expect(page.locator("main ul.rows")).to_contain_text("物业管理条例（草案）")
    page = become(desk, "committee").go(f"/legislation/{key}/").page
    page.locator("a[href$='/consultation/']").click()
    page.locator("[name=number]").fill(number)
    send(desk)
    return number


def comment(phone, key):
    page = enter(phone, SPEAKER).go(f"/legislation/{key}/").look("1-file").page
    page.locator("main a[href$='/draft/']").click()
    phone.look("2-draft")
    page.locator("#a2 a[href*='article=']").last.click()
    page.locator("[name=stand][value=for]").check()
    page.locator("main [name=text]").fill(COMMENT)
    page.locator("main form.sheet [type=submit]").click()
    expect(page.locator(".messages .tone-done")).to_be_visible()


def answer(desk, number):
    page = become(desk, "talk-host").go(f"/consultation/{number}/opinions/?show=unanswered").page
    page.locator("li.opinion", has_text=COMMENT).locator("[name=opinion]").check()
    page.locator("#answers [name=outcome]").select_option("adopted")
    page.locator("#answers [name=reason]").fill(ANSWER)
    page.locator("#answers [type=submit]").click()
    page.wait_for_load_state("networkidle")


def test_a_draft_is_commented_on_answered_and_goes_on(visitor, site_env):
    desk, phone = visitor(1440, "zh-hans"), visitor(390, "zh-hans")
    key = begin(desk)
    advance(desk, key, "justify", "schedule", "draft")
    number = bring_in(desk, key)
    advance(desk, key, "consult")
    desk.look("3-commenting")
    comment(phone, key)
    passes(site_env, "commented", key)
    page = become(desk, "committee").go(f"/oversight/legislation/{key}/bring/").look("4-bring").page
    page.locator("main form.sheet [type=submit]").click()
    expect(page.locator("main form [role=alert]")).to_be_visible()
    desk.look("5-unanswered")
    answer(desk, number)
    advance(desk, key, "bring")
    desk.look("6-before-the-government")
    stranger = visitor(390, "en")
    shown = stranger.go("/legislation/").look("1-list").page
    shown.locator("main .rows a", has_text=LAW).first.click()
    stranger.look("2-file")
    shown.locator("#draft-heading ~ p a[href$='/opinions/']").click()
    expect(shown.locator("main")).to_contain_text(ANSWER)
    assert [one.faults for one in (desk, phone, stranger)] == [[], [], []]
