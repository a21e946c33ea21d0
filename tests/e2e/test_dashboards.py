"""The committee's morning, the town's board, the duty room's screen, the monthly report."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


def file_of(person, href):
    """What a link hands over, asked with the person's session."""
    answer = person.page.request.get(person.site + href)
    assert answer.status == 200
    return answer.body()


@pytest.mark.parametrize(("width", "language"), [(1440, "zh-hans"), (390, "en")])
def test_the_morning_leads_to_every_board(visitor, width, language):
    desk = visitor(width, language)
    page = desk.sign_in("assessor-secretary").go("/oversight/morning/").look("1-morning").page
    page.locator("a[href*='/oversight/board/town/']").first.click()
    expect(page.locator("main .figures").first).to_be_visible()
    desk.look("2-town")
    pdf = page.locator("a[href$='/pdf/']").get_attribute("href")
    assert file_of(desk, pdf).startswith(b"%PDF")
    assert file_of(desk, pdf.replace("/pdf/", "/xlsx/")).startswith(b"PK")
    desk.go("/oversight/staffing/").look("3-staff")
    page.locator("main th a").first.click()
    desk.look("4-department")
    desk.go("/oversight/screen/").look("5-screen")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    assert desk.faults == []
