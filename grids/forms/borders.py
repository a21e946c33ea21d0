"""The form of the editor: what the map draws, and what fingers without a map can type."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grids.drawing import Point
from grids.models import EditKind, Premises
from grids.services import Asked
from grids.services.borders import Tiling
from lib.coordinates import is_position
from organizations.forms.catalogues import DAY

_NUMBER = r"(-?\d+(?:\.\d+)?)"
_POINT = re.compile(rf"\s*{_NUMBER}\s*[,，\s]\s*{_NUMBER}\s*")
_ARROW = re.compile(r"\s*(?:->|→|>)\s*")
# Mending is one click on the page of coverage, not a drawing.
KINDS = [(kind.value, kind.label) for kind in EditKind if kind != EditKind.MEND]


class LinesOfPoints(forms.CharField):
    """One "longitude, latitude" per line; with `pairs` "from -> to" per line."""

    def __init__(self, *, pairs: bool = False, **more: Any) -> None:
        super().__init__(
            required=False, widget=forms.Textarea({"rows": 5, "spellcheck": "false"}), **more
        )
        self.pairs = pairs

    def clean(self, value: Any) -> list[Any]:
        lines = [line for line in super().clean(value).splitlines() if line.strip()]
        return [self._pair(line) if self.pairs else self._point(line) for line in lines]

    def _pair(self, line: str) -> tuple[Point, Point]:
        ends = _ARROW.split(line.strip())
        if len(ends) != 2:
            raise forms.ValidationError(
                _("“%(line)s”: write the old and the new point with -> between them."),
                params={"line": line},
            )
        return self._point(ends[0]), self._point(ends[1])

    @staticmethod
    def _point(said: str) -> Point:
        found = _POINT.fullmatch(said)
        if not found or not is_position(float(found[1]), float(found[2])):
            raise forms.ValidationError(
                _("“%(line)s” is no longitude and latitude, such as 113.9960, 22.8770."),
                params={"line": said},
            )
        return float(found[1]), float(found[2])


class EditForm(forms.Form):
    kind = forms.ChoiceField(label=_("What to do"), choices=KINDS, widget=forms.RadioSelect)
    territories = forms.TypedMultipleChoiceField(
        label=_("Grids"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One to split; at least two to merge, of which the one below stays."),
    )
    stays = forms.TypedChoiceField(
        label=_("Which one stays when they merge"), coerce=int, required=False, empty_value=None
    )
    points = LinesOfPoints(
        label=_("Points of the line or outline"),
        help_text=_("One longitude and latitude on each line; a click on the map adds one."),
        max_length=20_000,
    )
    moves = LinesOfPoints(
        label=_("Points that move"),
        pairs=True,
        help_text=_("Old point -> new point on each line; drag a corner on the map to add one."),
        max_length=20_000,
    )
    day = forms.DateField(label=_("In force from"), widget=DAY)

    def __init__(self, *args: Any, parts: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["territories"].choices = parts  # type: ignore[attr-defined] # a choice field
        self.fields["stays"].choices = [("", "—"), *parts]  # type: ignore[attr-defined] # the same

    def asked(self) -> Asked:
        given = self.cleaned_data
        stays = given["stays"]
        chosen = [key for key in given["territories"] if key != stays]
        is_merge = given["kind"] == EditKind.MERGE
        return Asked(
            kind=given["kind"],
            territories=[stays, *chosen] if is_merge and stays else given["territories"],
            points=given["points"],
            moves=given["moves"],
        )


LIMITS = [
    ("100", "100 m²"), ("1000", "1,000 m²"), ("10000", "10,000 m²"), ("100000", "100,000 m²"),
    ("any", _("any size")),
]  # fmt: skip


class TilingForm(forms.Form):
    """How pieces are mended at once: a limit, and fields `to_<digest>` for those decided singly."""

    limit = forms.ChoiceField(
        label=_("Mend by the rule pieces of up to"), choices=LIMITS,
        help_text=_("Larger ones stay as they are, unless you say below to whom each goes."),
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    LEAVE = "leave"

    def tiling(self) -> Tiling:
        limit = self.cleaned_data["limit"]
        return Tiling(limit=None if limit == "any" else float(limit), heirs=self._heirs())

    def _heirs(self) -> dict[str, int | None]:
        said = {name[3:]: self.data[name] for name in self.data if name.startswith("to_")}
        return {
            digest: None if value == self.LEAVE else int(value)
            for digest, value in said.items()
            if value == self.LEAVE or value.isdecimal()
        }


class PremisesImportForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Columns: code, name, kind, lon, lat; also address, households, is_key."),
    )
    dry_run = forms.BooleanField(label=_("Only check, write nothing"), required=False, initial=True)


class PremisesForm(forms.ModelForm):
    class Meta:
        model = Premises
        fields = [
            "code", "name", "kind", "is_key", "address", "households", "lon", "lat", "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": DAY}
