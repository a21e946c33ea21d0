"""A community with an organiser, a reviewer and people who want to help; helpers for journeys.

The organiser signs in as `ORGANIZER`, the reviewer as `SECRETARY`; residents with their name here.
`python -m tests.e2e.volunteering TASK` runs what the clock would start.
"""

import datetime
import json
import subprocess
import sys

from playwright.sync_api import expect

STAFF = ORGANIZER, SECRETARY = ("volunteer-organizer", "volunteer-secretary")
# Sign-in name → own name and mobile number; nobody is registered as a volunteer yet.
RESIDENTS = {
    "helper-ann": ("何安", "13610000001"),
    "helper-bo": ("李波", "13610000002"),
    "helper-minor": ("张小宇", "13610000003"),
}
TOPIC = {"zh-hans": "助老服务", "en": "Help for older people"}
COMMUNITY = {"zh-hans": "梅塘社区", "en": "Meitang"}
BODY = {"zh-hans": "梅塘社区居民委员会", "en": "Meitang committee"}


def make(town):
    """Called by `tests.e2e.town`."""
    from lib.roles import Role
    from tests.factories.grids import BodyTerritoryFactory
    from tests.factories.organizations import BodyFactory, PostFactory
    from tests.factories.residents import ResidentFactory
    from volunteers.models import Topic
    from volunteers.services.hours_reference import load_hours_rules, load_stars

    body = BodyFactory(community=True, name=BODY["zh-hans"], name_en=BODY["en"])
    BodyTerritoryFactory(body=body, territory=town.community)
    organizer = PostFactory(role=Role.VOLUNTEER_ORGANIZER, body=body).person
    secretary = PostFactory(role=Role.PARTY_SECRETARY, body=town.centre).person
    for person, name in zip((organizer, secretary), STAFF, strict=True):
        _let_in(person, name)
    for name, (own, phone) in RESIDENTS.items():
        _let_in(ResidentFactory(nickname=own, full_name=own, phone=phone), name)
    Topic.objects.create(code="elderly", name=TOPIC["zh-hans"], name_en=TOPIC["en"])
    from django.utils import timezone

    for load in (load_hours_rules, load_stars):
        load(by=town.system, at=timezone.now())


def _let_in(person, name):
    person.username = name
    person.save()


# -- What people do at their browsers -----------------------------------------------------------


def identity(born, number):
    """A valid identity number of somebody born on that day ("19900101")."""
    from lib.identifiers import resident_check

    first = f"441900{born}{number:03d}"
    return first + resident_check(first)


def become(person, name):
    """Another person at the same browser; residents come in by their own door."""
    from tests.factories import PASSWORD

    person.context.clear_cookies()
    cookie = {"name": "django_language", "value": person.language, "url": person.site}
    person.context.add_cookies([cookie])
    if name not in RESIDENTS:
        return person.sign_in(name)
    page = person.go("/account/enter/").page
    page.locator("details:has([name=password]) > summary").click()
    form = page.locator("form:has([name=password])")
    form.locator("[name=phone]").fill(RESIDENTS[name][1])
    form.locator("[name=password]").fill(PASSWORD)
    page.wait_for_load_state("networkidle")  # what still runs knows the session before this one
    form.locator("[type=submit]").click()
    page.wait_for_url(lambda url: "/enter/" not in url)
    return person


def send(person):
    """Send the form of the page; what comes next has no errors on it."""
    person.page.locator("main form.sheet [type=submit]").first.click()
    person.page.wait_for_load_state("networkidle")
    expect(person.page.locator("main [role=alert]")).to_have_count(0)
    return person


def fill(person, **values):
    """Fill and send the form of the page: text, a choice by its words, True ticks a box."""
    for name, value in values.items():
        field = person.page.locator(f"main form.sheet [name={name}]").first
        if value is True:
            field.check()
        elif field.evaluate("node => node.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    return send(person)


def press(person, ending, **named):
    """Press the button of the form whose address ends so; the page says that it is done."""
    forms = person.page.locator(f"main form[action$='{ending}']", **named)
    forms.locator("button").first.click()
    expect(person.page.locator(".messages .tone-done").first).to_be_visible()
    return person


def soon(**delta):
    """As a datetime-local field takes it."""
    at = datetime.datetime.now() + datetime.timedelta(**delta)  # noqa: DTZ005, TID251 -- the browser's clock
    return at.strftime("%Y-%m-%dT%H:%M")


def register(person, name, *, born, number):
    """A resident registers; the address of nothing is needed: it waits for review."""
    become(person, name).go("/volunteers/register/")
    fill(person, identity=identity(born, number), community=COMMUNITY[person.language], agreed=True)
    expect(person.page.locator("main h1")).to_have_text(person.say("My voluntary service"))
    return person


def confirm(desk, own_name):
    """The organiser confirms who waits under this name."""
    become(desk, ORGANIZER).go("/volunteers/people/?state=waiting")
    desk.page.get_by_role("link", name=own_name).click()
    return press(desk, "/confirm/")


def volunteer(person, desk, name, *, born="19900101", number=1):
    """Registered and confirmed."""
    register(person, name, born=born, number=number)
    return confirm(desk, RESIDENTS[name][0])


def publish(desk, title, *, starts, ends, places, **more):
    """An activity with one shift, made by the organiser, published by the secretary.

    `starts` and `ends` as `soon()` gives them. Answers (activity's key, shift's key).
    """
    become(desk, ORGANIZER).go("/volunteers/led/new/")
    words = {"title": title, "summary": f"{title}，欢迎参加。", "topic": TOPIC[desk.language],
             "community": COMMUNITY[desk.language], "body": BODY[desk.language],
             "address": "梅塘社区党群服务中心", "lon": "114.05", "lat": "22.85"}  # fmt: skip
    fill(desk, **{**words, **more})
    activity = desk.page.url.rstrip("/").split("/")[-1]
    desk.page.locator("a[href$='/shifts/new/']").click()
    fill(desk, starts_at=starts, ends_at=ends, places=str(places))
    shift = desk.page.locator("main a[href^='/volunteers/shifts/']").first
    key = shift.get_attribute("href").rstrip("/").split("/")[-1]
    press(desk, "/submit/")
    become(desk, SECRETARY).go(f"/volunteers/led/{activity}/")
    press(desk, "/publish/")
    return int(activity), int(key)


def sign_up(person, name, shift):
    """A place on the shift, or where it is full one on the waiting list."""
    become(person, name).go(f"/volunteers/shifts/{shift}/sign-up/")
    return send(person)


def clock(task, site_env):
    """Run a task of `volunteers.tasks` in the site's database, as the clock would."""
    from tests.e2e.visitor import ROOT

    env = site_env | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-m", "tests.e2e.volunteering", task]
    done = subprocess.run(command, env=env, cwd=ROOT, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def run(task):
    import django

    django.setup()
    from volunteers import tasks

    getattr(tasks, task)()
    print(json.dumps({"done": task}))


if __name__ == "__main__":
    run(sys.argv[1])
