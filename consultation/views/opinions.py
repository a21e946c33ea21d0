"""What everybody reads of opinions, and how they are given: also by people of sixty."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultation import opinion_pictures as pictures
from consultation.forms.opinions import AppealForm, EditForm, OpinionForm, ReplyForm
from consultation.models import Consultation, DraftArticle, Opinion, OpinionFile, Stand
from consultation.opinion_workflow import DEEPEST, OpinionState
from consultation.services import moderating, opinion_files
from consultation.services import opinions as services
from consultation.views.reach import public
from lib.errors import RuleViolation
from organizations.acting import acted, page_of
from organizations.http import address_of, resident_of, resident_required
from organizations.identity import level_of

FORM = ["GET", "HEAD", "POST"]
ROWS, MOST_REPLIES = 20, 300
ORDERS = {"new": ("-id",), "liked": ("-likes", "-id")}


@never_cache
@require_safe
def opinions(request: HttpRequest, number: str) -> HttpResponse:
    """All of them, newest or most agreed with first, by stand or by article."""
    found = public(number)
    order, stand = request.GET.get("order", "new"), request.GET.get("stand", "")
    rows = Opinion.objects.filter(consultation=found).top().public().for_page()
    if stand in Stand.values:
        rows = rows.filter(stand=stand)
    article = _article(request, found)
    if article:
        rows = rows.filter(article=article)
    page = page_of(request, rows, order=ORDERS.get(order, ORDERS["new"]), size=ROWS)
    context = {
        **pictures.context_of(request, found),
        "page": page,
        "order": order,
        "stand": stand,
        "stands": Stand.choices,
        "article": article,
    }
    return render(request, "consultation/public/opinions.html", context)


def _article(request: HttpRequest, found: Consultation) -> DraftArticle | None:
    key = request.GET.get("article", request.POST.get("article", ""))
    if not key.isdecimal():
        return None
    return DraftArticle.objects.filter(pk=int(key[:15]), draft__consultation=found).first()


@never_cache
@require_http_methods(FORM)
def new(request: HttpRequest, number: str) -> HttpResponse:
    """Stand, words, files: one page. Without an account it waits to be released."""
    found = public(number)
    form = OpinionForm(request.POST or None, request.FILES or None)
    article = _article(request, found)
    if form.is_valid():
        made = _said(request, found, form, article=article)
        if made is not None:
            return _thanks(request, found, made)
    stage = services.stage_open(found)
    level = level_of(request.user)
    wanted = services.level_wanted(stage) if stage else None
    context = {
        "consultation": found,
        "form": form,
        "article": article,
        "stage": stage,
        "wanted": wanted,
        "may_speak": wanted is not None and level >= wanted,
        "resident": resident_of(request),
        "at": timezone.now(),
    }
    status = 422 if form.errors else 200
    return render(request, "consultation/public/opinion_new.html", context, status=status)


def _said(request: HttpRequest, found: Consultation, form: Any, **more: Any) -> Opinion | None:
    """What the form says; a refusal stands on it."""
    given = form.cleaned_data
    words = services.Words(
        text=given["text"],
        stand=given.get("stand", Stand.OTHER),
        is_confidential=given.get("is_confidential", False),
        key=given["key"],
        **more,
    )
    user = resident_of(request)
    speaker = services.Speaker(user, address=address_of(request))
    try:
        files = opinion_files.prepare(given.get("files", []))
        return services.say(found, words, speaker=speaker, at=timezone.now(), files=files)
    except RuleViolation as refusal:
        field = "files" if refusal.code in {"bad_upload", "too_many"} else None
        form.add_error(field, str(refusal))
        return None


def _thanks(request: HttpRequest, found: Consultation, made: Opinion) -> HttpResponse:
    if made.state == OpinionState.WAITING:
        messages.success(request, _("Thank you. A person reads it before it is shown."))
        return redirect("consultation:public_opinions", found.number)
    messages.success(request, _("Thank you. Everybody who speaks gets an answer with reasons."))
    return redirect("consultation:public_opinion", found.number, made.pk)


def _one(request: HttpRequest, found: Consultation, pk: int) -> Opinion:
    """A public opinion, or one's own; 404 otherwise."""
    rows = Opinion.objects.filter(consultation=found).for_page().select_related("author")
    one = get_object_or_404(rows.exclude(state=OpinionState.WITHDRAWN), pk=pk)
    one.consultation = found
    user = resident_of(request)
    is_mine = user is not None and one.author_id == user.pk
    is_public = not one.is_confidential and one.state != OpinionState.WAITING
    if not is_mine and not is_public:
        raise Http404
    return one


