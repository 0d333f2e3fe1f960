"""Words of publication: its stages, and what is said of a released figure. The codes are those of SDMX where it has them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(TextChoices):
    """Whether something is public is not a stage: it is scheduled, and its instant has come."""

    DRAFT = "draft", pgettext_lazy("stage of a release", "Draft")
    INTERNAL = "internal", pgettext_lazy("stage of a release", "Internal")
    SCHEDULED = "scheduled", pgettext_lazy("stage of a release", "Approved for release")


STAGE_MOVES = (
    (Stage.DRAFT, Stage.INTERNAL),
    (Stage.INTERNAL, Stage.DRAFT),
    (Stage.INTERNAL, Stage.SCHEDULED),
    (Stage.SCHEDULED, Stage.INTERNAL),
)


class Detail(TextChoices):
    CITY = "city", _("The city alone")
    DISTRICTS = "districts", _("The city and its districts")


class ObsStatus(TextChoices):
    """SDMX CL_OBS_STATUS."""

    NORMAL = "A", pgettext_lazy("status of a figure", "normal")
    PROVISIONAL = "P", pgettext_lazy("status of a figure", "not all districts yet")
    MISSING = "M", pgettext_lazy("status of a figure", "missing")
    NOT_APPLICABLE = "L", pgettext_lazy("status of a figure", "not applicable")
    SUPPRESSED = "Q", pgettext_lazy("status of a figure", "suppressed")


class ConfStatus(TextChoices):
    """SDMX CL_CONF_STATUS: why a figure is not shown."""

    FREE = "F", pgettext_lazy("confidentiality", "free")
    WITHHELD = "N", pgettext_lazy("confidentiality", "withheld by its district")
    FEW_UNITS = "A", pgettext_lazy("confidentiality", "fewer than three units")
    DOMINANT = "O", pgettext_lazy("confidentiality", "one unit dominates it")
    SECONDARY = "D", pgettext_lazy("confidentiality", "suppressed so that another cannot be computed")


PRIMARY = (ConfStatus.WITHHELD, ConfStatus.FEW_UNITS, ConfStatus.DOMINANT)
