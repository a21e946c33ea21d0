"""A party committee of a town with a branch in a grid, its members, and how far a meeting goes."""

import datetime
import io
from dataclasses import dataclass, field
from typing import Any

from committee.models import CoverageRule, MeetingKind, NewOrganisation, TermRule
from committee.services import agenda, attending, directives, meetings, members, two_new, voting
from committee.services.directives import Wanted
from committee.services.meetings import Plan
from committee.services.two_new import Facts
from lib.identifiers import credit_check
from lib.roles import Role
from tests.factories.grids import BodyTerritoryFactory, TerritoryFactory
from tests.factories.organizations import (
    LONG_AGO,
    BodyFactory,
    BodyKindFactory,
    PostFactory,
    UserFactory,
)

UTC = datetime.UTC
AT = datetime.datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, nine o'clock in Dongguan
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
HELD = AT + 2 * DAY
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"


@dataclass
class Chain:
    """`secretary` leads the town's committee, `clerk` writes; the branch has `people`."""

    town: Any
    community: Any
    committee: Any
    branch: Any
    office: Any
    secretary: Any
    clerk: Any
    head: Any
    worker: Any
    kind: Any
    people: list = field(default_factory=list)
    rows: dict = field(default_factory=dict)


def kind_of(code, body_kind, **values):
    row = MeetingKind.objects.create(
        code=code, name=f"会议{code}", name_en=f"Meeting {code}", valid_from=LONG_AGO,
        **{"attends": "all", **values},
    )  # fmt: skip
    row.body_kinds.add(body_kind)
    return row


def make_chain(*, town=None, above=None, people=5, at=AT):
    """A branch below the town's committee (or `above`); its first member is its secretary."""
    town = town or TerritoryFactory(town=True)
    community = TerritoryFactory(community=True, parent=town)
    committee = above or BodyFactory(party=True)
    branch_kind = BodyKindFactory(code="grid-party", nature="party", name="网格党支部")
    branch = BodyFactory(kind=branch_kind, parent=committee, name="网格党支部", name_en="Branch")
    office = BodyFactory(name="规建办", name_en="Planning Office")
    home = BodyFactory(community=True)
    for body, place in ((committee, town), (office, town), (home, community)):
        if body is not above:
            BodyTerritoryFactory(body=body, territory=place)
    TermRule.objects.create(body_kind=branch_kind, valid_from=LONG_AGO)
    CoverageRule.objects.create(valid_from=LONG_AGO)
    chain = Chain(
        town=town, community=community, committee=committee, branch=branch, office=office,
        secretary=PostFactory(role=Role.PARTY_SECRETARY, body=committee).person,
        clerk=UserFactory(),
        head=PostFactory(role=Role.DEPARTMENT_HEAD, body=office).person,
        worker=PostFactory(role=Role.COMMUNITY_WORKER, body=home).person,
        kind=kind_of("assembly", branch_kind, every_months=3),
    )  # fmt: skip
    for number in range(people):
        person = UserFactory()
        members.add_member(
            branch, person, since=LONG_AGO, office="none" if number else "secretary",
            by=chain.secretary, at=at,
        )  # fmt: skip
        chain.people.append(person)
    return chain


def plan_for(chain, *, starts=HELD, **values):
    return Plan(**{
        "title": "第一季度党员大会", "starts_at": starts, "ends_at": starts + HOUR,
        "place": "党群服务中心", "chair": chain.people[0], "recorder": chain.clerk, **values,
    })  # fmt: skip


def planned(chain, *, at=AT, kind=None, **values):
    return meetings.plan_meeting(
        chain.branch, kind or chain.kind, plan_for(chain, **values), by=chain.secretary, at=at
    )


def called(chain, *, at=AT, **values):
    meeting = planned(chain, at=at, **values)
    agenda.add_item(meeting, title="整治占道经营", by=chain.clerk, at=at)
    return meetings.call_meeting(meeting, by=chain.people[0], at=at)


def seat(meeting, person):
    return meeting.invitations.get(person=person)


def sitting(chain, *, present=4, at=HELD, **values):
    """Opened, with so many of the branch's members present."""
    meeting = called(chain, at=at - 2 * DAY, starts=at, **values)
    for person in chain.people[:present]:
        attending.check_in(seat(meeting, person), by=person, at=at)
    return meetings.open_meeting(meeting, by=chain.people[0], at=at)


def ballot(chain, meeting=None, *, at=HELD):
    meeting = meeting or sitting(chain, at=at)
    item = meeting.items.filter(source_kind="").first()
    return voting.open_ballot(item, motion="同意整治方案", by=chain.clerk, at=at)


def passed(chain, meeting=None, *, at=HELD, pros=4):
    """Counted with so many for it."""
    made = ballot(chain, meeting, at=at)
    for person in chain.people[:pros]:
        row = seat(made.item.meeting, person)
        voting.vote(made, row, "for", by=person, at=at)
    return voting.close_ballot(made, by=chain.clerk, at=at)


def decided(chain, meeting=None, *, at=HELD):
    row = passed(chain, meeting, at=at)
    return voting.decide(row, text="开展整治", basis="支部工作条例", by=chain.clerk, at=at)


def wanted(chain, **values):
    return Wanted(**{
        "verb": "advance", "title": "整治梅塘路占道", "measure": "复查零占道",
        "due_on": (HELD + 10 * DAY).date(), "body": chain.office, **values,
    })  # fmt: skip


def issued(chain, decision=None, *, at=HELD, **values):
    decision = decision or decided(chain, at=at)
    due = {"due_on": (at + 10 * DAY).date(), **values}
    return directives.issue(decision, wanted(chain, **due), by=chain.clerk, at=at)


def paper(name="proof.pdf"):
    return io.BytesIO(PDF), name


def working(chain, directive=None, *, at=HELD):
    row = directive or issued(chain, at=at)
    return directives.accept(row, by=chain.head, at=at)


def reported(chain, directive=None, *, at=HELD):
    row = working(chain, directive, at=at)
    directives.add_progress(row, percent=80, text="已清理", by=chain.head, at=at, files=[paper()])
    return directives.report_back(row, by=chain.head, at=at)


def closed(meeting, chain, *, at=HELD):
    """Every point settled, minutes written, closed."""
    for item in meeting.items.filter(outcome="pending"):
        agenda.settle_item(item, "noted", by=chain.clerk, at=at)
    meetings.write_minutes(meeting, text="会议纪要", by=chain.clerk, at=at)
    return meetings.close_meeting(meeting, by=chain.people[0], at=at)


def confirmed(meeting, chain, *, at=HELD):
    return meetings.confirm_minutes(closed(meeting, chain, at=at), by=chain.people[0], at=at)


def credit_code(number):
    first = f"91441900{number:09d}"
    return first + credit_check(first)


def facts(chain, number=1, **values):
    return Facts(**{
        "kind": NewOrganisation.Kind.ECONOMIC, "name": f"东莞市第{number}电子有限公司",
        "uscc": credit_code(number), "community": chain.community, "staff": 40,
        "party_members": 0, **values,
    })  # fmt: skip


def organisation(chain, number=1, *, at=AT, **values):
    return two_new.register(facts(chain, number, **values), by=chain.worker, at=at)
