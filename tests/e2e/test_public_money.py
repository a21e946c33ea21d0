"""What everybody reads of money: a gift from desk to page, a question from asking to answer."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.test_money import become

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


def fill(page, **values):
    for name, value in values.items():
        page.locator(f"main [name={name}]").fill(value)


def send(page):
    page.locator("main form.sheet [type=submit]").click()
    page.wait_for_load_state()


@pytest.mark.parametrize(("width", "language"), [(1440, "zh-hans"), (390, "en")])
def test_a_gift_is_checked_by_another_and_shown_as_its_donor_wished(visitor, width, language):
    person = visitor(width, language)
    page = become(person, "maker").go("/funding/donations/new/").page
    fill(page, amount="88.80", donor_name=f"欧阳春华{width}", donor_phone="13812345678")
    page.locator("[name=line]").select_option(index=1)
    page.locator("[name=name_shown]").check()
    person.look("1-record")
    send(page)
    page.wait_for_url(re.compile(r"/donations/\d+/$"))
    path = page.url.removeprefix(person.site)
    person.look("2-recorded")
    assert f"欧阳春华{width}" not in person.go("/money/donations/").page.content()
    page = become(person, "checker").go(path).page
    page.locator("form[action$='/confirm/'] button").click()
    expect(page.locator(".messages .tone-done")).to_be_visible()
    person.context.clear_cookies(name="sessionid")
    page = person.go("/money/donations/").look("3-published").page
    expect(page.locator("main")).to_contain_text("88.80")
    expect(page.locator("main")).to_contain_text(f"欧阳春华{width}")
    assert "13812345678" not in page.content()
    assert person.faults == []


@pytest.mark.parametrize(("width", "language"), [(390, "zh-hans"), (1440, "en")])
def test_a_resident_asks_and_everybody_reads_the_answer(visitor, width, language):
    person = visitor(width, language)
    page = person.go("/money/questions/ask/").page
    page.locator("[name=body]").select_option("money-office")
    text = f"井盖{width}为何换了两次？我是住在88号的老王，电话13812345678"
    fill(page, text=text, contact="13812345678")
    person.look("1-ask")
    send(page)
    person.look("2-asked")
    number = page.locator("main .number").inner_text()
    path = waiting(become(person, "supervisor"), number)
    release(person, path)
    answer(person, path)
    person.context.clear_cookies(name="sessionid")
    page = person.go(f"/money/questions/{number}/").look("5-answered").page
    expect(page.locator("main")).to_contain_text("第一次的盖子被压坏")
    assert "13812345678" not in page.content()
    assert person.faults == []


def waiting(person, number):
    """The address of the question among those that wait."""
    rows = person.go("/funding/questions/").page.locator("main .rows li", has_text=number)
    return rows.locator(".row-link").get_attribute("href")


def release(person, path):
    page = person.go(path + "release/").page
    fill(page, public_text="井盖为何换了两次？")
    person.look("3-release")
    send(page)


def answer(person, path):
    page = become(person, "maker").go(path + "answer/").page
    fill(page, text="第一次的盖子被压坏，第二次由厂家免费更换，没有另外付款。")
    person.look("4-answer")
    send(page)
