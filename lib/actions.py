"""What a person may press on a thing that moves: word, icon, form and service of each move."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Action:
    """A button: `serve(row, by=, at=, **what the form says)`; `done` is said when it is made.

    `form` is a class of forms, each made with what it wants to know. `weight`: the smallest is
    what a person came for. `is_grave` marks what cannot be undone: the form asks once more.
    """

    name: str
    label: Promise
    icon: str
    form: type[forms.Form]
    serve: Callable[..., Any]
    done: Promise
    weight: int = 50
    is_grave: bool = False

    @property
    def is_one_press(self) -> bool:
        """Nothing to say: the button itself sends it."""
        return not self.form.base_fields

    @property
    def needs_more(self) -> bool:
        """Whether its form must be filled in; else one press is enough."""
        return any(field.required for field in self.form.base_fields.values())


def table(*actions: Action) -> dict[str, Action]:
    """The actions by name, in the order in which their buttons stand."""
    return {action.name: action for action in actions}
