"""The host's page of opinions: release, hide, answer, group; and the log that everybody reads."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultation import opinion_pictures as pictures
from consultation.forms.opinions import (
    AnswerForm,
    AssistedForm,
    DecideForm,
    HideForm,
    LevelForm,
)
from consultation.models import (
    Appeal,
    Consultation,
    ModerationEntry,
    Opinion,
    OpinionFile,
    OpinionTally,
)
from consultation.opinion_workflow import OpinionState
from consultation.services import answering, grouping, moderating, opinion_files
from consultation.services import opinions as services
from consultation.views.opinions import served
from consultation.views.reach import public, visible
from consultation.workflow import READERS, SCREENERS
from lib.errors import NotYours, RuleViolation
from organizations.acting import acted, page_of
from organizations.http import reader, role_required, signed_in
from organizations.services import residents

MOST_BUSY = 100
SHOWN: dict[str, tuple[Any, dict[str, Any]]] = {
    "waiting": (gettext_lazy("Waiting"), {"state": OpinionState.WAITING}),
    "unanswered": (
        gettext_lazy("Without an answer"),
        {"state": OpinionState.SHOWN, "answer": None, "parent": None},
    ),
    "confidential": (gettext_lazy("In confidence"), {"is_confidential": True}),
    "hidden": (gettext_lazy("Hidden"), {"state": OpinionState.HIDDEN}),
    "answered": (gettext_lazy("Answered"), {"answer__isnull": False}),
    "all": (gettext_lazy("All"), {}),
}


@role_required(*READERS)
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Consultations in which something waits for the host, the fullest first."""
    user, on = reader(request)
    seen = Consultation.objects.visible_to(user, on=on)
    rows = OpinionTally.objects.busy().filter(consultation__in=seen)
    appeals = Appeal.objects.filter(decision=None, opinion__consultation__in=seen)
    context = {
        "rows": rows.select_related("consultation__community", "consultation__stage")[:MOST_BUSY],
        "appeals": appeals.select_related("opinion__consultation").order_by("pk")[:MOST_BUSY],
        "at": timezone.now(),
    }
    return render(request, "consultation/opinions_waiting.html", context)


@role_required(*READERS)
@require_safe
def opinions(request: HttpRequest, number: str) -> HttpResponse:
    found = visible(request, number)
    return _page(request, found, AnswerForm())


