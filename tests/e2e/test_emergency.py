"""An order: confirmed, three hundred called, assembled, tasks, supplies, review, data deleted."""

import datetime
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.e2e.visitor import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(500)]
ADDRESS, NAME, PHONE = "翡翠巷99号1203", "欧阳震华", "13912345678"


def become(person, name):
    """Another person at the same browser."""
    person.context.clear_cookies()
    cookie = {"name": "django_language", "value": person.language, "url": person.site}
    person.context.add_cookies([cookie])
    return person.sign_in(name)


def send(person):
    person.page.locator("form.sheet [type=submit]").first.click()
    person.page.wait_for_load_state("networkidle")
    expect(person.page.locator("form [role=alert]")).to_have_count(0)


def pressed(person, action):
    person.page.locator(f"form[action$='{action}'] button").first.click()
    expect(person.page.locator(".messages .tone-done").first).to_be_visible()


def day_after_tomorrow():
    day = datetime.date.today() + datetime.timedelta(days=2)  # noqa: DTZ011 -- the browser's day
    return f"{day:%Y-%m-%d}T08:00"


def draw_up(desk):
    """By the duty officer; confirmed by the secretary. The order's key."""
    page = desk.sign_in("duty_officer").go("/emergency/desk/").look("1-desk").page
    page.locator("a[href$='/desk/new/']").click()
    page.locator("[name=title]").fill("台风“海葵”防御")
    page.locator("[name=text]").fill("台风今晚登陆，低洼处可能积水，请提前做好准备。")
    page.locator("[name=territory]").select_option(label="梅塘社区")
    page.locator("[name=until]").fill(day_after_tomorrow())
    for words in ("防风防汛巡查", "转移安置"):
        page.get_by_label(words).check()
    desk.look("2-new")
    send(desk)
    page.wait_for_url(re.compile(r"/lead/$"))
    key = re.search(r"/emergency/(\d+)/lead/", page.url)[1]
    desk.look("3-waits")
    become(desk, "em-secretary").go(f"/emergency/{key}/lead/")
    pressed(desk, "/confirm/")
    return key


def call(desk, key):
    """An assembly point, then everybody; the screen that follows them."""
    page = become(desk, "duty_officer").go(f"/emergency/{key}/points/new/").page
    page.locator("[name=name]").fill("社区广场")
    page.locator("[name=address]").fill("梅塘大道1号")
    for axis, degrees in (("lon", 114.05), ("lat", 22.85)):
        page.evaluate(f"document.querySelector('#id_{axis}').value = {degrees}")
    desk.look("4-point")
    send(desk)
    desk.go(f"/emergency/{key}/call/")
    page.locator("[name=text]").fill("夜间巡查和逐户通知")
    page.locator("[name=wanted]").fill("300")
    page.locator("[name=wave_size]").fill("400")
    desk.look("5-call")
    send(desk)
    page.wait_for_url(re.compile(r"/callouts/\d+/$"))
    everybody = page.locator("#answers .chip .chip-count").first
    expect(everybody).to_have_text(re.compile(r"^3\d\d$"), timeout=40_000)
    desk.look("6-called")
    return page.url.removeprefix(desk.site)


def answer(phone, key):
    page = phone.sign_in("em-called").go("/").page
    page.goto(f"{phone.site}/emergency/{key}/")
    phone.look("1-notice")
    phone.go(f"/emergency/mine/{key}/").look("2-called")
    page.locator("form[action$='/accept/'] button").nth(1).click()
    expect(page.locator(".messages .tone-done").first).to_be_visible()
    phone.look("3-coming")


def assemble(desk, phone, key, screen):
    """The figure opens the row; the code of the board checks in."""
    page = desk.go(screen).page
    page.locator("a.chip[href$='state=coming']").click()
    expect(page.locator("#answers .rows")).to_contain_text("林小满")
    desk.look("7-coming")
    desk.go(f"/emergency/{key}/lead/").look("8-lead")
    page.locator("a[href*='/emergency/points/']", has_text="社区广场").click()
    desk.look("9-board")
    code = page.locator(".shift-code-letters").inner_text()
    phone.go(f"/emergency/mine/{key}/here/")
    phone.page.locator("[name=code]").fill(code)
    phone.look("4-here")
    phone.page.locator("form.sheet [type=submit]").click()
    expect(phone.page.locator("main")).to_contain_text(phone.say("Has arrived"))
    phone.look("5-arrived")


