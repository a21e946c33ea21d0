"""The body that promised carries it out: begins, steps on, shows photos, says that it is done."""

import datetime
import secrets
from typing import Any, BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from cases import services as cases
from cases.models import Channel
from cases.workflow import ENDED as CASE_ENDED
from cases.workflow import State as CaseState
from consultation.models import Commitment, CommitmentPhoto, Milestone
from consultation.services.promises import begin, finish
from funding import services as funding
from funding.models import Hold
from funding.workflow import State as Paying
from lib.errors import NotYours, RuleViolation
from lib.masking import mask_text
from lib.uploads import ReadyPhoto, prepare_photo
from organizations.models import User
from routing.models import Category

MOST_PHOTOS = 30


@transaction.atomic
def begin_work(
    commitment: Commitment, *, by: User, at: datetime.datetime, note: str = ""
) -> Commitment:
    locked = begin(commitment, "begin", by=by, at=at, reason=note)
    return finish(locked, "begin", by=by, at=at, note=note)


@transaction.atomic
def step_on(
    commitment: Commitment, *, share: int, by: User, at: datetime.datetime, note: str = ""
) -> Commitment:
    """Say how much is done, in per cent, where neither milestones nor a case tell it."""
    locked = begin(commitment, "progress", by=by, at=at, reason=note)
    if locked.milestones.exists():
        raise RuleViolation(_("Tick its milestones: they say how much is done."), code="milestones")
    if locked.case_id or locked.application_id:
        raise RuleViolation(_("It follows what was opened for it."), code="followed")
    if not 0 <= share <= 99:
        text = _("Up to 99 per cent; when all is done, report it with what shows it.")
        raise RuleViolation(text, code="share")
    facts = {"from": locked.share, "to": share}
    return finish(locked, "progress", by=by, at=at, note=note, facts=facts, share=share)


@transaction.atomic
def reach(milestone: Milestone, *, by: User, at: datetime.datetime, note: str = "") -> Commitment:
    """A milestone is done; the share follows from the weights."""
    locked = begin(milestone.commitment, "progress", by=by, at=at, reason=note)
    done = locked.milestones.filter(pk=milestone.pk, done_at=None).update(done_at=at, done_by=by)
    if not done:
        raise RuleViolation(_("This milestone is done already."), code="done")
    share = locked.milestones.all().share_done()
    facts = {"milestone": milestone.position, "from": locked.share, "to": share}
    return finish(
        locked, "progress", by=by, at=at, note=note or milestone.title, facts=facts, share=share
    )


def add_photo(
    commitment: Commitment, file: BinaryIO, *, words: str, by: User, at: datetime.datetime
) -> CommitmentPhoto:
    """A photo of the work that everybody may see. Raises BadUpload."""
    ready = prepare_photo(file)
    with transaction.atomic():
        locked = begin(commitment, "photo", by=by, at=at)
        if locked.photos.count() >= MOST_PHOTOS:
            raise RuleViolation(_("A commitment holds at most 30 photos."), code="too_many_photos")
        if known := locked.photos.filter(sha256=ready.sha256).first():
            return known
        photo = _stored(locked, ready, words=words, by=by, at=at)
        finish(locked, "photo", by=by, at=at, facts={"photo": ready.sha256})
    return photo


def _stored(
    commitment: Commitment, ready: ReadyPhoto, *, words: str, by: User, at: datetime.datetime
) -> CommitmentPhoto:
    photo = CommitmentPhoto(
        commitment=commitment, width=ready.width, height=ready.height, sha256=ready.sha256,
        words=mask_text(words.strip()), by=by, at=at,
    )  # fmt: skip
    name = secrets.token_urlsafe(24)
    photo.image.save(f"{name}.jpg", ContentFile(ready.image), save=False)
    photo.thumbnail.save(f"{name}-s.jpg", ContentFile(ready.thumbnail), save=False)
    photo.save(force_insert=True)
    return photo


@transaction.atomic
def report(
    commitment: Commitment,
    *,
    proof: str,
    by: User,
    at: datetime.datetime,
    actual: int | None = None,
) -> Commitment:
    """Say that it is done, what shows it, and what it cost in the end.

    Raises RuleViolation: no proof, milestones open, no photo and nothing finished that it follows,
    a cost beyond what is kept.
    """
    locked = begin(commitment, "report", by=by, at=at)
    if not proof.strip():
        raise RuleViolation(_("Say what shows that it is done."), code="proof_missing")
    _check_shown(locked)
    _check_cost(locked, actual)
    facts = {"from": locked.share, "to": 100, "actual": actual}
    return finish(
        locked, "report", by=by, at=at, note=proof, facts=facts, share=100,
        proof=mask_text(proof.strip())[:2000], actual=actual, reported_by=by,
    )  # fmt: skip


