"""`python -m tests.faults.places`: a shift with few places, wanted by many, given back and offered.

Eight processes act at the same moment: all sign up for the last place; then they sign up, join the
list, give back, take offers and let the clock lapse them, each in an order of its own. Afterwards
the rows are counted.
"""

import os
import random
from collections import Counter
from functools import partial

PROCESSES = 8
PLACES, PEOPLE = 3, 16
ACTS = 40  # of each process
# What somebody may be told who came too late.
TOLD = {"shift_full", "not_full", "has_place", "wrong_state", "lapsed", "nothing"}


def outcome(act):
    """The answer in a word: `done`, or the code of the rule that refused."""
    from lib.errors import RuleViolation

    try:
        return act() or "done"
    except RuleViolation as refusal:
        return refusal.code


def last_place(place):
    """Eight people want the last place: one has it, seven are told."""
    from tests.factories import volunteers as made
    from tests.races import at_once
    from volunteers import services
    from volunteers.models import Signup

    shift = made.published(place, places=1)
    people = [made.active(place) for _number in range(PROCESSES)]

    def act(number):
        who = people[number]
        return outcome(lambda: _said(services.sign_up(shift, who, by=who.person, at=made.AT)))

    told = Counter(at_once(PROCESSES, act))
    if told != {"done": 1, "shift_full": PROCESSES - 1}:
        yield f"the last place was answered with {dict(told)}"
    if Signup.objects.filter(shift=shift).count() != 1:
        yield "the last place was given to more or fewer than one"
    yield from _books(shift)


def _said(_row):
    return "done"


def to_and_fro(place, seed):
    """Places wander between sixteen people for a while."""
    from tests.factories import volunteers as made
    from tests.races import at_once

    shift = made.published(place, places=PLACES)
    people = [made.active(place) for _number in range(PEOPLE)]
    answers = at_once(PROCESSES, partial(_wander, shift, people, seed))
    told = sum((Counter(one) for one in answers), Counter())
    if strange := set(told) - TOLD - {"done"}:
        yield f"somebody was told {sorted(strange)}"
    if not told["done"]:
        yield "nobody could do anything"
    yield from _books(shift)


def _wander(shift, people, seed, number):
    chance = random.Random(seed * 100 + number)
    acts = (_sign, _wait, _give_back, _take, _lapse)
    return [
        outcome(partial(chance.choice(acts), shift, chance.choice(people))) for _act in range(ACTS)
    ]


def _sign(shift, who):
    from tests.factories import volunteers as made
    from volunteers import services

    services.sign_up(shift, who, by=who.person, at=made.AT)


def _wait(shift, who):
    from tests.factories import volunteers as made
    from volunteers import services

    services.join_waiting_list(shift, who, by=who.person, at=made.AT)


def _give_back(shift, who):
    from tests.factories import volunteers as made
    from volunteers import services

    held = shift.signups.holding().filter(volunteer=who).select_related("shift").first()
    if held is None:
        return "nothing"
    services.cancel(held, by=who.person, at=made.AT)
    return "done"


def _take(shift, who):
    from tests.factories import volunteers as made
    from volunteers import services

    offered = shift.waiting_places.filter(volunteer=who, state="offered")
    row = offered.select_related("shift", "volunteer__person").first()
    if row is None:
        return "nothing"
    services.take_offer(row, by=who.person, at=made.AT)
    return "done"


def _lapse(_shift, _who):
    """Later than the offers' end: what was offered goes on to the next."""
    from tests.factories import volunteers as made
    from volunteers import services

    return "done" if services.lapse_offers(at=made.AT + 13 * made.HOUR) else "nothing"


def _books(shift):
    """Places that are taken are those that rows hold; nobody has two; nobody waits beside a gap."""
    from lib.chain import first_break

    shift.refresh_from_db()
    holding = shift.signups.holding()
    offered = shift.waiting_places.filter(state="offered").count()
    if shift.taken != holding.count() + offered:
        yield f"{shift.taken} places are said to be taken, {holding.count()} + {offered} are"
    if shift.taken > shift.places:
        yield f"{shift.taken} of {shift.places} places are taken"
    people = list(holding.values_list("volunteer", flat=True))
    if len(people) != len(set(people)):
        yield "somebody has two places on one shift"
    if shift.taken < shift.places and shift.waiting_places.filter(state="waiting").exists():
        yield "somebody waits although there is a place"
    for row in [*shift.signups.all(), *shift.waiting_places.all()]:
        if first_break(list(row.events.order_by("number"))) is not None:
            yield f"the history of {row!r} is broken"


def main():
    """Both, as many rounds as asked; the number of findings as exit code."""
    from tests.factories import volunteers as made

    wrong = []
    place = made.make_place()
    for number in range(int(os.environ.get("FAULTS_ROUNDS", "3"))):
        wrong += list(last_place(place))
        wrong += list(to_and_fro(place, number))
    print("\n".join(wrong))
    raise SystemExit(min(len(wrong), 99))


if __name__ == "__main__":
    import django

    django.setup()
    main()
