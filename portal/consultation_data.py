"""Open data about consultations, what was promised after them, and project calls.

No person stands in it: bodies answer, ideas stand in their released words, points to a hundred
metres, votes as counts after the vote has closed.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultation.models import Commitment, Consultation, Idea, Opinion, ProjectCall
from consultation.opinion_workflow import OpinionState
from consultation.workflow import Phase
from portal.data_shapes import Column, DataSet

CHUNK = 500


def _consultations(year: int) -> Iterator[tuple[Any, ...]]:
    rows = Consultation.objects.published().filter(started_at__year=year).with_names()
    newest = rows.prefetch_related("adoptions").order_by("pk")
    for row in newest.iterator(CHUNK):
        adoptions = sorted(row.adoptions.all(), key=lambda one: one.number)
        yield (
            row.number, row.title, row.blueprint.form, row.body.code,
            row.community.code if row.community else "", row.state,
            Phase(row.stage.phase).value if row.stage else "", row.started_at, row.ended_at,
            adoptions[-1].verdict if adoptions else "", row.version, row.head,
        )  # fmt: skip


def _commitments(year: int) -> Iterator[tuple[Any, ...]]:
    shown = Consultation.objects.published()
    rows = Commitment.objects.filter(Q(consultation__in=shown) | Q(idea__isnull=False))
    for row in rows.filter(made_at__year=year).with_names().order_by("pk").iterator(CHUNK):
        yield (
            row.number, row.title, row.consultation.number if row.consultation else "",
            row.idea.number if row.idea else "", row.owner.code,
            row.community.code if row.community else "", row.state, row.share, row.promised_on,
            row.due_on, row.ended_at, row.line.code if row.line else "", row.kept, row.actual,
        )  # fmt: skip


def _calls(year: int) -> Iterator[tuple[Any, ...]]:
    rows = ProjectCall.objects.published().filter(published_at__year=year).with_names()
    for row in rows.order_by("pk").iterator(CHUNK):
        yield (
            row.number, row.title, row.body.code, row.town.code,
            row.community.code if row.community else "", row.line.code, row.budget, row.way,
            row.most_choices, row.state, row.published_at, row.ideas_until, row.votes_until,
            row.decided_at, row.voters,
        )  # fmt: skip


def _ideas(year: int) -> Iterator[tuple[Any, ...]]:
    shown = ProjectCall.objects.published()
    rows = Idea.objects.public().filter(call__in=shown, made_at__year=year).with_names()
    for row in rows.order_by("pk").iterator(CHUNK):
        yield (
            row.number, row.call.number, row.public_title, row.public_place,
            round(row.lon, 3) if row.lon is not None else None,
            round(row.lat, 3) if row.lat is not None else None, row.state, row.guess, row.estimate,
            row.department.code if row.department else "",
            row.merged_into.number if row.merged_into else "", row.rank, row.votes, row.left,
        )  # fmt: skip


def _opinions(year: int) -> Iterator[tuple[Any, ...]]:
    """As their pages show them, without the names that their authors chose."""
    shown = Consultation.objects.published()
    rows = Opinion.objects.public().filter(consultation__in=shown, said_at__year=year)
    named = rows.select_related("consultation", "answer", "hiding", "article")
    for row in named.order_by("pk").iterator(CHUNK):
        is_hidden = row.state == OpinionState.HIDDEN
        yield (
            row.pk, row.consultation.number, row.parent_id, row.article.label if row.article else "",
            row.stand if row.parent_id is None else "", row.level, row.said_at,
            "" if is_hidden else row.public_text, row.hiding.reason if row.hiding else "",
            row.likes, row.answer.outcome if row.answer else "",
            row.answer.reason if row.answer else "", row.answer.office if row.answer else "",
        )  # fmt: skip


_BODY = Column("body", "text", _("code of the body that answers for it"))
_COMMUNITY = Column("community", "text", _("code of the community; empty: a whole town"))
_STATE = Column("state", "text", _("state, as in the diagrams of states"))
_TITLE = Column("title", "text", _("title as everybody reads it"))
SETS = (
    DataSet("consultations", _("Consultations"), _("Every consultation that began in a year."), (
        Column("number", "text", _("number of the consultation")),
        _TITLE,
        Column("form", "text", _("form: council, board, owners, four_two, hearing …")),
        _BODY,
        _COMMUNITY,
        _STATE,
        Column("phase", "text", _("before, during or after; empty when it has ended")),
        Column("started", "moment", _("when it began")),
        Column("ended", "moment", _("when it ended; empty: still under way")),
        Column("verdict", "text", _("adopted, partly, not; empty: not decided")),
        Column("events", "number", _("number of the newest event of its history")),
        Column("head", "text", _("SHA-256 of that event; it covers all before it")),
    ), _consultations),
    DataSet("opinions", _("Opinions"), _("Everything that was said in public in a year."), (
        Column("id", "number", _("number of the opinion")),
        Column("consultation", "text", _("number of the consultation")),
        Column("reply_to", "number", _("number of the opinion replied to; empty: not a reply")),
        Column("article", "text", _("article of a draft regulation; empty: the whole matter")),
        Column("stand", "text", _("for, against or other; empty: a reply")),
        Column("level", "number", _("known: 0 not, 1 by telephone, 2 by name, 3 as resident")),
        Column("said", "moment", _("when it was said")),
        Column("text", "text", _("the words, masked; empty: hidden")),
        Column("hidden_for", "text", _("why it is hidden; empty: it is shown")),
        Column("likes", "number", _("people who agree")),
        Column("outcome", "text", _("adopted, partly, not; empty: not answered yet")),
        Column("reason", "text", _("why")),
        Column("office", "text", _("which body answered")),
    ), _opinions),
    DataSet("commitments", _("Commitments"), _("Everything that was promised in a year."), (
        Column("number", "text", _("number of the commitment")),
        _TITLE,
        Column("consultation", "text", _("number of the consultation; empty: from a project call")),
        Column("idea", "text", _("number of the chosen idea; empty: from a consultation")),
        Column("owner", "text", _("code of the body that carries it out")),
        _COMMUNITY,
        _STATE,
        Column("share", "number", _("done, in per cent")),
        Column("promised", "date", _("day that was promised first")),
        Column("due", "date", _("day by which it is to be done")),
        Column("ended", "moment", _("when it was done or given up")),
        Column("line", "text", _("code of the budget line; empty: no money kept")),
        Column("kept", "fen", _("set aside for it")),
        Column("actual", "fen", _("what it cost; empty: not known yet")),
    ), _commitments),
    DataSet("project-calls", _("Project calls"), _("Every project call published in a year."), (
        Column("number", "text", _("number of the call")),
        _TITLE,
        _BODY,
        Column("town", "text", _("code of the town")),
        _COMMUNITY,
        Column("line", "text", _("code of the budget line")),
        Column("budget", "fen", _("money in all")),
        Column("way", "text", _("vote or deliberation")),
        Column("choices", "number", _("choices of one voter")),
        _STATE,
        Column("published", "moment", _("when it was published")),
        Column("ideas_until", "moment", _("last moment for ideas")),
        Column("votes_until", "moment", _("last moment for votes; empty: no vote opened")),
        Column("decided", "moment", _("when it was decided")),
        Column("voters", "number", _("people who voted; 0 before the vote is closed")),
    ), _calls),
    DataSet("ideas", _("Project ideas"), _("Every public idea that came in in a year."), (
        Column("number", "text", _("number of the idea")),
        Column("call", "text", _("number of the call")),
        _TITLE,
        Column("place", "text", _("place in words")),
        Column("lon", "number", _("longitude (WGS-84), three decimals; empty: none given")),
        Column("lat", "number", _("latitude, the same")),
        _STATE,
        Column("guess", "fen", _("cost as guessed by whoever had the idea")),
        Column("estimate", "fen", _("cost as estimated by a department")),
        Column("department", "text", _("code of that department")),
        Column("merged_into", "text", _("number of the idea that it was joined with")),
        Column("rank", "number", _("place in the result")),
        Column("votes", "number", pgettext_lazy("count", "votes")),
        Column("left", "fen", _("money that was left when its turn came")),
    ), _ideas),
)  # fmt: skip
