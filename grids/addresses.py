"""From text to town and community, by the names in it.

Many texts name several towns: where the matter is, where one comes from, where a bus goes. Each
mention weighs by what stands around it, a title weighs more than what follows, and the heaviest
town wins; what is only a road's, a bus line's or a comparison's name convinces nobody. A community
helps where its town is named, and leads to a town by itself only when no other has its name.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from grids.locate import Place
from grids.names import Found, Names, names

# A name that belongs to a road, a bridge, a parcel's stop: 东城中路, 万江大桥, 虎门转运中心.
_ROAD = re.compile(
    r"[东南西北中上下新旧老内外一二三四五六七八九十]{0,2}"
    r"(?:大道|路(?![段灯边面])|大街|街(?!道)|公路|快速|高速|大桥|立交|隧道|收费站|线(?!路)"
    r"|转运中心|分拨中心|集散中心)"
)
# What makes a bare name a committee's: 周溪社区, 上截村, 莫屋居委会.
_COMMITTEE = re.compile(r"社区|村(?!镇)|居委|村委|居民委|村民委")
# What may stand between a town's name and its community's: 厚街镇溪头, 南城（西平.
_JOINT = re.compile(r"(?:镇|街道|街道办|区)?[\s的，,、（(·-]?")
_HERE = re.compile(r"(?:在|位于|地址[:：]?|地点[:：]?|家住|住|我是|我们是|我镇|属于|投诉|关于)\s*$")
_THERE = re.compile(r"(?:往|去|(?<![收看听找得接遇拿])到|至|从|由|经|回|过|离|距|[—-]|非|不是)\s*$")
_FROM = re.compile(r"(?:汽车|车|火车)?(?:总站|站)?(?:镇|街道|区)?(?:到|至|往|开往|方向)")
# Who goes to a town's office has a matter there.
_OFFICE = re.compile(
    r"(?:镇|街道|区)?(?:人民)?(?:政府|公安|派出所|社保|法院|法庭|税|国土|房管|住建|城管|交警|车管"
    r"|人社|劳动|信访|卫生|教育|[支分]行|银行|分局|办事处|政务|服务中心)"
)
_COMPARED = re.compile(r"(?:像|比如|例如|譬如|不如|如|相比|类似|包括|其他|别的|比|连|以及)\s*$")
_LISTED = re.compile(r"[镇东南西北]?[、，,/ ]")

_TITLE, _PLAIN, _HERE_TOO, _PASSING, _NOTHING = 3.0, 1.0, 0.5, 0.3, 0.0
_ENOUGH = 0.8
# Names of two characters are too often ordinary words (光明, 中心, 创业) to count by themselves.
_TELLING = 3


@dataclass(frozen=True, slots=True)
class _Mention:
    """A town, perhaps with a community of it, and how much the words around it count."""

    town: int
    community: int | None
    weight: float


def find_in_text(text: str, *, title: str = "") -> Place | None:
    """The town, and where named the community, that a text is about; None when unsure."""
    known = names.get()
    mentions = [
        *_mentions(title, known, times=_TITLE),
        *_mentions(text, known, times=1.0),
    ]
    town = _heaviest(mentions)
    if town is None:
        return _by_community_alone(f"{title}\n{text}", known)
    return Place(town, _community_in(town, f"{title}\n{text}", known, mentions))


def _heaviest(mentions: Iterable[_Mention]) -> int | None:
    weights: dict[int, float] = defaultdict(float)
    for mention in mentions:
        weights[mention.town] += mention.weight
    # Of equals the one that was named first: dictionaries keep that order.
    best = max(weights, key=lambda town: weights[town], default=None)
    return best if best is not None and weights[best] >= _ENOUGH else None


def _mentions(text: str, known: Names, *, times: float) -> list[_Mention]:
    found = list(known.scan(text))
    mentions: list[_Mention] = []
    last: tuple[int, int] | None = None
    for position, name in enumerate(found):
        inside = _inside(name, last, text)
        if inside is not None and last is not None:
            mentions.append(_Mention(last[0], inside, _HERE_TOO * times))
            last = (last[0], name.end)
        elif len(name.meaning.towns) == 1:
            town = next(iter(name.meaning.towns))
            weight = _weight(text, found, position)
            mentions.append(_Mention(town, None, weight * (times if weight > _PASSING else 1)))
            last = (town, name.end) if weight else None
        else:
            last = None
    return mentions


def _inside(name: Found, last: tuple[int, int] | None, text: str) -> int | None:
    """The community that a name means directly behind a town's name (town, end)."""
    if last is None or not _JOINT.fullmatch(text, last[1], name.start):
        return None
    if _ROAD.match(text, name.end) or (name.meaning.towns and not _COMMITTEE.match(text, name.end)):
        return None
    town, _end = last
    within = [key for key, parent in name.meaning.communities.items() if parent == town]
    return within[0] if within else None


def _weight(text: str, found: Sequence[Found], position: int) -> float:
    name = found[position]
    if _ROAD.match(text, name.end):
        return _NOTHING
    before = text[max(0, name.start - 5) : name.start]
    if _COMPARED.search(before) or _is_listed(text, found, position):
        return _PASSING
    passing = _FROM.match(text, name.end) or _THERE.search(before)
    if passing and not _OFFICE.match(text, name.end):
        return _PASSING
    return _PLAIN + (_HERE_TOO if _HERE.search(before) else 0)


def _is_listed(text: str, found: Sequence[Found], position: int) -> bool:
    """Whether the name is one of three or more in a row: 大岭山、松山湖、长安."""
    around = found[max(0, position - 2) : position + 3]
    run = longest = 1
    for one, next_one in pairwise(around):
        joined = _LISTED.fullmatch(text, one.end, next_one.start)
        run = run + 1 if joined and one.meaning.towns and next_one.meaning.towns else 1
        longest = max(longest, run)
    return longest >= _TELLING


def _by_community_alone(text: str, known: Names) -> Place | None:
    found = {
        (town, key)
        for name in known.scan(text)
        if _names_committee(name, text) and len(name.meaning.communities) == 1
        for key, town in name.meaning.communities.items()
    }
    towns = {town for town, _key in found}
    if len(towns) != 1:
        return None
    keys = [key for _town, key in found]
    return Place(towns.pop(), keys[0] if len(keys) == 1 else None)


def _names_committee(name: Found, text: str) -> bool:
    if name.meaning.towns or _ROAD.match(text, name.end):
        return False
    return len(name.name) >= _TELLING or bool(_COMMITTEE.match(text, name.end))


def _community_in(town: int, text: str, known: Names, mentions: Iterable[_Mention]) -> int | None:
    """The community of `town` that is named most, first of all directly behind the town's name."""
    weights: dict[int, float] = defaultdict(float)
    for mention in mentions:
        if mention.town == town and mention.community is not None:
            weights[mention.community] += 2 * mention.weight
    for name in known.scan(text):
        within = [key for key, parent in name.meaning.communities.items() if parent == town]
        if len(within) == 1 and _names_committee(name, text):
            weights[within[0]] += 1
    return max(weights, key=lambda key: weights[key], default=None)
