"""Catalogues of appraisal: schemes, and the rules of each."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from lib.fen import yuan
from lib.registry import panels
from lib.roles import Role
from organizations import catalogues
from organizations.catalogues import Catalogue, Column
from organizations.catalogues.related import related
from oversight.forms.catalogues import RuleForm, SchemeForm
from oversight.models import Scheme, SchemeRule
from oversight.workflow import OVERSEERS

GROUP = _("Oversight")
EDITORS = frozenset({Role.ASSESSOR, Role.SYSTEM_ADMIN})


def _points(name: str) -> Any:
    """Hundredths as people write them."""
    return lambda row: "" if getattr(row, name) is None else yuan(getattr(row, name))


SCHEMES = Catalogue(
    key="schemes",
    label=_("Schemes of appraisal"),
    about=_("For whom, where grades begin, how long one may appeal. What is open keeps its own."),
    icon="award",
    group=GROUP,
    place=70,
    model=Scheme,
    form=SchemeForm,
    rows=lambda _user, _day: Scheme.objects.all(),
    columns=("name", "code", "of", "role", Column(_("Excellent from"), _points("excellent_from"))),
    filters=("of",),
    readers=OVERSEERS | {Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN},
    editors=EDITORS,
    is_suggested=True,
    fixed=("code", "valid_from"),
)
RULES = Catalogue(
    key="scheme-rules",
    label=_("Rules of schemes"),
    about=_("Rates with their weights and floors, bonuses and deductions."),
    icon="list-numbers",
    group=GROUP,
    place=71,
    model=SchemeRule,
    form=RuleForm,
    rows=lambda _user, _day: SchemeRule.objects.select_related("scheme"),
    columns=(
        "scheme", "indicator", "kind", Column(_("Points"), _points("points")),
        Column(_("Full from (%)"), _points("full_at")), "valid_from",
    ),
    search=("scheme__name", "scheme__name_en", "scheme__code", "indicator"),
    filters=("kind",),
    order=("scheme__code", "rank", "pk"),
    readers=OVERSEERS | {Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN},
    editors=EDITORS,
    keep_past=True,
    fixed=("scheme",),
)  # fmt: skip


def register() -> None:
    for catalogue in (SCHEMES, RULES):
        catalogues.register(catalogue)
    panels.register("catalogue:schemes", related("scheme-rules", field="scheme", order=0))
