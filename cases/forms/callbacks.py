"""What a resident is asked, by link or by telephone, and how a call ended."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import CallAttempt, CallBackAnswer, CallBackRule
from cases.services.callbacks import Said
from organizations.forms.catalogues import DAY

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
WITHOUT_ANSWER = [
    choice for choice in CallAttempt.Outcome.choices if choice[0] != CallAttempt.Outcome.REACHED
]


class AnswerForm(forms.Form):
    """Three questions and room for words."""

    contacted = forms.ChoiceField(
        label=_("Did somebody contact you about your matter?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
    )
    solved = forms.ChoiceField(
        label=_("Is your matter solved?"), choices=YES_NO, widget=forms.RadioSelect
    )
    satisfaction = forms.ChoiceField(
        label=_("How satisfied are you?"),
        choices=CallBackAnswer.Satisfaction.choices,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("What is still wrong, or what was done well?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )

    def said(self) -> Said:
        given = self.cleaned_data
        return {
            "contacted": given["contacted"] == "yes",
            "solved": given["solved"] == "yes",
            "satisfaction": given["satisfaction"],
            "words": given["words"],
        }


class CallForm(forms.Form):
    """A call that brought no answer."""

    outcome = forms.ChoiceField(
        label=_("The call"), choices=WITHOUT_ANSWER, widget=forms.RadioSelect
    )


class CallBackRuleForm(forms.ModelForm):
    class Meta:
        model = CallBackRule
        fields = [
            "answer_days", "call_after_hours", "attempts", "retry_hours", "script", "script_en",
            "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": DAY}
