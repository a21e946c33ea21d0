"""Messages to people's inboxes. They are rows of the same transaction: sent if the move happened,
and only then. Sentences are made when they are read.
"""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cases.models import CallBack, Case, CaseExport, Reporter, Request, Task
from cases.workflow import EMERGENCY, REVIEWERS, Actor, Desk, State
from grids.scopes import scopes_of
from lib.roles import Role
from organizations.models import Post, User
from organizations.services import inbox

PHONE_HEARS = {
    "reject": "resident-rejected",
    "pass": "resident-closed",
    "join": "resident-closed",
}
REPORTER_HEARS = {
    State.FILED: "case-filed",
    State.REJECTED: "case-rejected",
    State.HANDLING: "case-in-work",
    State.CLOSED: "case-closed",
    State.VOID: "case-void",
}
HOLDER_HEARS = frozenset({"dispatch", "act_first", "adjudicate", "reassign", "fail", "resume"})


@dataclass(frozen=True, slots=True)
class Late:
    """A step of warning of one case's limit: `move` is `warn` or `escalate`."""

    case: Case
    move: str
    limit: str
    percent: int
    due_at: datetime.datetime


def tell_of_steps(
    steps: Sequence[Late], told: Sequence[Collection[int]], *, at: datetime.datetime
) -> None:
    """Each step to its people (keys of users); the same step of the same limit only once."""
    notices = [
        inbox.Notice(
            to=person,
            key=f"case-{step.move}:{step.case.pk}:{step.limit}:{step.due_at:%Y%m%d%H%M%S}"
            f":{step.percent}",
            kind=f"case-{step.move}",
            params={
                **_params(step.case),
                "limit": step.limit,
                "percent": step.percent,
                "due": step.due_at.isoformat(),
            },
            subject=step.case.subject,
        )
        for step, people in zip(steps, told, strict=True)
        for person in sorted(people)
    ]
    inbox.send_many(notices, at=at)


def tell_of_arrival(case: Case, *, at: datetime.datetime) -> None:
    """Wake the router when the case waits for it, once the case is really there."""
    _wake_router(case)
    if case.desk == Desk.DUTY:
        _send(_on_duty(case, at), "case-emergency", case, at=at)
    _tell_phones(case, "resident-received", at=at)


def tell_of_emergency(case: Case, *, at: datetime.datetime) -> None:
    """The router has found that it is one: the duty officers hear of it as of any other."""
    _send(_on_duty(case, at), "case-emergency", case, at=at)


def tell_of_move(case: Case, name: str, *, by: User, at: datetime.datetime) -> None:
    """Tell the person whose turn it is, and the reporters, unless they did it themselves."""
    _wake_router(case)
    if case.desk == Desk.HANDLER and name in HOLDER_HEARS:
        _send(_holder(case, by), f"case-{name.replace('_', '-')}", case, at=at)
    if case.desk == Desk.HANDLER and name == "send_back":
        _send(_holder(case, by), "case-sent-back", case, at=at)
    if name in {"file", "correct"} and case.refusal == EMERGENCY:
        _send(_on_duty(case, at), "case-emergency", case, at=at)
    if name == "verify":
        _send(on_site(case, at=at), "case-verify", case, at=at)
    _tell_reporters(case, name, by=by, at=at)
    if case.parent_id is not None and case.desk == Desk.NOBODY:
        transaction.on_commit(wake_joiner, robust=True)


def _tell_reporters(case: Case, name: str, *, by: User, at: datetime.datetime) -> None:
    if name in {"file", "reject", "sign", "pass", "join", "void"}:
        tell_followers(case, REPORTER_HEARS[State(case.state)], by=by, at=at)
    if name == "reopen":
        tell_followers(case, "case-reopened", by=by, at=at)
    if name in PHONE_HEARS:
        _tell_phones(case, PHONE_HEARS[name], at=at)


def tell_of_revocation(case: Case, holder: User, *, by: User, at: datetime.datetime) -> None:
    """Whoever had the task hears that the department has returned the case."""
    if holder != by:
        _send([holder], "case-revoked", case, at=at)


