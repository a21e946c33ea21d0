"""The duty list as it holds: category × body in a place, its editions, its precedents."""

import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grids.models import Level, Territory
from organizations.acting import onwards, page_of, saved
from organizations.http import reader, role_required
from routing import rights, services
from routing.forms.duties import CompareForm, PlaceForm, PrecedentsForm
from routing.models import DutyChange, DutyEntry
from routing.models.duty import Origin
from routing.tables import MARKS, compared, duty_matrix

TONES = {"lead": "done", "assist": "work", "pay": "checking"}


@role_required(*rights.READERS)
@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    """Who leads, assists and pays, by small class, where the reader looks."""
    form = PlaceForm(request.GET or None)
    place = form.cleaned_data["place"] if form.is_valid() else _some_place(request)
    context = {
        "form": form if form.is_bound else PlaceForm(initial={"place": place and place.code}),
        "place": place,
        "matrix": duty_matrix(place, on=timezone.localdate()) if place else None,
        "marks": [(key, label, TONES[key]) for key, label in MARKS.items()],
        "tones": TONES,
        "labels": MARKS,
    }
    return render(request, "routing/matrix.html", context)


def _some_place(request: HttpRequest) -> Territory | None:
    """A community that the reader's committee covers, else the first with an entry of its own."""
    user, day = reader(request)
    keys = [
        key
        for scope in rights.committees(user, day)
        for key in sorted(scope.communities) + sorted(scope.towns)
    ]
    rows = Territory.objects.valid_on(day)
    own = rows.filter(pk__in=keys[:1]).first()
    led = rows.filter(level=Level.COMMUNITY, duties__isnull=False).order_by("code").first()
    some: Territory | None = rows.filter(level=Level.COMMUNITY).order_by("code").first()
    return own or led or some


@role_required(*rights.READERS)
@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """Two days of the list side by side; the newest editions offer theirs."""
    rows = DutyChange.objects.adopted().with_names()
    form = CompareForm(request.GET or None)
    shown: dict[str, object] = {"form": form, "editions": rows[:20]}
    if form.is_valid():
        shown["differences"] = compared(form.cleaned_data["first"], form.cleaned_data["second"])
    elif not form.is_bound:
        today = timezone.localdate()
        month_ago = today - datetime.timedelta(days=30)
        shown["form"] = CompareForm(initial={"first": month_ago, "second": today})
    return render(request, "routing/editions.html", shown)


@role_required(*rights.READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def precedents(request: HttpRequest) -> HttpResponse:
    """What was decided between bodies, to be made entries of the list."""
    user, day = reader(request)
    rows = DutyEntry.objects.valid_on(day).filter(origin=Origin.PRECEDENT).with_names()
    page = page_of(request, rows, order=("-pk",))
    keys = [row.pk for row in page.rows]
    initial = {"title": _("Precedents become entries"), "force_on": day}
    form = PrecedentsForm(request.POST or None, rows=rows.filter(pk__in=keys), initial=initial)
    made = _drafted(request, form)
    if made:
        return onwards(request, "routing:change", made.pk, done=_("Drafted. Look it over."))
    context = {"page": page, "form": form, "may_draft": _drafts(user.roles_on(day))}
    return render(request, "routing/precedents.html", context, status=422 if form.errors else 200)


def _drafted(request: HttpRequest, form: PrecedentsForm) -> DutyChange | None:
    if request.method != "POST" or not form.is_valid():
        return None
    given = form.cleaned_data
    found: DutyChange | None = saved(
        request, form, services.draft_from_precedents, list(given["entries"]),
        title=given["title"], force_on=given["force_on"],
    )  # fmt: skip
    return found


def _drafts(roles: frozenset[str]) -> bool:
    return not roles.isdisjoint(rights.DRAFTERS)
