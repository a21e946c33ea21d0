"""A person at a browser: goes somewhere, does something, looks at every page they come to."""

from pathlib import Path

import pytest
from django.utils import translation
from playwright.sync_api import expect

from tests.e2e.town import CENTRE, PASSWORD

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = ROOT / "var" / "screenshots"
ROUTED_WITHIN = 5_000  # milliseconds


class Visitor:
    """`say` gives an English message in the language of this visitor's pages."""

    def __init__(self, browser, site, *, width, language, journey):
        self.site, self.width, self.language = site, width, language
        self.shots = SCREENSHOTS / journey / f"{width}-{language}"
        self.shots.mkdir(parents=True, exist_ok=True)
        self.context = browser.new_context(
            viewport={"width": width, "height": 844 if width < 500 else 900},
            has_touch=width < 500,
            geolocation=CENTRE,
            permissions=["geolocation"],
        )
        self.context.add_cookies([{"name": "django_language", "value": language, "url": site}])
        self.page = self.context.new_page()
        self.faults = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._listen)

    def _listen(self, message):
        """The content policy and missing files speak here; a refused form (422) is meant."""
        if message.type == "error" and "422" not in message.text:
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
        return self

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
        """A picture for the record; no scrolling sideways, no fault, nothing against axe."""
        self.page.wait_for_load_state("networkidle")
        self.page.screenshot(path=self.shots / f"{name}.png", full_page=True)
        scrolls = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not self.page.evaluate(scrolls), f"{name} scrolls sideways"
        assert not self.faults, f"{name}: {self.faults}"
        objections = self.violations()
        assert not objections, f"{name}: {objections}"
        return self

    def violations(self):
        if not AXE.is_file():
            pytest.fail("axe-core is missing: `make setup` installs it into node_modules.")
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        return self.page.evaluate(
            """() => axe.run().then((found) => found.violations.map((one) =>
                 `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 200)).join(" | ")}`))"""
        )
