"""Targets in force, and how the figures stand to them."""

from reporting.queries.targets.standings import TargetStanding, standing_of, standings_of

__all__ = ["TargetStanding", "standing_of", "standings_of"]
