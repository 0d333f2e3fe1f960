"""The pictures of a symposium: how its cycle's figures stand to the targets, and what the growth is made of."""

from datetime import datetime

from django.utils.translation import gettext as _

from reporting.models import CycleFigure, Symposium
from reporting.pictures import Picture
from reporting.queries.figures import Selection, district_figures
from reporting.queries.figures.access import Sight
from reporting.queries.figures.plan import headlines_of
from reporting.queries.illustrations import city_trend, growth_waterfall, light_map, source_of, target_bullets
from reporting.queries.targets import standings_of

_DRAWN = 200
"""Of more districts no picture is drawn."""


def pictures_of(symposium: Symposium, sight: Sight, now: datetime) -> list[Picture]:
    """As much as a person with this sight sees; nothing before the city's figures are open to them."""
    cycle = symposium.cycle
    asked = headlines_of(cycle)
    if not sight.is_compared or not asked:
        return []
    headline, source = asked[0], source_of(cycle, now)
    found = standings_of(cycle, None if sight.districts is None else sorted(sight.districts))
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
