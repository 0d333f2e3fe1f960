"""A report that nobody files: a version as a district will see it, without a row in the database."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from reporting.enums import SubmissionState
from reporting.models import Cycle, DefinitionVersion, Question, Revision, Submission
from reporting.periods import Period, parts_of
from reporting.queries.content import Content, Finding
from reporting.queries.definitions import Questionnaire, questionnaire
from reporting.queries.findings import findings_of
from reporting.queries.priors import Priors
from reporting.queries.reports import ReportPage, Row, SectionRows

SAMPLE = 0
"""The number of the report, which no stored report has."""


def sample_page(version_id: int, now: datetime) -> ReportPage:
    """An empty report of the version as it is on the day that it is begun, by a district without earlier reports."""
    asked = questionnaire(version_id)
    submission = _sample_submission(asked.version, now)
    revision = Revision(pk=SAMPLE, submission=submission, number=1, definition_version=asked.version)
    submission.working_revision = revision
    priors = Priors(submission.cycle.period_value, asked.version.definition.frequency, {})
    found = _first_findings(asked, priors)
    sections = tuple(
        SectionRows(section, tuple(_row(question, found) for question in section.questions.all())) for section in asked.sections
    )
    return ReportPage(submission, revision, asked, priors, sections, ())


def _first_findings(asked: Questionnaire, priors: Priors) -> dict[str, list[Finding]]:
    """By question. A draft's formulas and relations may not read yet; an empty report gives them nothing to judge."""
    unrelated = replace(asked, checks=(), rules=())
    found: dict[str, list[Finding]] = {}
    for finding in findings_of(Content(unrelated, {}, {}, priors)):
        found.setdefault(finding.question.key, []).append(finding)
    return found


def _row(question: Question, found: dict[str, list[Finding]]) -> Row:
    return Row(question, None, None, None, None, None, tuple(found.get(question.key, ())), ())


def _sample_submission(version: DefinitionVersion, now: datetime) -> Submission:
    definition, due_at = version.definition, now + timedelta(days=21)
    period = _latest_period(definition.frequency, now)
    times = {"opened_at": now, "due_at": due_at, "locks_at": due_at + timedelta(days=7)}
    cycle = Cycle(pk=SAMPLE, definition=definition, definition_version=version, period=str(period), **times)
    name = _("A district")
    submission = Submission(
        pk=SAMPLE,
        cycle=cycle,
        district_id=SAMPLE,
        district_name=name,
        district_name_zh=name,
        state=SubmissionState.DRAFT,
    )
    submission.due, submission.lock = cycle.due_at, cycle.locks_at  # type: ignore[attr-defined]
    return submission


def _latest_period(frequency: str, now: datetime) -> Period:
    """The last that is over."""
    today = timezone.localdate(now)
    periods = [Period(year, part) for year in (today.year - 1, today.year) for part in parts_of(frequency)]
    return max(period for period in periods if period.ends_on < today)
