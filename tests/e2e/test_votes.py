"""Owners vote online and on paper, counted twice and again; a hearing with its minutes amended."""

import datetime
import json
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.e2e.visitor import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
DESK, PHONE = 1440, 390


def soon(**delta):
    at = datetime.datetime.now() + datetime.timedelta(**delta)  # noqa: DTZ005, TID251 -- the browser's clock
    return at.strftime("%Y-%m-%dT%H:%M")


def become(person, name):
    """Another person at the same browser."""
    person.context.clear_cookies()
    cookie = {"name": "django_language", "value": person.language, "url": person.site}
    person.context.add_cookies([cookie])
    return person.sign_in(name)


def press(person, ending):
    person.page.locator(f"form[action$='{ending}'] button").first.click()
    expect(person.page.locator(".messages .tone-done").first).to_be_visible()


def fill(person, **values):
    for name, value in values.items():
        field = person.page.locator(f"#session-form [name={name}]")
        if field.evaluate("node => node.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    person.page.locator("#session-form [type=submit]").click()
    expect(person.page.locator("#session-form")).to_have_count(0)
    return person


def consultation(person, title):
    person.go("/consultation/").page.get_by_role("link", name=title).click()
    person.page.locator("a.chip[href$='/sessions/']").click()
    return person


def vote_online(phone, path):
    page = become(phone, "owner-1").go(path + "vote/").page
    phone.look("1-ballot")
    page.locator(".answers label").first.click()
    page.locator(".vote-button").click()
    code = page.locator(".receipt-code").inner_text()
    phone.look("2-receipt")
    page.goto(phone.site + path)
    page.locator("[name=code]").fill(code)
    page.locator("main form [type=submit]").click()
    expect(page.locator(".tone-done[role=status]")).to_be_visible()
    phone.look("3-in-the-box")


def count(desk, name, path, codes, answers):
    page = become(desk, name).go(path).page
    press(desk, "/count/")
    for code, answer in zip(codes, answers, strict=True):
        page.locator("[name=code]").fill(code)
        page.locator(f"#id_option_{answer}").check()
        page.locator("form.sheet [type=submit]").click()
        expect(page.locator(".messages .tone-done").first).to_be_visible()
    desk.look(f"count-{name}")
    press(desk, "/close/")


def prepare(desk):
    """A vote of the owners, open; its address at the desk."""
    consultation(become(desk, "vote-host"), "3 栋加装电梯")
    desk.page.locator("a[href$='/votes/new/']").click()
    desk.look("1-form")
    desk.page.locator("#session-form [name=roll]").select_option(index=1)
    desk.page.locator("#session-form [name=unit]").select_option("owner")
    fill(desk, question="是否同意加装电梯，费用按楼层分担？", closes_at=soon(days=2))
    path = desk.page.url.removeprefix(desk.site)
    press(desk, "/open/")
    return path


def hand_out(desk, path, site_env):
    """Two papers; the codes that stand on them."""
    command = [sys.executable, "-m", "tests.e2e.voters", "papers", path.split("/")[-2]]
    env = site_env | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(command, env=env, cwd=ROOT, check=True, capture_output=True, text=True)
    codes = list(json.loads(done.stdout.splitlines()[-1]).values())
    become(desk, "vote-worker").go(path)
    desk.look("2-open")
    for _paper in codes:
        press(desk, "/paper/")
        desk.go(path)
    return codes


def test_owners_vote_with_paper_and_a_recount(visitor, site_env):
    desk, phone = visitor(DESK, "zh-hans"), visitor(PHONE, "zh-hans")
    path = prepare(desk)
    public = path.replace("consultation/", "consultations/")
    vote_online(phone, public)
    codes = hand_out(desk, path, site_env)
    become(desk, "vote-host").go(path)
    press(desk, "/close/")
    count(desk, "vote-worker", path, codes, (1, 2))
    count(desk, "vote-supervisor", path, codes, (1, 1))
    count(desk, "vote-host", path, codes, (1, 1))
    desk.go(path)
    press(desk, "/judge/")
    desk.look("3-judged")
    desk.page.locator("details:has(a[href$='/recount/']) > summary").click()
    desk.page.locator("a[href$='/recount/']").click()
    fill(desk, reason="业主李四对计票提出异议")
    count(desk, "vote-worker", path, codes, (1, 2))
    count(desk, "vote-supervisor", path, codes, (1, 2))
    become(desk, "vote-host").go(path)
    press(desk, "/judge/")
    phone.go(public)
    expect(phone.page.locator(".vote-bar")).to_have_count(3)
    phone.look("4-result")


def invite(desk, names):
    page = desk.page
    page.locator("a[href$='/invite/']").click()
    page.locator("[name=guests]").fill("\n".join(names))
    page.locator("[name=capacity]").select_option("representatives")
    page.locator("#session-form [type=submit]").click()


def check_in(phone, name, path, code):
    become(phone, name).go(f"{path}check-in/{code}/")
    phone.page.locator(".vote-button").click()
    expect(phone.page.locator(".tone-done").first).to_be_visible()


def plan(desk):
    """A hearing in an hour with one point and three delegates; its address at the desk."""
    consultation(become(desk, "vote-host"), "菜市场临时疏导点听证")
    desk.page.locator("a[href$='/sessions/new/']").click()
    fill(desk, title="听证会", starts_at=soon(hours=1), ends_at=soon(hours=3), room="社区会议室")
    path = desk.page.url.removeprefix(desk.site)
    desk.page.locator("a[href$='/point/']").click()
    fill(desk, title="方案说明", minutes="60")
    invite(desk, ("delegate-1", "delegate-2", "delegate-3"))
    return path


def answer(phone):
    become(phone, "delegate-3").go("/consultations/mine/")
    phone.look("1-mine")
    phone.page.get_by_role("link", name="听证会").click()
    phone.look("2-invitation")
    press(phone, "/accept/")


def hold(desk, phone, path):
    """Somebody stands back, two scan the code of the screen, the minutes are written."""
    become(desk, "vote-host").go(path)
    row = desk.page.locator("tr", has_text="陈3")
    row.locator("a[href$='/recuse/']").click()
    fill(desk, reason="其亲属承租临时摊位")
    press(desk, "/open/")
    desk.page.locator("a[href$='/screen/']").click()
    code = desk.page.locator(".room-code").inner_text()
    desk.look("3-screen")
    for name in ("delegate-1", "delegate-2"):
        check_in(phone, name, path.replace("consultation/", "consultations/"), code)
    desk.go(path)
    desk.look("4-session")
    desk.go(f"{path}minutes/")
    desk.page.locator("a[href$='/minutes/write/']").click()
    fill(desk, text="陈1提出错开送货时间。会议同意选址。")
    desk.go(path)
    press(desk, "/close/")


def test_a_hearing_with_recusal_and_amended_minutes(visitor):
    desk, phone = visitor(DESK, "en"), visitor(PHONE, "zh-hans")
    path = plan(desk)
    answer(phone)
    hold(desk, phone, path)
    desk.go(f"{path}minutes/").page.locator("a[href$='/lay-out/']").click()
    fill(desk, until=soon(minutes=4))
    public = path.replace("consultation/", "consultations/")
    page = become(phone, "delegate-1").go(f"{public}minutes/").page
    page.locator("[name=passage]").fill("会议同意选址")
    page.locator("[name=wording]").fill("会议同意选址，四个月后恢复")
    phone.look("5-amend")
    page.locator("form.sheet [type=submit]").click()
    become(desk, "vote-host").go(f"{path}minutes/")
    desk.page.locator("a[href$='/accept/']").click()
    fill(desk, reason="与录音一致")
    expect(desk.page.locator(".minutes-text")).to_contain_text("四个月后恢复")
    desk.look("6-minutes")
    desk.go("/consultations/calendar/").look("7-calendar")
