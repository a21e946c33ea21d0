"""What every page is framed with: how the reader wants to see it, the menu, what waits for them.

Nothing is asked of the database until a template draws it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib import registry
from organizations.models import Message, User
from portal.device_keys import tag_of

THEMES = {"light", "dark"}
SIZES = {"large"}
CONTRASTS = {"high"}


@dataclass(frozen=True, slots=True)
class Look:
    """What the browser keeps in cookies (`preferences.js` writes them); "" = as the system."""

    theme: str
    size: str
    contrast: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Look":
        def chosen(name: str, allowed: set[str]) -> str:
            value = request.COOKIES.get(name, "")
            return value if value in allowed else ""

        return cls(
            chosen("theme", THEMES), chosen("text_size", SIZES), chosen("contrast", CONTRASTS)
        )


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    label: str
    icon: str
    current: bool


PUBLIC_MENU = [
    ("portal:report", _("Report a matter"), "message-report"),
    ("portal:follow", _("Follow my report"), "search"),
    ("portal:published", pgettext_lazy("public", "What was done"), "circle-check"),
    ("consultation:published", _("Have your say"), "messages"),
    ("volunteers:activities", _("Voluntary service"), "heart-handshake"),
    ("portal:money", _("Where the money goes"), "coins"),
    ("portal:my_grid", _("My grid worker"), "users"),
]
FOOTER_MENU = [
    ("portal:search", _("Search"), "search"),
    ("portal:about", _("About"), "info-circle"),
    ("portal:privacy", _("Privacy"), "shield-check"),
    ("portal:accessibility", _("Accessibility"), "accessible"),
    ("portal:verify", _("Verify a record"), "fingerprint"),
    ("portal:site_map", _("Site map"), "sitemap"),
]
# What else everybody may read: on the site map, and linked from where it belongs.
OPEN_PAGES = [
    ("routing:service_items", _("What you can apply for"), "file-certificate"),
    ("routing:service_centres", _("Counters and their hours"), "building-bank"),
    ("oversight:public", _("How well it is done"), "chart-bar"),
    ("oversight:public_appraisals", _("Results of appraisals"), "award"),
    ("committee:published", _("Decisions of the committee"), "gavel"),
    ("routing:communities", _("What communities do"), "list-details"),
    ("routing:admitted", _("What departments have handed to communities"), "door-enter"),
    ("emergency:listed", _("Emergency mobilisation"), "alarm"),
    ("talent:home", _("Training and selection"), "school"),
    ("oversight:legislation", _("Regulations in the making"), "gavel"),
]
ACCOUNT_LINKS = [
    ("organizations:account", _("My account"), "user"),
    ("organizations:password_change", _("Change the password"), "lock"),
]


# Parts of the workbench's menu, with the apps whose pages stand in them; other apps' in the last.
MENU_PARTS = (
    (pgettext_lazy("menu", "At hand"), {"portal", "cases"}),
    (pgettext_lazy("menu", "Committee"), {"committee", "emergency", "routing"}),
    (pgettext_lazy("menu", "Grids"), {"grids"}),
    (pgettext_lazy("menu", "Consultation"), {"consultation"}),
    (pgettext_lazy("menu", "Service and talent"), {"volunteers", "talent"}),
    (pgettext_lazy("menu", "Money"), {"funding"}),
    (pgettext_lazy("menu", "Oversight"), {"oversight"}),
    (pgettext_lazy("menu", "Administration"), set[str]()),
)
# So many entries are seen at a glance: nothing is folded.
AT_A_GLANCE = 14


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A menu entry with its address; `current` where the reader stands in that part."""

    entry: registry.MenuEntry
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class MenuPart:
    """Entries that belong together; open where the reader stands, or where nothing is folded."""

    label: registry.Text
    items: list[MenuItem]
    is_open: bool


@dataclass(frozen=True, slots=True)
class WaitingQueue:
    queue: registry.Queue
    count: int


