"""Rolls at the desk: bring in, print codes, confirm who comes; and a resident's own claim."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grids.forms.rolls import ClaimForm, ConfirmForm, EndClaimForm, RollForm
from grids.letters import letters
from grids.models import Claim, Entitled, Roll
from grids.models.rolls import KEEPERS, READERS
from grids.scopes import rolls_visible_to
from grids.services import rolls as services
from grids.services.roll_files import HEADING, read_roll
from lib.errors import RuleViolation
from lib.sheets import CsvLines
from organizations.acting import page_of
from organizations.http import account_required, role_required, roles_of, signed_in

PAGE = 50


def _visible(request: HttpRequest, pk: int, roles: tuple[str, ...] = READERS) -> Roll:
    rows = rolls_visible_to(signed_in(request), on=timezone.localdate(), roles=roles)
    found: Roll = get_object_or_404(rows.with_names(), pk=pk)
    return found


def _keeps(request: HttpRequest) -> bool:
    return not roles_of(request).isdisjoint(KEEPERS)


@role_required(*READERS)
@require_safe
def rolls(request: HttpRequest) -> HttpResponse:
    visible = rolls_visible_to(signed_in(request), on=timezone.localdate())
    rows = visible.with_names().annotate(dwelling_count=Count("dwellings"))
    if "all" not in request.GET:
        rows = rows.filter(until=None)
    page = page_of(request, rows, size=PAGE)
    context = {"page": page, "all": "all" in request.GET, "may_keep": _keeps(request)}
    return render(request, "grids/rolls.html", context)


@role_required(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest) -> HttpResponse:
    """Check a file, or check it and bring it in; lines that cannot be taken are named."""
    user, at = signed_in(request), timezone.now()
    form = RollForm(
        request.POST or None, request.FILES or None, user=user, on=timezone.localdate(at)
    )
    report = None
    if request.method == "POST" and form.is_valid():
        try:
            report = _brought(form.cleaned_data, user, at, dry_run="check" in request.POST)
        except RuleViolation as refusal:
            form.add_error("file", str(refusal))
    if report is not None and report.roll is not None:
        messages.success(request, _("The roll holds from now on."))
        return redirect("grids:roll", report.roll.pk)
    refused = bool(form.errors or (report and report.refused))
    context = {"form": form, "report": report}
    return render(request, "grids/roll_form.html", context, status=422 if refused else 200)


def _brought(given: dict[str, Any], user: Any, at: Any, *, dry_run: bool) -> services.RollReport:
    file = read_roll(given["file"].read(), name=given["file"].name)
    options = services.RollOptions(given["community"], given["kind"], given["name"], dry_run)
    return services.import_roll(file, options, by=user, at=at)


@role_required(*READERS)
@require_safe
def roll(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    rows = found.dwellings.with_people()
    if wanted := request.GET.get("q", "").strip()[:60]:
        rows = rows.filter(number__contains=wanted)
    page = page_of(request, rows, order=("number", "pk"), size=PAGE)
    sums = found.dwellings.aggregate(dwellings=Count("pk"), area=Sum("area"))
    places = Entitled.objects.filter(dwelling__roll=found)
    context = {
        "roll": found,
        "page": page,
        "q": wanted,
        "dwellings": sums["dwellings"],
        "area": (sums["area"] or 0) / 100,
        "entitled": places.count(),
        "claimed": places.filter(claims__ended_at=None, claims__isnull=False).count(),
        "may_keep": _keeps(request) and found.until is None,
        "at": timezone.now(),
    }
    return render(request, "grids/roll.html", context)


@role_required(*KEEPERS)
@require_POST
def codes(request: HttpRequest, pk: int) -> HttpResponse:
    """Letters with a code for each dwelling, made once: who loses the file prints new codes."""
    found = _visible(request, pk, KEEPERS)
    try:
        printed = services.print_codes(found, by=signed_in(request), at=timezone.now())
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("grids:roll", pk)
    return letters(found, printed, address=request.build_absolute_uri("/grids/claim/"))


@role_required(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """`pk`: a place of a roll; who has come is confirmed there, or an earlier claim ended."""
    place = get_object_or_404(Entitled.objects.select_related("dwelling__roll"), pk=pk)
    found = _visible(request, place.dwelling.roll_id, KEEPERS)
    held = place.claims.filter(ended_at=None).select_related("person").first()
    form: Any = (EndClaimForm if held else ConfirmForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _decide(place, held, form.cleaned_data, signed_in(request))
            messages.success(request, pgettext("roll", "Noted."))
            return redirect("grids:roll", found.pk)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "place": place, "held": held, "roll": found}
    return render(request, "grids/place.html", context, status=422 if form.errors else 200)


def _decide(place: Entitled, held: Claim | None, given: dict[str, Any], user: Any) -> None:
    at = timezone.now()
    if held is not None:
        services.end_claim(held, reason=given["reason"], by=user, at=at)
    else:
        services.confirm_claim(place, given["account"], by=user, at=at)


@account_required
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest) -> HttpResponse:
    """A resident takes the place that the letter names."""
    user = signed_in(request)
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = dict(form.cleaned_data)
            wanted = said.pop("roll")
            held = services.claim(wanted, services.Letter(**said), by=user, at=timezone.now())
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            where = {"dwelling": held.entitled.dwelling.number}
            messages.success(request, _("You now speak for %(dwelling)s.") % where)
            return redirect("grids:claim")
    held_places = Entitled.objects.claimed_by(user).select_related("dwelling__roll__community")
    context = {"form": form, "places": held_places}
    return render(request, "grids/claim.html", context, status=422 if form.errors else 200)


@role_required(*KEEPERS)
@require_safe
def sample(_request: HttpRequest) -> HttpResponse:
    """An empty file with the right columns."""
    answer = HttpResponse(CsvLines().of([HEADING]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="roll.csv"'
    return answer
