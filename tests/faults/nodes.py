"""Real worker nodes and the clock: started, watched, killed, started again."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1
ROOT = Path(__file__).resolve().parents[2]
CELERY = (sys.executable, "-m", "tests.faults.worker")


def die_with_parent():
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Node:
    """A process of Celery in a session of its own, so that its pool dies and is counted with it."""

    def __init__(self, folder, name, arguments):
        self.folder, self.name, self.arguments = folder, name, arguments
        self.process = None
        self.ended_by_itself = 0

    def start(self):
        with (self.folder / "logs" / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*CELERY, *self.arguments],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509 -- no threads here
            )
        (self.folder / "groups" / str(self.process.pid)).touch()

    @property
    def is_ready(self):
        return (
            self.process is not None
            and self.process.poll() is None
            and (self.folder / "ready" / str(self.process.pid)).exists()
        )

    def tend(self):
        """Start again what has ended; one that nobody killed is counted."""
        if self.process is not None and self.process.poll() is not None:
            self.ended_by_itself += 1
            self.kill()
            self.start()

    def kill(self):
        """SIGKILL to main process and pool at once."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            (self.folder / "groups" / str(self.process.pid)).unlink(missing_ok=True)
            self.process = None

    def kill_and_start(self):
        self.kill()
        self.start()


def worker_node(folder, number, concurrency):
    return Node(
        folder,
        f"worker{number}",
        [
            "worker", "--concurrency", str(concurrency), "--hostname", f"faults{number}@%h",
            "--without-gossip", "--without-mingle",
        ],
    )  # fmt: skip


def clock_node(folder):
    return Node(folder, "clock", ["beat", "--pidfile="])


def kill_left_behind(folder):
    """Groups that a run which was itself killed could not end."""
    for file in (folder / "groups").glob("*"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(int(file.name), signal.SIGKILL)


def wait_until(is_true, *, seconds, meanwhile):
    """Whether it came true in time; `meanwhile` is called again and again."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_true():
            return True
        meanwhile()
        time.sleep(0.05)
    return bool(is_true())
