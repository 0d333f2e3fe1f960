"""Work for jobs in tests: what an item is done with, told and counted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from districts.errors import Refused
from reporting.enums import ItemState, JobKind
from reporting.jobs.running import Outcome, Work, run_job
from reporting.models import Job, JobItem

Effect = Callable[[Job, JobItem], None]


class Killed(BaseException):
    """The worker is gone: nothing after it is run."""


class Told:
    """Writes into each item what it is called, and remembers whom it was asked for; `effects` by item come before."""

    def __init__(self, **effects: Effect) -> None:
        self.seen: list[str] = []
        self.effects = effects

    def __call__(self, job: Job, item: JobItem, now: datetime) -> Outcome:
        self.seen.append(item.name)
        self.effects.get(item.name, lambda _job, _item: None)(job, item)
        return Outcome(ItemState.DONE, fields={"content": f"content of {item.name}".encode()})

    def run(self, job: Job, now: datetime, seconds: float = 30) -> bool:
        return run_job(job_id=job.pk, works=self.works, now=now, seconds=seconds)

    @property
    def works(self) -> dict[str, Work]:
        return dict.fromkeys(JobKind.values, self)


def refuse(_job: Job, _item: JobItem) -> None:
    raise Refused("It is torn.", "And wet.")


def break_down(_job: Job, _item: JobItem) -> None:
    raise ZeroDivisionError


def kill(_job: Job, _item: JobItem) -> None:
    raise Killed


@contextmanager
def killed() -> Iterator[None]:
    try:
        yield
    except Killed:
        return
    raise AssertionError("the worker lived")


def after(now: datetime, **time: float) -> datetime:
    return now + timedelta(**time)
