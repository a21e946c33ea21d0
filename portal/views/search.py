"""One field for everything that everybody may read: pages, matters, talks, decisions, money."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from cases.models import Case
from committee.models import PublicDecision
from consultation.models import Consultation
from funding.models import Line
from lib.finding import words_in
from lib.registry import Text
from oversight.models import Legislation
from portal import publication, throttle
from portal.shell import FOOTER_MENU, OPEN_PAGES, PUBLIC_MENU
from portal.views.statements import BELOW
from routing.models import ServiceItem
from talent.models import Course
from volunteers.models import Activity

# Pages that look for the same words.
TAKE_WORDS = {"routing:service_items", "portal:published"}
LONGEST, SHOWN, MOST_A_MINUTE = 40, 5, 60
Found = tuple[str, Text, Text]  # address, label, and what stands beside it


@dataclass(frozen=True, slots=True)
class Part:
    """What was found of one sort, and the page with all of that sort ("" = none)."""

    label: Text
    found: list[Found]
    url: str = ""


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """By words; the number of a published matter leads to it at once."""
    words = " ".join(request.GET.get("q", "").split())[:LONGEST]
    if throttle.count("search", throttle.address_of(request), seconds=60) > MOST_A_MINUTE:
        return render(request, "429.html", status=429)
    if words.isdigit() and Case.objects.published().filter(number=words).exists():
        return redirect("portal:published_case", number=words)
    parts = [part for part in _parts(words) if part.found] if words else []
    return render(request, "portal/search.html", {"q": words, "parts": parts})


def _parts(words: str) -> Iterator[Part]:
    yield Part(_("Pages"), list(_pages(words)))
    for label, find, page in PARTS:
        asked = f"?{urlencode({'q': words})}" if page in TAKE_WORDS else ""
        yield Part(label, list(find(words)), reverse(page) + asked)


def _pages(words: str) -> Iterable[Found]:
    named = [(name, label) for name, label, _icon in (*PUBLIC_MENU, *OPEN_PAGES, *FOOTER_MENU)]
    below = [row for rows in BELOW.values() for row in rows]
    for name, label in (*named, *below):
        if words.lower() in str(label).lower():
            yield reverse(name), label, ""


def _services(words: str) -> Iterable[Found]:
    rows = ServiceItem.objects.open_on(timezone.localdate()).about(words)
    for row in rows[:SHOWN]:
        yield reverse("routing:service_item", args=[row.code]), str(row), row.who


def _cases(words: str) -> Iterable[Found]:
    rows = publication.listed(Case.objects.published().published_with(words)).order_by("-id")
    for case in rows[:SHOWN]:
        row = publication.shown(case)
        yield row.url, row.title, f"{row.place} · {case.number}"


def _titled(rows: QuerySet[Any], words: str, *columns: str) -> QuerySet[Any]:
    """The newest of those in which the words stand in one of these columns."""
    return rows.filter(words_in(words, columns)).order_by("-pk")[:SHOWN]


def _consultations(words: str) -> Iterable[Found]:
    for row in _titled(Consultation.objects.published().with_names(), words, "title"):
        url = reverse("consultation:published_consultation", args=[row.number])
        yield url, row.title, row.community or row.town or ""


def _decisions(words: str) -> Iterable[Found]:
    for row in _titled(PublicDecision.objects.current().with_names(), words, "title"):
        url = f"{reverse('committee:published')}#decision-{row.decision_id}"
        yield url, row.title, row.decision.item.meeting.body


def _activities(words: str) -> Iterable[Found]:
    rows = Activity.objects.published().with_names()
    for row in _titled(rows, words, "title", "title_en"):
        yield reverse("volunteers:activity", args=[row.pk]), str(row), row.community or ""


def _lines(words: str) -> Iterable[Found]:
    rows = Line.objects.select_related("body")
    for row in _titled(rows, words, "name", "body__name", "body__name_en"):
        yield reverse("portal:money_line", args=[row.code]), str(row), row.body


def _courses(words: str) -> Iterable[Found]:
    for row in _titled(Course.objects.public().with_names(), words, "title"):
        yield reverse("talent:course", args=[row.pk]), str(row), row.base


def _legislation(words: str) -> Iterable[Found]:
    rows = Legislation.objects.with_names()
    for row in _titled(rows, words, "title", "title_en"):
        yield reverse("oversight:legislation_file", args=[row.pk]), str(row), row.body


PARTS: tuple[tuple[Text, Callable[[str], Iterable[Found]], str], ...] = (
    (_("What you can apply for"), _services, "routing:service_items"),
    (pgettext_lazy("public", "What was done"), _cases, "portal:published"),
    (_("Have your say"), _consultations, "consultation:published"),
    (_("Decisions of the committee"), _decisions, "committee:published"),
    (_("Where the money goes"), _lines, "portal:money"),
    (_("Voluntary service"), _activities, "volunteers:activities"),
    (_("Training and selection"), _courses, "talent:home"),
    (_("Regulations in the making"), _legislation, "oversight:legislation"),
)