def work(desk, key):
    """A task in the grid for the one who came."""
    page = desk.go(f"/emergency/{key}/tasks/new/").page
    page.locator("[name=kind]").select_option(label="逐户通知核查")
    page.locator("[name=grids]").first.check()
    page.get_by_label("林小满").check()
    desk.look("10-task")
    send(desk)
    expect(page.locator("[data-ready=yes]")).to_be_visible()
    desk.look("11-tasks")


def at_the_door(phone, key):
    """Begun, a household checked, done with proof."""
    mine = phone.go(f"/emergency/mine/{key}/").page
    mine.locator("a[href*='/emergency/tasks/']").click()
    pressed(phone, "/begin/")
    phone.look("6-task")
    mine.locator("a[href$='/checks/relocation/']").click()
    mine.locator("[name=territory]").select_option(index=1)
    mine.locator("[name=address]").fill(ADDRESS)
    mine.locator("[name=name]").fill(NAME)
    mine.locator("[name=phone]").fill(PHONE)
    phone.look("7-household")
    send(phone)
    phone.go(f"/emergency/mine/{key}/")
    mine.locator("a[href*='/emergency/tasks/']").click()
    mine.locator("a[href$='/finish/']").click()
    mine.locator("[name=proof]").fill("全部通知到位")
    mine.locator("[name=households]").fill("12")
    send(phone)
    phone.look("8-done")


def read(desk, key):
    """The list names nobody; who opens a check is written down."""
    page = desk.go(f"/emergency/{key}/checks/").look("12-checks").page
    assert PHONE not in page.content()
    page.locator("form[action*='/emergency/checks/'] button").first.click()
    expect(page.locator("main")).to_contain_text(PHONE)
    desk.look("13-check")


def supply(desk, key):
    page = desk.go("/emergency/depots/").look("14-no-depot").page
    page.locator("a[href$='/depots/new/']").click()
    page.locator("[name=territory]").select_option(label="梅塘社区")
    page.locator("[name=name]").fill("梅塘应急仓库")
    page.locator("[name=address]").fill("梅塘路2号")
    send(desk)
    depot = page.url.removeprefix(desk.site)
    for act, amount in (("receive", 50), ("hand_out", 20), ("take_back", 5), ("use_up", 15)):
        page.goto(f"{desk.site}{depot}{act}/")
        page.locator("[name=item]").select_option(label="饮用水")
        page.locator("[name=amount]").fill(str(amount))
        send(desk)
    expect(page.locator("tbody")).to_contain_text("35")
    desk.look("15-depot")


def end(desk, key):
    """Stood down, reported, reviewed."""
    page = desk.go(f"/emergency/{key}/stand_down/").page
    page.locator("[name=reason]").fill("台风已过境，险情解除")
    send(desk)
    for _kind in range(3):
        page.locator("#reports a[href*='/emergency/reports/']").first.click()
        page.locator("[name=receiver]").fill("镇总值班室")
        page.locator("[name=text]").fill("处置完毕，无人员伤亡。")
        send(desk)
    desk.look("16-stood-down")
    desk.go(f"/emergency/{key}/review/")
    page.locator("[name=went_well]").fill("集结很快。")
    page.locator("[name=to_mend]").fill("雨衣不够。")
    page.locator("[name=lesson_1]").fill("多备雨衣")
    send(desk)
    expect(page.locator("main")).to_contain_text("多备雨衣")
    desk.look("17-reviewed")


def test_an_order_from_the_call_to_the_proof_that_the_data_are_gone(visitor, site_env):
    desk, phone, public = visitor(1440, "zh-hans"), visitor(390, "zh-hans"), visitor(390, "en")
    key = draw_up(desk)
    expect(public.go("/").page.locator("main")).to_contain_text("台风")
    public.look("1-home")
    public.go(f"/emergency/{key}/").look("2-notice")
    screen = call(desk, key)
    answer(phone, key)
    assemble(desk, phone, key, screen)
    work(desk, key)
    at_the_door(phone, key)
    read(desk, key)
    supply(desk, key)
    end(desk, key)
    phone.go(f"/emergency/mine/{key}/").look("9-released")

    command = [sys.executable, "-m", "tests.e2e.emergencies", key]
    subprocess.run(command, env=site_env, cwd=ROOT, check=True)
    page = public.go(f"/emergency/{key}/").look("3-proof").page
    expect(page.locator("#proof")).to_contain_text("none afterwards")
    for text in (ADDRESS, NAME, PHONE, "林小满"):
        assert text not in page.content()
    assert phone.page.request.get(f"{phone.site}/emergency/mine/{key}/").status == 404
    assert [one.faults for one in (desk, phone, public)] == [[], [], []]
