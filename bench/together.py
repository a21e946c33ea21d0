"""Several processes that do the same at the same time."""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from bench.machine import ROOT

# How reservations are written: `bench.postings.WAYS`.
WAYS = ("services", "hand")


def race(
    env: Mapping[str, str], *, processes: int, work: Any = "postings.work", **asked: Any
) -> float:
    """So many processes do the same `work` at the same time; what they did a second, together."""
    command = [sys.executable, "-m", "bench.step", work]
    children = [
        subprocess.Popen(  # noqa: S603 -- our own command
            [*command, json.dumps({**asked, "number": number})],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(processes)
    ]
    for child in children:
        _hear(child)  # it is ready
    for child in children:
        _tell(child, "go\n")
    done = [json.loads(child.communicate()[0]) for child in children]
    return float(sum(each["rate"] for each in done))


def _hear(child: subprocess.Popen[str]) -> str:
    if child.stdout is None or not (line := child.stdout.readline()):
        raise RuntimeError("a process ended before it was ready")
    return line


def _tell(child: subprocess.Popen[str], line: str) -> None:
    if child.stdin is None:
        raise AssertionError("no pipe")
    child.stdin.write(line)
    child.stdin.flush()
