"""A selection: its criteria and judges, opened, closed by the clock or by hand, cancelled."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from grids.models import Territory
from lib.errors import NotYours, RuleViolation
from lib.moving import moved
from lib.roles import ADMINISTRATORS
from organizations.models import Body, Post, User
from talent import notifications
from talent.models import Criterion, Judge, Selection, SelectionRule, Team
from talent.models.chain import ORGANISERS
from talent.services.ways import SELECTION
from talent.workflow.selection import SelectionState
from volunteers.models.places import reaches

AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Posts to be filled: `role` in `body`, for `places` people, who may apply and until when."""

    body: Body
    role: str
    title: str
    terms: str
    places: int
    apply_until: datetime.datetime
    team: Team | None = None
    title_en: str = ""

    def check(self) -> None:
        """Raises RuleViolation."""
        if self.role in ADMINISTRATORS:
            raise RuleViolation(
                _("Administrators' posts are given by the security administrator."), code="role"
            )
        if self.places < 1 or not self.title.strip() or not self.terms.strip():
            raise RuleViolation(
                _("Say how many are wanted, for what, and who may apply."), code="no_words"
            )

    def columns(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def rule_on(day: datetime.date) -> SelectionRule:
    """The rule of the day. Raises RuleViolation where there is none."""
    found: SelectionRule | None = (
        SelectionRule.objects.valid_on(day).order_by("-valid_from").first()
    )
    if found is None:
        raise RuleViolation(_("No rule of selection holds: load or write one."), code="no_rule")
    return found


@transaction.atomic
def draft_selection(
    wanted: Wanted, community: Territory, *, by: User, at: datetime.datetime
) -> Selection:
    """Raises NotYours, RuleViolation."""
    wanted.check()
    row = Selection(  # type: ignore[misc]  # a community lies in a town
        town_id=community.parent_id, community=community, made_by=by, made_at=at,
        **wanted.columns(),
    )  # fmt: skip
    if not reaches(by, ORGANISERS, row, on=localdate(at)):
        raise NotYours(_("The committee of the place fills its posts."))
    return SELECTION.start(row, "draft", by=by, at=at)


@transaction.atomic
def edit_selection(
    selection: Selection, wanted: Wanted, *, by: User, at: datetime.datetime
) -> Selection:
    wanted.check()
    locked = SELECTION.begin(selection, "edit", by=by, at=at)
    return SELECTION.finish(locked, "edit", by=by, at=at, **wanted.columns())


@transaction.atomic
def set_criteria(
    selection: Selection, points: Mapping[str, int], *, by: User, at: datetime.datetime
) -> Selection:
    """What is judged and the most points for each, in order; replaces what was there."""
    named = {name.strip()[:100]: most for name, most in points.items() if name.strip()}
    if not named or min(named.values()) < 1:
        raise RuleViolation(_("Name what is judged, each with its points."), code="no_criteria")
    locked = SELECTION.begin(selection, "edit", by=by, at=at)
    locked.criteria.all().delete()
    Criterion.objects.bulk_create(
        Criterion(selection=locked, name=name, points=most) for name, most in named.items()
    )
    return SELECTION.finish(locked, "edit", by=by, at=at, facts={"criteria": named})


@transaction.atomic
def name_judge(selection: Selection, person: User, *, by: User, at: datetime.datetime) -> Judge:
    """Somebody who holds a post. Raises NotYours, WrongState, RuleViolation."""
    locked = SELECTION.begin(selection, "edit", by=by, at=at)
    if not Post.objects.held_by(person, on=localdate(at)).exists():
        raise RuleViolation(_("Judges hold a post here."), code="no_post")
    try:
        with transaction.atomic():
            made = Judge.objects.create(selection=locked, person=person)
    except IntegrityError as error:
        raise RuleViolation(_("This judge is named already."), code="judge_twice") from error
    SELECTION.finish(locked, "edit", by=by, at=at, facts={"judge": person.pk})
    notifications.tell_judge(locked, person, at=at)
    return made


@transaction.atomic
def open_selection(selection: Selection, *, by: User, at: datetime.datetime) -> Selection:
    """Public, and open for applications. Raises NotYours, WrongState, RuleViolation."""
    locked = SELECTION.begin(selection, "open", by=by, at=at)
    fewest = rule_on(localdate(at)).fewest_judges
    if not locked.criteria.exists() or locked.judges.count() < fewest:
        raise RuleViolation(
            _("Name the criteria and at least %(fewest)s judges first.") % {"fewest": fewest},
            code="not_ready",
        )
    if locked.apply_until <= at:
        raise RuleViolation(_("Choose a day that is still to come."), code="in_the_past")
    return SELECTION.finish(locked, "open", by=by, at=at)


@transaction.atomic
def close_selection(selection: Selection, *, by: User, at: datetime.datetime) -> Selection:
    """No more applications: the judges begin. Before the announced end by nobody."""
    locked = SELECTION.begin(selection, "close", by=by, at=at)
    if at < locked.apply_until:
        raise RuleViolation(
            _("Applications are welcome until the announced day; close it then."), code="too_early"
        )
    return SELECTION.finish(locked, "close", by=by, at=at)


def close_due(*, at: datetime.datetime) -> int:
    """Close what has come to the end of its applications; how many."""
    system = User.objects.system()
    rows = list(Selection.objects.to_close(at).order_by("pk")[:AT_ONCE])
    for row in rows:
        with transaction.atomic():
            locked = Selection.objects.select_for_update().get(pk=row.pk)
            if locked.state == SelectionState.OPEN:
                close_selection(locked, by=system, at=at)
    return len(rows)


@transaction.atomic
def cancel_selection(
    selection: Selection, *, reason: str, by: User, at: datetime.datetime
) -> Selection:
    done = moved(SELECTION, selection, "cancel", by=by, at=at, reason=reason)
    people = [row.person for row in done.candidates.select_related("person")]
    notifications.tell_cancelled(done, people, at=at)
    return done
