"""Forms of the rules: shape only; the tables decide."""

from django import forms

from committee.forms.fields import DAY
from committee.models import CoverageRule, MeetingKind, TermRule

DATES = {"valid_from": DAY, "valid_to": DAY}


class MeetingKindForm(forms.ModelForm):
    class Meta:
        model = MeetingKind
        fields = (
            "code", "name", "name_en", "body_kinds", "attends", "votes", "quorum_part",
            "quorum_whole", "quorum_over", "majority_part", "majority_whole", "majority_over",
            "majority_of", "secret_on_people", "every_months", "notice_days", "basis", "valid_from",
        )  # fmt: skip
        widgets = DATES


class TermRuleForm(forms.ModelForm):
    class Meta:
        model = TermRule
        fields = ("body_kind", "least_members", "term_years", "warn_days", "valid_from")
        widgets = DATES


class CoverageRuleForm(forms.ModelForm):
    class Meta:
        model = CoverageRule
        fields = ("own_from", "active_days", "instructor_limit", "valid_from")
        widgets = DATES
