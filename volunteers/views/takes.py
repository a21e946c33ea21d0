"""Taking up a wish, and what follows: delivered, confirmed, thanked, told, and its money."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from funding.models import DONATION, Line
from lib.errors import RuleViolation
from lib.roles import Role
from organizations.acting import answer_act, answer_form
from organizations.http import role_required, signed_in
from organizations.models import Body, User
from volunteers.forms.wishes import DeliverForm, GiftForm, KeepForm, TakeForm
from volunteers.http import person_required
from volunteers.models import DoubleReport, Organisation, Take, Wish
from volunteers.services import actors, taking, wish_money
from volunteers.services.taking import For


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """For oneself, an organisation, a unit, as a party member, or from the community's money."""
    user, now = signed_in(request), timezone.now()
    visible = Wish.objects.visible_to(user, on=timezone.localdate(now)).open()
    found = get_object_or_404(visible.with_names(), pk=pk)
    choices = _choices(found, user)
    form = TakeForm(request.POST or None, whom=[(key, label) for key, label, _whom in choices])
    whom = {key: chosen for key, _label, chosen in choices}

    def write(given: dict[str, Any]) -> str:
        taking.take_up(
            found, whom[given["whom"]], quantity=given["quantity"], by=user, at=timezone.now()
        )
        return reverse("volunteers:wish", args=[pk])

    return answer_form(request, form, write, wish=found, template="volunteers/wish_take.html")


def _choices(wish: Wish, user: User) -> list[tuple[str, str, For]]:
    """(key, words, for whom) that this person may choose."""
    now = timezone.now()
    today = timezone.localdate(now)
    found = [("me", _("for myself"), For())]
    led = Organisation.objects.active().led_by(user, on=today)
    found += [(f"o{row.pk}", str(row), For(organisation=row)) for row in led]
    reports = DoubleReport.objects.of(user).filter(state="accepted", community=wish.community_id)
    found += [
        (f"r{row.pk}", str(row.unit) if row.unit else _("as a party member"), For(report=row))
        for row in reports.select_related("unit")
    ]
    if actors.looks_after(user, wish, at=now):
        bodies = Body.objects.filter(territories__territory=wish.community_id).distinct()
        words = _("%(body)s, from its own money")
        found += [(f"b{row.pk}", words % {"body": row}, For(body=row)) for row in bodies]
    return found


def _take(request: HttpRequest, pk: int) -> Take:
    visible = Take.objects.visible_to(signed_in(request), on=timezone.localdate())
    return get_object_or_404(visible.with_names(), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def deliver(request: HttpRequest, pk: int) -> HttpResponse:
    found, user = _take(request, pk), signed_in(request)
    form = DeliverForm(request.POST or None)

    def write(given: dict[str, Any]) -> str:
        taking.deliver(found, by=user, at=timezone.now(), **given)
        return reverse("volunteers:wish", args=[found.wish_id])

    return answer_form(request, form, write, take=found, template="volunteers/wish_deliver.html")


@require_POST
@person_required
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: confirm, vouch, dispute, give_back, thank or tell."""
    found = _take(request, pk)
    who: dict[str, Any] = {"by": signed_in(request), "at": timezone.now()}
    words = (request.POST.get("words") or request.POST.get("reason") or "")[:300]
    acts = {
        "confirm": lambda: taking.confirm_receipt(found, **who),
        "vouch": lambda: taking.vouch_receipt(found, reason=words, **who),
        "dispute": lambda: taking.dispute(found, reason=words, **who),
        "give_back": lambda: taking.give_back(found, reason=words, **who),
        "thank": lambda: taking.thank(found, words=words, **who),
        "tell": lambda: taking.tell(found, words=words, **who),
    }
    back = reverse("volunteers:wish", args=[found.wish_id])
    return answer_act(request, acts[name], done=_("Done."), back=back)


@role_required(Role.FINANCE_MAKER)
@require_http_methods(["GET", "HEAD", "POST"])
def money(request: HttpRequest, pk: int) -> HttpResponse:
    """Each step of a wish's money on one page: given, kept, owed; then applied for and paid."""
    user, today = signed_in(request), timezone.localdate()
    rows = Take.objects.money_of(user, on=today).with_names()
    found = get_object_or_404(rows, pk=pk)
    lines = Line.objects.visible_to(user, on=today).valid_on(today)
    gift = GiftForm(request.POST or None, lines=lines.filter(source__code=DONATION), prefix="gift")
    own = (
        lines if found.body_id else lines.filter(pk=found.donation.line_id if found.donation else 0)
    )
    keep = KeepForm(request.POST or None, lines=own, prefix="keep", initial={"line": own.first()})
    if request.method == "POST":
        return _act(request, found, gift, keep)
    context = {"take": found, "gift": gift, "keep": keep, "worth": wish_money.worth(found)}
    return render(request, "volunteers/wish_money.html", {**context, "at": timezone.now()})


def _act(request: HttpRequest, take: Take, gift: GiftForm, keep: KeepForm) -> HttpResponse:
    who: dict[str, Any] = {"by": signed_in(request), "at": timezone.now()}
    name = request.POST.get("act", "")

    def act() -> object:
        if name == "gift" and gift.is_valid():
            return wish_money.record_gift(take, **gift.cleaned_data, **who)
        if name == "keep" and keep.is_valid():
            return wish_money.keep_money(take, **keep.cleaned_data, **who)
        if name == "owe":
            return wish_money.owe_money(take, **who)
        if name == "free":
            return wish_money.free_money(take, **who)
        raise RuleViolation(_("Choose the budget line and the purpose."), code="incomplete")

    if name not in {"gift", "keep", "owe", "free"}:
        raise Http404
    back = reverse("volunteers:wish_money", args=[take.pk])
    return answer_act(request, act, done=_("Done."), back=back)
