"""What makes the stages of a form of consultation unsound, whoever wrote them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from consultation.reference import StageWords
from consultation.workflow import MEETS, PHASE_OF, Phase, StageKind

MOST_STAGES = 20
_PHASES = list(Phase)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with `field` of a stage; with `part`, of its rule or paper at `place`."""

    stage: int
    field: str
    text: str
    part: str = ""
    place: int = 0


def faults(stages: Sequence[StageWords]) -> Iterator[Fault]:
    """Every fault that only several columns or stages together show."""
    keys = Counter(str(stage.columns["key"]) for stage in stages)
    latest = 0
    for number, stage in enumerate(stages):
        if keys[str(stage.columns["key"])] > 1:
            yield Fault(number, "key", _("Another stage has this key."))
        kind = str(stage.columns["kind"])
        if kind not in StageKind.values:
            continue  # the table says so
        phase = _PHASES.index(PHASE_OF[StageKind(kind)])
        if phase < latest:
            yield Fault(number, "kind", _("This belongs before the stages above: move it up."))
        latest = max(latest, phase)
        yield from _of_rules(number, stage, kind)
        yield from _of_composition(number, stage, kind)
        yield from _of_papers(number, stage, kind)


def _of_rules(number: int, stage: StageWords, kind: str) -> Iterator[Fault]:
    groups = Counter((rule["purpose"], rule["alternative"]) for rule in stage.rules)
    for place, rule in enumerate(stage.rules):
        if kind not in MEETS:
            text = _("Only where people meet or vote is there a quorum and a majority.")
            yield Fault(number, "purpose", text, "rules", place)
        elif rule["alternative"] and groups[rule["purpose"], rule["alternative"]] == 1:
            text = _("Nothing else here would be enough instead: take the mark away.")
            yield Fault(number, "one_of", text, "rules", place)


def _of_composition(number: int, stage: StageWords, kind: str) -> Iterator[Fault]:
    if kind in MEETS:
        return
    for place, _row in enumerate(stage.composition):
        text = _("Only where people meet or vote is it asked who makes up the assembly.")
        yield Fault(number, "of", text, "composition", place)


def _of_papers(number: int, stage: StageWords, kind: str) -> Iterator[Fault]:
    kinds = Counter(str(paper["kind"]) for paper in stage.publish)
    for place, paper in enumerate(stage.publish):
        if kinds[str(paper["kind"])] > 1:
            text = _("This stands here twice already.")
            yield Fault(number, "kind", text, "papers", place)
        if paper["kind"] == "minutes" and kind not in MEETS:
            text = _("Minutes belong to a stage in which people meet or vote.")
            yield Fault(number, "kind", text, "papers", place)
    if stage.columns.get("objection_days") and "result" not in kinds:
        text = _("Objections run from the published result: let this stage publish it.")
        yield Fault(number, "objection_days", text)
