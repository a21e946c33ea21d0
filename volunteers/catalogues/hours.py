"""Rules of hours and stars in the browser."""

from django.utils.translation import gettext_lazy as _

from lib.roles import ADMINISTRATORS
from organizations.catalogues import Catalogue, Column
from volunteers.forms.hours import HoursRuleForm, StarForm
from volunteers.hours_words import in_hours
from volunteers.models import HoursRule, Star
from volunteers.models.people import ORGANIZERS

GROUP = _("Volunteers")
RULES = Catalogue(
    key="hours-rules",
    label=_("Rules of hours"),
    about=_("How arriving and leaving are checked and counted, and by when hours are confirmed."),
    icon="clock-check",
    group=GROUP,
    place=93,
    model=HoursRule,
    form=HoursRuleForm,
    rows=lambda _user, _day: HoursRule.objects.all(),
    columns=("valid_from", "radius", "grace_minutes", "confirm_days"),
    search=(),
    order=("-valid_from", "pk"),
    readers=ORGANIZERS | ADMINISTRATORS,
    keep_past=True,
)
STARS = Catalogue(
    key="stars",
    label=_("Stars of volunteers"),
    about=_("From how many confirmed hours a volunteer has which star. There is no prize."),
    icon="star",
    group=GROUP,
    place=94,
    model=Star,
    form=StarForm,
    rows=lambda _user, _day: Star.objects.all(),
    columns=("name", "rank", Column(_("From"), lambda row: in_hours(row.minutes)), "valid_from"),
    search=("name", "name_en"),
    order=("rank", "pk"),
    readers=ORGANIZERS | ADMINISTRATORS,
    keep_past=True,
)
CATALOGUES = (RULES, STARS)
