"""The stages of a form of consultation as they are edited: added, moved, removed, then checked.

What a page posts is one flat set of names: `stages-0-rules-1-share` is the share of the second
rule of the first stage. Parts are moved by renaming (`edited`), before anything is checked.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from consultation.checks import MOST_STAGES, faults
from consultation.models import (
    BlueprintComposition,
    BlueprintPublication,
    BlueprintRule,
    BlueprintStage,
    Participant,
)
from consultation.reference import StageWords
from consultation.workflow import MEETS

Posted = dict[str, list[str]]
STAGES, RULES, COMPOSITION, PAPERS = "stages", "rules", "composition", "papers"
MOST = {STAGES: MOST_STAGES, RULES: 8, COMPOSITION: 6, PAPERS: 7}
# What a button does, to which list, at which place: `up:stages:2`, `add:stages-0-rules`.
ACT = re.compile(
    r"(?P<act>add|remove|up|down):"
    r"(?P<list>stages|stages-\d{1,2}-(?P<part>rules|composition|papers))(?::(?P<place>\d{1,2}))?"
)
FRESH: dict[str, Posted] = {
    STAGES: {"kind": [""], "notice_days": ["0"], "objection_days": ["0"], "answer_days": ["5"]},
    RULES: {"purpose": [""]},
    COMPOSITION: {"of": [""], "is_binding": ["on"]},
    PAPERS: {"kind": [""], "stands": ["0"], "due_unit": ["work_day"]},
}
_SHARE = re.compile(r"\s*(\d{1,3})\s*[/／]\s*(\d{1,3})\s*")  # also as Chinese keyboards have it


class ShareField(forms.CharField):
    """A share as an exact fraction: `2/3`."""

    def __init__(self, **more: Any) -> None:
        widget = forms.TextInput(attrs={"size": 7, "autocomplete": "off", "placeholder": "2/3"})
        super().__init__(widget=widget, max_length=12, **more)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        found = _SHARE.fullmatch(text)
        if found is None or not 0 < int(found[1]) <= int(found[2]):
            raise ValidationError(_("Write a share such as 2/3, above 0 and at most 1."))
        return int(found[1]), int(found[2])


class StageForm(forms.ModelForm):
    must_take_part = forms.MultipleChoiceField(
        label=_("who must take part"), choices=Participant.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    class Meta:
        model = BlueprintStage
        fields = [
            "kind", "name", "name_en", "must_take_part", "notice_days", "notice_unit", "due_days",
            "objection_days", "answer_days", "needs_party", "key",
        ]  # fmt: skip
        # Another kind asks for other things: the page is drawn again.
        widgets = {"kind": forms.Select(attrs={"hx-post": "", "hx-trigger": "change"})}
        help_texts = {"key": _("Small letters without blanks; empty: made of the kind.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].required = False


class RuleForm(forms.ModelForm):
    comparison = forms.ChoiceField(
        label=_("how much"), choices=[("more", _("more than")), ("least", _("at least"))]
    )
    share = ShareField(label=_("share"))
    one_of = forms.BooleanField(label=_("one of those marked so is enough"), required=False)

    class Meta:
        model = BlueprintRule
        fields = ["purpose", "comparison", "share", "base", "measure", "one_of"]

    @property
    def columns(self) -> dict[str, Any]:
        said = self.cleaned_data
        group = {"quorum": "attendance", "majority": "agreement"}[said["purpose"]]
        return {
            **{name: said[name] for name in ("purpose", "measure", "base")},
            "numerator": said["share"][0],
            "denominator": said["share"][1],
            "is_strict": said["comparison"] == "more",
            "alternative": group if said["one_of"] else "",
        }


class AmountField(ShareField):
    """A share, or a whole number: `4/5`, `21`."""

    def clean(self, value: Any) -> Any:
        text = forms.CharField.clean(self, value)
        if text.isdecimal() and int(text) > 0:
            return int(text)
        return super().clean(value)


class CompositionForm(forms.ModelForm):
    amount = AmountField(
        label=_("at least"), help_text=_("A share of the members, or a number of persons.")
    )

    class Meta:
        model = BlueprintComposition
        fields = ["of", "women", "amount", "is_binding"]

    @property
    def columns(self) -> dict[str, Any]:
        said = self.cleaned_data
        much = said["amount"]
        share = much if isinstance(much, tuple) else (0, 1)
        return {
            **{name: said[name] for name in ("of", "women", "is_binding")},
            "numerator": share[0],
            "denominator": share[1],
            "least": 0 if isinstance(much, tuple) else much,
        }


class PaperForm(forms.ModelForm):
    class Meta:
        model = BlueprintPublication
        fields = ["kind", "stands", "unit", "due_days", "due_unit"]


# -- Parts of what was posted ------------------------------------------------------------------


def cut(posted: Mapping[str, list[str]], name: str) -> list[Posted]:
    """The parts `name-0-…`, `name-1-…` in their order, each without what names it."""
    pattern, found = re.compile(rf"{name}-(\d{{1,2}})-(.+)"), defaultdict[int, Posted](dict)
    for key, values in posted.items():
        if match := pattern.fullmatch(key):
            found[int(match[1])][match[2]] = values
    return [found[number] for number in sorted(found)]


def joined(name: str, parts: Sequence[Posted]) -> Posted:
    return {
        f"{name}-{number}-{key}": values
        for number, part in enumerate(parts)
        for key, values in part.items()
    }


def edited(posted: Posted, act: str) -> tuple[Posted, str]:
    """What was posted after a button was pressed, and the name of the part to go on with."""
    said = ACT.fullmatch(act)
    if said is None:
        return posted, ""
    name, kind = said["list"], said["part"] or STAGES
    parts = cut(posted, name)
    place = _done(parts, kind, said["act"], int(said["place"] or len(parts)))
    others = {key: values for key, values in posted.items() if not _is_part(key, name)}
    return others | joined(name, parts), f"{name}-{place}"


def _is_part(key: str, name: str) -> bool:
    return re.match(rf"{name}-\d{{1,2}}-", key) is not None


def _done(parts: list[Posted], kind: str, act: str, place: int) -> int:
    """Change `parts`; the place at which one goes on."""
    if act == "add" and len(parts) < MOST[kind]:
        parts.append(dict(FRESH[kind]))
    elif act == "remove" and place < len(parts):
        del parts[place]
    elif act in {"up", "down"} and place < len(parts):
        target = place + (-1 if act == "up" else 1)
        if 0 <= target < len(parts):
            parts[place], parts[target] = parts[target], parts[place]
            return target
    return max(0, min(place, len(parts) - 1))


def posted_of(stages: Sequence[StageWords]) -> Posted:
    """Stages as a page would post them."""
    return joined(STAGES, [_posted(stage) for stage in stages])


def _posted(stage: StageWords) -> Posted:
    columns = _texts(stage.columns)
    rules = [_texts(_typed(rule)) for rule in stage.rules]
    made_up = [_texts(_asked(row)) for row in stage.composition]
    papers = [_texts(paper) for paper in stage.publish]
    lists = joined(RULES, rules) | joined(COMPOSITION, made_up) | joined(PAPERS, papers)
    # Numbers that were not said are as the table has them.
    return {**FRESH[STAGES], **columns, **lists}


def _typed(rule: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: rule[name] for name in ("purpose", "measure", "base")},
        "share": f"{rule['numerator']}/{rule['denominator']}",
        "comparison": "more" if rule["is_strict"] else "least",
        "one_of": bool(rule["alternative"]),
    }


def _asked(row: Mapping[str, Any]) -> dict[str, Any]:
    share = f"{row['numerator']}/{row['denominator']}" if row["numerator"] else row["least"]
    return {**{name: row[name] for name in ("of", "women", "is_binding")}, "amount": share}


def _texts(columns: Mapping[str, Any]) -> Posted:
    """As a browser sends them: nothing for what is not ticked, nothing for what has no value."""
    return {
        name: [str(one) for one in value] if isinstance(value, list) else [_text(value)]
        for name, value in columns.items()
        if value is not False
    }


def _text(value: Any) -> str:
    return "" if value is None else "on" if value is True else str(value)


# -- The editor --------------------------------------------------------------------------------


@dataclass(slots=True)
class StagePart:
    """A stage on the page; `name` begins the names of its fields and of its lists."""

    name: str
    form: StageForm
    rules: list[RuleForm]
    composition: list[CompositionForm]
    papers: list[PaperForm]

    @property
    def forms(self) -> list[forms.BaseForm]:
        return [self.form, *self.composition, *self.rules, *self.papers]

    @property
    def meets(self) -> bool:
        """Whether rules and composition are asked for; what is there already stays in sight."""
        return self.form["kind"].value() in MEETS or bool(self.rules or self.composition)

    @property
    def words(self) -> StageWords:
        return StageWords(
            dict(self.form.cleaned_data),
            tuple(rule.columns for rule in self.rules),
            tuple(dict(paper.cleaned_data) for paper in self.papers),
            tuple(row.columns for row in self.composition),
        )


class Editor:
    """All stages of a page. Before `checking` nothing is said about what is still missing."""

    def __init__(self, posted: Posted, *, checking: bool) -> None:
        self.checking = checking
        self.stages = [
            StagePart(
                name,
                self._form(StageForm, part, name),
                self._forms(RuleForm, part, name, RULES),
                self._forms(CompositionForm, part, name, COMPOSITION),
                self._forms(PaperForm, part, name, PAPERS),
            )
            for name, part in (
                (f"{STAGES}-{number}", part) for number, part in enumerate(cut(posted, STAGES))
            )
        ]

    def _form(self, form: Any, part: Posted, prefix: str) -> Any:
        if self.checking:
            data = {f"{prefix}-{key}": values for key, values in part.items()}
            return form(MultiValueDict(data), prefix=prefix)
        initial = {
            name: values if name == "must_take_part" else values[-1]
            for name, values in part.items()
        }
        return form(prefix=prefix, initial=initial)

    def _forms(self, form: Any, part: Posted, name: str, kind: str) -> list[Any]:
        return [
            self._form(form, one, f"{name}-{kind}-{place}")
            for place, one in enumerate(cut(part, kind))
        ]

    @property
    def forms(self) -> Iterator[forms.BaseForm]:
        for stage in self.stages:
            yield from stage.forms

    def is_valid(self) -> bool:
        """Every field by itself, then what only several of them show."""
        if not all(form.is_valid() for form in self.forms):
            return False
        self._name_keys()
        for fault in faults(self.words):
            stage = self.stages[fault.stage]
            form = getattr(stage, fault.part)[fault.place] if fault.part else stage.form
            form.add_error(fault.field, fault.text)
        return all(form.is_valid() for form in self.forms)

    def _name_keys(self) -> None:
        """A stage without a key gets one of its kind that no other has."""
        taken = {stage.form.cleaned_data["key"] for stage in self.stages}
        for stage in self.stages:
            said = stage.form.cleaned_data
            number = 1
            while not said["key"]:
                key = said["kind"] if number == 1 else f"{said['kind']}-{number}"
                said["key"] = "" if key in taken else key
                number += 1
            taken.add(said["key"])

    @property
    def words(self) -> list[StageWords]:
        """What a valid page says."""
        return [stage.words for stage in self.stages]
