"""Words of targets: what a target is of, and how a figure stands to it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reporting.enums import Measure


class TargetKind(TextChoices):
    LEVEL = "level", pgettext_lazy("kind of target", "Level of the year")
    GROWTH = "growth", pgettext_lazy("kind of target", "Growth (%)")
    SHARE = "share", pgettext_lazy("kind of target", "Share or rate")
    STOCK = "stock", pgettext_lazy("kind of target", "Stock at the end of the year")


KINDS_OF: dict[str, tuple[TargetKind, ...]] = {
    Measure.FLOW_YTD: (TargetKind.LEVEL, TargetKind.GROWTH),
    Measure.FLOW: (TargetKind.GROWTH,),
    Measure.STOCK: (TargetKind.STOCK, TargetKind.GROWTH),
    Measure.RATE: (TargetKind.SHARE,),
}
"""What may be aimed at, the usual kind first. The level of a flow that is not cumulative says nothing of a year."""


class Light(TextChoices):
    GREEN = "green", pgettext_lazy("light", "On target")
    YELLOW = "yellow", pgettext_lazy("light", "Slightly behind")
    RED = "red", pgettext_lazy("light", "Behind")
    NONE = "none", pgettext_lazy("light", "n/a")


class NoLight(TextChoices):
    """Why there is no light."""

    NO_VALUE = "no_value", _("There is no figure yet.")
    NO_BASE = "no_base", _("There is no base that growth could be measured on.")
    NO_SCALE = "no_scale", _("A target of zero or less has no completion rate.")
    NO_DIRECTION = "no_direction", _("Neither more nor less of it is better.")


class ScheduleKind(TextChoices):
    LINEAR = "linear", _("share of the year that has passed")
    SEASONAL = "seasonal", _("seasonal profile of past years")
