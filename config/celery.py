"""The Celery app. What runs when stands in `CELERY_BEAT_SCHEDULE` of the settings."""

import logging.config
import os
import warnings
from typing import Any

from celery import Celery, Task
from celery.signals import setup_logging
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

from config import file_broker
from config.stack import with_room

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


# Celery warns of pickled messages for a worker of root. Ours are JSON.
warnings.filterwarnings("ignore", message="You're running the worker with superuser")


class WorkWithRoom(Task):
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return with_room(lambda: super(WorkWithRoom, self).__call__(*args, **kwargs))


file_broker.install()
app = Celery("gongzhi", task_cls=WorkWithRoom)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)
# By name: they need our tables, which cannot be imported before Django is set up.
app.steps["worker"].update({"config.worker:OnlyNode", "config.worker:SignOfLife"})


@setup_logging.connect
def use_django_logging(**_: Any) -> None:
    """Keep Celery from replacing our log configuration by its own."""
    logging.config.dictConfig(settings.LOGGING)
