"""The model behind suggestions: its versions, how good each is, which one is in use."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cases.services import learning
from lib.errors import RuleViolation
from lib.roles import Role
from organizations.http import role_required, roles_of, signed_in
from routing import services
from routing.models import Category, ClassifierVersion
from routing.rights import READERS

EDITORS = frozenset({Role.SYSTEM_ADMIN})
MOST = 30
MOST_MISTAKES = 20


@require_GET
@role_required(*READERS)
def versions(request: HttpRequest) -> HttpResponse:
    shown = {
        "versions": ClassifierVersion.objects.newest_first()[:MOST],
        "active": ClassifierVersion.objects.active(),
        "new": learning.new_decisions(),
        "enough": learning.ENOUGH_NEW,
        "may_edit": _may_edit(request),
    }
    return render(request, "cases/classifier.html", shown)


def _may_edit(request: HttpRequest) -> bool:
    return not roles_of(request).isdisjoint(EDITORS)


@require_GET
@role_required(*READERS)
def version(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ClassifierVersion.objects.newest_first(), pk=pk)
    figures = found.figures
    names = dict(Category.objects.filter(code__in=found.labels).values_list("code", "name"))
    sorted_now, changed = learning.overruled(found)
    shown = {
        "version": found,
        "labels": [
            {**row, "name": names.get(row["label"], row["label"])} for row in figures["labels"]
        ],
        "mistakes": [
            (names.get(expected, expected), names.get(given, given), rows)
            for expected, given, rows in figures["confusion"][:MOST_MISTAKES]
        ],
        "sorted_now": sorted_now,
        "changed": changed,
        "may_edit": _may_edit(request),
    }
    return render(request, "cases/classifier_version.html", shown)


@require_POST
@role_required(*EDITORS)
def activate(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ClassifierVersion, pk=pk)
    try:
        services.activate_classifier(found, by=signed_in(request), at=timezone.now())
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("In use from now on."))
    return redirect("cases:classifier")


@require_POST
@role_required(*EDITORS)
def stop(request: HttpRequest) -> HttpResponse:
    services.stop_classifier(by=signed_in(request), at=timezone.now())
    messages.success(request, _("The categories' keywords decide from now on."))
    return redirect("cases:classifier")


@require_POST
@role_required(*EDITORS)
def learn(request: HttpRequest) -> HttpResponse:
    learning.ask_to_learn(by=signed_in(request))
    messages.success(request, _("A new version is being trained. It will stand here in a minute."))
    return redirect("cases:classifier")
