"""New economic and social organisations: coverage with its gaps, the register, one of them."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from committee import coverage
from committee.forms.directives import EndForm
from committee.forms.two_new import ActivityForm, InstructorForm, OrganisationForm, SetupForm
from committee.models import Directive, Gap, Instructor, NewOrganisation
from committee.models.two_new import KEEPERS, WHAT_TO_DO
from committee.services import two_new
from grids.outlines import geometries_of
from lib.roles import COMMITTEE
from organizations.acting import answer_form, page_of
from organizations.http import reader, role_required, signed_in

WRITES = ["GET", "HEAD", "POST"]


@role_required(*KEEPERS)
@require_safe
def coverage_page(request: HttpRequest) -> HttpResponse:
    """Shares in form and in effect by community and town, and the gaps with what to do."""
    user, today = reader(request)
    rule = two_new.rule_on(today)
    seen = NewOrganisation.objects.visible_to(user, on=today)
    found = coverage.by_community(seen, rule, on=today)
    gaps = coverage.with_gaps(seen.existing(today).judged(rule, on=today)).with_names()
    whole = coverage.summed(found)
    context = {
        "communities": found,
        "towns": coverage.by_town(found),
        "town_code": _only_town(found),
        "whole": whole,
        "in_form": _percent(whole.share_in_form),
        "in_effect": _percent(whole.share_in_effect),
        "gaps": [_missing(row) for row in gaps.order_by("pk")[:100]],
        "rule": rule,
    }
    return render(request, "committee/coverage.html", context)


def _only_town(rows: list[coverage.Covered]) -> str:
    """Code of the town where all of them lie: its outlines stand below the map."""
    towns = {row.place.parent.code for row in rows if row.place and row.place.parent}
    return towns.pop() if len(towns) == 1 else ""


@role_required(*KEEPERS)
@require_safe
def shapes(request: HttpRequest) -> JsonResponse:
    """Communities with organisations, shaded by what lacks there, for the map of the page."""
    user, today = reader(request)
    seen = NewOrganisation.objects.visible_to(user, on=today)
    rows = coverage.by_community(seen, two_new.rule_on(today), on=today)
    places = {row.place.pk: row for row in rows if row.place is not None}
    features = [
        {"type": "Feature", "geometry": shape, "properties": _shaded(places[key], key)}
        for key, shape in geometries_of(places, day=today).items()
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _shaded(row: coverage.Covered, community: int) -> dict[str, str]:
    words = _("%(total)s organisations · in form %(form)s · in effect %(effect)s · gaps: %(gaps)s")
    counts = {
        "total": row.total, "form": _percent(row.share_in_form),
        "effect": _percent(row.share_in_effect), "gaps": row.gaps,
    }  # fmt: skip
    url = reverse("committee:organisations", query={"community": community})
    return {"tone": row.tone, "title": str(row.place), "url": url, "words": words % counts}


def _percent(share: int | None) -> str:
    return "—" if share is None else f"{share}%"


def _missing(row: Any) -> tuple[NewOrganisation, Any, Any]:
    """A judged row, what it lacks, and what to do."""
    gap = Gap(row.gap)
    return row, gap.label, WHAT_TO_DO[gap]


@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """`gap`, `community` and `kind` narrow it; an instructor sees those that he instructs."""
    user, today = reader(request)
    seen = NewOrganisation.objects.visible_to(user, on=today).with_names()
    rows = seen.existing(today).judged(two_new.rule_on(today), on=today)
    given = {name: request.GET.get(name, "") for name in ("gap", "community", "kind")}
    if given["gap"] in Gap.values:
        rows = coverage.with_gaps(rows, given["gap"])
    if given["community"].isdigit():
        rows = rows.filter(community=int(given["community"]))
    if given["kind"] in NewOrganisation.Kind.values:
        rows = rows.filter(kind=given["kind"])
    context = {
        "page": page_of(request, rows), "gaps": Gap, "kinds": NewOrganisation.Kind, "given": given,
        "may_register": bool(user.roles_on(today) & KEEPERS),
    }  # fmt: skip
    for row in context["page"].rows:
        row.gap_label = Gap(row.gap).label if row.gap else ""
    return render(request, "committee/organisations.html", context)


def _visible(request: HttpRequest, pk: int) -> NewOrganisation:
    user, today = reader(request)
    seen = NewOrganisation.objects.visible_to(user, on=today).with_names()
    return get_object_or_404(seen.judged(two_new.rule_on(today), on=today), pk=pk)


def _acts(request: HttpRequest, row: NewOrganisation) -> set[str]:
    """What this person may do here; the services say the same."""
    user, today = reader(request)
    mine = NewOrganisation.objects.filter(pk=row.pk)
    if row.closed_on is not None:
        return set()
    found = {"activity"}
    if mine.near(user, KEEPERS, on=today).exists():
        found |= {"edit", "close"}
    if mine.near(user, COMMITTEE, on=today).exists():
        found |= {"setup", "instructor"}
    return found


@login_required
@require_safe
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    row, (user, today) = _visible(request, pk), reader(request)
    gap: str = row.gap  # type: ignore[attr-defined]  # judged
    tasks = Directive.objects.visible_to(user, on=today).filter(owner_organisation=row)
    context = {
        "row": row,
        "acts": _acts(request, row),
        "gap": Gap(gap).label if gap and row.closed_on is None else "",
        "todo": WHAT_TO_DO.get(Gap(gap), "") if gap else "",
        "setups": row.setups.order_by("-valid_from"),
        "instructors": row.instructors.select_related("person").order_by("-valid_from"),
        "activities": row.activities.select_related("by").order_by("-held_on", "-pk")[:30],
        "tasks": tasks.with_names().order_by("due_on"),
        "today": today,
        "at": timezone.now(),
    }
    return render(request, "committee/organisation.html", context)


@role_required(*KEEPERS)
@require_http_methods(WRITES)
def new(request: HttpRequest) -> HttpResponse:
    user, today = reader(request)
    form = OrganisationForm(request.POST or None, user=user, day=today)

    def write(_given: Any) -> str:
        made = two_new.register(form.facts, by=user, at=timezone.now())
        return reverse("committee:organisation", args=[made.pk])

    return answer_form(
        request, form, write, template="committee/form.html",
        title=_("Register a new organisation"), back_url=reverse("committee:organisations"),
    )  # fmt: skip


@login_required
@require_http_methods(WRITES)
def write(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: edit, close, setup, instructor or activity."""
    row = _visible(request, pk)
    if name not in _acts(request, row):
        raise PermissionDenied
    form, act, title = _written(request, row, name)
    back = reverse("committee:organisation", args=[pk])

    def save(given: dict[str, Any]) -> str:
        act(given, {"by": signed_in(request), "at": timezone.now()})
        return back

    return answer_form(
        request, form, save, template="committee/form.html", title=title, back_url=back,
        about=row.name,
    )  # fmt: skip


