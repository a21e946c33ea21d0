"""A real web server over the large database, visited until its memory has settled."""

import itertools
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPResponse
from typing import Any, cast

from bench.machine import ROOT, children_of, peak_memory, step


def peak_of_web(env: Mapping[str, str], *, requests: int, seed: int) -> dict[str, Any]:
    """The memory of gunicorn's one worker after so many mixed requests."""
    cookies = step("pages.sessions", env=env)
    visits = step("pages.addresses", env=env, seed=seed)
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"],
        cwd=ROOT,
        env={**env, "PORT": str(port), "WEB_CONCURRENCY": "1"},
        stdout=sys.stderr,
        start_new_session=True,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz")
        for name, path in itertools.islice(itertools.cycle(visits), requests):
            _get(f"http://127.0.0.1:{port}{path}", cookies[name])
        (worker,) = children_of(process.pid)
        return {"worker": peak_memory(worker), "requests": requests}
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str, *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            _get(url, "")
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


def _get(url: str, cookie: str) -> None:
    asked = urllib.request.Request(url, headers={"Cookie": f"sessionid={cookie}"})  # noqa: S310 -- our own server
    with cast("HTTPResponse", urllib.request.urlopen(asked, timeout=60)) as answer:  # noqa: S310 -- the same
        answer.read()
