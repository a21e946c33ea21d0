"""Prepare a fresh machine: `python3 config/set_up.py`. Quick when there is nothing to do.

Runs before anything is installed, so it uses the standard library only. Every step is keyed on
the contents it depends on; the keys lie beside what they made.
"""

from __future__ import annotations  # an older Python must get as far as being told so

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = (ROOT / os.environ.get("VENV", ".venv")).resolve()
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
OLDEST, NEWEST, OLDEST_NODE = (3, 11), (3, 13), 20


def tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def stop(text: str) -> None:
    raise SystemExit(f"{text}\n")


def run(*command: str | Path, **environment: str) -> None:
    """Run quietly in the project's folder; on failure show what it said, and stop."""
    done = subprocess.run(  # noqa: S603 -- our own commands
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        stop(f"{done.stdout}{done.stderr}\nThis failed: {' '.join(map(str, command))}")


def key_of(paths: Iterable[Path], *more: str) -> str:
    digest = hashlib.sha256("\0".join(more).encode())
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_done(stamp: Path, key: str) -> bool:
    return stamp.is_file() and stamp.read_text() == key


def check_python() -> None:
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        mine = ".".join(map(str, sys.version_info[:3]))
        stop(
            f"Gongzhi runs on Python 3.11, 3.12 or 3.13; this is {mine}.\n"
            "Name another one: make PYTHON=python3.12 …"
        )


def make_venv() -> None:
    if PYTHON.exists():
        return
    try:
        import ensurepip  # noqa: F401, PLC0415 -- Debian leaves it out, and then venv fails half-way
        import venv  # noqa: PLC0415 -- the same
    except ImportError:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        stop(
            "Python's venv module is missing. Install it, then try again:\n"
            f"    sudo apt-get install python{version}-venv"
        )
    tell(f"Making the virtual environment {VENV}")
    venv.create(VENV, with_pip=True)


def install_locked(lock: Path) -> None:
    """Install what a lock file names and nothing else.

    The lock is complete, so pip need not look for what the packages need: asked to, it takes
    `coverage[toml]` for another package than the locked `coverage` as soon as a newer one is out.
    """
    options = ("--quiet", "--no-deps", "--require-hashes")
    run(PYTHON, "-m", "pip", "install", *options, "--requirement", lock)


def install_python_packages() -> None:
    lock = ROOT / "requirements" / "dev.txt"
    stamp, key = VENV / ".gongzhi-python", key_of([lock])
    if is_done(stamp, key):
        return
    tell("Installing Python packages (about a minute)")
    install_locked(lock)
    stamp.write_text(key)


def node_version(node: str) -> int:
    """The major version of a Node.js, 0 when it does not answer."""
    with suppress(OSError, ValueError):
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 -- found on the path
        return int(answer.stdout.strip().removeprefix("v").split(".")[0])
    return 0


def find_npm() -> tuple[str | Path, str]:
    """npm and the PATH under which it finds its Node.js: the machine's, else one from PyPI."""
    path = os.environ.get("PATH", "")
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_version(node) >= OLDEST_NODE:
        return npm, path
    bin_dir = VENV / "bin"
    if not (bin_dir / "npm").exists():
        tell(f"Installing Node.js from PyPI (this machine has none from {OLDEST_NODE} on)")
        lock = ROOT / "requirements" / "node.txt"
        install_locked(lock)
    return bin_dir / "npm", f"{bin_dir}{os.pathsep}{path}"


def install_npm_packages() -> None:
    stamp = NODE_MODULES / ".gongzhi-npm"
    key = key_of([ROOT / "package.json", ROOT / "package-lock.json"])
    if is_done(stamp, key):
        return
    npm, path = find_npm()
    tell("Installing what the browser gets (some seconds)")
    run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", PATH=path)
    stamp.write_text(key)


def compile_translations() -> None:
    stamp = VENV / ".gongzhi-translations"
    sources = sorted([*ROOT.glob("*/locale/*/*/*.po"), *ROOT.glob("locale/*/*/*.po")])
    key = key_of(sources, str(ROOT))
    if is_done(stamp, key) and all(path.with_suffix(".mo").exists() for path in sources):
        return
    run(PYTHON, "-m", "config.translations", "compile")
    stamp.write_text(key)


def main() -> None:
    check_python()
    VENV.parent.mkdir(parents=True, exist_ok=True)
    with VENV.with_name(f"{VENV.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two `make` at once must not install over each other
        make_venv()
        install_python_packages()
        install_npm_packages()
        compile_translations()


if __name__ == "__main__":
    main()
