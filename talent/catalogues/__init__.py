"""Reference data of talent in the browser: teams, training, establishments, rules of selection."""

from django.utils.translation import gettext_lazy as _

from lib.roles import ADMINISTRATORS, COMMITTEE, Role
from organizations import catalogues
from organizations.catalogues import Catalogue
from talent.forms import catalogues as forms
from talent.models import (
    Discipline,
    Establishment,
    Programme,
    SelectionRule,
    Team,
    TeamLevel,
    TrainingBase,
)

GROUP = _("Talent")
READERS = ADMINISTRATORS | COMMITTEE | {Role.DEPARTMENT_HEAD, Role.SUPERVISOR}
EDITORS = COMMITTEE | {Role.SYSTEM_ADMIN}

TEAMS = Catalogue(
    key="talent-teams",
    label=_("Talent teams"),
    about=_("The six talent teams of the national plan."),
    icon="users-group",
    group=GROUP,
    place=110,
    model=Team,
    form=forms.TeamForm,
    rows=lambda _user, _day: Team.objects.all(),
    columns=("name", "code", "valid_from"),
    order=("place", "pk"),
    readers=READERS,
    fixed=("valid_from",),
)
LEVELS = Catalogue(
    key="talent-levels",
    label=_("Levels of talent teams"),
    about=_("Levels or kinds within a team, the lowest first. A level that is renamed ends."),
    icon="stairs",
    group=GROUP,
    place=111,
    model=TeamLevel,
    form=forms.LevelRowForm,
    rows=lambda _user, _day: TeamLevel.objects.select_related("team"),
    columns=("name", "team", "rank", "valid_from"),
    search=("name", "name_en", "team__name"),
    filters=("team",),
    order=("team__place", "rank", "pk"),
    readers=READERS,
    keep_past=True,
)
DISCIPLINES = Catalogue(
    key="talent-disciplines",
    label=_("Leading disciplines"),
    about=_("What a school or centre here teaches better than others."),
    icon="atom",
    group=GROUP,
    place=112,
    model=Discipline,
    form=forms.DisciplineForm,
    rows=lambda _user, _day: Discipline.objects.select_related("body"),
    columns=("name", "body", "valid_from"),
    readers=READERS,
    editors=EDITORS,
    fixed=("valid_from",),
)
BASES = Catalogue(
    key="training-bases",
    label=_("Training bases"),
    about=_("Where people learn by doing, and how many at once."),
    icon="building",
    group=GROUP,
    place=113,
    model=TrainingBase,
    form=forms.BaseForm,
    rows=lambda _user, _day: TrainingBase.objects.select_related("body"),
    columns=("name", "seats", "address", "body"),
    readers=READERS,
    editors=EDITORS,
    fixed=("valid_from",),
)
PROGRAMMES = Catalogue(
    key="training-programmes",
    label=_("Training programmes"),
    about=_("Plans of training for a talent team; courses belong to one."),
    icon="certificate",
    group=GROUP,
    place=114,
    model=Programme,
    form=forms.ProgrammeForm,
    rows=lambda _user, _day: Programme.objects.select_related("team", "discipline"),
    columns=("name", "team", "people", "valid_from"),
    filters=("team",),
    readers=READERS,
    editors=EDITORS,
    fixed=("valid_from",),
)
ESTABLISHMENTS = Catalogue(
    key="establishments",
    label=_("Establishments"),
    about=_("How many people a body should have with a role: what is missing is a vacancy."),
    icon="sitemap",
    group=GROUP,
    place=115,
    model=Establishment,
    form=forms.EstablishmentForm,
    rows=lambda _user, _day: Establishment.objects.select_related("body"),
    columns=("body", "role", "places", "valid_from"),
    search=("body__name", "body__name_en", "body__code"),
    filters=("role",),
    order=("body__code", "pk"),
    readers=READERS,
    editors=EDITORS,
    keep_past=True,
)
RULES = Catalogue(
    key="selection-rules",
    label=_("Rules of selection"),
    about=_("How long a short list is published, and how many judges there are at least."),
    icon="scale",
    group=GROUP,
    place=116,
    model=SelectionRule,
    form=forms.SelectionRuleForm,
    rows=lambda _user, _day: SelectionRule.objects.all(),
    columns=("valid_from", "publication_days", "fewest_judges"),
    search=(),
    order=("-valid_from", "pk"),
    readers=READERS,
    keep_past=True,
)


def register() -> None:
    for catalogue in (TEAMS, LEVELS, DISCIPLINES, BASES, PROGRAMMES, ESTABLISHMENTS, RULES):
        catalogues.register(catalogue)
