"""Words of the supervision register: key tasks, how they stand, and what happens to them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class KeyTaskSource(TextChoices):
    PLAN = "plan", _("Three-year action plan")
    SYMPOSIUM = "symposium", _("Symposium")
    OTHER = "other", pgettext_lazy("source of a task", "Other")


class PartyRole(TextChoices):
    LEAD = "lead", pgettext_lazy("of a task", "Lead")
    CO_LEAD = "co_lead", pgettext_lazy("of a task", "Co-lead")


class KeyTaskState(TextChoices):
    ASSIGNED = "assigned", pgettext_lazy("state of a task", "Assigned")
    ANSWERED = "answered", pgettext_lazy("state of a task", "Answered")
    SENT_BACK = "sent_back", pgettext_lazy("state of a task", "Sent back")
    CLOSED = "closed", pgettext_lazy("state of a task", "Closed")
    DROPPED = "dropped", pgettext_lazy("state of a task", "Dropped")


OPEN_TASKS = frozenset({KeyTaskState.ASSIGNED, KeyTaskState.ANSWERED, KeyTaskState.SENT_BACK})
WITH_DISTRICT = frozenset({KeyTaskState.ASSIGNED, KeyTaskState.SENT_BACK})
"""Where it is the district's turn."""
_S = KeyTaskState
KEY_TASK_MOVES: tuple[tuple[KeyTaskState, KeyTaskState], ...] = (
    (_S.ASSIGNED, _S.ANSWERED),
    (_S.SENT_BACK, _S.ANSWERED),
    (_S.ANSWERED, _S.SENT_BACK),
    *((state, _S.CLOSED) for state in (_S.ASSIGNED, _S.ANSWERED, _S.SENT_BACK)),
    *((state, _S.DROPPED) for state in (_S.ASSIGNED, _S.ANSWERED, _S.SENT_BACK)),
)


class KeyTaskStep(TextChoices):
    """What stands in a task's history."""

    ASSIGN = "assign", pgettext_lazy("step of a task", "Assigned")
    CHANGE = "change", pgettext_lazy("step of a task", "Changed by the bureau")
    CHASE = "chase", pgettext_lazy("step of a task", "Chased by the bureau")
    ANSWER = "answer", pgettext_lazy("step of a task", "Reported as done")
    SEND_BACK = "send_back", pgettext_lazy("step of a task", "Sent back")
    CLOSE = "close", pgettext_lazy("step of a task", "Closed")
    DROP = "drop", pgettext_lazy("step of a task", "Dropped")
    ASK_EXTENSION = "ask_extension", pgettext_lazy("step of a task", "More time asked for")
    GRANT_EXTENSION = "grant_extension", pgettext_lazy("step of a task", "More time given")
    REFUSE_EXTENSION = "refuse_extension", pgettext_lazy("step of a task", "More time refused")


class Signal(TextChoices):
    """How urgent an open task is; the worst first."""

    RED = "red", pgettext_lazy("signal", "Overdue")
    YELLOW = "yellow", pgettext_lazy("signal", "Behind")
    BLUE = "blue", pgettext_lazy("signal", "Due soon")
    WAITING = "waiting", pgettext_lazy("signal", "Waits for the bureau")
    NONE = "none", pgettext_lazy("signal", "On course")
