"""Changes of the duty list: drafted, reviewed by somebody else, in force from a day on."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from grids.models import Territory
from lib.errors import NotYours, RuleViolation
from lib.moving import moved
from organizations.models import Body, User
from organizations.services import changes
from routing import notifications, rights
from routing.models import (
    Category,
    CommunityDuty,
    DutyChange,
    DutyChangeItem,
    DutyEntry,
    ListChangeItem,
)
from routing.services.checks import check_rule
from routing.services.rules import end_rule, make_rule
from routing.services.ways import CHANGE


@dataclass(frozen=True, slots=True)
class Step:
    """`lead` None: entries only end. `assistants` and `ends` are lists of rows."""

    category: Category | None
    territory: Territory
    lead: Body | None
    legal_basis: str = ""
    payer: Body | None = None
    assistants: Sequence[Body] = ()
    ends: Sequence[DutyEntry] = ()

    def check(self) -> None:
        """Raises RuleViolation."""
        if self.lead is None and not self.ends:
            raise RuleViolation(
                _("Say who leads from then on, or which entries end."), code="empty_step"
            )
        if self.lead is not None and not self.legal_basis.strip():
            raise RuleViolation(_("Write the legal basis."), code="no_legal_basis")
        if self.lead is not None:
            rule = DutyEntry(category=self.category, territory=self.territory, lead=self.lead)
            check_rule(rule, self.assistants)


def draft_change(
    *, title: str, force_on: datetime.date, by: User, at: datetime.datetime, grounds: str = ""
) -> DutyChange:
    """An empty draft. Raises NotYours, RuleViolation (the day has passed)."""
    if by.roles_on(localdate(at)).isdisjoint(rights.DRAFTERS):
        raise NotYours(_("Only the committee, dispatchers and administrators draft changes."))
    _demand_to_come(force_on, at)
    change = DutyChange(
        title=title.strip(), grounds=grounds.strip(), force_on=force_on, made_by=by, made_at=at
    )
    with transaction.atomic():
        return CHANGE.start(change, "draft", by=by, at=at)


def _demand_to_come(day: datetime.date, at: datetime.datetime) -> None:
    if day < localdate(at):
        raise RuleViolation(_("Choose today or a day that is still to come."), code="in_the_past")


@transaction.atomic
def edit_change(
    change: DutyChange, *, title: str, force_on: datetime.date, grounds: str, by: User,
    at: datetime.datetime,
) -> DutyChange:  # fmt: skip
    """Raises NotYours, WrongState, RuleViolation."""
    _demand_to_come(force_on, at)
    locked = CHANGE.begin(change, "edit", by=by, at=at)
    words: dict[str, Any] = {
        "title": title.strip(),
        "grounds": grounds.strip(),
        "force_on": force_on,
    }
    return CHANGE.finish(locked, "edit", by=by, at=at, **words)


@transaction.atomic
def add_step(change: DutyChange, step: Step, *, by: User, at: datetime.datetime) -> DutyChangeItem:
    """One more step of a draft. Raises NotYours, WrongState, RuleViolation."""
    step.check()
    locked = CHANGE.begin(change, "edit", by=by, at=at)
    item = DutyChangeItem.objects.create(
        change=locked,
        category=step.category,
        territory=step.territory,
        lead=step.lead,
        payer=step.payer,
        legal_basis=step.legal_basis.strip(),
    )
    item.assistants.set(step.assistants)
    item.ends.set(step.ends)
    CHANGE.finish(locked, "edit", by=by, at=at, facts={"added": item.pk})
    return item


@dataclass(frozen=True, slots=True)
class ListStep:
    """`list` empty: the entry in `ends` only ends. `body` None: of every community."""

    body: Body | None
    category: Category
    list: str = ""
    legal_basis: str = ""
    ends: CommunityDuty | None = None

    def check(self) -> None:
        """Raises RuleViolation."""
        if not self.list and self.ends is None:
            raise RuleViolation(
                _("Choose the list on which it stands from then on, or the entry that ends."),
                code="empty_step",
            )
        if self.list and not self.legal_basis.strip():
            raise RuleViolation(_("Write the legal basis."), code="no_legal_basis")
        check_rule(CommunityDuty(body=self.body, category=self.category, list=self.list))

    def columns(self) -> dict[str, Any]:
        names = ("body", "category", "list", "ends")
        words = {"legal_basis": self.legal_basis.strip()}
        return {name: getattr(self, name) for name in names} | words


@transaction.atomic
def add_list_step(
    change: DutyChange, step: ListStep, *, by: User, at: datetime.datetime
) -> ListChangeItem:
    """One more step about the lists of communities. Raises NotYours, WrongState, RuleViolation."""
    step.check()
    locked = CHANGE.begin(change, "edit", by=by, at=at)
    item = ListChangeItem.objects.create(change=locked, **step.columns())
    CHANGE.finish(locked, "edit", by=by, at=at, facts={"added_to_lists": item.pk})
    return item


@transaction.atomic
def drop_step(
    item: DutyChangeItem | ListChangeItem, *, by: User, at: datetime.datetime
) -> DutyChange:
    """Raises NotYours, WrongState."""
    locked = CHANGE.begin(item.change, "edit", by=by, at=at)
    told = "dropped" if isinstance(item, DutyChangeItem) else "dropped_from_lists"
    facts = {told: item.pk}
    item.delete()
    return CHANGE.finish(locked, "edit", by=by, at=at, facts=facts)


@transaction.atomic
def submit_change(change: DutyChange, *, by: User, at: datetime.datetime) -> DutyChange:
    """To another member of the committee. Raises NotYours, WrongState, RuleViolation (empty)."""
    locked = CHANGE.begin(change, "submit", by=by, at=at)
    if not locked.items.exists() and not locked.list_items.exists():
        raise RuleViolation(_("Add at least one step to the draft."), code="empty")
    done = CHANGE.finish(locked, "submit", by=by, at=at, reason="")
    notifications.tell_reviewers(done, at=at)
    return done


@transaction.atomic
def adopt_change(change: DutyChange, *, by: User, at: datetime.datetime) -> DutyChange:
    """The next edition of the list, in force from its day on; its entries are written at once.

    Raises NotYours, WrongState, RuleViolation (the day has passed, an entry has ended meanwhile).
    """
    locked = CHANGE.begin(change, "adopt", by=by, at=at)
    _demand_to_come(locked.force_on, at)
    write_steps(locked, by=by, at=at)
    newest = DutyChange.objects.aggregate(newest=Max("edition"))["newest"] or 0
    done = CHANGE.finish(
        locked, "adopt", by=by, at=at, edition=newest + 1, reviewed_by=by, reviewed_at=at,
        facts={"edition": newest + 1},
    )  # fmt: skip
    notifications.tell_maker(done, "duty-change-adopted", at=at)
    return done


def write_steps(change: DutyChange, *, by: User, at: datetime.datetime) -> None:
    """End and begin the entries that a change asks for, as of its day (also for a trial of it)."""
    for item in change.items.prefetch_related("assistants", "ends").order_by("pk"):
        for entry in sorted(item.ends.all(), key=lambda row: row.pk):
            end_rule(changes.locked(entry), on=change.force_on, by=by, at=at)
        if item.lead is not None:
            entry = DutyEntry(**item.as_entry(), valid_from=change.force_on)
            links = {"assistants": list(item.assistants.all())}
            item.entry = make_rule(entry, by=by, at=at, links=links)
            item.save(update_fields=["entry"])
    _write_list_steps(change, by=by, at=at)


def _write_list_steps(change: DutyChange, *, by: User, at: datetime.datetime) -> None:
    for item in change.list_items.select_related("body__kind", "category", "ends").order_by("pk"):
        if item.ends is not None:
            end_rule(item.ends, on=change.force_on, by=by, at=at)
        if item.list:
            entry = CommunityDuty(
                body=item.body, category=item.category, list=item.list,
                legal_basis=item.legal_basis, valid_from=change.force_on,
            )  # fmt: skip
            item.entry = make_rule(entry, by=by, at=at)
            item.save(update_fields=["entry"])


@transaction.atomic
def return_change(
    change: DutyChange, *, reason: str, by: User, at: datetime.datetime
) -> DutyChange:
    done = moved(CHANGE, change, "send_back", by=by, at=at, reason=reason)
    notifications.tell_maker(done, "duty-change-returned", at=at)
    return done


@transaction.atomic
def refuse_change(
    change: DutyChange, *, reason: str, by: User, at: datetime.datetime
) -> DutyChange:
    done = moved(
        CHANGE, change, "refuse", by=by, at=at, reason=reason, reviewed_by=by, reviewed_at=at
    )
    notifications.tell_maker(done, "duty-change-refused", at=at)
    return done


@transaction.atomic
def withdraw_change(change: DutyChange, *, by: User, at: datetime.datetime) -> DutyChange:
    return moved(CHANGE, change, "withdraw", by=by, at=at)


@transaction.atomic
def draft_from_precedents(
    entries: Iterable[DutyEntry], *, title: str, force_on: datetime.date, by: User,
    at: datetime.datetime,
) -> DutyChange:  # fmt: skip
    """A draft that makes entries of the list of precedents. Raises NotYours, RuleViolation."""
    change = draft_change(title=title, force_on=force_on, by=by, at=at)
    for entry in entries:
        step = Step(
            category=entry.category,
            territory=entry.territory,
            lead=entry.lead,
            payer=entry.payer,
            legal_basis=entry.legal_basis or str(_("Decision of the committee")),
            assistants=list(entry.assistants.all()),
            ends=[changes.locked(entry)],
        )
        change.refresh_from_db()
        add_step(change, step, by=by, at=at)
    change.refresh_from_db()
    return change
