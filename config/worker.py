"""What worker and clock do besides tasks: say that they live; be alone where that is a must."""

import fcntl
import socket
import time
from pathlib import Path
from typing import IO, Any, ClassVar

from celery import bootsteps
from celery.beat import PersistentScheduler
from django.conf import settings

from config import signs
from config.models import Sign


class SignOfLife(bootsteps.StartStopStep):
    """Signs from the main process: a long queue of tasks must not make a worker look dead."""

    requires = ("celery.worker.components:Timer",)

    def __init__(self, parent: Any, **kwargs: Any) -> None:
        super().__init__(parent, **kwargs)
        self.entry: Any = None

    def start(self, parent: Any) -> None:
        arguments = (Sign.Kind.WORKER, parent.hostname)
        signs.write(*arguments)
        self.entry = parent.timer.call_repeatedly(signs.SECONDS_BETWEEN, signs.write, arguments)

    def stop(self, parent: Any) -> None:
        if self.entry:
            self.entry.cancel()
        signs.withdraw(Sign.Kind.WORKER, parent.hostname)


class OnlyNode(bootsteps.Step):
    """Refuses a second worker node on the broker of files.

    Two nodes there lose messages: one reads a file that another process is still writing, and its
    main process ends (kombu issue 1551). The lock falls with the process that holds it.
    """

    held: ClassVar[IO[str] | None] = None

    def include_if(self, parent: Any) -> bool:  # noqa: ARG002 -- Celery's signature
        return bool(settings.FILE_BROKER)

    def create(self, parent: Any) -> None:  # noqa: ARG002 -- Celery's signature
        file = (Path(settings.BROKER_DIR) / "worker.lock").open("w")
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise SystemExit(
                "A worker runs already on the broker of files, which bears only one. "
                "Set CELERY_BROKER_URL to a Redis server to run several."
            ) from None
        OnlyNode.held = file


class SigningScheduler(PersistentScheduler):
    """Celery's clock, which also says that it goes."""

    signed_at = 0.0

    def tick(self, *args: Any, **kwargs: Any) -> float:
        now = time.monotonic()
        if now - self.signed_at >= signs.SECONDS_BETWEEN:
            self.signed_at = now
            signs.write(Sign.Kind.CLOCK, f"celery@{socket.gethostname()}")
        wait: float = super().tick(*args, **kwargs)
        return min(wait, signs.SECONDS_BETWEEN)

    def close(self) -> None:
        signs.withdraw(Sign.Kind.CLOCK, f"celery@{socket.gethostname()}")
        super().close()
