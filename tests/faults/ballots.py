"""`python -m tests.faults.ballots`: people vote, check in and switch the stage at the same moment.

Eight processes go through the same roll and the same list of members in different orders; each also
closes the session and the vote, judges it and leaves the stage, somewhere on its way. Afterwards
the rows are counted.
"""

import datetime
import os
import random
from collections import Counter
from functools import partial

PROCESSES = 8
VOTERS, MEMBERS = 24, 12
# What somebody may be told who came too late, or was not the first.
TOLD = {
    "voted", "wrong_state", "claimed", "session_open", "vote_open", "minutes_open", "no_vote",
    "no_session", "too_early",
}  # fmt: skip


def set_up(number):
    """A consultation in its stage of voting, an open vote of a roll, and a session under way."""
    from tests.factories import consultation as places
    from tests.factories import voting as makers

    place = places.make_place()
    blueprint = places.make_blueprint(
        (("vote", "vote", {}), ("result", "result", {}), ("rating", "rating", {})),
        code=f"faults-{number}",
    )
    consultation = places.fresh(places.make_running(place, blueprint))
    lines = [(f"{n}", "100", f"业主{n}", f"{n:04d}") for n in range(VOTERS)]
    made = makers.make_roll(place, lines, name=f"faults-{number}")
    secret = bool(number % 2)
    unit = "person" if secret else "owner"
    vote = makers.roll_vote(place, consultation, made.roll, unit=unit, is_secret=secret)
    other = makers.in_session(place, form="hearing", kind="session") if number == 0 else None
    session = makers.opened(place, other[1], MEMBERS, 0)[0] if other else None
    return place, consultation, made, vote, session


def race(number):
    """What went wrong, in a line each."""
    from tests.races import at_once

    place, consultation, made, vote, session = set_up(number)
    answers = at_once(PROCESSES, partial(_act, place, consultation, made, vote, session))
    done = sum((Counter(one) for one in answers), Counter())
    return [
        *_votes(vote, done), *_way(consultation, vote, done), *_attendance(session), *_told(done),
    ]  # fmt: skip


def _act(place, consultation, made, vote, session, number):
    """Everything in an order of its own; how often which answer came."""
    chance = random.Random(number)
    last = vote.closes_at - datetime.timedelta(minutes=1)
    acts = [partial(_cast, vote, person, chance, last) for person in made.people.values()]
    if session is not None:
        acts += [partial(_check_in, place, row) for row in session.invitations.all()]
    chance.shuffle(acts)
    middle = chance.randrange(len(acts) // 2, len(acts))
    acts.insert(middle, partial(_switch, place, consultation, vote))
    return [_answer(act) for act in acts]


def _answer(act):
    from lib.errors import RuleViolation

    try:
        return act()
    except RuleViolation as refusal:
        return refusal.code


def _cast(vote, person, chance, at):
    from tests.factories import voting as makers

    makers.cast(vote, person, chance.randint(1, 3), at=at)
    return "cast"


def _check_in(place, row):
    from consultation.services import attending
    from tests.factories.voting import BEGIN

    attending.check_in_by_clerk(row, by=place.worker, at=BEGIN)
    return "checked in"


def _switch(place, consultation, vote):
    """The host closes what is over, counts, and leaves the stage that all of them have seen."""
    from consultation.models import Vote
    from consultation.services import counting, stages, voting
    from lib.errors import RuleViolation

    who = {"by": place.host, "at": vote.closes_at}
    for act in (
        lambda: voting.close_vote(vote, **who),
        lambda: counting.judge(Vote.objects.get(pk=vote.pk), **who),
        lambda: stages.advance(consultation, **who),
    ):
        try:
            act()
        except RuleViolation:
            continue
    return "switched"


def _votes(vote, done):
    """As many ballots as people who voted as were told so; nobody twice; none after closing."""
    from consultation.models import BallotRight, Vote
    from consultation.services import counting

    vote = Vote.objects.get(pk=vote.pk)
    ballots, voted = vote.ballots.count(), vote.entitlements.voted().count()
    if not ballots == voted == done["cast"]:
        yield f"{ballots} ballots, {voted} voted, {done['cast']} were told that they had"
    if BallotRight.objects.filter(vote=vote).exists():
        yield "somebody was marked whose ballot is not in the box"
    closed = vote.consultation.events.filter(move="close_vote")
    if [event.facts["ballots"] for event in closed] != [ballots]:
        yield f"closed {closed.count()} times, or a ballot came after closing"
    yield from (f"proof: {fault}" for fault in counting.prove(vote))


def _way(consultation, vote, done):
    from consultation.models import Consultation
    from lib.chain import first_break

    left = consultation.events.filter(move="advance").count()
    stage = Consultation.objects.get(pk=consultation.pk).stage.key
    if (left, stage) != (1, "result"):
        yield f"the stage of voting was left {left} times, now in {stage}"
    if vote.consultation.events.filter(move="judge_vote").count() != 1:
        yield "judged more or less than once"
    if first_break(consultation.events.order_by("number")) is not None:
        yield "the history does not hold"


def _attendance(session):
    if session is None:
        return
    came = Counter(session.invitations.present().values_list("pk", flat=True))
    twice = [pk for pk, times in came.items() if times > 1]
    if twice or len(came) != MEMBERS:
        yield f"{len(came)} of {MEMBERS} came, {len(twice)} of them twice"


def _told(done):
    strange = done.keys() - TOLD - {"cast", "checked in", "switched"}
    if strange:
        yield f"told something strange: {sorted(strange)}"


def main():
    """Two votes a round, open and secret; the number of findings as exit code."""
    rounds = int(os.environ.get("FAULTS_ROUNDS", "3"))
    findings = [line for number in range(2 * rounds) for line in race(number)]
    print("\n".join(findings))
    raise SystemExit(min(len(findings), 99))


if __name__ == "__main__":
    import django

    django.setup()
    main()
