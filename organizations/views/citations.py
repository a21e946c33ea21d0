"""What cites an article that has changed: a list of what to look at, and that it was looked at."""

from itertools import groupby

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organizations.acting import acted
from organizations.catalogues.legal import Citing, articles_of, to_look_at
from organizations.http import role_required
from organizations.models import Citation
from organizations.services import citations
from organizations.services.citations import EDITORS


class FindingForm(forms.Form):
    finding = forms.CharField(max_length=300, required=False, strip=True)


@require_safe
@role_required(*EDITORS)
def waiting(request: HttpRequest) -> HttpResponse:
    rows = to_look_at(request)
    articles = articles_of([row.citation for row in rows])

    def article(row: Citing) -> tuple[int, int]:
        return row.citation.law_id, row.citation.number

    groups = [
        {"articles": articles.get(key, []), "rows": list(group)}
        for key, group in groupby(rows, key=article)
    ]
    return render(request, "organizations/citations.html", {"groups": groups})


@require_POST
@role_required(*EDITORS)
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """Only for what the reader may look up."""
    get_object_or_404(Citation.objects.to_look_at(), pk=pk)
    mine = {row.citation.pk: row.citation for row in to_look_at(request)}
    form = FindingForm(request.POST)
    if pk in mine and form.is_valid():
        acted(
            request, citations.look, mine[pk], finding=form.cleaned_data["finding"],
            done=_("Noted: it still stands."),
        )  # fmt: skip
    return redirect("organizations:citations")
