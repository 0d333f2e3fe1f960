"""Whoever was an acting head without an end becomes an officer who acts as head for a quarter from today.

Nobody loses anything overnight, and each of them ends by itself unless the head appoints anew.
"""

from datetime import datetime, time, timedelta

from django.db import migrations
from django.utils import timezone

DAYS = 92
ONLY_HEADS = ("sign_report", "manage_people")


def give_periods(apps, _editor):
    now = timezone.now()
    begins_at = timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))
    period = {"begins_at": begins_at, "ends_at": begins_at + timedelta(days=DAYS)}
    grants = apps.get_model("districts", "DistrictUserGrant").objects
    for membership in apps.get_model("districts", "Membership").objects.filter(role="acting_head"):
        apps.get_model("districts", "ActingHead").objects.create(
            membership_id=membership.pk, district_id=membership.district_id, appointed_at=now, **period
        )
        membership.role = "officer"
        membership.save(update_fields=["role"])
        held = grants.filter(user_id=membership.user_id, content_object_id=membership.district_id)
        held.filter(permission__codename__in=ONLY_HEADS).update(**period)


class Migration(migrations.Migration):
    dependencies = [("districts", "0004_acting_heads")]

    operations = [migrations.RunPython(give_periods, migrations.RunPython.noop)]
