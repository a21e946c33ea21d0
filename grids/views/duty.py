"""My duty: the worker's own shifts, leave, swaps and what residents read; made for a phone."""

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grids import services
from grids.duty import Duty
from grids.duty_workflow import LEAVE_MOVES, SWAP_MOVES
from grids.forms.teams import CardForm, LeaveForm, SwapForm
from grids.models import DutyShift, Leave, PublicCard, Swap
from grids.rights import LEADS, ON_DUTY
from grids.services.leading import actors_for
from lib.errors import NotYours, RuleViolation
from lib.workflow import moves_open_to
from organizations.acting import acted
from organizations.calendars import working_calendar
from organizations.http import role_required, roles_of, signed_in
from organizations.models import Post

DECIDERS = ON_DUTY | LEADS
AHEAD = datetime.timedelta(days=14)
PAST = datetime.timedelta(days=60)


def _mine(request: HttpRequest) -> list[Post]:
    held = Post.objects.held_by(signed_in(request), on=timezone.localdate())
    return list(held.filter(role__in=ON_DUTY).with_names().order_by("pk"))


@role_required(*ON_DUTY)
@require_safe
def my_duty(request: HttpRequest) -> HttpResponse:
    return render(request, "grids/duty.html", _context(request))


def _context(request: HttpRequest, **forms: Any) -> dict[str, Any]:
    at, day = timezone.now(), timezone.localdate()
    posts = _mine(request)
    keys = [post.pk for post in posts]
    duty = Duty.load([at], working_calendar())
    shifts = DutyShift.objects.of_posts(keys).between(at, at + AHEAD).select_related("kind")
    card = PublicCard.objects.filter(post__in=keys).first()
    leaves = Leave.objects.filter(post__in=keys, last_day__gte=day - PAST).with_names()
    standing_in = Leave.objects.approved().filter(stand_in__in=keys, last_day__gte=day)
    shown = {
        "posts": posts,
        "on_duty": any(duty.is_on(key) for key in keys),
        "away": any(duty.is_away(key) for key in keys),
        "shifts": shifts,
        "leaves": [(row, _open(request, row)) for row in leaves.order_by("-first_day")],
        "standing_in": standing_in.with_names(),
        "swaps": [(row, _open_swap(request, row)) for row in _swaps_of(keys)],
        "card_form": CardForm(
            initial={"shows_name": card.shows_name, "phone": card.phone} if card else None
        ),
        "leave_form": LeaveForm(**_choices(posts)),
        "swap_form": SwapForm(**_shifts_to_swap(posts, at)),
    }
    return {**shown, **forms}


def _swaps_of(keys: list[int]) -> Any:
    mine = Swap.objects.filter(mine__post__in=keys) | Swap.objects.filter(theirs__post__in=keys)
    return mine.open().with_names().order_by("pk")


def _open(request: HttpRequest, leave: Leave) -> list[str]:
    actors = actors_for(signed_in(request), leave.post, at=timezone.now(), asker=leave.post)
    over = leave.last_day < timezone.localdate()
    return [] if over else moves_open_to(LEAVE_MOVES, state=leave.state, actors=actors)


def _open_swap(request: HttpRequest, swap: Swap) -> list[str]:
    actors = actors_for(
        signed_in(request),
        swap.mine.post,
        at=timezone.now(),
        asker=swap.mine.post,
        colleague=swap.theirs.post,
    )
    return moves_open_to(SWAP_MOVES, state=swap.state, actors=actors)


def _choices(posts: list[Post]) -> dict[str, Any]:
    day = timezone.localdate()
    colleagues = Post.objects.valid_on(day).filter(
        body__in={post.body_id for post in posts}, role__in=ON_DUTY, person__is_active=True
    )
    keys = [post.pk for post in posts]
    return {
        "mine": Post.objects.filter(pk__in=keys).with_names(),
        "colleagues": colleagues.exclude(pk__in=keys).with_names().order_by("person__full_name"),
    }


def _shifts_to_swap(posts: list[Post], at: datetime.datetime) -> dict[str, Any]:
    keys, bodies = [post.pk for post in posts], {post.body_id for post in posts}
    coming = (
        DutyShift.objects.filter(starts_at__gt=at, starts_at__lt=at + AHEAD)
        .select_related("kind", "post__person")
        .order_by("starts_at", "post__person__full_name")
    )
    return {
        "mine": coming.filter(post__in=keys),
        "theirs": coming.filter(post__body__in=bodies).exclude(post__in=keys),
    }


def _answer(request: HttpRequest, name: str, form: Any, act: Any, done: str) -> HttpResponse:
    """Do what a form says and go back; refusals stand on it, and what was entered stays."""
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except NotYours as error:
            raise PermissionDenied(str(error)) from error
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect("grids:duty")
    return render(request, "grids/duty.html", _context(request, **{name: form}), status=422)


@role_required(*ON_DUTY)
@require_POST
def ask_leave(request: HttpRequest) -> HttpResponse:
    form = LeaveForm(request.POST, **_choices(_mine(request)))

    def act(given: dict[str, Any]) -> None:
        days = (given.pop("first_day"), given.pop("last_day"))
        post = given.pop("post")
        services.ask_leave(post, days=days, by=signed_in(request), at=timezone.now(), **given)

    return _answer(request, "leave_form", form, act, _("Your leave is asked for."))


@role_required(*ON_DUTY)
@require_POST
def ask_swap(request: HttpRequest) -> HttpResponse:
    form = SwapForm(request.POST, **_shifts_to_swap(_mine(request), timezone.now()))

    def act(given: dict[str, Any]) -> None:
        services.ask_swap(**given, by=signed_in(request), at=timezone.now())

    return _answer(request, "swap_form", form, act, _("Your colleague has been asked."))


@role_required(*ON_DUTY)
@require_POST
def card(request: HttpRequest) -> HttpResponse:
    """One consent for all of one's posts here."""
    posts = _mine(request)

    def act(given: dict[str, Any]) -> None:
        for post in posts:
            services.set_public_card(post, by=signed_in(request), at=timezone.now(), **given)

    return _answer(request, "card_form", CardForm(request.POST), act, _("Saved."))


def _back(request: HttpRequest) -> HttpResponse:
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        return redirect(back)
    return redirect("grids:duty_requests" if LEADS & roles_of(request) else "grids:duty")


@role_required(*DECIDERS)
@require_POST
def move_leave(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    leave = get_object_or_404(Leave.objects.with_names(), pk=pk)
    if name not in LEAVE_MOVES or not _concerns(request, leave.post):
        raise Http404
    note = request.POST.get("note", "")[:200]
    acted(request, services.move_leave, leave, name, done=_("Done."), note=note)
    return _back(request)


@role_required(*DECIDERS)
@require_POST
def move_swap(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    swap = get_object_or_404(Swap.objects.with_names(), pk=pk)
    concerned = _concerns(request, swap.mine.post) or _concerns(request, swap.theirs.post)
    if name not in SWAP_MOVES or not concerned:
        raise Http404
    acted(request, services.move_swap, swap, name, done=_("Done."))
    return _back(request)


def _concerns(request: HttpRequest, post: Post) -> bool:
    """One's own, or of a body that one heads: everything else is not there."""
    user = signed_in(request)
    return post.person_id == user.pk or services.leads(user, post, on=timezone.localdate())
