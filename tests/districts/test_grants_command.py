"""`manage.py check_grants`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from districts.domain.grants import grant_disagreements
from districts.models import DistrictUserGrant, Membership
from tests.conftest import Cast


def _run(*arguments: str) -> str:
    out = StringIO()
    call_command("check_grants", *arguments, stdout=out)
    return out.getvalue()


def test_command_is_content_when_grants_follow_from_roles(cast: Cast) -> None:
    assert _run() == "All grants agree.\n"
    assert _run("--repair") == "All grants agree.\n"


def test_command_lists_what_disagrees_and_changes_nothing(cast: Cast) -> None:
    DistrictUserGrant.objects.filter(user=cast.officer, permission__codename="file_report").delete()
    Membership.objects.filter(user=cast.observer).delete()
    before = set(DistrictUserGrant.objects.values_list("pk", flat=True))
    out = StringIO()
    with pytest.raises(CommandError, match="2 people's grants disagree"):
        call_command("check_grants", stdout=out)
    assert sorted(out.getvalue().splitlines()) == sorted(
        [
            f"person {cast.officer.pk}: missing [({cast.north.pk}, file_report)], surplus []",
            f"person {cast.observer.pk}: missing [], surplus [({cast.north.pk}, view_district)]",
        ]
    )
    assert set(DistrictUserGrant.objects.values_list("pk", flat=True)) == before


def test_command_repairs_when_asked(cast: Cast) -> None:
    DistrictUserGrant.objects.filter(user=cast.officer, permission__codename="file_report").delete()
    Membership.objects.filter(user=cast.observer).delete()
    assert _run("--repair").endswith("2 people repaired.\n")
    assert list(grant_disagreements()) == []
    assert _run() == "All grants agree.\n"
