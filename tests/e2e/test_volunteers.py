"""From registering over the waiting list to a place; who may not come, and why."""

import pytest
from playwright.sync_api import expect

from tests.e2e.volunteering import (
    ORGANIZER,
    become,
    clock,
    fill,
    press,
    publish,
    register,
    send,
    sign_up,
    soon,
    volunteer,
)

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]
DESK, PHONE = 1440, 390


def test_from_registering_over_the_waiting_list_to_a_place(visitor, site_env):
    desk, phone = visitor(DESK, "zh-hans"), visitor(PHONE, "zh-hans")
    phone.go("/volunteers/").look("01-front-empty")
    phone.page.locator("main a[href='/volunteers/register/']").first.click()
    register(phone, "helper-ann", born="19900101", number=1).look("02-waits")
    become(desk, ORGANIZER).go("/volunteers/people/").look("03-people")
    desk.page.get_by_role("link", name="何安").click()
    desk.look("04-person")
    press(desk, "/confirm/")
    volunteer(phone, desk, "helper-bo", number=2)
    activity, shift = publish(
        desk, "陪老人聊天", starts=soon(days=2), ends=soon(days=2, hours=2), places=1
    )
    desk.look("05-published")
    sign_up(phone, "helper-bo", shift).look("06-has-a-place")
    become(phone, "helper-ann").go(f"/volunteers/activities/{activity}/").look("07-full")
    phone.page.locator(f"a[href='/volunteers/shifts/{shift}/sign-up/']").click()
    phone.look("08-waiting-list")
    send(phone).look("09-waits")
    become(desk, ORGANIZER).go(f"/volunteers/shifts/{shift}/").look("10-shift")
    become(phone, "helper-bo").go("/volunteers/mine/")
    phone.page.locator("a[href$='/cancel/']").click()
    fill(phone, reason="家里有事")
    clock("move_waiting_lists", site_env)
    become(phone, "helper-ann").go("/me/").look("11-my-page")
    phone.go("/volunteers/mine/").look("12-offered")
    press(phone, "/take/")
    phone.look("13-the-place-is-mine")
    expect(phone.page.locator("main .state").first).to_have_text(phone.say("Has a place"))


def test_a_minor_is_refused_without_a_guardian_and_accepted_with_one(visitor):
    desk, phone = visitor(DESK, "en"), visitor(PHONE, "en")
    register(phone, "helper-minor", born="20110101", number=3).look("1-guardian-missing")
    become(desk, ORGANIZER).go("/volunteers/people/?state=waiting")
    desk.page.get_by_role("link", name="张小宇").click()
    desk.page.locator("form[action$='/confirm/'] button").click()
    expect(desk.page.locator(".messages .tone-overdue, .messages .tone-asked")).to_contain_text(
        "guardian"
    )
    desk.look("2-refused")
    desk.page.locator("a[href$='/add/consent/']").click()
    fill(desk, name="张父", relation="Father or mother")
    press(desk, "/confirm/")
    desk.look("3-confirmed")
    _activity, shift = publish(
        desk, "整理图书", starts=soon(days=3), ends=soon(days=3, hours=2), places=3
    )
    sign_up(phone, "helper-minor", shift).look("4-has-a-place")


def test_dangerous_work_wants_insurance(visitor):
    desk, phone = visitor(DESK, "zh-hans"), visitor(PHONE, "zh-hans")
    # The people of the first journey are there; alone, this one makes its own.
    become(phone, "helper-bo").go("/volunteers/mine/")
    if phone.page.locator("main a[href='/volunteers/register/']").count():
        volunteer(phone, desk, "helper-bo", number=2)
    _activity, shift = publish(
        desk, "清理高处招牌", starts=soon(days=5), ends=soon(days=5, hours=2), places=2,
        danger="有危险：须有保险", risks="高处坠落", min_age="18",
    )  # fmt: skip
    become(phone, "helper-bo").go(f"/volunteers/shifts/{shift}/sign-up/")
    phone.page.locator("main form.sheet [type=submit]").click()
    expect(phone.page.locator("main [role=alert]")).to_contain_text("保险")
    phone.look("1-refused")
    become(desk, ORGANIZER).go("/volunteers/people/?q=李波")
    desk.page.locator("main .rows").get_by_role("link", name="李波").click()
    desk.page.locator("a[href$='/add/insurance/']").click()
    fill(
        desk, insurer="平安保险", policy="P-1", valid_from=soon(days=-1)[:10],
        valid_to=soon(days=90)[:10],
    )  # fmt: skip
    desk.look("2-insured")
    sign_up(phone, "helper-bo", shift).look("3-has-a-place")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_public_pages_on_both_widths(visitor, width):
    person = visitor(width, "en")
    for number, path in enumerate(("", "?look=calendar", "?look=map", "organisations/"), start=1):
        person.go(f"/volunteers/{path}").look(f"{number}-{width}")
