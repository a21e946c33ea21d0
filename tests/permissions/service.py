"""Volunteers of the home town's community with what they do; people of their own made them."""

import datetime
from types import SimpleNamespace

from django.utils import timezone

from lib.roles import Role
from tests.factories import volunteers as made
from tests.factories.grids import BodyTerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory, SkillFactory
from volunteers import services
from volunteers.models import Course, Topic
from volunteers.services import Wanted

ABOUT = {
    "activity": (
        "activity", "activity_calendar", "manage", "activity_edit", "rule", "shift_new",
    ),
    "shift": (
        "sign_up", "shift", "shift_change", "shift_call_off", "shift_message", "invite",
    ),
    "signup": ("cancel",),
    "waiting": ("take_offer", "leave_list"),
    "volunteer": ("person",),
    "skill": ("certify",),
    "call": ("answer_call", "decline_call"),
    "organisation": (
        "organisation", "organisation_edit", "yearly_report", "rating", "member_new",
    ),
    "member": ("member_end",),
    "report": ("report", "take_up"),
}  # fmt: skip
MOVES = {
    "activity_move": ("draft", ("submit", "take_back", "publish", "return", "cancel")),
    "signup_move": ("signup", ("accept", "refuse", "call_off", "attend", "miss")),
    "own_move": ("volunteer", ("leave", "erase")),
    "person_move": (
        "volunteer",
        ("confirm", "return", "refuse", "suspend", "resume", "leave", "erase"),
    ),
    "person_add": ("volunteer", ("insurance", "training", "consent")),
    "organisation_move": (
        "organisation",
        ("resubmit", "confirm", "return", "refuse", "suspend", "resume", "end"),
    ),
    "report_move": ("report", ("accept", "refuse", "end")),
    "task_move": ("task", ("report", "confirm", "reopen", "drop")),
}  # fmt: skip


def make_service(town):
    """Things by name."""
    at = timezone.now()
    body = BodyFactory(community=True)
    BodyTerritoryFactory(body=body, territory=town.community)
    place = SimpleNamespace(
        town=town.place, community=town.community, body=body,
        organizer=PostFactory(role=Role.VOLUNTEER_ORGANIZER, body=body).person,
        reviewer=PostFactory(role=Role.PARTY_SECRETARY, body=town.office).person,
        topic=Topic.objects.create(code="permissions", name="x", name_en="x"),
    )  # fmt: skip
    shift = made.published(place, at=at, places=1)
    offer = services.Offer(skills=[SkillFactory()])
    first, second = made.active(place, at=at, offer=offer), made.active(place, at=at)
    signup = made.signed(shift, first, at=at)
    waiting = services.join_waiting_list(shift, second, by=second.person, at=at)
    draft = made.draft(place, at=at)
    made.add(draft, by=place.organizer, at=at)
    organisation = services.register_organisation(
        place=town.community, name="x", kind="team", scope="x", contact_name="x",
        contact_phone="0769-1", by=first.person, at=at,
    )  # fmt: skip
    services.confirm_organisation(organisation, by=place.organizer, at=at)
    report = services.report_member(
        branch="x", community=town.community, offers="x", by=second.person, at=at
    )
    services.move_report(report, "accept", by=place.organizer, at=at)
    day = datetime.timedelta(days=1)
    wanted = Wanted("x", "x", 2, at + day, at + day + datetime.timedelta(hours=1), "x")
    call = services.call_for(
        "x", "1", wanted, body=body, place=organisation.place, by=second.person, at=at
    )
    return {
        "activity": shift.activity, "draft": draft, "shift": shift, "signup": signup,
        "waiting": waiting, "volunteer": first, "skill": first.skills.get(), "call": call,
        "organisation": organisation, "member": organisation.members.get(), "report": report,
        "task": services.take_up(report, title="x", by=second.person, at=at),
        "topic": place.topic,
    }  # fmt: skip


def catalogue_rows(things):
    return {
        "volunteer-topics": things["topic"],
        "volunteer-courses": Course.objects.create(code="permissions", name="x", name_en="x"),
    }


def examples_at(name, things):
    """(label, values) for an address of volunteers' work; none where it is about others."""
    space, _colon, last = name.rpartition(":")
    if space != "volunteers":
        return []
    if last == "report_new":
        return [(kind, {"kind": kind}) for kind in ("member", "unit")]
    if last in MOVES:
        thing, names = MOVES[last]
        return [(move, {"pk": things[thing].pk, "name": move}) for move in names]
    return [("", {"pk": things[thing].pk}) for thing, names in ABOUT.items() if last in names]
