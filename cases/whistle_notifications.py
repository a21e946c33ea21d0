"""Messages of a whistle: the called hear of it at once, the caller of arrivals, both of the end."""

import datetime
from collections.abc import Iterable, Sequence

from django.utils import timezone

from cases.models import Whistle, WhistleCall
from cases.whistle_workflow import ANSWERS
from organizations.models import Post, User
from organizations.services import inbox


def tell_called(whistle: Whistle, calls: Sequence[WhistleCall], *, at: datetime.datetime) -> None:
    """Everybody who can answer for a called body hears of it at once."""
    minutes = {call.body_id: call.due_at - call.called_at for call in calls}
    inbox.send_many(
        [
            inbox.Notice(
                to=person,
                key=f"whistle-call:{whistle.pk}:{body}",
                kind="whistle-call",
                params={"text": whistle.text, "minutes": int(minutes[body].total_seconds() // 60)},
                subject=whistle.subject,
            )
            for person, body in _who_answer(minutes, at)
        ],
        at=at,
    )


def _who_answer(bodies: Iterable[int], at: datetime.datetime) -> list[tuple[int, int]]:
    """(person, body), each pair once."""
    posts = Post.objects.valid_on(timezone.localdate(at)).filter(body__in=bodies, role__in=ANSWERS)
    return sorted(set(posts.values_list("person_id", "body_id")))


def tell_of_call(call: WhistleCall, name: str, *, by: User, at: datetime.datetime) -> None:
    """Who whistled hears of arrivals, the department of its release."""
    whistle = call.whistle
    if name == "arrive":
        people = [whistle.called_by_id]
    elif name == "release":
        people = [person for person, _body in _who_answer([call.body_id], at)]
    else:
        return
    params = {"text": whistle.text, "body": str(call.body)}
    key = f"whistle-{name}:{whistle.pk}:{call.body_id}"
    notices = [
        inbox.Notice(person, key, f"whistle-{name}", params, whistle.subject)
        for person in people
        if person != by.pk
    ]
    inbox.send_many(notices, at=at)
