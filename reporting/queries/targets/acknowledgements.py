"""Who has taken note of which targets."""

from django.db.models import Exists, OuterRef, QuerySet

from reporting.models import Target, TargetAcknowledgement, TargetIssue


def unacknowledged(district_id: int) -> QuerySet[TargetIssue]:
    """The issues with targets of the district of which its head has not taken note, the oldest first."""
    noted = TargetAcknowledgement.objects.filter(district=district_id, issue=OuterRef("pk"))
    of_district = Target.objects.filter(district=district_id, issue=OuterRef("pk"))
    return TargetIssue.objects.filter(Exists(of_district), ~Exists(noted)).order_by("issued_at", "pk")
