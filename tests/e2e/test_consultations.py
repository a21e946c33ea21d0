"""A consultation from topic to objection: too early is refused, an objection opens it again."""

import pytest
from playwright.sync_api import expect

from tests.e2e.deliberation import aged, gone_on

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
DESK, PHONE = 1440, 390
HOME = "梅塘社区"  # of tests.e2e.town


def become(person, name):
    person.context.clear_cookies()
    cookie = {"name": "django_language", "value": person.language, "url": person.site}
    person.context.add_cookies([cookie])
    return person.sign_in(name) if name else person


def fill(person, form="#consultation-form", **values):
    """Fill a form of the desk or of the public, send it, and see it gone."""
    for name, value in values.items():
        field = person.page.locator(f"{form} [name={name}]")
        if field.first.get_attribute("type") in {"radio", "checkbox"}:
            person.page.locator(f"{form} [name={name}][value='{value}']").check()
        elif field.first.evaluate("node => node.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    person.page.locator(f"{form} [type=submit]").click()
    expect(person.page.locator(f"{form} [role=alert]")).to_have_count(0)
    return person


def number_in(person):
    return person.page.url.rstrip("/").split("/")[-1]


def propose(phone):
    """A stranger proposes a topic; number and code stand on the page."""
    page = phone.go("/consultations/topics/new/").page
    home = page.locator("[name=community] option", has_text=HOME)
    page.locator("[name=community]").select_option(home.first.get_attribute("value"))
    phone.look("01-propose")
    fill(
        phone, "#send-form", title="小区车位重新划线", text="晚上没有地方停，通道也被占。",
        contact_name="梁秀英", contact_phone="13812345678",
    )  # fmt: skip
    phone.look("02-received")
    number = page.locator(".receipt-number").inner_text().strip()
    return number, page.locator(".receipt-code").inner_text().strip()


def screen(desk, number):
    """The worker screens it with a reason, the party organisation passes it."""
    page = become(desk, "talk-worker").go(f"/consultation/topics/{number}/").page
    desk.look("03-topic")
    page.locator("a[href$='/screen/']").click()
    page.locator("[name=matter]").select_option(index=1)
    desk.look("04-screen")
    fill(desk, reason="属于公共设施，多户反映")
    page = become(desk, "talk-secretary").go(f"/consultation/topics/{number}/").page
    page.locator("a[href$='/admit/']").click()
    fill(desk, reason="列入协商清单")


def follow(phone, number, code):
    page = phone.go("/consultations/follow/").page
    fill(phone, "#follow-form", number=number, code=code)
    expect(page.locator("#found")).to_contain_text("列入协商清单")
    phone.look("05-followed")


def begin(desk, number):
    """The host takes it up as a council; its number."""
    page = become(desk, "talk-host").go(f"/consultation/new/?topic={number}").page
    page.get_by_label("居民议事会").first.check()
    desk.look("06-new")
    fill(desk)
    number = number_in(desk)
    page.locator("form[action$='/do/start/'] button").click()
    expect(page.locator(".messages .tone-done").first).to_be_visible()
    return number


def publish(desk, number, kind, text):
    page = desk.go(f"/consultation/{number}/publications/new/").page
    fill(desk, kind=kind, title=f"车位划线{kind}", text=text)
    assert "13812345678" not in page.locator("#release-form").inner_text()
    desk.look(f"07-release-{kind}")
    page.locator("#release-form [type=submit]").click()
    expect(page.locator("[role=alert]").first).to_be_visible()  # nobody has confirmed it yet
    page.locator("[name=confirmed]").check()
    page.locator("#release-form [type=submit]").click()
    expect(page.locator(".messages .tone-done").first).to_be_visible()


def pass_stage(desk, number):
    become(desk, "talk-secretary").go(f"/consultation/{number}/ask/review/")
    fill(desk, passed="yes", reason="程序合规")
    become(desk, "talk-host")


def press_next(desk, number):
    desk.go(f"/consultation/{number}/")
    desk.page.locator("form[action$='/do/advance/'] button").click()
    desk.page.wait_for_load_state()
    return desk.page.locator(".messages").inner_text()


def test_too_early_a_step_is_refused_and_an_objection_opens_the_matter_again(visitor, site_env):
    phone, desk = visitor(PHONE, "zh-hans"), visitor(DESK, "zh-hans")
    topic, code = propose(phone)
    screen(desk, topic)
    follow(phone, topic, code)
    number = begin(desk, topic)
    publish(desk, number, "notice", "请居民到会。联系 13812345678。")
    publish(desk, number, "materials", "现有车位 86 个。")
    pass_stage(desk, number)
    assert "5" in press_next(desk, number)  # the days that the notice must stand
    desk.look("08-too-early")
    aged(site_env, number, days=6)
    press_next(desk, number)
    expect(desk.page.locator("main")).to_contain_text("听取意见")
    phone.go(f"/consultations/{number}/").look("09-public")
    assert gone_on(site_env, number, "result") == "result"
    publish(desk, number, "result", "同意划线。")
    page = phone.go(f"/consultations/{number}/").page
    page.locator(f"a[href='/consultations/{number}/object/']").first.click()
    fill(phone, "#send-form", text="没有通知到我们这一栋，请重新听取意见。", contact_name="梁秀英")
    phone.look("10-objected")
    desk.go(f"/consultation/{number}/objections/").look("11-objections")
    desk.page.locator("a[href$='/uphold/']").click()
    fill(
        desk, public_text="没有通知到某一栋。", answer="补充听取该栋意见。", key="opinions",
    )  # fmt: skip
    page = phone.go(f"/consultations/{number}/").page
    expect(page.locator("main")).to_contain_text("补充听取该栋意见")
    assert "梁秀英" not in page.content()
    phone.look("12-reopened")


def test_the_notice_board_the_list_and_the_desk_are_fit_to_use(visitor, site_env):
    phone, desk = visitor(PHONE, "zh-hans"), visitor(DESK, "en")
    page = phone.go("/consultations/topics/new/").page
    code = page.locator("[name=community] option").nth(1).get_attribute("value")
    for width in (phone, desk):
        width.go(f"/consultations/board/{code}/").look("1-board")
        width.go(f"/consultations/board/{code}/list/").look("2-list")
        width.go("/consultations/topics/").look("3-topics")
        width.go("/consultations/verify/").look("4-verify")
        width.go("/consultations/follow/").look("5-follow")
    become(desk, "talk-host")
    for name, path in (
        ("6-list", "/consultation/"), ("7-topics", "/consultation/topics/"),
        ("8-due", "/consultation/board/"), ("9-new", "/consultation/new/"),
    ):  # fmt: skip
        desk.go(path).look(name)
