"""The bureau's pages about reports."""

from reporting.admin import adjustments, cycles, definitions, events, indicators, reminders, submissions

__all__ = ["adjustments", "cycles", "definitions", "events", "indicators", "reminders", "submissions"]
