"""An appraisal: opened, computed, reviewed twice, appealed against, corrected, published."""

import datetime
import re
import subprocess
import sys

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.e2e.visitor import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]
OFFICE = "规划建设办"


def fast_forward(site_env, act):
    command = [sys.executable, "-m", "tests.e2e.appraisal", act]
    subprocess.run(command, env=site_env, cwd=ROOT, check=True)


def last_month():
    first = timezone.localdate().replace(day=1)
    return f"{first - datetime.timedelta(days=1):%Y-%m-%d}"


def become(person, name):
    """Another person at the same browser."""
    person.context.clear_cookies()
    cookie = {"name": "django_language", "value": person.language, "url": person.site}
    person.context.add_cookies([cookie])
    return person.sign_in(name)


def pressed(person, selector):
    person.page.locator(selector).first.click()
    expect(person.page.locator(".messages .tone-done").first).to_be_visible()


def opened(desk):
    """By the assessor; the worker stores the numbers meanwhile. The address of the appraisal."""
    page = become(desk, "assessor").go("/oversight/appraisals/").look("1-empty").page
    page.locator("a[href$='/appraisals/new/']").click()
    page.locator("[name=scheme]").select_option(label="部门办理质效考核")
    page.locator("[name=span]").select_option("month")
    page.locator("[name=day]").fill(last_month())
    desk.look("2-open")
    page.locator("form.sheet [type=submit]").click()
    page.wait_for_url(re.compile(r"/appraisals/\d+/$"))
    expect(page.locator("main .state").first).to_contain_text("初核", timeout=90_000)
    desk.look("3-computed")
    return page.url.removeprefix(desk.site)


def reviewed_and_publicised(desk, path):
    become(desk, "assessor-supervisor").go(path)
    pressed(desk, "form[action$='/sign_first/'] button")
    become(desk, "assessor-member").go(path).look("4-second-review")
    pressed(desk, "form[action$='/sign_second/'] button")
    become(desk, "assessor").go(path)
    pressed(desk, "form[action$='/publicise/'] button")
    desk.look("5-publicised")


def appealed(phone, path):
    """By the head of the office on a phone; the points that it had."""
    page = phone.sign_in("head").go(path).page
    page.locator("main a", has_text=OFFICE).first.click()
    phone.look("1-my-result")
    before = page.locator("main .figure-number").first.inner_text()
    page.locator("a[href$='/ask/appeal/']").click()
    page.locator("[name=code]").select_option("closed_late")
    page.locator("[name=after]").fill("0")
    page.locator("[name=text]").fill("两件均已获准延期，附批复。")
    phone.look("2-appeal")
    page.locator("form.sheet [type=submit]").click()
    page.wait_for_url(re.compile(r"/appeals/\d+/$"))
    phone.look("3-asked")
    return before


def granted(desk):
    page = become(desk, "assessor-secretary").go("/oversight/appeals/").look("6-appeals").page
    page.locator("main a.row-link").first.click()
    page.locator("[name=answer]").fill("经核对属实，予以更正。")
    desk.look("7-answer")
    pressed(desk, "form[action$='/grant/'] button[type=submit]")


def test_a_period_is_appraised_appealed_against_corrected_and_published(visitor, site_env):
    desk, phone, stranger = visitor(1440, "zh-hans"), visitor(390, "zh-hans"), visitor(390, "en")
    fast_forward(site_env, "ready")
    path = opened(desk)
    reviewed_and_publicised(desk, path)
    before = appealed(phone, path)
    granted(desk)
    page = phone.go(path).page
    page.locator("main a", has_text=OFFICE).first.click()
    expect(page.locator("main .figure-number").first).not_to_have_text(before)
    phone.look("4-corrected")

    desk.go(path + "what-if/").look("8-other-weights")
    fast_forward(site_env, "over")
    page = stranger.go("/numbers/appraisals/").look("1-public-list").page
    page.locator("main a.row-link").first.click()
    expect(page.locator("main")).to_contain_text("Planning office")
    stranger.look("2-public")
    assert [one.faults for one in (desk, phone, stranger)] == [[], [], []]
