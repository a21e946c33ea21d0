"""What is counted of cases, and appraisals made of it."""

from oversight.models.appeals import Appeal, AppealChange, Consequence
from oversight.models.appraisals import Appraisal, AppraisalEvent, Appraised, Input
from oversight.models.counts import Count, Turn
from oversight.models.facts import Fact, Standing
from oversight.models.legislation import (
    Evidence,
    Legislation,
    LegislationEvent,
    LegislationLimit,
    LegislationStep,
)
from oversight.models.outcomes import Conferral, Edition, Score, Signature
from oversight.models.schemes import Scheme, SchemeRule

__all__ = [
    "Appeal",
    "AppealChange",
    "Appraisal",
    "AppraisalEvent",
    "Appraised",
    "Conferral",
    "Consequence",
    "Count",
    "Edition",
    "Evidence",
    "Fact",
    "Input",
    "Legislation",
    "LegislationEvent",
    "LegislationLimit",
    "LegislationStep",
    "Scheme",
    "SchemeRule",
    "Score",
    "Signature",
    "Standing",
    "Turn",
]
