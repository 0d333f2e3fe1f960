"""A figure against its target: completion, schedule, gap, the pace that is needed, and the light. Plain numbers, unrounded."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from reporting.enums import Direction
from reporting.enums.targets import Light, NoLight, ScheduleKind, TargetKind

_WHOLE = Decimal(100)
_CONTEXT = Context(prec=60, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Bounds:
    """From how far behind a light is red: a level in points of its schedule, growth and shares in percentage points, a stock in
    per cent of its target."""

    schedule: Decimal
    gap: Decimal
    stock: Decimal


@dataclass(frozen=True)
class Schedule:
    """How much of a year's total is expected by the end of a period, in per cent; `years`: how many past years tell it."""

    share: Decimal
    kind: ScheduleKind
    years: int = 0


@dataclass(frozen=True)
class Pace:
    """Of a level, for each period: what is still needed in those left, and what the past ones gave."""

    needed: Decimal
    so_far: Decimal
    left: int

    @property
    def times(self) -> Decimal | None:
        """How many times the pace so far is needed."""
        return self.needed / self.so_far if self.so_far > 0 else None


@dataclass(frozen=True)
class Aim:
    """What is aimed at, and where in the year the figure stands: after `passed` of `periods`."""

    kind: TargetKind
    target: Decimal
    direction: str
    schedule: Schedule
    passed: int
    periods: int


@dataclass(frozen=True)
class Measured:
    """`result` is what is compared with the target: the value, or its growth. `gap` is how far it is above: of a level
    completion less schedule in points, of growth and shares in percentage points, of a stock the distance in its unit."""

    light: Light
    result: Decimal | None = None
    completion: Decimal | None = None
    gap: Decimal | None = None
    pace: Pace | None = None
    reason: NoLight | None = None

    @property
    def is_lit(self) -> bool:
        return self.light != Light.NONE


def measure(aim: Aim, value: Decimal | None, grown: Decimal | None, bounds: Bounds) -> Measured:
    """`grown`: the value's growth in per cent, None where it is n/a. What is missing gives no light, and says why."""
    if value is None:
        return Measured(Light.NONE, reason=NoLight.NO_VALUE)
    with localcontext(_CONTEXT):
        return _MEASURES[aim.kind](aim, value, grown, bounds)


def _level(aim: Aim, value: Decimal, _grown: Decimal | None, bounds: Bounds) -> Measured:
    pace = pace_of(aim, value)
    if aim.target <= 0:
        return Measured(Light.NONE, value, pace=pace, reason=NoLight.NO_SCALE)
    completion = value * _WHOLE / aim.target
    gap = completion - aim.schedule.share
    return _lit(aim, Measured(Light.NONE, value, completion, gap, pace), gap, bounds.schedule)


def _growth(aim: Aim, _value: Decimal, grown: Decimal | None, bounds: Bounds) -> Measured:
    if grown is None:
        return Measured(Light.NONE, reason=NoLight.NO_BASE)
    gap = grown - aim.target
    return _lit(aim, Measured(Light.NONE, grown, gap=gap), gap, bounds.gap)


def _share(aim: Aim, value: Decimal, _grown: Decimal | None, bounds: Bounds) -> Measured:
    gap = value - aim.target
    return _lit(aim, Measured(Light.NONE, value, gap=gap), gap, bounds.gap)


def _stock(aim: Aim, value: Decimal, _grown: Decimal | None, bounds: Bounds) -> Measured:
    gap = value - aim.target
    completion = value * _WHOLE / aim.target if aim.target > 0 else None
    return _lit(aim, Measured(Light.NONE, value, completion, gap), gap, bounds.stock * abs(aim.target) / _WHOLE)


_MEASURES = {TargetKind.LEVEL: _level, TargetKind.GROWTH: _growth, TargetKind.SHARE: _share, TargetKind.STOCK: _stock}


def _lit(aim: Aim, measured: Measured, gap: Decimal, bound: Decimal) -> Measured:
    light = light_of(gap, bound, aim.direction)
    reason = NoLight.NO_DIRECTION if light == Light.NONE else None
    return Measured(light, measured.result, measured.completion, measured.gap, measured.pace, reason)


def light_of(gap: Decimal, bound: Decimal, direction: str) -> Light:
    """Green at the target or better, yellow less than the bound behind it, red from there on; none where neither is better."""
    if direction == Direction.NONE:
        return Light.NONE
    behind = gap if direction == Direction.DOWN else -gap
    if behind <= 0:
        return Light.GREEN
    return Light.YELLOW if behind < bound else Light.RED


def schedule_of(passed: int, periods: int, past: Sequence[tuple[Decimal, Decimal]], least: int) -> Schedule:
    """`past`: of each earlier year the cumulative value at this period, and the year's. With fewer than `least` usable years the
    share of the year that has passed. At the end of the year all of it is expected."""
    linear = Schedule(Decimal(passed) * _WHOLE / periods, ScheduleKind.LINEAR)
    usable = [(then, whole) for then, whole in past if whole > 0 and then >= 0]
    if passed == periods or len(usable) < least:
        return linear
    with localcontext(_CONTEXT):
        shares = [then * _WHOLE / whole for then, whole in usable]
        return Schedule(sum(shares, Decimal(0)) / len(shares), ScheduleKind.SEASONAL, len(shares))


def pace_of(aim: Aim, value: Decimal) -> Pace | None:
    """None at the end of the year. Nothing more is needed where the target is reached."""
    left = aim.periods - aim.passed
    if left <= 0 or aim.passed <= 0:
        return None
    return Pace(max(aim.target - value, Decimal(0)) / left, value / aim.passed, left)
