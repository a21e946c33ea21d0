"""`python -m tests.faults.mutual`: one volunteer on eight telephones, eight hands for one wish, and
everybody paying everybody in the time bank.

Eight processes act at the same moment, each in an order of its own; half of the telephones are
killed somewhere on their way and send again. Afterwards the rows are counted.
"""

import os
import random
from collections import Counter
from functools import partial

from tests.faults.repeats import AGAIN, client_of, storm

PROCESSES = 8
PAYMENTS = 10  # keys of a pair of processes
TOLD_OF_TIME = {"not_enough_time", "no_room"}


def refusal_of(act):
    """The answer in a word: `done`, or the code of the rule that refused."""
    from lib.errors import RuleViolation

    try:
        act()
    except RuleViolation as refusal:
        return refusal.code
    return "done"


# -- Check-in -------------------------------------------------------------------------------------


def check_ins(place, number):
    """One arrival sent by eight telephones, half of them die; then two shifts at one time."""
    from django.utils import timezone

    from lib.chain import first_break
    from tests.factories import hours as make
    from volunteers import checkin_codes
    from volunteers.models import Presence

    at = timezone.now()
    who = make.volunteer(place, at=at)
    rows = [
        make.signed(make.shift(place, starts=at, at=at, title=f"第{n}班"), who, at=at)
        for n in range(2)
    ]
    client = client_of(who.person)

    def send(signup):
        code = checkin_codes.code_at(signup.shift, timezone.now(), seconds=30)
        given = {"signup": signup.pk, "act": "arrive", "code": code, "key": f"faults-{number}"}
        return client.post(f"/volunteers/here/{signup.shift_id}/", given).status_code

    storm(partial(send, rows[0]), seed=3000 + number)
    statuses = {send(rows[0]) for _again in range(AGAIN)}
    if statuses != {302}:
        yield f"arriving again was answered with {statuses}"
    storm(partial(_arrive, rows[1], who.person), seed=4000 + number)
    if (said := _arrive(rows[1], who.person)) != "already_there":
        yield f"arriving at the other shift was answered with {said}"
    stays = list(Presence.objects.filter(volunteer=who))
    if [(stay.signup_id, stay.state, stay.version) for stay in stays] != [
        (rows[0].pk, "present", 1)
    ]:
        yield f"{len(stays)} stays at once, versions {[stay.version for stay in stays]}"
    for stay in stays:
        if first_break(stay.events.order_by("number")) is not None:
            yield "the history of a stay is broken"


def _arrive(signup, person):
    from django.utils import timezone

    from volunteers import checkin_codes
    from volunteers.services import checking_in

    at = timezone.now()
    proof = checking_in.Proof(checkin_codes.code_at(signup.shift, at, seconds=30))
    return refusal_of(partial(checking_in.arrive, signup, proof, by=person, at=at))


# -- Wishes ---------------------------------------------------------------------------------------


def takes(place, number):
    """More hands than pieces; each tries twice, some give back and try again."""
    from tests.factories import wishes as make
    from tests.factories.organizations import UserFactory
    from tests.races import at_once
    from volunteers.models import Take, Wish
    from volunteers.services import taking

    pieces = 1 + number % 5
    wish = make.listed(place, quantity=pieces)
    people = [UserFactory() for _n in range(PROCESSES)]

    def act(worker):
        person, chance = people[worker], random.Random(100 * number + worker)
        said = [refusal_of(partial(make.taken, wish, by=person)) for _try in range(2)]
        held = Take.objects.filter(wish=wish, taker=person, state="taken").first()
        if held is not None and chance.random() < 0.3:
            refusal_of(lambda: taking.give_back(held, reason="出差", by=person, at=make.AT))
            said.append(refusal_of(partial(make.taken, wish, by=person)))
        return said

    told = Counter(word for answers in at_once(PROCESSES, act) for word in answers)
    strange = told.keys() - {"done", "taken_already", "yours_already"}
    if strange:
        yield f"takers were told {sorted(strange)}"
    wish = Wish.objects.get(pk=wish.pk)
    kept = Take.objects.filter(wish=wish, state="taken").count()
    if not kept == wish.taken <= pieces:
        yield f"{kept} takes of {pieces} pieces, the wish says {wish.taken}"
    if wish.state != ("taken" if kept == pieces else "open"):
        yield f"{kept} of {pieces} taken, and the wish is {wish.state}"


