"""Releases and bulletins on their way to the public: draft, internal, and public from an instant on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from districts.errors import Conflict, NotAllowed, Refused
from districts.models import User
from districts.queries.access import is_bureau_administrator
from reporting.domain.figures import refresh_figures
from reporting.domain.notices import when
from reporting.domain.texts import need_words, without_margins
from reporting.enums import FigureStatus
from reporting.enums.publication import ConfStatus, Detail, ObsStatus, Stage
from reporting.models import Bulletin, Cycle, CycleFigure, Indicator, Release, ReleasedFigure
from reporting.queries.disclosure import Table, confidential, hidden_before
from reporting.queries.figures import DistrictFigure, district_figures
from reporting.validators.disclosure import CITY, Cell

S = TypeVar("S", Release, Bulletin)
_MAX_TITLE, _MAX_AHEAD = 200, timedelta(days=366)
_STATUS = {
    FigureStatus.REPORTED: ObsStatus.NORMAL,
    FigureStatus.NOT_APPLICABLE: ObsStatus.NOT_APPLICABLE,
    FigureStatus.SUPPRESSED: ObsStatus.SUPPRESSED,
    FigureStatus.NIL: ObsStatus.NOT_APPLICABLE,
}


@dataclass(frozen=True)
class ReleaseText:
    title: str
    title_zh: str = ""
    summary: str = ""
    summary_zh: str = ""
    reason: str = ""


@dataclass(frozen=True)
class BulletinText:
    number: str
    issuer: str
    day: date
    headline: str
    body: str
    headline_zh: str = ""
    body_zh: str = ""
    recipients: str = ""


def prepare_release(
    *, cycle: Cycle, text: ReleaseText, indicators: Collection[Indicator], detail: Detail, actor: User, now: datetime
) -> Release:
    """A draft with the cycle's figures as they stand now. The second of a cycle is a correction, and says of what."""
    _need_administrator(actor)
    with transaction.atomic():
        Cycle.objects.select_for_update().get(pk=cycle.pk)
        latest = cycle.releases.order_by("-vintage").first()
        if latest is not None and not latest.is_public(now):
            raise Conflict(_("A release of this cycle is being prepared already: “%(title)s”.") % {"title": latest})
        fields = _release_fields(text, is_correction=latest is not None)
        release = Release.objects.create(
            cycle=cycle,
            vintage=latest.vintage + 1 if latest else 1,
            detail=detail,
            created_by=actor,
            created_at=now,
            **fields,
        )
        _choose(release, indicators)
        _build(release, now)
        return release


def change_release(
    *,
    release: Release,
    version: int,
    text: ReleaseText,
    indicators: Collection[Indicator],
    detail: Detail,
    actor: User,
    now: datetime,
) -> Release:
    """While it is a draft; its figures are taken anew. Raises Conflict where it has moved since `version` was read."""
    with transaction.atomic():
        current = _editable(release, version, actor)
        fields = _release_fields(text, is_correction=current.vintage > 1) | {"detail": detail}
        for name, value in fields.items():
            setattr(current, name, value)
        current.version += 1
        current.save(update_fields=[*fields, "version"])
        _choose(current, indicators)
        _build(current, now)
        return current


def rebuild_release(*, release: Release, actor: User, now: datetime) -> Release:
    """Take a draft's figures anew, as they stand now."""
    with transaction.atomic():
        current = _editable(release, release.version, actor)
        _build(current, now)
        return current


def write_bulletin(*, text: BulletinText, release: Release | None, actor: User, now: datetime) -> Bulletin:
    _need_administrator(actor)
    with transaction.atomic():
        fields = _bulletin_fields(text)
        if Bulletin.objects.filter(number=fields["number"]).exists():
            raise Refused(_("There is a bulletin with this issue number already."))
        return Bulletin.objects.create(release=release, created_by=actor, created_at=now, **fields)


def change_bulletin(*, bulletin: Bulletin, version: int, text: BulletinText, release: Release | None, actor: User) -> Bulletin:
    """While it is a draft. Raises Conflict where it has moved since `version` was read."""
    with transaction.atomic():
        current = _editable(bulletin, version, actor)
        fields = _bulletin_fields(text) | {"release": release}
        if Bulletin.objects.filter(number=fields["number"]).exclude(pk=current.pk).exists():
            raise Refused(_("There is a bulletin with this issue number already."))
        for name, value in fields.items():
            setattr(current, name, value)
        current.version += 1
        current.save(update_fields=[*fields, "version"])
        return current


