"""The public list and pages of consultations where people have said very much."""

import datetime
import random
from collections.abc import Sequence
from typing import Any, cast

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Max
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench.machine import percentile, say
from bench.pages import milliseconds
from consultation.models import (
    Adoption,
    Blueprint,
    Commitment,
    Consultation,
    Form,
    ModerationEntry,
    Opinion,
    OpinionAnswer,
    Publication,
    PublicationKind,
    PublicationVersion,
    Stage,
)
from consultation.workflow import StageKind, State
from grids.models import Level, Territory
from lib import keyset
from organizations.models import Body, User

WAY = (StageKind.PREPARE, StageKind.NOTICE, StageKind.OPINIONS, StageKind.RESULT,
       StageKind.EXECUTION)  # fmt: skip
FORMS = (Form.COUNCIL, Form.HEARING, Form.FOUR_TWO)
OPEN_EVERY = 25  # one of so many consultations still takes opinions
SAMPLED = 16
SINCE = datetime.date(2015, 1, 1)
TEXT = "3 栋的楼道灯晚上总是不亮，老人和孩子上下楼不方便，请先换成声控灯，费用由住户分摊。"
# Unequal as in life: the newest consultation has tens of thousands, most have some dozens.
# One in five is a reply to another, one in a hundred is hidden for a reason, one in two answered.
TOPS = """
INSERT INTO consultation_opinion
  (id, key, consultation_id, stage_id, depth, level, shown_as, stand, text, public_text,
   is_confidential, state, hiding_id, said_at, likes, reply_count, group_by_host, answer_id,
   author_id)
SELECT n, gen_random_uuid(), of.id, of.stage_id, 0, n %% 4, '街坊' || n,
  (ARRAY['for', 'for', 'against', 'other'])[1 + n %% 4], %(text)s, %(text)s,
  n %% 40 = 3, CASE WHEN n %% 100 = 7 THEN 'hidden' ELSE 'shown' END,
  CASE WHEN n %% 100 = 7 THEN n END, of.started_at + n * interval '1 millisecond',
  (n::bigint * 7919) %% 60, CASE WHEN n %% 4 = 0 THEN 1 ELSE 0 END, false,
  CASE WHEN n %% 2 = 0 THEN of.answer_id END, %(by)s
FROM generate_series(%(first)s, %(last)s) AS n
JOIN bench_of AS of
  ON of.place = floor(%(consultations)s * pow(((n::bigint * 48271) %% 65537) / 65537.0, 3))
"""
REPLIES = """
INSERT INTO consultation_opinion
  (key, consultation_id, stage_id, parent_id, root_id, depth, level, shown_as, stand, text,
   public_text, is_confidential, state, said_at, likes, reply_count, group_by_host, author_id)
SELECT gen_random_uuid(), consultation_id, stage_id, id, id, 1, 1, '回复者', 'other', '同意楼上。',
  '同意楼上。', false, 'shown', said_at + interval '1 hour', 0, 0, false, author_id
FROM consultation_opinion WHERE id %% 4 = 0 AND id BETWEEN %(first)s AND %(last)s
"""
HIDDEN = """
INSERT INTO consultation_moderationentry
  (id, opinion_id, consultation_id, act, reason, note, office, by_id, at)
SELECT id, id, consultation_id, 'hide', 'insult', '', 'bench', %(by)s, said_at
FROM consultation_opinion WHERE hiding_id IS NOT NULL AND id >= %(first)s
"""
COUNTED = """
INSERT INTO consultation_opiniontally
  (consultation_id, in_favour, against, other, confidential, replies, waiting, answered)
SELECT consultation_id,
  count(*) FILTER (WHERE top AND stand = 'for'), count(*) FILTER (WHERE top AND stand = 'against'),
  count(*) FILTER (WHERE top AND stand = 'other'), count(*) FILTER (WHERE top AND is_confidential),
  count(*) FILTER (WHERE NOT top), 0, count(*) FILTER (WHERE top AND answer_id IS NOT NULL)
FROM (SELECT *, parent_id IS NULL AS top FROM consultation_opinion WHERE state = 'shown') AS said
WHERE consultation_id IN (SELECT id FROM bench_of)
GROUP BY consultation_id
"""


def fill(*, consultations: int, opinions: int) -> dict[str, int]:
    """So many consultations with so many opinions, written in bulk; how many there are then."""
    with connection.cursor() as cursor:
        # No trigger and no foreign key watches this session: nothing here is a rule.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
    with transaction.atomic():
        rows = _consultations(consultations)
        _around(rows)
        _answers(rows)
    _opinions(rows, opinions)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return {"consultations": Consultation.objects.count(), "opinions": Opinion.objects.count()}


