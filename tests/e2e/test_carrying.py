"""What becomes of results: a project call from an idea to a commitment that is done and rated;
four deliberations from a topic to what was done with the money."""

import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.e2e.deliberation import gone_on
from tests.e2e.speakers import SPEAKERS
from tests.e2e.test_opinions import enter, leave
from tests.e2e.test_votes import become, soon
from tests.e2e.visitor import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]
_FIRST, _SECOND, THIRD = SPEAKERS


def fast_forward(site_env, act, key):
    """What takes weeks, at once; the state afterwards."""
    command = [sys.executable, "-m", "tests.e2e.speakers", act, str(key)]
    done = subprocess.run(
        command, env=site_env, cwd=ROOT, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def move(desk, name, **values):
    """Open a move of the page, say what it asks for, make it."""
    page = desk.page
    page.locator(f".page-actions a[href$='/{name}/']").first.click()
    form = page.locator(f"form[action$='/{name}/']")
    for field, value in values.items():
        control = form.locator(f"[name={field}]")
        if control.evaluate("node => node.tagName") == "SELECT":
            control.select_option(**value)
        elif control.evaluate("node => node.type") == "file":
            control.set_input_files(value)
        else:
            control.fill(value)
    form.locator("[type=submit]").click()
    expect(page.locator(".messages .tone-done").first).to_be_visible()


def key_of(page):
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def call_for_projects(desk, title):
    page = become(desk, "vote-host").go("/consultation/projects/new/").page
    form = page.locator("main form.sheet")
    form.locator("[name=title]").fill(title)
    form.locator("[name=text]").fill("钱不多，办身边的小事。您希望社区添什么、改什么？")
    for name in ("place", "body", "line", "purpose"):
        form.locator(f"[name={name}]").select_option(index=1)
    form.locator("[name=budget]").fill("20000")
    form.locator("[name=ideas_until]").fill(soon(days=9))
    desk.look("1-new-call")
    form.locator("[type=submit]").click()
    expect(page.locator(".messages .tone-done").first).to_be_visible()
    key = key_of(page)
    move(desk, "publish")
    return key


def bring(person, key, title):
    page = enter(person, THIRD).go(f"/projects/{key}/").look("2-call").page
    page.locator("main a[href$='/idea/']").click()
    page.locator("[name=title]").fill(title)
    page.locator("main [name=text]").fill("老人散步走累了没有地方坐。电话13812345678。")
    page.locator("[name=place]").fill("中心公园北门")
    page.locator("[name=guess]").fill("8000")
    person.look("3-idea")
    page.locator("main form [type=submit]").last.click()
    expect(page.locator(".messages .tone-done").first).to_be_visible()


def work_out(desk, site_env, key, title):
    page = become(desk, "vote-host").go(f"/consultation/projects/{key}/").page
    page.get_by_role("link", name=title).click()
    path = page.url.removeprefix(desk.site)
    move(desk, "admit", reason="属于征集范围")
    ask(desk, "规划建设办", "Planning office")
    become(desk, "head").go(path)
    desk.look("4-work-out")
    move(desk, "estimate", estimate="7500", reason="现场看过，两周完成")
    assert fast_forward(site_env, "collected", key) == "screening"


def ask(desk, *names):
    """The office of one of these names is to work it out."""
    page = desk.page
    page.locator(".page-actions a[href$='/ask/']").first.click()
    form = page.locator("form[action$='/ask/']")
    offered = form.locator("[name=department] option").all_inner_texts()
    chosen = next(one for one in offered if any(name in one for name in names))
    form.locator("[name=department]").select_option(label=chosen)
    form.locator("[type=submit]").click()
    expect(page.locator(".messages .tone-done").first).to_be_visible()


def choose(person, desk, site_env, key):
    become(desk, "vote-host").go(f"/consultation/projects/{key}/")
    move(desk, "open_vote", votes_until=soon(days=3))
    page = enter(person, THIRD).go(f"/projects/{key}/").page
    page.locator(".ballot input").first.check()
    person.look("5-ballot")
    page.locator(".ballot ~ p button").click()
    expect(page.locator(".messages .tone-done").first).to_be_visible()
    assert fast_forward(site_env, "voted", key) == "decided"


def carry_out(desk, key, title, picture):
    page = become(desk, "vote-host").go(f"/consultation/projects/{key}/").page
    move(desk, "commit", due_on=soon(days=30)[:10])
    desk.look("6-promised")
    become(desk, "head").go("/consultation/commitments/")
    page.get_by_role("link", name=title).first.click()
    path = page.url.removeprefix(desk.site)
    move(desk, "begin")
    move(desk, "progress", share="50", note="材料已到")
    move(desk, "photo", file=str(picture), words="座椅已装好")
    move(desk, "report", proof="六张座椅已装好并验收", actual="7200")
    desk.look("7-reported")
    become(desk, "vote-host").go(path)
    move(desk, "confirm", note="现场看过")
    desk.look("8-confirmed")
    return key_of(page)


def rate(person, call, key):
    enter(person, THIRD).go("/me/").look("9-told")
    page = person.go(f"/commitments/{key}/").page
    page.locator(".stars-choice input").nth(3).check()
    page.locator("[name=words]").fill("坐得舒服")
    person.look("10-rate")
    page.locator("form[action$='/rate/'] [type=submit]").click()
    expect(page.locator(".messages .tone-done").first).to_be_visible()
    page = leave(person).go(f"/commitments/{key}/").look("11-done").page
    expect(page.locator("main")).to_contain_text("7,200.00")
    assert "13812345678" not in page.content()
    page = person.go(f"/projects/{call}/").look("12-decided").page
    assert "13812345678" not in page.content()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_idea_becomes_a_commitment_that_is_done_and_rated(visitor, site_env, picture, language):
    title = f"中心公园添座椅{language}"
    desk, person = visitor(1440, language), visitor(390, language)
    call = call_for_projects(desk, f"民生微实事{language}")
    bring(person, call, title)
    work_out(desk, site_env, call, title)
    choose(person, desk, site_env, call)
    key = carry_out(desk, call, title, picture)
    rate(person, call, key)
    assert desk.faults == []
    assert person.faults == []


# -- 四议两公开 ----------------------------------------


def adopt_and_promise(desk, number):
    """What became of the result, and what follows from it, with milestones and money."""
    page = become(desk, "talk-host").go(f"/consultation/{number}/carrying-out/").page
    form = page.locator("form[action$='/adopt/']")
    page.locator("details", has=form).locator("summary").click()
    form.locator("[name=reasons]").fill("村民代表会议以四分之三通过，费用可控。")
    form.locator("[name=to_dissent]").fill("东侧两户的树木移栽，费用由村集体承担。")
    form.locator("[type=submit]").click()
    expect(page.locator(".messages .tone-done").first).to_be_visible()
    form = page.locator("form[action$='/promise/']")
    page.locator("details", has=form).locator("summary").click()
    form.locator("[name=title]").fill("主路向东拓宽 1.5 米")
    offered = form.locator("[name=owner] option").all_inner_texts()
    office = next(one for one in offered if "规划建设办" in one or "Planning office" in one)
    form.locator("[name=owner]").select_option(label=office)
    form.locator("[name=due_on]").fill(soon(days=40)[:10])
    form.locator("[name=steps]").fill("测量放线 | 1\n铺设路面 | 3")
    for name in ("line", "purpose"):
        form.locator(f"[name={name}]").select_option(index=1)
    form.locator("[name=amount]").fill("30000")
    desk.look("1-promise")
    form.locator("[type=submit]").click()
    expect(page.locator(".messages .tone-done").first).to_be_visible()
    return key_of(page)


def do_it(desk, key, picture):
    path = f"/consultation/commitments/{key}/"
    page = become(desk, "head").go(path).page
    move(desk, "begin")
    for _step in range(2):
        page.locator("form[action*='/milestones/'] button").first.click()
        expect(page.locator(".messages .tone-done").first).to_be_visible()
    move(desk, "photo", file=str(picture), words="路面已铺好")
    move(desk, "report", proof="已通过验收", actual="28000")
    become(desk, "talk-host").go(path)
    move(desk, "confirm", note="现场看过")
    desk.look("2-done")


def test_four_deliberations_end_in_a_promise_that_is_kept_with_its_money(
    visitor, site_env, picture
):
    number = fast_forward(site_env, "four", 0)
    gone_on(site_env, number, "execution")
    desk, person = visitor(1440, "zh-hans"), visitor(390, "zh-hans")
    key = adopt_and_promise(desk, number)
    page = person.go(f"/consultations/{number}/").look("3-promised").page
    expect(page.locator("#since-heading ~ ul")).to_contain_text("30,000.00")
    do_it(desk, key, picture)
    page = person.go(f"/commitments/{key}/").look("4-done").page
    expect(page.locator("main")).to_contain_text("28,000.00")
    page = person.go(f"/consultations/{number}/").look("5-kept").page
    expect(page.locator("main")).to_contain_text("四分之三通过")
    assert desk.faults == []
    assert person.faults == []
