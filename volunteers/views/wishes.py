"""Wishes: the public list, asking, the desk of the community, and one wish with what happens."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grids.locate import Place
from grids.models import Territory
from lib import registry
from lib.masking import mask_text
from lib.roles import Role
from organizations.acting import answer_act, answer_form, page_of
from organizations.http import role_required, roles_of, signed_in
from organizations.models import User
from volunteers.forms.hours import ReasonForm
from volunteers.forms.wishes import PublicForm, WishForm
from volunteers.http import person_required
from volunteers.models import Take, Wish
from volunteers.models.wishes import SCREENERS
from volunteers.services import actors, wishes
from volunteers.services.ways import TAKE, WISH

STORIES = 12


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Wishes that wait for somebody, and what was granted."""
    now, user = timezone.now(), request.user
    rows = Wish.objects.for_takers(user, on=timezone.localdate(now)).with_names()
    told = Take.objects.told().order_by("-told_at", "-pk")[:STORIES]
    mine: Any = Wish.objects.filter(asker=user.pk).with_names().order_by("-pk") if user.pk else []
    context = {
        "page": page_of(request, rows, order=("needed_by", "pk")),
        "stories": told,
        "granted": Wish.objects.listed().filter(state="granted").count(),
        "mine": mine[:20],
        "taken": Take.objects.with_names().filter(taker=user.pk).order_by("-pk")[:20]
        if user.pk
        else [],
        "at": now,
    }
    return render(request, "volunteers/wishes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def ask(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = WishForm(request.POST or None, is_worker=_is_worker(request))

    def write(given: dict[str, Any]) -> str:
        made = wishes.ask(form.asked, _place(given["community"]), by=user, at=timezone.now())
        messages.success(request, _("Thank you. A worker of the community looks at it."))
        return reverse("volunteers:wish", args=[made.pk])

    return answer_form(
        request, form, write, title=_("Make a wish"), template="volunteers/wish_form.html"
    )


def _is_worker(request: HttpRequest) -> bool:
    return not roles_of(request).isdisjoint(wishes.ASKERS)


def _place(community: Territory) -> Place:
    return Place(community.parent_id, community.pk, None)


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    found = get_object_or_404(Wish.objects.filter(asker=user), pk=pk)
    begun = {
        name: getattr(found, name)
        for name in (
            "kind", "title", "text", "quantity", "amount", "needed_by", "is_private", "tell",
            "for_name", "for_phone", "community",
        )
    }  # fmt: skip
    form = WishForm(request.POST or None, initial=begun, is_worker=_is_worker(request))

    def write(_given: dict[str, Any]) -> str:
        wishes.edit(found, form.asked, by=user, at=timezone.now())
        return reverse("volunteers:wish", args=[pk])

    return answer_form(
        request,
        form,
        write,
        title=_("Change the wish"),
        wish=found,
        template="volunteers/wish_form.html",
    )


def _visible(request: HttpRequest, pk: int) -> Wish:
    visible = Wish.objects.visible_to(request.user, on=timezone.localdate())
    return get_object_or_404(visible.with_names(), pk=pk)


@require_safe
def wish(request: HttpRequest, pk: int) -> HttpResponse:
    """In public words for everybody; more for who asked, looks after it, or took it up."""
    found, now, user = _visible(request, pk), timezone.now(), request.user
    knows = isinstance(user, User) and (
        found.asker_id == user.pk or actors.looks_after(user, found, at=now)
    )
    takes = list(
        Take.objects.visible_to(user, on=timezone.localdate(now))
        .filter(wish=found)
        .with_names()
        .prefetch_related("goods")
        .order_by("pk")
    )
    moves = set(WISH.open_to(found, by=user, at=now)) if isinstance(user, User) else set()
    context = {
        "wish": found,
        "knows": knows,
        "moves": moves - {"edit"} if not knows else moves,
        "told": Take.objects.told().filter(wish=found).order_by("pk"),
        "takes": [{"take": row, "moves": _moves(row, user, now)} for row in takes],
        "may_take": _may_take(found, user),
        "money": _money_of(found),
        "may_tell": found.tell != Wish.Tell.NOTHING and not found.is_private,
        "is_clerk": Role.FINANCE_MAKER in roles_of(request),
        "reason_form": ReasonForm(),
        "events": found.events.select_related("by").order_by("number") if knows else [],
        "at": now,
    }
    return render(request, "volunteers/wish.html", context)


def _money_of(found: Wish) -> list[registry.Reference]:
    """Where everybody follows what was kept for it, in the app that shows the ledger."""
    keys = found.takes.exclude(hold=None).order_by("pk").values_list("hold", flat=True)
    pairs = [("public_hold", str(key)) for key in keys]
    shown = registry.references.resolve(pairs, None)
    return [shown[pair] for pair in pairs if pair in shown]


def _moves(take: Take, user: Any, now: Any) -> set[str]:
    moves = set(TAKE.open_to(take, by=user, at=now)) if isinstance(user, User) else set()
    return moves if take.is_unanswered(now) else moves - {"vouch"}


def _may_take(found: Wish, user: Any) -> bool:
    today = timezone.localdate()
    free = Wish.objects.for_takers(user, on=today).filter(pk=found.pk).exists()
    return free and (found.asker_id != user.pk or found.on_behalf)


@require_POST
@person_required
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: resubmit, return, refuse or withdraw."""
    found = _visible(request, pk)
    who: dict[str, Any] = {"by": signed_in(request), "at": timezone.now()}
    reason = request.POST.get("reason", "")[:300]
    acts = {
        "resubmit": lambda: wishes.resubmit(found, **who),
        "return": lambda: wishes.send_back(found, reason=reason, **who),
        "refuse": lambda: wishes.refuse_wish(found, reason=reason, **who),
        "withdraw": lambda: wishes.withdraw_wish(found, **who),
    }
    back = reverse("volunteers:wish", args=[pk])
    return answer_act(request, acts[name], done=_("Done."), back=back)


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """The worker's wording; begun from the asker's words with what names people masked."""
    found, user = _visible(request, pk), signed_in(request)
    if not actors.looks_after(user, found, at=timezone.now()):
        raise PermissionDenied
    names = [name for name in (found.for_name, found.asker.full_name) if name]
    begun = {"title": mask_text(found.title, names), "text": mask_text(found.text, names)}
    form = PublicForm(request.POST or None, initial=begun)

    def write(given: dict[str, Any]) -> str:
        wishes.publish(found, by=user, at=timezone.now(), **given)
        return reverse("volunteers:wish", args=[pk])

    return answer_form(request, form, write, wish=found, template="volunteers/wish_publish.html")


@role_required(*SCREENERS, Role.FINANCE_MAKER)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What the community has to do about wishes."""
    user, today = signed_in(request), timezone.localdate()
    near = Wish.objects.near(user, on=today).with_names()
    money = Take.objects.money_waiting(user, on=today).with_names()
    context = {
        "waiting": near.waiting().exclude(asker=user).order_by("pk")[:50],
        "overdue": near.overdue(today).order_by("needed_by")[:50],
        "page": page_of(request, near.filter(state__in=["open", "taken"]), order=("-pk",)),
        "money": money.order_by("pk")[:50],
        "unanswered": Take.objects.to_vouch_for(user, on=today).with_names()[:50],
        "at": timezone.now(),
    }
    return render(request, "volunteers/wishes_desk.html", context)
