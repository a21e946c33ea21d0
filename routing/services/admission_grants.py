"""What was promised arrives: people and money for each community, and goes back in the end.

Money moves from the department's line to one that the community has for this application alone;
points of work move from the department's post to one in the community. So what was promised is
exactly what the router may use, and nobody else uses it.
"""

import datetime

from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from funding import services as funding
from funding.models import Line
from lib.errors import RuleViolation
from lib.roles import Role
from organizations.models import Post, User
from organizations.services import changes
from routing.models import Admission, AdmissionApplication, AdmissionShare, PromisedPost
from routing.services.rules import make_rule


def grant(application: AdmissionApplication, *, by: User, at: datetime.datetime) -> None:
    """Within the transaction of the admission. Raises NotEnoughMoney, RuleViolation (no room)."""
    shares = application.shares.select_related("community", "line__source", "purpose")
    # Money first, then people, each in the order of their rows (docs/locking.md).
    lines = {}
    for share in shares.order_by("line_id", "pk"):
        share.own_line = lines[share.pk] = _money(application, share, by=by, at=at)
        share.save(update_fields=["own_line"])
    people = PromisedPost.objects.filter(share__application=application)
    for promise in people.select_related("post__person", "share__community").order_by("post_id"):
        promise.seconded = _person(application, promise, by=by, at=at)
        promise.save(update_fields=["seconded"])
    for share in shares.order_by("pk"):
        share.admission = _admission(application, share, lines[share.pk], by=by, at=at)
        share.save(update_fields=["admission"])


def _money(
    application: AdmissionApplication, share: AdmissionShare, *, by: User, at: datetime.datetime
) -> Line:
    names = {"number": application.number, "category": application.category.name}
    line = funding.make_line(
        code=f"zr{application.pk}-{share.pk}",
        name=f"{share.community.name}·{names['category']}（{names['number']}）"[:100],
        name_en=f"{share.community.name_en}: {application.category.name_en} ({names['number']})"[
            :200
        ],
        source=share.line.source,
        body=share.community,
        valid_from=application.begins,
        valid_to=application.ends,
        purposes=[share.purpose],
        by=by,
        at=at,
    )
    funding.transfer(
        share.line, line, amount=share.amount, key=f"admission:{share.pk}", by=by, at=at,
        note=application.number,
    )  # fmt: skip
    return line


def _person(
    application: AdmissionApplication, promise: PromisedPost, *, by: User, at: datetime.datetime
) -> Post:
    if not _move_room(promise.post_id, -promise.points, by=by, at=at):
        raise RuleViolation(
            _("%(person)s is promised for more work than there is room for.")
            % {"person": promise.post.person},
            code="no_room",
        )
    post = Post(
        person=promise.post.person,
        body=promise.share.community,
        role=Role.HANDLER,
        capacity=promise.points,
        title=f"{application.department.name}下沉人员"[:60],
        title_en=f"Sent by {application.department.name_en}"[:120],
        valid_from=application.begins,
        valid_to=application.ends,
    )
    links = {"skills": list(promise.post.skills.all())}
    return changes.create(post, by=by, at=at, links=links)


def _move_room(post_id: int, points: int, *, by: User, at: datetime.datetime) -> bool:
    """Change a post's capacity by one conditional UPDATE, and record it; whether there was room."""
    room = Post.objects.filter(pk=post_id, capacity__gte=max(0, -points))
    if not room.update(capacity=F("capacity") + points):
        return False
    post = Post.objects.get(pk=post_id)
    changes.record_values(
        post, before={"capacity": post.capacity - points}, after={"capacity": post.capacity},
        by=by, at=at, action=changes.CHANGE,
    )  # fmt: skip
    return True


def _admission(
    application: AdmissionApplication,
    share: AdmissionShare,
    line: Line,
    *,
    by: User,
    at: datetime.datetime,
) -> Admission:
    people = list(share.people.all())
    rule = Admission(
        category=application.category,
        department=application.department,
        community=share.community,
        line=line,
        headcount=len(people),
        points=sum(one.points for one in people),
        legal_basis=application.legal_basis,
        valid_from=application.begins,
        valid_to=application.ends,
    )
    return make_rule(rule, by=by, at=at)


def give_back(application: AdmissionApplication, *, by: User, at: datetime.datetime) -> None:
    """People and free money return; what open cases still hold follows when they end, and who has
    such a case stays in the community, for nothing new, until it is done."""
    day = localdate(at)
    give_back_money(application, by=by, at=at)
    promised = PromisedPost.objects.filter(share__application=application)
    for one in promised.select_related("seconded__load").order_by("post_id"):
        if one.seconded is not None:
            _move_room(one.post_id, one.points, by=by, at=at)
            _call_back(one.seconded, day, by=by, at=at)
    for admission in Admission.objects.filter(share__application=application).order_by("pk"):
        _end(admission, day, by=by, at=at)


def _call_back(post: Post, day: datetime.date, *, by: User, at: datetime.datetime) -> None:
    load = getattr(post, "load", None)
    if load is not None and load.tasks:
        changes.revise(post, {"capacity": 0, "valid_to": None}, by=by, at=at)
        return
    changes.revise(post, {"capacity": 0}, by=by, at=at)
    _end(post, day, by=by, at=at)


def call_back_finished(*, at: datetime.datetime) -> int:
    """Posts of those who stayed to finish what was open, and have finished it, end; how many."""
    rows = list(PromisedPost.objects.finished().select_related("seconded").order_by("pk"))
    for one in rows:
        if one.seconded is not None:
            _end(one.seconded, localdate(at), by=User.objects.system(), at=at)
    return len(rows)


def _end(row: Post | Admission, day: datetime.date, *, by: User, at: datetime.datetime) -> None:
    """From `day` on; a row holds for a day at least, and what has ended stays ended."""
    on = max(day, row.valid_from + datetime.timedelta(days=1))
    if row.valid_to is None or row.valid_to > on:
        changes.end(row, on=on, by=by, at=at)


def give_back_money(application: AdmissionApplication, *, by: User, at: datetime.datetime) -> int:
    """What is free on the communities' lines goes back to the department's; how much (fen)."""
    returned = 0
    shares = application.shares.filter(own_line__available__gt=0)
    for share in shares.select_related("own_line", "line").order_by("line_id"):
        own = share.own_line
        if own is None:
            continue
        funding.transfer(
            own, share.line, amount=own.available,
            key=f"admission:{share.pk}:back:{own.version}", by=by, at=at, note=application.number,
        )  # fmt: skip
        returned += own.available
    return returned
