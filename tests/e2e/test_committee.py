"""A meeting from what waits to a task that the next one confirms; a gap of party work mended."""

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]
TITLE = "第四季度支部党员大会"


def become(person, name):
    """Another person at the same browser."""
    person.context.clear_cookies()
    cookie = {"name": "django_language", "value": person.language, "url": person.site}
    person.context.add_cookies([cookie])
    return person.sign_in(name)


def day(days):
    return f"{timezone.localtime() + datetime.timedelta(days=days):%Y-%m-%d}"


def send(person):
    person.page.locator("form.sheet [type=submit]").first.click()
    person.page.wait_for_load_state("networkidle")
    expect(person.page.locator("form [role=alert]")).to_have_count(0)


def press(person, ending):
    """The first button of a form whose address ends like this; the page says that it is done."""
    person.page.locator(f"form[action$='{ending}'] button").first.click()
    expect(person.page.locator(".messages .tone-done").first).to_be_visible()


def plan(desk, title):
    """By the secretary, for a minute from now; the path of the meeting."""
    page = desk.go("/committee/bodies/").look("1-bodies").page
    page.locator("main table a", has_text="梅塘第一网格党支部").click()
    desk.look("2-body")
    page.locator("a[href$='/meetings/new/']").click()
    start = timezone.localtime() + datetime.timedelta(minutes=1)
    page.locator("[name=kind]").select_option(index=1)
    page.locator("[name=title]").fill(title)
    page.locator("[name=starts_at]").fill(f"{start:%Y-%m-%dT%H:%M}")
    page.locator("[name=ends_at]").fill(f"{start + datetime.timedelta(hours=1):%Y-%m-%dT%H:%M}")
    page.locator("[name=place]").fill("党群服务中心二楼")
    page.locator("[name=chair]").fill("branch-secretary")
    page.locator("[name=recorder]").press_sequentially("branch-cl")
    expect(page.locator("#id_recorder_options option").first).to_have_count(1)
    page.locator("[name=recorder]").fill("branch-clerk")
    desk.look("3-plan")
    send(desk)
    page.wait_for_url(re.compile(r"/meetings/\d+/$"))
    return page.url.removeprefix(desk.site)


def agenda(desk, path):
    """What waits, and a point of their own."""
    page = desk.go(f"{path}agenda/").look("4-what-waits").page
    page.locator("form:has([name=matter]) button").first.click()
    expect(page.locator(".messages .tone-done").first).to_be_visible()
    page.locator("[name=title]").fill("整治梅塘路占道经营")
    send(desk)
    expect(page.locator("ol.rows > li")).to_have_count(2)
    desk.look("5-agenda")
    page.goto(desk.site + path)


def attend(desk, phone, path):
    """One notes herself on the phone, the secretary notes the others; then it is opened."""
    phone.go(path).look("1-called")
    press(phone, "/here/")
    phone.look("2-here")
    desk.go(path)
    for _other in range(2):
        press(desk, "/here/")
    press(desk, "/open/")


def vote(desk, phone, path):
    page = become(desk, "branch-clerk").go(path).look("6-sitting").page
    page.locator("article.point", has_text="占道").locator("a[href$='/vote/']").click()
    page.locator("[name=motion]").fill("同意12月底前完成整治。")
    send(desk)
    phone.go(path).look("3-vote")
    phone.page.locator("form[action*='/voice/'] button[value=for]").first.click()
    expect(phone.page.locator(".messages .tone-done").first).to_be_visible()
    desk.go(path)
    while page.locator(".hands form").count():
        page.locator(".hands form button[value=for]").first.click()
        expect(page.locator(".messages .tone-done").first).to_be_visible()
    desk.look("7-hands")
    press(desk, "/count/")


def decide_and_give(desk):
    """The decision in words, a task out of it; the path of the task."""
    page = desk.page
    page.locator("a[href$='/decide/']").click()
    page.locator("[name=text]").fill("会议决定开展占道经营整治。")
    page.locator("[name=basis]").fill("支部工作条例第十一条")
    send(desk)
    page.locator("a[href$='/tasks/new/']").click()
    page.locator("[name=verb][value=advance]").check()
    page.locator("[name=measure]").fill("复查时无占道摊档")
    page.locator("[name=due_on]").fill(day(20))
    page.locator("[name=body]").fill("branch-office")
    desk.look("8-task-form")
    send(desk)
    page.wait_for_url(re.compile(r"/tasks/\d+/$"))
    desk.look("9-task")
    return page.url.removeprefix(desk.site)


def close(desk, path):
    page = desk.go(path).page
    press(desk, "/noted/")
    page.locator("a[href$='/minutes/']").click()
    page.locator("[name=text]").fill("应到5人，实到3人，符合规定。会议通过整治方案。")
    send(desk)
    become(desk, "branch-secretary").go(path)
    press(desk, "/close/")
    press(desk, "/confirm/")
    desk.look("10-confirmed")


