"""Runs one step: `python -m bench.step MODULE.FUNCTION '{"argument": …}'`; prints its answer."""

import importlib
import json
import sys

import django


def main() -> None:
    django.setup()
    module, _, function = sys.argv[1].rpartition(".")
    answer = getattr(importlib.import_module(f"bench.{module}"), function)(
        **json.loads(sys.argv[2])
    )
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
