"""The duty list and admissions of the demo: an adopted edition, a draft in review, a matter that
communities have with people and money and rate, one in joint review, one that lacks its shares,
and a refusal of what was never admitted.
"""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.timezone import localdate

from funding.models import Line, LinePurpose, Purpose
from lib.roles import COMMITTEE, Role
from organizations.models import Body, Post, User
from organizations.models.bodies import Nature
from routing import rights, services
from routing.models import AdmissionApplication, Category, DutyEntry
from routing.models.duty import CommunityList
from routing.services import Matter, Promise, Step

_AMOUNT, _POINTS, _HOURS = 300_000, 4, 12
_LEAST_ROOM = 8


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part: a department that gives, communities that get, a committee that decides."""

    department: Body
    head: User
    worker: Post
    line: Line
    purpose: Purpose
    communities: list[Body]
    committee: list[User]
    reviewers: list[User]


def hand_over(*, at: datetime.datetime) -> None:
    """Nothing where no department has a head, a person with room and money, or nobody reviews."""
    cast = _cast(localdate(at))
    if cast is None:
        return
    matters = _matters()
    _edition(cast, at=at)
    if len(matters) > 2:
        _admitted(cast, matters[0], at=at)
        _in_review(cast, matters[1], at=at)
        _incomplete(cast, matters[2], at=at)
    _refused(cast, at=at)
    services.ask_duty_check(by=User.objects.system(), at=at)
    services.check_duties_waiting(moment=lambda: at)


def _cast(on: datetime.date) -> Cast | None:
    posts = Post.objects.valid_on(on).select_related("person", "body__kind")
    communities = _communities(posts)
    committee = [
        post.person
        for post in posts.filter(role__in=COMMITTEE).order_by("pk")
        if communities and all(rights.reaches(post.person, body, on) for body in communities)
    ]
    members = list({person.pk: person for person in committee}.values())
    heads = posts.filter(role=Role.DEPARTMENT_HEAD, body__kind__nature=Nature.DEPARTMENT)
    for post in heads.order_by("pk"):
        workers = posts.filter(body=post.body, role=Role.HANDLER, capacity__gte=_LEAST_ROOM)
        lines = Line.objects.valid_on(on).filter(body=post.body, available__gte=4 * _AMOUNT)
        worker, line = workers.order_by("pk").first(), lines.order_by("pk").first()
        purpose = LinePurpose.objects.filter(line=line).order_by("pk").first() if line else None
        others = [each.person for each in heads.exclude(person=post.person).order_by("pk")[:2]]
        if worker and line and purpose and len(members) > 1 and len(others) > 1:
            return Cast(
                post.body, post.person, worker, line, purpose.purpose, communities, members, others
            )
    return None


def _communities(posts: QuerySet[Post]) -> list[Body]:
    rows = posts.filter(role=Role.COMMUNITY_WORKER, body__kind__nature=Nature.COMMUNITY)
    return list({post.body_id: post.body for post in rows.order_by("pk")}.values())[:2]


def _matters() -> list[Category]:
    """What communities only help with."""
    rows = Category.objects.filter(community_duties__list=CommunityList.ASSIST).distinct()
    return list(rows.order_by("code")[:3])


def _edition(cast: Cast, *, at: datetime.datetime) -> None:
    """One change that has taken force, and one that waits for a second pair of eyes."""
    maker, reviewer = cast.committee[:2]
    day = localdate(at)
    entry = DutyEntry.objects.valid_on(day).filter(lead=cast.department).order_by("pk").first()
    if entry is None:
        return
    change = services.draft_change(
        title="明确费用承担单位", force_on=day, grounds="三定规定调整后，费用由主责单位承担。",
        by=maker, at=at,
    )  # fmt: skip
    services.add_step(change, _again(entry, payer=entry.lead), by=maker, at=at)
    change.refresh_from_db()
    services.submit_change(change, by=maker, at=at)
    services.adopt_change(change, by=reviewer, at=at)
    others = DutyEntry.objects.valid_on(day).exclude(lead=cast.department)
    fit = others.filter(category__isnull=False, lead__kind__nature=Nature.DEPARTMENT)
    other = fit.order_by("pk").first()
    if other is not None:
        draft = services.draft_change(
            title="调整主责单位", force_on=day + datetime.timedelta(days=14),
            grounds="近一季度同类案件多次退单。", by=maker, at=at,
        )  # fmt: skip
        services.add_step(draft, _again(other, lead=cast.department), by=maker, at=at)
        draft.refresh_from_db()
        services.submit_change(draft, by=maker, at=at)


def _again(entry: DutyEntry, *, lead: Body | None = None, payer: Body | None = None) -> Step:
    leads = lead or entry.lead
    return Step(
        entry.category, entry.territory, leads, entry.legal_basis or "三定规定", payer,
        [body for body in entry.assistants.all() if body != leads], [entry],
    )  # fmt: skip


def _drafted(
    cast: Cast, category: Category, at: datetime.datetime, *, begins: datetime.date, whole: bool
) -> AdmissionApplication:
    matter = Matter(
        category=category, begins=begins, ends=begins + datetime.timedelta(days=360),
        legal_basis="社区工作事项准入办法", equipment="记录仪2台、宣传册500份",
        training="每季度一次业务培训", checker=cast.department,
    )  # fmt: skip
    draft = services.draft_application(matter, cast.department, by=cast.head, at=at)
    for community in cast.communities:
        draft.refresh_from_db()
        people = [Promise(cast.worker, _HOURS, _POINTS)] if whole else []
        services.set_share(
            draft, community, line=cast.line, purpose=cast.purpose, amount=_AMOUNT, people=people,
            by=cast.head, at=at,
        )  # fmt: skip
    draft.refresh_from_db()
    return draft


def _applied(
    cast: Cast, category: Category, at: datetime.datetime, begins: datetime.date
) -> AdmissionApplication:
    draft = _drafted(cast, category, at, begins=begins, whole=True)
    applied = services.apply_for(draft, by=cast.head, at=at)
    return services.convene(applied, cast.reviewers, by=cast.committee[0], at=at)


def _admitted(cast: Cast, category: Category, *, at: datetime.datetime) -> None:
    """Applied for a quarter ago; people and money have come, and the communities say how."""
    long_ago = at - datetime.timedelta(days=100)
    application = _applied(cast, category, long_ago, localdate(at - datetime.timedelta(days=20)))
    reviewed, settled = (at - datetime.timedelta(days=days) for days in (92, 60))
    for person in cast.reviewers:
        application = services.agree(application, words="人、财已落实", by=person, at=reviewed)
    services.admit(application, by=cast.committee[0], at=settled)
    said = ((5, "人员每周到岗"), (4, "经费到位，设备稍晚"))
    for share, (score, words) in zip(application.shares.order_by("pk"), said, strict=False):
        speaker = Post.objects.filter(body=share.community, role=Role.COMMUNITY_WORKER).first()
        if speaker is not None:
            services.evaluate(share, score=score, words=words, by=speaker.person, at=at)


def _in_review(cast: Cast, category: Category, *, at: datetime.datetime) -> None:
    ago = at - datetime.timedelta(days=4)
    application = _applied(cast, category, ago, localdate(at + datetime.timedelta(days=80)))
    services.agree(application, words="同意", by=cast.reviewers[0], at=at)


def _incomplete(cast: Cast, category: Category, *, at: datetime.datetime) -> None:
    begins = localdate(at + datetime.timedelta(days=90))
    draft = _drafted(cast, category, at, begins=begins, whole=False)
    services.apply_for(draft, by=cast.head, at=at)


def _refused(cast: Cast, *, at: datetime.datetime) -> None:
    community = cast.communities[0]
    speaker = Post.objects.filter(body=community, role=Role.COMMUNITY_WORKER).first()
    if speaker is not None:
        services.refuse_unadmitted(
            community, what="要求社区代填企业安全生产台账", department=cast.department,
            by=speaker.person, at=at,
        )  # fmt: skip
