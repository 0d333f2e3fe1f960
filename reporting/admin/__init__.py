"""The bureau's pages about reports and the districts that file them."""

from reporting.admin import (
    adjustments,
    cycles,
    definitions,
    districts,
    enquiries,
    events,
    indicators,
    jobs,
    key_tasks,
    petitions,
    publication,
    publicity,
    reminders,
    submissions,
    symposiums,
    targets,
)

__all__ = [
    "adjustments",
    "cycles",
    "definitions",
    "districts",
    "enquiries",
    "events",
    "indicators",
    "jobs",
    "key_tasks",
    "petitions",
    "publication",
    "publicity",
    "reminders",
    "submissions",
    "symposiums",
    "targets",
]
