"""The stages of a form of consultation in words, a line each: read, and compared with others."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from consultation.models import Participant, PublicationKind, Unit
from consultation.models.blueprints import Base, Measure, Purpose
from consultation.reference import StageWords
from consultation.workflow import StageKind
from lib.languages import listed


def lines(stages: Sequence[StageWords]) -> str:
    """All stages as one text to compare: each line names its stage, none its number."""
    return "\n".join(line for stage in stages for line in _lines(stage))


def _lines(stage: StageWords) -> Iterator[str]:
    name = name_of(stage)
    yield name
    for fact in facts(stage):
        yield f"{name} – {fact}"


def name_of(stage: StageWords) -> str:
    columns = stage.columns
    name = columns.get("name_en") if get_language() == "en" else ""
    return f"{name or columns['name']} · {StageKind(columns['kind']).label}"


def facts(stage: StageWords) -> Iterator[str]:
    """What the stage asks for."""
    columns = stage.columns
    if taking_part := columns.get("must_take_part"):
        # In the order of the page, whichever they were written in: no change where there is none.
        names = listed(one.label for one in Participant if one in taking_part)
        yield _("Not without: %(names)s") % {"names": names}
    if days := columns.get("notice_days"):
        yield _("Invited before: %(time)s") % {"time": _time(days, columns.get("notice_unit"))}
    if days := columns.get("due_days"):
        yield _("Takes at most: %(time)s") % {"time": _time(days)}
    if columns.get("needs_party"):
        yield _("The party organisation passes it")
    yield from map(composition_words, stage.composition)
    yield from map(rule_words, stage.rules)
    yield from map(_paper, stage.publish)
    if days := columns.get("objection_days"):
        yield _("Objections: %(time)s") % {"time": _time(days)}
        answered = _time(columns.get("answer_days", 5), Unit.WORK_DAY)
        yield _("Objections are answered within: %(time)s") % {"time": answered}


def rule_words(rule: dict[str, Any]) -> str:
    """ "Quorum: at least 2/3 of all who are entitled (households)"."""
    words = {
        "purpose": Purpose(rule["purpose"]).label,
        "share": f"{rule['numerator']}/{rule['denominator']}",
        "base": Base(rule["base"]).label,
        "measure": Measure(rule["measure"]).label,
    }
    if rule["is_strict"]:
        text = _("%(purpose)s: more than %(share)s %(base)s (%(measure)s)") % words
    else:
        text = _("%(purpose)s: at least %(share)s %(base)s (%(measure)s)") % words
    return _("%(rule)s – or another marked so") % {"rule": text} if rule["alternative"] else text


def members_words(row: Mapping[str, Any]) -> str:
    """ "Women among: Residents' representatives"."""
    who = str(Participant(row["of"]).label) if row["of"] else pgettext("of an assembly", "Members")
    return _("Women among: %(who)s") % {"who": who} if row["women"] else who


def composition_words(row: Mapping[str, Any]) -> str:
    """ "Residents' representatives: at least 4/5 of the members"."""
    if row["numerator"]:
        text = _("%(who)s: at least %(share)s of the members")
    else:
        text = ngettext("%(who)s: at least %(n)d", "%(who)s: at least %(n)d", row["least"])
    share = f"{row['numerator']}/{row['denominator']}"
    told = text % {"who": members_words(row), "share": share, "n": row["least"]}
    return told if row["is_binding"] else _("%(rule)s (warning only)") % {"rule": told}


def _paper(paper: dict[str, Any]) -> str:
    text = _("Publishes: %(what)s") % {"what": PublicationKind(paper["kind"]).label}
    if days := paper.get("stands"):
        text += _(", stands at least %(time)s") % {"time": _time(days, paper.get("unit"))}
    if days := paper.get("due_days"):
        unit = paper.get("due_unit", Unit.WORK_DAY)
        text += _(", out within %(time)s") % {"time": _time(days, unit)}
    return text


def _time(days: int, unit: str | None = None) -> str:
    if unit == Unit.WORK_DAY:
        return ngettext("%(n)d working day", "%(n)d working days", days) % {"n": days}
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
