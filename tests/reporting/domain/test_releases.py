"""Releases and bulletins: frozen figures, vintages, the embargo to the second, and what is never shown."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from districts.enums import BureauRoleName
from districts.errors import Conflict, NotAllowed, Refused
from districts.models import User
from reporting.domain.releases import (
    BulletinText,
    ReleaseText,
    call_off_release,
    change_bulletin,
    change_release,
    prepare_release,
    rebuild_release,
    schedule_release,
    show_internally,
    take_back_draft,
    write_bulletin,
)
from reporting.enums import Measure
from reporting.enums.publication import ConfStatus, Detail, ObsStatus
from reporting.models import Bulletin, Cycle, CycleFigure, Indicator, Release, ReleasedFigure, Submission
from reporting.queries.released import (
    changed_figures,
    current_releases,
    next_embargo,
    public_bulletins,
    public_indicators,
    public_releases,
    seen_at_bureau,
    sheets_of,
)
from tests import factories
from tests.conftest import Cast
from tests.reporting.domain.states import bring_to
from tests.reporting.figures.build import make_world

pytestmark = pytest.mark.django_db
NOW = factories.NOW
SECOND = timedelta(seconds=1)
LATER = NOW + timedelta(days=30)


@pytest.fixture
def approved(cast: Cast, cycle: Cycle, submission: Submission, south_submission: Submission) -> Cycle:
    """The north alone is approved."""
    bring_to("approved", submission, cast)
    return cycle


def prepared(cycle: Cycle, cast: Cast, now: datetime = NOW, **more: Any) -> Release:
    given: dict[str, Any] = {"text": ReleaseText("First half-year"), "detail": Detail.DISTRICTS, "actor": cast.administrator}
    given["indicators"] = list(Indicator.objects.filter(code__in=["P1", "P2"]))
    return prepare_release(cycle=cycle, now=now, **given | more)


def internal(cycle: Cycle, cast: Cast, **more: Any) -> Release:
    return show_internally(item=prepared(cycle, cast, **more), actor=cast.administrator)


def scheduled(cycle: Cycle, cast: Cast, at: datetime = NOW, **more: Any) -> Release:
    return schedule_release(item=internal(cycle, cast, **more), at=at, actor=cast.administrator, now=NOW)


def written(cast: Cast, release: Release | None = None, number: str = "2026-1") -> Bulletin:
    text = BulletinText(number, "The bureau", date(2026, 8, 30), "Growth of 7.8 %", "All of it.")
    return write_bulletin(text=text, release=release, actor=cast.administrator, now=NOW)


def test_release_takes_the_figures_as_they_stand(cast: Cast, approved: Cycle) -> None:
    release = prepared(approved, cast)
    stored = CycleFigure.objects.get(cycle=approved, indicator__code="P1")
    city = release.figures.get(district=None, indicator__code="P1")
    assert (city.value, city.growth, city.reported, city.expected) == (stored.value, stored.growth, 1, 2)
    assert (release.vintage, release.as_of, release.stage) == (1, NOW, "draft")
    assert set(release.figures.values_list("indicator__code", "district__code")) == {
        (code, district) for code in ("P1", "P2") for district in (None, "north", "south")
    }


def test_total_of_fewer_than_three_districts_is_not_shown_and_cannot_be_computed(cast: Cast, approved: Cycle) -> None:
    (sheet, _other) = sheets_of(prepared(approved, cast))
    assert sheet.city is not None
    assert (sheet.city.conf_status, sheet.city.obs_status) == (ConfStatus.FEW_UNITS, ObsStatus.SUPPRESSED)
    north, south = sheet.districts
    assert north.conf_status == ConfStatus.SECONDARY
    assert (south.value, south.obs_status, south.conf_status) == (None, ObsStatus.MISSING, ConfStatus.FREE)


def test_only_an_administrator_publishes(cast: Cast, approved: Cycle) -> None:
    release, bulletin = internal(approved, cast), written(cast)
    text = BulletinText("9", "x", NOW.date(), "x", "x")
    calls: list[Callable[[User], object]] = [
        lambda who: prepared(approved, cast, actor=who),
        lambda who: show_internally(item=bulletin, actor=who),
        lambda who: schedule_release(item=release, at=NOW, actor=who, now=NOW),
        lambda who: write_bulletin(text=text, release=None, actor=who, now=NOW),
    ]
    for who in (cast.approver, cast.reviewer, cast.head, cast.outsider):
        for call in calls:
            with pytest.raises(NotAllowed):
                call(who)
    assert (Release.objects.count(), Bulletin.objects.count()) == (1, 1)


def test_embargo_holds_to_the_second_with_nothing_running(cast: Cast, approved: Cycle) -> None:
    at = NOW + timedelta(days=3)
    release = scheduled(approved, cast, at)
    bulletin = schedule_release(
        item=show_internally(item=written(cast, release), actor=cast.administrator), at=at, actor=cast.administrator, now=NOW
    )
    before, then = at - SECOND, at
    assert (list(public_releases(before)), list(public_bulletins(before)), list(public_indicators(before))) == ([], [], [])
    assert (list(public_releases(then)), list(public_bulletins(then))) == ([release], [bulletin])
    assert {indicator.code for indicator in public_indicators(then)} == {"P1", "P2"}
    assert (next_embargo(before), next_embargo(then)) == (at, None)


def test_draft_and_internal_are_never_public(cast: Cast, approved: Cycle) -> None:
    internal(approved, cast)
    show_internally(item=written(cast), actor=cast.administrator)
    far = NOW + timedelta(days=3650)
    assert (list(public_releases(far)), list(public_bulletins(far)), next_embargo(NOW)) == ([], [], None)


def test_stages_and_who_of_the_bureau_reads_them(cast: Cast, approved: Cycle) -> None:
    release = prepared(approved, cast)

    def seen() -> set[str]:
        people = {"administrator", "approver", "reviewer", "head", "outsider"}
        return {who for who in people if seen_at_bureau(getattr(cast, who), Release.objects.all()).exists()}

    assert seen() == {"administrator"}
    show_internally(item=release, actor=cast.administrator)
    assert seen() == {"administrator", "approver", "reviewer"}
    again = show_internally(item=release, actor=cast.administrator)
    assert (again.stage, again.version) == ("internal", 2)
    assert take_back_draft(item=release, actor=cast.administrator).stage == "draft"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (None, "Give the instant"),
        (NOW - timedelta(minutes=2), "Give the instant"),
        (NOW + timedelta(days=367), "within a year"),
    ],
)
def test_instant_in_the_past_or_far_away_is_refused(cast: Cast, approved: Cycle, at: datetime | None, said: str) -> None:
    with pytest.raises(Refused, match=said):
        schedule_release(item=internal(approved, cast), at=at, actor=cast.administrator, now=NOW)


def test_release_is_called_off_before_its_instant_alone(cast: Cast, approved: Cycle) -> None:
    """The database judges by its own clock, too: here the instants are those of the present."""
    now = timezone.now()
    release = schedule_release(item=internal(approved, cast), at=now + timedelta(days=3), actor=cast.administrator, now=now)
    off = call_off_release(item=release, actor=cast.administrator, now=now)
    assert (off.stage, off.released_at) == ("internal", None)
    public = schedule_release(item=off, at=now, actor=cast.administrator, now=now)
    with pytest.raises(Conflict, match="stays so"):
        call_off_release(item=public, actor=cast.administrator, now=now)


def test_bulletin_is_not_public_before_its_release(cast: Cast, approved: Cycle) -> None:
    at = NOW + timedelta(days=3)
    release = internal(approved, cast)
    bulletin = show_internally(item=written(cast, release), actor=cast.administrator)
    for instant in (NOW, at):
        with pytest.raises(Refused, match="schedule that first"):
            schedule_release(item=bulletin, at=instant, actor=cast.administrator, now=NOW)
    schedule_release(item=release, at=at, actor=cast.administrator, now=NOW)
    with pytest.raises(Refused, match="schedule that first"):
        schedule_release(item=bulletin, at=at - SECOND, actor=cast.administrator, now=NOW)
    schedule_release(item=bulletin, at=at, actor=cast.administrator, now=NOW)
    with pytest.raises(Conflict, match="call that off first"):
        call_off_release(item=release, actor=cast.administrator, now=NOW)


def test_correction_is_a_new_vintage_and_the_earlier_one_stays(cast: Cast, approved: Cycle) -> None:
    first = scheduled(approved, cast)
    value = first.figures.get(district=None, indicator__code="P1").value
    with pytest.raises(Refused, match="what is corrected"):
        prepared(approved, cast)
    second = scheduled(approved, cast, text=ReleaseText("Corrected", reason="A typing error in Northgate."))
    assert (first.vintage, second.vintage) == (1, 2)
    assert (list(public_releases(NOW)), current_releases(NOW)) == ([second, first], [second])
    assert first.figures.get(district=None, indicator__code="P1").value == value


def test_two_vintages_together_tell_no_more_than_each() -> None:
    """Two firms stand behind west's value. Beside it north was hidden as the smallest, which east is in the correction: hidden
    once, north stays so, and nobody takes the total without north from the one without east."""
    firms = factories.make_indicator("N", measure=Measure.STOCK, unit="firms", unit_zh="家", price_basis="")
    world = make_world(factories.make_indicator("V", units_indicator=firms), firms, districts=("east", "north", "south", "west"))
    cycle, administrator = world.cycle(), factories.make_bureau("publisher", BureauRoleName.ADMINISTRATOR)
    for code, value, count in (("north", "10", "9"), ("east", "20", "9"), ("south", "30", "9"), ("west", "15", "2")):
        world.report(cycle, code, {"V": value, "N": count})

    def released(reason: str, now: datetime) -> dict[str, str]:
        text, chosen = ReleaseText("Half-year", reason=reason), [world.indicators["V"]]
        given: dict[str, Any] = {"actor": administrator, "now": now}
        release = prepare_release(cycle=cycle, text=text, indicators=chosen, detail=Detail.DISTRICTS, **given)
        schedule_release(item=show_internally(item=release, actor=administrator), at=now, **given)
        return {row.district.code if row.district else "": row.conf_status for row in release.figures.select_related("district")}

    first = released("", NOW)
    assert first == {"": "F", "north": "D", "east": "F", "south": "F", "west": "A"}
    world.report(cycle, "north", {"V": "90", "N": "9"}, at=NOW + timedelta(hours=1))
    assert released("North is corrected.", NOW + timedelta(hours=2)) == first
    world.report(cycle, "west", {"V": "15", "N": "3"}, at=NOW + timedelta(hours=3))
    assert set(released("West has three firms.", NOW + timedelta(hours=4)).values()) == {"F"}


def test_second_release_of_a_cycle_waits_for_the_first(cast: Cast, approved: Cycle) -> None:
    scheduled(approved, cast, NOW + timedelta(days=3))
    with pytest.raises(Conflict, match="being prepared already"):
        prepared(approved, cast, text=ReleaseText("Again", reason="x"))


def test_figures_that_moved_since_are_named_and_the_released_ones_stay(cast: Cast, approved: Cycle) -> None:
    release = scheduled(approved, cast)
    assert changed_figures(release) == []
    CycleFigure.objects.filter(cycle=approved, indicator__code="P1").update(value=Decimal("1.5"))
    ((cell, now),) = changed_figures(release)
    assert (cell.indicator.code, now.value) == ("P1", Decimal("1.5"))
    assert cell.value != now.value


def test_database_keeps_what_is_public_and_the_figures_of_what_is_no_draft(cast: Cast, approved: Cycle) -> None:
    release = internal(approved, cast)
    writes: list[Callable[[], object]] = [
        lambda: ReleasedFigure.objects.filter(release=release).update(value=1),
        lambda: ReleasedFigure.objects.filter(release=release).delete(),
        lambda: ReleasedFigure.objects.create(release=release, indicator=Indicator.objects.get(code="GRP"), obs_status="A"),
    ]
    for write in writes:
        with pytest.raises(DatabaseError), transaction.atomic():
            write()
    schedule_release(item=release, at=NOW, actor=cast.administrator, now=NOW)
    changes: list[dict[str, Any]] = [{"title": "Other"}, {"stage": "internal", "released_at": None}, {"released_at": LATER}]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            Release.objects.filter(pk=release.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Release.objects.filter(pk=release.pk).delete()


def test_change_of_a_draft_is_compared_and_takes_the_figures_anew(cast: Cast, approved: Cycle) -> None:
    release = prepared(approved, cast)
    given: dict[str, Any] = {"indicators": [Indicator.objects.get(code="P1")], "detail": Detail.CITY, "actor": cast.administrator}
    changed = change_release(release=release, version=1, text=ReleaseText("New"), now=NOW, **given)
    assert (changed.title, changed.version, changed.figures.count()) == ("New", 2, 1)
    with pytest.raises(Conflict, match="changed it meanwhile"):
        change_release(release=release, version=1, text=ReleaseText("Old"), now=NOW, **given)
    show_internally(item=release, actor=cast.administrator)
    with pytest.raises(Conflict, match="changes as a draft alone"):
        change_release(release=release, version=3, text=ReleaseText("Old"), now=NOW, **given)
    release.refresh_from_db()
    with pytest.raises(Conflict):
        rebuild_release(release=release, actor=cast.administrator, now=NOW)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"text": ReleaseText(" ")}, "Give a title."),
        ({"text": ReleaseText("x" * 201)}, "is too long"),
        ({"indicators": []}, "Choose at least one indicator."),
    ],
)
def test_release_that_says_too_little_is_refused(cast: Cast, approved: Cycle, more: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        prepared(approved, cast, **more)
    assert not Release.objects.exists()


def test_bulletins_are_numbered_once_and_changes_compared(cast: Cast) -> None:
    bulletin = written(cast)
    with pytest.raises(Refused, match="this issue number already"):
        written(cast)
    other = written(cast, number="2026-2")
    text = BulletinText("2026-1", "The bureau", date(2026, 8, 30), "Other", "All of it.")
    with pytest.raises(Refused, match="this issue number already"):
        change_bulletin(bulletin=other, version=1, text=text, release=None, actor=cast.administrator)
    assert change_bulletin(bulletin=bulletin, version=1, text=text, release=None, actor=cast.administrator).headline == "Other"
    with pytest.raises(Conflict):
        change_bulletin(bulletin=bulletin, version=1, text=text, release=None, actor=cast.administrator)