def tell_of_request(asked: Request, *, at: datetime.datetime) -> None:
    """The next reviewer, or with the answer whoever asked."""
    kinds = {"granted": "case-request-granted", "refused": "case-request-refused"}
    if asked.state in kinds:
        _send([asked.asked_by], kinds[asked.state], asked.case, at=at)
        return
    reviewer = REVIEWERS[f"review_{asked.kind}"][asked.first_by_id is not None]
    _send(_reviewers(reviewer, asked.case, at), "case-review", asked.case, at=at)


def _reviewers(reviewer: Actor, case: Case, at: datetime.datetime) -> list[User]:
    return heads_of(case, at=at) if reviewer == Actor.HEAD else serving(Role(reviewer), case, at=at)


def on_site(case: Case, *, at: datetime.datetime) -> list[User]:
    """The grid workers who cover the place of a case."""
    return _covering(Role.GRID_WORKER, case, at) if case.town_id else []


def tell_of_matches(cases: Sequence[Case], *, at: datetime.datetime) -> None:
    """A batch that the router has dispatched: each lead person hears of their case."""
    posts = {case.lead_post_id for case in cases if case.lead_post_id}
    people = dict(Post.objects.filter(pk__in=posts).values_list("pk", "person_id"))
    notices = [
        inbox.Notice(
            to=people[case.lead_post_id],
            key=_key(case, "case-dispatch"),
            kind="case-dispatch",
            params=_params(case),
            subject=case.subject,
        )
        for case in cases
        if case.lead_post_id in people
    ]
    inbox.send_many(notices, at=at)


def _wake_router(case: Case) -> None:
    if case.route_at is not None:
        transaction.on_commit(wake_router, robust=True)


def wake_router() -> None:
    """Tell the workers that there is work. The sweep finds what a lost message leaves behind.

    So a broker that is down delays a case but fails nothing: no retry here, only a log line.
    """
    current_app.signature("cases.tasks.route_waiting").apply_async(retry=False)


def wake_exporter(key: int) -> None:
    """A worker makes the file; a message that is lost is found by the sweep."""
    current_app.signature("cases.tasks.make_export").apply_async((key,), retry=False)


def wake_bulk(key: int) -> None:
    current_app.signature("cases.tasks.work_through_bulk").apply_async((key,), retry=False)


def tell_of_export(export: CaseExport, *, at: datetime.datetime) -> None:
    """The file is there: who asked for it hears it."""
    inbox.send(
        to=[export.by],
        key=f"export-ready:{export.pk}",
        kind="export-ready",
        params={"count": export.rows},
        subject=("case-export", str(export.pk)),
        at=at,
    )


def wake_joiner() -> None:
    """Tell the workers that a part has ended; the sweep finds what a lost message leaves behind."""
    current_app.signature("cases.tasks.join_parts").apply_async(retry=False)


def _holder(case: Case, by: User) -> list[User]:
    holder = case.lead_post.person if case.lead_post else None
    return [holder] if holder is not None and holder != by else []


def _tell_phones(case: Case, kind: str, *, at: datetime.datetime) -> None:
    """A text message to reporters without an account who left a number, if rules send any; also to
    those whose reports were merged into this case, each with their own number and code.

    A part of a case tells nobody: who reported hears of the whole.
    """
    rows = Reporter.objects.filter(Q(case=case) | Q(case__kept=case), case__parent=None)
    for row in rows.filter(person=None).exclude(phone="").select_related("case").order_by("case"):
        inbox.tell_resident(
            row.phone,
            key=f"{_key(row.case, kind)}:{case.version}",
            kind=kind,
            params={"number": row.case.number, "code": row.case.query_code},
            subject=row.case.subject,
            at=at,
        )


def _on_duty(case: Case, at: datetime.datetime) -> list[User]:
    """The duty officers of the place; of a case without a place, all."""
    return _covering(Role.DUTY_OFFICER, case, at)


