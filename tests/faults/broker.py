"""Everything that waits in the run's own broker is lost, as when its disk or server is."""

from contextlib import suppress
from pathlib import Path

import redis
from django.conf import settings


def empty():
    if settings.FILE_BROKER:
        for message in (Path(settings.BROKER_DIR) / "queue").glob("*.msg"):
            with suppress(FileNotFoundError):
                message.unlink()
        return
    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as server:
        server.flushdb()
