"""A resident says what became of their matter; the link's code is all that it takes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cases.forms.callbacks import AnswerForm
from cases.models import CallBack, CallBackAnswer
from cases.services import callbacks
from lib.errors import RuleViolation
from portal import publication, throttle
from portal.views.report import author_of

WINDOW = 600
MOST_FROM_ADDRESS = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """The questions, or what was answered; a code that nobody was given is not there."""
    asked = _asked(request, code)
    if asked is None:
        return render(request, "429.html", status=429)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by, at, way = author_of(request), timezone.now(), CallBackAnswer.Way.LINK
        try:
            callbacks.answer(asked, way=way, by=by, at=at, said=form.said())
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("portal:answer", code=code)
    context = {
        "asked": asked,
        "case": asked.case,
        "place": publication.place_of(asked.case),
        "given": CallBackAnswer.objects.filter(callback=asked).first(),
        "is_over": timezone.now() > asked.answer_until,
        "form": form,
    }
    return render(request, "portal/answer.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, code: str) -> CallBack | None:
    """None for somebody who has tried too often."""
    address = throttle.address_of(request)
    if throttle.tries("answer", address) >= MOST_FROM_ADDRESS:
        return None
    found = CallBack.objects.for_list().select_related("case__town", "case__grid")
    asked = found.filter(code=code).first()
    if asked is None:
        throttle.count("answer", address, seconds=WINDOW)
        raise Http404
    return asked
