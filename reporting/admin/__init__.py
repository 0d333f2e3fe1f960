"""The bureau's pages about reports."""

from reporting.admin import adjustments, cycles, definitions, enquiries, events, indicators, reminders, submissions

__all__ = ["adjustments", "cycles", "definitions", "enquiries", "events", "indicators", "reminders", "submissions"]
