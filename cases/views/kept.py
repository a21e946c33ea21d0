"""Lists kept under a name, and lists taken along in a file."""

from django.contrib import messages
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponseBase,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.forms.lists import ExportForm, ViewForm, kept, narrowed
from cases.models import CaseExport, ExportState, SavedView
from cases.models.queries import CaseQuerySet
from cases.services import exporting, saved_views
from lib.errors import RuleViolation
from lib.roles import Role
from organizations.http import role_required, signed_in

CSV, XLSX = (
    "text/csv; charset=utf-8",
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)
SHOWN = 50
has_post = role_required(*Role.values)


@require_POST
@has_post
def save_view(request: HttpRequest) -> HttpResponseBase:
    """Keep the list as it stands."""
    user, at = signed_in(request), timezone.now()
    form = ViewForm(request.POST, user=user, on=timezone.localdate(at))
    query = QueryDict(request.POST.get("query", ""))
    if not form.is_valid():
        messages.error(request, _("Give the view a name of at most 40 characters."))
        return redirect(f"{reverse('cases:list')}?{kept(query)}")
    given = form.cleaned_data | {"query": kept(query)}
    try:
        view = saved_views.save_view(by=user, at=at, **given)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The view “%(name)s” is kept.") % {"name": view})
    return redirect(f"{reverse('cases:list')}?{kept(query) or 'all=1'}")


@require_POST
@has_post
def remove_view(request: HttpRequest, pk: int) -> HttpResponseBase:
    user, at = signed_in(request), timezone.now()
    mine = SavedView.objects.open_to(user, on=timezone.localdate(at))
    saved_views.remove_view(get_object_or_404(mine, pk=pk), by=user, at=at)
    messages.success(request, _("The view is removed."))
    return redirect(f"{reverse('cases:list')}?all=1")


@require_GET
@has_post
def exports(request: HttpRequest) -> HttpResponseBase:
    """Files that this person has asked for; the newest first."""
    mine = CaseExport.objects.filter(by=signed_in(request)).order_by("-pk")[:SHOWN]
    at = timezone.now()
    rows = [(export, export.is_open(at)) for export in mine]
    return render(request, "cases/exports.html", {"rows": rows, "at": at})


@never_cache
@require_http_methods(["GET", "POST"])
@has_post
def export(request: HttpRequest) -> HttpResponseBase:
    """Choose columns and kind (GET); then the file, or a word that it will be made (POST)."""
    if request.method == "GET":
        return _export_form(request, ExportForm.fresh(kept(request.GET)))
    form = ExportForm(request.POST)
    if not form.is_valid():
        return _export_form(request, form)
    user, at, given = signed_in(request), timezone.now(), form.cleaned_data
    cases = narrowed(QueryDict(given["query"]), user=user, at=at).cases
    try:
        begun = exporting.begin_export(cases, by=user, at=at, **given)
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
        return _export_form(request, form)
    if begun.state == ExportState.WAITING:
        messages.success(request, _("The list is long: the file is being made and will lie here."))
        return redirect("cases:exports")
    return _file_of(begun, cases)


def _export_form(request: HttpRequest, form: ExportForm) -> HttpResponseBase:
    user, query = signed_in(request), form["query"].value() or ""
    filters = narrowed(QueryDict(query), user=user, at=timezone.now())
    context = {"form": form, "filter": filters, "query": query}
    return render(request, "cases/export.html", context, status=422 if form.errors else 200)


def _file_of(export: CaseExport, cases: CaseQuerySet) -> HttpResponseBase:
    name = f"cases-{export.pk}.{export.format}"
    if export.format == CaseExport.Format.CSV:
        answer: HttpResponseBase = StreamingHttpResponse(
            exporting.stream(export, cases), content_type=CSV
        )
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    return FileResponse(
        exporting.in_a_file(export, cases), as_attachment=True, filename=name, content_type=XLSX
    )


@require_GET
@never_cache
@has_post
def export_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file that was made: for who asked for it, until its time is over."""
    found = get_object_or_404(CaseExport, pk=pk, by=signed_in(request))
    if not found.is_open(timezone.now()):
        raise Http404
    kind = CSV if found.format == CaseExport.Format.CSV else XLSX
    name = f"cases-{found.pk}.{found.format}"
    try:
        return FileResponse(
            found.file.open("rb"), as_attachment=True, filename=name, content_type=kind
        )
    except FileNotFoundError as error:
        raise Http404 from error
