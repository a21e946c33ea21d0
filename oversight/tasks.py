"""Counting started by the clock. It may run twice, late, or in several workers at once."""

from celery import shared_task

from oversight import services

# A task gives way after so many batches: what is left waits for the next turn of the clock.
BATCHES = 40


@shared_task(name="oversight.tasks.count_events")
def count_events(**_: object) -> int:
    counted = 0
    for _batch in range(BATCHES):
        looked_at = services.count_events()
        if not looked_at:
            break
        counted += looked_at
    return counted
