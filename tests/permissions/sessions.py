"""A session under way and one held with minutes laid out; a vote open and one being counted."""

from consultation.models import Minutes
from consultation.services import counting, minutes, printing, proxies, sessions, voting
from consultation.services.sessions import Point
from tests.factories import consultation as places
from tests.factories import voting as makers
from tests.factories.consultation import AT, later
from tests.factories.voting import BEGIN, after

LATE = {"starts_at": later(days=290), "ends_at": later(days=290, hours=1)}
# What stands in the addresses, by the thing that it is about.
ABOUT = {
    "consultation": "sessions session_new vote_new",
    "session": "session session_screen session_act session_change minutes minutes_finish "
    "minutes_change amend check_in",
    "invitation": "person_check_in person person_withdraw invitation",
    "point": "point_remove",
    "proxy": "proxy_back",
    "spoilt": "spoilt_replace",
    "counted": "receipts",
    "amendment": "amendment",
    "vote": "vote vote_change papers count_begin vote_act vote_explained published_vote ballot "
    "spoilt",
    "right": "hand_paper assist proxy",
    "count": "count count_close",
}
NAMES = {
    "session_act": "open close invite-roll",
    "session_change": "edit point invite call-off",
    "person": "cancel recuse position",
    "minutes_change": "write lay-out",
    "amendment": "accept refuse",
    "vote_act": "open close judge",
    "vote_explained": "annul recount",
    "invitation": "read accept decline",
}


def examples_at(name, world):
    """(label, arguments) of one address; empty where it is about something else."""
    space, _colon, last = name.rpartition(":")
    about = {one: thing for thing, names in ABOUT.items() for one in names.split()}
    if space != "consultation" or last not in about:
        return []
    row = world.sessions[about[last]]
    if about[last] == "consultation":
        return [("", {"number": row.number})]
    values = {"pk": row.pk}
    if last == "check_in":
        return [("", {**values, "code": "AAAAAAAA"})]
    if last in NAMES:
        return [(one, {**values, "name": one}) for one in NAMES[last].split()]
    return [("", values)]


def make_sessions(town):
    """Things by name, made by people of their own."""
    place, consultation = makers.in_session(places.make_place(town), form="hearing")
    held, people = makers.opened(place, consultation, 2)
    minutes.write(held.minutes, "会议记录", by=place.worker, at=BEGIN)
    held = sessions.close_session(held, by=place.host, at=after(hours=1))
    paper = minutes.lay_out(
        Minutes.objects.get(session=held), until=after(days=300), by=place.host, at=after(hours=1)
    )
    session, _people = makers.opened(place, consultation, 2)
    made = makers.make_roll(place, [("1", "100", "张三", "0011"), ("2", "100", "李四", "0022")])
    vote = makers.roll_vote(place, consultation, made.roll, unit="owner", closes_at=later(days=300))
    counted = makers.roll_vote(place, consultation, made.roll, unit="owner")
    printing.print_papers(counted, by=place.worker, at=AT)
    printing.hand_paper(counted.entitlements.first(), by=place.worker, at=AT)
    counted = voting.close_vote(counted, by=place.host, at=counted.closes_at)
    couple = makers.make_roll(
        place, [("3", "100", "张三", "0011"), ("3", "100", "李四", "0022")], name="3 栋"
    )
    together = makers.roll_vote(
        place, consultation, couple.roll, unit="person", closes_at=later(days=300)
    )
    giver, holder = together.entitlements.order_by("pk")
    printing.print_papers(together, by=place.worker, at=AT)
    planned, _people = makers.planned(place, consultation, 0, **LATE)
    return {
        "point": sessions.add_item(planned, Point("议项", 5), by=place.host, at=AT),
        "proxy": proxies.give_proxy(giver, holder, paper="存档", by=place.worker, at=AT),
        "spoilt": printing.note_spoilt(together, 1, reason="lost", by=place.worker, at=AT),
        "counted": counted,
        "consultation": consultation,
        "session": session,
        "invitation": session.invitations.first(),
        "amendment": minutes.propose(
            paper, passage="记录", wording="纪要", by=people[0], at=after(hours=2)
        ),
        "vote": vote,
        "right": vote.entitlements.first(),
        "count": counting.begin_count(counted, by=place.worker, at=counted.closes_at),
    }