def show_internally(*, item: S, actor: User) -> S:
    """All of the bureau read it; it does not change any more unless it is taken back."""
    return _move(item, Stage.INTERNAL, {Stage.DRAFT}, actor)


def take_back_draft(*, item: S, actor: User) -> S:
    return _move(item, Stage.DRAFT, {Stage.INTERNAL}, actor)


def schedule_release(*, item: S, at: datetime | None, actor: User, now: datetime) -> S:
    """Public from the instant on, without anything that has to run: now, or up to a year ahead."""
    if at is None or at < now - timedelta(minutes=1):
        raise Refused(_("Give the instant from which it is public: now, or one to come."))
    if at > now + _MAX_AHEAD:
        raise Refused(_("Give an instant within a year."))
    instant = max(at, now)
    with transaction.atomic():
        current = _locked(item)
        release = current.release if isinstance(current, Bulletin) else None
        if release is not None and not (release.released_at and release.released_at <= instant):
            raise Refused(_("The release that the bulletin belongs to is not public by then: schedule that first."))
        return _move(current, Stage.SCHEDULED, {Stage.INTERNAL}, actor, released_at=instant)


def call_off_release(*, item: S, actor: User, now: datetime) -> S:
    """Before its instant alone: what is public stays."""
    with transaction.atomic():
        current = _locked(item)
        if current.is_public(now):
            since = when(current.released_at) if current.released_at else ""
            raise Conflict(_("It is public since %(at)s and stays so. Correct it by another one.") % {"at": since})
        if isinstance(current, Release) and current.bulletins.filter(stage=Stage.SCHEDULED).exists():
            raise Conflict(_("A bulletin that belongs to it is scheduled: call that off first."))
        return _move(current, Stage.INTERNAL, {Stage.SCHEDULED}, actor, released_at=None)


def _need_administrator(actor: User) -> None:
    if not is_bureau_administrator(actor):
        raise NotAllowed(_("Only a bureau administrator publishes."))


def _locked(item: S) -> S:
    model = type(item)
    model.objects.select_for_update().values_list("pk").get(pk=item.pk)
    found: S = model.objects.get(pk=item.pk)
    return found


def _editable(item: S, version: int, actor: User) -> S:
    _need_administrator(actor)
    current = _locked(item)
    if current.stage != Stage.DRAFT:
        raise Conflict(
            _("It is “%(stage)s” and changes as a draft alone: take it back first.") % {"stage": current.get_stage_display()}
        )
    if current.version != version:
        raise Conflict(_("Somebody has changed it meanwhile. Compare with what it says now, and save again."))
    return current


def _move(item: S, stage: Stage, sources: set[Stage], actor: User, **fields: Any) -> S:
    """The same again changes nothing."""
    _need_administrator(actor)
    with transaction.atomic():
        current = _locked(item)
        same = all(getattr(current, name) == value for name, value in fields.items())
        if current.stage == stage and same:
            return current
        if current.stage not in sources:
            raise Conflict(_("It is “%(stage)s” now; this step is not possible.") % {"stage": current.get_stage_display()})
        current.stage = stage
        for name, value in fields.items():
            setattr(current, name, value)
        current.version += 1
        current.save(update_fields=["stage", "version", *fields])
        return current


def _release_fields(text: ReleaseText, *, is_correction: bool) -> dict[str, str]:
    reason = without_margins(text.reason)
    if is_correction and not reason:
        raise Refused(_("Say what is corrected: readers of the earlier figures see it."))
    return {
        "title": _line(need_words(text.title, _("Give a title."))),
        "title_zh": _line(without_margins(text.title_zh)),
        "summary": without_margins(text.summary),
        "summary_zh": without_margins(text.summary_zh),
        "reason": reason,
    }


