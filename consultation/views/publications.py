"""The host's papers: written, masked, read again, published; and their versions."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultation.forms.matters import PaperFileForm, PaperForm, ReleaseForm
from consultation.models import Consultation, Publication, PublicationDraft, PublicationFile
from consultation.services import publishing
from consultation.services.actors import actors_of
from consultation.views.published_papers import sent
from consultation.views.reach import visible
from consultation.workflow import READERS, Actor, State
from lib.errors import RuleViolation
from organizations.acting import acted, answer_form
from organizations.http import role_required, signed_in


@role_required(*READERS)
@require_safe
def publications(request: HttpRequest, number: str) -> HttpResponse:
    found = visible(request, number)
    rows = found.publications.select_related("draft", "stage").order_by("-changed_at", "-pk")
    required = [] if found.stage is None else list(found.stage.required.all())
    context = {
        "consultation": found, "here": "publications", "papers": rows, "required": required,
        "may_publish": may_publish(request, found), "at": timezone.now(),
    }  # fmt: skip
    return render(request, "consultation/publications.html", context)


def may_publish(request: HttpRequest, found: Consultation) -> bool:
    actors = actors_of(signed_in(request), found, at=timezone.now())
    return Actor.HOST in actors and found.state in {State.RUNNING, State.DONE}


def _of(request: HttpRequest, number: str, pk: int) -> Publication:
    found = visible(request, number)
    if Actor.HOST not in actors_of(signed_in(request), found, at=timezone.now()):
        raise PermissionDenied
    rows = found.publications.select_related("consultation", "stage")
    return get_object_or_404(rows, pk=pk)


@role_required(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, number: str, pk: int | None = None) -> HttpResponse:
    """The words of a new paper, or of the next version of one."""
    found = visible(request, number)
    if not may_publish(request, found):
        raise PermissionDenied
    paper = _of(request, number, pk) if pk is not None else None
    form = PaperForm(
        request.POST or None, paper=paper, kinds=publishing.kinds_to_choose(found.stage),
        initial=_begun(paper),
    )  # fmt: skip

    def save(given: dict[str, Any]) -> str:
        kind = given.pop("kind", paper.kind if paper else "")
        made = publishing.prepare(
            found, kind, publication=paper, by=signed_in(request), at=timezone.now(), **given
        )
        return reverse("consultation:paper_release", args=[number, made.pk])

    back = reverse("consultation:publications", args=[number])
    return answer_form(
        request,
        form,
        save,
        title=_("Write a paper"),
        back=back,
        next=_("Read it masked"),
        template="consultation/form.html",
    )


def _begun(paper: Publication | None) -> dict[str, str]:
    if paper is None:
        return {}
    draft = PublicationDraft.objects.filter(publication=paper).first()
    if draft is not None:
        return {"title": draft.title, "text": draft.text, "reason": draft.reason}
    newest = paper.versions.order_by("-number").first()
    return {"title": paper.title, "text": newest.text if newest else ""}


@role_required(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The masked text beside the written one; whoever confirms it answers for it."""
    paper = _of(request, number, pk)
    draft = PublicationDraft.objects.filter(publication=paper).first()
    back = reverse("consultation:publications", args=[number])
    if draft is None:
        messages.info(request, _("This text has been published already."))
        return redirect(back)
    begun = {"title": draft.title, "public_text": draft.public_text}
    form = ReleaseForm(request.POST or None, initial=begun)

    def publish(given: dict[str, Any]) -> str:
        publishing.release(paper, by=signed_in(request), at=timezone.now(), **given)
        messages.success(request, _("Published: everybody can read it now."))
        return back

    context = {
        "consultation": paper.consultation, "paper": paper, "draft": draft,
        "file_form": PaperFileForm(), "files": paper.files.order_by("pk"), "back": back,
    }  # fmt: skip
    return answer_form(request, form, publish, template="consultation/release.html", **context)


@role_required(*READERS)
@require_POST
def attach(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    paper, form = _of(request, number, pk), PaperFileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            publishing.attach(paper, file, name=file.name, by=signed_in(request), at=timezone.now())
        except RuleViolation as refusal:
            messages.error(request, str(refusal))
    else:
        messages.error(request, _("Choose a file."))
    return redirect("consultation:paper_release", number, pk)


@role_required(*READERS)
@require_safe
def file(request: HttpRequest, number: str, pk: int) -> FileResponse:
    """A file of a paper, out or not, for those who may see the consultation at the desk."""
    found = visible(request, number)
    rows = PublicationFile.objects.filter(publication__consultation=found)
    return sent(get_object_or_404(rows, pk=pk))


@role_required(*READERS)
@require_POST
def drop(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    paper = _of(request, number, pk)
    acted(request, publishing.drop_draft, done=_("The draft is gone."), publication=paper)
    return redirect("consultation:publications", number)
