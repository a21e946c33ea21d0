"""Papers that everybody reads: versions beside each other, files, print sheet, verification."""

from typing import Any

import segno
from django.core.exceptions import BadRequest
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consultation.comparing import side_by_side
from consultation.forms.public import VerifyForm
from consultation.models import Publication, PublicationFile, PublicationVersion
from consultation.services import checking, verifying
from consultation.services.reading import readable_by

LARGEST = 15 * 1024 * 1024


def _paper(request: HttpRequest, pk: int) -> Publication:
    rows = readable_by(request.user, on=timezone.localdate()).with_names()
    return get_object_or_404(rows, pk=pk)


@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest version, every earlier one, and two of them beside each other (`?compare=2`)."""
    found = _paper(request, pk)
    versions = list(found.versions.order_by("-number"))
    compared = _compared(versions, request.GET.get("compare", ""))
    context = {
        "paper": found, "newest": versions[0], "versions": versions, "at": timezone.now(),
        "files": _files_of(versions[0]), "compared": compared,
        "rows": side_by_side(compared[0].text, compared[1].text) if compared else [],
    }  # fmt: skip
    return render(request, "consultation/public/paper.html", context)


def _compared(
    versions: list[PublicationVersion], wanted: str
) -> tuple[PublicationVersion, PublicationVersion] | None:
    """The version asked for and the one before it."""
    if not wanted:
        return None
    known = {str(version.number): version for version in versions}
    new = known.get(wanted)
    old = known.get(str(new.number - 1)) if new else None
    if new is None or old is None:
        raise Http404
    return old, new


def _files_of(version: PublicationVersion) -> list[PublicationFile]:
    """Files that the version names."""
    named = [file["sha256"] for file in version.files]
    rows = PublicationFile.objects.filter(publication=version.publication_id, sha256__in=named)
    return list(rows.exclude(since=None).order_by("pk"))


@require_safe
def file(request: HttpRequest, pk: int, file: int) -> FileResponse:
    """A file that is out with a paper that the reader may read; else 404."""
    rows = _paper(request, pk).files.exclude(since=None)
    return sent(get_object_or_404(rows, pk=file))


def sent(row: PublicationFile) -> FileResponse:
    """To be kept, never shown inside our pages: its content is somebody else's."""
    try:
        content = row.file.open("rb")
    except (FileNotFoundError, ValueError) as error:
        raise Http404 from error
    return FileResponse(content, as_attachment=True, filename=row.name, content_type=row.mime)


@require_safe
def print_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """For the notice board: large, with fingerprint and a code that leads to its verification."""
    found = _paper(request, pk)
    newest = found.versions.order_by("-number")[0]
    address = request.build_absolute_uri(
        f"{reverse('consultation:verify')}?fingerprint={newest.hash}"
    )
    drawn = segno.make(address, error="m").svg_inline(scale=4, border=2, dark="#000", light="#fff")
    context = {
        "paper": found, "version": newest, "address": address,
        "code": mark_safe(drawn),  # noqa: S308 -- made by segno from our own address
    }  # fmt: skip
    return render(request, "consultation/public/print.html", context)


@require_safe
def download(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    rows = _paper(request, pk).versions.select_related("publication__consultation")
    row = get_object_or_404(rows, number=version)
    answer = HttpResponse(verifying.download_of(row), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{pk}-{version}.txt"'
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Whether a fingerprint, a text or a file is what was published."""
    asked = bool(request.POST or request.FILES or request.GET.get("fingerprint"))
    given = request.POST if request.method == "POST" else request.GET
    form = VerifyForm(given if asked else None, request.FILES or None)
    answer = None
    if asked and form.is_valid():
        answer = _looked_up(form.cleaned_data)
    context = {
        "form": form, "asked": asked, "answer": answer, "check": checking.last_check(),
        "at": timezone.now(),
    }  # fmt: skip
    return render(request, "consultation/public/verify.html", context)


def _looked_up(given: dict[str, Any]) -> verifying.Answer | None:
    if given["file"]:
        if given["file"].size > LARGEST:
            raise BadRequest
        return verifying.look_up_file(given["file"].read())
    if given["text"].strip():
        return verifying.look_up_text(given["text"])
    return verifying.look_up(given["fingerprint"])
