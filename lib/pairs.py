"""Search for parts of words in any script: overlapping pairs of characters, indexed by the engine.

Chinese has no blanks, so a text is cut into every two neighbouring characters (二字词元); runs of
Latin letters and digits stay whole. A phrase of neighbouring pairs is then the same as a part of
the text. Each run also ends in its last character alone, so that one character is found too.

PostgreSQL keeps a `tsvector` written out by us (no dictionary, no parser, so no dependence on the
database's locale) under a GIN index; SQLite keeps the same words in a full-text table (FTS5).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.models import Lookup
from django.db.models.sql.compiler import SQLCompiler

from lib.tables import Statements

_HAN = r"\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_IS_HAN = re.compile(rf"[{_HAN}]")
LONGEST_RUN = 64  # of Latin letters or digits; what is longer is no word that anybody looks for
MOST_PIECES = 8
# A tsvector counts no further.
_LAST_POSITION = 16_383


def runs(text: str) -> Iterator[str]:
    """Runs of Chinese characters, and runs of letters and digits, lower case, full width folded."""
    for found in _RUN.finditer(unicodedata.normalize("NFKC", text).lower()):
        yield found.group() if _IS_HAN.match(found.group()) else found.group()[:LONGEST_RUN]


def pairs(text: str) -> list[str]:
    """The words under which a text is found, in their order."""
    words: list[str] = []
    for run in runs(text):
        words.extend(_pairs_of(run))
        if _IS_HAN.match(run):
            words.append(run[-1])
    return words


def _pairs_of(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] if _IS_HAN.match(run) else [run]


def phrases(query: str) -> list[tuple[list[str], bool]]:
    """What must stand in a text: phrases, and whether the last word of each is only a beginning.

    Blanks part phrases; all of them must be found. At most eight.
    """
    found = [_phrase(piece) for piece in query.split()]
    return [phrase for phrase in found if phrase[0]][:MOST_PIECES]


def _phrase(piece: str) -> tuple[list[str], bool]:
    """The last run goes on in the text perhaps: no word for its end, unless it is all there is."""
    words: list[str] = []
    *before, last = list(runs(piece)) or [""]
    for run in before:
        words.extend([*_pairs_of(run), run[-1]] if _IS_HAN.match(run) else [run])
    if not last:
        return [], False
    if _IS_HAN.match(last) and len(last) > 1:
        return [*words, *_pairs_of(last)], False
    return [*words, last], True


def _vector(text: str) -> str:
    """A `tsvector` in PostgreSQL's own spelling: every word with its positions."""
    places: dict[str, list[str]] = {}
    for position, word in enumerate(pairs(text), start=1):
        places.setdefault(word, []).append(str(min(position, _LAST_POSITION)))
    return " ".join(f"'{word}':{','.join(at[:255])}" for word, at in places.items())


def _tsquery(query: str) -> str:
    parts = []
    for words, opened in phrases(query):
        phrase = " <-> ".join(f"'{word}'" for word in words)
        parts.append(f"({phrase}:*)" if opened else f"({phrase})")
    return " & ".join(parts)


def _match(query: str, column: str) -> str:
    wanted = " AND ".join(
        f'"{" ".join(words)}"{" *" if opened else ""}' for words, opened in phrases(query)
    )
    return f"{{{column}}} : ({wanted})"


class PairsField(models.Field):
    """Takes a text, keeps its pairs; read back it is what the engine keeps, fit for nothing else.

    Lookup `holds`: rows whose text has every part of the query (blanks between parts).
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else str(value)

    def get_db_prep_value(
        self,
        value: Any,
        connection: BaseDatabaseWrapper,
        prepared: bool = False,  # noqa: FBT001, FBT002 -- Django's signature
    ) -> Any:
        text = value if prepared else self.get_prep_value(value)
        if text is None:
            return None
        return _vector(text) if connection.vendor == "postgresql" else " ".join(pairs(text))

    def get_placeholder(
        self,
        value: Any,  # noqa: ARG002 -- Django passes it
        compiler: SQLCompiler,  # noqa: ARG002 -- the same
        connection: BaseDatabaseWrapper,
    ) -> str:
        return "%s::tsvector" if connection.vendor == "postgresql" else "%s"


@PairsField.register_lookup
class Holds(Lookup):
    """`column @@ query` on PostgreSQL, a look into the full-text table beside it on SQLite."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]]:
        column, given = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", [*given, _tsquery(str(self.rhs))]

    def as_sqlite(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
    ) -> tuple[str, list[Any]]:
        column, given = self.process_lhs(compiler, connection)
        field = self.lhs.target
        table, key = field.model._meta.db_table, field.model._meta.pk.column
        name = connection.ops.quote_name(field.column)
        row = f"{column.removesuffix(f'.{name}')}.{connection.ops.quote_name(key)}"
        words = f"{table}_words"
        inside = f"SELECT rowid FROM {words} WHERE {words} MATCH %s"  # noqa: S608 -- names of ours
        return f"{row} IN ({inside})", [*given, _match(str(self.rhs), field.column)]


@PairsField.register_lookup
class HoldsHere(Holds):
    """The same without the index of PostgreSQL, where the rows are few and at hand."""

    lookup_name = "holds_here"

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]]:
        column, given = self.process_lhs(compiler, connection)
        return f"ts_match_vq({column}, %s::tsquery)", [*given, _tsquery(str(self.rhs))]


def index_pairs(table: str, key: str, columns: Sequence[str]) -> Operation:
    """Indexes of PairsFields: GIN over each column, or one FTS5 table that triggers keep."""

    def forwards(editor: BaseDatabaseSchemaEditor) -> None:
        postgres = editor.connection.vendor == "postgresql"
        statements = _gin(table, columns) if postgres else _fts5(table, key, columns)
        for statement in statements:
            editor.execute(statement)

    def backwards(editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor != "postgresql":  # there the indexes go with their table
            editor.execute(f"DROP TABLE {table}_words")

    return Statements(forwards, backwards)


def _gin(table: str, columns: Sequence[str]) -> list[str]:
    return [f"CREATE INDEX {table}_{name} ON {table} USING gin ({name})" for name in columns]


def _fts5(table: str, key: str, columns: Sequence[str]) -> list[str]:
    names = ", ".join(columns)
    new = ", ".join(f"NEW.{name}" for name in columns)
    old = ", ".join(f"OLD.{name}" for name in columns)
    words = f"{table}_words"
    enter = f"INSERT INTO {words} (rowid, {names}) VALUES (NEW.{key}, {new});"  # noqa: S608 -- ours
    leave = f"INSERT INTO {words} ({words}, rowid, {names}) VALUES ('delete', OLD.{key}, {old});"  # noqa: S608 -- ours
    options = f"content='{table}', content_rowid='{key}', tokenize='unicode61 remove_diacritics 0'"
    return [
        f"CREATE VIRTUAL TABLE {words} USING fts5({names}, {options})",
        f"CREATE TRIGGER {words}_enter AFTER INSERT ON {table} BEGIN {enter} END",
        f"CREATE TRIGGER {words}_leave AFTER DELETE ON {table} BEGIN {leave} END",
        f"CREATE TRIGGER {words}_change AFTER UPDATE ON {table} BEGIN {leave} {enter} END",
    ]
