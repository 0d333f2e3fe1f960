"""The open cycle: reports in every state, with comments, explanations, and what is still wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from districts.queries.workdays import WorkCalendar, at_local
from reporting.demo.days import clock
from reporting.demo.narratives import narratives
from reporting.demo.series import Values
from reporting.demo.tables import CENT
from reporting.demo.walk import Walk


@dataclass(frozen=True)
class Scene:
    """One report of the open cycle, told backwards from now."""

    walk: Walk
    values: Values
    calendar: WorkCalendar
    now: datetime

    @property
    def texts(self) -> dict[str, str]:
        return narratives(self.walk.period, self.walk.code, self.values)

    @property
    def raws(self) -> dict[str, str]:
        return {code: str(value) for code, value in self.values.items()}

    def ago(self, workdays: int, hour: int) -> datetime:
        """In that hour, so many working days ago."""
        day = self.calendar.shifted(timezone.localtime(self.now).date(), -workdays)
        return at_local(day, clock(range(hour, hour + 1), self.walk.code, workdays, hour))

    def evening(self, workdays: int) -> datetime:
        """18:00, so many working days from now (ago where negative)."""
        return at_local(self.calendar.shifted(timezone.localtime(self.now).date(), workdays), time(18, 0))

    def file(self, begun: int, ready: int, values: Values | None = None) -> None:
        """Begin, enter and explain, and hand over; both given in working days ago."""
        self.walk.start(self.ago(begun, 9))
        self.walk.enter(values or self.values, self.texts, self.ago(begun, 14))
        self.walk.explain(self.ago(begun, 16))
        self.walk.hand_over(self.ago(ready, 10))


def play(scene: Scene) -> None:
    """Bring a report to the state that its district has in the demonstration."""
    _SCENES[scene.walk.code](scene)


def _not_started(_scene: Scene) -> None:
    pass


def _draft_with_faults(scene: Scene) -> None:
    """Nearly complete: one value that cannot be read, warnings without an explanation, one question without an answer."""
    scene.walk.start(scene.ago(6, 10))
    texts = {key: text for key, text in scene.texts.items() if key != "next_steps"}
    scene.walk.enter(scene.values, texts, scene.ago(5, 14))
    scene.walk.type({"D04": "approx. 23 thousand"}, scene.ago(1, 15))
    scene.walk.add_minutes(scene.ago(1, 16))
    scene.walk.ask("A05", "Do the platforms that moved to the neighbouring district in May count here until then?", scene.now)
    scene.walk.answer_question("Yes, with the months until the move; say so in the explanation.", scene.now)
    scene.walk.ask("D04", "Do stations that stand on the border and serve both districts count here?", scene.now)


def _draft_half_done(scene: Scene) -> None:
    scene.walk.start(scene.ago(4, 11))
    first = {code: raw for code, raw in scene.raws.items() if code.startswith("A")}
    scene.walk.type(first, scene.ago(3, 15))


def _draft_begun(scene: Scene) -> None:
    scene.walk.start(scene.ago(2, 15))
    first = {code: raw for code, raw in scene.raws.items() if code in {"A03", "A04", "A05"}}
    scene.walk.type(first, scene.ago(2, 16))
    why = "The district's statistics office moves this week and can confirm class 03 only after that."
    scene.walk.ask_for_time(scene.walk.submission.due_in_force + timedelta(days=3), why, scene.now)


def _draft_ready(scene: Scene) -> None:
    """Complete and explained: it only waits to be handed over."""
    scene.walk.start(scene.ago(5, 9))
    scene.walk.enter(scene.values, scene.texts, scene.ago(4, 10))
    scene.walk.explain(scene.ago(1, 11))


def _awaiting_signature(scene: Scene) -> None:
    scene.file(begun=6, ready=1)


def _submitted(scene: Scene) -> None:
    scene.file(begun=7, ready=2)
    scene.walk.sign(scene.ago(1, 16))


def _submitted_now(scene: Scene) -> None:
    scene.file(begun=6, ready=2)
    scene.walk.sign(scene.now, announced=True)


def _in_review(scene: Scene) -> None:
    scene.file(begun=8, ready=4)
    scene.walk.sign(scene.ago(3, 16))
    scene.walk.begin_review(scene.ago(2, 10))


def _in_review_and_checked(scene: Scene) -> None:
    """The reviewer is done with it: an approver can look at it."""
    _in_review(scene)
    scene.walk.check("Compared with the tax office's list: the three largest firms agree.", scene.ago(1, 10))


def _in_review_with_drafts(scene: Scene) -> None:
    """The reviewer has begun to write, and has not returned it."""
    _in_review(scene)
    scene.walk.comment("D04", "The railway's stations were counted here last half-year. Are these the same?", scene.ago(2, 11))
    scene.walk.comment("key_tasks", "Please name the state of the two tasks that were late in spring.", scene.ago(1, 9))


def _returned_and_overdue(scene: Scene) -> None:
    """One comment answered, one still open, and the new due time gone by."""
    short = scene.values | {"A08": (scene.values["A08"] * Decimal("0.97")).quantize(CENT)}
    scene.file(begun=9, ready=8, values=short)
    scene.walk.sign(scene.ago(8, 15))
    scene.walk.begin_review(scene.ago(7, 9))
    scene.walk.comment("A08", "The statistics bureau released a higher figure. Please check it.", scene.ago(7, 10))
    scene.walk.comment("challenges", "When will the power supply be ready, and who is asked to act?", scene.ago(7, 11))
    scene.walk.send_back(scene.ago(6, 14), scene.evening(-2))
    corrected = scene.ago(4, 10)
    scene.walk.correct({"A08": str(scene.values["A08"])}, corrected)
    reply = "Corrected: the first figure was the preliminary one."
    scene.walk.address("A08", reply, corrected + timedelta(minutes=12))


def _returned_now(scene: Scene) -> None:
    scene.file(begun=8, ready=4)
    scene.walk.sign(scene.ago(3, 15))
    scene.walk.begin_review(scene.ago(1, 10))
    scene.walk.comment("C03", "Does this hold firms of the airport zone that report elsewhere?", scene.ago(1, 11))
    scene.walk.comment("", "A good report. Please shorten the part on tasks to what has changed.", scene.ago(1, 12))
    scene.walk.send_back(scene.now, scene.evening(5), announced=True)


def _approved(scene: Scene) -> None:
    _in_review(scene)
    scene.walk.approve(scene.ago(1, 14))


def _approved_and_stamped(scene: Scene) -> None:
    _approved(scene)
    scene.walk.attach_scan(scene.ago(1, 16))


def _approved_and_kept(scene: Scene) -> None:
    """The district asked to correct a sentence, and the bureau left the report as it is."""
    _approved(scene)
    what = "Under “challenges” the year of the second data centre should be 2028."
    scene.walk.ask_to_correct(what, "The permit came after we had signed.", scene.now)
    scene.walk.refuse("The totals do not depend on it: please say it in the next report.", scene.now)


def _approved_now(scene: Scene) -> None:
    _in_review(scene)
    scene.walk.approve(scene.now, announced=True)


_SCENES: dict[str, Callable[[Scene], None]] = {
    "110101": _approved_and_stamped,
    "110102": _approved_and_kept,
    "110105": _submitted_now,
    "110106": _in_review_with_drafts,
    "110107": _awaiting_signature,
    "110108": _draft_with_faults,
    "110109": _returned_and_overdue,
    "110111": _draft_half_done,
    "110112": _submitted,
    "110113": _awaiting_signature,
    "110114": _in_review_and_checked,
    "110115": _returned_now,
    "110116": _draft_begun,
    "110117": _not_started,
    "110118": _draft_ready,
    "110119": _not_started,
    "BDA": _approved_now,
}
