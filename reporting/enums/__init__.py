"""The vocabulary of reporting."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Measure(TextChoices):
    FLOW_YTD = "flow_ytd", _("flow, year to date")
    FLOW = "flow", _("flow of the period")
    STOCK = "stock", _("stock")
    RATE = "rate", _("rate")


class Direction(TextChoices):
    UP = "up", _("more is better")
    DOWN = "down", _("less is better")
    NONE = "none", _("neither")


class PriceBasis(TextChoices):
    CURRENT = "current", _("current prices")
    CONSTANT = "constant", _("constant prices")
    NOT_APPLICABLE = "", _("not a price")


class CityAggregation(TextChoices):
    SUM = "sum", _("sum of the districts")
    WEIGHTED_MEAN = "weighted_mean", _("mean weighted by another indicator")
    MAX = "max", _("largest")
    FORMULA = "formula", _("formula over city sums")
    NONE = "none", _("no city figure")


class Frequency(TextChoices):
    QUARTERLY = "quarterly", _("every quarter")
    HALF_YEARLY = "half_yearly", _("every half-year")
    YEARLY = "yearly", _("every year")


class VersionState(TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class QuestionKind(TextChoices):
    """How an answer is given and read. The numeric kinds are asked for with an indicator, all others without."""

    NUMBER = "number", _("number")
    PERCENT = "percent", _("percentage")
    MONEY = "money", _("amount of money")
    WHOLE = "whole", _("whole number")
    TEXT = "text", _("one line of text")
    LONG_TEXT = "long_text", _("text")
    CHOICE = "choice", _("one choice")
    CHOICES = "choices", _("several choices")
    DATE = "date", _("date")
    YES_NO = "yes_no", _("yes or no")
    FILE = "file", _("files")

    @property
    def is_numeric(self) -> bool:
        return self in NUMERIC_KINDS


NUMERIC_KINDS = frozenset({QuestionKind.NUMBER, QuestionKind.PERCENT, QuestionKind.MONEY, QuestionKind.WHOLE})
"""Asked for with an indicator; all other kinds without."""
CHOICE_KINDS = frozenset({QuestionKind.CHOICE, QuestionKind.CHOICES})


class CheckKind(TextChoices):
    ASCENDING = "ascending", _("each value at most the next")
    SUM = "sum", _("the first is the sum of the others")


class BuiltIn(TextChoices):
    """The checks that every number has by the measure of its indicator, the most telling first."""

    BOUNDS = "bounds", _("Smallest and largest value")
    UNIT_SLIP = "unit_slip", _("Unit slip")
    BASE_DIFFERS = "base_differs", _("Base differs from what was approved")
    FALLING_FLOW = "falling_flow", _("Cumulative value below the previous one")
    FALLING_STOCK = "falling_stock", _("Stock that falls")
    YEAR_ON_YEAR = "year_on_year", _("Change against last year")
    SHARE_SHIFT = "share_shift", _("Share moved against last year")
    OUTLIER = "outlier", _("Outlier against the earlier periods")


class SubmissionState(TextChoices):
    NOT_STARTED = "not_started", _("Not started")
    DRAFT = "draft", pgettext_lazy("state of a report", "Draft")
    AWAITING_SIGNATURE = "awaiting_signature", _("Awaiting signature")
    SUBMITTED = "submitted", _("Submitted")
    IN_REVIEW = "in_review", _("In review")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")
    RELEASED = "released", _("Not expected")


EDITABLE_STATES = frozenset({SubmissionState.DRAFT, SubmissionState.RETURNED})
UNSUBMITTED_STATES = EDITABLE_STATES | {SubmissionState.NOT_STARTED, SubmissionState.AWAITING_SIGNATURE}
"""What a district still owes."""


class OpenReports(TextChoices):
    """What becomes of the open reports of a district that is merged into another one."""

    STAY = "stay", _("The district still files all of them")
    LATER_GO = "later_go", _("Those of periods that end on the day or later are not expected any more")
    ALL_GO = "all_go", _("None is expected any more")


class TransitionName(TextChoices):
    START = "start", _("Started")
    HAND_OVER = "hand_over", _("Handed over for signature")
    TAKE_BACK = "take_back", _("Taken back")
    SIGN = "sign", _("Signed and submitted")
    RECALL = "recall", _("Recalled")
    BEGIN_REVIEW = "begin_review", _("Review begun")
    RETURN = "return", _("Returned")
    APPROVE = "approve", _("Approved")
    REOPEN = "reopen", _("Reopened")
    RELEASE = "release", _("Not expected any more")
    EXPECT = "expect", _("Expected again")


class EventKind(TextChoices):
    """Everything that goes into a submission's history: the transitions, and what the bureau does beside them."""

    START = TransitionName.START.value, TransitionName.START.label
    HAND_OVER = TransitionName.HAND_OVER.value, TransitionName.HAND_OVER.label
    TAKE_BACK = TransitionName.TAKE_BACK.value, TransitionName.TAKE_BACK.label
    SIGN = TransitionName.SIGN.value, TransitionName.SIGN.label
    RECALL = TransitionName.RECALL.value, TransitionName.RECALL.label
    BEGIN_REVIEW = TransitionName.BEGIN_REVIEW.value, TransitionName.BEGIN_REVIEW.label
    RETURN = TransitionName.RETURN.value, TransitionName.RETURN.label
    APPROVE = TransitionName.APPROVE.value, TransitionName.APPROVE.label
    REOPEN = TransitionName.REOPEN.value, TransitionName.REOPEN.label
    RELEASE = TransitionName.RELEASE.value, TransitionName.RELEASE.label
    EXPECT = TransitionName.EXPECT.value, TransitionName.EXPECT.label
    EXTEND = "extend", _("Due time changed")
    CHASE = "chase", _("Chased by the bureau")
    MOVE = "move", _("Moved to a newer version of the form")
    CHECK = "check", pgettext_lazy("of a report", "Checked")
    SCAN = "scan", _("Stamped scan attached")
    ENTER = "enter", _("Filled in by the bureau from a workbook")
    ASK_EXTENSION = "ask_extension", _("Extension asked for")
    REFUSE_EXTENSION = "refuse_extension", _("Extension refused")
    LAPSE_EXTENSION = "lapse_extension", _("Extension request lapsed")
    WITHDRAW_EXTENSION = "withdraw_extension", _("Extension request withdrawn")
    ASK_CORRECTION = "ask_correction", _("Correction asked for")
    REFUSE_CORRECTION = "refuse_correction", _("Correction refused")
    WITHDRAW_CORRECTION = "withdraw_correction", _("Correction request withdrawn")