def _consultations(count: int) -> list[Consultation]:
    """Each in its own stage of a way of five, the newest the last; most of them done."""
    by, begun = User.objects.system(), timezone.now() - datetime.timedelta(days=3000)
    communities = list(Territory.objects.at_level(Level.COMMUNITY).select_related("parent"))
    body = Body.objects.earliest("pk")
    forms = [
        Blueprint.objects.create(
            code=f"bench-{form}", form=form, name=str(form.label), valid_from=SINCE,
        )
        for form in FORMS
    ]  # fmt: skip
    rows = Consultation.objects.bulk_create(
        (
            Consultation(
                number=f"XS9{number:09}", title=f"第 {number} 件：楼道照明怎样改", text=TEXT * 3,
                body=body, town=community.parent, community=community, host=by,
                blueprint=forms[number % len(forms)], state=State.DONE,
                made_at=at, started_at=at, ended_at=at + datetime.timedelta(days=60),
            )
            for number, community, at in _many(count, communities, begun)
        ),
        batch_size=2000,
    )  # fmt: skip
    _stages(rows)
    return rows


def _many(
    count: int, communities: Sequence[Territory], begun: datetime.datetime
) -> "list[tuple[int, Territory, datetime.datetime]]":
    step = datetime.timedelta(days=2990) / count
    return [(n, communities[n % len(communities)], begun + n * step) for n in range(count)]


def _stages(rows: list[Consultation]) -> None:
    stages = Stage.objects.bulk_create(
        (
            Stage(
                consultation=row, order=order, key=kind, kind=kind, name=str(kind.label),
                state="done", opened_at=row.started_at, done_at=row.ended_at,
            )
            for row in rows
            for order, kind in enumerate(WAY, start=1)
        ),
        batch_size=2000,
    )  # fmt: skip
    of_opinions = stages[WAY.index(StageKind.OPINIONS) :: len(WAY)]
    still_open = of_opinions[::OPEN_EVERY]
    for stage in still_open:
        stage.consultation.state, stage.consultation.stage = State.RUNNING, stage
        stage.consultation.ended_at = None
    changed = [stage.consultation for stage in still_open]
    Consultation.objects.bulk_update(changed, ["state", "stage", "ended_at"], batch_size=2000)
    keys = [stage.pk for stage in still_open]
    Stage.objects.filter(pk__in=keys).update(state="open", done_at=None)
    after = WAY.index(StageKind.OPINIONS) + 1
    later = Stage.objects.filter(consultation__in=changed, order__gt=after)
    later.update(state="waiting", opened_at=None, done_at=None)


def _around(rows: list[Consultation]) -> None:
    """A notice and a result, what became of it and one promise for each."""
    by = User.objects.system()
    papers = Publication.objects.bulk_create(
        (
            Publication(
                consultation=row, kind=kind, title=row.title, version=1, hash=f"{row.pk}-{kind}",
                published_at=row.started_at, changed_at=row.started_at,
            )
            for row in rows
            for kind in (PublicationKind.NOTICE, PublicationKind.RESULT)
        ),
        batch_size=2000,
    )  # fmt: skip
    PublicationVersion.objects.bulk_create(
        (
            PublicationVersion(
                publication=paper, number=1, title=paper.title, text=TEXT, text_digest=paper.hash,
                confirmed_by=by, at=cast("datetime.datetime", paper.changed_at),
                hash=paper.hash, previous_hash="0" * 64,
            )
            for paper in papers
        ),
        batch_size=2000,
    )  # fmt: skip
    done = [row for row in rows if row.state == State.DONE]
    Adoption.objects.bulk_create(
        (
            Adoption(
                consultation=row, number=1, verdict="adopted", reasons=TEXT, to_dissent=TEXT,
                by=by, at=cast("datetime.datetime", row.ended_at),
            )
            for row in done
        ),
        batch_size=2000,
    )  # fmt: skip
    Commitment.objects.bulk_create(
        (
            Commitment(
                consultation=row, title="更换声控灯", owner_id=row.body_id, town_id=row.town_id,
                community_id=row.community_id, promised_on=row.ended_at.date(),
                due_on=row.ended_at.date(), state="done", share=100, made_by=by,
                made_at=row.ended_at, begun_at=row.ended_at, ended_at=row.ended_at,
                reported_by=by, proof=TEXT,
            )
            for row in done
            if row.ended_at
        ),
        batch_size=2000,
    )  # fmt: skip


