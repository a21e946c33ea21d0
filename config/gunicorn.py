"""How gunicorn serves the site: `gunicorn --config config/gunicorn.py config.wsgi`."""

import os
import shutil
import tempfile
from pathlib import Path

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker
from prometheus_client import multiprocess

from config.logs import logging_config

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 10
max_requests = 20_000
max_requests_jitter = 2_000
control_socket_disable = True
logconfig_dict = logging_config(
    as_json=os.environ.get("GONGZHI_ENV") == "production",
    level=os.environ.get("LOG_LEVEL", "INFO"),
) | {"loggers": {"gunicorn.error": {"propagate": True}, "gunicorn.access": {"propagate": False}}}
# The workers count requests in files of this folder; together they are the figures of the site.
_figures = tempfile.mkdtemp(prefix="gongzhi-metrics-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = _figures


def child_exit(server: Arbiter, worker: Worker) -> None:  # noqa: ARG001 -- gunicorn's signature
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # no types there


def on_exit(server: Arbiter) -> None:  # noqa: ARG001 -- gunicorn's signature
    shutil.rmtree(Path(_figures), ignore_errors=True)
