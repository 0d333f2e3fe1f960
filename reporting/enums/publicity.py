"""Words of the publicity plan."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OutletKind(TextChoices):
    CONFERENCE = "conference", pgettext_lazy("of an outlet", "Conference")
    NEWS_AGENCY = "news_agency", _("News agency")
    TELEVISION = "television", _("Television")
    NEWSPAPER = "newspaper", _("Newspaper")
    ONLINE = "online", _("Online platform")
    OTHER = "other", pgettext_lazy("of an outlet", "Other")


class PublicityKind(TextChoices):
    EVENT = "event", pgettext_lazy("publicity", "Event")
    STORY = "story", pgettext_lazy("publicity", "Story")


class PublicityState(TextChoices):
    """Whether it is out is not a state: each of its outlets says so by itself."""

    PROPOSED = "proposed", pgettext_lazy("publicity", "Proposed")
    APPROVED = "approved", pgettext_lazy("publicity", "Approved")
    DECLINED = "declined", pgettext_lazy("publicity", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("publicity", "Withdrawn")


PUBLICITY_MOVES = (
    (PublicityState.PROPOSED, PublicityState.APPROVED),
    (PublicityState.PROPOSED, PublicityState.DECLINED),
    (PublicityState.PROPOSED, PublicityState.WITHDRAWN),
    (PublicityState.APPROVED, PublicityState.WITHDRAWN),
)
