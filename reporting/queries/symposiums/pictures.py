"""The pictures of a symposium: how its cycle's figures stand to the targets, and what the growth is made of."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from reporting.models import Cycle, CycleFigure, Indicator, Symposium
from reporting.pictures import Picture
from reporting.queries.figures import Selection, district_figures
from reporting.queries.figures.access import Sight
from reporting.queries.figures.plan import headlines_of
from reporting.queries.illustrations import city_trend, growth_waterfall, light_map, source_of, target_bullets
from reporting.queries.targets import TargetStanding, standings_of

_DRAWN = 200
"""Of more districts no picture is drawn."""


def headline_of(cycle: Cycle, standings: Sequence[TargetStanding]) -> Indicator | None:
    """What a symposium is about: the first indicator that districts have targets of, else the report's first total."""
    aimed = sorted({one.indicator for one in standings if one.district is not None}, key=lambda one: one.code)
    return next(iter([*aimed, *headlines_of(cycle)]), None)


def pictures_of(symposium: Symposium, sight: Sight, now: datetime) -> list[Picture]:
    """As much as a person with this sight sees; nothing before the city's figures are open to them."""
    cycle = symposium.cycle
    if not sight.is_compared:
        return []
    found, source = standings_of(cycle, None if sight.districts is None else sorted(sight.districts)), source_of(cycle, now)
    headline = headline_of(cycle, found)
    if headline is None:
        return []
    city = [one for one in found if one.district is None]
    figure = CycleFigure.objects.filter(cycle=cycle, indicator=headline).first()
    rows = district_figures(cycle, headline, selection=Selection(districts=sight.districts, limit=_DRAWN + 1))
    is_complete = sight.districts is None
    drawn = [
        target_bullets(city, _("The city's results against its targets"), source),
        light_map(found, headline, source),
        growth_waterfall(cycle, headline, figure, rows, is_complete=is_complete) if len(rows) <= _DRAWN else None,
        city_trend(cycle, headline),
    ]
    return [picture for picture in drawn if picture is not None]
