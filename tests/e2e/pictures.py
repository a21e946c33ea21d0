"""`make pictures`: the pictures of the guides, taken in the demo town, small enough to keep.

`python -m tests.e2e.pictures http://127.0.0.1:8000` takes them from a site that runs already.
"""

import io
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.e2e.conftest import chromium
from tests.processes import ask, free_port, running, wait_until

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
DESK, PHONE = 1440, 390
MOST_BYTES = 120_000
CHINESE, ENGLISH = "zh-hans", "en"
FIRST = "a[data-beside]"


class Album:
    """Signs people in, shows a page, keeps what matters of it."""

    def __init__(self, browser, site):
        from portal.demo.accounts import PASSWORD

        self.browser, self.site, self.password = browser, site, PASSWORD

    def open(self, path, *, who="", width=DESK, language=CHINESE):
        context = self.browser.new_context(
            viewport={"width": width, "height": 844 if width == PHONE else 900},
            has_touch=width == PHONE,
            geolocation={"longitude": 113.99, "latitude": 22.87},
            permissions=["geolocation"],
        )
        cookie = {"name": "django_language", "value": language, "url": self.site}
        context.add_cookies([cookie])
        page = context.new_page()
        if who:
            page.goto(f"{self.site}/sign-in/")
            page.fill("[name=username]", who)
            page.fill("[name=password]", self.password)
            page.click("form:has([name=password]) [type=submit]")
            page.wait_for_url(lambda url: "/sign-in/" not in url)
        page.goto(self.site + path)
        return page

    def keep(self, page, name, *, height):
        """The first `height` pixels of the page, in few colours."""
        page.set_viewport_size({"width": page.viewport_size["width"], "height": height})
        page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(600)
        shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        for colours in (256, 128, 64, 32):
            small = shot.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=0)
            small.save(IMAGES / f"{name}.png", optimize=True)
            if (IMAGES / f"{name}.png").stat().st_size <= MOST_BYTES:
                break
        page.context.close()


def first_case(page, words=""):
    """Open the first case of a list, or the first that shows `words`."""
    rows = page.locator("main li", has_text=words) if words else page.locator("main")
    page.goto(page.url.split("/cases/")[0] + rows.locator(FIRST).first.get_attribute("href"))
    return page


def of_residents(album):
    album.keep(album.open("/"), "home", height=900)
    page = album.open("/report/", width=PHONE)
    page.fill("[name=text]", "梅塘小学门口的井盖松动，车一过就响，晚上看不见。")
    album.keep(page, "report", height=844)
    page = album.open("/published/?state=done")
    page.locator("main .rows a").first.click()
    page.wait_for_load_state()
    album.keep(page, "published", height=900)


def of_workers(album):
    page = album.open("/cases/new/", who="gridworker", width=PHONE)
    page.locator("#log-here").click()
    page.locator("#place .found-place").wait_for()
    page.fill("[name=text]", "路口的井盖松动，车一过就响。")
    page.locator("[name=typed]").press_sequentially("jg", delay=30)
    page.locator("#categories label").first.wait_for()
    album.keep(page, "log", height=1480)
    album.keep(album.open("/cases/tasks/", who="handler", width=PHONE), "tasks", height=844)
    page = album.open("/field/", who="gridworker", width=PHONE)
    page.locator("#field-due a").first.click()
    page.locator("[data-check-in]").click()
    page.locator("#visit-form [data-position]:not(:empty)").wait_for()
    album.keep(page, "visit", height=1000)
    album.keep(album.open("/grids/visits/", who="gridworker"), "route", height=760)


def of_the_centre(album):
    page = album.open("/cases/queue/acceptance/", who="clerk")
    page.locator(FIRST).first.click()
    page.locator("#beside article").wait_for()
    album.keep(page, "acceptance", height=900)
    page = first_case(album.open("/cases/queue/dispatch/", who="dispatcher"), "地点不确定")
    album.keep(page, "dispatch", height=620)
    page = first_case(album.open("/cases/queue/verifier/", who="verifier"))
    page.locator(".page-actions a[href$='/pass/']").first.click()
    page.locator("#move-form").wait_for()
    album.keep(page, "check", height=760)


def of_departments(album):
    album.keep(album.open("/cases/department/", who="head"), "department", height=1100)
    page = first_case(album.open("/cases/tasks/", who="handler", language=ENGLISH))
    album.keep(page, "overview", height=1560)


def of_committee_and_money(album):
    page = first_case(album.open("/cases/queue/committee/", who="committee"))
    album.keep(page, "settle", height=620)
    page = album.open("/funding/", who="head")
    page.locator("main .rows a, main .row-link").first.click()
    page.wait_for_load_state()
    album.keep(page, "line", height=760)


def of_administrators(album):
    album.keep(album.open("/catalogue/", who="sysadmin"), "catalogues", height=900)


def take(site):
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        album = Album(browser, site)
        for part in (
            of_residents,
            of_workers,
            of_the_centre,
            of_departments,
            of_committee_and_money,
            of_administrators,
        ):
            part(album)
        browser.close()


def demo_site(stack):
    """A demo town of its own, as `make run` shows it; gone when the stack closes."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    env = {**os.environ, "GONGZHI_VAR": str(folder)}
    port = free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    stack.enter_context(running(command, env=env, cwd=ROOT, log=folder / "serve.log"))
    site = f"http://127.0.0.1:{port}"
    wait_until(lambda: ask(f"{site}/readyz")[0] == 200, seconds=180, what=lambda: "no site")
    return site


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    with ExitStack() as stack:
        take(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else demo_site(stack))