@never_cache
@require_safe
def opinion(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    found = public(number)
    one = _one(request, found, pk)
    if one.root_id:
        url = reverse("consultation:public_opinion", args=[number, one.root_id])
        return redirect(f"{url}#o{one.pk}")
    return _thread(request, found, one, ReplyForm())


def _thread(
    request: HttpRequest, found: Consultation, one: Opinion, form: ReplyForm, *, status: int = 200
) -> HttpResponse:
    user, now = resident_of(request), timezone.now()
    is_mine = user is not None and one.author_id == user.pk
    replies = Opinion.objects.filter(root=one).public().for_page().order_by("pk")[:MOST_REPLIES]
    context = {
        **pictures.context_of(request, found),
        "opinion": one,
        "thread": pictures.in_threads(one, list(replies)),
        "is_mine": is_mine,
        "may_edit": is_mine and now < one.said_at + services.EDIT_WINDOW and not one.answer_id,
        "form": form,
        "edit_form": EditForm(initial={"stand": one.stand, "text": one.text}),
        "appeal_form": AppealForm(),
        "appeal": one.appeals.select_related("decision").order_by("-pk").first(),
        "deepest": DEEPEST,
    }
    return render(request, "consultation/public/opinion.html", context, status=status)


@never_cache
@require_POST
def reply(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    found = public(number)
    parent = _one(request, found, pk)
    form = ReplyForm(request.POST)
    if form.is_valid() and (made := _said(request, found, form, parent=parent)) is not None:
        if made.state == OpinionState.WAITING:
            messages.success(request, _("Thank you. A person reads it before it is shown."))
        url = reverse("consultation:public_opinion", args=[number, made.root_id])
        return redirect(f"{url}#o{made.pk}")
    root = _one(request, found, parent.root_id) if parent.root_id else parent
    return _thread(request, found, root, form, status=422)


@require_POST
@resident_required
def agree(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Once more takes it back."""
    one, user = _one(request, public(number), pk), resident_of(request)
    if user is None:  # `resident_required` has seen to it
        raise Http404
    try:
        if not services.like(one, by=user, at=timezone.now()):
            services.unlike(one, by=user)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    url = reverse("consultation:public_opinion", args=[number, one.root_id or one.pk])
    return redirect(f"{url}#o{one.pk}")


def _mine(request: HttpRequest, number: str, pk: int) -> Opinion:
    one, user = _one(request, public(number), pk), resident_of(request)
    if user is None or one.author_id != user.pk:
        raise Http404
    return one


@require_POST
@resident_required
def edit(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    one = _mine(request, number, pk)
    form = EditForm(request.POST)
    words = {"text": form.data.get("text", ""), "stand": form.data.get("stand", "")}
    acted(request, services.edit, one, done=_("Changed."), **words)
    return _to(one)


@require_POST
@resident_required
def withdraw(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    one = _mine(request, number, pk)
    if acted(request, services.withdraw, one, done=_("Taken back.")) is None:
        return _to(one)
    return redirect("consultation:public_opinions", number)


@require_POST
@resident_required
def appeal(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    one = _mine(request, number, pk)
    text = request.POST.get("text", "")
    done = _("Somebody else than who hid it looks at it.")
    acted(request, moderating.appeal, one, done=done, text=text)
    return _to(one)


def _to(one: Opinion) -> HttpResponse:
    return redirect("consultation:public_opinion", one.consultation.number, one.root_id or one.pk)


@require_safe
@cache_control(private=True, max_age=3600)
def file(request: HttpRequest, number: str, pk: int, size: str) -> FileResponse:
    """A released file of a public opinion, or one's own. `size`: "small" or "large"."""
    found = get_object_or_404(OpinionFile, pk=pk, opinion__consultation=public(number))
    one = _one(request, found.opinion.consultation, found.opinion_id)
    user = resident_of(request)
    is_mine = user is not None and one.author_id == user.pk
    if not is_mine and (not found.is_public or one.state == OpinionState.HIDDEN):
        raise Http404
    return served(found, size)


def served(found: OpinionFile, size: str) -> FileResponse:
    stored = found.thumbnail if size == "small" and found.thumbnail else found.file
    try:
        answer = FileResponse(stored.open("rb"), content_type=found.mime)
    except (FileNotFoundError, ValueError) as error:  # erased
        raise Http404 from error
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
