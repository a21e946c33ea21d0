"""Teams: who is what in a grid, who works when, who is away; heads decide here."""

import datetime
from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grids import services
from grids.duty import Duty
from grids.forms.teams import MemberForm, OutsiderForm, PatternForm, ShiftForm
from grids.models import (
    DutyShift,
    Leave,
    Level,
    PostTerritory,
    ShiftKind,
    Swap,
    TeamMember,
    Territory,
)
from grids.models.teams import ORDER, TeamRole
from grids.rights import LEADERS, TEAM_READERS, WALKERS, may
from grids.scopes import scopes_of
from lib.errors import RuleViolation
from lib.roles import Role
from organizations.acting import acted
from organizations.calendars import working_calendar
from organizations.http import role_required, signed_in
from organizations.models import Post

WEEK = 7
MOST_UNITS = 200


@role_required(*TEAM_READERS)
@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """Communities within reach: grids, people on duty now, grids without anybody."""
    user, day = signed_in(request), timezone.localdate()
    rows = (
        Territory.objects.at_level(Level.COMMUNITY).valid_on(day).select_related("parent__parent")
    )
    communities = [
        row for row in _within_reach(request, rows.order_by("code"))[:MOST_UNITS]
        if may(user, row, on=day, roles=TEAM_READERS)
    ]  # fmt: skip
    own = _own_grids(request, {row.pk for row in communities})
    context = {"rows": _figures(communities, day), "grids": _figures_of_grids(own, day)}
    return render(request, "grids/teams.html", context)


def _own_grids(request: HttpRequest, shown: set[int]) -> list[Territory]:
    """Grids that one of the person's posts covers, of communities that are not shown whole."""
    day = timezone.localdate()
    scopes = [one for one in scopes_of(signed_in(request), on=day) if one.role in TEAM_READERS]
    keys = {key for one in scopes for key in one.grids}
    rows = Territory.objects.at_level(Level.GRID).valid_on(day).filter(pk__in=keys)
    return list(rows.exclude(parent__in=shown).select_related("parent").order_by("code"))


def _figures_of_grids(
    grids: list[Territory], day: datetime.date
) -> list[tuple[Territory, int, int]]:
    """Per grid how many walk it, and how many of them are on duty now."""
    if not grids:
        return []
    posts = _walking(day, list({row.parent_id for row in grids if row.parent_id}))
    duty = Duty.load([timezone.now()], working_calendar())
    found = []
    for row in grids:
        people = {*posts[row.pk], *posts[row.parent_id or 0]}
        found.append((row, len(people), sum(duty.is_on(post) for post in people)))
    return found


def _within_reach(request: HttpRequest, rows: Any) -> Any:
    """Only what one of the person's posts may reach: a town's people need not page a city."""
    user, day = signed_in(request), timezone.localdate()
    scopes = [one for one in scopes_of(user, on=day) if one.role in TEAM_READERS]
    if Role.SYSTEM_ADMIN in user.roles_on(day) or any(one.everywhere for one in scopes):
        return rows
    towns = {key for one in scopes for key in one.towns}
    communities = {key for one in scopes for key in one.communities}
    grids = {key for one in scopes for key in one.grids}
    return rows.filter(
        Q(parent__in=towns) | Q(pk__in=communities) | Q(children__in=grids)
    ).distinct()


def _figures(communities: list[Territory], day: datetime.date) -> list[tuple[Any, ...]]:
    keys = [row.pk for row in communities]
    grids: dict[int, list[int]] = defaultdict(list)
    living = Territory.objects.at_level(Level.GRID).filter(parent__in=keys).valid_on(day)
    for key, parent in living.values_list("pk", "parent_id"):
        grids[parent].append(key)
    posts = _walking(day, keys)
    duty = Duty.load([timezone.now()], working_calendar())
    found = []
    for row in communities:
        own = grids[row.pk]
        people = {post for key in (*own, row.pk) for post in posts[key]}
        bare = [key for key in own if not posts[key] and not posts[row.pk]]
        on_duty = sum(duty.is_on(post) for post in people)
        found.append((row, len(own), len(people), on_duty, len(bare)))
    return found


