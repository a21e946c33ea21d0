"""The rule of a level on a day."""

import datetime

from django.utils.translation import gettext as _

from emergency.models import LevelRule
from lib.errors import RuleViolation


def rule_of(level: int, *, on: datetime.date) -> LevelRule:
    """Raises RuleViolation where there is none."""
    found = LevelRule.objects.valid_on(on).filter(level=level).first()
    if found is None:
        text = _("No rule of this level is valid. Have the administrator enter one.")
        raise RuleViolation(text, code="no_level_rule")
    return found
