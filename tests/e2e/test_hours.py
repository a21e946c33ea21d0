"""Arrived by code and by place, left, confirmed, objected to, certified, verified, revoked."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.e2e.visitor import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]


@pytest.fixture
def shift(site, site_env):
    command = [sys.executable, "-m", "tests.e2e.mutual", "shift"]
    done = subprocess.run(
        command, env=site_env, cwd=ROOT, check=True, capture_output=True, text=True
    )
    return int(done.stdout)


def become(person, name):
    """Another person at the same browser."""
    person.context.clear_cookies()
    cookie = {"name": "django_language", "value": person.language, "url": person.site}
    person.context.add_cookies([cookie])
    return person.sign_in(name)


def pressed(person, button):
    button.first.click()
    expect(person.page.locator(".messages .tone-done").first).to_be_visible()


def code_on(board):
    return board.page.locator(".shift-code-letters").inner_text().strip()


def note(phone, *, with_place=False):
    """Arrive or leave, whichever the page offers."""
    form = phone.page.locator("form[data-here]")
    form.locator("[data-with-place]" if with_place else ".btn-primary").click()
    phone.page.wait_for_load_state("networkidle")
    expect(phone.page.locator("form [role=alert]")).to_have_count(0)


def both_come_and_leave(board, first, second, here):
    """One by the code that the board shows, one by the place of the telephone."""
    first.go(f"{here}?c={code_on(board)}").look("1-i-am-here")
    note(first)
    expect(first.page.locator("form[data-here] [name=act]")).to_have_value("leave")
    first.look("2-here")
    second.go(here)
    note(second, with_place=True)
    board.page.reload()
    expect(board.page.locator(".board-row .state.tone-work")).to_have_count(2)
    board.look("1-board")
    first.go(f"{here}?c={code_on(board)}")
    note(first)
    second.go(here).look("1-leaving")
    note(second, with_place=True)
    second.look("2-left")


def own_stay(phone):
    """The address of the newest stay."""
    page = phone.go("/volunteers/hours/").look("3-my-hours").page
    page.locator("a[href*='/volunteers/hours/'].row-link").first.click()
    phone.look("4-stay")
    return page.url.removeprefix(phone.site)


def certificate_of(phone):
    """Asked for and made on the phone; its address and the code for checking."""
    page = phone.go("/volunteers/hours/").page
    page.locator("a[href$='/certificate/']").click()
    phone.look("5-certificate-form")
    page.locator("form.sheet [type=submit]").click()
    expect(page.locator(".notice.tone-done")).to_be_visible()
    phone.look("6-certificate")
    paper = page.request.get(phone.site + page.locator("a[href$='/paper/']").get_attribute("href"))
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.body().startswith(b"%PDF-")
    address = page.locator("[data-copy]").first.get_attribute("data-copy")
    return page.url.removeprefix(phone.site), address.rstrip("/").rpartition("/")[2]


def verify(stranger, code, tone, name):
    page = stranger.go("/volunteers/certificates/").page
    spelled = " ".join(re.findall("....", code)).lower()
    page.locator("main [name=code]").fill(spelled)
    page.locator("form.sheet [type=submit]").click()
    expect(page.locator(f".notice.tone-{tone}")).to_be_visible()
    stranger.look(name)


def object_and_grant(phone, board, path):
    page = phone.go(path).page
    page.locator("details:has([name=text]) summary").click()
    page.locator("[name=text]").fill("我早到了，请核对。")
    pressed(phone, page.locator("form[action$='/object/'] [type=submit]"))
    phone.look("7-objected")
    page = become(board, "organizer-2").go("/volunteers/hours/waiting/").look("3-objections").page
    page.locator("a.row-link").first.click()
    page.locator("a[href$='/grant/']").click()
    page.locator("[name=reason]").fill("签到表为证。")
    board.look("4-grant")
    page.locator("form.sheet [type=submit]").click()
    expect(page.locator("main")).to_contain_text("签到表为证。")


def revoke(board, path):
    page = board.go(path).page
    page.locator("details:has([name=years]) summary").click()
    page.locator("details:has([name=years]) [name=reason]").fill("代签，经核实不属实。")
    page.locator("[name=years][value='1']").check()
    board.look("5-revoke")
    pressed(board, page.locator("form[action$='/revoke/'] [type=submit]"))


def test_from_the_code_at_the_shift_to_a_certificate_that_is_revoked(visitor, shift):
    board, first = visitor(1440, "zh-hans"), visitor(390, "zh-hans")
    second, stranger = visitor(390, "en"), visitor(390, "zh-hans")
    board.sign_in("organizer-1").go(f"/volunteers/shifts/{shift}/board/")
    first.sign_in("helper-1")
    second.sign_in("helper-2")
    both_come_and_leave(board, first, second, f"/volunteers/here/{shift}/")
    board.page.reload()
    pressed(board, board.page.locator("form[action$='/confirm/'] button"))
    board.look("2-confirmed")

    path = own_stay(first)
    certificate, code = certificate_of(first)
    verify(stranger, code, "done", "1-holds")
    false = stranger.page.request.get(f"{stranger.site}/volunteers/certificates/{'2' * 16}/")
    assert false.status == 404
    object_and_grant(second, board, own_stay(second))

    revoke(board, path)
    verify(stranger, code, "overdue", "2-revoked")
    first.go(certificate).look("8-revoked")
    expect(first.page.locator("main")).to_contain_text("代签")
    board.go("/volunteers/overview/").look("6-overview")
    stranger.go("/volunteers/figures/").look("3-figures")
    assert [one.faults for one in (board, first, second, stranger)] == [[], [], [], []]


def test_the_overview_and_hours_on_other_screens(visitor, shift):
    del shift  # something happens today
    phone, desk = visitor(390, "en"), visitor(1440, "en")
    phone.sign_in("organizer-1").go("/volunteers/overview/").look("1-overview")
    phone.go("/volunteers/hours/waiting/").look("2-waiting")
    desk.go("/volunteers/figures/").look("1-figures")
    desk.sign_in("helper-1").go("/volunteers/hours/").look("2-my-hours")
    assert phone.faults == desk.faults == []
