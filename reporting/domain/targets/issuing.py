"""Issuing targets: many at once, at one instant, with one reason; never changed, only followed by others."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from districts.errors import Conflict, NotAllowed, Refused, Text
from districts.models import District, User
from districts.queries.access import is_bureau_administrator
from reporting.domain.targets.mails import tell_issued
from reporting.domain.texts import need_words
from reporting.enums.targets import KINDS_OF, TargetKind
from reporting.models import Indicator, Target, TargetIssue
from reporting.models.target import FIRST_YEAR, LAST_YEAR
from reporting.queries.targets.in_force import targets_by_key
from reporting.queries.targets.words import target_words

_LOWEST_GROWTH, _HIGHEST_GROWTH = Decimal(-100), Decimal(1000)
_LIMIT = Decimal(10) ** 18
_LOCK = 0x7A26E7
"""One issue at a time."""
Key = tuple[int | None, int, int]
"""District, indicator and year, by their numbers."""


@dataclass(frozen=True)
class NewTarget:
    """What is to hold from now on; without a value, that no target holds. `district` None: the city."""

    district: District | None
    indicator: Indicator
    year: int
    kind: TargetKind
    value: Decimal | None

    @property
    def key(self) -> Key:
        return (self.district.pk if self.district else None, self.indicator.pk, self.year)

    @property
    def place(self) -> str:
        whose = self.district or _("The city")
        return f"{whose} · {self.indicator.code} {self.indicator.label} · {self.year}"


def newest_issue() -> int:
    """The number of the last issue; 0 where there is none."""
    newest = TargetIssue.objects.aggregate(newest=Max("pk"))["newest"]
    return int(newest or 0)


def issue_targets(
    *,
    targets: Sequence[NewTarget],
    note: str,
    actor: User,
    now: datetime,
    seen: int | None = None,
    announce: bool = True,
) -> TargetIssue:
    """Those that differ from what is in force; each district concerned gets one mail a person. `seen`: the last issue that the
    person knew of. Raises NotAllowed, Conflict, and Refused with every problem at once; nothing is half issued."""
    if not is_bureau_administrator(actor):
        raise NotAllowed(_("Only a bureau administrator issues targets."))
    words = need_words(note, _("Say why the targets are issued or changed; the districts read it."))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if seen is not None and seen != newest_issue():
            raise Conflict(_("Somebody has issued targets meanwhile. Look at what holds now, and issue again."))
        current = targets_by_key({target.year for target in targets})
        problems = list(problems_of(targets, current))
        if problems:
            raise Refused(*problems)
        changed = [target for target in targets if is_change(target, current)]
        if not changed:
            raise Refused(_("Nothing would change: these targets are in force already."))
        issue = TargetIssue.objects.create(note=words, issued_by=actor, issued_at=now)
        Target.objects.bulk_create(_row(issue, target) for target in changed)
        if announce:
            tell_issued(issue, now)
        return issue


@dataclass(frozen=True)
class Change:
    """One line of a preview."""

    target: NewTarget
    before: Target | None

    @property
    def old_text(self) -> str:
        return target_words(self.before) if self.before else ""

    @property
    def new_text(self) -> str:
        new = self.target
        return target_words(Target(indicator=new.indicator, kind=new.kind, value=new.value))


def previewed(targets: Sequence[NewTarget]) -> tuple[list[Change], list[Text]]:
    """What issuing them would change, and every problem."""
    current = targets_by_key({target.year for target in targets})
    changes = [Change(target, current.get(target.key)) for target in targets if is_change(target, current)]
    return changes, list(problems_of(targets, current))


def is_change(target: NewTarget, current: Mapping[Key, Target]) -> bool:
    before = current.get(target.key)
    if before is None:
        return target.value is not None
    return (before.kind, before.value) != (target.kind, target.value)


def problems_of(targets: Collection[NewTarget], current: Mapping[Key, Target]) -> Iterator[Text]:
    """What stands in the way, each with its place."""
    seen: set[Key] = set()
    for target in targets:
        for problem in _problems_of_one(target):
            yield f"{target.place}: {problem}"
        if target.key in seen:
            yield f"{target.place}: {_('It is there twice.')}"
        if target.value is None and target.key not in current:
            yield f"{target.place}: {_('There is no target that could be withdrawn.')}"
        seen.add(target.key)


def _problems_of_one(target: NewTarget) -> Iterator[str]:
    kinds, value = KINDS_OF[target.indicator.measure], target.value
    if not FIRST_YEAR <= target.year <= LAST_YEAR:
        yield _("The year is to be between %(first)d and %(last)d.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
    if target.kind not in kinds:
        yield _("“%(kind)s” is no target of this indicator; possible: %(kinds)s.") % {
            "kind": TargetKind(target.kind).label,
            "kinds": ", ".join(str(kind.label) for kind in kinds),
        }
    elif value is not None:
        yield from _out_of_bounds(target, value)


def _out_of_bounds(target: NewTarget, value: Decimal) -> Iterator[str]:
    lowest, highest = target.indicator.minimum, target.indicator.maximum
    if target.kind == TargetKind.GROWTH:
        lowest, highest = _LOWEST_GROWTH, _HIGHEST_GROWTH
    if lowest is not None and value < lowest:
        yield _("The target is below %(limit)s, the least that is possible.") % {"limit": f"{lowest.normalize():f}"}
    if (highest is not None and value > highest) or abs(value) >= _LIMIT:
        limit = f"{(_LIMIT if highest is None else highest).normalize():f}"
        yield _("The target is above %(limit)s, the most that is possible.") % {"limit": limit}


def _row(issue: TargetIssue, target: NewTarget) -> Target:
    return Target(
        issue=issue,
        district=target.district,
        indicator=target.indicator,
        year=target.year,
        kind=target.kind,
        value=target.value,
    )
