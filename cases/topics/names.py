"""Names of the place and of the crowd in the words of a topic: “A市丽发新城小区”, “业主”."""

import re
from collections import Counter
from collections.abc import Iterable

from cases.topics.posts import Cluster
from routing.words.features import segmented

# What a place ends with, the endings that say most first.
_ENDINGS = (
    "小区|社区|花园|花苑|家园|公寓|新城|新村|广场|大厦|市场|学校|小学|中学|幼儿园|医院|工业园|公园|"
    "车站|地铁站|搅拌站|苑|城|村|镇|街道|路|街|大道|桥|河|湖|园"
)
_HAN = "\u4e00-\u9fff"
# A city, district or county before it, also where a file has made its names anonymous (A市, B1区).
_AREA = re.compile(rf"[A-Z]\d{{0,2}}[市区县]|[{_HAN}]{{2}}[市县镇]")
_ENDING = re.compile(_ENDINGS)
_LONGEST, _SHORTEST = 10, 3
# Words that stand before a name and do not belong to it.
_BEFORE = re.compile(
    r"^.*?(?:投诉|关于|反映|举报|咨询|请问|位于|附近|希望|要求|建议|求助|强烈|坚决|[在对到从向和与的至是因])"
)
_CROWDS = (
    "业主|购房者|住户|居民|村民|家长|学生|老师|教师|职工|员工|工人|农民工|老人|租户|租客|商户|商家|"
    "车主|司机|乘客|投资人|受害人|退役军人|残疾人|市民|群众|百姓"
)
_CROWD = re.compile(_CROWDS)
_ENOUGH = 0.3


def place_in(cluster: Cluster) -> str:
    """The place that most posts name, with the area before it; empty where none is shared."""
    titles = [post.title for post in cluster.posts]
    name = _most_shared((_candidates(title) for title in titles), len(titles))
    area = _most_shared(((set(_AREA.findall(title))) for title in titles), len(titles))
    return name if area in name else area + name


def crowd_in(cluster: Cluster) -> str:
    """Who raises it, by the word that most posts use; empty where no word is shared."""
    said = (set(_CROWD.findall(post.title + post.text)) for post in cluster.posts)
    return _most_shared(said, len(cluster.posts), longest=False)


def _most_shared(found: Iterable[set[str]], total: int, *, longest: bool = True) -> str:
    """What the most texts name; among about equally many the longest name."""
    counts = Counter(name for names in found for name in names)
    if not counts:
        return ""
    most = max(counts.values())
    if most < max(2, _ENOUGH * total):
        return ""
    near = [(name, number) for name, number in counts.items() if number >= 0.6 * most]
    if longest:
        return max(near, key=lambda row: (len(row[0]), row[1], row[0]))[0]
    return max(near, key=lambda row: (row[1], row[0]))[0]


def _candidates(title: str) -> set[str]:
    """Every name that ends as places do, with one to eight characters before the ending."""
    words = segmented([_AREA.sub("", title)])
    names = set()
    for end in range(len(words)):
        name = ""
        for begin in range(end, max(-1, end - 4), -1):
            name = words[begin] + name
            if _is_name(name):
                names.add(name)
    return names


def _is_name(name: str) -> bool:
    fits = _SHORTEST <= len(name) <= _LONGEST and not _BEFORE.match(name)
    ending = max(_ENDING.finditer(name), key=lambda found: found.end(), default=None)
    ends = ending is not None and ending.end() == len(name)
    return fits and ends and re.fullmatch(rf"[{_HAN}\d]+", name) is not None
