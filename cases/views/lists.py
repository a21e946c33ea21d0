"""Lists of cases: all that one may see, my tasks, my department, what waits on a desk."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.columns import LISTED, USUAL, chosen
from cases.forms.actions import ACTIONS
from cases.forms.choices import PostField
from cases.forms.filters import CaseFilter
from cases.forms.lists import ViewForm, kept, narrowed
from cases.models import Case, SavedView
from cases.models.queries import ROLES_OF_DESK, CaseQuerySet
from cases.services.bulk import SERVICES
from cases.services.searching import ranked
from cases.views.detail import page_of, visible
from cases.workflow import Desk
from funding.models import Line
from grids.scopes import scopes_of
from lib import keyset
from lib.roles import Role
from organizations import acting
from organizations.http import role_required, roles_of, signed_in
from organizations.models import Body, Post

NEWEST, BY_TIME_LEFT, OLDEST = ("-id",), ("handle_due_at", "id"), ("id",)
FIRST_OF_DESK = 20
BEST = 50
BULK_MOVES = [ACTIONS[name] for name in SERVICES]


ORDERS: dict[str, tuple[str, ...]] = {"oldest": OLDEST, "left": BY_TIME_LEFT}
MOST_COUNTED = 1000


@require_GET
@login_required
def case_list(request: HttpRequest) -> HttpResponse:
    """Everything that this person may see, under the filters, columns and order asked for."""
    user, at = signed_in(request), timezone.now()
    views = list(SavedView.objects.open_to(user, on=timezone.localdate(at)))
    first = next((view for view in views if view.is_default), None)
    if first is not None and first.query and not request.GET:
        return redirect(f"{request.path}?{first.query}")
    found = narrowed(request.GET, user=user, at=at)
    order = request.GET.get("order", "")
    context = {
        "filter": found,
        "views": views,
        "view_form": ViewForm(user=user, on=timezone.localdate(at)),
        "moves": BULK_MOVES,
        "query": kept(request.GET),
        **chosen_columns(request),
    }
    if order == "best" and found.form.is_valid() and found.form.cleaned_data.get("q"):
        return _ranked(request, found, **context)
    rows = found.cases.with_limit() if order == "left" else found.cases
    return _list(request, "list", rows, ORDERS.get(order, NEWEST), **context)


def chosen_columns(request: HttpRequest) -> dict[str, Any]:
    keys = request.GET.getlist("columns")
    return {"columns": chosen(keys, among=LISTED, usual=USUAL), "all_columns": LISTED.values()}


def _ranked(request: HttpRequest, found: CaseFilter, **context: Any) -> HttpResponse:
    """The best of the newest thousand that hold the words."""
    newest = found.cases.order_by("-id").first_rows(MOST_COUNTED)
    best = ranked(newest, found.form.cleaned_data["q"])[:BEST]
    page = keyset.Page(rows=best, next=None, previous=None)
    context |= {"page": page, "at": timezone.now(), **_beside(request)}
    return render(request, "cases/list.html", context)


@require_GET
@login_required
def count(request: HttpRequest) -> HttpResponse:
    """How many cases the list has; beyond a thousand it says so and counts no further."""
    rows = narrowed(request.GET, user=signed_in(request), at=timezone.now()).cases.order_by()
    number = rows.values("pk")[: MOST_COUNTED + 1].count()
    context = {"number": min(number, MOST_COUNTED), "more": number > MOST_COUNTED}
    return render(request, "cases/_count.html", context)


@require_GET
@login_required
def tasks(request: HttpRequest) -> HttpResponse:
    """What lies on the posts of this person, by time left."""
    on = timezone.localdate()
    posts = Post.objects.held_by(signed_in(request), on=on)
    return _list(request, "tasks", Case.objects.on_posts(posts).for_list(), BY_TIME_LEFT)


@require_GET
@role_required(Role.DEPARTMENT_HEAD)
def department(request: HttpRequest) -> HttpResponse:
    """A department's work, what waits for its head, its people's load and its lines."""
    on = timezone.localdate()
    bodies = _bodies_led(request)
    body = _chosen(request, bodies)
    waiting = Case.objects.on_desk(signed_in(request), on=on).filter(desk=Desk.HEAD, desk_body=body)
    return _list(
        request,
        "department",
        Case.objects.of_body(body.pk).for_list(),
        BY_TIME_LEFT,
        body=body,
        bodies=bodies,
        waiting=waiting.for_list()[:FIRST_OF_DESK],
        posts=PostField.of_body(body.pk, on=on),
        lines=Line.objects.filter(body=body).valid_on(on).with_names().order_by("code"),
    )


@require_GET
@login_required
def queue(request: HttpRequest, desk: str) -> HttpResponse:
    """What waits on a desk that this person serves, the oldest first."""
    if ROLES_OF_DESK.get(cast("Desk", desk), frozenset()).isdisjoint(roles_of(request)):
        raise Http404
    waiting = Case.objects.on_desk(signed_in(request), on=timezone.localdate()).filter(desk=desk)
    return _list(request, "queue", waiting.for_list(), OLDEST, desk=Desk(desk))


def _list(
    request: HttpRequest, name: str, rows: CaseQuerySet, order: Sequence[str], **context: Any
) -> HttpResponse:
    """One page of rows, and the case that is open beside them."""
    page = acting.page_of(request, rows, order=order, size=50)
    context |= {"page": page, "at": timezone.now(), **_beside(request)}
    return render(request, f"cases/{name}.html", context)


def _beside(request: HttpRequest) -> dict[str, Any]:
    number = request.GET.get("open", "")
    case = visible(request).for_page().filter(number=number).first()
    return {"beside": page_of(request, case)} if number and case else {}


def _bodies_led(request: HttpRequest) -> list[Body]:
    scopes = scopes_of(signed_in(request), on=timezone.localdate())
    led = {
        body for scope in scopes if scope.role == Role.DEPARTMENT_HEAD for body in scope.body_ids
    }
    return list(Body.objects.filter(pk__in=led).order_by("pk"))


def _chosen(request: HttpRequest, bodies: list[Body]) -> Body:
    asked = request.GET.get("body", "")
    found = [body for body in bodies if str(body.pk) == asked] if asked else bodies
    if not found:
        raise Http404
    return found[0]
