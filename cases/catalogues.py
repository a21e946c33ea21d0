"""Catalogues of cases: limits of stages, when who is warned, and who took lists along."""

from django.utils.translation import gettext_lazy as _

from cases.forms import clock as forms
from cases.models import CaseExport, StageLimit, WarningStep
from lib.roles import ADMINISTRATORS, COMMITTEE, Role
from organizations import catalogues
from organizations.catalogues import Catalogue, Column

GROUP = _("Time")
READERS = ADMINISTRATORS | COMMITTEE | {
    Role.DISPATCHER, Role.DUTY_OFFICER, Role.DEPARTMENT_HEAD, Role.ASSESSOR,
}  # fmt: skip

STAGE_LIMITS = Catalogue(
    key="stage-limits",
    label=_("Limits of stages"),
    about=_(
        "How long acceptance, dispatch, check and the whole may take. Handling has the limit of "
        "its standard."
    ),
    icon="hourglass",
    group=GROUP,
    place=32,
    model=StageLimit,
    form=forms.StageLimitForm,
    rows=lambda _user, _day: StageLimit.objects.all(),
    columns=("stage", "urgency", "amount", "unit", "valid_from", "valid_to"),
    name_of=lambda row: f"{row.get_stage_display()} {row.get_urgency_display()}",
    search=(),
    filters=("stage",),
    order=("stage", "urgency", "pk"),
    readers=READERS,
    keep_past=True,
)
WARNING_STEPS = Catalogue(
    key="warning-steps",
    label=_("Steps of warning"),
    about=_(
        "Who is told when how much of a limit is used: at 100 percent it has run out, at 200 as "
        "much time again has passed."
    ),
    icon="bell-ringing",
    group=GROUP,
    place=33,
    model=WarningStep,
    form=forms.WarningStepForm,
    rows=lambda _user, _day: WarningStep.objects.all(),
    columns=("limit", "percent", "audience", "valid_from", "valid_to"),
    name_of=lambda row: f"{row.get_limit_display()} {row.percent}% · {row.get_audience_display()}",
    search=(),
    filters=("limit",),
    order=("limit", "percent", "audience", "pk"),
    readers=READERS,
    keep_past=True,
)


EXPORTS = Catalogue(
    key="exports",
    label=_("Cases taken along"),
    about=_("Who took which list of cases along in a file, when, with how many rows."),
    icon="download",
    group=_("Audit"),
    place=93,
    model=CaseExport,
    rows=lambda _user, _day: CaseExport.objects.select_related("by"),
    columns=(
        Column(_("Time"), "at"), Column(_("Who"), "by"), Column(_("Filter"), "query"),
        Column(_("Format"), "format"), Column(_("Rows"), "rows"), Column(_("Masked"), "masked"),
    ),
    search=("query", "by__username", "by__full_name"),
    filters=("format", "state"),
    name_of=lambda row: f"{row.by} · {row.pk}",
    order=("-pk",),
    readers=frozenset({Role.AUDIT_ADMIN}),
    editors=frozenset(),
)  # fmt: skip


def register() -> None:
    for catalogue in (STAGE_LIMITS, WARNING_STEPS, EXPORTS):
        catalogues.register(catalogue)