def _check_shown(commitment: Commitment) -> None:
    if commitment.milestones.filter(done_at=None).exists():
        text = _("Milestones are open: tick those that are done, or give the commitment up.")
        raise RuleViolation(text, code="milestones_open")
    case, application = commitment.case, commitment.application
    if case is not None and case.state not in CASE_ENDED:
        text = _("The case %(number)s is not closed yet.") % {"number": case.number}
        raise RuleViolation(text, code="case_open")
    shown = (case is not None and case.state == CaseState.CLOSED) or (
        application is not None and application.state == Paying.PAID
    )
    if not shown and not commitment.photos.exists():
        raise RuleViolation(_("Add a photo of what was done first."), code="photo_missing")


def _check_cost(commitment: Commitment, actual: int | None) -> None:
    hold = commitment.hold
    if hold is None:
        if actual:
            text = _("No money is kept for it: leave the cost empty, or keep money first.")
            raise RuleViolation(text, code="nothing_kept")
        return
    owed = hold.payable + hold.paid
    if actual is None or actual < owed:
        raise RuleViolation(
            _("Say what it cost: at least what has been claimed already."), code="cost_missing"
        )
    if actual > owed + hold.open:
        text = _("It cost more than what is kept. Have the host add money first.")
        raise RuleViolation(text, code="more_than_kept")


@transaction.atomic
def confirm(
    commitment: Commitment, *, by: User, at: datetime.datetime, note: str = ""
) -> Commitment:
    """Somebody else has looked: it is done. What it cost becomes payable, the rest free again."""
    locked = begin(commitment, "confirm", by=by, at=at, reason=note)
    if locked.reported_by_id == by.pk:
        raise NotYours(_("Who says that it is done does not confirm it."))
    hold = locked.hold
    if hold is not None and hold.open:
        rest = (locked.actual or 0) - hold.payable - hold.paid
        key = f"commitment:{locked.pk}:settle"
        hold = funding.settle(hold, actual=rest, key=key, by=by, at=at)
    facts = {"actual": locked.actual}
    return finish(locked, "confirm", by=by, at=at, note=note, facts=facts, hold=hold)


@transaction.atomic
def send_back(commitment: Commitment, *, note: str, by: User, at: datetime.datetime) -> Commitment:
    """It is not done as promised; the share falls back to what its milestones say."""
    locked = begin(commitment, "send_back", by=by, at=at, reason=note)
    share = min(locked.milestones.all().share_done(), 99) or 90
    return finish(
        locked, "send_back", by=by, at=at, note=note, share=share, reported_by=None, actual=None,
        proof="",
    )  # fmt: skip


# -- What it opens elsewhere ----------------------------------------


@transaction.atomic
def open_case(
    commitment: Commitment,
    *,
    category: Category | None = None,
    text: str = "",
    by: User,
    at: datetime.datetime,
) -> Commitment:
    """Log a case for it; from now on it follows the case, which brings its own money."""
    locked = begin(commitment, "open_case", by=by, at=at)
    if locked.case is not None and locked.case.state not in CASE_ENDED:
        raise RuleViolation(_("A case is open for it already."), code="case_open")
    if locked.hold is not None and locked.hold.open:
        text_ = _("Money is kept for it here; a case would keep it a second time.")
        raise RuleViolation(text_, code="kept")
    case = cases.log(
        by=by,
        at=at,
        channel=Channel.CONSULTATION,
        client_key=f"commitment-{locked.pk}-{locked.version}",
        title=locked.title,
        text=text.strip() or locked.text or locked.title,
        category=category,
        territory=locked.community or locked.town,
        **_point(locked),
    )
    return finish(locked, "open_case", by=by, at=at, facts={"case": case.number}, case=case)


def _point(commitment: Commitment) -> dict[str, Any]:
    idea = commitment.idea
    return {"lon": idea.lon, "lat": idea.lat} if idea is not None and idea.lon else {}


@transaction.atomic
def apply_for_money(  # noqa: PLR0913 -- a payment says all this
    commitment: Commitment,
    *,
    amount: int,
    payee_name: str,
    by: User,
    at: datetime.datetime,
    reason: str = "",
    payee_bank: str = "",
    payee_account: str = "",
) -> Commitment:
    """A finance clerk drafts an application that pays part of what is kept; it is followed.

    The amount becomes payable, and the application claims it: so the hold is never paid twice.
    """
    locked = begin(commitment, "apply", by=by, at=at)
    if locked.hold is None:
        raise RuleViolation(_("No money is kept for it yet."), code="nothing_kept")
    number = locked.version + 1
    hold = funding.settle_part(
        locked.hold, actual=amount, key=f"commitment:{locked.pk}:part:{number}", by=by, at=at
    )
    application = funding.draft(
        key=f"commitment:{locked.pk}:apply:{number}",
        by=by,
        at=at,
        hold=hold,
        title=locked.title,
        amount=amount,
        reason=reason or locked.title,
        payee_name=payee_name,
        payee_bank=payee_bank,
        payee_account=payee_account,
    )
    facts = {"application": application.number, "amount": amount}
    return finish(
        locked, "apply", by=by, at=at, facts=facts, application=application, hold=fresh(hold)
    )


def fresh(hold: Hold) -> Hold:
    return Hold.objects.get(pk=hold.pk)
