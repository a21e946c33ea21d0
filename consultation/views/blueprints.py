"""Forms of consultation are made and changed here, stage by stage; a change is a new version."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from consultation import form_words
from consultation.catalogues import BLUEPRINTS
from consultation.comparing import differences
from consultation.forms.blueprints import MOST, Editor, Posted, edited, posted_of
from consultation.forms.catalogues import BlueprintForm
from consultation.models import Blueprint
from consultation.reference import BadStages, StageWords, stage_of, stages_of
from consultation.services.blueprints import words_of, write_blueprint, written
from consultation.services.foreseeing import outlook
from lib.chain import fingerprint
from lib.errors import WrongState
from organizations.acting import onwards, saved
from organizations.http import role_required

CHECKS = ("preview", "save")
BEGINNING = {
    "key": "notice",
    "kind": "notice",
    "name": "事前公开",
    "name_en": "Published beforehand",
}


@role_required(*BLUEPRINTS.editors)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A form of its own; `?like=` begins with the stages of another."""
    like = request.GET.get("like", "")
    model = Blueprint.objects.filter(pk=like).first() if like.isdecimal() else None
    stages = words_of(model) if model else [stage_of(BEGINNING)]
    return _answer(request, None, stages)


@role_required(*BLUEPRINTS.editors)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Blueprint, pk=pk)
    return _answer(request, row, words_of(row))


@role_required(*BLUEPRINTS.readers)
@require_safe
def stages_file(_request: HttpRequest, pk: int) -> HttpResponse:
    """The stages in the language of the files: kept, carried elsewhere, read in again."""
    row = get_object_or_404(Blueprint, pk=pk)
    answer = HttpResponse(written(row), content_type="application/yaml; charset=utf-8")
    name = f"{row.code}-{row.valid_from:%Y%m%d}.yaml"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _answer(request: HttpRequest, row: Blueprint | None, stages: list[StageWords]) -> HttpResponse:
    """Change the page as its buttons say, show what would come of it, or write it down."""
    act = request.POST.get("act", "")
    checking = act in CHECKS
    posted, focus, wrong = _posted(request, stages, act)
    head, editor = _head(request, row, act), Editor(posted, checking=checking)
    is_sound = editor.is_valid() if checking else request.method == "GET"
    found = editor.words if checking and is_sound else stages
    if act == "save" and is_sound and (made := _saved(request, head, row, found)):
        return onwards(
            request, "organizations:catalogue_row", BLUEPRINTS.key, made.pk, done=_("Saved.")
        )
    is_wrong = checking and not (head.is_valid() and is_sound)
    context = {
        "row": row, "head": head, "editor": editor, "focus": focus, "wrong": wrong, "most": MOST,
        "seen": request.POST.get("seen") or _seen(row), "is_wrong": is_wrong,
        **(_preview(row, head, found) if is_sound else {}),
    }  # fmt: skip
    return render(
        request, "consultation/form_editor.html", context, status=422 if is_wrong else 200
    )


def _posted(request: HttpRequest, stages: list[StageWords], act: str) -> tuple[Posted, str, str]:
    """What the page holds now, the part to go on with, and why a text could not be read."""
    if request.method == "GET":
        return posted_of(stages), "", ""
    said: Posted = {name: request.POST.getlist(name) for name in request.POST}
    if act != "read":
        return *edited(said, act), ""
    try:
        return posted_of(stages_of(request.POST.get("text", ""))), "", ""
    except BadStages as error:
        return said, "", _("The stages cannot be read at: %(where)s") % {"where": error}


def _head(request: HttpRequest, row: Blueprint | None, act: str) -> BlueprintForm:
    """To look ahead nobody needs to say why yet."""
    checking = act in CHECKS
    begin: dict[str, Any] = {"valid_from": timezone.localdate(), "reason": ""}
    if request.method == "POST" and not checking:
        begin |= request.POST.dict()
    form = BlueprintForm(request.POST if checking else None, instance=row, initial=begin)
    if row is not None:
        del form.fields["code"]
        form.fields["reason"].required = act != "preview"
    return form


def _seen(row: Blueprint | None) -> str:
    """What the stages are when a page is opened, whatever its language."""
    return fingerprint({"stages": written(row)}) if row else ""


def _saved(
    request: HttpRequest, head: BlueprintForm, row: Blueprint | None, stages: list[StageWords]
) -> Any:
    def write(**more: Any) -> Blueprint:
        if row is not None and request.POST.get("seen") != _seen(row):
            raise WrongState(_("Somebody has changed this form meanwhile. Load the page again."))
        old = Blueprint.objects.get(pk=row.pk) if row else None  # the form has written into `row`
        return write_blueprint(old, head.cleaned_data, stages, **more)

    return saved(request, head, write)


def _preview(
    row: Blueprint | None, head: BlueprintForm, stages: list[StageWords]
) -> dict[str, Any]:
    said = getattr(head, "cleaned_data", {})
    whole_days = said.get("whole_days") if said else head.initial.get("whole_days")
    before = form_words.lines(words_of(row)) if row else ""
    return {
        "outlook": outlook(stages, whole_days=whole_days, at=timezone.now()),
        "rows": differences(before, form_words.lines(stages)) if row else [],
    }
