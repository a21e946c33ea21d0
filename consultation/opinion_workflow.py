"""An opinion: how it is shown, and who changes that. Data only.

What somebody says who has signed in is shown at once and may be hidden afterwards, with a reason
that stands in its place. What nobody has signed for waits until a host has released it.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from consultation.workflow import StageKind
from lib.workflow import Move, move


class OpinionState(models.TextChoices):
    WAITING = "waiting", _("Waits to be released")
    SHOWN = "shown", _("Shown")
    HIDDEN = "hidden", _("Hidden")
    WITHDRAWN = "withdrawn", _("Taken back")


class OpinionActor(models.TextChoices):
    AUTHOR = "author", _("Who said it")
    HOST = "host", _("Consultation host")
    PARTY = "party", _("Party organisation")


AUTHOR, HOST, PARTY = OpinionActor.AUTHOR, OpinionActor.HOST, OpinionActor.PARTY
SAID = frozenset({OpinionState.WAITING, OpinionState.SHOWN})
OPINION_MOVES: dict[str, Move] = {
    "release": move({OpinionState.WAITING}, OpinionState.SHOWN, by={HOST}),
    "hide": move(SAID, OpinionState.HIDDEN, by={HOST}),
    "edit": move(SAID, None, by={AUTHOR}),
    "withdraw": move(SAID, OpinionState.WITHDRAWN, by={AUTHOR}),
    "answer": move({OpinionState.SHOWN}, None, by={HOST}),
    "appeal": move({OpinionState.HIDDEN}, None, by={AUTHOR}),
    "uphold": move({OpinionState.HIDDEN}, None, by={HOST, PARTY}),
    "restore": move({OpinionState.HIDDEN}, OpinionState.SHOWN, by={HOST, PARTY}),
}
# Stages in which opinions are taken.
TAKES_OPINIONS = frozenset({StageKind.NOTICE, StageKind.IDEAS, StageKind.OPINIONS})
# A reply, a reply to it, and no deeper: a thread stays readable on a telephone.
DEEPEST = 2
