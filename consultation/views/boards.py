"""What everybody reads and sends: a community's board, papers with their versions, verification."""

import difflib
from typing import Any

import segno
from django.contrib.syndication.views import Feed
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consultation.forms.public import ObjectionForm, TopicForm, VerifyForm
from consultation.models import Publication
from consultation.services import boards, content, objecting, verifying
from consultation.views.reach import page_of, public
from grids.models import Level, Territory
from lib import throttle
from lib.errors import RuleViolation
from organizations.http import address_of
from organizations.models import User

MOST_AN_HOUR = 10
LARGEST = 15 * 1024 * 1024
NEWEST = 30
PROMISES = 10


def _community(code: str) -> Territory:
    rows = Territory.objects.at_level(Level.COMMUNITY).select_related("parent")
    return get_object_or_404(rows, code=code)


@require_safe
def board(request: HttpRequest, code: str) -> HttpResponse:
    """公告栏: what is late, what is under way, what was promised, what was published."""
    found = _community(code)
    papers = page_of(request, boards.papers_of(found), order=("-changed_at", "-pk"))
    context = {
        "community": found, "page": papers, "under_way": boards.under_way(found)[:NEWEST],
        "late": boards.late_in(found)[:NEWEST], "at": timezone.now(),
        "promised": boards.promised_in(found)[:PROMISES], "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "consultation/public/board.html", context)


class BoardFeed(Feed):
    """The newest papers of a community as RSS."""

    def get_object(self, _request: HttpRequest, code: str) -> Territory:
        return _community(code)

    def title(self, obj: Territory) -> str:
        return _("%(place)s: published in consultations") % {"place": obj}

    def link(self, obj: Territory) -> str:
        return reverse("consultation:board", args=[obj.code])

    def items(self, obj: Territory) -> Any:
        return boards.papers_of(obj).order_by("-changed_at", "-pk")[:NEWEST]

    def item_title(self, item: Any) -> str:
        return f"{item.get_kind_display()}: {item.title}"

    def item_description(self, item: Any) -> str:
        return str(item.consultation.title)

    def item_link(self, item: Any) -> str:
        return reverse("consultation:paper", args=[item.pk])

    def item_pubdate(self, item: Any) -> Any:
        return item.changed_at


feed = require_safe(BoardFeed())


def _paper(pk: int) -> Publication:
    return get_object_or_404(Publication.objects.published().with_names(), pk=pk)


@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest version, every earlier one, and two of them beside each other (`?compare=2`)."""
    found = _paper(pk)
    versions = list(found.versions.order_by("-number"))
    wanted = request.GET.get("compare", "")
    context = {
        "paper": found, "newest": versions[0], "versions": versions, "at": timezone.now(),
        "differences": _differences(versions, int(wanted)) if wanted.isdecimal() else None,
        "compared": wanted,
    }  # fmt: skip
    return render(request, "consultation/public/paper.html", context)


def _differences(versions: list[Any], number: int) -> list[dict[str, str]]:
    """Lines of the version before and of this one: same, gone, new."""
    texts = {version.number: version.text.splitlines() for version in versions}
    if number not in texts or number - 1 not in texts:
        raise Http404
    words = {" ": "same", "-": "gone", "+": "new"}
    lines = difflib.ndiff(texts[number - 1], texts[number])
    return [{"kind": words[line[0]], "text": line[2:]} for line in lines if line[0] in words]


@require_safe
def print_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """For the notice board: large, with fingerprint and a code that leads to its verification."""
    found = _paper(pk)
    newest = found.versions.order_by("-number")[0]
    address = request.build_absolute_uri(
        f"{reverse('consultation:verify')}?fingerprint={newest.hash}"
    )
    drawn = segno.make(address, error="m").svg_inline(scale=3, border=1)
    context = {
        "paper": found, "version": newest, "address": address,
        "code": mark_safe(drawn),  # noqa: S308 -- made by segno from our own address
    }  # fmt: skip
    return render(request, "consultation/public/print.html", context)


@require_safe
def download(_request: HttpRequest, pk: int, version: int) -> HttpResponse:
    row = get_object_or_404(
        _paper(pk).versions.select_related("publication__consultation"), number=version
    )
    answer = HttpResponse(verifying.download_of(row), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{pk}-{version}.txt"'
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Whether a fingerprint, a text or a file is what was published."""
    asked = bool(request.POST or request.GET.get("fingerprint"))
    given = request.POST if request.method == "POST" else request.GET
    form = VerifyForm(given if asked else None, request.FILES or None)
    answer = None
    if asked and form.is_valid():
        answer = _looked_up(form.cleaned_data)
    context = {"form": form, "asked": asked, "answer": answer, "at": timezone.now()}
    return render(request, "consultation/public/verify.html", context)


def _looked_up(given: dict[str, Any]) -> verifying.Answer | None:
    if given["file"]:
        if given["file"].size > LARGEST:
            raise BadRequest
        return verifying.look_up_file(given["file"].read())
    if given["text"].strip():
        return verifying.look_up_text(given["text"])
    return verifying.look_up(given["fingerprint"])


def _within_limit(request: HttpRequest, form: Any) -> bool:
    tries = throttle.count("consultation", address_of(request), seconds=3600)
    if tries > MOST_AN_HOUR or form.cleaned_data.pop("website", ""):
        form.add_error(None, _("Too much was sent from your connection. Try again in an hour."))
        return False
    return True


def _by(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """A resident proposes a topic, with an account or without."""
    form = TopicForm(request.POST or None, on=timezone.localdate(), initial=request.GET.dict())
    if request.method == "POST" and form.is_valid() and _within_limit(request, form):
        given = form.cleaned_data
        try:
            made = content.propose(
                **given, source="resident", town=given["community"].parent, by=_by(request),
                at=timezone.now(),
            )  # fmt: skip
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            return _received(request, made.number, made.code)
    title = _("Propose what should be consulted on")
    return _sent(request, form, title)


@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, number: str) -> HttpResponse:
    """Anybody objects within the time after the result."""
    found, form = public(number), ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _within_limit(request, form):
        try:
            made = objecting.raise_objection(
                found, by=_by(request), at=timezone.now(), **form.cleaned_data
            )
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            return _received(request, made.number, made.code)
    return _sent(request, form, _("Object to the result"), about=found)


def _sent(request: HttpRequest, form: Any, title: str, **more: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"form": form, "title": title, **more}
    return render(request, "consultation/public/send.html", context, status=status)


def _received(request: HttpRequest, number: str, code: str) -> HttpResponse:
    context = {"number": number, "code": code}
    return render(request, "consultation/public/received.html", context)
