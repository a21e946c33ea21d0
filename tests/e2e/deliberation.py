"""A community that deliberates, and time for it: what journeys of consultations begin from.

`make(town)` gives `tests.e2e.town` the people of `ROLES` (they sign in with these names)
and the forms of consultation as the installation loads them; voters stand in `tests.e2e.voters`.

A journey cannot wait for days. `python -m tests.e2e.deliberation age NUMBER DAYS` moves everything
that the consultation waits for so many days into the past, as if they had passed; histories and
published versions stay as they were written. `go_on NUMBER KIND` walks it by the services to its
stage of this kind; `missed` lets the clock look for limits. Each prints the key of the open stage.
From a journey: `aged(site_env, number, days=7)`, `gone_on(site_env, number, "session")`.
"""

import datetime
import os
import subprocess
import sys

ROLES = {
    "host": "talk-host", "worker": "talk-worker", "secretary": "talk-secretary",
    "supervisor": "talk-supervisor",
}  # fmt: skip
RESIDENT = "13900000077"


def make(town):
    from django.utils import timezone

    from consultation.services.blueprints import load_reference
    from organizations.models import User
    from tests.factories import consultation as places

    load_reference(by=User.objects.system(), at=timezone.now())
    place = places.make_place(town)
    for role, name in ROLES.items():
        person = getattr(place, role)
        person.username = name
        person.save()
    return place


def _found(number):
    from consultation.models import Consultation

    return Consultation.objects.select_related("stage").get(number=number)


def age(number, days="1"):
    """As if `days` had passed: moments of the consultation, its stages, papers, sessions, votes."""
    from consultation.models import Publication, Session, Stage, StagePublication, Vote

    found = _found(number)
    earlier = datetime.timedelta(days=int(days))
    moved = (
        (type(found).objects.filter(pk=found.pk), ("made_at", "started_at", "due_at", "ended_at")),
        (Stage.objects.filter(consultation=found), ("opened_at", "due_at", "done_at")),
        (
            StagePublication.objects.filter(stage__consultation=found),
            ("due_at", "published_at", "stood_at"),
        ),
        (Publication.objects.filter(consultation=found), ("published_at", "changed_at")),
        (
            Session.objects.filter(consultation=found, state__in=["planned", "open"]),
            ("starts_at", "ends_at", "opened_at"),
        ),
        (Vote.objects.filter(consultation=found, state="draft"), ("closes_at",)),
        (found.objections.all(), ("raised_at", "due_at")),
    )
    for rows, columns in moved:
        for row in rows:
            told = {name: getattr(row, name) for name in columns}
            values = {name: value - earlier for name, value in told.items() if value}
            type(row).objects.filter(pk=row.pk).update(**values)
    return _key(number)


def go_on(number, kind):
    """Through the stages before `kind`, each with what it asks for; a session is held at once."""
    from django.utils import timezone

    from consultation.services import stages

    found = _found(number)
    while found.stage is not None and found.stage.kind != kind:
        _satisfy(found)
        age(number, "30")
        found = _found(number)
        stages.advance(found, by=found.host, at=timezone.now())
        found = _found(number)
    return _key(number)


def _satisfy(found):
    from django.utils import timezone

    from consultation.services import publishing, stages
    from grids.scopes import scopes_of
    from organizations.models import Post

    at, stage = timezone.now(), found.stage
    if stage.kind in {"session", "vote"}:
        _hold(found)
    for row in stage.required.filter(published_at=None):
        words = {"title": f"{found.title}：{row.get_kind_display()}", "text": found.text}
        paper = publishing.prepare(found, row.kind, by=found.host, at=at, **words)
        publishing.release(paper, public_text=found.text, confirmed=True, by=found.host, at=at)
    if stage.needs_party:
        posts = Post.objects.filter(role="party_secretary").select_related("person")
        where = {"town": found.town_id, "community": found.community_id, "grid": None}
        reaching = (
            post.person
            for post in posts
            if any(
                scope.role == "party_secretary" and scope.covers(**where)
                for scope in scopes_of(post.person, on=at.date())
            )
        )
        stages.review(found, passed=True, reason="程序合规", by=next(reaching), at=at)


def _hold(found):
    """A session with its quorum and final minutes."""
    from django.utils import timezone

    from consultation.models import Session
    from consultation.services import attending, minutes, sessions
    from consultation.services.sessions import Guest, Plan

    at, host, stage = timezone.now(), found.host, found.stage
    starts = at + datetime.timedelta(days=stage.notice_days + 1)
    plan = Plan("会议", starts, starts + datetime.timedelta(hours=2), "社区会议室")
    session = sessions.plan_session(found, plan, by=host, at=at)
    parts = stage.must_take_part or ["residents"]
    guests = [Guest(f"陈{number}", part) for part in parts for number in range(2)]
    sessions.invite(session, guests, by=host, at=at)
    session = sessions.open_session(session, by=host, at=at)
    for one in session.invitations.all():
        attending.check_in_by_clerk(one, by=host, at=at)
    sessions.close_session(session, by=host, at=at)
    session = Session.objects.select_related("minutes").get(pk=session.pk)
    written = minutes.write(session.minutes, "会议同意。", by=host, at=at)
    soon = at + datetime.timedelta(seconds=1)
    laid_out = minutes.lay_out(written, until=soon, by=host, at=at)
    minutes.finish(laid_out, by=host, at=soon)


def missed(number):
    from django.utils import timezone

    from consultation.services.watching import watch_limits

    watch_limits(at=timezone.now())
    return _key(number)


def _key(number):
    stage = _found(number).stage
    return stage.key if stage else "-"


DOES = {"age": age, "go_on": go_on, "missed": missed}


def run(site_env, name, *values):
    """One of `DOES` beside the site; what it printed last."""
    from tests.e2e.visitor import ROOT

    command = [sys.executable, "-m", "tests.e2e.deliberation", name, *map(str, values)]
    env = site_env | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(command, env=env, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.split()[-1]


def aged(site_env, number, *, days):
    return run(site_env, "age", number, days)


def gone_on(site_env, number, kind):
    return run(site_env, "go_on", number, kind)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    print(DOES[sys.argv[1]](*sys.argv[2:]))
