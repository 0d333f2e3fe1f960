"""Words of the library of practices."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class PracticeTopic(TextChoices):
    INDUSTRY = "industry", pgettext_lazy("topic of a practice", "Industry")
    DATA = "data", pgettext_lazy("topic of a practice", "Data")
    INTELLIGENCE = "intelligence", pgettext_lazy("topic of a practice", "Artificial intelligence")
    INFRASTRUCTURE = "infrastructure", pgettext_lazy("topic of a practice", "Infrastructure")
    GOVERNANCE = "governance", pgettext_lazy("topic of a practice", "Government and services")
    TALENT = "talent", pgettext_lazy("topic of a practice", "People and skills")
    OTHER = "other", pgettext_lazy("topic of a practice", "Other")


class PracticeState(TextChoices):
    PROPOSED = "proposed", pgettext_lazy("state of a practice", "Proposed")
    ENDORSED = "endorsed", pgettext_lazy("state of a practice", "Endorsed")
    DECLINED = "declined", pgettext_lazy("state of a practice", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a practice", "Withdrawn")


PRACTICE_MOVES = (
    (PracticeState.PROPOSED, PracticeState.ENDORSED),
    (PracticeState.PROPOSED, PracticeState.DECLINED),
    (PracticeState.PROPOSED, PracticeState.WITHDRAWN),
    (PracticeState.ENDORSED, PracticeState.WITHDRAWN),
)
