"""Practices of the demonstration, made up: one endorsed and adopted, one that waits, one declined."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from districts.enums import BureauRoleName, DistrictRole
from districts.models import District
from districts.queries.workdays import at_local
from reporting.demo.people import Cast
from reporting.domain.practices import (
    Shared,
    adopt_practice,
    decline_practice,
    endorse_practice,
    propose_practice,
)
from reporting.enums.practices import PracticeTopic
from reporting.models import Practice

_DONGCHENG, _XICHENG, _HAIDIAN, _FENGTAI = "110101", "110102", "110108", "110106"
_CONTACT = "The district's bureau of economy (demonstration)"


def share_practices(*, cast: Cast, now: datetime) -> None:
    """Nobody gets a mail of what is past."""
    approver, before = cast.bureau[BureauRoleName.APPROVER], at_local(timezone.localdate(now) - timedelta(days=40), time(10, 0))
    known = _propose(
        cast,
        _DONGCHENG,
        Shared(
            PracticeTopic.DATA,
            "One licence for digital copies of exhibits",
            "Made up for the demonstration: museums and companies agree on one standard licence instead of each contract anew.",
            _CONTACT,
            "Made up: negotiations take two weeks instead of eight months.",
        ),
        before,
    )
    endorse_practice(practice=known, actor=approver, now=before + timedelta(days=3), announce=False)
    for code, note in ((_XICHENG, "Made up: for the archives of old trade names."), (_HAIDIAN, "")):
        officer, district = cast.members[code, DistrictRole.OFFICER], District.objects.get(code=code)
        adopt_practice(
            practice=known, district=district, note=note, actor=officer, now=before + timedelta(days=10), announce=False
        )
    declined = _propose(
        cast,
        _FENGTAI,
        Shared(PracticeTopic.INDUSTRY, "A newsletter for firms", "Made up: firms get a mail once a month.", _CONTACT),
        before,
    )
    reason = "Made up: say what came of it, and share it again."
    decline_practice(practice=declined, reason=reason, actor=approver, now=before + timedelta(days=5), announce=False)
    waiting = Shared(
        PracticeTopic.INTELLIGENCE,
        "A common test bench for large models",
        "Made up: universities and firms test models on one bench that the district pays for.",
        _CONTACT,
    )
    _propose(cast, _HAIDIAN, waiting, now, announce=True)


def _propose(cast: Cast, code: str, shared: Shared, now: datetime, *, announce: bool = False) -> Practice:
    officer, district = cast.members[code, DistrictRole.OFFICER], District.objects.get(code=code)
    return propose_practice(district=district, shared=shared, actor=officer, now=now, announce=announce)
