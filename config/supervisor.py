"""Web, worker and clock as children of one process: started, restarted and ended together."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TextIO

PR_SET_PDEATHSIG = 1
SECONDS_TO_END = 15.0
LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 10.0


def _end_with_parent() -> None:
    """On Linux: the child is told to end when the supervisor dies without saying so."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """A command that should always run. Its own session: Ctrl-C reaches the supervisor only."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[str] | None = None
    started_at: float = 0.0
    pause: float = 0.0
    not_before: float = 0.0

    def start(self, cwd: Path, say: Callable[[str, str], None]) -> None:
        self.process = subprocess.Popen(  # noqa: S603 -- our own commands
            self.command,
            cwd=cwd,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 -- before any thread of ours holds a lock
        )
        self.started_at = time.monotonic()
        threading.Thread(target=self._pass_on, args=(self.process, say), daemon=True).start()

    def _pass_on(self, process: subprocess.Popen[str], say: Callable[[str, str], None]) -> None:
        for line in process.stdout or ():
            say(self.name, line.rstrip())

    def bury(self, now: float) -> None:
        """After a death: tidy up, and wait longer the sooner it came."""
        self.kill_group()
        self.process = None
        longer = min(LONGEST_PAUSE, max(1.0, self.pause * 2))
        self.pause = 0.5 if now - self.started_at > HEALTHY_AFTER else longer
        self.not_before = now + self.pause

    def kill_group(self) -> None:
        """End what a dead main process has left behind."""
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


class Supervisor:
    """Keeps the children running until SIGINT or SIGTERM; then ends them, workers gently."""

    def __init__(self, children: Sequence[Child], *, cwd: Path, out: TextIO) -> None:
        self.children = children
        self.cwd = cwd
        self.out = out
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.width = max(len(child.name) for child in children)

    def say(self, name: str, line: str) -> None:
        with self.lock:
            self.out.write(f"{name:<{self.width}} | {line}\n")
            self.out.flush()

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.stop)
        try:
            while not self.stopping.is_set():
                for child in self.children:
                    self._keep(child)
                self.stopping.wait(0.2)
        finally:
            self._end_all()

    def _keep(self, child: Child) -> None:
        now = time.monotonic()
        if child.process and child.process.poll() is not None:
            code = child.process.returncode
            child.bury(now)
            self.say(child.name, f"ended with {code}; starts again in {child.pause:g} s")
        if child.process is None and now >= child.not_before:
            child.start(self.cwd, self.say)

    def _end_all(self) -> None:
        for child in self.children:
            if child.process:
                child.process.terminate()
        deadline = time.monotonic() + SECONDS_TO_END
        for child in self.children:
            if child.process:
                with suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.1, deadline - time.monotonic()))
            child.kill_group()
