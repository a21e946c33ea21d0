"""What is asked before a list is kept, taken along, or moved as a whole."""

import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cases.columns import COLUMNS, USUAL_IN_FILES
from cases.forms.actions import ACTIONS
from cases.forms.choices import HANDLES, PostField
from cases.forms.filters import CaseFilter
from cases.models import Case, CaseExport, RetentionRule
from cases.models.queries import CaseQuerySet
from cases.services import may_search_personal
from cases.services.bulk import MOST_CASES, SERVICES
from cases.workflow import NEEDS_REASON
from organizations.models import Post, User

# What stands in the address of a list and is no filter.
NOT_KEPT = ("cursor", "open", "view", "csrfmiddlewaretoken")


def kept(query: QueryDict) -> str:
    """The query string of a list without what belongs to one look at it."""
    copy = query.copy()
    for name in NOT_KEPT:
        copy.pop(name, None)
    return copy.urlencode()


def narrowed(query: QueryDict, *, user: User, at: datetime.datetime) -> CaseFilter:
    """The list that this person sees under a query string: `.cases` are its cases."""
    seen = Case.objects.visible_to(user, on=localdate(at)).for_list()
    return CaseFilter(query, seen, user=user, at=at, whole=may_search_personal(user, at=at))


class ViewForm(forms.Form):
    """A name for the list as it stands; shared with those who hold the post that is chosen."""

    name = forms.CharField(label=_("Name of the view"), max_length=40)
    post: forms.ModelChoiceField = forms.ModelChoiceField(
        Post.objects.none(), label=_("For all who hold this post"), required=False
    )
    is_default = forms.BooleanField(label=_("Open the list with it"), required=False)
    query = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "view_%s", **kwargs})
        posts: Any = self.fields["post"]
        posts.queryset = Post.objects.held_by(user, on=on).with_names().order_by("pk")
        posts.empty_label = _("Only for me")
        posts.label_from_instance = lambda post: f"{post.body} · {post.get_role_display()}"


class ExportForm(forms.Form):
    """Which columns, in which kind of file."""

    format = forms.ChoiceField(
        label=_("Kind of file"), choices=CaseExport.Format.choices, widget=forms.RadioSelect
    )
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        choices=[(key, column.label) for key, column in COLUMNS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    query = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)

    @classmethod
    def fresh(cls, query: str) -> "ExportForm":
        return cls(initial={"format": "xlsx", "columns": list(USUAL_IN_FILES), "query": query})


class BulkForm(forms.Form):
    """Which cases, which step, and what that step needs to know."""

    move = forms.ChoiceField(
        label=_("Step"), choices=[(name, ACTIONS[name].label) for name in SERVICES]
    )
    numbers = forms.CharField(required=False, widget=forms.HiddenInput)
    query = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)
    everything = forms.BooleanField(required=False, widget=forms.HiddenInput)
    post = PostField(label=_("Person"), required=False)
    note = forms.CharField(
        label=_("Note"), max_length=1000, required=False, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, user: User, at: datetime.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "bulk_%s", **kwargs})
        self.user, self.at = user, at
        posts = Post.objects.valid_on(localdate(at)).filter(role__in=HANDLES)
        posts = posts.visible_to(user, on=localdate(at)).select_related("person", "load")
        field: Any = self.fields["post"]
        field.queryset = posts.order_by("body_id", "pk")
        wanted = SERVICES.get(str(self["move"].value()), (None, ()))[1]
        if "post" in wanted:
            field.required = True
        else:
            del self.fields["post"]
        if not {"note", "text"} & set(wanted):
            del self.fields["note"]
        elif "text" in wanted or self["move"].value() in NEEDS_REASON:
            self.fields["note"].required = True

    def cases(self) -> CaseQuerySet:
        """Those that were ticked, or the first thousand and one of the list."""
        if self.cleaned_data["everything"]:
            query = QueryDict(self.cleaned_data["query"])
            found = narrowed(query, user=self.user, at=self.at).cases
            return found.order_by("-pk")[: MOST_CASES + 1]
        numbers = self.cleaned_data["numbers"].split(",")[: MOST_CASES + 1]
        seen = Case.objects.visible_to(self.user, on=localdate(self.at))
        return seen.filter(number__in=numbers).order_by("-pk")

    def arguments(self) -> dict[str, Any]:
        post, note = self.cleaned_data.get("post"), self.cleaned_data.get("note", "")
        return {"post": post.pk if post else None, "note": note, "text": note}


class RetentionForm(forms.ModelForm):
    class Meta:
        model = RetentionRule
        fields = ["kind", "days"]


class PhoneForm(forms.Form):
    """The whole number, as the reporter gave it, and why somebody looks for it."""

    phone = forms.CharField(label=_("Telephone"), max_length=30)
    reason = forms.CharField(
        label=_("Reason"), max_length=200, initial=_("The receipt was lost; identity was shown.")
    )