class FileKind(TextChoices):
    """What a file that a district gives may be: the stamped scan one of the first three, evidence any of them."""

    PDF = "pdf", "PDF"
    JPEG = "jpeg", "JPEG"
    PNG = "png", "PNG"
    XLSX = "xlsx", "Excel"
    DOCX = "docx", "Word"

    @property
    def content_type(self) -> str:
        return _CONTENT_TYPES[self]

    @property
    def endings(self) -> tuple[str, ...]:
        """What the name of such a file ends in, the usual one first."""
        return (".jpg", ".jpeg", ".jfif") if self is FileKind.JPEG else (f".{self.value}",)


_OFFICE = "application/vnd.openxmlformats-officedocument"
_CONTENT_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
    FileKind.DOCX: f"{_OFFICE}.wordprocessingml.document",
}


class AnswerStatus(TextChoices):
    """Blank, zero, not applicable and suppressed are different."""

    REPORTED = "reported", _("reported")
    NOT_APPLICABLE = "not_applicable", _("not applicable")
    SUPPRESSED = "suppressed", _("suppressed")
    MISSING = "missing", _("missing")


class FigureStatus(TextChoices):
    """What stands behind a district's figure: an answer's status, or why there is no answer to look at."""

    REPORTED = AnswerStatus.REPORTED.value, AnswerStatus.REPORTED.label
    NOT_APPLICABLE = AnswerStatus.NOT_APPLICABLE.value, AnswerStatus.NOT_APPLICABLE.label
    SUPPRESSED = AnswerStatus.SUPPRESSED.value, AnswerStatus.SUPPRESSED.label
    MISSING = AnswerStatus.MISSING.value, AnswerStatus.MISSING.label
    NIL = "nil", _("nothing to report")
    NOT_APPROVED = "not_approved", _("not approved yet")


class CommentState(TextChoices):
    DRAFT = "draft", _("Draft")
    OPEN = "open", pgettext_lazy("state of a comment", "Open")
    ADDRESSED = "addressed", _("Addressed")
    CLOSED = "closed", _("Closed")


class EnquiryState(TextChoices):
    """Whose turn it is in a thread between a district and the bureau."""

    WAITING = "waiting", _("Waiting for the bureau")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


class PetitionKind(TextChoices):
    """What a district asks the bureau to do with its report."""

    EXTENSION = "extension", _("Extension request")
    CORRECTION = "correction", _("Correction request")


class PetitionState(TextChoices):
    """How a request stands; every state but the first is its end."""

    WAITING = "waiting", _("Waiting for the bureau")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Lapsed")


class Severity(TextChoices):
    HARD = "hard", _("must be corrected")
    SOFT = "soft", _("needs an explanation")


class JobKind(TextChoices):
    """What the bureau has done in the background."""

    DOWNLOAD = "download", _("Download of workbooks")
    UPLOAD = "upload", _("Upload of workbooks")
    BRIEFING = "briefing", _("Briefing of a symposium")
    MINUTES = "minutes", _("Minutes of a symposium")


class JobState(TextChoices):
    WAITING = "waiting", pgettext_lazy("state of a job", "Waiting")
    RUNNING = "running", pgettext_lazy("state of a job", "Running")
    DONE = "done", pgettext_lazy("state of a job", "Done")
    CANCELLED = "cancelled", pgettext_lazy("state of a job", "Cancelled")
    EXPIRED = "expired", pgettext_lazy("state of a job", "Expired")


JOBS_IN_ORDER = (JobKind.BRIEFING, JobKind.MINUTES)
"""Whose last item needs all others; of the rest several are done at once."""
UNFINISHED_JOBS = (JobState.WAITING, JobState.RUNNING)
FINISHED_JOBS = (JobState.DONE, JobState.CANCELLED)
"""Whose results are kept for a while."""


class ItemState(TextChoices):
    """Of one district's workbook, or of one file, in a job."""

    WAITING = "waiting", pgettext_lazy("state of a file", "Waiting")
    DONE = "done", pgettext_lazy("state of a file", "Done")
    REFUSED = "refused", pgettext_lazy("state of a file", "Refused")
    FAILED = "failed", pgettext_lazy("state of a file", "Failed")
