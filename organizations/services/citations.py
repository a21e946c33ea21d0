"""Which rows cite which article: linked with each basis saved, looked at when a law changes."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import models, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from lib.errors import NotYours, RuleViolation
from lib.roles import COMMITTEE, Role
from organizations.citing import Library, column_of, tables, words_of
from organizations.models import Citation, Law, LawArticle, User

EDITORS = COMMITTEE | {Role.SYSTEM_ADMIN}
BATCH = 500
Named = tuple[str, int]  # a law as it is cited, and the number of an article


def keep(rows: Sequence[models.Model], *, at: datetime.datetime) -> None:
    """Link rows of one table with what their words cite; what they cite no longer goes.

    What cites a law that has ended waits to be looked at from the beginning.
    """
    if rows and type(rows[0])._meta.label_lower in tables():
        _keep(rows, Library(on=localdate(at)))


def _keep(rows: Sequence[models.Model], library: Library) -> int:
    """A link stays with the law that was meant when it was made, whichever follows that law."""
    before: dict[str, dict[Named, Citation]] = defaultdict(dict)
    for one in Citation.objects.of(rows).select_related("law"):
        before[one.key][one.law.short_title, one.number] = one
    gone: list[int] = []
    new: list[Citation] = []
    for row in rows:
        cited = library.cited_in(words_of(row))
        wanted = {(law.short_title, number): law for law, number in cited}
        known = before[str(row.pk)]
        gone += [one.pk for named, one in known.items() if named not in wanted]
        new += [_link(row, law, named[1]) for named, law in wanted.items() if named not in known]
    Citation.objects.filter(pk__in=gone).delete()
    return len(Citation.objects.bulk_create(new))


def _link(row: models.Model, law: Law, number: int) -> Citation:
    kind, key = row._meta.label_lower, str(row.pk)
    return Citation(law=law, number=number, kind=kind, key=key, changed_on=law.valid_to)


@transaction.atomic
def keep_all(*, at: datetime.datetime, naming: str = "") -> int:
    """Every row of every table, or those whose words contain `naming`; how many links were made."""
    library, count = Library(on=localdate(at)), 0
    for model in tables().values():
        column = column_of(model)
        rows = model._default_manager.exclude(**{column: ""}).order_by("pk")
        if naming:
            rows = rows.filter(**{f"{column}__contains": naming})
        for chunk in _chunks(rows.iterator(chunk_size=BATCH)):
            count += _keep(chunk, library)
    return count


def _chunks(rows: Iterable[models.Model]) -> Iterable[list[models.Model]]:
    chunk: list[models.Model] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == BATCH:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


# -- A law changes ---------------------------------------------------------------------------------


def article_changed(article: LawArticle, *, on: datetime.date) -> int:
    """From `on` the article is another or none: each row that cites it waits; how many."""
    return _wait(Citation.objects.on(article.law, article.number), on)


def law_changed(law: Law, *, on: datetime.date) -> int:
    return _wait(Citation.objects.on(law), on)


def _wait(rows: models.QuerySet[Citation], on: datetime.date) -> int:
    return rows.update(changed_on=on, looked_by=None, looked_at=None, finding="")


@transaction.atomic
def look(citation: Citation, *, finding: str, by: User, at: datetime.datetime) -> Citation:
    """Somebody has looked: the row still stands. One that does not is changed or ended instead.

    Raises NotYours, RuleViolation (nothing waits).
    """
    if not by.roles_on(localdate(at)) & EDITORS:
        raise NotYours(_("Who keeps the library of laws looks at what cites them."))
    row = Citation.objects.select_for_update(of=("self",)).get(pk=citation.pk)
    if row.changed_on is None:
        raise RuleViolation(_("Somebody has looked at this already."), code="looked_at")
    row.changed_on, row.looked_by, row.looked_at = None, by, at
    row.finding = finding.strip()[:300]
    row.save(update_fields=["changed_on", "looked_by", "looked_at", "finding"])
    return row
