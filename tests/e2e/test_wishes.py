"""A wish: asked, looked at, taken up by a unit, granted with money of the books, thanked, told."""

import datetime
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.e2e.visitor import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]
NAME = "欧阳娜娜"


def in_a_month():
    day = datetime.date.today() + datetime.timedelta(days=30)  # noqa: DTZ011 -- the browser's day
    return f"{day:%Y-%m-%d}"


def become(person, name):
    """Another person at the same browser."""
    person.context.clear_cookies()
    cookie = {"name": "django_language", "value": person.language, "url": person.site}
    person.context.add_cookies([cookie])
    return person.sign_in(name)


def pressed(person, button):
    button.first.click()
    expect(person.page.locator(".messages .tone-done").first).to_be_visible()


def send(person):
    person.page.locator("form.sheet [type=submit]").first.click()
    person.page.wait_for_load_state("networkidle")
    expect(person.page.locator("form [role=alert]")).to_have_count(0)


def ask(phone, *, private):
    """By the one who needs it, on a phone; the wish's address."""
    page = phone.go("/volunteers/wishes/").look("1-wishes").page
    page.locator("a[href$='/wishes/ask/']").click()
    page.locator("[name=community]").select_option(label="梅塘社区")
    page.locator("[name=kind][value=money]").check()
    page.locator("[name=title]").fill("助学金")
    page.locator("[name=text]").fill(f"我是{NAME}，电话13812345678，孩子学费还差一些。")
    page.locator("[name=amount]").fill("300")
    page.locator("[name=needed_by]").fill(in_a_month())
    page.locator("[name=tell][value=thanks]").check()
    if private:
        page.locator("[name=is_private]").check()
    phone.look("2-ask")
    send(phone)
    page.wait_for_url(re.compile(r"/wishes/\d+/$"))
    phone.look("3-asked")
    return page.url.removeprefix(phone.site)


def screen(desk, path):
    """The worker writes the words that everybody reads; names in them are refused."""
    page = become(desk, "carer").go("/volunteers/wishes/desk/").look("1-desk").page
    page.goto(desk.site + path)
    page.locator("a[href$='/publish/']").click()
    page.locator("[name=title]").fill(f"{NAME}的孩子需要助学金")
    page.locator("form.sheet [type=submit]").click()
    expect(page.locator("form [role=alert]")).to_be_visible()
    desk.look("2-names-somebody")
    page.locator("[name=title]").fill("一位学生的学费还差一些")
    page.locator("[name=text]").fill("低保家庭，今年上高职。")
    send(desk)
    desk.look("3-on-the-list")


def take_up(desk, path):
    page = become(desk, "unit-contact").go(path).page
    page.locator("a[href$='/take/']").click()
    page.locator("[name=whom]").last.check()
    desk.look("4-take")
    send(desk)
    expect(page.locator("main")).to_contain_text("某医院")
    href = page.locator("a[href$='/deliver/']").get_attribute("href")
    return href.removesuffix("deliver/")


def money(desk, take):
    """Recorded by the clerk, found on the account by the reviewer, kept, owed."""
    page = become(desk, "wish-maker").go(f"{take}money/").page
    page.locator("[name='gift-line']").select_option(index=1)
    desk.look("5-gift")
    pressed(desk, page.locator("button[value=gift]"))
    donations = page.locator("main a[href*='/funding/donations/']")
    donation = donations.last.get_attribute("href")
    become(desk, "wish-checker").go(donation)
    pressed(desk, page.locator("form[action$='/confirm/'] button"))
    become(desk, "wish-maker").go(f"{take}money/")
    page.locator("[name='keep-purpose']").select_option(label="助学")
    desk.look("6-keep")
    pressed(desk, page.locator("button[value=keep]"))
    pressed(desk, page.locator("button[value=owe]"))
    desk.look("7-owed")


def paid(site_env, wish):
    """The key of the reservation, after the cashier has paid."""
    command = [sys.executable, "-m", "tests.e2e.mutual", "pay", str(wish)]
    done = subprocess.run(
        command, env=site_env, cwd=ROOT, check=True, capture_output=True, text=True
    )
    return int(done.stdout)


def deliver(desk, take):
    page = become(desk, "unit-contact").go(f"{take}deliver/").page
    page.locator("[name=note]").fill("学费已转到学校账户。")
    desk.look("8-deliver")
    send(desk)


def receive_and_thank(phone, path):
    page = phone.go(path).page
    pressed(phone, page.locator("form[action$='/confirm/'] button"))
    page.locator("form[action$='/thank/'] textarea").fill(f"{NAME}谢谢大家，孩子上学了。")
    phone.look("4-thank")
    pressed(phone, page.locator("form[action$='/thank/'] button"))


def tell(desk, path):
    page = become(desk, "carer").go(path).page
    page.locator("details:has(form[action$='/tell/']) summary").click()
    page.locator("form[action$='/tell/'] textarea").fill("学费已经转到学校，学生顺利报到。")
    pressed(desk, page.locator("form[action$='/tell/'] button"))
    desk.look("9-told")


def test_a_wish_goes_from_asking_to_thanks_and_every_fen_shows(visitor, site_env):
    phone, desk = visitor(390, "zh-hans"), visitor(1440, "zh-hans")
    stranger = visitor(390, "en")
    phone.sign_in("asker")
    private, path = ask(phone, private=True), ask(phone, private=False)
    screen(desk, private)
    screen(desk, path)
    hidden = stranger.page.request.get(stranger.site + private)
    assert hidden.status == 404
    stranger.go("/volunteers/wishes/").look("1-public-list")
    take = take_up(desk, path)
    money(desk, take)
    hold = paid(site_env, path.rstrip("/").rpartition("/")[2])
    deliver(desk, take)
    receive_and_thank(phone, path)
    tell(desk, path)

    page = stranger.go(path).look("2-told").page
    expect(page.locator("main")).to_contain_text("学费已经转到学校，学生顺利报到。")
    expect(page.locator("main")).to_contain_text("谢谢大家")
    assert NAME not in page.content()
    assert "13812345678" not in page.content()
    page.locator(f"a[href$='/money/reservations/{hold}/']").click()
    expect(page.locator("main")).to_contain_text("一位学生的学费还差一些")
    stranger.look("3-money")
    phone.go("/volunteers/wishes/").look("5-mine")
    assert [one.faults for one in (phone, desk, stranger)] == [[], [], []]


def test_neighbours_help_each_other(visitor):
    phone, desk = visitor(390, "zh-hans"), visitor(1440, "en")
    page = phone.sign_in("asker").go("/volunteers/help/").look("1-empty").page
    page.locator("a[href$='/help/new/']").click()
    page.locator("[name=community]").select_option(label="梅塘社区")
    page.locator("[name=kind][value=request]").check()
    page.locator("[name=field][value=company]").check()
    page.locator("[name=title]").fill("周四上午陪我去镇医院")
    page.locator("[name=until]").fill(in_a_month())
    phone.look("2-form")
    send(phone)
    page.wait_for_url(re.compile(r"/help/\d+/$"))
    path = page.url.removeprefix(phone.site)
    other = desk.sign_in("helper-2").go("/volunteers/help/").look("1-list").page
    other.goto(desk.site + path)
    desk.look("2-post")
    other.locator("[name=words]").fill("我陪您去。")
    pressed(desk, other.locator("form[action$='/answer/'] [type=submit]"))
    phone.go(path)
    pressed(phone, page.locator("form[action$='/agree/'] button"))
    pressed(phone, page.locator("form[action$='/done/'] button"))
    phone.look("3-done")
    assert phone.faults == desk.faults == []