class Shell:
    """The frame of one answer."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.look = Look.of(request)
        self.site = settings.SITE

    @property
    def user(self) -> User | None:
        user = getattr(self.request, "user", None)
        return user if isinstance(user, User) else None

    @cached_property
    def roles(self) -> frozenset[str]:
        return self.user.roles_on(timezone.localdate()) if self.user else frozenset()

    @cached_property
    def menu(self) -> list[MenuItem]:
        if self.user and self.user.is_resident:
            return []
        items = [_item(entry, self.request.path) for entry in registry.menu.for_roles(self.roles)]
        found = [item for item in items if item is not None]
        best = max((item.url for item in found if item.current), key=len, default="")
        return [MenuItem(item.entry, item.url, item.url == best) for item in found]

    @cached_property
    def menu_parts(self) -> list[MenuPart]:
        """The menu by subject; the first part, with what is at hand, is always open."""
        by_part: dict[int, list[MenuItem]] = {}
        for item in self.menu:
            by_part.setdefault(_part_of(item.entry), []).append(item)
        all_open = len(self.menu) <= AT_A_GLANCE
        return [
            MenuPart(
                MENU_PARTS[part][0], items,
                is_open=all_open or part == 0 or any(item.current for item in items),
            )
            for part, items in sorted(by_part.items())
        ]  # fmt: skip

    @cached_property
    def queues(self) -> list[WaitingQueue]:
        """What waits for this person, in the order of the registry, empty queues included."""
        return [
            WaitingQueue(queue, queue.count(self.user))
            for queue in registry.queues.for_roles(self.roles)
        ]

    @property
    def queues_waiting(self) -> list[WaitingQueue]:
        return [waiting for waiting in self.queues if waiting.count]

    @property
    def queues_empty(self) -> list[WaitingQueue]:
        return [waiting for waiting in self.queues if not waiting.count]

    @property
    def public_menu(self) -> list["Link"]:
        return _links(PUBLIC_MENU, self.request.path)

    @property
    def footer_menu(self) -> list["Link"]:
        return _links(FOOTER_MENU, self.request.path)

    @property
    def open_pages(self) -> list["Link"]:
        return _links(OPEN_PAGES, self.request.path)

    @property
    def account_links(self) -> list["Link"]:
        return _links(ACCOUNT_LINKS, self.request.path)

    @property
    def workbench_url(self) -> str:
        return _address("portal:workbench")

    @property
    def sign_in_url(self) -> str:
        return _address(settings.LOGIN_URL)

    @property
    def search_url(self) -> str:
        return _address("portal:search")

    @property
    def enter_url(self) -> str:
        """The residents' door."""
        return _address("organizations:enter")

    @property
    def me_url(self) -> str:
        return _address("organizations:me")

    @property
    def sign_out_url(self) -> str:
        return _address("organizations:sign_out")

    @property
    def device_tag(self) -> str:
        return tag_of(self.user)

    @property
    def manifest_url(self) -> str:
        return _address("portal:manifest")

    @property
    def app_icon_url(self) -> str:
        try:
            return reverse("portal:app_icon", args=[180, "maskable"])
        except NoReverseMatch:
            return ""

    @property
    def inbox_url(self) -> str:
        return _address("organizations:inbox") if self.user else ""

    @cached_property
    def unread(self) -> int:
        return Message.objects.of(self.user).unread().count() if self.user else 0


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor."""
    return {"shell": Shell(request)}


def _address(url_name: str) -> str:
    """ "" where the page is not there."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _links(wanted: Iterable[tuple[str, Any, str]], path: str) -> list[Link]:
    found = ((_address(url_name), label, icon) for url_name, label, icon in wanted)
    return [
        Link(url, str(label), icon, current=path.startswith(url))
        for url, label, icon in found
        if url
    ]


def _part_of(entry: registry.MenuEntry) -> int:
    app = entry.url_name.partition(":")[0]
    known = (place for place, (_label, apps) in enumerate(MENU_PARTS) if app in apps)
    return next(known, len(MENU_PARTS) - 1)


def _item(entry: registry.MenuEntry, path: str) -> MenuItem | None:
    """None where the page is not there: an app may be left out of an installation."""
    url = _address(entry.url_name)
    return MenuItem(entry, url, path.startswith(url)) if url else None
