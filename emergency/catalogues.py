"""Rules of levels, measures, kinds of tasks and supplies in the browser."""

from django.utils.translation import gettext_lazy as _

from emergency.forms.reference import ItemForm, LevelRuleForm, MeasureForm, TaskKindForm
from emergency.models import Item, LevelRule, Measure, TaskKind
from emergency.models.orders import COMMANDERS
from lib.roles import ADMINISTRATORS
from organizations import catalogues
from organizations.catalogues import Catalogue

GROUP = _("Emergency mobilisation")
READERS = COMMANDERS | ADMINISTRATORS
LEVELS = Catalogue(
    key="emergency-levels",
    label=_("Levels of emergencies"),
    about=_("Who confirms an order of each level, and within how many minutes what is due."),
    icon="alarm",
    group=GROUP,
    place=110,
    model=LevelRule,
    form=LevelRuleForm,
    rows=lambda _user, _day: LevelRule.objects.all(),
    columns=("level", "confirm_minutes", "phone_minutes", "text_minutes", "valid_from"),
    search=(),
    order=("level", "pk"),
    readers=READERS,
    keep_past=True,
)
MEASURES = Catalogue(
    key="emergency-measures",
    label=_("Measures of emergencies"),
    about=_("What a measure allows and requires, and what residents are told to do."),
    icon="shield-check",
    group=GROUP,
    place=111,
    model=Measure,
    form=MeasureForm,
    rows=lambda _user, _day: Measure.objects.all(),
    columns=("name", "kind", "legal_basis", "valid_from"),
    readers=READERS,
    keep_past=True,
)
TASK_KINDS = Catalogue(
    key="emergency-tasks",
    label=_("Kinds of tasks of emergencies"),
    about=_("Which tasks a measure brings; dangerous ones are for insured adults."),
    icon="list-check",
    group=GROUP,
    place=112,
    model=TaskKind,
    form=TaskKindForm,
    rows=lambda _user, _day: TaskKind.objects.select_related("measure", "skill"),
    columns=("name", "measure", "is_dangerous", "valid_from"),
    readers=READERS,
    keep_past=True,
)
ITEMS = Catalogue(
    key="emergency-supplies",
    label=_("Supplies of emergencies"),
    about=_("What depots keep, and in which unit it is counted."),
    icon="packages",
    group=GROUP,
    place=113,
    model=Item,
    form=ItemForm,
    rows=lambda _user, _day: Item.objects.all(),
    columns=("name", "unit", "valid_from"),
    readers=READERS,
)
CATALOGUES = (LEVELS, MEASURES, TASK_KINDS, ITEMS)


def register() -> None:
    for catalogue in CATALOGUES:
        catalogues.register(catalogue)
