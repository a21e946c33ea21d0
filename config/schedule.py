"""What the clock starts, and when. A task that a broker lost is found by the next one."""

from typing import Any

from celery.schedules import crontab

# Every so many seconds, and after how many a message that nobody took is worth nothing any more.
OFTEN = {
    "cases.tasks.ask_residents": (300, 250),
    "cases.tasks.keep_dates": (60, 300),
    "cases.tasks.replay_changes": (300, 250),
    "cases.tasks.sweep": (5, 60),
    "cases.tasks.warn_due": (30, 60),
    "consultation.tasks.close_votes": (60, 300),
    "consultation.tasks.follow_commitments": (300, 300),
    "consultation.tasks.move_calls": (60, 60),
    "emergency.tasks.call_out": (20, 60),
    "emergency.tasks.keep_dates": (60, 300),
    "funding.tasks.count_entries": (60, 60),
    "grids.tasks.check_coverage": (60, 300),
    "organizations.tasks.deliver": (15, 60),
    "oversight.tasks.compute_appraisals": (60, 120),
    "oversight.tasks.count_events": (20, 60),
    "routing.tasks.check_duties": (300, 250),
    "volunteers.tasks.move_waiting_lists": (60, 300),
}
BY_THE_HOUR = {
    "cases.tasks.tidy_lists": crontab(minute="*/10"),
    "cases.tasks.watch_forgotten": crontab(minute="*/15"),
    "committee.tasks.tend_committee": crontab(minute=20),
    "consultation.tasks.remind_people": crontab(minute="*/10", hour="8-21"),
    "consultation.tasks.watch_limits": crontab(minute="*/10"),
    "funding.tasks.expire_holds": crontab(minute="*/10"),
    "funding.tasks.publish": crontab(hour="0,8", minute=30),
    "oversight.tasks.publish_due": crontab(minute=20),
    "routing.tasks.tend_admissions": crontab(minute=5),
    "talent.tasks.close_applications": crontab(minute="*/10"),
    "volunteers.tasks.make_shifts": crontab(minute=15),
    "volunteers.tasks.tend_hours": crontab(minute="*/10"),
    "volunteers.tasks.tend_wishes": crontab(minute="*/30"),
}
# (hour, minute), once a day.
DAILY = {
    "grids.tasks.plan_visits": (0, 10),
    "routing.tasks.check_duties_daily": (0, 20),
    "cases.tasks.make_daily_root": (0, 20),
    "grids.tasks.check_coverage_daily": (1, 30),
    "grids.tasks.forget_the_past": (1, 45),
    "consultation.tasks.verify_publications": (2, 20),
    "funding.tasks.check_ledger": (2, 40),
    "volunteers.tasks.tend_time_bank": (2, 50),
    "emergency.tasks.check_supplies": (2, 55),
    "emergency.tasks.delete_data": (3, 5),
    "cases.tasks.learn_categories": (3, 20),
    "cases.tasks.search_topics": (3, 50),
    "cases.tasks.erase_due": (3, 50),
    "organizations.tasks.forget_tracks": (4, 10),
    "grids.tasks.tell_of_due_visits": (7, 30),
    "consultation.tasks.remind_commitments": (8, 35),
    "consultation.tasks.remind_hosts": (8, 40),
    "volunteers.tasks.remind": (18, 5),
}

SCHEDULE: dict[str, dict[str, Any]] = {
    **{
        task: {"task": task, "schedule": float(seconds), "options": {"expires": expires}}
        for task, (seconds, expires) in OFTEN.items()
    },
    **{task: {"task": task, "schedule": when} for task, when in BY_THE_HOUR.items()},
    **{
        task: {"task": task, "schedule": crontab(hour=hour, minute=minute)}
        for task, (hour, minute) in DAILY.items()
    },
}
