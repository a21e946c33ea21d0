"""The library of legal bases in the browser, and what hangs on a law or an article.

Rows of other catalogues name their basis in a column `legal_basis` or `basis`. Saving one links it
with the articles that its words name (`organizations.services.citations`); when an article changes,
each row linked with it waits until somebody has looked whether it still stands.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib.registry import Panel, Queue, panels, queues
from lib.roles import ADMINISTRATORS, COMMITTEE, Role
from organizations import citing
from organizations.catalogues import described
from organizations.catalogues.described import Catalogue, Column, Text, of_model
from organizations.catalogues.related import related
from organizations.citing import column_of, words_of
from organizations.forms.legal import LawArticleForm, LawForm
from organizations.http import roles_of, signed_in
from organizations.models import Citation, Law, LawArticle, User
from organizations.models.legal import CitationQuerySet
from organizations.services import legal
from organizations.services.citations import EDITORS

# So long somebody who opens an article is told that it has changed.
LATELY = datetime.timedelta(days=180)
SHOWN = 200
GROUP = _("Legal basis")
READERS = (
    ADMINISTRATORS
    | COMMITTEE
    | {
        Role.ACCEPTOR, Role.DISPATCHER, Role.DUTY_OFFICER, Role.DEPARTMENT_HEAD, Role.SUPERVISOR,
        Role.ASSESSOR, Role.CONSULTATION_HOST,
    }
)  # fmt: skip

LAWS = Catalogue(
    key="laws",
    label=_("Laws and standards"),
    about=_("What is cited as the basis of a duty, a standard, a quorum or a rule."),
    icon="books",
    group=GROUP,
    place=120,
    model=Law,
    form=LawForm,
    rows=lambda _user, _day: Law.objects.with_successor(),
    columns=("title", "kind", Column(_("In force since"), "since"), "valid_to"),
    search=("code", "title", "title_en", "short_title"),
    filters=("kind",),
    readers=READERS,
    editors=EDITORS,
    is_suggested=True,
    create=lambda values, by, at: legal.enter_law(values, by=by, at=at),
    change=lambda law, values, by, at: legal.change_law(law, values, by=by, at=at),
    end=lambda law, on, by, at: legal.end_law(law, on=on, by=by, at=at),
)
ARTICLES = Catalogue(
    key="law-articles",
    label=_("Articles of laws"),
    about=_("What an article says, in few words. An amendment ends the row and begins another."),
    icon="section-sign",
    group=GROUP,
    place=121,
    model=LawArticle,
    form=LawArticleForm,
    rows=lambda _user, _day: LawArticle.objects.select_related("law"),
    columns=("law", "number", Column(_("What it says"), "gist_shown"), "valid_from"),
    search=("gist", "gist_en", "law__title", "law__short_title"),
    order=("law__code", "number", "pk"),
    readers=READERS,
    editors=EDITORS,
    keep_past=True,
    create=lambda values, by, at: legal.enter_article(values, by=by, at=at),
    change=lambda row, values, by, at: legal.amend_article(row, values, by=by, at=at),
    end=lambda row, on, by, at: legal.end_article(row, on=on, by=by, at=at),
)


@dataclass(frozen=True, slots=True)
class Citing:
    """A row of a catalogue that cites a law, with its words."""

    citation: Citation
    catalogue: Text
    label: Text
    url: str
    words: str


def seen_by(
    request: HttpRequest, citations: Iterable[Citation], *, day: datetime.date
) -> list[Citing]:
    return _seen(signed_in(request), roles_of(request), citations, day)


def _seen(
    user: User, roles: Collection[str], citations: Iterable[Citation], day: datetime.date
) -> list[Citing]:
    """Those whose rows `user` may look up and that go on; one query a catalogue."""
    found: list[Citing] = []
    for kind, group in _by_kind(citations).items():
        catalogue = of_model(kind)
        if catalogue is None or not catalogue.is_read_by(roles):
            continue
        rows = catalogue.rows(user, day).filter(pk__in=[one.key for one in group])
        if catalogue.is_dated:
            rows = rows.going_on_after(day)  # type: ignore[attr-defined]  # of DatedQuerySet
        known = {str(row.pk): row for row in rows}
        found += [_citing(one, catalogue, known[one.key]) for one in group if one.key in known]
    return found


def _by_kind(citations: Iterable[Citation]) -> dict[str, list[Citation]]:
    kinds: dict[str, list[Citation]] = defaultdict(list)
    for one in citations:
        kinds[one.kind].append(one)
    return kinds


def _citing(citation: Citation, catalogue: Catalogue, row: Any) -> Citing:
    url = reverse("organizations:catalogue_row", args=[catalogue.key, row.pk])
    return Citing(citation, catalogue.label, catalogue.name_of(row), url, words_of(row))


def to_look_at(request: HttpRequest) -> list[Citing]:
    """What waits and this person may look up, by law and article."""
    waiting = Citation.objects.to_look_at().with_names()
    found = seen_by(request, waiting.order_by("pk"), day=timezone.localdate())
    return sorted(found, key=lambda one: (one.citation.law.code, one.citation.number))


def count_to_look_at(user: Any) -> int:
    """The same, of a person."""
    today = timezone.localdate()
    return len(_seen(user, user.roles_on(today), Citation.objects.to_look_at(), today))


def articles_of(citations: Iterable[Citation]) -> dict[tuple[int, int], list[LawArticle]]:
    """Wordings of the articles cited, by law and number, the oldest first."""
    found: dict[tuple[int, int], list[LawArticle]] = defaultdict(list)
    laws = {one.law_id for one in citations}
    for article in LawArticle.objects.filter(law__in=laws).order_by("valid_from"):
        found[article.law_id, article.number].append(article)
    return found


def on_law(request: HttpRequest, law: Law) -> dict[str, Any]:
    return {**_hanging(request, Citation.objects.on(law)), "law": law, "changed": law.valid_to}


def on_article(request: HttpRequest, row: LawArticle) -> dict[str, Any]:
    """With the day of the last change, where that is not long ago: then each row is looked at."""
    hanging = _hanging(request, Citation.objects.on(row.law, row.number))
    return {**hanging, "law": row.law, "changed": _changed(row, timezone.localdate())}


def _hanging(request: HttpRequest, citations: CitationQuerySet) -> dict[str, Any]:
    today = timezone.localdate()
    rows = seen_by(request, citations.with_names().order_by("kind", "pk")[:SHOWN], day=today)
    edits = bool(set(EDITORS) & roles_of(request))
    return {"rows": rows, "waits": edits and any(one.citation.changed_on for one in rows)}


def _changed(row: LawArticle, today: datetime.date) -> datetime.date | None:
    """The day on which it ended; or began after an older wording, if that is not long ago."""
    if row.valid_to is not None:
        return row.valid_to
    older = LawArticle.objects.filter(law=row.law, number=row.number, valid_to=row.valid_from)
    is_late = row.valid_from >= today - LATELY
    return row.valid_from if is_late and older.exists() else None


def on_row(request: HttpRequest, row: Any) -> dict[str, Any] | None:
    """On a row that has a basis: the articles behind its words, with what they say today."""
    if not words_of(row):
        return None
    cited = list(Citation.objects.of([row]).with_names().order_by("law__code", "number"))
    wordings, today = articles_of(cited), timezone.localdate()
    lines = [(one, _today(wordings[one.law_id, one.number], today)) for one in cited]
    return {"lines": lines, "may_read": LAWS.is_read_by(roles_of(request))}


def _today(wordings: list[LawArticle], today: datetime.date) -> LawArticle | None:
    """The newest wording that has begun, or the first that will; None: not in the library."""
    begun = [one for one in wordings if one.valid_from <= today]
    return begun[-1] if begun else next(iter(wordings), None)


BASIS = Panel("basis", 5, "organizations/_basis_panel.html", on_row)


def register(catalogue: Catalogue) -> None:
    """A catalogue; what its rows cite is linked and shown where it has a column for the basis."""
    described.register(catalogue)
    if column_of(catalogue.model):
        citing.register(catalogue.model)
        panels.register(f"catalogue:{catalogue.key}", BASIS)


def register_library() -> None:
    for catalogue in (LAWS, ARTICLES):
        described.register(catalogue)
    panels.register("catalogue:laws", related("law-articles", field="law", order=10))
    template = "organizations/_hanging_panel.html"
    panels.register("catalogue:laws", Panel("hanging", 20, template, on_law))
    panels.register("catalogue:law-articles", Panel("hanging", 20, template, on_article))
    queues.register(
        Queue(
            "organizations:citations", _("Legal bases to look at again"), 190, EDITORS,
            count_to_look_at, reverse_lazy("organizations:citations"),  # type: ignore[arg-type]  # lazy
        )
    )  # fmt: skip
