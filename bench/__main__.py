"""`python -m bench`: measures, and prints one JSON object."""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench import rounds
from bench.machine import ROOT, say
from bench.measures import Bench, Result

SINGLE: dict[str, Callable[[Bench], Result]] = {
    "route_backlog": Bench.route_backlog,
    "created_to_routed_p95": Bench.created_to_routed_p95,
    "locate": Bench.locate,
    "deadlines_per_s": Bench.deadlines,
    "coverage_2900_grids": Bench.coverage,
    "duty_matrix": Bench.duty_matrix,
    "replay_10000": Bench.replay_10000,
    "who_is_my_grid_worker_per_s": Bench.who_is_my_grid_worker,
    "export_rows": Bench.export_rows,
    "postings": Bench.postings,
    "votes_per_s": Bench.votes_per_s,
    "signups_per_s": Bench.signups_per_s,
    "callout_10000": Bench.callout_10000,
    "money_flow_p95": Bench.money_flow_p95,
    "classifier": Bench.classifier,
    "peak_memory_web": Bench.peak_memory_web,
    "peak_memory_worker": Bench.peak_memory_worker,
}
# Measured together, over one pair of databases or one database.
TOGETHER: dict[str, Callable[[Bench], dict[str, Result]]] = {
    **dict.fromkeys(rounds.KEYS, Bench.lists),
    **dict.fromkeys(("consultation_list_p95", "consultation_page_p95"), Bench.consultations),
}
KEYS = (*list(SINGLE)[:4], *TOGETHER, *list(SINGLE)[4:])


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="gongzhi-bench-") as fresh:
        folder = ROOT / "var" / "bench" if options.reuse or options.keep else Path(fresh)
        folder.mkdir(parents=True, exist_ok=True)
        bench = Bench(folder, cases=options.cases, seed=options.seed, reuse=options.reuse)
        try:
            result = measure(bench, options.only or KEYS)
        finally:
            if not options.keep:
                bench.drop_all()
    print(json.dumps(result, ensure_ascii=False, indent=2))


def measure(bench: Bench, wanted: tuple[str, ...]) -> dict[str, Result]:
    found: dict[str, Result] = {}
    for key in KEYS:
        if key not in wanted or key in found:
            continue
        say(f"{time.strftime('%H:%M:%S')} {key}")
        found |= {key: SINGLE[key](bench)} if key in SINGLE else TOGETHER[key](bench)
    return {key: found[key] for key in KEYS if key in wanted}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=KEYS, metavar="KEY", help=", ".join(KEYS))
    parser.add_argument("--cases", type=int, default=1_000_000, help="in the large database")
    parser.add_argument("--seed", type=int, default=441900)
    parser.add_argument("--keep", action="store_true", help="leave the databases for the next run")
    parser.add_argument("--reuse", action="store_true", help="use databases that were left")
    return parser.parse_args()


if __name__ == "__main__":
    main()
