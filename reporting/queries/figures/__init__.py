"""The city's and the districts' figures, at present or as of a past instant."""

from reporting.queries.figures.city import CityFigure, city_figures
from reporting.queries.figures.discrete import DiscreteFigure, DiscreteUnit, discrete_figure
from reporting.queries.figures.districts import DistrictFigure, Selection, district_figures, stream_district_figures

__all__ = [
    "CityFigure",
    "DiscreteFigure",
    "DiscreteUnit",
    "DistrictFigure",
    "Selection",
    "city_figures",
    "discrete_figure",
    "district_figures",
    "stream_district_figures",
]
