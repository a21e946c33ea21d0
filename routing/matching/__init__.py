"""Who must do it, with which person and which money: facts in, a match or a refusal out."""

from routing.matching.facts import Facts, Match, Refusal, RefusalCode
from routing.matching.judge import Judge

__all__ = ["Facts", "Judge", "Match", "Refusal", "RefusalCode"]
