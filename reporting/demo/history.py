"""The locked cycles: every report approved, some after detours."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from districts.queries.workdays import WorkCalendar, at_local
from reporting.demo.days import after, day_of, soon
from reporting.demo.narratives import correction, narratives
from reporting.demo.numbers import pick
from reporting.demo.schedule import Schedule
from reporting.demo.series import Values
from reporting.demo.tables import CENT
from reporting.demo.walk import Walk

_STAMPED = frozenset({"110101", "110108", "110109", "BDA"})
"""The districts that send the report on paper too."""
_MORNING, _DAY, _AFTERNOON = range(9, 12), range(9, 15), range(14, 18)


@dataclass(frozen=True)
class Story:
    """One report to be told: who walks, what is entered, and when things may happen."""

    walk: Walk
    values: Values
    schedule: Schedule
    calendar: WorkCalendar

    @property
    def parts(self) -> tuple[object, ...]:
        """What makes this report's chances its own."""
        return self.walk.period, self.walk.code

    @property
    def texts(self) -> dict[str, str]:
        return narratives(self.walk.period, self.walk.code, self.values)

    def file(self, values: Values | None = None, texts: dict[str, str] | None = None) -> datetime:
        """Start, enter and explain in the cycle's first days; gives when the hand-over is due to happen."""
        begun = after(self.schedule.opens_at, 1 + pick(3, "start", *self.parts), _DAY, self.calendar, "start", *self.parts)
        self.walk.start(begun)
        self.walk.enter(values or self.values, texts or self.texts, begun + timedelta(minutes=40))
        if self.walk.code in _STAMPED:
            self.walk.add_minutes(begun + timedelta(minutes=60))
        self.walk.explain(begun + timedelta(minutes=75))
        planned = after(self.schedule.due_at, -1 - pick(5, "ready", *self.parts), _DAY, self.calendar, "ready", *self.parts)
        return max(planned, after(begun, 1, _DAY, self.calendar, "ready", *self.parts))

    def submit(self, ready: datetime) -> datetime:
        """Hand over and sign; gives the instant of the signature."""
        self.walk.hand_over(ready)
        signed = soon(ready, "sign", *self.parts)
        self.walk.sign(signed)
        return signed

    def review(self, signed: datetime) -> datetime:
        """Take up the review on the next working day."""
        begun = after(signed, 1, _MORNING, self.calendar, "review", *self.parts)
        self.walk.begin_review(begun)
        return begun

    def approve(self, signed: datetime) -> datetime:
        approved = after(self.review(signed), 1 + pick(3, "approve", *self.parts), _AFTERNOON, self.calendar, *self.parts)
        self.walk.approve(approved)
        return approved

    def evening(self, instant: datetime, workdays: int) -> datetime:
        """18:00, so many working days later: a due time."""
        return at_local(self.calendar.shifted(day_of(instant), workdays), time(18, 0))


def tell(story: Story) -> None:
    """From not started to approved; in some districts with the stamped scan."""
    _EPISODES.get((str(story.walk.period), story.walk.code), _plainly)(story)
    if story.walk.code in _STAMPED:
        story.walk.attach_scan(story.schedule.locks_at - timedelta(hours=2))


def _plainly(story: Story) -> None:
    story.approve(story.submit(story.file()))


def _late_by_days(story: Story) -> None:
    story.file()
    story.approve(story.submit(after(story.schedule.due_at, 2, _MORNING, story.calendar, *story.parts)))


def _late_by_hours(story: Story) -> None:
    story.file()
    story.approve(story.submit(story.schedule.due_at + timedelta(minutes=25)))


def _returned(story: Story) -> None:
    """Class 05 was entered with class 04's share in it; the reviewer saw it."""
    wrong = story.values | {"A07": (story.values["A07"] * Decimal("1.38")).quantize(CENT)}
    reviewed = story.review(story.submit(story.file(wrong)))
    story.walk.comment("A07", "This is far above last year and the city's trend. Does it hold part of class 04?", reviewed)
    story.walk.comment("challenges", "Please say what the district does about this by itself.", soon(reviewed, "second"))
    sent = after(reviewed, 1, _AFTERNOON, story.calendar, *story.parts)
    story.walk.send_back(sent, story.evening(sent, 4))
    corrected = after(sent, 2, _MORNING, story.calendar, *story.parts)
    story.walk.correct({"A07": str(story.values["A07"])}, corrected)
    story.walk.explain(corrected)
    story.walk.type({"challenges": story.texts["challenges"] + " The district pays for training places itself."}, corrected)
    story.walk.address("A07", f"Yes: data services were counted twice. {correction()}", corrected)
    story.walk.address("challenges", "A sentence was added.", corrected)
    story.approve(story.submit(soon(corrected, "again")))


def _reopened(story: Story) -> None:
    """An approved figure turned out to be short; the approved revision counted until the next one was approved."""
    short = story.values | {"C01": (story.values["C01"] * Decimal("0.94")).quantize(CENT)}
    approved = story.approve(story.submit(story.file(short)))
    reopened = after(approved, 15, _MORNING, story.calendar, *story.parts)
    reason = "Two enterprises reported their revenue after the approval; the district asks to correct it."
    story.walk.reopen(reopened, story.evening(reopened, 5), reason)
    corrected = after(reopened, 1, _MORNING, story.calendar, *story.parts)
    story.walk.correct({"C01": str(story.values["C01"])}, corrected)
    story.walk.explain(corrected)
    story.approve(story.submit(soon(corrected, "again")))


def _recalled(story: Story) -> None:
    """Signed, taken back within the hour for a sentence, and signed again."""
    texts = story.texts | {"next_steps": "To be agreed."}
    signed = story.submit(story.file(texts=texts))
    story.walk.recall(signed + timedelta(minutes=20))
    story.walk.type({"next_steps": story.texts["next_steps"]}, signed + timedelta(minutes=45))
    story.walk.explain(signed + timedelta(minutes=45))
    story.approve(story.submit(signed + timedelta(minutes=50)))


_EPISODES: dict[tuple[str, str], Callable[[Story], None]] = {
    ("2022-A1", "110119"): _late_by_days,
    ("2023-A1", "110106"): _returned,
    ("2024-S1", "110113"): _late_by_hours,
    ("2024-A1", "110112"): _reopened,
    ("2025-S1", "110115"): _recalled,
}
