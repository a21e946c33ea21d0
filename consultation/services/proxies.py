"""Proxies of a vote by roll: written, within the household, one step far."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from consultation.models import Entitlement, Proxy, Vote
from consultation.services.history import record
from consultation.services.voting import begin
from lib.errors import RuleViolation, WrongState
from organizations.models import User


@transaction.atomic
def give_proxy(
    giver: Entitlement, holder: Entitlement, *, paper: str, by: User, at: datetime.datetime
) -> Proxy:
    """A clerk has seen the written proxy: within the household, one step far."""
    vote = begin(giver.vote, "hand_paper", by=by, at=at)
    rows = Entitlement.objects.select_for_update(of=("self",))
    pair = {row.pk: row for row in rows.filter(pk__in=[giver.pk, holder.pk]).order_by("pk")}
    giver, holder = pair[giver.pk], pair[holder.pk]
    _check_proxy(vote, giver, holder, paper)
    made = Proxy.objects.create(
        vote=vote, giver=giver, holder=holder, paper=paper.strip(), at=at, by=by
    )
    record(vote.consultation, "give_proxy", by=by, at=at, vote=vote.pk, proxy=made.pk)
    return made


def _check_proxy(vote: Vote, giver: Entitlement, holder: Entitlement, paper: str) -> None:
    standing = vote.proxies.filter(revoked_at=None)
    for wrong, sentence in (
        (not paper.strip(), _("Write down the written proxy: its date, and where it is kept.")),
        (giver.voted_at is not None, _("This vote has been cast already.")),
        (giver.pk == holder.pk, _("Nobody is his own proxy.")),
        (giver.household != holder.household or giver.vote_id != holder.vote_id,
         _("A proxy stays within the household.")),
        (standing.filter(giver=giver).exists(), _("A proxy has been given already.")),
        (standing.filter(giver=holder).exists() or standing.filter(holder=giver).exists(),
         _("A proxy goes one step far: who holds one gives none, and the other way round.")),
        (standing.filter(holder=holder).count() >= vote.most_proxies,
         _("This person holds as many proxies as the rule allows.")),
    ):  # fmt: skip
        if wrong:
            raise RuleViolation(sentence, code="proxy")


@transaction.atomic
def take_proxy_back(proxy: Proxy, *, by: User, at: datetime.datetime) -> Proxy:
    vote = begin(proxy.vote, "hand_paper", by=by, at=at)
    if Entitlement.objects.get(pk=proxy.giver_id).voted_at is not None:
        raise RuleViolation(_("This vote has been cast already."), code="voted")
    done = Proxy.objects.filter(pk=proxy.pk, revoked_at=None).update(revoked_at=at)
    if not done:
        raise WrongState(_("This proxy was taken back before."))
    record(vote.consultation, "take_proxy_back", by=by, at=at, vote=vote.pk, proxy=proxy.pk)
    proxy.refresh_from_db()
    return proxy
