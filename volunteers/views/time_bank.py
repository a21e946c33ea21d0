"""The time bank: one's own account, and the community's pool for who keeps it."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib.masking import mask_name
from organizations.acting import answer_form, new_key, page_of
from organizations.http import role_required, signed_in
from organizations.models import Body, User
from volunteers.forms.time_bank import BackForm, CareForm, OpenForm, SendForm
from volunteers.hours_words import in_hours
from volunteers.http import person_required
from volunteers.models import TimeAccount, TimeTransfer
from volunteers.models.time_bank import READERS
from volunteers.services import time_bank

MEMBERS = 100


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def account(request: HttpRequest) -> HttpResponse:
    """My account; without one, the form that opens it."""
    user = signed_in(request)
    mine = TimeAccount.objects.with_names().filter(person=user).first()
    if mine is None:
        return _open(request, user)
    page = page_of(request, TimeTransfer.objects.of(mine).with_names())
    context = {
        "account": mine,
        "page": page,
        "moves": [_told(row, mine) for row in page.rows],
        "rule": time_bank.rule_on(timezone.localdate()),
        "at": timezone.now(),
    }
    return render(request, "volunteers/time_account.html", context)


def _open(request: HttpRequest, user: User) -> HttpResponse:
    form = OpenForm(request.POST or None)

    def write(given: dict[str, Any]) -> str:
        pool = TimeAccount.objects.get(body=given["body"])
        time_bank.open_account(user, pool, by=user, at=timezone.now())
        return reverse("volunteers:time_account")

    return answer_form(request, form, write, template="volunteers/time_open.html")


def _told(row: Any, account: TimeAccount) -> dict[str, Any]:
    """A transfer as the owner of one side reads it; people on the other side are masked."""
    goes_out = row.source_id == account.pk
    other = row.target if goes_out else row.source
    name = str(other) if other.is_pool else mask_name(str(other))
    return {
        "row": row,
        "other": name,
        "minutes": in_hours(-row.amount if goes_out else row.amount),
        "out": goes_out,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def send(request: HttpRequest) -> HttpResponse:
    """Pay for help, or make a present."""
    user = signed_in(request)
    mine = get_object_or_404(TimeAccount.objects.with_names(), person=user)
    form = SendForm(request.POST or None, initial={"key": new_key()})

    def write(given: dict[str, Any]) -> str:
        act = time_bank.give if given["what"] == "gift" else time_bank.pay
        asked = {name: given[name] for name in ("minutes", "key", "note")}
        act(mine, given["to"], by=user, at=timezone.now(), **asked)
        return reverse("volunteers:time_account")

    context = {"account": mine, "spendable": in_hours(mine.spendable)}
    return answer_form(request, form, write, **context, template="volunteers/time_send.html")


# -- Pools -------------------------------------------------------------------------------------


@role_required(*READERS)
@require_safe
def pools(request: HttpRequest) -> HttpResponse:
    user, today = signed_in(request), timezone.localdate()
    visible = TimeAccount.objects.visible_to(user, on=today).pools().with_names()
    page = page_of(request, visible, order=("pk",))
    context = {"page": page, "without": time_bank.bodies_without_pool(user, at=timezone.now())}
    return render(request, "volunteers/time_pools.html", context)


@role_required(*READERS)
@require_POST
def open_pool(request: HttpRequest, code: str) -> HttpResponse:
    """The pool of a community that has none yet."""
    user, now = signed_in(request), timezone.now()
    body = get_object_or_404(Body.objects.visible_to(user, on=timezone.localdate()), code=code)
    if not time_bank.keeps(user, body.pk, at=now):
        raise PermissionDenied
    time_bank.open_pool(body, by=user, at=now)
    return redirect("volunteers:time_pools")


def _pool(request: HttpRequest, pk: int) -> TimeAccount:
    visible = TimeAccount.objects.visible_to(signed_in(request), on=timezone.localdate())
    return get_object_or_404(visible.pools().with_names(), pk=pk)


@role_required(*READERS)
@require_safe
def pool(request: HttpRequest, pk: int) -> HttpResponse:
    """What the pool and its people have, and what moved; who keeps it pays from it."""
    found, now = _pool(request, pk), timezone.now()
    page = page_of(request, TimeTransfer.objects.around(found).with_names())
    rows = cast("list[TimeTransfer]", page.rows)
    members = found.members.with_names().order_by("-balance", "pk")[:MEMBERS]
    context = {
        "pool": found,
        "members": [{"row": row, "hours": in_hours(row.balance)} for row in members],
        "page": page,
        "moves": [{"row": row, "hours": in_hours(row.amount)} for row in rows],
        "balance": in_hours(found.balance),
        "may_keep": time_bank.keeps(signed_in(request), found.body_id, at=now),
        "at": now,
    }
    return render(request, "volunteers/time_pool.html", context)


@role_required(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def care(request: HttpRequest, pk: int) -> HttpResponse:
    """The community pays for help that somebody had."""
    found, user = _pool(request, pk), signed_in(request)
    if not time_bank.keeps(user, found.body_id, at=timezone.now()):
        raise PermissionDenied
    form = CareForm(request.POST or None, initial={"key": new_key()})

    def write(given: dict[str, Any]) -> str:
        asked = {name: given[name] for name in ("minutes", "key", "note")}
        time_bank.pay(found, given["to"], by=user, at=timezone.now(), **asked)
        return reverse("volunteers:time_pool", args=[pk])

    return answer_form(request, form, write, pool=found, template="volunteers/time_care.html")


@role_required(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a wrong transfer back, with the reason."""
    user, today = signed_in(request), timezone.localdate()
    accounts = TimeAccount.objects.visible_to(user, on=today)
    rows = TimeTransfer.objects.with_names().between(accounts).filter(reverses=None)
    found = get_object_or_404(rows, pk=pk)
    home = found.source.home or found.target.home
    form = BackForm(request.POST or None, initial={"key": new_key()})

    def write(given: dict[str, Any]) -> str:
        time_bank.reverse(found, by=user, at=timezone.now(), **given)
        return reverse("volunteers:time_pools")

    context = {"transfer": found, "hours": in_hours(found.amount), "pool": home}
    return answer_form(request, form, write, **context, template="volunteers/time_back.html")