def _written(request: HttpRequest, row: NewOrganisation, name: str) -> tuple[Any, Any, Any]:
    """The form, what it does, and its title."""
    (user, today), data = reader(request), request.POST or None
    if name == "edit":
        names = ("kind", "name", "uscc", "community", "staff", "party_members", "contact", "phone")
        begun = {each: getattr(row, each) for each in names}
        form = OrganisationForm(data, initial=begun, user=user, day=today)
        return (
            form,
            lambda _given, who: two_new.change(row, form.facts, **who),
            _("Change the entry"),
        )
    acts: dict[str, tuple[Any, Any, Any]] = {
        "close": (
            EndForm(data, initial={"on": today}),
            lambda given, who: two_new.close(row, on=given["on"], **who),
            _("Take it off the register"),
        ),
        "setup": (
            SetupForm(data, initial={"since": today}),
            lambda given, who: two_new.set_up(row, **given, **who),
            _("Enter a Party branch"),
        ),
        "instructor": (
            InstructorForm(data, initial={"since": today}),
            lambda given, who: two_new.send_instructor(row, given.pop("person"), **given, **who),
            _("Send an instructor"),
        ),
        "activity": (
            ActivityForm(data, initial={"held_on": today}),
            lambda given, who: two_new.record_activity(row, **given, **who),
            _("Enter an activity"),
        ),
    }
    return acts[name]


@login_required
@require_http_methods(WRITES)
def instructor_end(request: HttpRequest, pk: int) -> HttpResponse:
    sent = get_object_or_404(Instructor.objects.select_related("organisation", "person"), pk=pk)
    row = _visible(request, sent.organisation_id)
    if "instructor" not in _acts(request, row):
        raise PermissionDenied
    back = reverse("committee:organisation", args=[row.pk])
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})

    def save(given: dict[str, Any]) -> str:
        two_new.end_instructor(sent, on=given["on"], by=signed_in(request), at=timezone.now())
        return back

    title = _("End the term of %(person)s") % {"person": sent.person}
    return answer_form(
        request, form, save, template="committee/form.html", title=title, back_url=back,
        about=row.name,
    )  # fmt: skip
