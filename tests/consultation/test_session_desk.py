"""The desk of sessions and votes: minutes, amendments and papers that wait."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultation.services import counting, minutes, printing, sessions, voting
from lib.registry import queues
from tests.consultation.rooms import address, open_vote
from tests.factories import voting as makers
from tests.factories.consultation import later, make_place
from tests.factories.voting import BEGIN, right_of

pytestmark = pytest.mark.django_db


def rows(desk, show):
    found = desk.get(address("desk"), {"show": show}).context
    return list(found.get("sessions", ())) or list(found.get("votes", ()))


def waiting(desk):
    return {chip["url"]: chip["count"] for chip in desk.get(address("desk")).context["chips"][1:]}


def test_the_desk_shows_minutes_and_amendments_that_wait(desk, started):
    place, consultation = started
    session, people = makers.opened(place, consultation, 2)
    minutes.write(session.minutes, "同意。", by=place.worker, at=BEGIN)
    session = sessions.close_session(session, by=place.host, at=BEGIN)
    assert rows(desk, "minutes") == [session]
    paper = minutes.lay_out(session.minutes, until=later(days=60), by=place.host, at=BEGIN)
    assert rows(desk, "minutes") == []
    minutes.propose(paper, passage="同意", wording="不同意", by=people[0], at=BEGIN)
    assert rows(desk, "amendments") == [session]
    assert waiting(desk) == {"?show=today": 0, "?show=minutes": 0, "?show=amendments": 1,
                             "?show=papers": 0, "?show=results": 0}  # fmt: skip


def test_papers_wait_for_who_has_not_counted_them(client, started):
    place, _consultation = started
    vote, people = open_vote(started, closes_at=later(days=7))
    printed = printing.print_papers(vote, by=place.worker, at=later())
    printing.hand_paper(right_of(vote, people["王五"]), by=place.worker, at=later())
    vote = voting.close_vote(vote, by=place.host, at=later(days=7))
    count = counting.begin_count(vote, by=place.worker, at=later(days=7))
    code = next(one.code for one in printed if one.label == "1-102")
    counting.read_paper(count, code, vote.options.first(), by=place.worker)
    counting.close_count(count, by=place.worker, at=later(days=7))
    seen = {}
    for name in ("worker", "supervisor", "host"):
        client.force_login(getattr(place, name))
        seen[name] = (rows(client, "papers"), rows(client, "results"))
    assert seen == {
        "worker": ([], [vote]),
        "supervisor": ([vote], [vote]),
        "host": ([vote], [vote]),
    }


def test_a_counter_says_of_each_paper_what_stands_on_it_or_that_it_is_not_valid(client, started):
    place, _consultation = started
    vote, people = open_vote(started, closes_at=later(days=7))
    printed = printing.print_papers(vote, by=place.worker, at=later())
    for person in people.values():
        printing.hand_paper(right_of(vote, person), by=place.worker, at=later())
    vote = voting.close_vote(vote, by=place.host, at=later(days=7))
    count = counting.begin_count(vote, by=place.worker, at=later(days=7))
    client.force_login(place.worker)
    here, first = address("count", count.pk), vote.options.first()
    choices = client.get(here).context["form"].fields["option"].choices
    shown = [str(label) for _value, label in choices]
    assert shown == ["赞成", "反对", "弃权", "无效票"]
    forgotten = client.post(here, {"code": printed[0].code})
    assert (forgotten.status_code, count.entries.count()) == (422, 0)
    client.post(here, {"code": printed[0].code, "option": first.pk})
    client.post(here, {"code": printed[1].code, "option": "none"})
    said = count.entries.order_by("pk").values_list("option", flat=True)
    assert list(said) == [first.pk, None]


def test_queues_of_the_desk_count_what_waits(started):
    place, consultation = started
    session, _people = makers.opened(place, consultation, 1)
    sessions.close_session(session, by=place.host, at=BEGIN)
    found = {queue.key: queue.count(place.host) for queue in queues if "sessions-" in queue.key}
    assert found == {"sessions-today": 0, "sessions-minutes": 1, "sessions-amendments": 0,
                     "sessions-papers": 0, "sessions-results": 0}  # fmt: skip


def test_the_desk_costs_the_same_with_one_and_three_rows(desk, started):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            desk.get(address("desk"))
            desk.get(address("desk"), {"show": "today"})
            desk.get(address("mine"))
        return len(asked)

    more = {"starts_at": later(days=40), "ends_at": later(days=40, hours=1)}
    makers.planned(*started, 1, **more)
    one = cost()
    makers.planned(*started, 1, **more)
    makers.planned(*started, 1, **more)
    assert cost() == one


def test_another_communitys_desk_is_empty(client, started):
    makers.opened(*started, 1)
    client.force_login(make_place().host)
    assert rows(client, "today") == []
