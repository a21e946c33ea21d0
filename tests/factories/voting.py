"""Sessions with people who come, rolls of owners with accounts, votes open and cast."""

import datetime
from types import SimpleNamespace

from consultation.models import Entitlement, Invitation, Vote
from consultation.services import attending, sessions, voting
from consultation.services.sessions import Guest, Plan
from consultation.services.voting import Question
from grids.services import rolls
from grids.services.roll_files import read_roll
from tests.factories import consultation as makers
from tests.factories.consultation import AT, later
from tests.factories.organizations import UserFactory

HALL = "社区会议室"
MAJORITY = {"purpose": "majority", "measure": "person", "base": "cast", "numerator": 1,
            "denominator": 2, "is_strict": True}  # fmt: skip
QUORUM = {"purpose": "quorum", "measure": "person", "base": "all", "numerator": 1,
          "denominator": 2, "is_strict": True}  # fmt: skip


def in_session(place=None, rules=(QUORUM, MAJORITY), *, kind="session", form="council", **columns):
    """A consultation whose open stage is a session (or vote) with these rules."""
    place = place or makers.make_place()
    blueprint = makers.make_blueprint(
        (("session", kind, {}),), code=form, form=form, rules={"session": list(rules)},
        columns={"session": columns},
    )  # fmt: skip
    return place, makers.fresh(makers.make_running(place, blueprint))


def plan(**more):
    said = {"title": "议事会", "starts_at": later(days=10), "ends_at": later(days=10, hours=2)}
    return Plan(**{**said, "room": HALL, **more})


def planned(place, consultation, members=5, **more):
    """A session with members who have accounts."""
    session = sessions.plan_session(consultation, plan(**more), by=place.host, at=AT)
    people = [UserFactory(full_name=f"张代表{n}") for n in range(members)]
    guests = [Guest(person.full_name, "representatives", person) for person in people]
    sessions.invite(session, guests, by=place.host, at=AT)
    return session, people


BEGIN = later(days=10)


def opened(place, consultation, members=5, present=None, **more):
    """Open, with the first `present` members checked in by a clerk (None: all of them)."""
    session, people = planned(place, consultation, members, **more)
    session = sessions.open_session(session, by=place.host, at=BEGIN)
    for person in people[:present]:
        come(place, session, person)
    return session, people


def come(place, session, person):
    mine = Invitation.objects.get(session=session, person=person)
    return attending.check_in_by_clerk(mine, by=place.worker, at=BEGIN)


def after(**delta):
    return BEGIN + datetime.timedelta(**delta)


def session_vote(place, consultation, session, **more):
    said = {"question": "是否同意加装电梯？", "unit": Vote.Unit.PERSON, "closes_at": after(hours=1)}
    asked = Question(**{**said, "session": session, **more})
    vote = voting.draft_vote(consultation, asked, by=place.host, at=BEGIN)
    return voting.open_vote(vote, by=place.host, at=BEGIN)


HEADING = "房号,建筑面积,姓名,身份证后四位,人数"


def bring_roll(place, lines, *, kind="owners", name="富康花园"):
    """What the import of these lines reports; nobody has claimed a new place yet."""
    content = "\n".join([HEADING, *(",".join(map(str, (*line, ""))) for line in lines)]).encode()
    options = rolls.RollOptions(place.community, kind, name)
    return rolls.import_roll(read_roll(content, name="roll.csv"), options, by=place.worker, at=AT)


def make_roll(place, lines, *, kind="owners", name="富康花园"):
    """`lines`: (dwelling, area in m², name, last four) each; a roll and an account per person."""
    roll = bring_roll(place, lines, kind=kind, name=name).roll
    accounts = {}
    for dwelling, _area, person, last in lines:
        digest = rolls.person_digest(roll.salt, person, last)
        account = accounts.setdefault(digest, UserFactory(full_name=person))
        spot = roll.dwellings.get(number=dwelling).entitled.get(digest=digest)
        rolls.confirm_claim(spot, account, by=place.worker, at=AT)
    people = {person: accounts[rolls.person_digest(roll.salt, person, last)]
              for _dwelling, _area, person, last in lines}  # fmt: skip
    return SimpleNamespace(roll=roll, people=people)


def roll_vote(place, consultation, roll, *, unit, at=AT, **more):
    said = {"question": "是否同意使用维修资金？", "unit": unit, "closes_at": later(days=7)}
    asked = Question(**{**said, "roll": roll, **more})
    vote = voting.draft_vote(consultation, asked, by=place.host, at=at)
    return voting.open_vote(vote, by=place.host, at=at)


def option(vote, order=1):
    """1 for, 2 against, 3 abstain."""
    return vote.options.get(order=order)


def right_of(vote, user):
    return Entitlement.objects.of(user).filter(vote=vote).first()


def cast(vote, user, order=1, *, at=None, right=None):
    return voting.cast(
        vote, right or right_of(vote, user), option(vote, order), by=user,
        at=at or vote.opened_at,
    )  # fmt: skip
