"""Rules of the committee's work in the browser."""

from django.utils.translation import gettext_lazy as _

from committee.forms.catalogues import CoverageRuleForm, MeetingKindForm, TermRuleForm
from committee.models import CoverageRule, MeetingKind, TermRule
from lib.roles import ADMINISTRATORS, COMMITTEE
from organizations import catalogues
from organizations.catalogues import Catalogue

GROUP = _("Committee work")
READERS = ADMINISTRATORS | COMMITTEE
MEETING_KINDS = Catalogue(
    key="meeting-kinds",
    label=_("Kinds of meetings"),
    about=_("Who attends, how many must come, what majority decides, how often it is owed."),
    icon="users-group",
    group=GROUP,
    place=60,
    model=MeetingKind,
    form=MeetingKindForm,
    rows=lambda _user, _day: MeetingKind.objects.all(),
    columns=("code", "name", "attends", "every_months", "valid_from"),
    order=("code", "pk"),
    readers=READERS,
    fixed=("code",),
    keep_past=True,
)
TERM_RULES = Catalogue(
    key="term-rules",
    label=_("Rules of terms"),
    about=_("How many full members found a body, how long its term is, when its end is told."),
    icon="calendar-time",
    group=GROUP,
    place=61,
    model=TermRule,
    form=TermRuleForm,
    rows=lambda _user, _day: TermRule.objects.select_related("body_kind"),
    columns=("body_kind", "least_members", "term_years", "warn_days", "valid_from"),
    search=("body_kind__name", "body_kind__name_en"),
    order=("body_kind__code", "pk"),
    readers=READERS,
    fixed=("body_kind",),
    keep_past=True,
)
COVERAGE_RULES = Catalogue(
    key="coverage-of-party-work",
    label=_("Coverage of party work"),
    about=_("From how many members on a branch is needed, within how many days something is done."),
    icon="building-community",
    group=GROUP,
    place=62,
    model=CoverageRule,
    form=CoverageRuleForm,
    rows=lambda _user, _day: CoverageRule.objects.all(),
    columns=("valid_from", "own_from", "active_days", "instructor_limit"),
    search=(),
    order=("-valid_from", "pk"),
    readers=READERS,
    keep_past=True,
)


def register() -> None:
    for catalogue in (MEETING_KINDS, TERM_RULES, COVERAGE_RULES):
        catalogues.register(catalogue)
