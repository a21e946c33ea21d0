"""What a gate is: it looks at one stage at one moment and answers None, or why not."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from consultation.models import Stage


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a stage may not be left, in words that say what to do; `until`: when it will be so."""

    code: str
    sentence: str
    until: datetime.datetime | None = None


Gate = Callable[[Stage, datetime.datetime], Refusal | None]
