"""Number and query code lead to the progress of a case, in plain words."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import services
from cases.models import CallBack, Case
from cases.workflow import State
from lib.errors import RuleViolation
from portal import publication, throttle
from portal.forms import FollowForm, ReopenForm
from portal.progress import followed, progress_of
from portal.views.report import author_of, remember, remembered

WINDOW = 600
# Failures are counted per address, never per number: a stranger could close a number to its owner,
# and nobody guesses eight characters from however many addresses.
MOST_FROM_ADDRESS = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    form = FollowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if throttle.tries("follow", throttle.address_of(request)) >= MOST_FROM_ADDRESS:
            form.add_error(None, _("Too many tries. Wait ten minutes and try again."))
            return render(request, "portal/follow.html", {"form": form}, status=429)
        case = Case.objects.with_code(**form.cleaned_data)
        if case is not None:
            remember(request, case)
            return redirect("portal:progress", number=case.number)
        throttle.count("follow", throttle.address_of(request), seconds=WINDOW)
        form.add_error(
            None, _("No report has this number and code. Compare both with the receipt.")
        )
    status = 422 if form.errors else 200
    return render(request, "portal/follow.html", {"form": form}, status=status)


@never_cache
@require_safe
def progress(request: HttpRequest, number: str) -> HttpResponse:
    return _show(request, remembered(request, number), ReopenForm())


def _show(request: HttpRequest, case: Case, form: ReopenForm, *, status: int = 200) -> HttpResponse:
    at = timezone.now()
    until = services.reopens_until(case) if case.state == State.CLOSED else None
    told, words = services.told_of(case)
    shown = followed(case)
    context = {
        "at": at,
        "told": told,
        "told_words": words,
        "reopens_until": until if until and at <= until else None,
        "reopen_form": form,
        "case": case,
        "shown": shown,
        "parts": shown.parts.select_related("lead_body").order_by("pk"),
        "place": publication.place_of(case),
        # Of a kept case that somebody else reported only its way is told, never their words.
        "progress": progress_of(shown, to_reporter=shown == case),
        "photos": publication.public_photos(case),
        "may_withdraw": case.state in {State.SUBMITTED, State.VERIFYING},
        "question": CallBack.objects.to_answer(case, timezone.now()),
        "may_urge": bool(shown.desk) and shown.state != State.SUSPENDED,
    }
    return render(request, "portal/progress.html", context, status=status)


@require_POST
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    case, form = remembered(request, number), ReopenForm(request.POST)
    if not form.is_valid():
        return _show(request, case, form, status=422)
    by, at, note = author_of(request), timezone.now(), form.cleaned_data["note"]
    try:
        services.reopen(case, by=by, at=at, note=note, code=case.query_code)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is taken up again."))
    return redirect("portal:progress", number=number)


@require_POST
def urge(request: HttpRequest, number: str) -> HttpResponse:
    """Once a day; of a merged report the case is urged that is kept."""
    case = remembered(request, number)
    shown = followed(case)
    try:
        services.urge(shown, by=author_of(request), at=timezone.now(), code=shown.query_code)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Whoever has it was asked to hurry. It is on record."))
    return redirect("portal:progress", number=number)


@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    case = remembered(request, number)
    try:
        services.cancel(case, by=author_of(request), at=timezone.now(), code=case.query_code)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your report has been withdrawn."))
    return redirect("portal:progress", number=number)
