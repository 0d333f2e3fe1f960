"""Which outgoing mails a person of the bureau may see."""

from django.db.models import Exists, Func, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Concat

from districts.enums import DistrictPermission, MailState
from districts.models import OutgoingMail
from districts.queries.access import AnyUser, districts_for, is_bureau_administrator


def mails_for(user: AnyUser) -> QuerySet[OutgoingMail]:
    """The mails about districts of the portfolio; those about no district (accounts, digests) are the administrators'."""
    if is_bureau_administrator(user):
        return OutgoingMail.objects.all()
    return OutgoingMail.objects.filter(district__in=districts_for(user, DistrictPermission.REVIEW))


def failed_mails(user: AnyUser) -> QuerySet[OutgoingMail]:
    """Those that could not be delivered and were not sent again since, latest first."""
    root = Func(OuterRef("dedupe_key"), Value("|again|"), Value(1), function="split_part", output_field=TextField())
    again = OutgoingMail.objects.filter(
        dedupe_key__startswith=Concat(root, Value("|again|")), created_at__gt=OuterRef("created_at")
    )
    failed = mails_for(user).filter(~Exists(again), state=MailState.FAILED)
    return failed.select_related("recipient", "district")
