"""A person at a browser: goes somewhere, does something, looks at every page they come to.

`make e2e` keeps a picture of every page that a failed journey ended on, below `var/screenshots`;
`SCREENSHOTS=1 make e2e` one of every page that anybody looks at.
"""

import os
import re
from pathlib import Path

import pytest
from django.utils import translation
from playwright.sync_api import expect

from tests.e2e.town import CENTRE
from tests.factories import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = ROOT / "var" / "screenshots"
# A refused form; a question that a newer one has overtaken.
MEANT = re.compile("422|htmx:sendAbort|htmx:afterRequest")
EVERY_PAGE = "SCREENSHOTS" in os.environ
ROUTED_WITHIN = 5_000  # milliseconds
SHORT, LONGEST = 40, 10_000  # milliseconds between two looks at what is under way, and in all


class Visitor:
    """`say` gives an English message in the language of this visitor's pages.

    `sessions`: keys of sessions of those who need not sign in by the form, by name.
    """

    def __init__(self, browser, site, *, width, language, journey, sessions):
        self.site, self.width, self.language = site, width, language
        self.sessions, self.under_way = sessions, set()
        self.shots = SCREENSHOTS / journey / f"{width}-{language}"
        self.context = browser.new_context(
            viewport={"width": width, "height": 844 if width < 500 else 900},
            has_touch=width < 500,
            geolocation=CENTRE,
            permissions=["geolocation"],
        )
        self.context.add_cookies([{"name": "django_language", "value": language, "url": site}])
        self.context.on("request", self._begins)
        for end in ("requestfinished", "requestfailed"):
            self.context.on(end, self._ends)
        self.page = self.context.new_page()
        self.faults = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._listen)

    def _begins(self, request):
        self.under_way.add(request)

    def _ends(self, request):
        self.under_way.discard(request)

    def _listen(self, message):
        """The content policy and missing files speak here."""
        if message.type == "error" and not MEANT.search(message.text):
            self.faults.append(message.text)

    def say(self, message, context=None):
        with translation.override(self.language):
            if context:
                return translation.pgettext(context, message)
            return translation.gettext(message)

    def go(self, path):
        answer = self.page.goto(self.site + path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return self

    def sign_in(self, name):
        """With a session of an earlier time, if the site still knows one; else by the form."""
        if key := self.sessions.get(name):
            cookie = {"name": "sessionid", "value": key, "url": self.site}
            self.context.add_cookies([cookie])
            self.go("/sign-in/")  # whoever is in already is led on
            if "/sign-in/" not in self.page.url:
                return self
        return self.sign_in_by_the_form(name)

    def sign_in_by_the_form(self, name):
        self.go("/sign-in/")
        self.page.locator("[name=username]").fill(name)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.locator("form:has([name=password]) [type=submit]").click()
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)
        return self

    def make(self, name):
        """Open the form of a move, or make it where one press is enough."""
        hidden = self.page.locator(f"details.pop:not([open]) [href$='/{name}/']")
        if hidden.count():
            more = self.page.locator("details.pop:not([open]) > summary")
            more.filter(has_text=self.say("More")).click()
        link = self.page.locator(f".page-actions a[href$='/{name}/']")
        button = self.page.locator(f".page-actions form[action$='/{name}/'] button")
        link.or_(button).first.click()
        return self.settle()

    def fill(self, **values):
        for name, value in values.items():
            self.page.locator(f"#move-form [name={name}]").fill(value)
        return self

    def tick(self, name, value=None):
        """Tick a box, or choose one of several answers."""
        which = f"[name={name}]" if value is None else f"[name={name}][value='{value}']"
        self.page.locator(f"#move-form {which}").check()
        return self

    def choose(self, **values):
        """Choose in lists by what they show."""
        for name, label in values.items():
            self.page.locator(f"#move-form [name={name}]").select_option(label=label)
        return self

    def send(self):
        self.page.locator("#move-form [type=submit]").click()
        expect(self.page.locator("#move-form")).to_have_count(0)
        return self

    def state(self):
        return self.page.locator(".standing .state").first.inner_text().strip()

    def look(self, name):
        """No scrolling sideways, no fault, nothing against axe."""
        self.settle()
        if EVERY_PAGE:
            self.take_picture(name)
        scrolls = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not self.page.evaluate(scrolls), f"{name} scrolls sideways"
        assert not self.faults, f"{name}: {self.faults}"
        objections = self.violations()
        assert not objections, f"{name}: {objections}"
        return self

    def settle(self):
        """Everything that the page has asked for has come."""
        self.page.wait_for_load_state()
        for _again in range(LONGEST // SHORT):
            self.page.wait_for_timeout(SHORT)
            if not self.under_way:
                break
        return self

    def take_picture(self, name):
        self.shots.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=self.shots / f"{name}.png", full_page=True)

    def violations(self):
        if not AXE.is_file():
            pytest.fail("axe-core is missing: `make setup` installs it into node_modules.")
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        return self.page.evaluate(
            """() => axe.run().then((found) => found.violations.map((one) =>
                 `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 200)).join(" | ")}`))"""
        )
