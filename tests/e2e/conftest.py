"""The embedded installation as `make run` starts it (web, one worker, clock), and Chromium."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.e2e.town import SESSIONS
from tests.e2e.visitor import ROOT, Visitor
from tests.factories.cases import photo
from tests.processes import ask, free_port, running, wait_until

HOW_TO_GET_CHROMIUM = (
    "Chromium is missing. On Debian: apt-get install --no-install-recommends chromium "
    "fonts-noto-cjk. Elsewhere name any Chromium in the variable CHROMIUM."
)
KNOWN = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium():
    named = os.environ.get("CHROMIUM")
    found = (
        named
        if named and Path(named).exists()
        else next(filter(None, map(shutil.which, KNOWN)), None)
    )
    if found is None:
        pytest.exit(HOW_TO_GET_CHROMIUM, returncode=1)
    return found


@pytest.fixture(scope="session")
def browser_here():
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site_env(tmp_path_factory):
    """The environment of the site: SQLite and the broker's files lie in a folder of their own."""
    folder = tmp_path_factory.mktemp("site")
    own = (
        "GONGZHI_VAR",
        "DATABASE_URL",
        "CELERY_BROKER_URL",
        "MEDIA_ROOT",
        "DJANGO_SETTINGS_MODULE",
    )
    env = {name: value for name, value in os.environ.items() if name not in own}
    return env | {"GONGZHI_VAR": str(folder)}


@pytest.fixture(scope="session")
def site(site_env):
    """Its address."""
    env, folder = site_env, Path(site_env["GONGZHI_VAR"])
    subprocess.run([sys.executable, "-m", "tests.e2e.town"], env=env, cwd=ROOT, check=True)
    port, log = free_port(), folder / "serve.log"
    command = [sys.executable, "manage.py", "serve", "--empty", "--port", str(port)]
    address = f"http://127.0.0.1:{port}"
    with running(command, env=env, cwd=ROOT, log=log):
        wait_until(
            lambda: ask(f"{address}/readyz")[0] == 200,
            seconds=90,
            what=lambda: log.read_text()[-3000:],
        )
        yield address


@pytest.fixture(scope="session")
def sessions(site, site_env):
    """Keys by name: most journeys need not begin at the door."""
    return json.loads(Path(site_env["GONGZHI_VAR"], SESSIONS).read_text(encoding="utf-8"))


@pytest.fixture
def visitor(browser_here, site, sessions, request):
    """`visitor(width, language)`: a person with a browser of their own."""
    about = {"journey": request.node.originalname.removeprefix("test_"), "sessions": sessions}
    people, failed = [], request.session.testsfailed

    def come(width, language):
        people.append(Visitor(browser_here, site, width=width, language=language, **about))
        return people[-1]

    yield come
    for number, person in enumerate(people, 1):
        if request.session.testsfailed > failed and not person.page.is_closed():
            person.take_picture(f"failed-{number}")
        person.context.close()


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "cover.jpg"
    path.write_bytes(photo("teal", (640, 480)).read())
    return path
