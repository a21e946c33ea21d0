"""Pages of every catalogue: find, look up, make, change, end. One set of views for all of them."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib import registry
from lib.errors import RuleViolation
from organizations import catalogues
from organizations.acting import page_of
from organizations.catalogues import Action, Catalogue, Secret, tables, values
from organizations.catalogues.filters import filtered
from organizations.forms.catalogues import EndForm, TableForm
from organizations.http import roles_of, signed_in
from organizations.models import User

SUGGESTIONS = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for which catalogue, when, with which roles."""

    catalogue: Catalogue
    user: User
    roles: frozenset[str]
    at: datetime.datetime
    today: datetime.date

    @property
    def edits(self) -> bool:
        return self.catalogue.is_edited_by(self.roles)

    @property
    def takes_tables(self) -> bool:
        """Where rows are made on pages of their own, they do not come out of a table."""
        return self.edits and self.catalogue.editor is None

    def may_edit(self, row: Any) -> bool:
        return self.edits and self.catalogue.may_edit(self.user, row, self.today)

    def row(self, pk: int) -> Any:
        return get_object_or_404(self.catalogue.rows(self.user, self.today), pk=pk)

    def row_to_edit(self, pk: int) -> Any:
        row = self.row(pk)
        if not self.may_edit(row):
            raise PermissionDenied
        return row

    def row_to_change(self, pk: int) -> Any:
        if not self.catalogue.is_changeable:
            raise Http404
        return self.row_to_edit(pk)

    def actions(self, row: Any) -> list[Action]:
        return [
            action
            for action in self.catalogue.actions
            if not self.roles.isdisjoint(action.roles) and action.is_open(row)
        ]


def _asked(request: HttpRequest, key: str) -> Asked:
    """404 where there is no such catalogue, 403 where no post of the reader opens it."""
    catalogue = catalogues.named(key)
    if catalogue is None:
        raise Http404
    now, roles = timezone.now(), roles_of(request)
    if not catalogue.is_read_by(roles):
        raise PermissionDenied
    return Asked(catalogue, signed_in(request), roles, now, timezone.localdate(now))


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    mine = [each for each in catalogues.every() if each.is_read_by(roles_of(request))]
    if not mine:
        raise PermissionDenied
    groups = [(str(group), list(each)) for group, each in groupby(mine, key=lambda one: one.group)]
    return render(request, "organizations/catalogues.html", {"groups": groups})


@login_required
@require_safe
def rows(request: HttpRequest, key: str) -> HttpResponse:
    asked = _asked(request, key)
    catalogue = asked.catalogue
    found = filtered(catalogue, catalogue.rows(asked.user, asked.today), request.GET)
    page = page_of(request, found.qs, order=catalogue.order, size=50)
    columns = values.columns_of(catalogue)
    context = {
        "asked": asked,
        "catalogue": catalogue,
        "filters": found.form,
        "columns": columns,
        "lines": [(row, values.cells_of(row, columns)) for row in page.rows],
        "page": page,
    }
    return render(request, "organizations/catalogue_rows.html", context)


