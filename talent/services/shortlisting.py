"""The short list (公示): published for days, objected to, answered, decided, appointed."""

import datetime
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Count, Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from lib.errors import NotYours, RuleViolation, WrongState
from lib.moving import moved
from organizations.models import User
from talent import notifications
from talent.models import Candidate, Objection, Reason, Score, Selection
from talent.services.selections import rule_on
from talent.services.staffing import Coming, enter
from talent.services.ways import CANDIDATE, OBJECTION, SELECTION
from talent.workflow.selection import CandidateState, SelectionState


@dataclass(frozen=True, slots=True)
class Placed:
    """A candidate with the mean of the judges' sums in hundredths of a point, and the place."""

    candidate: Candidate
    score: int
    rank: int


def ranking(selection: Selection, *, fewest: int) -> list[Placed]:
    """All candidates, the best first; equal scores share a place.

    Raises RuleViolation where a judge who may judge has not, or too few may.
    """
    criteria, judges = selection.criteria.count(), selection.judges.count()
    scored = _sums(selection)
    found = []
    for row in selection.candidates.filter(state=CandidateState.APPLIED).order_by("pk"):
        able = judges - _kept_out(selection, row)
        points, given = scored.get(row.pk, (0, 0))
        if able < fewest or given < able * criteria:
            raise RuleViolation(
                _("%(name)s: %(given)s of %(wanted)s scores, of at least %(fewest)s judges.")
                % {"name": row.name, "given": given, "wanted": able * criteria, "fewest": fewest},
                code="scores_missing",
            )
        found.append((row, round(points * 100 / able)))
    found.sort(key=lambda pair: (-pair[1], pair[0].pk))
    totals = [total for _row, total in found]
    return [Placed(row, total, totals.index(total) + 1) for row, total in found]


def _sums(selection: Selection) -> dict[int, tuple[int, int]]:
    rows = Score.objects.filter(candidate__selection=selection).values_list("candidate")
    counted = rows.annotate(sum=Sum("points"), count=Count("pk")).order_by()
    return {key: (points, count) for key, points, count in counted}


def _kept_out(selection: Selection, row: Candidate) -> int:
    """Judges who are the candidate or a relative."""
    kin = set(row.kin.values_list("judge__person", flat=True)) | {row.person_id}
    return selection.judges.filter(person__in=kin).count()


@transaction.atomic
def publish(selection: Selection, *, days: int, by: User, at: datetime.datetime) -> Selection:
    """The best are named in public for `days`. Raises NotYours, WrongState, RuleViolation."""
    locked = SELECTION.begin(selection, "publish", by=by, at=at)
    rule = rule_on(localdate(at))
    if days < rule.publication_days:
        raise RuleViolation(
            _("A short list is published for at least %(days)s days.")
            % {"days": rule.publication_days},
            code="too_short",
        )
    placed = ranking(locked, fewest=rule.fewest_judges)
    listed = [one for one in placed if one.rank <= locked.places]
    if not 1 <= len(listed) <= locked.places:
        raise RuleViolation(
            _("Nobody stands, or several share the last place: the judges must decide."),
            code="tie",
        )
    _list(locked, placed, listed, at=at)
    until = at + datetime.timedelta(days=days)
    return SELECTION.finish(
        locked, "publish", by=by, at=at, published_at=at, objections_until=until,
        facts={"days": days, "listed": [one.candidate.pk for one in listed]},
    )  # fmt: skip


def _list(
    selection: Selection, placed: list[Placed], listed: list[Placed], *, at: datetime.datetime
) -> None:
    system = User.objects.system()
    for one in placed:
        name = "propose" if one in listed else "pass_over"
        locked = CANDIDATE.begin(one.candidate, name, by=system, at=at)
        facts = {"score": one.score, "rank": one.rank}
        done = CANDIDATE.finish(
            locked, name, by=system, at=at, score=one.score, rank=one.rank, facts=facts
        )
        notifications.tell_candidate(done, f"selection-{done.state}", at=at)
    for row in selection.candidates.filter(state=CandidateState.RECOMMENDED).order_by("pk"):
        moved(CANDIDATE, row, "pass_over", by=system, at=at)


