"""Forms of directives and of members and terms."""

import datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committee.forms.fields import DAY, LINES, NamedBody, NamedPerson, SeveralFiles
from committee.models import Member, NewOrganisation, Office
from committee.services.directives import Wanted
from committee.workflow import Verb
from organizations.forms.catalogues import RowField
from organizations.models import Post, User


class DirectiveForm(forms.Form):
    verb = forms.ChoiceField(
        label=pgettext_lazy("directive", "What for?"), choices=Verb, widget=forms.RadioSelect
    )
    title = forms.CharField(label=_("Task"), max_length=120)
    text = forms.CharField(label=_("What exactly?"), max_length=2000, required=False, widget=LINES)
    measure = forms.CharField(
        label=_("Measure of success"),
        max_length=300,
        help_text=_("How will everybody see that it is done?"),
    )
    due_on = forms.DateField(label=_("Due on"), widget=DAY)
    body = NamedBody(
        label=_("Responsible body"),
        required=False,
        help_text=_("Fill in exactly one of the three."),
    )
    organisation = RowField(
        NewOrganisation.objects.none(), catalogue="bodies", code="uscc", required=False,
        label=_("or a new organisation"), help_text=_("Its code or name."),
    )  # fmt: skip
    person = NamedPerson(label=_("or somebody's post"), required=False)

    def __init__(self, *args: Any, user: User, day: datetime.date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.day = day
        seen = NewOrganisation.objects.visible_to(user, on=day).existing(day)
        field: Any = self.fields["organisation"]
        field.queryset, field.widget = seen, forms.TextInput()

    def clean_person(self) -> Post | None:
        """The first of the person's posts that hold today."""
        person = self.cleaned_data["person"]
        if person is None:
            return None
        post = Post.objects.held_by(person, on=self.day).order_by("pk").first()
        if post is None:
            raise forms.ValidationError(_("This person holds no post today."))
        return post

    @property
    def wanted(self) -> Wanted:
        given = dict(self.cleaned_data)
        return Wanted(post=given.pop("person"), **given)


class ProgressForm(forms.Form):
    percent = forms.IntegerField(
        label=_("How far is it? (%)"), validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    text = forms.CharField(label=_("What was done?"), max_length=1000, widget=LINES)
    proofs = SeveralFiles(label=_("Photos or papers that prove it"), required=False)


class ExtendForm(forms.Form):
    due_on = forms.DateField(label=_("New day"), widget=DAY)
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=LINES)


class MemberForm(forms.Form):
    person = NamedPerson(label=pgettext_lazy("member", "Who"))
    standing = forms.ChoiceField(label=pgettext_lazy("member", "Standing"), choices=Member.Standing)
    office = forms.ChoiceField(label=_("Office held"), choices=Office, initial=Office.NONE)
    since = forms.DateField(label=_("Since"), widget=DAY)


class EndForm(forms.Form):
    on = forms.DateField(label=_("Ends on (that day no longer included)"), widget=DAY)


class TermForm(forms.Form):
    since = forms.DateField(label=_("Elected on"), widget=DAY)
