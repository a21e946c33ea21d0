"""What import-linter cannot see. The list of apps is its own: `pyproject.toml`."""

import ast
import re
import tomllib
from pathlib import Path

import grimp
import pytest
from django.apps import apps

from config.own_apps import OWN_APPS

ROOT = Path(__file__).resolve().parent.parent
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]
LAYERS = next(c["layers"] for c in CONTRACTS if c["layers"][0] == "config")  # highest first
# Templates at the top of the folder are drawn by every app: they stand right above `lib`.
SHARED = "shared"
HEIGHT = {name: place for place, name in enumerate(reversed([*LAYERS[:-1], SHARED, LAYERS[-1]]))}

# The doors of an app: nobody else goes through them.
DOORS = {"admin", "apps", "management", "notifications", "registration", "tasks", "urls", "views"}
FORBIDDEN = re.compile(r"^_?(utils?|helpers?|common|base|misc|managers?|constants|exceptions)$")
LONGEST_MODULE, LONGEST_TEMPLATE = 400, 120

SOURCES = sorted(
    path for app in LAYERS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))

URL = re.compile(r"""\{%-?\s*url\s+["']([\w-]+):""")
INCLUDE = re.compile(r"""\{%-?\s*(?:include|extends|partial)\s+["']([^"']+)["']""")
LOADS = re.compile(r"\{%-?\s*load\s+([^%]+?)\s*-?%\}")


# Django's own name for the pages of signing in.
NAMED_BY_DJANGO = {"registration": "organizations"}


def app_of(path):
    """The app that a file belongs to, `shared` for templates at the top."""
    parts = path.relative_to(ROOT).parts
    if parts[0] != "templates":
        return parts[0]
    folder = NAMED_BY_DJANGO.get(parts[1], parts[1])
    return folder if folder in HEIGHT else SHARED


def is_upward(user, used):
    return used in HEIGHT and HEIGHT[used] > HEIGHT[user]


def name_of(path):
    return str(path.relative_to(ROOT))


def test_foreign_keys_point_down():
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model
        and model._meta.app_label in HEIGHT
        and is_upward(model._meta.app_label, field.related_model._meta.app_label)
    ]
    assert upward == []


def test_no_table_points_at_any_table():
    generic = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in HEIGHT
        for field in model._meta.private_fields
    ]
    assert generic == []


def links_of(path):
    """(line, app) of every link, include and tag library of a template."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        yield from ((number, app) for app in URL.findall(line))
        for name in INCLUDE.findall(line):
            first = name.split("/")[0]
            yield number, first if first in HEIGHT else SHARED
        for libraries in LOADS.findall(line):
            for library in libraries.split():
                yield from ((number, app) for app in LAYERS if library in tag_libraries(app))


def tag_libraries(app):
    return {path.stem for path in (ROOT / app / "templatetags").glob("*.py")}


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_link_down(path):
    user = app_of(path)
    upward = [f"line {line}: {app}" for line, app in links_of(path) if is_upward(user, app)]
    assert upward == []


def test_reversed_addresses_stand_lower():
    """`reverse("cases:detail")` in Python is a link too."""
    upward = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {
                "reverse",
                "redirect",
            }:
                target = node.args[0].value if isinstance(node.args[0], ast.Constant) else ""
                app = str(target).partition(":")[0]
                if is_upward(app_of(path), app):
                    upward.append(f"{name_of(path)}:{node.lineno}: {target}")
    assert upward == []


def test_apps_use_only_what_others_show():
    """The doors of an app (views, tasks, admin …) and what begins with _ are its own."""
    graph = grimp.build_graph(*LAYERS, include_external_packages=False)
    private = sorted(
        f"{importer} -> {imported}"
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
        if is_private_to(importer, imported)
    )
    assert private == []


def is_private_to(importer, imported):
    user, (used, *rest) = importer.split(".")[0], imported.split(".")
    if user in {used, "config"} or used in {"lib", "config"} or not rest:
        return False
    return rest[0] in DOORS or any(part.startswith("_") for part in rest)


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_modules_have_names_that_say_something(path):
    assert not FORBIDDEN.match(path.stem)
    assert not any(FORBIDDEN.match(part) for part in path.relative_to(ROOT).parts[:-1])


def length(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_modules_are_short():
    assert {name_of(p): length(p) for p in SOURCES if length(p) > LONGEST_MODULE} == {}


def test_templates_are_short():
    assert {name_of(p): length(p) for p in TEMPLATES if length(p) > LONGEST_TEMPLATE} == {}


INLINE = re.compile(
    r"<script(?![^>]*\ssrc=)|<style[\s>]|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE
)
DATA_SCRIPT = re.compile(r"""<script[^>]*type=["']application/(ld\+)?json["']""", re.IGNORECASE)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_have_no_inline_script_or_style(path):
    """The content security policy would drop them in the browser, without a word."""
    inline = [
        f"line {number}"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if INLINE.search(line) and not DATA_SCRIPT.search(line)
    ]
    assert inline == []


def test_signals_carry_no_rules():
    receivers = [
        name_of(path)
        for path in SOURCES
        if app_of(path) != "config" and re.search(r"@receiver\b|\.connect\(", path.read_text())
    ]
    assert receivers == []


def test_nothing_looks_at_the_clock_below_views_and_tasks():
    quiet = re.compile(r"timezone\.(now|localdate|localtime)\(\)|\bnow\(\)|date\.today\(\)")
    lookers = [
        name_of(path)
        for path in SOURCES
        if {"services", "models", "workflow"} & {*path.parts, path.stem}
        and app_of(path) not in {"config", "lib"}
        and quiet.search(path.read_text(encoding="utf-8"))
    ]
    assert lookers == []


def test_every_part_of_the_system_is_in_the_lists():
    """A new app is added to the layers and to OWN_APPS."""
    packages = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert packages == set(LAYERS)
    assert list(OWN_APPS) == LAYERS[::-1]
