"""Money under many hands: processes that reserve, settle, pay, release and are killed meanwhile."""

import os
import random
import signal
import time

import pytest
from django.db import IntegrityError, connections
from django.db.models import QuerySet

from funding import checks, services
from funding.models import Entry, Hold, Line, Posting
from funding.services import HoldRequest, ReserveRequest
from lib.errors import RuleViolation
from tests.factories.funding import LineFactory
from tests.funding.conftest import AT, SUBJECT
from tests.races import FORK, at_once

pytestmark = pytest.mark.django_db(transaction=True)

PROCESSES = 8


def failing():
    return [(name, findings) for name, findings in checks.run() if findings]


def outcome(act):
    """The name of the refusal, or "done"."""
    try:
        act()
    except RuleViolation as refusal:
        return refusal.code
    return "done"


def test_processes_never_reserve_more_than_a_line_has(line, repairs, clerk):
    def worker(number):
        chance = random.Random(number)
        given = 0
        for n in range(40):
            amount = chance.randint(1, 10_00)
            try:
                services.reserve(
                    line, amount=amount, purpose=repairs, subject=SUBJECT, key=f"{number}:{n}",
                    by=clerk, at=AT,
                )  # fmt: skip
            except services.NotEnoughMoney:
                continue
            given += amount
        return given

    given = sum(at_once(PROCESSES, worker))

    line.refresh_from_db()
    assert (line.available, line.reserved) == (1_000_00 - given, given)
    assert line.available < 10_00
    assert failing() == []


def test_batches_over_several_lines_in_any_order_do_not_block_each_other(line, repairs, clerk):
    lines = [line, *(LineFactory(purposes=[repairs], free=300_00) for _ in range(4))]

    def worker(number):
        chance = random.Random(number)
        given = 0
        for n in range(10):
            chance.shuffle(lines)
            requests = [
                ReserveRequest(x.pk, repairs.pk, 5_00, SUBJECT, f"{number}:{n}:{x.pk}")
                for x in lines
            ]
            holds = services.reserve_many(requests, by=clerk, at=AT)
            given += sum(hold.open for hold in holds if hold)
        return given

    given = sum(at_once(PROCESSES, worker))

    assert sum(Line.objects.values_list("reserved", flat=True)) == given
    assert sum(Line.objects.values_list("available", flat=True)) == 2_200_00 - given
    assert failing() == []


def test_a_hold_released_by_all_at_once_is_released_by_one(line, repairs, clerk, buckets):
    requests = [ReserveRequest(line.pk, repairs.pk, 1_00, SUBJECT, f"hold:{n}") for n in range(100)]
    holds = services.reserve_many(requests, by=clerk, at=AT)

    def worker(number):
        if number % 2:
            rest = [HoldRequest(hold, f"{number}:{hold.pk}") for hold in holds]
            return sum(hold is not None for hold in services.release_many(rest, by=clerk, at=AT))
        return [
            outcome(lambda h=h: services.release(h, key=f"{number}:{h.pk}", by=clerk, at=AT))
            for h in holds
        ].count("done")

    assert sum(at_once(PROCESSES, worker)) == len(holds)
    assert buckets(line) == (1_000_00, 1_000_00, 0, 0, 0)
    assert failing() == []


def test_one_key_used_by_all_at_once_reserves_once(line, repairs, clerk, buckets):
    def worker(_number):
        return services.reserve(
            line, amount=900_00, purpose=repairs, subject=SUBJECT, key="one", by=clerk, at=AT
        ).pk

    assert len(set(at_once(PROCESSES, worker))) == 1
    assert buckets(line) == (1_000_00, 100_00, 900_00, 0, 0)


def test_one_key_used_for_several_lines_at_once_serves_one(line, repairs, clerk):
    lines = [line, *(LineFactory(purposes=[repairs], free=1_00) for _ in range(7))]

    def worker(number):
        return outcome(
            lambda: services.reserve(
                lines[number], amount=1_00, purpose=repairs, subject=SUBJECT, key="one",
                by=clerk, at=AT,
            )
        )  # fmt: skip

    assert sorted(at_once(PROCESSES, worker)) == ["done", *["key_reused"] * 7]
    assert sum(Line.objects.values_list("reserved", flat=True)) == 1_00
    assert failing() == []


def test_two_cannot_reverse_one_posting(line, clerk, buckets):
    posting = services.receive(line, amount=50_00, key="k", by=clerk, at=AT)

    def worker(number):
        return outcome(
            lambda: services.reverse(posting, key=f"r{number}", by=clerk, at=AT, reason="误")
        )

    assert sorted(at_once(PROCESSES, worker)) == [*["cannot_reverse"] * 7, "done"]
    assert buckets(line) == (1_000_00, 1_000_00, 0, 0, 0)


