"""Approved reports made in a few rows: the figures read them, how they came to be approved is tested elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from districts.models import District
from reporting.domain.cycles import new_submission
from reporting.domain.revisions import write_computed
from reporting.enums import AnswerStatus, SubmissionState
from reporting.models import Adjustment, Answer, Cycle, DefinitionVersion, Indicator, Revision, Submission
from tests.factories import NOW, make_cycle, make_district, make_indicator, make_user, make_version

Value = str | AnswerStatus | None
_TO_APPROVED = ("draft", "awaiting_signature", "submitted", "in_review", "approved")
_AGAIN = ("returned", "awaiting_signature", "submitted", "in_review", "approved")


@dataclass
class World:
    """Three districts, and a definition that asks for the indicators given."""

    version: DefinitionVersion
    indicators: dict[str, Indicator]
    districts: dict[str, District] = field(default_factory=dict)

    def cycle(self, period: str = "2026-S1", **fields: Any) -> Cycle:
        """An opened cycle, with a submission for each district."""
        cycle = make_cycle(self.version, period, opened_at=NOW - timedelta(days=30), **fields)
        for district in self.districts.values():
            new_submission(cycle=cycle, district=district).save()
        return cycle

    def report(
        self, cycle: Cycle, district: str, values: Mapping[str, Value], *, at: datetime = NOW, nil: str = "", why: str = ""
    ) -> Revision:
        """A report approved at the instant; a second one supersedes the first. Computed indicators are computed. `why` explains
        each answer."""
        submission = cycle.submissions.get(district=self.districts[district])
        revision = self._revision(submission, nil, at)
        Answer.objects.bulk_create(self._answer(revision, code, value, why) for code, value in values.items())
        write_computed(revision=revision, now=at)
        submission.revisions.filter(approved_at__isnull=False, superseded_at=None).update(superseded_at=at)
        revision.signed_at, revision.approved_at, revision.digest = at, at, f"{revision.pk:064}"
        revision.receipt_number = f"receipt-{revision.pk}"
        revision.save()
        for state in _AGAIN if submission.state == SubmissionState.APPROVED else _TO_APPROVED:
            submission.state = state
            submission.approved_revision = submission.working_revision = revision
            submission.save()
        return revision

    def adjust(self, cycle: Cycle, code: str, value: str, base: str, at: datetime = NOW) -> Adjustment:
        return Adjustment.objects.create(
            cycle=cycle,
            indicator=self.indicators[code],
            value=Decimal(value),
            base=Decimal(base),
            reason="Not located",
            actor=make_user(f"actor-{Adjustment.objects.count()}"),
            at=at,
        )

    def _revision(self, submission: Submission, nil: str, at: datetime) -> Revision:
        return Revision.objects.create(
            submission=submission,
            district=submission.district,
            number=submission.revisions.count() + 1,
            definition_version=self.version,
            nil_reason=nil,
            created_at=at,
        )

    def _answer(self, revision: Revision, code: str, value: Value, why: str = "") -> Answer:
        is_status = value is None or isinstance(value, AnswerStatus)
        return Answer(
            revision=revision,
            district_id=revision.district_id,
            question_key=code,
            indicator=self.indicators[code],
            raw="" if is_status else str(value),
            number=None if is_status else Decimal(str(value)),
            status=(value or AnswerStatus.MISSING) if is_status else AnswerStatus.REPORTED,
            explanation=why,
            updated_at=revision.created_at,
        )


def make_world(*indicators: Indicator, districts: tuple[str, ...] = ("east", "north", "west")) -> World:
    by_code = {indicator.code: indicator for indicator in indicators}
    world = World(make_version(by_code, slug="-".join(by_code).lower()), by_code)
    world.districts = {code: make_district(code) for code in districts}
    return world


def flow_world() -> World:
    """One summed flow, V, without a revised base."""
    return make_world(make_indicator("V"))
