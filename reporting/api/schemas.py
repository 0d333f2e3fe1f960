"""What the interface answers. Codes are those of SDMX."""

from datetime import datetime
from decimal import Decimal

from ninja import Schema


class ReleaseOut(Schema):
    """One vintage of a cycle's figures."""

    id: int
    TIME_PERIOD: str
    vintage: int
    title: str
    title_zh: str
    released_at: datetime
    is_latest: bool
    correction: str


class IndicatorOut(Schema):
    INDICATOR: str
    name: str
    name_zh: str
    UNIT_MEASURE: str
    decimals: int
    measure: str
    definition: str
    definition_zh: str
    source: str


class ObservationOut(Schema):
    """One figure. Without OBS_VALUE it is missing or not shown: OBS_STATUS and CONF_STATUS say which."""

    REF_AREA: str
    INDICATOR: str
    TIME_PERIOD: str
    UNIT_MEASURE: str
    OBS_VALUE: Decimal | None
    GROWTH: Decimal | None
    OBS_STATUS: str
    CONF_STATUS: str
    vintage: int
    released_at: datetime


class BulletinOut(Schema):
    id: int
    number: str
    issuer: str
    day: str
    headline: str
    headline_zh: str
    body: str
    body_zh: str
    released_at: datetime


class Page(Schema):
    """`total` counts all; `observations` are those from `offset` on."""

    total: int
    offset: int
    observations: list[ObservationOut]


class Refusal(Schema):
    detail: str
