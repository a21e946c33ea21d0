"""The readable files that forms and the content list begin from, and the language of stages.

A stage is written as a YAML mapping; a rule as a line such as `quorum area all >= 2/3` (what for,
counted in, out of, `>` more than or `>=` at least, share), with `| name` behind it where one of
the rules with this name is enough. Who makes up an assembly is a line such as
`women representatives >= 1/3` or `representatives >= 21`: of its members, a share or a number;
with `| warning` behind it a session opens nevertheless.
"""

import csv
import re
from collections.abc import Iterator, Mapping
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
COMPOSITION = re.compile(
    r"(?P<women>women\b ?)?(?P<of>[a-z_]+)? ?>= "
    r"(?P<number>\d{1,3})(?:/(?P<denominator>\d{1,3}))?(?P<warning> \| warning)?"
)
COLUMNS = {
    "key", "kind", "name", "name_en", "must_take_part", "notice_days", "notice_unit", "due_days",
    "objection_days", "answer_days", "needs_party", "rules", "composition",
    "publish",
}  # fmt: skip
PUBLISH = {"stands", "unit", "due_days", "due_unit"}


class BadStages(ValueError):
    """The text is not a list of stages; the message names the line or column."""


@dataclass(frozen=True, slots=True)
class StageWords:
    """A stage as it is written: columns, rules, what it publishes, who makes up its assembly."""

    columns: dict[str, Any]
    rules: tuple[dict[str, Any], ...]
    publish: tuple[dict[str, Any], ...]
    composition: tuple[dict[str, Any], ...] = ()


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
    lists = {"rules", "composition", "publish"}
    return StageWords(
        {name: value for name, value in row.items() if name not in lists},
        tuple(rule_of(str(line)) for line in row.get("rules") or ()),
        tuple(_published(row.get("publish") or {})),
        tuple(composition_of(str(line)) for line in row.get("composition") or ()),
    )


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


def composition_of(line: str) -> dict[str, Any]:
    """`women representatives >= 1/3` → the columns of who makes up an assembly."""
    found = COMPOSITION.fullmatch(" ".join(line.split()))
    if found is None:
        raise BadStages(line)
    number, out_of = int(found["number"]), int(found["denominator"] or 0)
    return {
        "of": found["of"] or "",
        "women": found["women"] is not None,
        "numerator": number if out_of else 0,
        "denominator": out_of or 1,
        "least": 0 if out_of else number,
        "is_binding": found["warning"] is None,
    }


def composition_line(row: Mapping[str, Any]) -> str:
    """The columns of who makes up an assembly as they are written."""
    who = " ".join(filter(None, ["women" if row["women"] else "", row["of"]]))
    much = f"{row['numerator']}/{row['denominator']}" if row["numerator"] else row["least"]
    return f"{who} >= {much}" + ("" if row["is_binding"] else " | warning")


def _published(papers: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(papers, dict):
        raise BadStages("publish")
    for kind, more in papers.items():
        given = more or {}
        if not isinstance(given, dict) or given.keys() - PUBLISH:
            raise BadStages(f"publish {kind}")
        yield {"kind": kind, **given}


def rule_line(rule: Mapping[str, Any]) -> str:
    """The columns of a rule as they are written."""
    more = ">" if rule["is_strict"] else ">="
    share = f"{rule['numerator']}/{rule['denominator']}"
    line = f"{rule['purpose']} {rule['measure']} {rule['base']} {more} {share}"
    return f"{line} | {rule['alternative']}" if rule["alternative"] else line
