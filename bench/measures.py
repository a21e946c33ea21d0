"""The measurements by the keys of the result."""

import os
from contextlib import closing
from pathlib import Path
from typing import Any

import redis

from bench import old_money, rounds, served, together
from bench.machine import ROOT, broker_url, manage, say, step
from bench.prepared import SMALL, Prepared

# Messages of residents that are not ours to give: measured where they lie beside the project.
DATA = Path(os.environ.get("GONGZHI_DATA", ROOT.parent / "shared" / "data"))
MESSAGES = DATA / "complaints"
GRIDS = 10_000
CITY_GRIDS = 2900
CLASSES = 400
RATE, SECONDS = 20, 20
REQUESTS = 500
PROCESSES, POSTING_SECONDS = 4, 6.0
# How many lines money is kept on, and how many reservations one transaction makes: a person's one
# on a line that everybody uses, one anywhere, and a router's batch.
POSTINGS = {
    "one": {"lines": 1, "batch": 1},
    "spread": {"lines": 100, "batch": 1},
    "batch": {"lines": 100, "batch": 50},
}
ENTRIES = 1_000_000
CONSULTATIONS, OPINIONS = 10_000, 1_000_000
CALLED = 10_000
ROUNDS = 5
Result = dict[str, Any]


class Bench(Prepared):
    """What is measured, by the keys of the result."""

    def route_backlog(self) -> Result:
        self.filled()
        routed = step("backlog.route", env=self.copy("routed", "filled"))
        self.copy("floor", "filled")
        written = step("backlog.write_again", env=self.env("floor"), routed="routed", fresh="floor")
        return {
            "value": round(routed["rate"]),
            "unit": "cases/s",
            "floor": round(written["rate"]),
            "ratio": round(routed["rate"] / written["rate"], 2),
            "aim": "ratio ≥ 0.3",
            "routed": routed["routed"],
            "matched": routed["matched"],
            "cpu_seconds": round(routed["cpu_seconds"], 2),
            "batches": routed["batches"],
            "rows": written["rows"],
        }

    def created_to_routed_p95(self) -> Result:
        asked = {"rate": RATE, "seconds": SECONDS, "seed": self.seed, "concurrency": 2}
        self.town()
        say("  PostgreSQL and Redis")
        empty_broker()
        postgres = step("wave.measure", env=self.copy("wave", "town"), **asked)
        empty_broker()
        say("  SQLite and a broker of files")
        sqlite = step("wave.measure", env=self.embedded(), **asked)
        found = {"postgres_redis": postgres, "sqlite_files": sqlite}
        return {
            "value": {name: round(result["p95"], 3) for name, result in found.items()},
            "unit": "s",
            "aim": "< 1",
            "median": {name: round(result["p50"], 3) for name, result in found.items()},
            "most": {name: round(result["most"], 3) for name, result in found.items()},
            "cases": RATE * SECONDS,
            "behind": {name: round(result["behind"], 2) for name, result in found.items()},
        }

    def locate(self) -> Result:
        found = step("places.measure", env=self.embedded_reference(), grids=GRIDS, seed=self.seed)
        return {
            "value": round(found["alone"]),
            "unit": "points/s",
            "aim": "≥ 50,000",
            "per_cpu_second": round(found["per_cpu_second"]),
            "together": round(found["together"]),
            "grids": found["grids"],
            "found": found["found"],
        }

    def coverage(self) -> Result:
        """A check of everything in a city of 2,900 grids, and one after a single change."""
        found = step(
            "coverage.measure", env=self.embedded_reference(), grids=CITY_GRIDS, seed=self.seed
        )
        return {
            "value": round(found["full"], 2),
            "unit": "s",
            "aim": "< 20",
            "cpu_seconds": round(found["cpu_seconds"], 2),
            "after_one_change": round(found["again"], 2),
            "grids": found["grids"],
            "gaps_and_overlaps": found["flaws"],
            "visits_planned": found["planned"],
            "planning_seconds": round(found["planning"], 2),
        }

    def duty_matrix(self) -> Result:
        """Every small class in every community of the city, and one check after a change."""
        found = step(
            "duties.measure_matrix",
            env=self.embedded_reference(),
            categories=CLASSES,
            seed=self.seed,
        )
        return {
            "value": round(found["full"], 2),
            "unit": "s",
            "aim": "< 30",
            "cpu_seconds": round(found["cpu_seconds"], 2),
            "after_one_change": round(found["again"], 2),
            "combinations": found["combinations"],
            "classes": found["classes"],
            "communities": found["communities"],
            "entries": found["entries"],
        }

    def replay_10000(self) -> Result:
        """What a drafted change of the duty list would do to the last 10,000 cases."""
        self.small()
        found = step("duties.measure_replay", env=self.copy("replayed", "lists"), cases=SMALL)
        return {
            "value": round(found["seconds"], 2),
            "unit": "s",
            "aim": "< 60",
            "cpu_seconds": round(found["cpu_seconds"], 2),
            "cases": found["cases"],
            "would_go_elsewhere": found["differing"],
        }

    def who_is_my_grid_worker(self) -> Result:
        """The public page for points all over the demo town, and the answer alone."""
        env = self.embedded()
        manage("collectstatic", "--no-input", "-v0", env=env)
        found = step("workers.measure", env=env, seed=self.seed)
        return {
            "value": round(found["pages"]),
            "unit": "pages/s",
            "aim": "told",
            "answers": round(found["answers"]),
            "answers_per_cpu_second": round(found["answers_per_cpu_second"]),
            "with_a_worker": found["with_a_worker"],
            "asked": found["asked"],
        }

    def deadlines(self) -> Result:
        found = step("clock.measure", env=self.embedded_reference(), seed=self.seed)
        return {
            "value": round(found["plain"]),
            "unit": "deadlines/s",
            "aim": "told",
            "per_cpu_second": round(found["per_cpu_second"]),
            "paused": round(found["paused"]),
        }

    def lists(self) -> dict[str, Result]:
        small, large = self.small(), self.large()
        manage("collectstatic", "--no-input", "-v0", env=large)
        return rounds.compare(small, large, seed=self.seed, rounds=ROUNDS)

    def export_rows(self) -> Result:
        """A million cases into a CSV file."""
        found = step("export.measure", env=self.large(), format="csv")
        return {
            "value": round(found["rate"]),
            "unit": "rows/s",
            "aim": "peak memory < 200 MB",
            "rows": found["rows"],
            "peak_memory_mb": found["memory"],
            "before_mb": found["memory_before"],
        }

    def postings(self) -> Result:
        """Reservations by services, next to the same statements by hand."""
        self.town()
        found = {
            f"{name}_{said}": {
                how: together.race(
                    env, processes=PROCESSES, how=how, seconds=POSTING_SECONDS, **sizes
                )
                for how in together.WAYS
            }
            for name, env in (
                ("postgres", self.copy("postings", "town")),
                ("sqlite", self.embedded()),
            )
            if step("postings.prepare", env=env)
            for said, sizes in POSTINGS.items()
        }
        return {
            "value": {name: round(rates["services"]) for name, rates in found.items()},
            "unit": "postings/s",
            "floor": {name: round(rates["hand"]) for name, rates in found.items()},
            "ratio": {
                name: round(rates["services"] / rates["hand"], 2) for name, rates in found.items()
            },
            "aim": "ratio ≥ 0.3",
            "processes": PROCESSES,
        }

    def votes_per_s(self) -> Result:
        """The last minute of a secret vote, next to the two statements that a vote is."""
        self.town()
        found = {
            name: {
                how: together.race(
                    env, processes=PROCESSES, work="ballots.work", how=how,
                    seconds=POSTING_SECONDS, of=PROCESSES,
                )
                for how in ("service", "hand")
            }
            for name, env in (
                ("postgres", self.copy("ballots", "town")),
                ("sqlite", self.embedded()),
            )
            if step("ballots.prepare", env=env)
        }  # fmt: skip
        return {
            "value": {name: round(rates["service"]) for name, rates in found.items()},
            "unit": "votes/s",
            "floor": {name: round(rates["hand"]) for name, rates in found.items()},
            "ratio": {
                name: round(rates["service"] / rates["hand"], 2) for name, rates in found.items()
            },
            "aim": "ratio ≥ 0.2",
            "processes": PROCESSES,
        }

    def signups_per_s(self) -> Result:
        """The opening of a popular shift, next to the statements that a sign-up is."""
        self.town()
        found = {
            name: {
                how: together.race(
                    env, processes=PROCESSES, work="signups.work", how=how,
                    seconds=POSTING_SECONDS, of=PROCESSES,
                )
                for how in ("service", "hand")
            }
            for name, env in (
                ("postgres", self.copy("signups", "town")),
                ("sqlite", self.embedded()),
            )
            if step("signups.prepare", env=env)
        }  # fmt: skip
        return {
            "value": {name: round(rates["service"]) for name, rates in found.items()},
            "unit": "sign-ups/s",
            "floor": {name: round(rates["hand"]) for name, rates in found.items()},
            "ratio": {
                name: round(rates["service"] / rates["hand"], 2) for name, rates in found.items()
            },
            "aim": "ratio ≥ 0.05",
            "processes": PROCESSES,
        }

    def callout_10000(self) -> Result:
        """Ten thousand volunteers called out in one wave, on both platforms."""
        self.town()
        found = {
            "postgres": step("callout.measure", env=self.copy("callout", "town"), people=CALLED),
            "sqlite": step("callout.measure", env=self.embedded(), people=CALLED),
        }
        return {
            "value": {name: round(row["first"], 2) for name, row in found.items()},
            "unit": "s to the first message queued",
            "aim": "< 10",
            "all": {name: round(row["all"], 2) for name, row in found.items()},
            "cpu_seconds": {name: round(row["cpu_seconds"], 2) for name, row in found.items()},
            "called": CALLED,
        }

    def money_flow_p95(self) -> Result:
        """The public flow of money over a ledger of a million entries."""
        self.small()

        def make(name: str) -> None:
            self.databases.make(name, like="lists")
            with closing(self.databases.open(name)) as connection:
                old_money.multiply(connection, entries=ENTRIES)

        env = self.want("flow", make)
        manage("collectstatic", "--no-input", "-v0", env=env)
        found = step("flow.measure", env=env, seed=self.seed, rounds=ROUNDS)
        return {
            "value": round(found["flow"], 1),
            "unit": "ms",
            "aim": "< 200",
            "median": round(found["flow_median"], 1),
            "line_page": round(found["line"], 1),
            "entries": found["entries"],
        }

    def consultations(self) -> dict[str, Result]:
        """The public list and pages over 10,000 consultations with a million opinions."""
        self.town()

        def make(name: str) -> None:
            self.databases.make(name, like="town")
            sizes = {"consultations": CONSULTATIONS, "opinions": OPINIONS}
            step("opinions.fill", env=self.env(name), **sizes)

        env = self.want("voices", make)
        manage("collectstatic", "--no-input", "-v0", env=env)
        found = step("opinions.measure", env=env, seed=self.seed, rounds=ROUNDS)
        sizes = {"consultations": found["consultations"], "opinions": found["said"]}
        told = {"unit": "ms", "aim": "< 200"}
        return {
            "consultation_list_p95": {
                "value": round(found["list"], 1), **told,
                "median": round(found["list_median"], 1), **sizes,
            },
            "consultation_page_p95": {
                "value": round(found["page"], 1), **told,
                "median": round(found["page_median"], 1),
                "opinions_p95": round(found["opinions"], 1),
                "opinions_median": round(found["opinions_median"], 1), **sizes,
            },
        }  # fmt: skip

    def classifier(self) -> Result:
        """Skipped, with the reason, where the messages are not there."""
        files = [MESSAGES / name for name in ("train_segmented.csv", "dev_raw.csv")]
        if not all(file.exists() for file in files):
            return {"value": None, "skipped": f"{MESSAGES} is not there"}
        train, judge = map(str, files)
        found = step("words.measure", env=self.embedded_reference(), train=train, judge=judge)
        return {
            "value": found["macro_f1"],
            "unit": "macro-F1",
            "aim": "≥ 0.87 on the 300 raw messages",
            **{name: round(figure, 4) for name, figure in found.items()},
        }

    def peak_memory_web(self) -> Result:
        env = self.large()
        manage("collectstatic", "--no-input", "-v0", env=env)
        found = served.peak_of_web(env, requests=REQUESTS, seed=self.seed)
        return {
            "value": found["worker"],
            "unit": "MB",
            "aim": "told",
            "requests": REQUESTS,
        }

    def peak_memory_worker(self) -> Result:
        self.filled()
        empty_broker()
        found = step("wave.peak_after_backlog", env=self.copy("memory", "filled"))
        empty_broker()
        return {"value": found["pool"], "unit": "MB", "aim": "told", "main": found["main"]}


def empty_broker() -> None:
    with redis.Redis.from_url(broker_url()) as server:
        server.flushdb()
