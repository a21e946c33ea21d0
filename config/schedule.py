"""What the clock starts, and when. A task that a broker lost is found by the next one."""

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    # What a lost message left behind waits no longer than this.
    "cases-sweep": {
        "task": "cases.tasks.sweep",
        "schedule": 5.0,
        "options": {"expires": 60},
    },
    "cases-keep-dates": {
        "task": "cases.tasks.keep_dates",
        "schedule": 60.0,
        "options": {"expires": 300},
    },
    "funding-expire-holds": {
        "task": "funding.tasks.expire_holds",
        "schedule": crontab(minute="*/10"),
    },
    "funding-check-ledger": {
        "task": "funding.tasks.check_ledger",
        "schedule": crontab(hour=2, minute=40),
    },
    "cases-ask-residents": {
        "task": "cases.tasks.ask_residents",
        "schedule": 300.0,
        "options": {"expires": 250},
    },
    "oversight-count": {
        "task": "oversight.tasks.count_events",
        "schedule": 20.0,
        "options": {"expires": 60},
    },
    "funding-count-entries": {
        "task": "funding.tasks.count_entries",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "funding-publish": {
        "task": "funding.tasks.publish",
        "schedule": crontab(hour="0,8", minute=30),
    },
    "cases-warn-due": {
        "task": "cases.tasks.warn_due",
        "schedule": 30.0,
        "options": {"expires": 60},
    },
    "cases-watch-forgotten": {
        "task": "cases.tasks.watch_forgotten",
        "schedule": crontab(minute="*/15"),
    },
    "organizations-deliver": {
        "task": "organizations.tasks.deliver",
        "schedule": 15.0,
        "options": {"expires": 60},
    },
    "cases-search-topics": {
        "task": "cases.tasks.search_topics",
        "schedule": crontab(hour=3, minute=50),
    },
    "cases-learn-categories": {
        "task": "cases.tasks.learn_categories",
        "schedule": crontab(hour=3, minute=20),
    },
    "cases-tidy-lists": {
        "task": "cases.tasks.tidy_lists",
        "schedule": crontab(minute="*/10"),
    },
    "cases-erase-due": {
        "task": "cases.tasks.erase_due",
        "schedule": crontab(hour=3, minute=50),
    },
    "cases-daily-root": {
        "task": "cases.tasks.make_daily_root",
        "schedule": crontab(hour=0, minute=20),
    },
}
