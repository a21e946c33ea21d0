"""A community with its committee, courses and selections, brought to a state by the services."""

import datetime
from types import SimpleNamespace

from lib.roles import Role
from talent.models import Programme, SelectionRule, Team, TeamLevel, TrainingBase
from talent.services import candidates, courses, enrolling, judging, selections, shortlisting
from tests.factories.grids import BodyTerritoryFactory, TerritoryFactory
from tests.factories.organizations import LONG_AGO, BodyFactory, PostFactory, UserFactory

AT = datetime.datetime(2026, 11, 24, 2, 0, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)
CRITERIA = {"群众工作": 60, "文字表达": 40}


def make_place(*, town=None, community=None):
    """A community with two members of its committee, a secretary, and four people with posts."""
    town = town or TerritoryFactory(town=True)
    community = community or TerritoryFactory(community=True, parent=town)
    body = BodyFactory(community=True)
    BodyTerritoryFactory(body=body, territory=community)

    def holder(role):
        return PostFactory(role=role, body=body).person

    team, _made = Team.objects.get_or_create(
        code="social-work", defaults={"name": "社会工作人才", "name_en": "Social workers",
                                      "valid_from": LONG_AGO},
    )  # fmt: skip
    TeamLevel.objects.get_or_create(
        team=team, rank=1, valid_from=LONG_AGO, defaults={"name": "助理社会工作师", "name_en": "x"}
    )
    SelectionRule.objects.get_or_create(
        valid_from=LONG_AGO, defaults={"publication_days": 7, "fewest_judges": 2}
    )
    return SimpleNamespace(
        town=town, community=community, body=body, team=team,
        member=holder(Role.COMMITTEE_MEMBER), second=holder(Role.COMMITTEE_MEMBER),
        secretary=holder(Role.PARTY_SECRETARY),
        staff=[holder(Role.COMMUNITY_WORKER) for _n in range(4)],
    )  # fmt: skip


def programme(place):
    found, _made = Programme.objects.get_or_create(
        code="grassroots",
        defaults={"team": place.team, "name": "基层治理骨干培养计划", "name_en": "Grassroots",
                  "aim": "x", "people": 100, "valid_from": LONG_AGO},
    )  # fmt: skip
    return found


def base():
    found, _made = TrainingBase.objects.get_or_create(
        code="party-school",
        defaults={"name": "镇党校实训基地", "name_en": "Town party school", "address": "x",
                  "seats": 60, "valid_from": LONG_AGO},
    )  # fmt: skip
    return found


def wanted_course(place, *, at=AT, **said):
    values = {
        "programme": programme(place), "base": base(), "body": place.body,
        "teacher": place.second, "title": "社区调解实务", "starts_at": at + 3 * DAY,
        "ends_at": at + 3 * DAY + 8 * HOUR, "sign_up_until": at + 2 * DAY, "hours": 8,
        "attend_hours": 6, "places": 2,
    }  # fmt: skip
    return courses.Planned(**{**values, **said})


def planned(place, *, at=AT, **said):
    return courses.plan_course(
        wanted_course(place, at=at, **said), place.community, by=place.member, at=at
    )


def opened(place, *, at=AT, **said):
    return courses.open_course(planned(place, at=at, **said), by=place.member, at=at)


def enrolled(course, *, by=None, name="李小明", at=AT):
    return enrolling.enrol(course, name=name, by=by or UserFactory(), at=at)


def attended(course, *, by=None, at=AT, hours=8):
    row = enrolled(course, by=by, at=at)
    when = max(course.ends_at, at)
    return enrolling.note_attendance(row, hours=hours, by=course.teacher, at=when)


def passed(course, *, by=None, at=AT, score=88):
    row = attended(course, by=by, at=at)
    return enrolling.grade(row, score=score, by=course.teacher, at=max(course.ends_at, at))


def wanted_post(place, *, at=AT, **said):
    values = {
        "body": place.body, "role": Role.GRID_WORKER, "title": "社区工作者两名",
        "terms": "大专以上", "places": 1, "apply_until": at + 5 * DAY,
    }  # fmt: skip
    return selections.Wanted(**{**values, **said})


def drafted(place, *, at=AT, judges=2, **said):
    made = selections.draft_selection(
        wanted_post(place, at=at, **said), place.community, by=place.member, at=at
    )
    selections.set_criteria(made, CRITERIA, by=place.member, at=at)
    for person in place.staff[:judges]:
        selections.name_judge(made, person, by=place.member, at=at)
    return made


def open_selection(place, *, at=AT, **said):
    return selections.open_selection(drafted(place, at=at, **said), by=place.member, at=at)


def applied(selection, *, by=None, at=AT):
    by = by or UserFactory()
    return candidates.apply(selection, name=by.full_name, statement="五年经验", by=by, at=at)


def judging_one(place, *, at=AT, applicants=2, **said):
    """Closed, with so many applicants; (selection, candidates)."""
    made = open_selection(place, at=at, **said)
    rows = [applied(made, at=at) for _n in range(applicants)]
    done = selections.close_selection(made, by=place.member, at=made.apply_until)
    return done, rows


def scored(candidate, points, *, at=AT):
    """The same points by every judge, on the first criterion; 10 on the other."""
    first, other = candidate.selection.criteria.order_by("pk")
    for judge in candidate.selection.judges.select_related("person"):
        given = {first.pk: points, other.pk: 10}
        judging.give_scores(candidate, given, by=judge.person, at=at)


def published(place, *, at=AT, days=7, **said):
    """(selection, candidates): the first of them is on the list."""
    made, rows = judging_one(place, at=at, **said)
    for number, row in enumerate(rows):
        scored(row, 50 - number, at=at)
    done = shortlisting.publish(made, days=days, by=place.member, at=made.apply_until)
    return done, rows


def decided(place, *, at=AT, **said):
    made, rows = published(place, at=at, **said)
    done = shortlisting.decide(made, by=place.secretary, at=made.objections_until)
    return done, rows
