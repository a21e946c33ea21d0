"""The catalogues of translations: compiled, brought up to date and checked without gettext's tools.

An app's catalogue holds the messages of its Python and of `templates/<app>/`; the top-level one
those of the shared templates. `python -m config.translations compile|update|check`.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from config.own_apps import OWN_APPS as APPS

ROOT = Path(__file__).resolve().parent.parent
SHARED = "shared"  # the templates at the top
LANGUAGE = "zh_Hans"
NAMED_BY_DJANGO = {"registration": "organizations"}  # folders of templates
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")

# Without dates and names: two people who add messages should not have to merge a header.
HEADER = f"""\
msgid ""
msgstr ""
"Language: {LANGUAGE}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""

Key = tuple[str, str | None]  # message, context


class Found(NamedTuple):
    """A message where it stands in the source."""

    owner: str
    place: str
    message: str | tuple[str, ...]
    context: str | None

    @property
    def key(self) -> Key:
        message = self.message if isinstance(self.message, str) else self.message[0]
        return message, self.context


def catalogues(root: Path = ROOT) -> list[Path]:
    return sorted([*root.glob("*/locale/*/LC_MESSAGES/django.po"), *root.glob("locale/*/*/*.po")])


def catalogue_of(owner: str) -> Path:
    folder = ROOT / owner if owner in APPS else ROOT
    return folder / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def compile_stale() -> int:
    """Write the `.mo` file of every catalogue that is newer than its own; return how many."""
    count = 0
    for source in catalogues():
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file, compiled.open("wb") as target:
            write_mo(target, read_po(file, locale=source.parts[-3]))
        count += 1
    return count


def _sources() -> Iterator[tuple[str, Path]]:
    for owner in APPS:
        for path in sorted((ROOT / owner).rglob("*.py")):
            if "migrations" not in path.parts:
                yield owner, path
    for path in sorted((ROOT / "templates").rglob("*.*")):
        if path.suffix in {".html", ".txt"}:
            first = path.relative_to(ROOT / "templates").parts[0]
            owner = NAMED_BY_DJANGO.get(first, first)
            yield owner if owner in APPS else SHARED, path


def _python_of(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    # Inside brackets the indentation that is left of a template does not matter to the tokenizer.
    return text if path.suffix == ".py" else f"({templatize(text, origin=str(path))}\n)"


def messages() -> Iterator[Found]:
    """Every message of the source, with the app whose catalogue should hold it."""
    for owner, path in _sources():
        source = io.BytesIO(_python_of(path).encode())
        for line, message, _, context in extract("python", source, keywords=KEYWORDS):
            place = f"{path.relative_to(ROOT)}:{line}"
            yield Found(owner, place, message, context)


def _read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale=LANGUAGE, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def _is_complete(entry: Message) -> bool:
    return all(entry.string) if isinstance(entry.string, (list, tuple)) else bool(entry.string)


def _is_faithful(entry: Message) -> bool:
    """Every placeholder of the original stands in the translation, and no other."""
    original = entry.id[-1] if isinstance(entry.id, (list, tuple)) else entry.id
    strings = entry.string if isinstance(entry.string, (list, tuple)) else [entry.string]
    wanted = set(PLACEHOLDER.findall(str(original)))
    return all(set(PLACEHOLDER.findall(str(text))) == wanted for text in strings)


def _faults_of(path: Path, used: set[Key]) -> Iterator[str]:
    catalogue, name = _read(path), path.relative_to(ROOT)
    yield from (f"{name}: obsolete: {entry!r}" for entry in catalogue.obsolete)
    for entry in catalogue:
        if not entry.id:
            continue
        message, context = _key(entry)
        if entry.fuzzy:
            yield f"{name}: fuzzy: {message!r}"
        elif (message, context) not in used:
            yield f"{name}: used nowhere: {message!r}"
        elif _is_complete(entry) and not _is_faithful(entry):
            yield f"{name}: other placeholders: {message!r}"


def _translated() -> set[Key]:
    done: set[Key] = set()
    for path in catalogues():
        for entry in _read(path):
            if entry.id and _is_complete(entry) and not entry.fuzzy:
                done.add(_key(entry))
    return done


def contradictions() -> list[str]:
    """Messages with one Chinese here and another there: Django makes one catalogue of all.

    Of the two only one is ever seen; a context tells them apart.
    """
    said: dict[Key, Any] = {}
    entries = [(path, entry) for path in catalogues() for entry in _read(path) if entry.id]
    return [
        f"{path.relative_to(ROOT)}: other Chinese elsewhere: {entry.id!r}"
        for path, entry in entries
        if said.setdefault(_key(entry), entry.string) != entry.string
    ]


def faults() -> list[str]:
    """What is wrong with the catalogues, a line each; empty when every message has its Chinese."""
    found = list(messages())
    done = _translated()
    lines = [f"{f.place}: no Chinese: {f.key[0]!r}" for f in found if f.key not in done]
    used = {f.key for f in found}
    for path in catalogues():
        lines.extend(_faults_of(path, used))
    return lines + contradictions()


def update() -> None:
    """Add what is missing to the owner's catalogue, with an empty translation; drop what is unused.

    A message that any catalogue translates already is not added to a second one.
    """
    found = list(messages())
    homes = {key: path for path in catalogues() for key in _keys(path)}
    used = {f.key for f in found}
    for path in {*catalogues(), *(catalogue_of(f.owner) for f in found)}:
        catalogue = _read(path)
        for key in [key for key in _keys(path) if key not in used]:
            catalogue.delete(*key)
        for f in found:
            if homes.setdefault(f.key, catalogue_of(f.owner)) == path and not catalogue.get(*f.key):
                catalogue.add(f.message, context=f.context)
        _write(path, catalogue)


def _keys(path: Path) -> list[Key]:
    return [_key(entry) for entry in _read(path) if entry.id]


def _key(entry: Message) -> Key:
    return (entry.id if isinstance(entry.id, str) else entry.id[0]), entry.context


def _write(path: Path, catalogue: Catalog) -> None:
    if not len(catalogue):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.obsolete.clear()
    with path.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, catalogue, no_location=True, omit_header=True, sort_output=True, width=100)


def main(arguments: list[str]) -> int:
    match arguments:
        case ["compile"]:
            compile_stale()
        case ["update"]:
            update()
        case ["check"]:
            lines = faults()
            sys.stdout.write("".join(f"{line}\n" for line in lines))
            return 1 if lines else 0
        case _:
            sys.stderr.write("Say compile, update or check.\n")
            return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
