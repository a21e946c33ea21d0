"""The parts of the benchmark that say what the numbers mean; no time is judged here."""

import os
import subprocess
import sys
from pathlib import Path

from bench import archive, machine
from bench.__main__ import KEYS

ROOT = Path(__file__).resolve().parents[2]


def test_the_keys_of_the_result():
    assert KEYS == (
        "route_backlog",
        "created_to_routed_p95",
        "locate",
        "deadlines_per_s",
        "case_list_p95",
        "search_p95",
        "my_tasks_p95",
        "case_page_p95",
        "indicator_page_p95",
        "morning_page_p95",
        "consultation_list_p95",
        "consultation_page_p95",
        "coverage_2900_grids",
        "duty_matrix",
        "replay_10000",
        "who_is_my_grid_worker_per_s",
        "export_rows",
        "postings",
        "votes_per_s",
        "signups_per_s",
        "callout_10000",
        "money_flow_p95",
        "classifier",
        "peak_memory_web",
        "peak_memory_worker",
    )


def test_a_percentile_is_a_value_that_was_measured():
    values = [float(value) for value in range(100)]
    assert machine.percentile(values) == 95
    assert machine.percentile(values, 0.5) == 50
    assert machine.percentile([7.0]) == 7


def test_the_peak_of_a_process_is_told_in_megabytes():
    assert 5 < machine.peak_memory(os.getpid()) < 100_000


def test_the_bench_says_how_it_is_asked():
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--help"], cwd=ROOT, capture_output=True, check=True
    )
    assert b"--only" in done.stdout
    assert done.stderr == b""


def test_a_step_answers_in_json(tmp_path):
    env = machine.environment(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path / 'none.sqlite3'}")
    assert machine.step("machine.percentile", env=env, values=[1, 2, 3], share=0.5) == 2


def test_copies_of_the_archive_go_back_in_time_and_below_nought():
    cases = archive.TABLES[0]
    step = {"cases_case": 10_000}
    assert archive._value(cases, "id", "bigint", 2, step) == "id - 20000"
    assert archive._value(cases, "ended_at", "timestamp with time zone", 2, step) == (
        "ended_at - interval '184 days'"
    )
    assert archive._value(cases, "client_key", "character varying", 2, step) == "NULL"
    assert archive._value(cases, "title", "character varying", 2, step) == '"title"'


def test_every_row_that_is_copied_names_the_rows_that_are_copied_with_it():
    names = {table.name for table in archive.TABLES}
    named = {target for table in archive.TABLES for target in table.keys.values()}
    assert named <= names
    assert sorted(names - named) == [
        "cases_casesearch",
        "cases_eventnote",
        "cases_phonekey",
        "cases_photo",
        "cases_reporter",
    ]