def receipts(place, number):
    """The asker and a repeat of himself confirm at once: granted once."""
    from tests.factories import wishes as make
    from tests.races import at_once
    from volunteers.models import Wish
    from volunteers.services import taking

    del number
    wish = make.listed(place)
    take = make.delivered(wish)

    def act(_worker):
        return refusal_of(partial(taking.confirm_receipt, take, by=wish.asker, at=make.AT))

    told = Counter(at_once(PROCESSES, act))
    if told != {"done": 1, "wrong_state": PROCESSES - 1}:
        yield f"receipt: {dict(told)}"
    granted = Wish.objects.get(pk=wish.pk)
    if (granted.state, granted.received) != ("granted", 1):
        yield f"the wish is {granted.state} with {granted.received} received"


# -- The time bank --------------------------------------------------------------------------------


def time_bank(place, number):
    """Everybody pays everybody under keys that several use: whole, zero in sum, within limits."""
    from tests.factories.organizations import UserFactory
    from tests.factories.time_bank import AT
    from tests.races import at_once
    from volunteers.models import TimeTransfer
    from volunteers.services import time_bank as services

    pool = services.open_pool(place.body, by=place.worker, at=AT)
    people = [UserFactory() for _n in range(4)]
    accounts = [services.open_account(one, pool, by=one, at=AT) for one in people]
    before = TimeTransfer.objects.count()

    def act(worker):
        said, steps = Counter(), list(range(PAYMENTS))
        random.Random(1000 * number + worker).shuffle(steps)
        for step in steps:
            # Two workers share each key, as a telephone that sends again from another place.
            seed = random.Random(f"{number}-{worker // 2}-{step}")
            source, target = seed.sample(range(4), 2)
            asked = {"minutes": seed.randint(1, 40), "key": f"faults:{number}:{worker // 2}:{step}"}
            said[
                refusal_of(
                    partial(
                        services.pay,
                        accounts[source],
                        accounts[target],
                        **asked,
                        by=people[source],
                        at=AT,
                    )
                )
            ] += 1
        return said

    told = sum(at_once(PROCESSES, act), Counter())
    strange = told.keys() - {"done"} - TOLD_OF_TIME
    if strange:
        yield f"payers were told {sorted(strange)}"
    yield from _books(TimeTransfer.objects.filter(key__startswith=f"faults:{number}:"), before)


def _books(ours, before):
    """What is wrong with the accounts after the storm."""
    from django.db.models import F, Sum

    from volunteers import time_checks
    from volunteers.models import TimeAccount, TimeTransfer

    made, keys = TimeTransfer.objects.count() - before, PROCESSES // 2 * PAYMENTS
    if ours.count() != made or made > keys:
        yield f"{made} transfers for {keys} keys"
    if TimeAccount.objects.aggregate(sum=Sum("balance"))["sum"] != 0:
        yield "all accounts together are not zero"
    if TimeAccount.objects.filter(balance__lt=F("floor")).exists():
        yield "an account is below its floor"
    yield from (f"{name}: {found[:2]}" for name, found in time_checks.run() if found)


def main():
    """All of them, as many rounds as asked; the number of findings as exit code."""
    from tests.factories import hours as make
    from tests.factories.time_bank import make_rule

    make.make_rules()
    make_rule()
    wrong = []
    for number in range(int(os.environ.get("FAULTS_ROUNDS", "3"))):
        place = make.make_place()
        for play in (check_ins, takes, receipts, time_bank):
            wrong += list(play(place, number))
    print("\n".join(wrong))
    raise SystemExit(min(len(wrong), 99))


if __name__ == "__main__":
    import django

    django.setup()
    main()
