"""The readable files that forms and the content list begin from, and the language of stages.

A stage is written as a YAML mapping; a rule as a line such as `quorum area all >= 2/3` (what for,
counted in, out of, `>` more than or `>=` at least, share), with `| name` behind it where one of
the rules with this name is enough.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

RULE = re.compile(
    r"(?P<purpose>quorum|majority) (?P<measure>person|household|area) "
    r"(?P<base>all|present|cast) (?P<more>>=?) (?P<share>\d{1,3}/\d{1,3})"
    r"(?: \| (?P<alternative>[a-z]+))?"
)
COLUMNS = {
    "key", "kind", "name", "name_en", "must_take_part", "notice_days", "notice_unit", "due_days",
    "objection_days", "answer_days", "needs_party", "rules", "publish",
}  # fmt: skip
PUBLISH = {"stands", "unit", "due_days", "due_unit"}


class BadStages(ValueError):
    """The text is not a list of stages; the message names the line or column."""


@dataclass(frozen=True, slots=True)
class StageWords:
    """A stage as it is written: columns, rules, and what it publishes."""

    columns: dict[str, Any]
    rules: tuple[dict[str, Any], ...]
    publish: tuple[dict[str, Any], ...]


def read_rows(name: str) -> Iterator[dict[str, str]]:
    """Rows of `<name>.csv` in this folder, as column → text."""
    path = Path(__file__).parent / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def read_blueprints() -> list[dict[str, Any]]:
    """Forms of `blueprints.yaml`, each with its `stages` as lists of mappings."""
    text = (Path(__file__).parent / "blueprints.yaml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = yaml.safe_load(text)
    return found


def stages_of(text: str) -> list[StageWords]:
    """The stages that a text describes. Raises BadStages."""
    try:
        rows = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadStages(str(error)) from error
    if not isinstance(rows, list) or not rows:
        raise BadStages("-")
    return [stage_of(row) for row in rows]


def stage_of(row: Any) -> StageWords:
    if not isinstance(row, dict) or not {"key", "kind", "name"} <= row.keys():
        raise BadStages("key, kind, name")
    if unknown := row.keys() - COLUMNS:
        raise BadStages(", ".join(sorted(map(str, unknown))))
    columns = {name: value for name, value in row.items() if name not in {"rules", "publish"}}
    rules = tuple(rule_of(str(line)) for line in row.get("rules") or ())
    return StageWords(columns, rules, tuple(_published(row.get("publish") or {})))


def rule_of(line: str) -> dict[str, Any]:
    """`majority person cast > 1/2` → the columns of a rule."""
    found = RULE.fullmatch(" ".join(line.split()))
    if found is None:
        raise BadStages(line)
    numerator, denominator = map(int, found["share"].split("/"))
    if not 0 < numerator <= denominator:
        raise BadStages(line)
    return {
        "purpose": found["purpose"],
        "measure": found["measure"],
        "base": found["base"],
        "numerator": Fraction(numerator, denominator).numerator,
        "denominator": Fraction(numerator, denominator).denominator,
        "is_strict": found["more"] == ">",
        "alternative": found["alternative"] or "",
    }


def _published(papers: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(papers, dict):
        raise BadStages("publish")
    for kind, more in papers.items():
        given = more or {}
        if not isinstance(given, dict) or given.keys() - PUBLISH:
            raise BadStages(f"publish {kind}")
        yield {"kind": kind, **given}


def rule_line(rule: Any) -> str:
    """A rule as it is written."""
    more = ">" if rule.is_strict else ">="
    line = f"{rule.purpose} {rule.measure} {rule.base} {more} {rule.numerator}/{rule.denominator}"
    return f"{line} | {rule.alternative}" if rule.alternative else line
