"""Documents: what they point to exists, both languages have the same guides, pictures are small."""

import re
from pathlib import Path

import pytest

from portal.open_data import SETS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
TARGET = re.compile(r"\]\(([^)#\s]+)")
ELSEWHERE = ("http://", "https://", "mailto:")
MOST_BYTES = 120_000


def _targets(page):
    """Files that a page points to, relative to its folder."""
    found = TARGET.findall(page.read_text(encoding="utf-8"))
    return [target for target in found if not target.startswith(ELSEWHERE)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_picture_of_a_page_exists(page):
    lost = [target for target in _targets(page) if not (page.parent / target).exists()]
    assert lost == []


def test_every_guide_is_written_in_both_languages():
    chinese, english = (
        {page.name for page in (DOCS / "guides" / one).iterdir()} for one in ("zh", "en")
    )
    assert chinese == english


def test_every_guide_and_page_stands_in_the_index():
    index = {(DOCS / target).resolve() for target in _targets(DOCS / "README.md")}
    pages = {page for page in DOCS.rglob("*.md") if page.parent.name != "adr"}
    assert pages - index == {DOCS / "README.md"}


def test_every_picture_is_shown_somewhere_and_small():
    shown = {(page.parent / target).resolve() for page in PAGES for target in _targets(page)}
    pictures = set((DOCS / "images").iterdir())
    assert pictures - shown == set()
    assert [one.name for one in pictures if one.stat().st_size > MOST_BYTES] == []


def test_every_column_of_the_open_data_is_explained():
    written = (DOCS / "open-data.md").read_text(encoding="utf-8")
    lost = [
        f"{one.key}.{column.name}"
        for one in SETS
        for column in one.columns
        if f"| `{column.name}` | {column.kind} |" not in written.partition(f"## `{one.key}`")[2]
    ]
    assert lost == []
