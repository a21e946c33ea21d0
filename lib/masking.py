"""Personal details made unreadable in the usual formats, alone and inside free text.

Formats: mobile `138****5678`, e-mail `z***@example.cn`, identity number `360426********0071`
(inside) or `3****************1` (public), name `张*`, `张*丰`, `欧阳**`, bank card first six and
last four, plate `粤S****1`, address to the community. Masking of free text finds patterns and the
names it is given; a person still confirms what is published.
"""

import re
from collections.abc import Iterable

STAR = "*"
_COMPOUND = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶"
    "太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良"
    "漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生公户公玉公仪梁丘公仲"
    "公上公门公山公坚左丘公伯西门公祖第五公乘贯丘公皙南荣东里东宫仲长子书子桑即墨达奚"
    "褚师"
)
_COMPOUND_SURNAMES = frozenset(_COMPOUND[i : i + 2] for i in range(0, len(_COMPOUND), 2))
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

# Not inside a longer run of digits: part of a card number is no telephone number.
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3})[- ]?(\d{3,4})(\d{4})(?!\d)")
_RESIDENT_ID = re.compile(r"(?<![\dA-Za-z])([1-9]\d{5})(\d{8})(\d{3}[\dXx])(?![\dA-Za-z])")
_CARD = re.compile(r"(?<!\d)(\d{4}[- ]?){3,4}\d{1,4}(?!\d)")
_EMAIL = re.compile(r"(?<![\w.+-])([\w+-])[\w.+-]*(@[\w-]+(?:\.[\w-]+)+)", re.ASCII)
_PLATE = re.compile(
    rf"([{_PROVINCES}][A-Z])[·\s]?([A-HJ-NP-Z0-9]{{3,5}})([A-HJ-NP-Z0-9挂学警港澳])"
)
# House, building, entrance, floor, room: numbers with their words, never a day of a month.
_DETAIL = re.compile(
    r"(?<![\d*A-Za-z月])"
    r"(?:[0-9一二三四五六七八九十百零甲乙丙A-Z]{1,5}(?:号院|号楼|号|巷|栋|幢|座|单元|楼|层|室|房)){1,6}"
    r"(?:\d{2,4}(?:室|房)?)?"
)
_COMMUNITY = re.compile(r"^.*?(?:社区|居委会|村委会|村)")

# Names that hold one of these are firms' and institutions'.
_FIRMS = (
    *("公司", "厂", "经营部", "中心", "学校", "医院"),
    *("服务站", "合作社", "协会", "基金会", "事务所", "委员会"),
)
_SHORTEST_FIRM = 6


def mask_mobile(text: str) -> str:
    """`13812345678` → `138****5678`; other telephone numbers keep their ends."""
    digits = re.sub(r"\D", "", text)
    if len(digits) < 7:
        return STAR * len(text)
    return f"{digits[:3]}{STAR * (len(digits) - 7)}{digits[-4:]}"


def mask_email(text: str) -> str:
    """`zhangsan@example.cn` → `z***@example.cn`."""
    name, at, domain = text.partition("@")
    return f"{name[:1]}{STAR * 3}{at}{domain}"


def mask_resident_id(text: str, *, public: bool = False) -> str:
    """18 characters: first and last for the public, region and last four inside."""
    if len(text) < 11:
        return STAR * len(text)
    first, last = (1, 1) if public else (6, 4)
    return f"{text[:first]}{STAR * (len(text) - first - last)}{text[-last:]}"


def mask_name(name: str) -> str:
    """`张三` → `张*`, `张三丰` → `张*丰`, `欧阳娜娜` → `欧阳**`; Latin names keep initials."""
    name = name.strip()
    if not name:
        return ""
    if name.isascii():
        return " ".join(f"{part[0]}{STAR * (len(part) - 1)}" for part in name.split())
    if name[:2] in _COMPOUND_SURNAMES and len(name) > 2:
        return name[:2] + STAR * (len(name) - 2)
    if len(name) == 3:
        return f"{name[0]}{STAR}{name[2]}"
    return name[0] + STAR * max(1, len(name) - 1)


def mask_payee(name: str) -> str:
    """Firms and institutions by name, everybody else as a person: `张三` → `张*`."""
    is_firm = len(name) >= _SHORTEST_FIRM and any(word in name for word in _FIRMS)
    return name if is_firm else mask_name(name)


def mask_card(text: str) -> str:
    """Bank card: the first six and the last four digits."""
    digits = re.sub(r"\D", "", text)
    if len(digits) < 12:
        return STAR * len(text)
    return f"{digits[:6]}{STAR * (len(digits) - 10)}{digits[-4:]}"


def mask_plate(text: str) -> str:
    """`粤S12345` → `粤S****5`."""
    found = _PLATE.fullmatch(text.strip())
    return _plate(found) if found else STAR * len(text)


def mask_address(text: str) -> str:
    """The address up to its community; without one, up to what names a house."""
    found = _COMMUNITY.match(text)
    return found.group() if found else _DETAIL.sub(STAR * 3, text)


def mask_text(text: str, names: Iterable[str] = ()) -> str:
    """Free text with numbers of telephones, people, cards, plates, houses, and `names`, masked."""
    text = _RESIDENT_ID.sub(rf"\g<1>{STAR * 8}\g<3>", text)
    text = _MOBILE.sub(rf"\g<1>{STAR * 4}\g<3>", text)
    text = _CARD.sub(lambda found: mask_card(found.group()), text)
    text = _LANDLINE.sub(lambda found: f"{found[1]}-{STAR * len(found[2])}{found[3]}", text)
    text = _EMAIL.sub(rf"\g<1>{STAR * 3}\g<2>", text)
    text = _PLATE.sub(_plate, text)
    text = _DETAIL.sub(STAR * 3, text)
    # The longest first: 张三丰 must not become 张*丰 by way of 张三.
    for name in sorted({name.strip() for name in names}, key=len, reverse=True):
        if len(name) > 1:
            text = text.replace(name, mask_name(name))
    return text


def _plate(found: "re.Match[str]") -> str:
    return f"{found[1]}{STAR * 4}{found[3]}"
