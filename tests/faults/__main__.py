"""`python -m tests.faults`: on each platform the run, then the same with a guard taken away."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.guards import MUTANTS
from tests.faults.nodes import kill_left_behind
from tests.faults.platforms import PLATFORMS, ROOT

FULL = {"cases": 2_000, "kills": 10, "purges": 3}
SHORT = {"cases": 300, "kills": 3, "purges": 1}
WITH_MUTANT = {"cases": 500, "kills": 5, "purges": 2}
LONGEST_RUN = 900
SHOWN = 3
COLUMNS = {
    "platform": 9,
    "guard taken away": 17,
    "cases": 6,
    "desks": 6,
    "refused": 8,
    "kills": 6,
    "purges": 7,
    "wait": 8,
    "time": 7,
    "outcome": 0,
}


@dataclass
class Outcome:
    """What a run found: name of check → findings."""

    platform: str
    mutant: str = ""
    figures: dict = field(default_factory=dict)
    checks: dict = field(default_factory=dict)
    trouble: str = ""
    err: str = ""

    @property
    def found(self):
        return {name: rows for name, rows in self.checks.items() if rows}

    @property
    def must_hold(self):
        """Without a mutant, and with one that takes away what this platform does not need."""
        return not self.mutant or bool(
            self.platform == "sqlite" and MUTANTS[self.mutant].same_on_sqlite
        )

    @property
    def passed(self):
        if self.trouble:
            return False
        if self.must_hold:
            return not self.found
        return bool(MUTANTS[self.mutant].noticed_by & self.found.keys())

    def says(self):
        count = len(self.found)
        if self.trouble:
            return f"FAILED: {self.trouble}"
        if self.must_hold:
            why = " (as it must: not needed here)" if self.mutant else ""
            return f"FAILED: {count} checks" if count else f"holds{why}"
        return f"fails, as it must ({count} checks)" if self.passed else "FAILED: unnoticed"


def play(platform, folder, options, mutant=""):
    """One run in a process of its own; its folder is its whole world."""
    for name in ("orders", "taken", "ready", "groups", "logs", "var"):
        (folder / name).mkdir(parents=True)
    environment = platform.begin(folder) | {"FAULTS_DIR": str(folder), "FAULTS_MUTANT": mutant}
    sizes = [f"--{name}={getattr(options, name)}" for name in (*FULL, "seed")]
    pools = [f"--nodes={platform.nodes}", f"--concurrency={platform.concurrency}"]
    command = [sys.executable, "-m", "tests.faults.one", *sizes, *pools, f"--mutant={mutant}"]
    outcome = Outcome(platform.name, mutant)
    with ExitStack() as stack:
        stack.callback(platform.end)
        stack.callback(kill_left_behind, folder)
        err = stack.enter_context((folder / "err").open("w+"))
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=err)
        stack.callback(_end, process)
        try:
            code = process.wait(LONGEST_RUN)
        except subprocess.TimeoutExpired:
            outcome.trouble = f"not done within {LONGEST_RUN} s"
            return outcome
    outcome.err = (folder / "err").read_text()
    if code:
        outcome.trouble = f"the run ended with {code}"
        return outcome
    answer = json.loads((folder / "answer.json").read_text())
    outcome.figures, outcome.checks = answer["figures"], answer["checks"]
    return outcome


def _end(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def show(outcome):
    """One row, and under it what was found."""
    figures = outcome.figures
    if not outcome.passed and outcome.err:
        print(outcome.err)
    row = (
        outcome.platform,
        outcome.mutant or "-",
        figures.get("cases", "-"),
        figures.get("dispatched", "-"),
        figures.get("refused", "-"),
        figures.get("killed", "-"),
        figures.get("emptied", "-"),
        f"{figures.get('longest_wait', 0):.1f} s",
        f"{figures.get('seconds', 0):.0f} s",
        outcome.says(),
    )
    print(_line(row))
    for name, rows in outcome.found.items():
        print(f"    {name}: {len(rows)}, e.g. {rows[0]}")
        for extra in rows[1:SHOWN] if outcome.must_hold else ():
            print(f"        {extra}")
    if not outcome.mutant and figures:
        print(
            f"    {figures['closed']} were handled and closed meanwhile; "
            f"{figures['left_to_the_sweep']} waited when the broker was emptied last; "
            f"median wait {figures['median_wait']:.2f} s; "
            f"clients tried again {figures['retried']} times; "
            f"nodes ended by themselves {figures['ended_by_themselves']} times"
        )
    sys.stdout.flush()


def _line(row):
    pairs = zip(row, COLUMNS.values(), strict=True)
    return " ".join(f"{value!s:<{width}}" for value, width in pairs).rstrip()


def parse():
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--short", action="store_true", help="the same in less than 3 minutes")
    parser.add_argument("--only", choices=sorted(PLATFORMS), help="one platform")
    parser.add_argument("--mutant", choices=sorted(MUTANTS), help="only with this guard taken away")
    parser.add_argument("--cases", type=int, help="cases created in a run")
    parser.add_argument("--kills", type=int, help="SIGKILLs in a run")
    parser.add_argument("--purges", type=int, help="how often the broker is emptied")
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--no-mutants", action="store_true", help="only what must hold")
    options = parser.parse_args()
    options.short = options.short or os.environ.get("CI", "").lower() in {"1", "true", "yes"}
    return options


def plan(options):
    """(platform, mutant) of each run."""
    names = [options.only] if options.only else list(PLATFORMS)
    if options.mutant:
        return [(name, options.mutant) for name in names]
    held = [(name, "") for name in names]
    if options.no_mutants:
        return held
    if options.short:
        return held + [("postgres", "claim-bare") for name in names if name == "postgres"]
    return held + [
        (name, mutant)
        for name in reversed(names)
        for mutant, row in MUTANTS.items()
        if not (row.drops_constraints and row.same_on_sqlite and name == "sqlite")
    ]


def sized(options, mutant):
    """The sizes asked for; else those of this kind of run."""
    usual = SHORT if options.short else WITH_MUTANT if mutant else FULL
    given = {name: getattr(options, name) for name in FULL}
    sizes = {name: usual[name] if value is None else value for name, value in given.items()}
    return argparse.Namespace(seed=options.seed, **sizes)


# Runs of their own before the nodes are killed: module → what it plays.
ASIDE = {
    "ballots": "votes, check-ins and a stage that is left, 8 processes",
    "contradictions": "contradicting moves, 8 processes",
    "mutual": "check-ins, wishes and the time bank, 8 processes",
    "places": "sign-ups, waiting lists and offers, 8 processes",
    "repeats": "telephones that send again and again, 8 processes, half of them killed",
}


def aside(platform, folder, rounds, name):
    """Eight processes at a time, with a database of their own, as every run."""
    folder.mkdir(parents=True)
    environment = platform.begin(folder) | {"FAULTS_ROUNDS": str(rounds)}
    command = [sys.executable, "-m", f"tests.faults.{name}"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    platform.end()
    outcome = Outcome(platform.name, err=done.stderr)
    rows = done.stdout.split("\n") if done.stdout.strip() else []
    outcome.checks = {name: rows}
    if done.returncode and not rows:
        outcome.trouble = f"the {name} ended with {done.returncode}"
    print(f"{platform.name}: {ASIDE[name]}, {rounds} rounds: {outcome.says()}")
    for line in [*rows, *(outcome.err.splitlines() if outcome.trouble else [])]:
        print(f"    {line}")
    sys.stdout.flush()
    return outcome


def main():
    options = parse()
    runs = plan(options)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where a shell ignores it
    began, outcomes = time.monotonic(), []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gongzhi-faults-")))
        ready = {}
        print(_line(COLUMNS))
        for number, (name, mutant) in enumerate(runs):
            if name not in ready:
                ready[name] = prepared(name, folder, stack)
                if ready[name] is not None and not options.mutant:
                    rounds = 1 if options.short else 10
                    outcomes += [
                        aside(ready[name], folder / f"{name}-{module}", rounds, module)
                        for module in ASIDE
                    ]
            if ready[name] is None:
                outcomes.append(Outcome(name, mutant, trouble="cannot run here"))
            else:
                here = folder / str(number)
                outcomes.append(play(ready[name], here, sized(options, mutant), mutant))
            show(outcomes[-1])
    for mutant in dict.fromkeys(outcome.mutant for outcome in outcomes if outcome.mutant):
        print(f"{mutant}: {MUTANTS[mutant].says}")
    passed = sum(outcome.passed for outcome in outcomes)
    print(f"in {time.monotonic() - began:.0f} s: {passed} passed, {len(outcomes) - passed} failed")
    sys.exit(0 if passed == len(outcomes) else 1)


def prepared(name, folder, stack):
    """The platform with its empty database, or None with the reason printed."""
    platform = PLATFORMS[name](folder / name)
    if reason := platform.missing():
        print(f"{name}: cannot run here. {reason}")
        return None
    stack.callback(platform.close)
    platform.prepare()
    return platform


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
