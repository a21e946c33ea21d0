"""Messages about registrations, sign-ups, waiting lists and shifts."""

import datetime
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from grids.scopes import scopes_of
from lib.moving import Moving
from lib.registry import wordings
from organizations.models import Post, User
from organizations.services import inbox
from organizations.services.planning import Notice
from volunteers.models import Activity, Call, Shift, Signup, Volunteer, WaitingPlace
from volunteers.models.people import ORGANIZERS

VOLUNTEER, PLACE, SHIFT, ACTIVITY, CALL = (
    "volunteers.volunteer",
    "volunteers.place",
    "volunteers.shift",
    "volunteers.activity",
    "volunteers.call",
)
WORDINGS = {
    "volunteer-confirmed": gettext_noop("You are registered as a volunteer. Welcome!"),
    "volunteer-returned": gettext_noop("Your registration needs a correction: %(reason)s"),
    "volunteer-refused": gettext_noop("Your registration was not accepted: %(reason)s"),
    "volunteer-suspended": gettext_noop("Your registration is suspended: %(reason)s"),
    "volunteer-resumed": gettext_noop("Your registration is valid again."),
    "volunteer-consent": gettext_noop(
        "%(name)s wants to be a volunteer and names you as guardian. Read and consent: %(link)s"
    ),
    "signup-confirmed": gettext_noop("You have a place: “%(title)s”, %(when)s, %(where)s."),
    "signup-asked": gettext_noop("You asked for a place: “%(title)s”, %(when)s. You will be told."),
    "signup-refused": gettext_noop("No place for you at “%(title)s”, %(when)s: %(reason)s"),
    "signup-called-off": gettext_noop("Your place at “%(title)s”, %(when)s, is gone: %(reason)s"),
    "shift-called-off": gettext_noop("Called off: “%(title)s”, %(when)s. %(reason)s"),
    "shift-changed": gettext_noop("Changed: “%(title)s”, %(when)s, %(where)s. Please look again."),
    "shift-message": gettext_noop("“%(title)s”, %(when)s: %(text)s"),
    "shift-reminder": gettext_noop("Tomorrow: “%(title)s”, %(when)s, %(where)s."),
    "waiting-offered": gettext_noop(
        "A place is free for you: “%(title)s”, %(when)s. Take it before %(until)s."
    ),
    "waiting-lapsed": gettext_noop("The place at “%(title)s”, %(when)s, went to the next person."),
    "activity-published": gettext_noop("Published: “%(title)s”."),
    "activity-returned": gettext_noop("Returned: “%(title)s”. %(reason)s"),
    "activity-to-review": gettext_noop("To review: the activity “%(title)s”."),
    "call-made": gettext_noop("A call for volunteers: “%(title)s”."),
    "call-answered": gettext_noop("Your call for volunteers is answered: “%(title)s”."),
    "call-declined": gettext_noop("Your call for volunteers was declined: “%(title)s”. %(reason)s"),
    "volunteer-invited": gettext_noop("You could help: “%(title)s”, %(when)s, %(where)s."),
}


def sentence(kind: str, params: Mapping[str, Any]) -> str:
    shown = {**params}
    for name in ("when", "until"):
        if name in shown:
            shown[name] = _moment(str(shown[name]))
    return gettext(WORDINGS[kind]) % shown


def _moment(text: str) -> str:
    moment = datetime.datetime.fromisoformat(text)
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def register_wordings() -> None:
    for kind in WORDINGS:
        wordings.register(kind, partial(sentence, kind))


def facts_of(shift: Shift) -> dict[str, str]:
    activity = shift.activity
    return {
        "title": activity.title,
        "when": shift.starts_at.isoformat(),
        "where": shift.meeting_point or activity.address,
    }


def tell_volunteer(volunteer: Volunteer, kind: str, *, at: datetime.datetime) -> None:
    inbox.send(
        to=speakers_of([volunteer]),
        key=f"{kind}:{volunteer.pk}:{volunteer.version}",
        kind=kind,
        at=at,
        params={"reason": volunteer.reason},
        subject=(VOLUNTEER, str(volunteer.pk)),
    )


def speakers_of(volunteers: Iterable[Volunteer]) -> list[User]:
    """The people themselves and the guardians of those who have one."""
    rows = list(volunteers)
    guardians = User.objects.filter(
        guardianships__ward__in=[row.pk for row in rows], guardianships__ended_at=None
    )
    return [*(row.person for row in rows if row.person.is_active), *guardians]


def tell_of_signup(signup: Signup, kind: str, *, at: datetime.datetime) -> None:
    _of_shift(signup.shift, signup.volunteer, kind, signup, at=at, reason=signup.reason)


def tell_of_waiting(waiting: WaitingPlace, kind: str, *, at: datetime.datetime) -> None:
    until = waiting.offered_until.isoformat() if waiting.offered_until else ""
    more = {"until": until} if until else {}
    _of_shift(waiting.shift, waiting.volunteer, kind, waiting, at=at, **more)


def _of_shift(
    shift: Shift,
    volunteer: Volunteer,
    kind: str,
    row: Moving,
    *,
    at: datetime.datetime,
    **more: str,
) -> None:
    inbox.send(
        to=speakers_of([volunteer]),
        key=f"{kind}:{row.pk}:{row.version}",
        kind=kind,
        at=at,
        params={**facts_of(shift), **more},
        subject=(PLACE, str(shift.pk)),
    )


def tell_shift(
    shift: Shift, volunteers: Iterable[Volunteer], kind: str, *, key: str, at: datetime.datetime,
    **more: str,
) -> int:  # fmt: skip
    """One message to everybody named; how many people it reaches."""
    people = {person.pk for person in speakers_of(volunteers)}
    params = {**facts_of(shift), **more}
    subject = (SHIFT, str(shift.pk))
    notices = [Notice(pk, f"{kind}:{key}", kind, params, subject) for pk in sorted(people)]
    inbox.send_many(notices, at=at)
    return len(people)


def tell_of_activity(
    activity: Activity, kind: str, people: Iterable[User], *, at: datetime.datetime
) -> None:
    inbox.send(
        to=people,
        key=f"{kind}:{activity.pk}:{activity.version}",
        kind=kind,
        at=at,
        params={"title": activity.title, "reason": activity.reason},
        subject=(ACTIVITY, str(activity.pk)),
    )


def tell_of_call(call: Call, kind: str, people: Iterable[User], *, at: datetime.datetime) -> None:
    inbox.send(
        to=people,
        key=f"{kind}:{call.pk}:{call.version}",
        kind=kind,
        at=at,
        params={"title": call.title, "reason": call.reason},
        subject=(CALL, str(call.pk)),
    )


def organizers_of(row: Any, *, at: datetime.datetime) -> list[User]:
    """People who organise volunteers where `row` lies."""
    on = timezone.localdate(at)
    posts = Post.objects.valid_on(on).filter(role__in=ORGANIZERS).select_related("person")
    place = {"town": row.town_id, "community": row.community_id, "grid": row.grid_id}
    return [
        person
        for person in {post.person for post in posts}
        if any(
            scope.role in ORGANIZERS and scope.covers(**place) for scope in scopes_of(person, on=on)
        )
    ]
