"""Rows about people and districts."""

from districts.models.acting import ActingHead
from districts.models.deputy import Deputy
from districts.models.district import District
from districts.models.grant import DistrictGroupGrant, DistrictUserGrant
from districts.models.mail import OutgoingMail
from districts.models.membership import BureauRole, Membership, PortfolioEntry
from districts.models.profile import Industry, Profile
from districts.models.succession import Succession
from districts.models.user import User
from districts.models.workday import WorkdayOverride

__all__ = [
    "ActingHead",
    "BureauRole",
    "Deputy",
    "District",
    "DistrictGroupGrant",
    "DistrictUserGrant",
    "Industry",
    "Membership",
    "OutgoingMail",
    "PortfolioEntry",
    "Profile",
    "Succession",
    "User",
    "WorkdayOverride",
]
