"""A roll of owners in the home town's community, with a place that nobody has claimed."""

from django.utils import timezone

from grids.services import rolls
from grids.services.roll_files import read_roll

ROLL = "房号,面积,姓名,身份证后四位\n1栋101,89.45,张三丰,001X".encode()
OURS = {"grids:roll": "roll", "grids:roll_codes": "roll", "grids:place": "place"}


def examples_at(name, world):
    """(label, arguments) of one address; empty where it is not one of rolls."""
    if name not in OURS:
        return []
    if world.rolls is None:
        options = rolls.RollOptions(world.town.community, "owners", "富康花园")
        file = read_roll(ROLL, name="roll.csv")
        at, by = timezone.now(), world.town.system
        roll = rolls.import_roll(file, options, by=by, at=at).roll
        world.rolls = {"roll": roll, "place": roll.dwellings.get().entitled.get()}
    return [("", {"pk": world.rolls[OURS[name]].pk})]
