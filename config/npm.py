"""Static files of npm packages: only the named ones are served, below `npm/`."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.checks import Warning as CheckWarning
from django.core.files.storage import FileSystemStorage

PREFIX = "npm"


class NpmFinder(BaseFinder):
    """Finds `npm/<package>/<path>` for the paths that `settings.NPM_FILES` names.

    A `.map` beside a named file is served too: the hashed storage refuses a file whose source map
    is missing. A package holds hundreds of files more; collecting them all would take minutes.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.root = Path(settings.NODE_MODULES)
        self.storage = FileSystemStorage(location=self.root)
        self.storage.prefix = PREFIX  # type: ignore[attr-defined] # collectstatic asks for it

    def names(self) -> Iterator[str]:
        """Every path that is served, relative to the folder of packages."""
        for name in settings.NPM_FILES:
            yield name
            if (self.root / f"{name}.map").is_file():
                yield f"{name}.map"

    def check(self, **_: Any) -> list[CheckMessage]:
        missing = [name for name in settings.NPM_FILES if not (self.root / name).is_file()]
        if not missing:
            return []
        hint = "Run `make setup`, or correct NPM_FILES in the settings."
        return [
            CheckWarning(f"Not in {self.root}: {', '.join(missing)}", hint=hint, id="config.W001")
        ]

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:  # noqa: FBT001, FBT002 -- Django's signature
        name = path.removeprefix(f"{PREFIX}/")
        found = str(self.root / name) if name != path and name in set(self.names()) else None
        if find_all:
            return [found] if found else []
        return found or []

    def list(
        self,
        ignore_patterns: Iterable[str] | None,  # noqa: ARG002 -- Django's signature
    ) -> Iterator[tuple[str, FileSystemStorage]]:
        for name in self.names():
            yield name, self.storage