def _walking(day: datetime.date, communities: list[int]) -> dict[int, list[int]]:
    """Per territory the posts that walk it."""
    rows = PostTerritory.objects.valid_on(day).filter(
        Q(territory__in=communities) | Q(territory__parent__in=communities),
        post__role__in=WALKERS,
        post__in=Post.objects.valid_on(day),
    )
    found: dict[int, list[int]] = defaultdict(list)
    for territory, post in rows.values_list("territory_id", "post_id"):
        found[territory].append(post)
    return found


def _unit(request: HttpRequest, code: str) -> Territory:
    """A grid or community whose team the person may read; else it is not there."""
    levels = [Level.GRID, Level.COMMUNITY]
    rows = Territory.objects.filter(level__in=levels).select_related("parent__parent__parent")
    unit: Territory = get_object_or_404(rows, code=code)
    if not may(signed_in(request), unit, on=timezone.localdate(), roles=TEAM_READERS):
        raise PermissionDenied
    return unit


def _may_lead(request: HttpRequest, unit: Territory) -> bool:
    return may(signed_in(request), unit, on=timezone.localdate(), roles=LEADERS)


def _demand_lead(request: HttpRequest, unit: Territory) -> None:
    if not _may_lead(request, unit):
        raise PermissionDenied


@role_required(*TEAM_READERS)
@require_safe
def team(request: HttpRequest, code: str) -> HttpResponse:
    unit = _unit(request, code)
    return render(request, "grids/team.html", _team_context(request, unit))


def _team_context(request: HttpRequest, unit: Territory, **forms: Any) -> dict[str, Any]:
    day = timezone.localdate()
    first = parse_date(request.GET.get("week", "")) or day
    monday = first - datetime.timedelta(days=first.weekday())
    duty = Duty.load([timezone.now()], working_calendar())
    walkers = _walkers(unit, day)
    leaves = Leave.objects.filter(post__in=walkers, last_day__gte=day).with_names()
    return {
        "unit": unit,
        "members": _members(unit, duty, day),
        "grids": Territory.objects.filter(parent=unit, level=Level.GRID)
        .valid_on(day)
        .order_by("code"),
        "walkers": [(post, duty.is_on(post.pk), duty.is_away(post.pk)) for post in walkers],
        "week": _week(walkers, monday),
        "before": monday - datetime.timedelta(days=WEEK),
        "after": monday + datetime.timedelta(days=WEEK),
        "leaves": leaves.exclude(state__in=["refused", "withdrawn"]).order_by("first_day"),
        "swaps": Swap.objects.open().filter(mine__post__in=walkers).with_names(),
        "may_lead": _may_lead(request, unit),
        "kinds": ShiftKind.objects.valid_on(day).order_by("starts"),
        "member_form": forms.get("member") or _member_form(unit, request.GET.get("add", "")),
        "pattern_form": forms.get("pattern") or PatternForm(initial={"first": day}),
    }


def _member_form(unit: Territory, role: str) -> MemberForm:
    """Empty; with the part that somebody was sent here to fill."""
    day = timezone.localdate()
    return MemberForm(
        posts=services.posts_for(unit, on=day),
        initial={"since": day, "role": role or TeamRole.FULL_TIME},
    )


def _members(
    unit: Territory, duty: Duty, day: datetime.date
) -> list[tuple[TeamMember, bool, bool]]:
    """The team in the order of its parts; a community's own people also stand for its grids."""
    keys = [unit.pk] + ([unit.parent_id] if unit.level == Level.GRID else [])
    rows = TeamMember.objects.of([key for key in keys if key], on=day)
    members = sorted(rows, key=lambda row: (ORDER[TeamRole(row.role)], row.pk))
    return [
        (row, bool(row.post_id and duty.is_on(row.post_id)), row.territory_id == unit.pk)
        for row in members
    ]


def _walkers(unit: Territory, day: datetime.date) -> list[Post]:
    """Posts that walk the unit, or its grids."""
    rows = PostTerritory.objects.valid_on(day).filter(
        Q(territory=unit) | Q(territory__parent=unit), post__role__in=WALKERS
    )
    return list(
        Post.objects.valid_on(day).filter(pk__in=rows.values("post")).with_names().order_by("pk")
    )


