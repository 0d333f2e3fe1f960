"""What changes with a district in its reports."""

from datetime import date, datetime

from django.db import transaction

from districts.domain.districts import give_name, keep_name
from districts.languages import DistrictName
from districts.models import District, User
from reporting.models import Submission


def rename_district(*, district: District, name: str, name_zh: str, first_day: date | None, actor: User) -> District:
    """From the day on the district has this name; without a day the latest name is corrected.

    Reports that were signed keep the name they were filed under; all others have the one in force at the end of their period.
    """
    with transaction.atomic():
        renamed = give_name(district=district, name=DistrictName(name.strip(), name_zh.strip(), first_day), actor=actor)
        _name_reports(renamed)
        return renamed


def keep_district_name(*, district: District, actor: User, now: datetime) -> District:
    """Call off a name that is still to come."""
    with transaction.atomic():
        kept = keep_name(district=district, actor=actor, now=now)
        _name_reports(kept)
        return kept


def _name_reports(district: District) -> None:
    unsigned = Submission.objects.select_for_update(of=("self",)).filter(district=district, first_signed_at=None)
    reports = list(unsigned.select_related("cycle"))
    for report in reports:
        report.district_name, report.district_name_zh, _first_day = district.name_on(report.cycle.period_value.ends_on)
    Submission.objects.bulk_update(reports, ["district_name", "district_name_zh"], batch_size=1000)