def _covering(role: Role, case: Case, at: datetime.datetime) -> list[User]:
    """Who holds this role for the place of a case; of a case without a place, all."""
    on = timezone.localdate(at)
    posts = Post.objects.valid_on(on).filter(role=role).select_related("person")
    people = {post.person_id: post.person for post in posts}.values()
    return [person for person in people if case.town_id is None or _reaches(person, role, case, on)]


def _reaches(person: User, role: Role, case: Case, on: datetime.date) -> bool:
    return any(
        scope.role == role
        and scope.covers(town=case.town_id, community=case.community_id, grid=case.grid_id)
        for scope in scopes_of(person, on=on)
    )


def _send(people: Iterable[User], kind: str, case: Case, *, at: datetime.datetime) -> None:
    people = list(people)
    if people:
        inbox.send(
            to=people,
            key=_key(case, kind),
            kind=kind,
            params=_params(case),
            subject=case.subject,
            at=at,
        )


def _key(case: Case, kind: str) -> str:
    return f"{kind}:{case.pk}:{case.version}"


def _params(case: Case) -> dict[str, str]:
    return {"number": case.number, "title": case.title}


# -- Several bodies at one case ----------------------------------------------------------------


def tell_assistant(task: Task, kind: str, *, at: datetime.datetime, version: int = 0) -> None:
    """The person on a task of assistance; `version` tells repeated steps apart."""
    notice = inbox.Notice(
        to=task.post.person_id,
        key=f"{kind}:task:{task.pk}:{version}",
        kind=kind,
        params=_params(task.case),
        subject=task.case.subject,
    )
    inbox.send_many([notice], at=at)


def tell_holder(case: Case, kind: str, *, by: User, at: datetime.datetime) -> None:
    _send(_holder(case, by), kind, case, at=at)


def tell_people(people: Iterable[User], kind: str, case: Case, *, at: datetime.datetime) -> None:
    _send(people, kind, case, at=at)


def tell_lead(case: Case, kind: str, *, by: User, at: datetime.datetime) -> None:
    """Who holds the case, and the head of the department that leads it."""
    people = {person.pk: person for person in [*_holder(case, by), *heads_of(case, at=at)]}
    _send([person for person in people.values() if person != by], kind, case, at=at)


def serving(role: Role, case: Case, *, at: datetime.datetime) -> list[User]:
    """Who holds this role for the place of a case."""
    return _covering(role, case, at)


def heads_of(case: Case, *, at: datetime.datetime) -> list[User]:
    posts = Post.objects.valid_on(timezone.localdate(at)).filter(body=case.lead_body_id)
    heads = posts.filter(role=Role.DEPARTMENT_HEAD).select_related("person")
    return [post.person for post in heads]


def tell_followers(case: Case, kind: str, *, by: User, at: datetime.datetime) -> None:
    """The reporter, and those whose reports were merged into this case: each reads of their own."""
    rows = Reporter.objects.filter(Q(case=case) | Q(case__kept=case), person__isnull=False)
    notices = [
        inbox.Notice(
            to=row.person_id,
            key=f"{kind}:{row.case_id}:{case.pk}:{case.version}",
            kind=kind,
            params=_params(row.case),
            subject=row.case.subject,
        )
        for row in rows.select_related("case").order_by("case")
        if row.person_id is not None and row.person_id != by.pk
    ]
    inbox.send_many(notices, at=at)


# -- Call-backs -------------------------------------------------------------------------------


def tell_of_callback(callback: CallBack, *, at: datetime.datetime) -> None:
    """The resident is asked: in the inbox of an account, else by text message, with the link."""
    case = callback.case
    reporter = Reporter.objects.filter(case=case).select_related("person").first()
    if reporter is None:
        return
    subject, key = ("callback", callback.code), f"callback:{callback.pk}"
    if reporter.person is not None:
        people, params = [reporter.person], _params(case)
        inbox.send(to=people, key=key, kind="case-callback", params=params, subject=subject, at=at)
        return
    link = urljoin(settings.SITE_URL, f"/answer/{callback.code}/")
    inbox.tell_resident(
        reporter.phone,
        key=key,
        kind="resident-callback",
        params={"number": case.number, "link": link},
        subject=subject,
        at=at,
    )