# -- A guard is forgotten: the database has its own ----------------------------------------------


def test_writers_that_forget_the_lock_are_refused_and_overspend_nothing(
    line, repairs, clerk, monkeypatch
):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)

    def worker(number):
        given = 0
        for n in range(30):
            try:
                hold = services.reserve(
                    line, amount=20_00, purpose=repairs, subject=SUBJECT, key=f"{number}:{n}",
                    by=clerk, at=AT,
                )  # fmt: skip
            except (IntegrityError, services.NotEnoughMoney):
                continue
            given += hold.amount
        return given

    given = sum(at_once(PROCESSES, worker))

    line.refresh_from_db()
    assert (line.available, line.reserved) == (1_000_00 - given, given)
    assert failing() == []


def test_a_retry_that_is_not_recognised_is_refused_and_takes_nothing_twice(
    line, repairs, clerk, monkeypatch, buckets
):
    def act():
        services.reserve(
            line, amount=5_00, purpose=repairs, subject=SUBJECT, key="one", by=clerk, at=AT
        )

    act()
    monkeypatch.setattr("funding.services.reserving.answered", lambda *_, **__: None)
    with pytest.raises(IntegrityError):
        act()
    assert buckets(line) == (1_000_00, 995_00, 5_00, 0, 0)


# -- Killed in the middle --------------------------------------------------------------------------

KILLINGS = 20


def wanted(key):
    """What a worker asks for under `key`: a pure function, so that the checker knows it too."""
    chance = random.Random(key)
    amount = chance.randint(1, 20_00)
    return {"line": chance.randrange(3), "amount": amount, "actual": chance.randint(0, amount)}


def one_round(lines, repairs, clerk, key):
    """Reserve, settle, pay; each step may have been done before this process began."""
    ask, who = wanted(key), {"by": clerk, "at": AT}
    try:
        hold = services.reserve(
            lines[ask["line"]], amount=ask["amount"], purpose=repairs, subject=("hammer", key),
            key=f"{key}:r", **who,
        )  # fmt: skip
    except services.NotEnoughMoney:
        return False
    services.settle(hold, actual=ask["actual"], key=f"{key}:s", **who)
    if ask["actual"]:
        services.pay(hold, amount=ask["actual"], key=f"{key}:p", **who)
    return True


def keep_working(act, number, journal):
    """Do what was not acknowledged, key after key, and write down what was; until killed."""
    with journal.open("a+") as file:
        file.seek(0)
        begun = max(0, len(file.readlines()) - 2)  # repeat the last two: replays must be harmless
        for n in range(begun, 1_000_000):
            answer = act(f"{number}:{n}")
            file.write(f"{number}:{n} {answer}\n")
            file.flush()


def test_workers_that_are_killed_and_begin_again_lose_and_double_nothing(
    line, repairs, clerk, tmp_path
):
    lines = [line, *(LineFactory(purposes=[repairs], free=1_000_00) for _ in range(2))]
    journals = [tmp_path / f"{number}.txt" for number in range(PROCESSES)]
    connections.close_all()

    def begin(number):
        def act(key):
            return one_round(lines, repairs, clerk, key)

        child = FORK.Process(target=keep_working, args=(act, number, journals[number]))
        child.start()
        return child

    children = [begin(number) for number in range(PROCESSES)]
    chance = random.Random(7)
    try:
        for _ in range(KILLINGS):
            time.sleep(0.1)
            number = chance.randrange(PROCESSES)
            kill(children[number])
            children[number] = begin(number)
    finally:
        for child in children:
            kill(child)

    assert failing() == []
    assert acknowledged_but_wrong(lines, journals) == []


def kill(child):
    assert child.is_alive()  # it only ends when it is killed
    os.kill(child.pid, signal.SIGKILL)
    child.join()


def acknowledged_but_wrong(lines, journals):
    acknowledged = [text.split() for path in journals for text in path.read_text().splitlines()]
    done = {key for key, answer in acknowledged if answer == "True"}
    assert len(done) > PROCESSES
    stored = set(Posting.objects.values_list("key", flat=True))
    holds = {hold.subject_key: hold for hold in Hold.objects.all()}
    assert len(holds) == Hold.objects.count()
    wrong = [key for key in done if f"{key}:r" not in stored or f"{key}:s" not in stored]
    for key, hold in holds.items():
        ask = wanted(key)
        if (hold.line_id, hold.amount) != (lines[ask["line"]].pk, ask["amount"]):
            wrong.append(key)
        if key in done and (hold.open, hold.payable, hold.paid) != (0, 0, ask["actual"]):
            wrong.append(key)
    assert Entry.objects.filter(hold=None).count() == 3
    return wrong
