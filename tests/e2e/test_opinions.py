"""Opinions: without an account and as a confirmed resident, moderated in public, answered."""

import pytest
from playwright.sync_api import expect

from tests.e2e.speakers import SPEAKERS, TITLE
from tests.e2e.test_votes import become
from tests.factories import PASSWORD

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
CONFIRMED, MEMBER, _OTHER = SPEAKERS


def enter(person, phone):
    """A resident signs in by the residents' door."""
    leave(person)
    page = person.go("/account/enter/").page
    page.wait_for_load_state("networkidle")  # what is under way ends the new session otherwise
    page.locator("details.sheet > summary").click()
    page.locator("details.sheet [name=phone]").fill(phone)
    page.locator("details.sheet [name=password]").fill(PASSWORD)
    page.locator("details.sheet [type=submit]").click()
    page.wait_for_url(lambda url: "/enter/" not in url)
    return person


def leave(person):
    person.context.clear_cookies(name="sessionid")
    return person


def to_the_matter(person):
    person.go("/consultations/").page.locator("main .rows a", has_text=TITLE).first.click()
    expect(person.page.locator("h1")).to_have_text(TITLE)
    return person


def speak(person, text, *, stand="for", look=""):
    """From the consultation's page: stand, words, send."""
    page = to_the_matter(person).page
    page.locator(".deeds a[href$='/opinions/new/']").click()
    page.locator(f"[name=stand][value={stand}]").check()
    page.locator("main [name=text]").fill(text)
    if look:
        person.look(look)
    page.locator("main form.sheet [type=submit]").click()
    expect(page.locator(".messages .tone-done")).to_be_visible()
    return page


def at_the_desk(person, show):
    path = to_the_matter(person).page.url.removeprefix(person.site)
    desk = become(person, "vote-host").go("/consultation/opinions/").page
    if show == "waiting":
        desk.get_by_role("link", name=TITLE).first.click()
    else:
        person.go(path.replace("/consultations/", "/consultation/") + "opinions/")
    desk.locator(f"a.chip[href='?show={show}']").click()
    return desk


def row_of(page, text):
    return page.locator("li.opinion", has_text=text)


def hide(page, text, note):
    row = row_of(page, text)
    row.locator("details", has=page.locator("[name=reason]")).locator("summary").click()
    row.locator("[name=reason]").select_option("insult")
    row.locator("[name=note]").fill(note)
    row.locator("form[action$='/hide/'] button").click()
    expect(page.locator(".messages .tone-done").first).to_be_visible()


class Said:
    """The words of one run: from nobody, from a confirmed resident, and some that are hidden."""

    def __init__(self, mark):
        self.mark = mark
        self.unsigned, self.shown = f"先换楼道的灯{mark}", f"费用应当公开{mark}"
        self.rude, self.reason = f"你们都是笨蛋{mark}", f"先换路灯，账目上墙。{mark}"


def say_all(person, said):
    to_the_matter(person).look("1-where-are-we")
    text = f"{said.unsigned}，电话13812345678"
    page = speak(person, text, stand="other", look="2-say")
    assert said.unsigned not in page.content()
    page = speak(enter(person, CONFIRMED), said.shown)
    assert SPEAKERS[CONFIRMED] in page.locator(".opinion-head").first.inner_text()
    person.look("3-said")
    speak(enter(person, MEMBER), said.rude, stand="against")


def moderate(desk, said):
    page = at_the_desk(desk, "waiting")
    assert "13812345678" in row_of(page, said.unsigned).inner_text()
    desk.look("4-waiting")
    row_of(page, said.unsigned).locator("form[action$='/release/'] button").click()
    expect(page.locator(".messages .tone-done").first).to_be_visible()
    page.locator("a.chip[href='?show=unanswered']").click()
    hide(page, said.rude, "骂了邻居")


def answer(desk, said):
    page = desk.page
    for text in (said.unsigned, said.shown):
        row_of(page, text).locator("[name=opinion]").check()
    page.locator("#answers [name=outcome]").select_option("partly")
    page.locator("#answers [name=reason]").fill(said.reason)
    desk.look("5-answer")
    page.locator("#answers [type=submit]").click()
    page.locator("a.chip[href='?show=answered']").click()
    expect(row_of(page, said.shown).locator(".opinion-answer")).to_contain_text(said.reason)


def read_as_everybody(person, said):
    page = to_the_matter(leave(person)).look("6-answered").page
    page.locator("#opinions p > a[href$='/opinions/']").click()
    person.look("7-all")
    assert "13812345678" not in page.content()
    assert said.rude not in page.content()
    assert page.locator(".opinion-answer", has_text=said.reason).count() == 2
    page.locator("main a[href$='/opinions/moderation/']").click()
    person.look("8-log")
    expect(page.locator("main")).to_contain_text("骂了邻居")


def read_as_authors(person, said):
    page = enter(person, MEMBER).go("/me/").look("9-my-page").page
    page.locator("section[aria-labelledby=my-opinions] a").first.click()
    expect(page.locator(".opinion-gone")).to_be_visible()
    assert said.rude not in page.title()
    person.look("10-hidden-mine")
    page = enter(person, CONFIRMED).go("/me/").look("11-told").page
    expect(page.locator("main")).to_contain_text(TITLE)


@pytest.mark.parametrize(("width", "language"), [(390, "zh-hans"), (1440, "en")])
def test_what_people_say_is_released_hidden_for_a_reason_and_answered(visitor, width, language):
    said = Said(f"{width}{language}")
    person, desk = visitor(width, language), visitor(1440, language)
    say_all(person, said)
    moderate(desk, said)
    answer(desk, said)
    read_as_everybody(person, said)
    read_as_authors(person, said)
    assert person.faults == []
    assert desk.faults == []


def test_who_is_not_known_well_enough_is_told_how_to_be(visitor):
    """The host asks for confirmed residents; a member reads why and where to go."""
    desk = visitor(1440, "zh-hans")
    page = at_the_desk(desk, "all")
    page.locator("form[action$='/level/'] [name=level]").select_option("3")
    page.locator("form[action$='/level/'] button").click()
    expect(page.locator(".messages .tone-done").first).to_be_visible()
    person = enter(visitor(390, "zh-hans"), MEMBER)
    page = to_the_matter(person).page
    page.locator(".deeds a[href$='/opinions/new/']").click()
    expect(page.locator(".notice.tone-work")).to_be_visible()
    assert page.locator("main textarea").count() == 0
    person.look("1-not-known")
    page = at_the_desk(desk, "all")
    page.locator("form[action$='/level/'] [name=level]").select_option("0")
    page.locator("form[action$='/level/'] button").click()
    expect(page.locator(".messages .tone-done").first).to_be_visible()
    assert person.faults == []
