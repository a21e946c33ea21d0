"""Two databases asked in turn, so that whatever else the machine does disturbs both alike."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

from bench.machine import ROOT, percentile, say

KEYS = (
    "case_list_p95", "search_p95", "my_tasks_p95", "case_page_p95", "indicator_page_p95",
    "morning_page_p95",
)  # fmt: skip
AIMS = {"search_p95": "< 300"}
Taken = dict[str, list[float]]


@contextmanager
def visitor(env: Mapping[str, str], seed: int) -> Iterator["Visitor"]:
    process = subprocess.Popen(  # noqa: S603 -- our own command
        [sys.executable, "-m", "bench.step", "pages.answer_rounds", json.dumps({"seed": seed})],
        cwd=ROOT,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    if process.stdin is None or process.stdout is None:
        raise AssertionError("no pipes")
    try:
        yield Visitor(process.stdin, process.stdout)
    finally:
        process.stdin.close()
        process.wait(30)


class Visitor:
    """A process that asks all addresses once whenever it is told to."""

    def __init__(self, tell: IO[str], hear: IO[str]) -> None:
        self._tell, self._hear = tell, hear
        self.about: dict[str, Any] = json.loads(hear.readline())
        self.taken: Taken = {}

    def visit(self, *, counted: bool) -> None:
        self._tell.write("round\n")
        self._tell.flush()
        for key, values in json.loads(self._hear.readline()).items():
            if counted:
                self.taken.setdefault(key, []).extend(values)


def compare(
    small: Mapping[str, str], large: Mapping[str, str], *, seed: int, rounds: int
) -> dict[str, dict[str, Any]]:
    """p95 in milliseconds at both sizes by key, after two rounds that are not counted."""
    with visitor(small, seed) as few, visitor(large, seed) as many:
        for number in range(rounds + 2):
            for each in (few, many) if number % 2 else (many, few):
                each.visit(counted=number >= 2)
        say(f"  {few.about['cases']:,} and {many.about['cases']:,} cases, {rounds} rounds")
        return {key: _result(few, many, key) for key in KEYS}


def _result(few: Visitor, many: Visitor, key: str) -> dict[str, Any]:
    at_few, at_many = percentile(few.taken[key]), percentile(many.taken[key])
    return {
        "value": round(at_many, 1),
        "unit": "ms",
        "floor": round(at_few, 1),
        "ratio": round(at_many / at_few, 2),
        "aim": AIMS.get(key, "ratio ≤ 1.3"),
        "cases": many.about["cases"],
        "floor_cases": few.about["cases"],
        "median": round(percentile(many.taken[key], 0.5), 1),
        "floor_median": round(percentile(few.taken[key], 0.5), 1),
    }
