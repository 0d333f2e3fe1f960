"""Which outgoing mails a person of the bureau may see."""

from django.db.models import QuerySet

from districts.enums import DistrictPermission, MailState
from districts.models import OutgoingMail
from districts.queries.access import AnyUser, districts_for, is_bureau_administrator


def mails_for(user: AnyUser) -> QuerySet[OutgoingMail]:
    """The mails about districts of the portfolio; those about no district (accounts, digests) are the administrators'."""
    if is_bureau_administrator(user):
        return OutgoingMail.objects.all()
    return OutgoingMail.objects.filter(district__in=districts_for(user, DistrictPermission.REVIEW))


def failed_mails(user: AnyUser) -> QuerySet[OutgoingMail]:
    """Those that could not be delivered, latest first."""
    return mails_for(user).filter(state=MailState.FAILED).select_related("recipient", "district")
