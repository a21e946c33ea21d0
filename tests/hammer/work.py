"""What a worker asks under a key: a pure function, so that the checker knows it too."""

import random
import uuid

from funding import services
from tests.factories.money import AT

LINES = 5
REFUSED, DONE = "refused", "done"


def wanted(key):
    """Fen and steps: kept, owed in part, owed in all, paid, come back."""
    chance = random.Random(key)
    amount = chance.randint(10, 20_00)
    part = chance.randint(1, amount - 1)
    actual = chance.randint(0, amount - part)
    back = chance.randint(0, part + actual)
    return {
        "line": chance.randrange(LINES), "amount": amount, "part": part, "actual": actual,
        "back": back, "rest": chance.choice(["settle", "release"]),
    }  # fmt: skip


class Worker:
    """All steps of one key; any of them may have been done before this process began."""

    def __init__(self, world, mutant):
        self.world, self.mutant = world, mutant

    def key(self, key, step):
        """Without the guard every try has a key that nobody has used before."""
        return f"{key}:{step}:{uuid.uuid4()}" if self.mutant == "key" else f"{key}:{step}"

    def act(self, key):
        ask, who = wanted(key), {"by": self.world.clerk, "at": AT}
        try:
            hold = services.reserve(
                self.world.lines[ask["line"]], amount=ask["amount"], purpose=self.world.purpose,
                subject=("hammer", key), key=self.key(key, "reserve"), **who,
            )  # fmt: skip
        except services.NotEnoughMoney:
            return REFUSED
        services.settle_part(hold, actual=ask["part"], key=self.key(key, "part"), **who)
        owed = ask["part"]
        if ask["rest"] == "settle":
            services.settle(hold, actual=ask["actual"], key=self.key(key, "settle"), **who)
            owed += ask["actual"]
        else:
            services.release(hold, key=self.key(key, "release"), **who)
        services.pay(hold, amount=owed, key=self.key(key, "pay"), **who)
        if 0 < ask["back"] <= owed:
            services.refund(hold, amount=ask["back"], key=self.key(key, "refund"), **who)
        return DONE


def expected(key):
    """(line, amount, open, payable, paid) of the hold when all steps of `key` are done."""
    ask = wanted(key)
    owed = ask["part"] + (ask["actual"] if ask["rest"] == "settle" else 0)
    back = ask["back"] if 0 < ask["back"] <= owed else 0
    return ask["line"], ask["amount"], 0, 0, owed - back
