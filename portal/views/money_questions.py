"""质询: anybody asks about money, everybody reads the answer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from funding import services
from funding.models import Question
from funding.services.questioning import WORKING_DAYS
from lib.errors import RuleViolation
from organizations.acting import page_of
from portal import throttle
from portal.money_forms import QuestionForm

PAGE = 20
MOST_AN_HOUR = 5


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    rows = Question.objects.published().with_names()
    if code := request.GET.get("body"):
        rows = rows.filter(body__code=code)
    page = page_of(request, rows, size=PAGE)
    context = {
        "at": at,
        "page": page,
        "rows": [{"question": row, "overdue": row.is_overdue(at)} for row in page.rows],
        "overdue": Question.objects.overdue(at=at).count(),
        "body_code": code or "",
    }
    return render(request, "portal/money_questions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    begun = {name: request.GET.get(name, "")[:50] for name in ("body", "line", "month")}
    form = QuestionForm(request.POST or None, initial=begun)
    status = 200
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"]:  # a field that only programs fill in
            return redirect("portal:money_questions")
        address = throttle.address_of(request)
        if throttle.count("question", address, seconds=3600) > MOST_AN_HOUR:
            form.add_error(None, _("Many questions came from here. Try again in an hour."))
            status = 429
        else:
            asked = _asked(form)
            if asked is not None:
                request.session["question"] = asked.pk
                return redirect("portal:money_asked")
    status = 422 if form.errors and status == 200 else status
    context = {"form": form, "working_days": WORKING_DAYS}
    return render(request, "portal/money_ask.html", context, status=status)


def _asked(form: QuestionForm) -> Question | None:
    wanted = form.cleaned_data
    names = ("body", "text", "contact", "line", "month")
    try:
        return services.ask(**{name: wanted[name] for name in names}, at=timezone.now())
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
        return None


@never_cache
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """The receipt of the question that this browser has sent."""
    found = get_object_or_404(Question.objects.with_names(), pk=request.session.get("question"))
    return render(request, "portal/money_asked.html", {"question": found, "at": timezone.now()})


@require_safe
def question(request: HttpRequest, number: str) -> HttpResponse:
    at = timezone.now()
    found = get_object_or_404(Question.objects.published().with_names(), number=number)
    context = {"at": at, "question": found, "overdue": found.is_overdue(at)}
    return render(request, "portal/money_question.html", context)
