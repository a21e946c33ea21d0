"""Columns of lists and of files: one table says what each is called and what stands in it."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Channel, Urgency
from cases.workflow import Desk, State
from lib.masking import mask_address, mask_mobile, mask_name, mask_text

Names = Sequence[str]


def _plain(value: Any) -> Any:
    return "" if value is None else value


def _moment(value: datetime.datetime | None) -> str:
    return localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""


def _word_of(choices: Any) -> Callable[[Any], str]:
    return lambda value: str(choices(value).label) if value else ""


def _alone(mask: Callable[[str], str]) -> Callable[[str, Names], str]:
    return lambda value, _names: mask(value)


@dataclass(frozen=True, slots=True)
class Column:
    """`path`: what is read of a case, `{name}` being the reader's language; `mask`: what it becomes
    for who may not see personal details; `always`: for everybody, in lists and files alike.
    """

    key: str
    label: Promise
    path: str
    write: Callable[[Any], Any] = _plain
    mask: Callable[[str, Names], str] | None = None
    always: bool = False
    in_list: bool = True

    def source(self) -> str:
        return self.path.format(name="name_en" if get_language() == "en" else "name")

    def cell(self, value: Any, *, masked: bool, names: Names = ()) -> Any:
        """What stands in the column; `names` are those of people known to the case."""
        shown = self.write(value)
        return self.mask(shown, names) if self.mask and shown and (masked or self.always) else shown


def _table(*columns: Column) -> dict[str, Column]:
    return {column.key: column for column in columns}


COLUMNS = _table(
    Column("number", _("Number"), "number", in_list=False),
    Column("title", _("Matter"), "title", mask=mask_text, in_list=False),
    Column("state", _("State"), "state", _word_of(State)),
    Column("desk", _("Waits for"), "desk", _word_of(Desk)),
    Column("category", _("Category"), "category__{name}"),
    Column("place", _("Place"), "community__{name}"),
    Column("town", _("Town"), "town__{name}"),
    Column("grid", _("Grid"), "grid__{name}"),
    Column("body", _("Department"), "lead_body__{name}"),
    Column("person", _("Person"), "lead_post__person__full_name"),
    Column("urgency", _("Urgency"), "urgency", _word_of(Urgency)),
    Column("channel", _("Channel"), "channel", _word_of(Channel)),
    Column("received", pgettext_lazy("moment", "Received"), "created_at", _moment),
    Column("filed", _("Filed"), "filed_at", _moment),
    Column("dispatched", _("Dispatched"), "dispatched_at", _moment),
    Column("left", _("Time left"), "handle_due_at", _moment),
    Column("ended", _("Ended"), "ended_at", _moment),
    Column("returns", _("Times returned"), "returns"),
    Column("reworks", _("Times reworked"), "reworks"),
    Column("address", _("Address"), "address", mask=_alone(mask_address), in_list=False),
    Column("text", _("Description"), "text", mask=mask_text, in_list=False),
    Column(
        "reporter",
        _("Reporter"),
        "reporter__name",
        mask=_alone(mask_name),
        always=True,
        in_list=False,
    ),
    Column(
        "phone",
        _("Telephone"),
        "reporter__phone",
        mask=_alone(mask_mobile),
        always=True,
        in_list=False,
    ),
)
LISTED = {key: column for key, column in COLUMNS.items() if column.in_list}
USUAL = ("state", "place", "body", "left")
USUAL_IN_FILES = (
    "number", "title", "state", "category", "town", "place", "body", "urgency", "channel",
    "received", "filed", "left", "ended", "address", "text",
)  # fmt: skip


def chosen(keys: Sequence[str], *, among: dict[str, Column], usual: Sequence[str]) -> list[Column]:
    """The columns asked for in the order of the table; without any that we know, the usual ones."""
    wanted = set(keys) & among.keys() or set(usual)
    return [column for key, column in among.items() if key in wanted]


def cells(case: Case, columns: Sequence[Column]) -> list[tuple[Column, Any]]:
    """What stands in the columns of a list row; a list reads whole rows anyway."""
    return [(column, column.cell(_value(case, column.source()), masked=True)) for column in columns]


def _value(case: Any, path: str) -> Any:
    for part in path.split("__"):
        case = getattr(case, part, None)
    return case
