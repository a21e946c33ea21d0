"""`python -m tests.services_answer`: are PostgreSQL and Redis there? Says what to do if not."""

import os
import sys

from tests.machine import postgres_of, redis_answers


def main():
    postgres, redis = os.environ["DATABASE_URL"], os.environ["CELERY_BROKER_URL"]
    connection = postgres_of(postgres)
    if connection is None:
        sys.exit(
            f"PostgreSQL does not answer at {postgres}. Start one, or say where: POSTGRES_URL=…"
        )
    connection.close()
    if not redis_answers(redis):
        sys.exit(f"Redis does not answer at {redis}. Start one, or say where: REDIS_URL=…")


if __name__ == "__main__":
    main()