@login_required
@require_safe
def row(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    asked = _asked(request, key)
    found, catalogue = asked.row(pk), asked.catalogue
    may_edit = asked.may_edit(found)
    ends = catalogue.is_dated and catalogue.endable and found.valid_to is None
    tomorrow = asked.today + datetime.timedelta(days=1)
    context = {
        "asked": asked,
        "catalogue": catalogue,
        "row": found,
        "name": catalogue.name_of(found),
        "facts": values.facts_of(catalogue, found),
        "may_edit": may_edit,
        "end_form": EndForm(initial={"on": tomorrow}) if may_edit and ends else None,
        "actions": asked.actions(found),
        "panels": registry.panels.drawn(f"catalogue:{key}", request, found),
        "history": values.history_of(found),
        "at": asked.at,
    }
    return render(request, "organizations/catalogue_row.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, key: str) -> HttpResponse:
    asked = _asked(request, key)
    if not asked.edits:
        raise PermissionDenied
    if asked.catalogue.editor is not None:
        return redirect(asked.catalogue.editor(None))
    begin = {"valid_from": asked.today} if asked.catalogue.is_dated else {}
    form = _form(asked, request, initial={**begin, **request.GET.dict()})

    def write(cleaned: dict[str, Any]) -> Any:
        return asked.catalogue.made(cleaned, by=asked.user, at=asked.at)

    return _answer(request, asked, form, write, title=_("New entry"))


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    asked = _asked(request, key)
    found = asked.row_to_change(pk)
    if asked.catalogue.editor is not None:
        return redirect(asked.catalogue.editor(found))
    begin = {"valid_from": asked.today} if asked.catalogue.keep_past else {}
    form = _form(asked, request, instance=found, initial=begin)
    for name in asked.catalogue.fixed:
        form.fields.pop(name, None)

    def write(cleaned: dict[str, Any]) -> Any:
        return asked.catalogue.changed(found, cleaned, by=asked.user, at=asked.at)

    title = str(asked.catalogue.name_of(asked.row(pk)))
    return _answer(request, asked, form, write, title=title)


@login_required
@require_http_methods(["GET", "POST"])
def table(request: HttpRequest, key: str) -> HttpResponse:
    """Many new rows out of a table: tried first, with what is wrong row by row, then written."""
    asked = _asked(request, key)
    if not asked.edits:
        raise PermissionDenied
    if not asked.takes_tables:
        raise Http404
    if "headings" in request.GET:
        headers = {"Content-Disposition": f'attachment; filename="{key}.csv"'}
        return HttpResponse(
            tables.empty_table(asked.catalogue), content_type="text/csv", headers=headers
        )
    form = TableForm(request.POST or None, request.FILES or None)
    lines = _tried(asked, form, keep="keep" in request.POST) if form.is_valid() else []
    wrong = [line for line in lines if line.problems]
    if lines and not wrong and "keep" in request.POST:
        messages.success(request, _("Brought in: %(rows)d rows.") % {"rows": len(lines)})
        return redirect("organizations:catalogue", key)
    if form.is_valid():
        form = TableForm(initial={"text": form.cleaned_data["text"]})
    context = {"asked": asked, "catalogue": asked.catalogue, "form": form, "lines": lines}
    context |= {"wrong": wrong, "headings": list(tables.headings(asked.catalogue))}
    return render(request, "organizations/catalogue_table.html", context)


def _tried(asked: Asked, form: TableForm, *, keep: bool) -> list[tables.Line]:
    try:
        return tables.bring_in(
            asked.catalogue, form.cleaned_data["text"], keep=keep, by=asked.user, at=asked.at
        )
    except RuleViolation as refusal:
        form.add_error("text", str(refusal))
        return []


def _form(asked: Asked, request: HttpRequest, **more: Any) -> forms.ModelForm:
    form_class = asked.catalogue.form
    assert form_class is not None  # noqa: S101 -- only catalogues with a form are edited
    return form_class(request.POST or None, **more)


def _answer(
    request: HttpRequest,
    asked: Asked,
    form: forms.ModelForm,
    write: Callable[[dict[str, Any]], Any],
    *,
    title: str,
) -> HttpResponse:
    """Write what a valid form says and show the row; otherwise the form again, as it was typed."""
    if form.is_valid():
        try:
            _demand_reach(asked, form)
            written = write(form.cleaned_data)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("organizations:catalogue_row", asked.catalogue.key, written.pk)
    context = {"asked": asked, "catalogue": asked.catalogue, "form": form, "title": title}
    return render(request, "organizations/catalogue_form.html", context)


def _demand_reach(asked: Asked, form: forms.ModelForm) -> None:
    typed = {
        **{name: getattr(form.instance, name, None) for name in asked.catalogue.fixed},
        **form.cleaned_data,
    }
    if not asked.catalogue.may_edit(asked.user, typed, asked.today):
        raise RuleViolation(_("This lies outside what your posts cover."), code="not_yours")


@login_required
@require_POST
def end(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    asked = _asked(request, key)
    found, form = asked.row_to_edit(pk), EndForm(request.POST)
    if not asked.catalogue.is_dated or not asked.catalogue.endable:
        raise Http404
    if not form.is_valid():
        messages.error(request, _("Give the day on which it ends."))
        return redirect("organizations:catalogue_row", key, pk)
    try:
        asked.catalogue.ended(found, on=form.cleaned_data["on"], by=asked.user, at=asked.at)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The end is written down."))
    return redirect("organizations:catalogue_row", key, pk)


@login_required
@require_POST
def remove(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    asked = _asked(request, key)
    found = asked.row_to_edit(pk)
    try:
        catalogues.removed(asked.catalogue, found, by=asked.user, at=asked.at)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("organizations:catalogue_row", key, pk)
    messages.success(request, _("Removed."))
    return redirect("organizations:catalogue", key)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, key: str, pk: int, name: str) -> HttpResponse:
    """An action of a row. Without a form it is only posted; with one, the form stands on a page."""
    asked = _asked(request, key)
    found, action = asked.row(pk), asked.catalogue.action(name)
    if action is None:
        raise Http404
    if action not in asked.actions(found):
        raise PermissionDenied
    if action.form is None and request.method != "POST":
        return redirect("organizations:catalogue_row", key, pk)
    form = (
        action.form(request.POST or None, initial=dict(action.initial(found)))
        if action.form
        else None
    )
    context = {
        "catalogue": asked.catalogue,
        "row": found,
        "name": asked.catalogue.name_of(found),
        "action": action,
        "form": form,
    }
    if form is None or form.is_valid():
        try:
            done = action.apply(found, form.cleaned_data if form else {}, asked.user, asked.at)
        except RuleViolation as refusal:
            return _refused(request, context, str(refusal))
        return _done(request, context, done)
    return render(request, "organizations/catalogue_action.html", context)


def _refused(request: HttpRequest, context: dict[str, Any], sentence: str) -> HttpResponse:
    form = context["form"]
    if form is None:
        messages.error(request, sentence)
        return redirect("organizations:catalogue_row", context["catalogue"].key, context["row"].pk)
    form.add_error(None, sentence)
    return render(request, "organizations/catalogue_action.html", context)


def _done(request: HttpRequest, context: dict[str, Any], done: Any) -> HttpResponse:
    if isinstance(done, Secret):
        return render(request, "organizations/catalogue_secret.html", {**context, "secret": done})
    messages.success(request, str(done))
    return redirect("organizations:catalogue_row", context["catalogue"].key, context["row"].pk)


@login_required
@require_safe
def suggest(request: HttpRequest, key: str) -> HttpResponse:
    """Rows that match what is being typed into a field, as `{"options": ["code name", …]}`."""
    asked = _asked_for_suggestions(request, key)
    found = filtered(asked.catalogue, asked.catalogue.rows(asked.user, asked.today), request.GET).qs
    code = asked.catalogue.order[0].removeprefix("-")
    name_of = asked.catalogue.name_of
    options = [
        f"{getattr(each, code)} {name_of(each)}" for each in found.order_by(code)[:SUGGESTIONS]
    ]
    return JsonResponse({"options": options})


def _asked_for_suggestions(request: HttpRequest, key: str) -> Asked:
    """Who edits any catalogue may be helped to choose rows of those that are open to the office."""
    catalogue, roles = catalogues.named(key), roles_of(request)
    if catalogue is None:
        raise Http404
    edits = any(each.is_edited_by(roles) for each in catalogues.every())
    if not catalogue.is_read_by(roles) and not (edits and catalogue.is_suggested):
        raise PermissionDenied
    now = timezone.now()
    return Asked(catalogue, signed_in(request), roles, now, timezone.localdate(now))
