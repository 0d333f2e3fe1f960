"""What is done with an item of each kind of job."""

from collections.abc import Mapping

from reporting.jobs.running import Work

WORKS: Mapping[str, Work] = {}
