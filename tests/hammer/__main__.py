"""`python -m tests.hammer`: on both databases the run, then the same with a guard taken away."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.hammer.noticing import NOTICED_BY, SAYS
from tests.hammer.servers import ROOT, SERVERS

FULL = {"seconds": 20.0, "stops": 3, "mutant_seconds": 6.0}
SHORT = {"seconds": 4.0, "stops": 1, "mutant_seconds": 2.0}


def main():
    options = parse()
    sizes = SHORT if options.short else FULL
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the cluster is stopped
    began, failed = time.monotonic(), 0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gongzhi-hammer-")))
        for kind in SERVERS:
            if options.only in {None, kind.name}:
                failed += sum(not passed for passed in on_server(kind, folder, sizes, stack))
    for mutant, words in SAYS.items():
        print(f"without the {mutant}: {words}")
    print(f"ledger hammer: {failed} failed, in {time.monotonic() - began:.0f} s")
    sys.exit(1 if failed else 0)


def parse():
    parser = argparse.ArgumentParser(prog="python -m tests.hammer", description=__doc__)
    parser.add_argument("--short", action="store_true", help="less than 40 seconds")
    parser.add_argument("--only", choices=[kind.name for kind in SERVERS], help="one database")
    options, _others = parser.parse_known_args()
    options.short = options.short or os.environ.get("CI", "").lower() in {"1", "true", "yes"}
    return options


def on_server(kind, folder, sizes, stack):
    """Whether each run on this database ended as it must."""
    home = folder / kind.name
    home.mkdir()
    folder.chmod(0o755)
    server = kind(home)
    if reason := server.missing():
        print(f"{kind.name}: cannot run here. {reason}")
        yield False
        return
    stack.callback(server.close)
    server.prepare()
    yield run(server, home, "", sizes["seconds"], sizes["stops"])
    for mutant in NOTICED_BY:
        yield run(server, home, mutant, sizes["mutant_seconds"], 0)


def run(server, home, mutant, seconds, stops):
    """One run; True where it holds, or with a mutant is caught."""
    place = home / (mutant or "held")
    place.mkdir()
    environment = server.fresh(f"hammer_{mutant or 'held'}")
    answer = place / "answer.json"
    command = [
        sys.executable, "-m", "tests.hammer.one", f"--seconds={seconds}", f"--mutant={mutant}",
        f"--stops={stops if server.restart else 0}", f"--restart={json.dumps(server.restart)}",
        f"--answer={answer}",
    ]  # fmt: skip
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    told = json.loads(answer.read_text()) if answer.exists() else {"figures": {}, "found": {}}
    passed = code == 0 and ends_as_it_must(mutant, told["found"])
    say(server, mutant, told, passed)
    return passed


def ends_as_it_must(mutant, found):
    return not found if not mutant else bool(NOTICED_BY[mutant] & found.keys())


def say(server, mutant, told, passed):
    figures = told["figures"]
    what = f"without the {mutant}" if mutant else "as it is"
    words = "holds" if passed and not mutant else "fails, as it must" if passed else "FAILED"
    print(
        f"{server.name:9} {what:24} {figures.get('postings', 0):7} postings "
        f"{figures.get('killed', 0):4} killed {figures.get('stopped', 0)} stops   {words}"
    )
    for name, rows in told["found"].items():
        print(f"    {name}: {rows[0]}")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
