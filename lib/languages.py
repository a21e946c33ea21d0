"""What is kept in two languages, and what is listed, as the reader's language has it."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _


def in_language(chinese: str, english: str) -> str:
    """The words in the reader's language; in Chinese where there are none in English."""
    return (english or chinese) if get_language() == "en" else chinese


def listed(values: Iterable[Any]) -> str:
    """One after the other, with the mark between them that the language has for it."""
    return _(", ").join(str(value) for value in values)
