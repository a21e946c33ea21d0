"""Appraisals: the list, opening one, its page with every result, its moves; with other weights."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grids.models import Level, Territory
from grids.scopes import scopes_of
from lib.fen import NotAnAmount, parse_yuan
from organizations.acting import answer_act, answer_form, page_of
from organizations.http import reader, role_required
from organizations.models import User
from oversight import results
from oversight.forms.appraisals import OpenForm, ReasonForm
from oversight.models import Appraisal, Appraised, Edition, Score
from oversight.periods import Kind
from oversight.scoring import as_read
from oversight.services import appraising, reviewing
from oversight.services.appraisal_moves import open_to
from oversight.workflow import OPENERS, UNDER_REVIEW, Grade


@require_safe
@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """What I may read, and my own results."""
    user, today = reader(request)
    rows = Appraisal.objects.visible_to(user, on=today).with_names()
    seen = Appraised.objects.visible_to(user, on=today).filter(person=user)
    mine = Score.objects.newest().filter(appraised__in=seen.values("pk")).for_list()
    context = {
        "page": page_of(request, rows),
        "mine": mine.select_related("edition__appraisal__scheme").order_by("-pk")[:12],
        "may_open": bool(user.roles_on(today) & OPENERS),
    }
    return render(request, "oversight/appraisals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*OPENERS)
def new(request: HttpRequest) -> HttpResponse:
    user, today = reader(request)
    form = OpenForm(request.POST or None, towns=_towns(user), today=today)

    def write(given: dict[str, Any]) -> str:
        row = appraising.open_appraisal(
            given["scheme"], given["town"], span=given["span"], day=given["day"], by=user,
            at=timezone.now(),
        )  # fmt: skip
        return reverse("oversight:appraisal", args=[row.pk])

    return answer_form(request, form, write, template="oversight/appraisal_new.html")


def _towns(user: User) -> Any:
    """Towns that an assessor's post covers."""
    towns = Territory.objects.at_level(Level.TOWN).order_by("code")
    scopes = [one for one in scopes_of(user, on=timezone.localdate()) if one.role in OPENERS]
    if any(one.everywhere for one in scopes):
        return towns
    return towns.filter(pk__in={key for one in scopes for key in one.towns})


def visible(request: HttpRequest, pk: int) -> Appraisal:
    user, today = reader(request)
    rows = Appraisal.objects.visible_to(user, on=today).with_names()
    return get_object_or_404(rows, pk=pk)


@require_safe
@login_required
def appraisal(request: HttpRequest, pk: int) -> HttpResponse:
    """A town has some hundred appraised at most: all of them stand on one page."""
    found, (user, today) = visible(request, pk), reader(request)
    edition = _edition(found, request.GET.get("edition", ""))
    seen = Appraised.objects.visible_to(user, on=today).filter(appraisal=found)
    shown = request.GET.get("show", "")
    scores = _scores(edition, seen).shown_as(shown)
    moves = open_to(user, found, at=timezone.now())
    context = {
        "appraisal": found,
        "edition": edition,
        "editions": found.editions.order_by("number"),
        "rows": results.rows_of(found, scores, user=user, on=today) if edition else [],
        "chips": _chips(request, shown),
        "moves": moves,
        "to_sign": _to_sign(found, moves, user),
        "eligible": reviewing.eligible(edition) if edition and "confer" in moves else set(),
        "twice": _poor_twice(edition, found),
        "may_publish": "publish" in moves and appraising.is_ripe(found, at=timezone.now()),
        "works_on_it": Appraisal.objects.overseen_by(user, on=today).filter(pk=pk).exists(),
        "reason_form": ReasonForm(),
        "events": found.events.select_related("by").order_by("number"),
    }
    return render(request, "oversight/appraisal.html", context)


def _chips(request: HttpRequest, shown: str) -> list[dict[str, Any]]:
    """All results, those ranked, or those of a grade."""
    chips = []
    for value, label in ("", _("All")), ("ranked", pgettext("appraisal", "Ranked")), *Grade.choices:
        query = request.GET.copy()
        query["show"] = value
        chips.append(
            {"label": label, "url": f"?{query.urlencode()}#results", "chosen": value == shown}
        )
    return chips


def _edition(found: Appraisal, number: str) -> Edition | None:
    """The one that was asked for, else the newest."""
    asked = int(number) if number.isdigit() else found.edition
    row = found.editions.filter(number=asked).first()
    if row is None and number:
        raise Http404
    return row


def _scores(edition: Edition | None, seen: Any) -> Any:
    rows = Score.objects.filter(edition=edition, appraised__in=seen.values("pk"))
    return rows.for_list().in_order()


def _poor_twice(edition: Edition | None, found: Appraisal) -> set[int]:
    """Keys of the results that are the second year not competent in a row."""
    if edition is None or found.span != Kind.YEAR:
        return set()
    rows = Score.objects.poor_two_years().filter(edition=edition)
    return set(rows.values_list("pk", flat=True))


def _to_sign(found: Appraisal, moves: list[str], user: User) -> int:
    """How many results this person may still sign."""
    for level, (name, _onwards) in reviewing.LEVELS.items():
        if name in moves and found.state in UNDER_REVIEW:
            on = timezone.localdate()
            return reviewing.to_sign(found, level, by=user, on=on).count()
    return 0


@require_safe
@login_required
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar while numbers are stored; the page loads again when they are."""
    found = visible(request, pk)
    answer = render(request, "oversight/_progress.html", {"appraisal": found})
    if found.state != "computing":
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@login_required
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: sign_first, sign_second, return, publicise, publish or cancel."""
    found, (user, _today) = visible(request, pk), reader(request)
    who: dict[str, Any] = {"by": user, "at": timezone.now()}
    reason = request.POST.get("reason", "")[:300]
    acts = {
        "sign_first": (lambda: reviewing.sign(found, 1, **who), _("Signed.")),
        "sign_second": (lambda: reviewing.sign(found, 2, **who), _("Signed.")),
        "return": (
            lambda: appraising.send_back(found, reason=reason, **who),
            _("Sent back: the numbers are stored anew."),
        ),
        "publicise": (lambda: appraising.publicise(found, **who), _("Those concerned see it now.")),
        "publish": (lambda: appraising.publish(found, **who), _("Published.")),
        "cancel": (lambda: appraising.cancel(found, reason=reason, **who), _("Cancelled.")),
    }
    if name not in acts:
        raise Http404
    act, done = acts[name]
    return answer_act(request, act, done=done, back=reverse("oversight:appraisal", args=[pk]))


@require_safe
@login_required
def what_if(request: HttpRequest, pk: int) -> HttpResponse:
    """Ranks as they are beside ranks with other weights; nothing is written."""
    found, (user, today) = visible(request, pk), reader(request)
    edition = _edition(found, "")
    overseen = Appraisal.objects.overseen_by(user, on=today).filter(pk=pk)
    if edition is None or not overseen.exists():
        raise Http404
    rules, _terms = as_read(found.stored)
    points = [_points(request.GET.get(f"p{n}", ""), rule.points) for n, rule in enumerate(rules)]
    context = {
        "appraisal": found,
        "weights": list(zip(rules, points, strict=True)),
        "rows": results.what_if(edition, points),
    }
    return render(request, "oversight/what_if.html", context)


def _points(text: str, usual: int) -> int:
    """Hundredths of what was typed; what is not understood stays as it is."""
    try:
        found = parse_yuan(text) if text else usual
    except NotAnAmount:
        return usual
    return found if found >= 0 else usual
