"""Cells that a spreadsheet takes for text: no words become a formula on somebody's machine."""

from typing import Any

# CSV injection (OWASP): what begins so is worked out when the file is opened.
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: Any) -> Any:
    """The value as it may stand in a file: text that a program would run gets an apostrophe."""
    if isinstance(value, str) and value.startswith(_BEGINS_A_FORMULA):
        return f"'{value}"
    return value
