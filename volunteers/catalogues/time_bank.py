"""Rules of the time bank in the browser."""

from django.utils.translation import gettext_lazy as _

from lib.roles import ADMINISTRATORS
from organizations.catalogues import Catalogue, Column
from volunteers.forms.time_bank import TimeRuleForm
from volunteers.hours_words import in_hours
from volunteers.models import TimeRule
from volunteers.models.time_bank import READERS

GROUP = _("Volunteers")
RULES = Catalogue(
    key="time-rules",
    label=_("Rules of the time bank"),
    about=_("How far accounts may go, how long hours last, how many may be given away."),
    icon="clock-heart",
    group=GROUP,
    place=95,
    model=TimeRule,
    form=TimeRuleForm,
    rows=lambda _user, _day: TimeRule.objects.all(),
    columns=(
        "valid_from",
        Column(_("A person may owe"), lambda row: in_hours(row.overdraft)),
        Column(_("A person may save"), lambda row: in_hours(row.ceiling)),
        "keep_months",
    ),
    search=(),
    order=("-valid_from", "pk"),
    readers=READERS | ADMINISTRATORS,
    keep_past=True,
)
CATALOGUES = (RULES,)
