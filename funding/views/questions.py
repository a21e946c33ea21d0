"""Questions at the desk: the supervisor releases a wording, the body answers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from funding import services
from funding.forms.public_money import AnswerForm, ReasonForm, ReleaseForm
from funding.models import Question
from funding.models.lines import READERS
from funding.views.reach import demand, may
from lib.roles import Role
from organizations.acting import answer_form, page_of
from organizations.http import role_required, signed_in

PAGE = 30
RELEASES = (Role.SUPERVISOR,)
ANSWERS = (Role.FINANCE_MAKER, Role.DEPARTMENT_HEAD, Role.PARTY_SECRETARY)


@role_required(*READERS)
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    visible = Question.objects.visible_to(signed_in(request), on=timezone.localdate())
    if "all" not in request.GET:
        visible = visible.waiting()
    page = page_of(request, visible.with_names(), size=PAGE)
    context = {"page": page, "all": "all" in request.GET, "at": timezone.now()}
    return render(request, "funding/questions.html", context)


def _visible(request: HttpRequest, pk: int) -> Question:
    visible = Question.objects.visible_to(signed_in(request), on=timezone.localdate())
    return get_object_or_404(visible.with_names(), pk=pk)


@role_required(*READERS)
@require_safe
def question(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    context = {
        "question": found,
        "may_release": found.state == "asked" and may(request, found.body, *RELEASES),
        "may_answer": found.state == "open" and may(request, found.body, *ANSWERS),
        "overdue": found.is_overdue(timezone.now()),
        "at": timezone.now(),
    }
    return render(request, "funding/question.html", context)


@role_required(*RELEASES, *ANSWERS)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: release, decline or answer."""
    found = _visible(request, pk)
    user = demand(request, found.body, *(ANSWERS if name == "answer" else RELEASES))
    kinds: dict[str, Any] = {
        "release": (ReleaseForm, services.release_question, _("Publish the question")),
        "decline": (ReasonForm, services.decline_question, _("Do not publish the question")),
        "answer": (AnswerForm, services.answer_question, _("Answer in public")),
    }
    kind, service, title = kinds[name]
    begun = {"public_text": services.proposed_wording(found)} if name == "release" else {}
    form = kind(request.POST or None, initial=begun)

    def write(given: dict[str, Any]) -> str:
        service(found, by=user, at=timezone.now(), **given)
        return reverse("funding:question", args=[pk])

    said = found.text if name != "answer" else found.public_text
    return answer_form(
        request,
        form,
        write,
        title=title,
        back="funding:questions",
        said=said,
        template="funding/form.html",
    )
