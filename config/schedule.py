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
    "grids-plan-visits": {
        "task": "grids.tasks.plan_visits",
        "schedule": crontab(hour=0, minute=10),
    },
    "grids-tell-of-due-visits": {
        "task": "grids.tasks.tell_of_due_visits",
        "schedule": crontab(hour=7, minute=30),
    },
    "consultation-close-votes": {
        "task": "consultation.tasks.close_votes",
        "schedule": 60.0,
        "options": {"expires": 300},
    },
    "consultation-remind-people": {
        "task": "consultation.tasks.remind_people",
        "schedule": crontab(minute="*/10", hour="8-21"),
    },
    "funding-expire-holds": {
        "task": "funding.tasks.expire_holds",
        "schedule": crontab(minute="*/10"),
    },
    "funding-check-ledger": {
        "task": "funding.tasks.check_ledger",
        "schedule": crontab(hour=2, minute=40),
    },
    "volunteers-tend-hours": {
        "task": "volunteers.tasks.tend_hours",
        "schedule": crontab(minute="*/10"),
    },
    "volunteers-tend-wishes": {
        "task": "volunteers.tasks.tend_wishes",
        "schedule": crontab(minute="*/30"),
    },
    "volunteers-tend-time-bank": {
        "task": "volunteers.tasks.tend_time_bank",
        "schedule": crontab(hour=2, minute=50),
    },
    "cases-ask-residents": {
        "task": "cases.tasks.ask_residents",
        "schedule": 300.0,
        "options": {"expires": 250},
    },
    "grids-check-coverage": {
        "task": "grids.tasks.check_coverage",
        "schedule": 60.0,
        "options": {"expires": 300},
    },
    "grids-check-coverage-daily": {
        "task": "grids.tasks.check_coverage_daily",
        "schedule": crontab(hour=1, minute=30),
    },
    "grids-forget-the-past": {
        "task": "grids.tasks.forget_the_past",
        "schedule": crontab(hour=1, minute=45),
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
    "organizations-forget-tracks": {
        "task": "organizations.tasks.forget_tracks",
        "schedule": crontab(hour=4, minute=10),
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
    "consultation-follow-commitments": {
        "task": "consultation.tasks.follow_commitments",
        "schedule": 300.0,
    },
    "consultation-remind-commitments": {
        "task": "consultation.tasks.remind_commitments",
        "schedule": crontab(hour=8, minute=35),
    },
    "consultation-remind-hosts": {
        "task": "consultation.tasks.remind_hosts",
        "schedule": crontab(hour=8, minute=40),
    },
    "consultation-move-calls": {
        "task": "consultation.tasks.move_calls",
        "schedule": 60.0,
    },
    "consultation-watch-limits": {
        "task": "consultation.tasks.watch_limits",
        "schedule": crontab(minute="*/10"),
    },
    "consultation-verify-publications": {
        "task": "consultation.tasks.verify_publications",
        "schedule": crontab(hour=2, minute=20),
    },
    "cases-daily-root": {
        "task": "cases.tasks.make_daily_root",
        "schedule": crontab(hour=0, minute=20),
    },
    "volunteers-move-waiting-lists": {
        "task": "volunteers.tasks.move_waiting_lists",
        "schedule": 60.0,
        "options": {"expires": 300},
    },
    "volunteers-make-shifts": {
        "task": "volunteers.tasks.make_shifts",
        "schedule": crontab(minute=15),
    },
    "volunteers-remind": {
        "task": "volunteers.tasks.remind",
        "schedule": crontab(hour=18, minute=5),
    },
}
