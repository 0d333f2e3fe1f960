"""Words of the symposium."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SymposiumState(TextChoices):
    PLANNED = "planned", pgettext_lazy("state of a symposium", "Planned")
    INVITED = "invited", pgettext_lazy("state of a symposium", "Invitations sent")
    HELD = "held", pgettext_lazy("state of a symposium", "Held")
    CONCLUDED = "concluded", pgettext_lazy("state of a symposium", "Concluded")
    CANCELLED = "cancelled", pgettext_lazy("state of a symposium", "Cancelled")


_S = SymposiumState
SYMPOSIUM_MOVES = (
    (_S.PLANNED, _S.INVITED),
    (_S.INVITED, _S.HELD),
    (_S.HELD, _S.CONCLUDED),
    (_S.PLANNED, _S.CANCELLED),
    (_S.INVITED, _S.CANCELLED),
)
AHEAD = frozenset({_S.PLANNED, _S.INVITED})


class AgendaKind(TextChoices):
    OPENING = "opening", pgettext_lazy("item of an agenda", "Opening")
    FIGURES = "figures", pgettext_lazy("item of an agenda", "The city's figures")
    SPEECH = "speech", pgettext_lazy("item of an agenda", "A district reports")
    DISCUSSION = "discussion", pgettext_lazy("item of an agenda", "Discussion")
    CLOSING = "closing", pgettext_lazy("item of an agenda", "Closing words")


class Attending(TextChoices):
    YES = "yes", pgettext_lazy("attendance", "Attends")
    DEPUTY = "deputy", pgettext_lazy("attendance", "Sends somebody")
    NO = "no", pgettext_lazy("attendance", "Does not attend")


class ProblemKind(TextChoices):
    TARGET = "target", pgettext_lazy("problem", "Below the target")
    SCHEDULE = "schedule", pgettext_lazy("problem", "Behind the schedule")
    SCALE = "scale", pgettext_lazy("problem", "Industry below scale")
    GROWTH = "growth", pgettext_lazy("problem", "Growth below the city's")
    FALLING = "falling", pgettext_lazy("problem", "Value below last year's")
    TASK = "task", pgettext_lazy("problem", "Key tasks overdue")
    LATE = "late", pgettext_lazy("problem", "Reports handed in late")
    RETURNED = "returned", pgettext_lazy("problem", "Reports sent back")
    AMENDED = "amended", pgettext_lazy("problem", "Approved reports corrected")
    MISSING = "missing", pgettext_lazy("problem", "Reports not approved")


class Decision(TextChoices):
    OPEN = "open", pgettext_lazy("decision on a problem", "To be decided")
    ACCEPTED = "accepted", pgettext_lazy("decision on a problem", "Accepted")
    DROPPED = "dropped", pgettext_lazy("decision on a problem", "Dropped")


class DocumentKind(TextChoices):
    BRIEFING = "briefing", pgettext_lazy("document of a symposium", "Briefing")
    MINUTES = "minutes", pgettext_lazy("document of a symposium", "Minutes")


class Priority(TextChoices):
    """The groups of conclusions."""

    COLLABORATION = "collaboration", _("Collaboration")
    STRATEGY = "strategy", _("Strategies and priorities")
    COMMUNICATION = "communication", _("Communication")
