"""Forms and the content list: from the readable files, and as people edit them in the browser."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from consultation.checks import MOST_STAGES, faults
from consultation.models import (
    Blueprint,
    BlueprintComposition,
    BlueprintPublication,
    BlueprintRule,
    BlueprintStage,
    Consultation,
    ListedMatter,
    Participant,
)
from consultation.reference import (
    StageWords,
    composition_line,
    read_blueprints,
    read_rows,
    rule_line,
    stage_of,
)
from consultation.services.stages import OF_COMPOSITION, OF_REQUIRED, OF_RULE, OF_STAGE
from lib.errors import RuleViolation
from organizations.models import User
from organizations.services import changes

SINCE = datetime.date(2015, 7, 22)  # the day of the guideline on consultation
Values = dict[str, Any]
ALWAYS = ("key", "kind", "name", "name_en")
WRITTEN = tuple(name for name in OF_STAGE if name != "order")


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
    row: Blueprint | None,
    values: Values,
    stages: Sequence[StageWords],
    *,
    by: User,
    at: datetime.datetime,
) -> Blueprint:
    """Make a form, or let another version follow it from `valid_from` on, with its stages.

    What is under way keeps its own copy, and a version that was in use stays as it was. Raises
    RuleViolation where the stages are not sound.
    """
    _demand_sound(stages)
    if row is None:
        made = changes.create(Blueprint(**values), by=by, at=at)
    else:
        _demand_not_in_use(row, values["valid_from"], on=localdate(at))
        made = changes.succeed(row, values, by=by, at=at)
    before = written(made)
    made.stages.all().delete()
    _write_stages(made, stages)
    after = written(made)
    if before != after:
        texts = {"before": {"stages": before}, "after": {"stages": after}}
        changes.record_values(made, **texts, by=by, at=at, action=changes.CHANGE)
    return made


def _demand_sound(stages: Sequence[StageWords]) -> None:
    if not 1 <= len(stages) <= MOST_STAGES:
        raise RuleViolation(
            _("A form has one to %(most)d stages.") % {"most": MOST_STAGES}, code="bad_stages"
        )
    for fault in faults(stages):
        name = stages[fault.stage].columns["name"]
        raise RuleViolation(f"{name}: {fault.text}", code="bad_stages")


def _demand_not_in_use(row: Blueprint, begins: datetime.date, *, on: datetime.date) -> None:
    """A new version does not begin in the past, nor in place of one by which somebody began."""
    if begins < on and begins != row.valid_from:
        raise RuleViolation(_("A change does not begin in the past."), code="past")
    if begins <= row.valid_from <= on and Consultation.objects.filter(blueprint=row).exists():
        raise RuleViolation(
            _("Consultations have begun by this version: let the change begin after %(day)s.")
            % {"day": max(on, row.valid_from)},
            code="in_use",
        )


def _write_stages(blueprint: Blueprint, stages: Iterable[StageWords]) -> None:
    for order, words in enumerate(stages, start=1):
        stage = BlueprintStage(blueprint=blueprint, order=order, **words.columns)
        unknown = set(stage.must_take_part) - set(Participant.values)
        if unknown:
            raise _unreadable(", ".join(sorted(unknown)))
        _save(stage)
        for rule in words.rules:
            _save(BlueprintRule(stage=stage, **rule))
        for row in words.composition:
            _save(BlueprintComposition(stage=stage, **row))
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


def words_of(blueprint: Blueprint) -> list[StageWords]:
    """The stages of a form as they are written, each with all its columns."""
    rows = blueprint.stages.prefetch_related("rules", "compositions", "publications")
    return [
        StageWords(
            {name: getattr(stage, name) for name in WRITTEN},
            tuple(_columns(rule, OF_RULE) for rule in stage.rules.all()),
            tuple(_columns(paper, OF_REQUIRED) for paper in stage.publications.all()),
            tuple(_columns(row, OF_COMPOSITION) for row in stage.compositions.all()),
        )
        for stage in rows.order_by("order")
    ]


def _columns(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def written(blueprint: Blueprint) -> str:
    """The stages of a form as text, in the language of the files."""
    rows = [_stage_written(words) for words in words_of(blueprint)]
    return yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=96)


def _stage_written(words: StageWords) -> dict[str, Any]:
    row = {name: words.columns[name] for name in ALWAYS} | _told(BlueprintStage, words.columns)
    if words.composition:
        row["composition"] = [composition_line(one) for one in words.composition]
    if words.rules:
        row["rules"] = [rule_line(rule) for rule in words.rules]
    if words.publish:
        row["publish"] = {
            str(paper["kind"]): _told(BlueprintPublication, paper) for paper in words.publish
        }
    return row


def _told(model: type[Model], columns: Values) -> dict[str, Any]:
    """What is not as the table would have it by itself."""
    fields: Any = model._meta
    return {
        name: value
        for name, value in columns.items()
        if name not in ALWAYS and value != fields.get_field(name).get_default()
    }
