"""A district's head takes note of its targets."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from districts.enums import DistrictPermission
from districts.errors import Conflict, NotAllowed
from districts.models import District, User
from districts.queries.access import may
from reporting.models import TargetAcknowledgement
from reporting.queries.targets.acknowledgements import unacknowledged


def acknowledge_targets(*, district: District, seen: int, actor: User, now: datetime) -> list[TargetAcknowledgement]:
    """Of every issue up to `seen`, the last that the page showed. Again: nothing. Raises Conflict where targets were issued
    since."""
    if not may(actor, DistrictPermission.SIGN, district.pk):
        raise NotAllowed(_("Only the head of the district acknowledges its targets."))
    with transaction.atomic():
        District.objects.select_for_update().get(pk=district.pk)
        waiting = list(unacknowledged(district.pk))
        if any(issue.pk > seen for issue in waiting):
            raise Conflict(_("The bureau has issued targets since you looked. Look at them, and acknowledge them then."))
        made = [TargetAcknowledgement(issue=issue, district=district, actor=actor, at=now) for issue in waiting]
        return TargetAcknowledgement.objects.bulk_create(made)
