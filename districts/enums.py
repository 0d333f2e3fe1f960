"""Roles, permissions and mail states."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DistrictPermission(TextChoices):
    """The permissions on `District`; everything a district owns inherits them."""

    VIEW = "view_district", _("see the district and its reports")
    FILE = "file_report", _("fill in and hand over reports")
    SIGN = "sign_report", _("sign and recall reports")
    MANAGE_PEOPLE = "manage_people", _("manage the district's people")
    REVIEW = "review_report", _("review and return reports")
    APPROVE = "approve_report", _("approve and reopen reports")


class DistrictRole(TextChoices):
    OBSERVER = "observer", _("Observer")
    OFFICER = "officer", _("Officer")
    HEAD = "head", _("Head")
    ACTING_HEAD = "acting_head", _("Acting head")
    """Never a membership's: what an officer or observer is for a period, beside the own role."""


STANDING_ROLES = (DistrictRole.OBSERVER, DistrictRole.OFFICER, DistrictRole.HEAD)
HEAD_ROLES = (DistrictRole.HEAD, DistrictRole.ACTING_HEAD)


class BureauRoleName(TextChoices):
    REVIEWER = "reviewer", _("Reviewer")
    APPROVER = "approver", _("Approver")
    ADMINISTRATOR = "administrator", _("Bureau administrator")


DEPUTISED_ROLES = (BureauRoleName.REVIEWER, BureauRoleName.APPROVER)
"""Who may have a deputy. An administrator's place is taken by another administrator."""


class Stage(TextChoices):
    """Of a period for which somebody stands in for somebody."""

    PLANNED = "planned", _("To come")
    RUNNING = "running", _("In force")
    OVER = "over", _("Over")
    ENDED = "ended", _("Ended early")


class Scope(TextChoices):
    ALL = "all", _("All districts")
    LISTED = "listed", _("Listed districts")


_P = DistrictPermission
DISTRICT_ROLE_PERMISSIONS: dict[str, frozenset[DistrictPermission]] = {
    DistrictRole.OBSERVER: frozenset({_P.VIEW}),
    DistrictRole.OFFICER: frozenset({_P.VIEW, _P.FILE}),
    DistrictRole.HEAD: frozenset({_P.VIEW, _P.FILE, _P.SIGN, _P.MANAGE_PEOPLE}),
    DistrictRole.ACTING_HEAD: frozenset({_P.VIEW, _P.FILE, _P.SIGN, _P.MANAGE_PEOPLE}),
}
BUREAU_ROLE_PERMISSIONS: dict[str, frozenset[DistrictPermission]] = {
    BureauRoleName.REVIEWER: frozenset({_P.VIEW, _P.REVIEW}),
    BureauRoleName.APPROVER: frozenset({_P.VIEW, _P.REVIEW, _P.APPROVE}),
    BureauRoleName.ADMINISTRATOR: frozenset({_P.VIEW, _P.REVIEW, _P.APPROVE}),
}
BUREAU_PERMISSIONS = BUREAU_ROLE_PERMISSIONS[BureauRoleName.ADMINISTRATOR]


class MailState(TextChoices):
    DUE = "due", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    SUPERSEDED = "superseded", _("Superseded")
    FAILED = "failed", _("Failed")


class ProfileState(TextChoices):
    DRAFT = "draft", pgettext_lazy("state of a profile", "Draft")
    SENT = "sent", pgettext_lazy("state of a profile", "Waits for the bureau")
    RETURNED = "returned", pgettext_lazy("state of a profile", "Sent back")
    APPROVED = "approved", pgettext_lazy("state of a profile", "Approved")


PROFILE_MOVES = (
    (ProfileState.DRAFT, ProfileState.SENT),
    (ProfileState.RETURNED, ProfileState.SENT),
    (ProfileState.SENT, ProfileState.DRAFT),
    (ProfileState.SENT, ProfileState.RETURNED),
    (ProfileState.SENT, ProfileState.APPROVED),
)
OPEN_PROFILES = frozenset({ProfileState.DRAFT, ProfileState.SENT, ProfileState.RETURNED})
EDITED_PROFILES = frozenset({ProfileState.DRAFT, ProfileState.RETURNED})
