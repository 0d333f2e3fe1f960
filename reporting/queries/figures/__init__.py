"""The city's and the districts' figures, at present or as of a past instant."""

from reporting.queries.figures.city import CityFigure, city_figures
from reporting.queries.figures.districts import DistrictFigure, Selection, district_figures, stream_district_figures

__all__ = ["CityFigure", "DistrictFigure", "Selection", "city_figures", "district_figures", "stream_district_figures"]
