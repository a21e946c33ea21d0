"""Money is whole fen everywhere; yuan exist only in what people type and read."""

import re
import unicodedata

from django.utils.translation import gettext as _

FEN_OF_A_YUAN = 100
LARGEST = 9_999_999_999_999_99  # 9,999,999,999,999.99 yuan: what the capitals below can say

_AMOUNT = re.compile(r"(?P<yuan>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<fen>\d*))?")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


class NotAnAmount(ValueError):
    """What was typed is no amount of money; the message says what to type instead."""


def parse_yuan(text: str) -> int:
    """Yuan as typed ("1,234.5", "￥20", "３０元") → fen. Raises NotAnAmount; never rounds."""
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = plain.removeprefix("¥").removesuffix("元").strip()
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        raise NotAnAmount(_("Write an amount in yuan, such as 1,234.50."))
    fen = found["fen"] or ""
    if len(fen) > 2:
        raise NotAnAmount(_("An amount has at most two decimals: the smallest coin is one fen."))
    amount = int(found["yuan"].replace(",", "")) * FEN_OF_A_YUAN + int(fen.ljust(2, "0"))
    if amount > LARGEST:
        raise NotAnAmount(_("This amount is too large."))
    return amount


def yuan(fen: int) -> str:
    """Fen → yuan with thousands and two decimals: 123450 → "1,234.50"."""
    whole, rest = divmod(abs(fen), FEN_OF_A_YUAN)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02}"


def in_capitals(fen: int) -> str:
    """Fen → 大写 as on Chinese vouchers: 10305 → "壹佰零叁元零伍分".

    Follows 支付结算办法 (银发〔1997〕393号), annex 1: 整 after yuan or jiao, 零 for zeros.
    Raises ValueError below zero and above `LARGEST`.
    """
    if not 0 <= fen <= LARGEST:
        raise ValueError(fen)
    whole, rest = divmod(fen, FEN_OF_A_YUAN)
    jiao, single = divmod(rest, 10)
    text = f"{_whole_in_capitals(whole)}元" if whole else ""
    if rest == 0:
        return f"{text or '零元'}整"
    if jiao:
        text += f"{'零' if whole and whole % 10 == 0 else ''}{_DIGITS[jiao]}角"
    elif whole:
        text += "零"
    return text + (f"{_DIGITS[single]}分" if single else "整")


def _whole_in_capitals(number: int) -> str:
    """Groups of four digits, each with its name; a gap between digits is read as one 零."""
    text, gap = "", False
    for index in reversed(range(len(_GROUPS))):
        group = number // 10_000**index % 10_000
        if group == 0:
            gap = gap or bool(text)
            continue
        if text and (gap or group < 1_000):
            text += "零"
        text += _group_in_capitals(group) + _group_name(number, index)
        gap = False
    return text


def _group_name(number: int, index: int) -> str:
    """万, 亿 or 万亿; 亿 is said once where 万亿 and 亿 follow each other."""
    if index == 3 and number // 10_000**2 % 10_000:
        return "万"
    return _GROUPS[index]


def _group_in_capitals(group: int) -> str:
    text, gap = "", False
    for place in reversed(range(4)):
        digit = group // 10**place % 10
        if digit == 0:
            gap = gap or bool(text)
            continue
        text += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return text