def _answers(rows: list[Consultation]) -> None:
    by = User.objects.system()
    OpinionAnswer.objects.bulk_create(
        (
            OpinionAnswer(
                consultation=row, outcome="partly", reason=TEXT, office="bench", by=by,
                at=cast("datetime.datetime", row.started_at),
            )
            for row in rows
        ),
        batch_size=2000,
    )  # fmt: skip


def _opinions(rows: list[Consultation], count: int) -> None:
    first = 1 + max(_last_key(Opinion), _last_key(ModerationEntry))  # the demo town has said some
    given: dict[str, Any] = {
        "by": User.objects.system().pk, "text": TEXT, "first": first,
        "last": first - 1 + count * 4 // 5, "consultations": len(rows),
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE bench_of AS SELECT row_number() OVER (ORDER BY c.id DESC) - 1 AS"
            " place, c.id, s.id AS stage_id, c.started_at, a.id AS answer_id"
            " FROM consultation_consultation AS c"
            " JOIN consultation_stage AS s ON s.consultation_id = c.id AND s.kind = 'opinions'"
            " JOIN consultation_opinionanswer AS a ON a.consultation_id = c.id"
            " WHERE c.number LIKE 'XS9%%'"
        )
        cursor.execute("ANALYZE bench_of")
        for name, statement in (("opinions", TOPS), ("moderation", HIDDEN), ("replies", REPLIES)):
            say(f"  {name}")
            if statement is REPLIES:
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence('consultation_opinion', 'id'), %s)",
                    [given["last"]],
                )
            cursor.execute(statement, given)
        cursor.execute(COUNTED)


def _last_key(model: type[Opinion] | type[ModerationEntry]) -> int:
    return cast("int", model.objects.aggregate(last=Max("pk"))["last"] or 0)


# -- Measuring -------------------------------------------------------------------------------------


def measure(*, seed: int, rounds: int) -> dict[str, float]:
    """p95 and median (ms) of the list, of consultations' pages and of their opinions."""
    chance, client = random.Random(seed), Client(headers={"accept-language": "zh-hans"})
    visits = {"list": _lists(), "page": _pages(chance), "opinions": _of_opinions(chance)}
    taken: dict[str, list[float]] = {name: [] for name in visits}
    for number in range(rounds + 1):
        for name, addresses in visits.items():
            for address in addresses:
                cache.clear()
                found = milliseconds(client, address)
                taken[name] += [found] if number else []
    result = {name: percentile(values) for name, values in taken.items()}
    medians = {f"{name}_median": percentile(values, 0.5) for name, values in taken.items()}
    counts = {"consultations": Consultation.objects.count(), "said": Opinion.objects.count()}
    return {**result, **medians, **counts}


def _lists() -> list[str]:
    """First page, middle and end; by state, community and form."""
    url, rows = reverse("consultation:published"), Consultation.objects.published()
    community = rows.exclude(community=None).latest("pk").community_id
    keys = sorted(rows.values_list("pk", flat=True))
    addresses = [url, f"{url}?state=running", f"{url}?state=done"]
    addresses += [f"{url}?community={community}", f"{url}?form={Form.FOUR_TWO}"]
    for share in (2, 20):
        beyond = rows.filter(pk__lte=keys[len(keys) // share])
        cursor = keyset.page(beyond, order=("-pk",), size=20).next
        addresses.append(f"{url}?cursor={cursor}")
    return addresses


def _numbers(chance: random.Random) -> list[str]:
    """Some of anywhere, and the one in which most was said."""
    rows = Consultation.objects.published().order_by("pk")
    numbers = list(rows.values_list("number", flat=True))
    fullest = Consultation.objects.order_by("-opinion_tally__in_favour").exclude(
        opinion_tally=None
    )[0]
    return [fullest.number, *chance.sample(numbers, SAMPLED)]


def _pages(chance: random.Random) -> list[str]:
    return [
        reverse("consultation:published_consultation", args=[number]) for number in _numbers(chance)
    ]


def _of_opinions(chance: random.Random) -> list[str]:
    """Newest, most agreed with, by stand; a page far down; one opinion with its replies."""
    found = []
    for number in _numbers(chance)[:6]:
        url = reverse("consultation:public_opinions", args=[number])
        found += [url, f"{url}?order=liked", f"{url}?stand=against"]
        rows = Opinion.objects.filter(consultation__number=number).top().public()
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        middle = keyset.page(rows.filter(pk__lte=keys[len(keys) // 2]), order=("-id",), size=20)
        if middle.next:
            found.append(f"{url}?cursor={middle.next}")
        found.append(reverse("consultation:public_opinion", args=[number, keys[0]]))
    return found
