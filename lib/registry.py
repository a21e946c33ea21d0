"""What apps offer to pages below them: menu, panels, queues, references, wordings, matters.

Apps register in `AppConfig.ready` (from `<app>/registration.py`); base templates and the pages of
lower apps draw what is registered. What comes from here is shown, never used in a rule; only what
apps hold of a resident (`holdings`) is also erased through it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
EVERYBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A place in the workbench menu. `roles` empty: everybody who has signed in."""

    key: str
    label: Text
    url_name: str
    icon: str
    roles: Collection[str] = EVERYBODY
    order: int = 100


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page of a lower app. `context` answers None where there is nothing to show."""

    key: str
    order: int
    template: str
    context: Callable[[HttpRequest, Any], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Queue:
    """Something that waits for a person: how much, and the page that lists it."""

    key: str
    label: Text
    order: int
    roles: Collection[str]
    count: Callable[[Any], int]
    url: str


@dataclass(frozen=True, slots=True)
class Reference:
    """How a (kind, key) of a higher app is shown: its label and, if the reader may go, its page."""

    label: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """What an app keeps of a resident: copied for them, and erased when they wish it.

    `export` answers JSON values; `erase` takes the person and the moment, leaves chains and counts
    as they are, and runs in the transaction that erases the account.
    """

    key: str
    order: int
    export: Callable[[Any], Any]
    erase: Callable[[Any, Any], None]


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that waits in an app: by (kind, key) as references know it, and how it is shown."""

    kind: str
    key: str
    label: str
    url: str | None = None
    since: Any = None


@dataclass(frozen=True, slots=True)
class MatterSource:
    """What waits for a committee, or is under way by one of its `verb`s; `rows` at most a page."""

    key: str
    label: Text
    order: int
    rows: Callable[[Any], Collection[Matter]]
    verb: str = ""


Resolver = Callable[[Collection[str], Any], Mapping[str, Reference]]
Wording = Callable[[Mapping[str, Any]], str]


class _Placed(Protocol):
    """What has a key and a place in an order."""

    @property
    def key(self) -> str: ...

    @property
    def order(self) -> int: ...


class _ForRoles(_Placed, Protocol):
    @property
    def roles(self) -> Collection[str]: ...


P = TypeVar("P", bound=_Placed)
R = TypeVar("R", bound=_ForRoles)


class _Registry(Generic[P]):
    """Entries in their order; a key stands once, so that a second `ready` changes nothing."""

    def __init__(self) -> None:
        self._entries: dict[str, P] = {}

    def register(self, entry: P) -> None:
        self._entries[entry.key] = entry

    def __iter__(self) -> Iterator[P]:
        return iter(sorted(self._entries.values(), key=lambda entry: (entry.order, entry.key)))


class _RoleRegistry(_Registry[R]):
    def for_roles(self, roles: Iterable[str]) -> list[R]:
        """What somebody who has these roles may see."""
        mine = set(roles)
        return [entry for entry in self if not entry.roles or mine.intersection(entry.roles)]


class _Panels:
    def __init__(self) -> None:
        self._pages: dict[str, dict[str, Panel]] = defaultdict(dict)

    def register(self, page: str, panel: Panel) -> None:
        """`page` is the URL name of the page, for instance `cases:detail`."""
        self._pages[page][panel.key] = panel

    def of(self, page: str) -> list[Panel]:
        return sorted(self._pages[page].values(), key=lambda panel: (panel.order, panel.key))

    def drawn(
        self, page: str, request: HttpRequest, obj: Any
    ) -> list[tuple[Panel, dict[str, Any]]]:
        """The panels of a page that have something to show, each with its context."""
        asked = ((panel, panel.context(request, obj)) for panel in self.of(page))
        return [(panel, context) for panel, context in asked if context is not None]


class _References:
    def __init__(self) -> None:
        self._resolvers: dict[str, Resolver] = {}

    def register(self, kind: str, resolver: Resolver) -> None:
        self._resolvers[kind] = resolver

    def resolve(
        self, pairs: Iterable[tuple[str, str]], user: Any
    ) -> dict[tuple[str, str], Reference]:
        """Labels and pages of many (kind, key) at once: one call of a resolver per kind."""
        keys: dict[str, set[str]] = defaultdict(set)
        for kind, key in pairs:
            keys[kind].add(key)
        return {
            (kind, key): reference
            for kind, wanted in keys.items()
            if kind in self._resolvers
            for key, reference in self._resolvers[kind](wanted, user).items()
        }


class _Wordings:
    """Sentences of inbox messages by kind, made in the reader's language when they are shown."""

    def __init__(self) -> None:
        self._wordings: dict[str, Wording] = {}

    def register(self, kind: str, wording: Wording) -> None:
        self._wordings[kind] = wording

    def kinds(self) -> list[str]:
        return sorted(self._wordings)

    def sentence(self, kind: str, params: Mapping[str, Any]) -> str:
        if kind not in self._wordings:
            return str(_("There is news."))
        return self._wordings[kind](params)


menu: _RoleRegistry[MenuEntry] = _RoleRegistry()
queues: _RoleRegistry[Queue] = _RoleRegistry()
panels = _Panels()
references = _References()
wordings = _Wordings()
holdings: _Registry[Holding] = _Registry()
agenda_sources: _Registry[MatterSource] = _Registry()
verb_sources: _Registry[MatterSource] = _Registry()
