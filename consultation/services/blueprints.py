"""Forms and the content list: from the readable files, and as people edit them in the browser."""

import datetime
from collections.abc import Iterable
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from consultation.models import (
    Blueprint,
    BlueprintPublication,
    BlueprintRule,
    BlueprintStage,
    ListedMatter,
    Participant,
)
from consultation.reference import (
    BadStages,
    StageWords,
    read_blueprints,
    read_rows,
    rule_line,
    stage_of,
    stages_of,
)
from lib.errors import RuleViolation
from organizations.models import User
from organizations.services import changes

SINCE = datetime.date(2015, 7, 22)  # the day of the guideline on consultation
Values = dict[str, Any]
SHOWN = (
    *("must_take_part", "notice_days", "notice_unit", "due_days", "objection_days"),
    *("answer_days", "needs_party"),
)


@transaction.atomic
def load_reference(*, by: User, at: datetime.datetime) -> int:
    """Add the forms and entries that are missing; what people have edited stays."""
    return _load_blueprints(by, at) + _load_content(by, at)


def _load_blueprints(by: User, at: datetime.datetime) -> int:
    known = set(Blueprint.objects.values_list("code", flat=True))
    missing = [row for row in read_blueprints() if row["code"] not in known]
    for place, row in enumerate(missing, start=1):
        columns = {name: value for name, value in row.items() if name != "stages"}
        made = Blueprint(place=place * 10, valid_from=SINCE, **columns)
        changes.create(made, by=by, at=at)
        _write_stages(made, [stage_of(stage) for stage in row["stages"]])
    return len(missing)


def _load_content(by: User, at: datetime.datetime) -> int:
    known = set(ListedMatter.objects.filter(community=None).values_list("code", flat=True))
    missing = [row for row in read_rows("content") if row["code"] not in known]
    for row in missing:
        columns: dict[str, Any] = {**row, "words": row["words"].split(), "place": int(row["place"])}
        changes.create(ListedMatter(valid_from=SINCE, **columns), by=by, at=at)
    return len(missing)


@transaction.atomic
def write_blueprint(
    row: Blueprint | None, values: Values, by: User, at: datetime.datetime
) -> Blueprint:
    """Make a form, or let another version follow it from `valid_from` on, with its stages.

    What is under way keeps its own copy, and the version before stays as it was. Raises
    RuleViolation where the stages cannot be read.
    """
    columns = dict(values)
    stages = _read(columns.pop("stages"))
    if row is None:
        made = changes.create(Blueprint(**columns), by=by, at=at)
    else:
        made = changes.succeed(row, columns, by=by, at=at)
    before = written(made)
    made.stages.all().delete()
    _write_stages(made, stages)
    after = written(made)
    if before != after:
        texts = {"before": {"stages": before}, "after": {"stages": after}}
        changes.record_values(made, **texts, by=by, at=at, action=changes.CHANGE)
    return made


def _read(text: str) -> list[StageWords]:
    try:
        return stages_of(text)
    except BadStages as error:
        raise RuleViolation(
            _("The stages cannot be read at: %(where)s") % {"where": error}, code="bad_stages"
        ) from error


def _write_stages(blueprint: Blueprint, stages: Iterable[StageWords]) -> None:
    for order, words in enumerate(stages, start=1):
        stage = BlueprintStage(blueprint=blueprint, order=order, **words.columns)
        unknown = set(stage.must_take_part) - set(Participant.values)
        if unknown:
            raise _unreadable(", ".join(sorted(unknown)))
        _save(stage)
        for rule in words.rules:
            _save(BlueprintRule(stage=stage, **rule))
        for paper in words.publish:
            _save(BlueprintPublication(stage=stage, **paper))


def _save(row: Any) -> None:
    try:
        row.full_clean(validate_constraints=True)
    except ValidationError as error:
        raise _unreadable("; ".join(error.messages)) from error
    row.save(force_insert=True)


def _unreadable(where: str) -> RuleViolation:
    text = _("The stages cannot be read at: %(where)s") % {"where": where}
    return RuleViolation(text, code="bad_stages")


def written(blueprint: Blueprint) -> str:
    """The stages of a form as text, in the language of the files."""
    rows = blueprint.stages.prefetch_related("rules", "publications").order_by("order")
    return yaml.safe_dump(
        [_stage_written(stage) for stage in rows], allow_unicode=True, sort_keys=False, width=96
    )


def _stage_written(stage: BlueprintStage) -> dict[str, Any]:
    row: dict[str, Any] = {
        "key": stage.key, "kind": str(stage.kind), "name": stage.name, "name_en": stage.name_en,
    }  # fmt: skip
    for name in SHOWN:
        field: Any = BlueprintStage._meta.get_field(name)
        value = getattr(stage, name)
        if value != field.get_default():
            row[name] = value
    if rules := [rule_line(rule) for rule in stage.rules.all()]:
        row["rules"] = rules
    papers = {str(paper.kind): _paper_written(paper) for paper in stage.publications.all()}
    if papers:
        row["publish"] = papers
    return row


def _paper_written(paper: BlueprintPublication) -> dict[str, Any]:
    values = {name: getattr(paper, name) for name in ("stands", "unit", "due_days", "due_unit")}
    fields: Any = BlueprintPublication._meta
    return {
        name: value
        for name, value in values.items()
        if value != fields.get_field(name).get_default()
    }
