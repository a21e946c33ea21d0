"""Catalogues of cases: limits and warnings, reasons and terms, and who took lists along."""

from django.utils.translation import gettext_lazy as _

from cases.forms import catalogues as loop
from cases.forms import clock as forms
from cases.forms.callbacks import CallBackRuleForm
from cases.forms.lists import RetentionForm
from cases.models import (
    CallBackRule,
    CaseExport,
    Erasure,
    PhoneLookUp,
    Reason,
    RetentionRule,
    SelfConfirmation,
    StageLimit,
    Terms,
    WarningStep,
)
from lib.roles import ADMINISTRATORS, COMMITTEE, Role
from organizations import catalogues
from organizations.catalogues import Catalogue, Column

GROUP, LOOP = _("Time"), _("Cases")
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
CALLBACK_RULES = Catalogue(
    key="callback-rules",
    label=_("Rules of call-backs"),
    about=_("How long residents may answer by link, when a clerk calls, how often, what is said."),
    icon="phone-call",
    group=GROUP,
    place=34,
    model=CallBackRule,
    form=CallBackRuleForm,
    rows=lambda _user, _day: CallBackRule.objects.all(),
    columns=("valid_from", "valid_to", "answer_days", "call_after_hours", "attempts"),
    search=("script", "script_en"),
    order=("valid_from", "pk"),
    readers=READERS | {Role.ACCEPTOR},
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
REASONS = Catalogue(
    key="reasons",
    label=_("Reasons"),
    about=_("Why a report is not accepted, with the right channel; why a case is returned."),
    icon="message-question",
    group=LOOP,
    place=60,
    model=Reason,
    form=loop.ReasonForm,
    rows=lambda _user, _day: Reason.objects.all(),
    columns=("name", "move", "rank", "valid_from"),
    search=("code", "name", "name_en", "told"),
    filters=("move",),
    order=("move", "rank", "pk"),
    readers=READERS | {Role.ACCEPTOR, Role.SUPERVISOR},
    keep_past=True,
)
TERMS = Catalogue(
    key="terms",
    label=_("Terms of the loop"),
    about=_("How long a look on site may take, how long a case may be taken up again."),
    icon="hourglass",
    group=LOOP,
    place=61,
    model=Terms,
    form=loop.TermsForm,
    rows=lambda _user, _day: Terms.objects.all(),
    columns=("valid_from", "verify_limit", "reopen_limit", "most_returns"),
    search=(),
    order=("-valid_from", "-pk"),
    readers=READERS | {Role.ACCEPTOR, Role.SUPERVISOR},
    keep_past=True,
)
SELF_CONFIRMATIONS = Catalogue(
    key="automatic-confirmations",
    label=_("Automatic confirmation"),
    about=_("Departments whose results go to the check without their head."),
    icon="checks",
    group=LOOP,
    place=62,
    model=SelfConfirmation,
    form=loop.SelfConfirmationForm,
    rows=lambda _user, _day: SelfConfirmation.objects.select_related("body"),
    columns=("body", "valid_from"),
    search=("body__code", "body__name", "body__name_en"),
    order=("body__code", "pk"),
    readers=READERS | {Role.ACCEPTOR, Role.SUPERVISOR},
    keep_past=True,
)


ONLY_AUDIT = frozenset({Role.AUDIT_ADMIN})
SECURITY = frozenset({Role.SECURITY_ADMIN})
RETENTION = Catalogue(
    key="retention",
    label=_("Times of keeping"),
    about=_(
        "For how many days after the end of a case personal details are kept. Without an entry: "
        "contact details 180, photos 730, words 1825 days."
    ),
    icon="hourglass-empty",
    group=_("Audit"),
    place=94,
    model=RetentionRule,
    form=RetentionForm,
    rows=lambda _user, _day: RetentionRule.objects.all(),
    columns=("kind", "days"),
    search=(),
    order=("kind", "pk"),
    fixed=("kind",),
    editors=SECURITY,
    removable=True,
)
ERASURES = Catalogue(
    key="erasures",
    label=_("Erasures"),
    about=_("What was erased when its time was over: how much, and a hash that proves of what."),
    icon="eraser",
    group=_("Audit"),
    place=95,
    model=Erasure,
    rows=lambda _user, _day: Erasure.objects.select_related("by"),
    columns=("at", "kind", "cases", "ended_before"),
    search=(),
    filters=("kind",),
    name_of=lambda row: f"{row.get_kind_display()} · {row.pk}",
    order=("-pk",),
    readers=ONLY_AUDIT | SECURITY,
    editors=frozenset(),
)
PHONE_LOOKS = Catalogue(
    key="phone-looks",
    label=_("Looks for telephones"),
    about=_("Who at the window looked for the cases of a telephone, and why."),
    icon="phone-check",
    group=_("Audit"),
    place=96,
    model=PhoneLookUp,
    rows=lambda _user, _day: PhoneLookUp.objects.select_related("by"),
    columns=("at", "by", "phone", "reason", "found"),
    search=("by__username", "by__full_name", "reason"),
    name_of=lambda row: f"{row.by} · {row.pk}",
    order=("-pk",),
    readers=ONLY_AUDIT,
    editors=frozenset(),
)


def register() -> None:
    mine = (STAGE_LIMITS, WARNING_STEPS, EXPORTS, REASONS, TERMS, SELF_CONFIRMATIONS)
    for catalogue in (*mine, CALLBACK_RULES, RETENTION, ERASURES, PHONE_LOOKS):
        catalogues.register(catalogue)
