"""A grid worker without a connection: nothing lost, nothing twice, nobody else reads it."""

import re
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.visitor import ROOT
from tests.processes import ask, end, free_port, running, wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
FOUND = "楼道堆满杂物，挡住出口"
REPORTED = "断网时看到井盖不见了"


def drawn(page):
    expect(page.locator("html[data-ready=yes]")).to_be_attached()
    return page


def open_field(person):
    """The page for the street, drawn; the service worker serves what comes after."""
    page = person.page
    person.faults = WithoutNetwork()
    page.goto(person.site + "/field/")
    drawn(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def count(page):
    """How many entries wait, by the device's own word."""
    return page.evaluate("fieldQueue.list().then((rows) => rows.length)")


class WithoutNetwork(list):
    """Faults of a page, without what the browser itself says when there is no network."""

    NOISE = re.compile("ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|ERR_FAILED|401|409")

    def append(self, fault):
        if not self.NOISE.search(fault):
            super().append(fault)


def make_visit(person, picture):
    page = person.page
    page.locator("#field-due a").first.click()
    page.locator("[data-check-in]").click()
    expect(page.locator("#visit-form [data-position]")).not_to_be_empty()
    page.locator("#answer-met").select_option("yes")
    page.locator("[data-add-finding]").click()
    page.locator("[data-field=text]").fill(FOUND)
    page.locator("[data-field=photos]").set_input_files(picture)
    expect(page.locator(".field-finding .photos li")).to_have_count(1)
    page.locator("[data-field=category]").fill("井盖缺失")
    person.look("3-visit")
    page.locator("#visit-form [type=submit]").click()
    expect(page.locator("#field-said")).to_be_visible()


def make_case(person, picture):
    page = person.page
    page.locator("[data-part=case]").click()
    page.locator("#case-photos").set_input_files(picture)
    expect(page.locator("#case-photo-list li")).to_have_count(1)
    page.locator("#case-form [data-here]").click()
    expect(page.locator("#case-form [data-position]")).not_to_be_empty()
    page.locator("#case-text").fill(REPORTED)
    page.locator("#case-category").fill("井盖缺失")
    person.look("4-case")
    page.locator("#case-form [type=submit]").click()
    expect(page.locator("#field-waiting .field-row").first).to_be_visible()


def cut_three_answers(page, address):
    """The server gets each of the first three tries whole; the telephone never hears of it."""
    tries = []

    def cut(route):
        tries.append(route.request.url)
        if len(tries) <= 3:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(address, cut)
    return tries


def flushed(page):
    """The outcome of sending; the service worker may be at it already."""
    for _again in range(40):
        outcome = page.evaluate("fieldQueue.flush()")
        if outcome != "busy":
            return outcome
        page.wait_for_timeout(250)
    return outcome


def work_without_a_connection(person, picture):
    page = open_field(person)
    expect(page.locator("#field-due a").first).to_be_visible()
    person.look("1-due")
    page.reload()  # from now on the service worker serves it
    drawn(page)
    person.context.set_offline(True)
    page.reload()
    drawn(page)
    expect(page.locator("#field-state")).to_have_text(person.say("No connection"))
    make_visit(person, picture)
    make_case(person, picture)
    person.look("5-waiting")
    assert count(page) == 2
    save_as_a_file(person, picture.parent)


def save_as_a_file(person, folder):
    """By the keyboard; what the file says, in a browser that has no connection."""
    page = person.page
    page.locator("[data-save-file]").focus()
    with page.expect_download() as saving:
        page.keyboard.press("Enter")
    file = folder / saving.value.suggested_filename
    assert file.suffix == ".html"
    saving.value.save_as(file)
    read = person.context.new_page()
    read.goto(file.as_uri())
    expect(read.locator("article")).to_have_count(2)
    for words in (FOUND, REPORTED, "井盖缺失"):
        expect(read.locator("main")).to_contain_text(words)
    assert read.evaluate("[...document.images].map((one) => one.naturalWidth)") == [640, 640]
    read.close()
    file.unlink()
    assert count(page) == 2  # it stays until it is sent


def kill_the_tab(person):
    person.page.close()
    page = person.page = person.context.new_page()
    page.on("pageerror", lambda error: person.faults.append(str(error)))
    page.goto(person.site + "/field/#queue")
    drawn(page)
    assert count(page) == 2
    return page


def send_with_three_lost_answers(person):
    page = person.page
    tries = [cut_three_answers(page, one) for one in ("**/cases/new/", "**/api/v1/visits/")]
    person.context.set_offline(False)
    for _again in range(15):
        if count(page) == 0:
            break
        flushed(page)
        page.wait_for_timeout(300)
    assert count(page) == 0
    assert [len(one) for one in tries] == [4, 4]
    expect(page.locator("#field-sent .field-row")).to_have_count(2)
    person.look("6-sent")
    return page.locator("#field-sent a").first.get_attribute("href").split("/")[2]


def case_of_the_finding(person):
    """The address of the case that came of what was found; there is one visit."""
    page = person.go("/grids/visits/made/").page
    assert page.locator("tbody tr").count() == 1
    page.locator("tbody a").first.click()
    page.wait_for_url(re.compile(r"/grids/visits/\d+/"))
    link = page.locator(".finding a[href^='/cases/2']")
    for _again in range(20):
        if link.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    person.look("7-visit")
    return link.first.get_attribute("href")


def test_without_a_connection_nothing_is_lost_and_nothing_comes_twice(visitor, picture):
    person = visitor(390, "zh-hans").sign_in("worker")
    work_without_a_connection(person, picture)
    kill_the_tab(person)
    number = send_with_three_lost_answers(person)
    found = case_of_the_finding(person)
    assert number not in found
    for address, words in ((f"/cases/{number}/", REPORTED), (found, FOUND)):
        page = person.go(address).page
        expect(page.locator("main")).to_contain_text(words)
        expect(page.locator("main .photos img").first).to_be_visible()
    listed = person.go("/cases/").page.locator("main").inner_text()
    assert (listed.count(REPORTED), listed.count(FOUND)) == (1, 1)


def write_in_secret(person):
    page = open_field(person)
    page.reload()
    drawn(page)
    person.context.set_offline(True)
    page.locator("[data-part=case]").click()
    page.locator("#case-text").fill("A secret matter behind the school")
    page.locator("#case-address").fill("梅塘社区")
    page.locator("#case-form [type=submit]").click()
    expect(page.locator("#field-waiting .field-row")).to_have_count(1)


def what_lies_there(page):
    """The sealed entries as they lie on the device, as text."""
    return page.evaluate(
        """() => new Promise((resolve) => {
             const request = indexedDB.open("gongzhi-field");
             request.onsuccess = () => {
               const store = request.result.transaction("entries").objectStore("entries");
               store.getAll().onsuccess = (event) => resolve(event.target.result.map((row) =>
                 new TextDecoder("latin1").decode(row.sealed)).join());
             };
           })"""
    )


def test_the_next_person_on_the_telephone_sees_none_of_it(visitor):
    person = visitor(390, "en").sign_in("worker")
    write_in_secret(person)
    page = person.page
    # The session ends elsewhere; the device only learns of it when it is connected.
    person.context.clear_cookies(name="sessionid")
    person.context.set_offline(False)
    flushed(page)
    open_field(person)
    expect(page.locator("#field-locked")).to_be_visible()
    assert count(page) == 0  # nothing that could be read
    person.look("locked")
    raw = what_lies_there(page)
    assert raw
    assert "secret" not in raw

    person.sign_in("handler")
    open_field(person)
    assert count(page) == 0
    assert page.evaluate("fieldQueue.kept('plan')") is None
    person.context.clear_cookies(name="sessionid")
    person.sign_in("worker")
    open_field(person)
    page.locator("[data-part=queue]").click()
    expect(page.locator("#field-sent")).to_contain_text("A secret matter")


def set_account(guard, name, act):
    """The security administrator locks an account, or opens it again."""
    page = guard.go(f"/catalogue/people/?q={name}").page
    row = page.locator("tr", has=page.get_by_text(name, exact=True))
    row.locator("a[href^='/catalogue/people/']").first.click()
    page.locator(f"form[action$='/do/{act}/'] button").click()
    other = {"lock": "unlock", "unlock": "lock"}[act]
    expect(page.locator(f"form[action$='/do/{other}/'] button")).to_be_visible()


def test_a_telephone_that_is_lost_keeps_its_entries_from_everybody_but_their_owner(
    visitor, picture
):
    person, guard = visitor(390, "zh-hans").sign_in("worker"), visitor(1440, "en")
    guard.sign_in("security")
    page = open_field(person)
    page.reload()
    drawn(page)
    person.context.set_offline(True)
    make_case(person, picture)
    assert count(page) == 1
    set_account(guard, "worker", "lock")  # the telephone was left on a bus
    person.context.set_offline(False)
    expect(page.locator("#field-locked")).to_be_visible()  # it hears of it by itself
    open_field(person)
    assert count(page) == 0
    raw = what_lies_there(page)
    assert raw
    assert REPORTED not in raw.encode("latin1", "ignore").decode("utf-8", "ignore")
    person.sign_in("handler")  # who finds it works here too
    open_field(person)
    assert count(page) == 0
    assert flushed(page) == "nothing"
    assert what_lies_there(page) == raw  # and neither sends it nor loses it
    set_account(guard, "worker", "unlock")
    person.context.clear_cookies(name="sessionid")
    person.sign_in("worker")
    open_field(person)
    page.locator("[data-part=queue]").click()
    expect(page.locator("#field-sent .field-row").first).to_contain_text(REPORTED[:6])
    number = page.locator("#field-sent a").first.get_attribute("href").split("/")[2]
    expect(person.go(f"/cases/{number}/").page.locator("main .photos img").first).to_be_visible()
    assert count(open_field(person)) == 0


def test_what_is_refused_says_why_and_goes_on_with_a_reason(visitor):
    person = visitor(390, "zh-hans").sign_in("worker")
    page = open_field(person)
    target, form = page.evaluate(
        "fieldQueue.kept('plan').then(({ kinds: [kind] }) => [1, kind.form.id])"
    )  # the town's only target, due or not
    page.evaluate(
        """([target, form]) => fieldQueue.add({
             id: "far-1", kind: "visit", label: "远处的走访", url: "/api/v1/visits/", photos: [],
             fields: Object.entries({
               client_key: "far-1", target, form, at: new Date().toISOString(),
               lon: 114.09, lat: 22.85, accuracy_m: 5, answers: '{"met": true}' }),
           }).then(() => fieldQueue.flush())""",
        [target, form],
    )
    page.locator("[data-part=queue]").click()
    person.faults.clear()
    expect(page.locator("#field-waiting .field-why")).not_to_be_empty()
    person.look("refused")
    page.locator("[data-amend] [name=far_reason]").fill("电话走访")
    page.locator("[data-amend] [type=submit]").click()
    expect(page.locator("#field-sent")).to_contain_text("远处的走访")
    assert count(page) == 0


@contextmanager
def second_server(site_env, port):
    """A web process of its own over the same rows, so that one may stop it."""
    log = Path(site_env["GONGZHI_VAR"]) / "second.log"
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py",
               "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1"]  # fmt: skip
    with running(command, env=site_env, cwd=ROOT, log=log) as process:
        wait_until(
            lambda: ask(f"http://127.0.0.1:{port}/readyz")[0], seconds=60,
            what=lambda: log.read_text()[-2000:],
        )  # fmt: skip
        yield process


def test_a_server_that_stops_loses_nothing(visitor, site, site_env):
    port = free_port()
    person = visitor(390, "zh-hans")
    person.site = f"http://127.0.0.1:{port}"
    person.context.add_cookies(
        [{"name": "django_language", "value": "zh-hans", "url": person.site}]
    )
    with second_server(site_env, port) as process:
        person.sign_in("worker")
        page = open_field(person)
        page.reload()
        drawn(page)
        end(process)
        page.goto(person.site + "/cases/new/")  # the shell answers for it
        drawn(page)
        page.locator("[data-part=case]").click()
        page.locator("#case-text").fill("服务器停了，路灯也不亮")
        page.locator("#case-address").fill("梅塘社区")
        page.locator("#case-form [type=submit]").click()
        expect(page.locator("#field-waiting .field-row")).to_have_count(1)
        assert flushed(page) == "offline"
    with second_server(site_env, port):
        assert flushed(page) in {"sent", "nothing"}  # or the page was first
        assert count(page) == 0
        expect(page.locator("#field-sent")).to_contain_text("服务器停了")
