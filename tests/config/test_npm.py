from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from config.npm import NpmFinder


@pytest.fixture
def finder(tmp_path, settings):
    for name in ("a/dist/a.js", "a/dist/a.js.map", "a/dist/b.js", "a/index.js"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    settings.NODE_MODULES = tmp_path
    settings.NPM_FILES = ["a/dist/a.js", "a/dist/b.js"]
    return NpmFinder()


def test_only_named_files_and_their_maps_are_listed(finder):
    names = [name for name, _storage in finder.list(None)]
    assert names == ["a/dist/a.js", "a/dist/a.js.map", "a/dist/b.js"]


def test_named_files_are_found_below_npm(finder, tmp_path):
    assert finder.find("npm/a/dist/a.js") == str(tmp_path / "a/dist/a.js")
    assert finder.find("npm/a/dist/a.js", find_all=True) == [str(tmp_path / "a/dist/a.js")]


@pytest.mark.parametrize("path", ["npm/a/index.js", "a/dist/a.js", "npm/../secret"])
def test_nothing_else_is_found(finder, path):
    assert finder.find(path) == []


def test_a_missing_file_is_named_by_the_checks(finder, settings):
    settings.NPM_FILES = ["a/dist/a.js", "gone.js"]
    assert [warning.msg.rpartition(": ")[2] for warning in finder.check()] == ["gone.js"]


def test_every_named_file_is_installed(settings):
    missing = [
        name for name in settings.NPM_FILES if not Path(finders.find(f"npm/{name}")).is_file()
    ]
    assert missing == []
