"""Where several bodies meet at one case: whistles, assistance, parts, duplicates, supervision.

Made by the services with the people who have accounts, so that each of them finds something to do.
"""

import datetime
from typing import Any

from cases import services
from cases.models import Case, Channel, WhistleCall
from cases.models.queries import CaseQuerySet
from cases.services import whistles
from cases.services.splitting import Part
from cases.workflow import State
from lib.errors import RuleViolation
from lib.roles import Role
from organizations.models import Body, Post, User
from organizations.models.bodies import Nature

_MINUTE = datetime.timedelta(minutes=1)
_CALLED = 3


def meet(*, at: datetime.datetime) -> None:
    """A few of each; what the town has no case or nobody for is left out."""
    people = {
        name: User.objects.filter(username=name).first()
        for name in ("committee", "dispatcher", "clerk", "head")
    }
    if any(person is None for person in people.values()):
        return
    known = {name: person for name, person in people.items() if person is not None}
    _whistles(known["committee"], at)
    _assistance(known["head"], at)
    _supervision(known, at)
    _duplicates(known, at)
    _parts(known["dispatcher"], at)


def _in_work() -> CaseQuerySet:
    return Case.objects.filter(state=State.HANDLING).order_by("-handle_due_at", "-pk")


def _others(than: Post | None) -> list[Post]:
    """One who handles of each other department of the town, by key."""
    posts = Post.objects.filter(role=Role.HANDLER, body__kind__nature=Nature.DEPARTMENT)
    found: dict[int, Post] = {}
    for post in posts.select_related("body", "person").order_by("pk"):
        if than is None or post.body_id != than.body_id:
            found.setdefault(post.body_id, post)
    return list(found.values())


def _whistles(by: User, at: datetime.datetime) -> None:
    """One of yesterday that has ended and was rated, one that goes on with somebody late."""
    cases = list(_in_work().exclude(lon=None)[:2])
    for case, minutes in zip(cases, (60 * 26, 35), strict=False):
        posts = _others(case.lead_post)[:_CALLED]
        begun = at - minutes * _MINUTE
        bodies: list[Body] = [post.body for post in posts]
        text = f"联合处置：{case.title}"[:60]
        row = whistles.blow(
            kind="enforcement", text=text, bodies=bodies, case=case, by=by, at=begun
        )
        calls = list(row.calls.select_related("whistle", "body").order_by("pk"))
        ended = minutes > 60
        for number, (call, post) in enumerate(zip(calls, posts, strict=True)):
            if ended or number < 2:
                here: dict[str, Any] = {"lon": row.lon, "lat": row.lat, "accuracy": 20.0}
                when = begun + (12 + 11 * number) * _MINUTE
                whistles.arrive(call, by=post.person, at=when, **here)
            if ended:
                _end(call, by=by, post=post, at=begun + 90 * _MINUTE)


def _end(call: WhistleCall, *, by: User, post: Post, at: datetime.datetime) -> None:
    whistles.release(call, by=by, at=at)
    whistles.rate(call, "rate_response", score=5, words="到场及时，配合到位。", by=by, at=at)
    whistles.rate(call, "rate_call", score=4, words="", by=post.person, at=at)


def _assistance(head: User, at: datetime.datetime) -> None:
    """The account `head` has asked two departments; one of them works, one has not signed."""
    led = Post.objects.filter(person=head, role=Role.DEPARTMENT_HEAD).first()
    if led is None:
        return
    cases = _in_work().filter(lead_body=led.body_id)[:2]
    for number, (case, post) in enumerate(zip(cases, _others(led), strict=False)):
        moment = at - (300 - 60 * number) * _MINUTE
        note = "请协助疏导现场交通，并提供地下管线图。"
        try:
            services.ask_assistance(case, post=post, note=note, by=head, at=moment)
        except RuleViolation:
            continue
        if not number:
            services.sign_assistance(case, by=post.person, at=moment + 20 * _MINUTE)


def _supervision(people: dict[str, User], at: datetime.datetime) -> None:
    """One without a reply whose time is over, one just asked, one urged."""
    rows = list(_in_work()[4:8])
    for case, hours, ago in zip(rows, (2, 8), (60 * 30, 60), strict=False):
        note = "群众多次反映，请说明进展和完成时间。"
        services.supervise(
            case, note=note, hours=hours, by=people["committee"], at=at - ago * _MINUTE
        )
    for case in rows[2:]:
        services.urge(case, by=people["dispatcher"], at=at - 40 * _MINUTE)


def _duplicates(people: dict[str, User], at: datetime.datetime) -> None:
    """Three reports of one matter by residents: one merged, one still to be looked at."""
    like = Case.objects.filter(state=State.HANDLING).exclude(lon=None).exclude(category=None)
    pattern = like.filter(category__is_emergency=False).order_by("-pk").first()
    if pattern is None or pattern.category is None:
        return
    made = [
        services.log(
            by=User.objects.system(),
            at=at - (50 - 10 * number) * _MINUTE,
            channel=Channel.WEB,
            title=pattern.title,
            text=f"{pattern.text}{more}",
            category=pattern.category,
            lon=pattern.lon,
            lat=(pattern.lat or 0) + 0.0001 * number,
        )
        for number, more in enumerate(("请尽快处理。", "已经好几天了。", "我也看到了。"))
    ]
    waiting = [case for case in made if case.state in {State.SUBMITTED, State.FILED}]
    if len(waiting) > 1:
        services.merge(
            waiting[1], kept=waiting[0], by=people["clerk"], at=at - 5 * _MINUTE, note="同一事项"
        )


def _parts(by: User, at: datetime.datetime) -> None:
    """What a department has returned is split among two others."""
    case = Case.objects.filter(state=State.RETURNED, parent=None).order_by("pk").first()
    if case is None:
        return
    parts: list[Part] = [
        {"title": f"现场清理：{case.title}"[:60]},
        {"title": f"设施修复：{case.title}"[:60]},
    ]
    services.split(case, parts=parts, by=by, at=at - 30 * _MINUTE, note="涉及两个部门，分开办理。")
