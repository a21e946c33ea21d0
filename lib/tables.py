"""Migration operations that do without drawing every table of the project again."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class CreateTables(Operation):
    """What the `CreateModel`s of `tables` would do one after the other, at a fraction of the cost.

    After every operation Django draws all tables that hang together anew: here nearly all,
    through a person or a body. With hundreds of tables that takes minutes, one step seconds.
    """

    serialization_expand_args = ["tables"]

    def __init__(self, tables: Sequence[CreateModel]) -> None:
        self.tables = list(tables)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # drawn again when it is asked for, once
        for table in self.tables:
            table.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for table in self.tables:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for table in reversed(self.tables):
            table.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {len(self.tables)} tables"

    def references_model(self, name: str, app_label: str) -> bool:
        return any(table.references_model(name, app_label) for table in self.tables)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return (self.__class__.__name__, [], {"tables": self.tables})


class Statements(Operation):
    """What the database is told besides its tables.

    Like `RunPython`, but without the models, for which Django would draw all tables anew.
    """

    reversible = True

    def __init__(
        self,
        forwards: Callable[[BaseDatabaseSchemaEditor], None],
        backwards: Callable[[BaseDatabaseSchemaEditor], None],
    ) -> None:
        self.forwards, self.backwards = forwards, backwards

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Django knows nothing of it."""

    def database_forwards(
        self, _: str, schema_editor: BaseDatabaseSchemaEditor, *_states: ProjectState
    ) -> None:
        self.forwards(schema_editor)

    def database_backwards(
        self, _: str, schema_editor: BaseDatabaseSchemaEditor, *_states: ProjectState
    ) -> None:
        self.backwards(schema_editor)

    def describe(self) -> str:
        return "Triggers and indexes"
