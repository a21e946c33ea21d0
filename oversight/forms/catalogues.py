"""Forms of schemes and of their rules; points and per cents as people write them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.forms.catalogues import DAY, RowField
from oversight.forms.appraisals import HundredthsField
from oversight.models import Scheme, SchemeRule


class SchemeForm(forms.ModelForm):
    excellent_from = HundredthsField(label=_("Excellent from (points)"))
    good_from = HundredthsField(label=_("Competent from (points)"))
    basic_from = HundredthsField(label=_("Basically competent from (points)"))

    class Meta:
        model = Scheme
        fields = [
            "code", "name", "name_en", "of", "role", "sample", "min_sample", "excellent_share",
            "excellent_from", "good_from", "basic_from", "appeal_days", "answer_days",
            "legal_basis", "poor_twice", "poor_twice_basis", "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": DAY}


class RuleForm(forms.ModelForm):
    scheme = RowField(Scheme.objects.all(), catalogue="schemes", label=_("Scheme"))
    points = HundredthsField(label=_("Points, at most"))
    full_at = HundredthsField(
        label=_("Full points from (per cent)"), required=False, help_text=_("For a rate.")
    )
    loss = HundredthsField(
        label=_("Points lost for each percentage point"),
        required=False,
        help_text=_("For a rate; nothing: in proportion."),
    )
    floor = HundredthsField(label=_("Floor (per cent)"), required=False)
    each = HundredthsField(
        label=_("Points for each"), required=False, help_text=_("For a bonus or deduction.")
    )

    class Meta:
        model = SchemeRule
        fields = [
            "scheme", "rank", "kind", "indicator", "points", "full_at", "loss", "floor",
            "floor_grade", "each", "free", "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": DAY}
