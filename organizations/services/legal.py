"""Laws and their articles: from `organizations/reference/laws.yaml`, entered, amended, ended."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from organizations.models import Law, LawArticle, User
from organizations.reference import read_file
from organizations.services import changes, citations

Values = Mapping[str, Any]


@transaction.atomic
def enter_law(values: Values, *, by: User, at: datetime.datetime) -> Law:
    """A new law is linked with what has cited it all along."""
    law = changes.create(Law(**values), by=by, at=at)
    citations.keep_all(at=at, naming=law.short_title)
    return law


@transaction.atomic
def change_law(law: Law, values: Values, *, by: User, at: datetime.datetime) -> Law:
    changed = changes.revise(law, values, by=by, at=at)
    citations.keep_all(at=at, naming=changed.short_title)
    if changed.valid_to not in {None, law.valid_to}:
        citations.law_changed(changed, on=changed.valid_to)
    return changed


@transaction.atomic
def end_law(law: Law, *, on: datetime.date, by: User, at: datetime.datetime) -> Law:
    """What cites it waits to be looked at."""
    ended = changes.end(law, on=on, by=by, at=at)
    citations.law_changed(ended, on=on)
    return ended


@transaction.atomic
def enter_article(values: Values, *, by: User, at: datetime.datetime) -> LawArticle:
    """One that follows an older wording is a change of the article."""
    article = changes.create(LawArticle(**values), by=by, at=at)
    older = LawArticle.objects.filter(
        law=article.law, number=article.number, valid_from__lt=article.valid_from
    )
    if older.exists():
        citations.article_changed(article, on=article.valid_from)
    return article


@transaction.atomic
def amend_article(
    article: LawArticle, values: Values, *, by: User, at: datetime.datetime
) -> LawArticle:
    """A new wording from a day on; on the day of its beginning a row is only corrected."""
    following = changes.succeed(article, values, by=by, at=at)
    if following.pk != article.pk:
        citations.article_changed(article, on=following.valid_from)
    return following


@transaction.atomic
def end_article(
    article: LawArticle, *, on: datetime.date, by: User, at: datetime.datetime
) -> LawArticle:
    ended = changes.end(article, on=on, by=by, at=at)
    citations.article_changed(ended, on=on)
    return ended


def load_laws(*, by: User, at: datetime.datetime) -> int:
    """Add laws whose code is not there, with their articles; how many rows.

    What people have edited or ended stays. A law stands in the file after the one that follows it.
    """
    known = {law.code: law for law in Law.objects.all()}
    count = 0
    for row in read_file("laws"):
        if row["code"] not in known:
            articles = row.pop("articles", [])
            known[row["code"]] = law = _law(row, known, by=by, at=at)
            count += 1 + _articles(law, articles, by=by, at=at)
    return count


def _law(row: dict[str, Any], known: dict[str, Law], *, by: User, at: datetime.datetime) -> Law:
    follower = row.pop("followed_by", None)
    law = Law(**row, followed_by=known[follower] if follower else None)
    return changes.create(law, by=by, at=at)


def _articles(law: Law, rows: list[list[Any]], *, by: User, at: datetime.datetime) -> int:
    for number, gist, gist_en in rows:
        article = LawArticle(
            law=law, number=number, gist=gist, gist_en=gist_en, valid_from=law.valid_from,
            valid_to=law.valid_to,
        )  # fmt: skip
        changes.create(article, by=by, at=at)
    return len(rows)
