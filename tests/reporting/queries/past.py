"""A district with approved reports of earlier periods, under a version whose questions tune their checks."""

from collections.abc import Mapping
from typing import Any

from reporting.domain.answers import AnswerChange, save_answers
from reporting.domain.definitions import publish_version
from reporting.enums import VersionState
from reporting.models import DefinitionVersion, Indicator, Question, Submission
from reporting.queries.reports import blocking_findings, report_page
from tests.conftest import Cast
from tests.factories import NOW, approve, fill, make_cycle, make_version, sign
from tests.reporting.domain.states import do, reread

Told = list[tuple[str, str]]


class Past:
    """Another district files the same periods, with numbers that nobody is to be compared with."""

    def __init__(
        self, cast: Cast, indicators: Mapping[str, Indicator], tuning: Mapping[str, Any] | None = None, *, check: bool = True
    ) -> None:
        self.cast, self.keys = cast, [code for code, indicator in indicators.items() if not indicator.formula]
        self.version = make_version(indicators, published=False)
        for key, said in (tuning or {}).items():
            Question.objects.filter(section__version=self.version, key=key).update(tuning=said)
        if check:
            publish_version(version=self.version, now=NOW)
        else:
            DefinitionVersion.objects.filter(pk=self.version.pk).update(state=VersionState.PUBLISHED, published_at=NOW)

    def open(self, period: str, **answers: str) -> Submission:
        cycle = make_cycle(self.version, period, opened_by=self.cast.administrator)
        submission = cycle.submissions.get(district=self.cast.north)
        fill(submission, self.cast.officer, answers | {"plans": "Build more."})
        return submission

    def approved(self, period: str, **answers: str) -> Submission:
        """Every question that is not given has 1; what needs an explanation has one."""
        submission = self.open(period, **dict.fromkeys(self.keys, "1") | answers)
        self._file(submission, self.cast.officer, self.cast.head)
        other = submission.cycle.submissions.get(district=self.cast.south)
        fill(other, self.cast.south_officer, dict.fromkeys(self.keys, "77777") | {"plans": "None."})
        self._file(other, self.cast.south_officer, self.cast.south_head)
        return submission

    def _file(self, submission: Submission, officer: Any, head: Any) -> None:
        stored = reread(submission)
        revision = stored.revisions.get()
        versions = {answer.question_key: answer.version for answer in revision.answers.all()}
        keys = {finding.question.key for finding in blocking_findings(stored, revision)}
        changes = [AnswerChange(key, versions[key], explanation="It is so.") for key in sorted(keys)]
        save_answers(submission=stored, changes=changes, actor=officer, now=NOW)
        do(submission, "hand_over", officer)
        sign(submission, head)
        approve(submission, self.cast.approver)

    def found(self, period: str, **answers: str) -> Told:
        """By question and check what the report with these answers has to explain or to correct, in the order of the page."""
        findings = report_page(reread(self.open(period, **answers))).findings
        return [(finding.question.key, finding.rule) for finding in findings if finding.rule != "required"]


def messages(submission: Submission) -> list[str]:
    return [finding.message for finding in report_page(reread(submission)).findings if finding.rule != "required"]
