"""`python -m tests.faults.one …`: one run, in the process that `python -m tests.faults` starts."""

import django

django.setup()

from tests.faults import run  # noqa: E402 -- its models need the set-up

run.main()
