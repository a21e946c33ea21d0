"""Objections at the desk: read, answered, or upheld so that the matter begins again."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from consultation.forms.matters import AnswerForm, UpholdForm
from consultation.forms.public import ObjectionForm
from consultation.services import objecting
from consultation.services.actors import actors_of
from consultation.services.redaction import masked
from consultation.views.reach import visible
from consultation.workflow import READERS, Actor
from organizations.acting import answer_form
from organizations.http import role_required, signed_in


@role_required(*READERS)
@require_safe
def objections(request: HttpRequest, number: str) -> HttpResponse:
    found = visible(request, number)
    actors = actors_of(signed_in(request), found, at=timezone.now())
    context = {
        "consultation": found, "here": "objections", "at": timezone.now(),
        "objections": found.objections.select_related("stage", "answered_by").order_by("-pk"),
        "may_answer": bool(actors & {Actor.HOST, Actor.PARTY}),
        "may_object": Actor.SUPERVISOR in actors,
    }  # fmt: skip
    return render(request, "consultation/objections.html", context)


@role_required(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def raise_objection(request: HttpRequest, number: str) -> HttpResponse:
    """A supervisor objects, in his own name."""
    found, user = visible(request, number), signed_in(request)
    if Actor.SUPERVISOR not in actors_of(user, found, at=timezone.now()):
        raise PermissionDenied
    form = ObjectionForm(request.POST or None)
    for name in ("contact_name", "contact_phone", "website"):
        del form.fields[name]
    back = reverse("consultation:objections", args=[number])

    def write(given: dict[str, Any]) -> str:
        objecting.raise_objection(found, by=user, at=timezone.now(), **given)
        return back

    return answer_form(
        request, form, write, title=_("Object"), back=back, template="consultation/form.html"
    )


@role_required(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, number: str, objection: str, name: str) -> HttpResponse:
    """`name`: answer or uphold."""
    found, user = visible(request, number), signed_in(request)
    if actors_of(user, found, at=timezone.now()).isdisjoint({Actor.HOST, Actor.PARTY}):
        raise PermissionDenied
    row = get_object_or_404(found.objections.waiting(), number=objection)
    begun = {"public_text": masked(found, row.text)}
    back = reverse("consultation:objections", args=[number])
    form: AnswerForm = AnswerForm(request.POST or None, initial=begun)
    service: Any = objecting.answer
    if name == "uphold":
        form = UpholdForm(request.POST or None, initial=begun, consultation=found)
        service = objecting.uphold

    def write(given: dict[str, Any]) -> str:
        service(row, by=user, at=timezone.now(), **given)
        return back

    title = _("Uphold the objection") if name == "uphold" else _("Answer the objection")
    return answer_form(
        request,
        form,
        write,
        title=title,
        said=row.text,
        back=back,
        template="consultation/form.html",
    )