def _week(posts: list[Post], monday: datetime.date) -> dict[str, Any]:
    days = [monday + datetime.timedelta(days=number) for number in range(WEEK)]
    shifts: dict[tuple[int, datetime.date], list[DutyShift]] = defaultdict(list)
    rows = DutyShift.objects.of_posts([post.pk for post in posts]).select_related("kind")
    for shift in rows.filter(day__gte=days[0], day__lte=days[-1]):
        shifts[shift.post_id, shift.day].append(shift)
    away = {
        (leave.post_id, day)
        for leave in Leave.objects.approved().filter(
            post__in=posts, first_day__lte=days[-1], last_day__gte=days[0]
        )
        for day in days
        if leave.first_day <= day <= leave.last_day
    }
    return {
        "days": days,
        "rows": [
            (post, [(day, shifts[post.pk, day], (post.pk, day) in away) for day in days])
            for post in posts
        ],
        "is_empty": not shifts,
    }


@role_required(*LEADERS)
@require_POST
def join(request: HttpRequest, code: str) -> HttpResponse:
    unit = _unit(request, code)
    _demand_lead(request, unit)
    form = MemberForm(request.POST, posts=services.posts_for(unit, on=timezone.localdate()))
    if form.is_valid():
        try:
            services.join_team(unit, by=signed_in(request), at=timezone.now(), **form.cleaned_data)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The team has one more member."))
            return redirect("grids:team", code)
    return render(request, "grids/team.html", _team_context(request, unit, member=form), status=422)


def _member(request: HttpRequest, pk: int) -> TeamMember:
    rows = TeamMember.objects.select_related("territory__parent__parent__parent", "post")
    member = get_object_or_404(rows, pk=pk)
    _demand_lead(request, member.territory)
    return member


@role_required(*LEADERS)
@require_POST
def change_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Office, telephone and consent of somebody from another office."""
    member = _member(request, pk)
    form = OutsiderForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors.get("phone", [])))
    else:
        acted(request, services.change_member, member, done=_("Changed."), **form.cleaned_data)
    return redirect("grids:team", member.territory.code)


@role_required(*LEADERS)
@require_POST
def leave_team(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    day = timezone.localdate()
    acted(request, services.leave_team, member, done=_("The part in the team has ended."), on=day)
    return redirect("grids:team", member.territory.code)


@role_required(*LEADERS)
@require_POST
def roster(request: HttpRequest, code: str) -> HttpResponse:
    """Shifts for everybody who walks the unit, by a pattern."""
    unit = _unit(request, code)
    _demand_lead(request, unit)
    form = PatternForm(request.POST)
    if form.is_valid():
        at = timezone.now()
        posts = _walkers(unit, timezone.localdate(at))
        pattern = services.Pattern(**form.cleaned_data)
        try:
            made = services.make_roster(posts, pattern, by=signed_in(request), at=at)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(n)d shifts are in the roster.") % {"n": len(made)})
            address = reverse("grids:team", args=[code])
            return redirect(f"{address}?week={pattern.first.isoformat()}#roster")
    context = _team_context(request, unit, pattern=form)
    return render(request, "grids/team.html", context, status=422)


@role_required(*LEADERS)
@require_POST
def shift(request: HttpRequest, code: str, post: int) -> HttpResponse:
    """One day of one person."""
    unit = _unit(request, code)
    _demand_lead(request, unit)
    walkers = [one.pk for one in _walkers(unit, timezone.localdate())]
    row = get_object_or_404(Post.objects.filter(pk__in=walkers), pk=post)
    form = ShiftForm(request.POST, kinds=ShiftKind.objects.valid_on(timezone.localdate()))
    if not form.is_valid():
        messages.error(request, _("Choose a day and a shift."))
        return redirect("grids:team", code)
    given = form.cleaned_data
    acted(
        request, services.set_shift, row, done=_("The roster is changed."),
        kind=given["kind"], day=given["day"],
    )  # fmt: skip
    return redirect(f"{reverse('grids:team', args=[code])}?week={given['day'].isoformat()}#roster")