def _bulletin_fields(text: BulletinText) -> dict[str, Any]:
    return {
        "number": _line(need_words(text.number, _("Give the issue number.")))[:40],
        "issuer": _line(need_words(text.issuer, _("Say which unit issues it."))),
        "day": text.day,
        "headline": _line(need_words(text.headline, _("Give a headline."))),
        "headline_zh": _line(without_margins(text.headline_zh)),
        "body": need_words(text.body, _("Write the text.")),
        "body_zh": without_margins(text.body_zh),
        "recipients": without_margins(text.recipients)[:300],
    }


def _line(text: str) -> str:
    if len(text) > _MAX_TITLE:
        raise Refused(
            _("“%(start)s…” is too long: %(limit)d characters are possible.") % {"start": text[:30], "limit": _MAX_TITLE}
        )
    return " ".join(text.split())


def _choose(release: Release, indicators: Collection[Indicator]) -> None:
    if not indicators:
        raise Refused(_("Choose at least one indicator."))
    release.indicators.set(indicators)


def _build(release: Release, now: datetime) -> None:
    """The cells of a draft, with what may not be shown marked."""
    cycle = Cycle.objects.select_related("definition").get(pk=release.cycle_id)
    refresh_figures(cycle_id=cycle.pk, now=now)
    indicators = list(release.indicators.select_related("units_indicator").order_by("code"))
    stored = CycleFigure.objects.filter(cycle=cycle, indicator__in=indicators).select_related("indicator")
    city = {figure.indicator.code: figure for figure in stored}
    districts = {indicator.code: district_figures(cycle, indicator) for indicator in indicators}
    table = Table(indicators, city, districts, release.detail == Detail.DISTRICTS, _counts(cycle, indicators))
    hidden = confidential(table, hidden_before(release))
    release.figures.all().delete()
    rows = [row for indicator in indicators for row in _rows(release, indicator, table, hidden)]
    ReleasedFigure.objects.bulk_create(rows, batch_size=1000)
    release.as_of = now
    release.save(update_fields=["as_of"])


def _counts(cycle: Cycle, indicators: Collection[Indicator]) -> dict[tuple[str, str], Any]:
    counters = {indicator.units_indicator for indicator in indicators if indicator.units_indicator}
    rows = ((counter, row) for counter in counters for row in district_figures(cycle, counter))
    return {(row.code, counter.code): row.value for counter, row in rows if row.value is not None}


def _rows(release: Release, indicator: Indicator, table: Table, hidden: dict[Cell, ConfStatus]) -> list[ReleasedFigure]:
    rows = []
    figure = table.city.get(indicator.code)
    if figure is not None:
        status = ObsStatus.NORMAL if figure.value_reported >= figure.expected else ObsStatus.PROVISIONAL
        city = ReleasedFigure(
            release=release,
            indicator=indicator,
            value=figure.value,
            base=figure.base,
            growth=figure.growth,
            reported=figure.value_reported,
            expected=figure.expected,
        )
        rows.append(_marked(city, status, hidden.get((CITY, indicator.code))))
    if table.shows_districts:
        rows += [_district_row(release, indicator, row, hidden) for row in table.districts[indicator.code]]
    return rows


def _district_row(
    release: Release, indicator: Indicator, figure: DistrictFigure, hidden: dict[Cell, ConfStatus]
) -> ReleasedFigure:
    row = ReleasedFigure(
        release=release,
        indicator=indicator,
        district_id=figure.district_id,
        district_name=figure.name,
        district_name_zh=figure.name_zh,
        value=_stored(figure.value),
        base=_stored(figure.base),
        growth=_stored(figure.growth),
        reported=int(figure.value is not None),
    )
    status = _STATUS.get(FigureStatus(figure.status), ObsStatus.MISSING)
    is_withheld = status == ObsStatus.SUPPRESSED
    return _marked(row, status, hidden.get((figure.code, indicator.code)) or (ConfStatus.WITHHELD if is_withheld else None))


def _stored(number: Any) -> Any:
    return None if number is None else round(number, 6)


def _marked(row: ReleasedFigure, status: ObsStatus, reason: ConfStatus | None) -> ReleasedFigure:
    row.conf_status = reason or ConfStatus.FREE
    row.obs_status = ObsStatus.SUPPRESSED if reason else status if row.value is not None else _without_value(status)
    return row


def _without_value(status: ObsStatus) -> ObsStatus:
    return status if status in {ObsStatus.NOT_APPLICABLE, ObsStatus.SUPPRESSED} else ObsStatus.MISSING