def publish(desk):
    page = desk.page
    page.locator("a[href$='/publish/']").click()
    page.locator("[name=title]").fill("整治占道经营")
    page.locator("[name=text]").fill("会议决定12月底前完成梅塘路占道经营整治。")
    send(desk)


def work(phone, path, picture):
    page = become(phone, "branch-head").go(path).look("4-task").page
    press(phone, "/accept/")
    page.locator("a[href$='/progress/']").click()
    page.locator("[name=percent]").fill("100")
    page.locator("[name=text]").fill("已劝导清理十二处摊档。")
    page.locator("[name=proofs]").set_input_files(picture)
    phone.look("5-progress")
    send(phone)
    press(phone, "/report/")
    phone.look("6-reported")


def confirm_next_time(desk, phone, task):
    """The task stands on the next agenda by itself, and the meeting confirms it."""
    path = plan(desk, "第二次会议")
    expect(desk.page.locator("article.point a", has_text="T0")).to_be_visible()
    press(desk, "/call/")
    attend(desk, become(phone, "branch-member"), path)
    page = desk.go(task).page
    expect(page.locator(".notice", has_text="第二次会议")).to_be_visible()
    press(desk, "/confirm/")
    expect(page.locator("main")).to_contain_text("已确认办结")
    desk.look("11-done")
    desk.go(path).look("12-next-meeting")


def test_a_meeting_decides_what_waits_and_the_next_one_confirms_what_was_done(visitor, picture):
    desk, phone = visitor(1440, "zh-hans"), visitor(390, "zh-hans")
    stranger = visitor(390, "en")
    become(desk, "branch-secretary").go("/committee/").look("0-overview")
    path = plan(desk, TITLE)
    agenda(desk, path)
    press(desk, "/call/")
    become(phone, "branch-member").go("/committee/meetings/").look("0-meetings")
    attend(desk, phone, path)
    vote(desk, phone, path)
    task = decide_and_give(desk)
    close(desk, path)
    publish(desk)
    work(phone, task, picture)
    become(desk, "branch-secretary")
    desk.go("/committee/tasks/?show=reported").look("10-tasks")
    confirm_next_time(desk, phone, task)
    page = stranger.go("/committee/published/").look("1-published").page
    expect(page.locator("main")).to_contain_text("会议决定12月底前完成梅塘路占道经营整治。")
    assert "branch-secretary" not in page.content()
    hidden = stranger.page.request.get(stranger.site + path)
    assert "整治" not in hidden.text()
    for verb in ("plan", "advance", "coordinate", "mobilise"):
        desk.go(f"/committee/verbs/{verb}/").look(f"13-{verb}")
    become(phone, "branch-secretary").go("/committee/").look("7-overview")
    phone.go("/committee/meetings/?look=calendar").look("8-month")
    desk.go("/committee/meetings/?look=calendar").look("14-month")
    assert [one.faults for one in (desk, phone, stranger)] == [[], [], []]


def register(phone):
    """An enterprise with four members; a code that is none is refused. The path of its page."""
    phone.sign_in("branch-worker").go("/committee/two-new/").look("1-empty")
    page = phone.page
    page.locator("a[href$='/register/new/']").click()
    page.locator("[name=name]").fill("东莞市梅塘电子有限公司")
    page.locator("[name=uscc]").fill("91441900000000001A")
    page.locator("[name=community]").select_option(index=1)
    page.locator("[name=staff]").fill("60")
    page.locator("[name=party_members]").fill("4")
    page.locator("form.sheet [type=submit]").click()
    expect(page.locator("form [role=alert]")).to_be_visible()
    phone.look("2-wrong-code")
    page.locator("[name=uscc]").fill("91110000600037341L")
    send(phone)
    page.wait_for_url(re.compile(r"/two-new/\d+/$"))
    phone.look("3-gap")
    return page.url.removeprefix(phone.site)


def set_up(desk):
    desk.sign_in("branch-above").go("/committee/two-new/").look("1-gaps")
    expect(desk.page.locator("#gaps")).to_contain_text("Needs a branch of its own")
    desk.page.locator("#gaps a.row-link").first.click()
    desk.page.locator("a[href$='/setup/']").click()
    desk.page.locator("[name=form][value=own]").check()
    desk.page.locator("[name=branch]").fill("梅塘电子有限公司党支部")
    desk.look("2-setup")
    send(desk)
    expect(desk.page.locator(".notice")).to_contain_text("in form only")


def test_a_gap_of_party_work_is_found_and_mended(visitor):
    phone, desk = visitor(390, "zh-hans"), visitor(1440, "en")
    path = register(phone)
    set_up(desk)
    page = phone.go(path).page
    page.locator("a[href$='/activity/']").click()
    page.locator("[name=title]").fill("主题党日")
    page.locator("[name=attended]").fill("18")
    send(phone)
    expect(page.locator(".notice.tone-done")).to_be_visible()
    phone.look("4-mended")
    desk.go("/committee/two-new/").look("3-covered")
    expect(desk.page.locator("#gaps")).to_contain_text("No gap")
    desk.go("/committee/two-new/register/").look("4-register")
    assert phone.faults == desk.faults == []