def _page(
    request: HttpRequest, found: Consultation, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    tally = pictures.tally_of(found)
    shown = request.GET.get("show", "waiting" if tally.waiting else "unanswered")
    if shown not in SHOWN:
        raise BadRequest("show")
    rows = Opinion.objects.filter(consultation=found, **SHOWN[shown][1])
    group = request.GET.get("group", "")
    if group.isdecimal():
        rows = rows.filter(group=int(group[:15]))
    stage = services.stage_open(found)
    context = {
        **pictures.context_of(request, found),
        "here": "opinions",
        "page": page_of(request, rows.for_page().select_related("author", "assisted_by", "group")),
        "show": shown,
        "chips": [(key, label) for key, (label, _rule) in SHOWN.items()],
        "groups": found.opinion_groups.order_by("-size", "pk")[:30],
        "group": group,
        "appeals": _appeals(found),
        "form": form,
        "hide_form": HideForm(),
        "decide_form": DecideForm(),
        "level_form": LevelForm(initial={"level": services.level_wanted(stage)}) if stage else None,
    }
    return render(request, "consultation/opinions.html", context, status=status)


def _appeals(found: Consultation) -> Any:
    rows = Appeal.objects.filter(opinion__consultation=found, decision=None)
    return rows.select_related("opinion", "against").order_by("pk")


def _opinion(request: HttpRequest, pk: int) -> Opinion:
    user, on = reader(request)
    seen = Consultation.objects.visible_to(user, on=on)
    rows = Opinion.objects.in_reach_of(seen).select_related("consultation")
    return get_object_or_404(rows, pk=pk)


def _back(request: HttpRequest, found: Consultation) -> HttpResponse:
    response = redirect("consultation:opinions", found.number)
    query = request.POST.get("back", "")
    if query.startswith("?"):
        response["Location"] += query
    return response


@role_required(*READERS)
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    one = _opinion(request, pk)
    acted(request, moderating.release, done=pgettext("an opinion", "Released."), opinion=one)
    return _back(request, one.consultation)


@role_required(*READERS)
@require_POST
def release_files(request: HttpRequest, pk: int) -> HttpResponse:
    one = _opinion(request, pk)
    acted(request, moderating.release_files, done=_("The files are shown now."), opinion=one)
    return _back(request, one.consultation)


@role_required(*READERS)
@require_POST
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    one, form = _opinion(request, pk), HideForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {"reason": ""}
    done = _("Hidden. The reason stands in its place.")
    acted(request, moderating.hide, done=done, opinion=one, **given)
    return _back(request, one.consultation)


@role_required(*READERS)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    user, on = reader(request)
    seen = Consultation.objects.visible_to(user, on=on)
    rows = Appeal.objects.filter(opinion__consultation__in=seen)
    row = get_object_or_404(rows.select_related("opinion__consultation"), pk=pk)
    form = DecideForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {"show": False, "note": ""}
    acted(request, moderating.decide, done=_("Decided. The author is told."), appeal=row, **given)
    return _back(request, row.opinion.consultation)


@role_required(*READERS)
@require_POST
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """One answer for all that were chosen, or for a whole group."""
    found, form = visible(request, number), AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    keys = [int(key) for key in request.POST.getlist("opinion") if key.isdecimal()]
    given = {**form.cleaned_data, "by": signed_in(request), "at": timezone.now()}
    group = request.POST.get("whole_group", "")
    try:
        if group.isdecimal():
            row = get_object_or_404(found.opinion_groups.all(), pk=int(group))
            answering.answer_group(row, **given)
        else:
            answering.answer(found, keys, **given)
    except NotYours:
        raise
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
        return _page(request, found, form, status=409)
    return _back(request, found)


@role_required(*READERS)
@require_POST
def group(request: HttpRequest, number: str) -> HttpResponse:
    found = visible(request, number)
    acted(
        request,
        grouping.group_alike,
        done=_("Similar opinions stand together."),
        consultation=found,
    )
    return redirect("consultation:opinions", number)


@role_required(*READERS)
@require_POST
def regroup(request: HttpRequest, pk: int) -> HttpResponse:
    """Into another group (`group`), a new one (`title`), or out of all."""
    one = _opinion(request, pk)
    key = request.POST.get("group", "")
    groups = one.consultation.opinion_groups.all()
    into = get_object_or_404(groups, pk=int(key)) if key.isdecimal() else None
    title = request.POST.get("title", "")
    acted(request, grouping.put_into, done=_("Saved."), opinion=one, group=into, title=title)
    return _back(request, one.consultation)


@role_required(*READERS)
@require_POST
def level(request: HttpRequest, number: str) -> HttpResponse:
    found, form = visible(request, number), LevelForm(request.POST)
    stage = services.stage_open(found)
    if stage is not None and form.is_valid():
        wanted = form.cleaned_data["level"]
        acted(request, answering.set_level, done=_("Saved."), stage=stage, level=wanted)
    return redirect("consultation:opinions", number)


@role_required(*SCREENERS)
@require_http_methods(["GET", "HEAD", "POST"])
def assisted(request: HttpRequest, number: str) -> HttpResponse:
    """A clerk writes down what somebody says who cannot or will not type."""
    found = visible(request, number)
    form = AssistedForm(request.POST or None, request.FILES or None)
    if form.is_valid() and _written_down(request, found, form):
        return redirect("consultation:opinions", number)
    context = {"consultation": found, "here": "opinions", "form": form}
    status = 422 if form.errors else 200
    return render(request, "consultation/opinion_assisted.html", context, status=status)


def _written_down(request: HttpRequest, found: Consultation, form: AssistedForm) -> bool:
    given = form.cleaned_data
    person = residents.resident_of(given["phone"]) if given["phone"] else None
    if given["phone"] and person is None:
        form.add_error("phone", _("No account has this number. Leave it empty."))
        return False
    speaker = services.Speaker(person, clerk=signed_in(request), shown_as=given["shown_as"])
    words = services.Words(
        given["text"], given["stand"], is_confidential=given["is_confidential"], key=given["key"]
    )
    try:
        files = opinion_files.prepare(given["files"])
        services.say(found, words, speaker=speaker, at=timezone.now(), files=files)
    except NotYours:
        raise
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@role_required(*READERS)
@require_safe
def file(request: HttpRequest, pk: int, size: str) -> FileResponse:
    """As the host sees it before it is released."""
    user, on = reader(request)
    seen = Consultation.objects.visible_to(user, on=on)
    found = get_object_or_404(OpinionFile.objects.filter(opinion__consultation__in=seen), pk=pk)
    return served(found, size)


# -- The public log --------------------------------------------------------------------------------


def _entries(found: Consultation) -> Any:
    return ModerationEntry.objects.filter(consultation=found).public()


@require_safe
def log(request: HttpRequest, number: str) -> HttpResponse:
    found = public(number)
    rows = _entries(found).select_related("opinion")
    context = {"consultation": found, "page": page_of(request, rows), "at": timezone.now()}
    return render(request, "consultation/public/moderation.html", context)


@require_safe
def log_file(_request: HttpRequest, number: str) -> StreamingHttpResponse:
    """The whole log as CSV, row by row."""
    found = public(number)
    answer = StreamingHttpResponse(pictures.log_lines(_entries(found)), content_type="text/csv")
    answer["Content-Disposition"] = f'attachment; filename="{number}-moderation.csv"'
    return answer
