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
    ("portal:about", _("About"), "info-circle"),
    ("portal:privacy", _("Privacy"), "shield-check"),
    ("portal:accessibility", _("Accessibility"), "accessible"),
    ("portal:verify", _("Verify a record"), "fingerprint"),
    ("portal:site_map", _("Site map"), "sitemap"),
]
ACCOUNT_LINKS = [
    ("organizations:account", _("My account"), "user"),
    ("organizations:password_change", _("Change the password"), "lock"),
]


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A menu entry with its address; `current` where the reader stands in that part."""

    entry: registry.MenuEntry
    url: str
    current: bool


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
    def queues(self) -> list[WaitingQueue]:
        """What waits for this person, in the order of the registry, empty queues included."""
        return [
            WaitingQueue(queue, queue.count(self.user))
            for queue in registry.queues.for_roles(self.roles)
        ]

    @property
    def public_menu(self) -> list["Link"]:
        return _links(PUBLIC_MENU, self.request.path)

    @property
    def footer_menu(self) -> list["Link"]:
        return _links(FOOTER_MENU, self.request.path)

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


def _item(entry: registry.MenuEntry, path: str) -> MenuItem | None:
    """None where the page is not there: an app may be left out of an installation."""
    url = _address(entry.url_name)
    return MenuItem(entry, url, path.startswith(url)) if url else None
