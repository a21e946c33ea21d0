"""`python -m tests.faults.worker worker|beat …`: Celery with probes, and a mutant if one is asked.

The product knows nothing of it: what is changed here is changed in this process only.
"""

import os
import sys
from pathlib import Path

import django
from celery.signals import worker_ready

from config.celery import app

SECONDS_BETWEEN_SWEEPS = 1.0


def main():
    django.setup()
    from tests.faults import mutants, probes

    folder = Path(os.environ["FAULTS_DIR"])
    mutants.apply(os.environ.get("FAULTS_MUTANT", ""))
    probes.install(folder)
    # Nothing but the sweep: it alone finds what an emptied broker has lost.
    sweep = app.conf.beat_schedule["cases.tasks.sweep"]
    app.conf.beat_schedule = {"cases.tasks.sweep": {**sweep, "schedule": SECONDS_BETWEEN_SWEEPS}}

    @worker_ready.connect(weak=False)
    def tell(**_):
        (folder / "ready" / str(os.getpid())).touch()

    app.start(sys.argv[1:])


if __name__ == "__main__":
    main()