@transaction.atomic
def object_to(candidate: Candidate, *, text: str, by: User, at: datetime.datetime) -> Objection:
    """Anybody with an account, while the list is published. Raises WrongState, RuleViolation."""
    selection = Selection.objects.select_for_update().get(pk=candidate.selection_id)
    row = Candidate.objects.select_related("selection").get(pk=candidate.pk)
    until = selection.objections_until
    over = until is None or at >= until or selection.state != SelectionState.PUBLISHED
    if over or row.state != CandidateState.PROPOSED:
        raise WrongState(_("Objections can be raised only while the list is published."))
    if row.person_id == by.pk:
        raise RuleViolation(_("Withdraw instead of objecting to yourself."), code="himself")
    if not text.strip():
        raise RuleViolation(_("Say what speaks against it."), code="no_words")
    made = Objection(candidate=row, person=by, text=text.strip()[:1000], at=at)
    try:
        with transaction.atomic():
            OBJECTION.start(made, "object", by=by, at=at)
    except IntegrityError as error:
        raise RuleViolation(_("Your objection is being looked at."), code="objected") from error
    notifications.tell_organisers(
        selection, "selection-objection", at=at, about=made.pk, but=[by.pk, row.person_id]
    )
    return made


@transaction.atomic
def answer(
    objection: Objection, *, upheld: bool, reason: str, by: User, at: datetime.datetime
) -> Objection:
    """An upheld objection takes the candidate off the list. Raises NotYours, WrongState."""
    Selection.objects.select_for_update().get(pk=objection.candidate.selection_id)
    name = "uphold" if upheld else "reject"
    done = moved(OBJECTION, objection, name, by=by, at=at, reason=reason, answered_by=by)
    if upheld and done.candidate.state == CandidateState.PROPOSED:
        system = User.objects.system()
        struck = moved(CANDIDATE, done.candidate, "strike", by=system, at=at, reason=reason)
        notifications.tell_candidate(struck, "selection-excluded", at=at)
    notifications.tell_objector(done, at=at)
    return done


@transaction.atomic
def decide(selection: Selection, *, by: User, at: datetime.datetime) -> Selection:
    """After the publication, with every objection answered: who is on the list is chosen."""
    locked = SELECTION.begin(selection, "decide", by=by, at=at)
    if locked.objections_until is None or at < locked.objections_until:
        raise RuleViolation(_("The publication still runs."), code="still_published")
    if Objection.objects.waiting().filter(candidate__selection=locked).exists():
        raise RuleViolation(_("Answer every objection first."), code="objections_open")
    rows = list(locked.candidates.filter(state=CandidateState.PROPOSED).order_by("pk"))
    if not rows:
        raise RuleViolation(_("Nobody is left on the list: cancel it."), code="nobody_left")
    system = User.objects.system()
    for row in rows:
        notifications.tell_candidate(
            moved(CANDIDATE, row, "choose", by=system, at=at), "selection-chosen", at=at
        )
    return SELECTION.finish(locked, "decide", by=by, at=at, decided_by=by)


@transaction.atomic
def appoint(
    candidate: Candidate,
    *,
    valid_from: datetime.date,
    by: User,
    at: datetime.datetime,
    account: User | None = None,
) -> Candidate:
    """The post itself. A resident gets it on the working `account` made for them.

    Raises NotYours, WrongState, RuleViolation.
    """
    locked = CANDIDATE.begin(candidate, "appoint", by=by, at=at)
    person = account or locked.person
    if account is not None and account.full_name != locked.name:
        raise RuleViolation(_("This account bears another name."), code="other_name")
    if by.pk == person.pk:
        raise NotYours(_("Nobody gives a post to themselves: ask another administrator."))
    selection = locked.selection
    coming = Coming(selection.body, selection.role, Reason.SELECTED, valid_from, selection.title)
    post = enter(person, coming, by=by, at=at)
    done = CANDIDATE.finish(locked, "appoint", by=by, at=at, post=post, facts={"post": post.pk})
    notifications.tell_candidate(done, "selection-appointed", at=at)
    return done
