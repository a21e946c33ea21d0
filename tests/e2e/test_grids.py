"""Grids in a browser: gaps mended to zero, borders drawn and taken back, teams and their leave."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.e2e.ground import COMMUNITY, UNTIDY

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
EDITOR = f"/grids/borders/{COMMUNITY}/"
EAST, WEST = COMMUNITY + "002", COMMUNITY + "001"


def figure(page, kind):
    """The number of one kind on the page of coverage."""
    return int(page.locator(f".figures a[href^='?kind={kind}'] .figure-number").inner_text())


def checked(person):
    """The page of coverage after a check that began now has ended."""
    page = person.go("/grids/coverage/").page
    again = page.locator("form[action$='/coverage/check/'] button")
    if again.is_enabled():
        again.click()
    expect(page.locator("#coverage-run progress, #coverage-run .notice")).to_have_count(
        0, timeout=30_000
    )
    page.reload()
    return page


def finding(page, kind, code):
    page.goto(page.url.split("?")[0].split("#")[0] + f"?kind={kind}")
    return page.locator("li.flaw", has=page.locator(f".number:text-is('{code}')"))


def box_of(page, code):
    """Where a grid lies on the screen."""
    return page.locator(f"path.grid-shape[data-code='{code}']").bounding_box()


def editor(person, query=""):
    page = person.go(EDITOR + query).page
    expect(page.locator("[data-editor][data-ready=yes]")).to_be_attached()
    page.wait_for_timeout(400)  # the map has come to rest
    page.locator("[data-editor]").scroll_into_view_if_needed()
    return page


def preview(person, name):
    page = person.page
    page.locator("[name=preview]").click()
    expect(page.locator("#plan")).to_be_visible()
    expect(page.locator("[data-editor][data-ready=yes]")).to_be_attached()
    person.look(name)
    return page


def saved(page):
    page.locator("[name=save]").click()
    expect(page.locator("[name=save]")).to_have_count(0)
    expect(page.locator("[data-editor][data-ready=yes]")).to_be_attached()


def codes(page):
    return page.locator("td.number", has_text=COMMUNITY).all_inner_texts()


def mend_the_gap(person):
    page = checked(person)
    assert figure(page, "blind") == 1
    person.look("1-coverage")
    gap = finding(page, "blind", COMMUNITY)
    expect(gap).to_have_count(1)
    gap.locator("form[action$='/mend/'] button").click()
    page.wait_for_load_state("networkidle")
    page = checked(person)
    assert [figure(page, kind) for kind in ("blind", "hole", "overlap", "overhang")] == [0] * 4
    person.look("2-mended")


def split(person):
    """Two clicks near the borders of the grid that is too large: they snap to its edges."""
    page = checked(person)
    finding(page, "oversize", EAST).locator(f"a[href^='{EDITOR}']").click()
    expect(page.locator("[data-editor][data-ready=yes]")).to_be_attached()
    page.wait_for_timeout(400)
    page.locator("[data-editor]").scroll_into_view_if_needed()
    place = box_of(page, EAST)
    middle = place["x"] + place["width"] / 2
    page.mouse.click(middle, place["y"] + 5)
    page.mouse.click(middle + 8, place["y"] + place["height"] - 5)
    lines = page.locator("[name=points]").input_value().strip().splitlines()
    assert [line.split(", ")[1] for line in lines] == ["22.8200000", "22.8000000"]
    person.look("3-line")
    preview(person, "4-split-planned")
    saved(page)
    assert codes(page) == [WEST, EAST, COMMUNITY + "003"]
    person.look("5-split")


def merge(person):
    page = editor(person)
    page.locator("[name=kind][value=merge]").check()
    for code in (WEST, EAST):
        place = box_of(page, code)
        page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    preview(person, "6-merge-planned")
    saved(page)
    assert codes(page)[0] == WEST
    person.look("7-merged")


def take_back(person):
    page = person.page
    page.locator("form[action$='/undo/'] button").click()
    expect(page.locator("[data-editor][data-ready=yes]")).to_be_attached()
    return page


def staff_the_empty_one(person):
    page = checked(person)
    before = figure(page, "unstaffed")
    finding(page, "unstaffed", EAST).locator("a[href*='add=full_time']").click()
    form = page.locator("form[action$='/join/']")
    expect(form.locator("[name=role]")).to_have_value("full_time")
    person.look("8-staff-it")
    form.locator("[name=post]").select_option(label=re_of("谢兰", "Xie Lan", form))
    form.locator("[type=submit]").click()
    expect(page.locator("#members ~ ul .row-title").first).to_be_visible()
    person.look("9-staffed")
    page = checked(person)
    assert figure(page, "unstaffed") == before - 1


def re_of(chinese, english, form):
    """The whole label of the choice that begins with one of these names."""
    for label in form.locator("[name=post] option").all_inner_texts():
        if re.match(f"{chinese}|{english}", label):
            return label
    raise AssertionError("nobody has this name")


def test_a_gap_is_mended_a_grid_split_merged_and_both_taken_back(visitor):
    person = visitor(1440, "zh-hans").sign_in("dispatcher")
    mend_the_gap(person)
    split(person)
    merge(person)
    assert COMMUNITY + "003" in codes(take_back(person))
    assert codes(take_back(person)) == [WEST, EAST]
    staff_the_empty_one(person)


OF_GROUND = ("blind", "hole", "overlap", "overhang")


def open_untidy(person):
    """From the page of coverage to all that is amiss in one community."""
    page = checked(person)
    assert [figure(page, kind) for kind in OF_GROUND] == [1, 0, 1, 1]
    page.locator(f"a[href$='/coverage/mend/{UNTIDY}/']").click()
    expect(page.locator("#tiling tbody").first.locator("tr")).to_have_count(3)
    return page


def decide_piece_by_piece(page, person):
    """The rule takes the sliver alone; a person says to whom the larger pieces go."""
    would_go = page.locator(f"td[data-label='{person.say('Would go to')}']")
    stays = person.say("stays as it is")
    assert would_go.all_inner_texts().count(stays) == 2
    for piece in page.locator("#tiling tbody tr", has_text=stays).all():
        piece.locator("select").select_option(index=1)
    page.locator("[name=preview]").click()
    expect(would_go.get_by_text(stays)).to_have_count(0)


def test_all_that_is_amiss_in_a_community_is_mended_at_once_and_taken_back(visitor):
    person = visitor(1440, "zh-hans").sign_in("surveyor")
    page = open_untidy(person)
    person.look("1-amiss")
    decide_piece_by_piece(page, person)
    person.look("2-decided")
    page.locator("[name=save]").click()
    expect(page.locator("#tiling")).to_have_count(0)
    person.look("3-mended")
    page = checked(person)
    assert [figure(page, kind) for kind in OF_GROUND] == [0] * 4
    page.goto(f"{person.site}/grids/coverage/mend/{UNTIDY}/")
    take_back_all(page)
    small = visitor(390, "en").sign_in("surveyor")
    open_untidy(small)
    small.look("4-on-a-telephone")


def take_back_all(page):
    page.locator("form[action$='/undo/'] button").click()
    expect(page.locator("[data-editor][data-ready=yes]")).to_be_attached()


def ask_leave(person, stand_in):
    page = person.go("/grids/duty/").page
    person.look("1-duty")
    page.locator("summary", has_text=person.say("Ask for leave")).click()
    form = page.locator("form[action$='/duty/leave/']")
    today = timezone.localdate().isoformat()
    form.locator("[name=first_day]").fill(today)
    form.locator("[name=last_day]").fill(today)
    form.locator("[name=reason]").fill("Family")
    form.locator("[name=stand_in]").select_option(index=stand_in)
    person.look("2-asking")
    form.locator("[type=submit]").click()
    expect(page.locator("#leave ~ ul .state")).to_be_visible()
    person.look("3-asked")


def test_leave_is_asked_on_the_telephone_and_decided_by_the_head_who_finds_it_waiting(visitor):
    worker = visitor(390, "en").sign_in("walker")
    ask_leave(worker, 1)
    head = visitor(390, "zh-hans").sign_in("teamhead")
    page = head.go("/grids/duty/requests/").page
    head.look("4-waiting")
    page.locator("form[action$='/approve/'] [name=note]").first.fill("好好休息")
    page.locator("form[action$='/approve/'] [type=submit]").first.click()
    expect(page.locator("form[action$='/approve/']")).to_have_count(0)
    head.look("5-decided")
    head.go(f"/grids/teams/{COMMUNITY}/").look("6-team")
    page = worker.go("/grids/duty/").page
    expect(page.locator("#leave ~ ul")).to_contain_text("好好休息")
    worker.look("7-on-leave")


@pytest.mark.parametrize(("width", "language"), [(390, "zh-hans"), (1440, "en")])
def test_every_page_of_grids_reads_well(visitor, width, language):
    person = visitor(width, language).sign_in("dispatcher")
    for name, address in (
        ("coverage", "/grids/coverage/"),
        ("teams", "/grids/teams/"),
        ("team", f"/grids/teams/{COMMUNITY}/"),
        ("grid-team", f"/grids/teams/{EAST}/"),
        ("borders", "/grids/borders/"),
        ("premises", "/grids/premises/import/"),
    ):
        person.go(address).look(name)
    editor(person)
    person.look("editor")
    worker = visitor(width, language).sign_in("worker")
    for name, address in (
        ("visits", "/grids/visits/"), ("made", "/grids/visits/made/"),
        ("standing", "/grids/visits/standing/"), ("duty", "/grids/duty/"),
    ):  # fmt: skip
        worker.go(address).look(name)
    worker.go("/my-grid/?lon=114.205&lat=22.81").look("my-grid")
