"""Training, selection and posts of the home town's community; people of their own made them."""

from django.utils import timezone

from lib.roles import Role
from talent.models import Discipline, Establishment, SelectionRule, TeamLevel
from talent.services import shortlisting
from tests.factories import talent as made
from tests.factories.organizations import LONG_AGO, UserFactory
from tests.factories.talent import DAY

ABOUT = {
    "open_course": ("course", "enrol"),
    "course": ("roster", "course_edit"),
    "enrolment": ("enrolment_leave", "enrolment_note", "enrolment_grade"),
    "selection": ("selection", "apply", "recommend"),
    "draft": ("choosing", "selection_edit", "criteria", "judge_new", "publish"),
    "candidate": ("exclude", "appoint", "object", "score", "kin"),
    "objection": ("answer",),
    "post": ("leave",),
    "person": ("career", "level"),
}  # fmt: skip
MOVES = {
    "course_move": ("course", ("open", "finish", "cancel")),
    "selection_move": ("draft", ("open", "close", "decide", "cancel")),
    "candidate_move": ("candidate", ("agree", "withdraw")),
}


def make_talent(town):
    """Things by name."""
    at = timezone.now()
    place = made.make_place(town=town.place, community=town.community)
    _published, (candidate, _other) = made.published(place, at=at - 6 * DAY)
    objection = shortlisting.object_to(candidate, text="x", by=UserFactory(), at=at)
    long_ago = at - 30 * DAY
    certificate = made.passed(made.opened(place, at=long_ago), at=long_ago).certificate
    course = made.opened(place, at=at)
    return {
        "place": place, "course": made.planned(place, at=at), "open_course": course,
        "enrolment": made.enrolled(course, at=at), "draft": made.drafted(place, at=at),
        "selection": made.open_selection(place, at=at), "candidate": candidate,
        "objection": objection, "certificate": certificate, "person": place.staff[0],
        "post": place.staff[0].posts.get(), "base": made.base(),
    }  # fmt: skip


def catalogue_rows(things):
    place = things["place"]
    return {
        "talent-teams": place.team,
        "talent-levels": TeamLevel.objects.get(team=place.team),
        "talent-disciplines": Discipline.objects.create(
            code="permissions", name="x", name_en="x", valid_from=LONG_AGO
        ),
        "training-bases": things["base"],
        "training-programmes": made.programme(place),
        "establishments": Establishment.objects.create(
            body=place.body, role=Role.GRID_WORKER, places=3, valid_from=LONG_AGO
        ),
        "selection-rules": SelectionRule.objects.get(),
    }


def examples_at(name, things):
    """(label, values) for an address of talent; none where it is about others."""
    space, _colon, last = name.rpartition(":")
    if space == "talent-api":
        return _in_the_api(last, things)
    if space != "talent":
        return []
    if last == "verify":
        return [("", {"code": things["certificate"].code})]
    if last.startswith("certificate"):
        return [("", {"number": things["certificate"].number})]
    if last in MOVES:
        thing, names = MOVES[last]
        return [(move, {"pk": things[thing].pk, "name": move}) for move in names]
    return [("", {"pk": things[thing].pk}) for thing, names in ABOUT.items() if last in names]


def _in_the_api(last, things):
    values = {
        "course-detail": {"pk": things["open_course"].pk},
        "base-detail": {"code": things["base"].code},
        "certificate-detail": {"code": things["certificate"].code},
    }
    return [("", values[last])] if last in values else []
