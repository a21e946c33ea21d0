"""A roll of owners in the home town's community, with a place that nobody has claimed."""

from django.utils import timezone

from grids.services import rolls
from grids.services.roll_files import read_roll

ROLL = "房号,面积,姓名,身份证后四位\n1栋101,89.45,张三丰,001X".encode()
OURS = {"grids:roll": "roll", "grids:roll_codes": "roll", "grids:place": "place"}


def make_rolls(town):
    """Things by name."""
    options = rolls.RollOptions(town.community, "owners", "翠湖花园")
    file = read_roll(ROLL, name="roll.csv")
    roll = rolls.import_roll(file, options, by=town.system, at=timezone.now()).roll
    return {"roll": roll, "place": roll.dwellings.get().entitled.get()}


def examples_at(name, world):
    """(label, arguments) of one address; empty where it is not one of rolls."""
    if name not in OURS:
        return []
    return [("", {"pk": world.rolls[OURS[name]].pk})]
