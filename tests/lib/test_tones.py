from django.db.models import TextChoices

from lib import icons, tones
from lib.money_bar import parts

# Django loads every app, so every kind of state is known here.
CHOICES = TextChoices.__subclasses__()
STATES = [one for one in CHOICES if one.__name__.endswith("State")]


def test_every_state_has_its_tone():
    assert set(tones.OF_STATE) <= {value for one in CHOICES for value in one.values}
    told = {value for one in STATES for value in one.values}
    # What nobody named looks like waiting, on purpose.
    assert told - set(tones.OF_STATE) == {"draft", "sent", "read", "live", "received"}


def test_every_tone_has_an_icon_that_exists():
    assert [tone.name for tone in tones.ALL.values() if not icons.is_known(tone.icon)] == []


def test_a_decoration_is_hidden_from_readers_and_a_meaning_is_named():
    assert 'aria-hidden="true"' in icons.icon("clock")
    assert 'role="img" aria-label="&lt;b&gt;"' in icons.icon("clock", "<b>")


def test_the_money_bar_runs_from_paid_to_free_and_fills_the_whole():
    bar = parts(free=50, reserved=25, payable=0, spent=25)
    assert [(part.name, part.x, part.width) for part in bar] == [
        ("spent", 0.0, 25.0),
        ("payable", 25.0, 0.0),
        ("reserved", 25.0, 25.0),
        ("free", 50.0, 50.0),
    ]


def test_a_line_without_money_has_an_empty_bar():
    assert [part.width for part in parts(free=0, reserved=0, payable=0, spent=0)] == [0, 0, 0, 0]
