"""The duty list in a browser: a gap is found, mended and routed; a matter is handed over."""

import subprocess
import sys
import time

import pytest
from playwright.sync_api import expect

from tests.e2e.visitor import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(420)]
WIDTHS = (1440, 390)
WAIT = 30_000


@pytest.fixture
def logged(site_env):
    """`logged("gap")`: a case of the kind, by its number."""

    def log(kind):
        command = [sys.executable, "-m", "tests.e2e.handing", kind]
        done = subprocess.run(
            command, env=site_env, cwd=ROOT, check=True, capture_output=True, text=True
        )
        return done.stdout.strip().splitlines()[-1]

    return log


def checked(person):
    """The page of findings after a check that began now has ended."""
    page = person.go("/duties/findings/").page
    again = page.locator("form[action$='/findings/check/'] button")
    if again.is_enabled():
        again.click()
    expect(page.locator("#duty-run .notice")).to_have_count(0, timeout=WAIT)
    page.reload()
    return page


def figure(page, kind):
    return int(page.locator(f".figures a[href*='kind={kind}'] .figure-number").inner_text())


def finding(page, words, place="梅塘社区"):
    rows = page.locator("ul.rows > li", has_text=words)
    return rows.filter(has_text=place) if place else rows


def submit(page):
    page.locator("main form.form-width [type=submit]").click()


def move(person, name, reason=""):
    page = person.page
    if reason:
        page.locator("[name=reason]").fill(reason)
    button = page.locator(
        f"form[action$='/{name}/'] button:not([formaction]), button[formaction$='/{name}/']"
    )
    button.first.click()


def routed(person, number, words):
    """The case page names who has it, as soon as the router has been there."""
    until = time.monotonic() + WAIT / 1000
    while time.monotonic() < until:
        page = person.go(f"/cases/{number}/").page
        if words in page.locator("main").inner_text():
            return
        page.wait_for_timeout(1000)
    raise AssertionError(f"{number} did not go to {words}")


def test_a_gap_is_found_mended_and_a_like_case_routed(visitor, logged):
    first = visitor(1440, "zh-hans").sign_in("ruler")
    page = checked(first)
    gaps = figure(page, "gap")
    assert gaps >= 1
    page.goto(page.url.split("?")[0] + "?kind=gap&class=dog-noise")
    first.look("1-findings")
    finding(page, "犬吠扰民").locator("a[href$='/mend/']").click()
    page.locator("[name=lead]").fill("dogs-office")
    page.locator("[name=legal_basis]").fill("养犬管理条例第三条")
    first.look("2-mend")
    submit(page)
    expect(page.locator("#steps-heading")).to_be_visible()
    page.locator("form[action*='/effects/of/'] button").click()
    expect(page.locator("[id^=effect-] .notice")).to_have_count(0, timeout=WAIT)
    first.look("3-draft")
    change = page.url
    move(first, "submit")
    second = visitor(390, "en").sign_in("ruler2")
    second.go(change.removeprefix(second.site))
    second.look("4-review")
    move(second, "adopt")
    page = checked(first)
    assert figure(page, "gap") == gaps - 1
    expect(finding(page, "犬吠扰民")).to_have_count(0)
    first.look("5-mended")
    first.go("/duties/editions/").look("6-editions")
    first.go("/duties/").look("7-matrix")
    routed(first, logged("gap"), "犬只管理办")
    first.look("8-routed")


def test_a_matter_is_handed_over_with_its_money(visitor, logged):  # noqa: PLR0915 -- a journey
    ruler = visitor(1440, "zh-hans").sign_in("ruler")
    page = checked(ruler)
    misplaced = figure(page, "misplaced")
    page = ruler.go("/admissions/?state=applied").page
    ruler.look("1-applications")
    page.locator("ul.rows a.row-link", has_text="犬证巡查").click()
    ruler.look("2-application")
    application = page.url.removeprefix(ruler.site)
    page.locator("a[href$='/convene/']").click()
    for name in ("郑秀", "王芳"):
        page.get_by_label(name, exact=False).first.check()
    ruler.look("3-convene")
    submit(page)
    for name, width in (("ruler2", 390), ("head", 1440)):
        reviewer = visitor(width, "zh-hans").sign_in(name).go(application)
        move(reviewer, "agree")
    ruler.go(application).look("4-trial")
    move(ruler, "admit")
    number = logged("admitted")
    routed(ruler, number, "梅塘社区居委会")
    expect(page.locator("main")).to_contain_text("ZR0")
    ruler.look("5-routed")
    page = checked(ruler)
    assert figure(page, "misplaced") == misplaced - 1
    speaker = visitor(390, "zh-hans").sign_in("dogspeaker").go(application)
    speaker.page.locator("a[href$='/evaluate/']").click()
    speaker.page.locator("[name=score][value='5']").check()
    speaker.look("6-evaluate")
    submit(speaker.page)
    public = visitor(390, "zh-hans")
    public.go("/admitted/").look("7-admitted")
    expect(public.page.locator("main")).to_contain_text("犬证巡查")
    public.go("/community-lists/meitang/").look("8-lists")
    public.go("/community-lists/").look("9-communities")
