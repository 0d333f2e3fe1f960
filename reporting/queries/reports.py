"""Everything a page shows of one report, read in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial

from reporting.enums import AnswerStatus, CommentState, Measure
from reporting.enums.targets import TargetKind
from reporting.models import Answer, Comment, EvidenceFile, Question, Revision, Section, Submission
from reporting.queries.content import Content, Finding
from reporting.queries.definitions import Questionnaire, answers_by_key, questionnaire
from reporting.queries.evidence import files_by_key
from reporting.queries.findings import findings_of
from reporting.queries.priors import Priors, priors_for
from reporting.queries.targets.seasons import Seasons, seasons_of
from reporting.queries.targets.standings import TargetStanding, standing_of
from reporting.queries.targets.values import level_of
from reporting.validators.comparison import difference, growth


@dataclass(frozen=True)
class Row:
    """One question with its answer and what belongs to it. `change` is growth in per cent, for rates a difference."""

    question: Question
    answer: Answer | None
    number: Decimal | None
    last_year: Decimal | None
    previous: Decimal | None
    change: Decimal | None
    findings: tuple[Finding, ...]
    comments: tuple[Comment, ...]
    revised_base: Decimal | None = None
    """What `change` is against, where that is not last year's value but the base as the district revised it."""
    files: tuple[EvidenceFile, ...] = ()
    standing: TargetStanding | None = None
    """The value as it stands here against the year's target, if there is one."""

    @property
    def is_rate(self) -> bool:
        """Whether `change` is a difference (percentage points where the unit is %) and not growth."""
        return self.question.indicator is not None and self.question.indicator.measure == Measure.RATE

    @property
    def version(self) -> int:
        """The answer's version as shown, 0 where there is none yet."""
        return self.answer.version if self.answer else 0

    @property
    def is_answered(self) -> bool:
        answer = self.answer
        return bool(self.files) or (
            answer is not None
            and (bool(answer.raw.strip()) or answer.status in {AnswerStatus.NOT_APPLICABLE, AnswerStatus.SUPPRESSED})
        )

    @property
    def hard(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_hard]

    @property
    def soft(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.is_hard]

    @property
    def open_comments(self) -> list[Comment]:
        return [comment for comment in self.comments if comment.state == CommentState.OPEN]


@dataclass(frozen=True)
class SectionRows:
    section: Section
    rows: tuple[Row, ...]

    @property
    def statistics(self) -> list[Row]:
        return [row for row in self.rows if row.question.indicator]

    @property
    def narrative(self) -> list[Row]:
        return [row for row in self.rows if not row.question.indicator]

    @property
    def answered(self) -> int:
        return sum(row.is_answered for row in self.rows if row.question.required and not row.question.is_computed)

    @property
    def required(self) -> int:
        return sum(row.question.required and not row.question.is_computed for row in self.rows)

    @property
    def left(self) -> int:
        """How many things stand in the way of handing over in this section."""
        return sum(finding.blocks for row in self.rows for finding in row.findings) + sum(
            len(row.open_comments) for row in self.rows
        )


@dataclass(frozen=True)
class ReportPage:
    submission: Submission
    revision: Revision | None
    questionnaire: Questionnaire
    priors: Priors
    sections: tuple[SectionRows, ...]
    comments: tuple[Comment, ...]
    """Comments on the whole report; those at questions stand in their rows."""

    @cached_property
    def rows(self) -> dict[str, Row]:
        return {row.question.key: row for section in self.sections for row in section.rows}

    @property
    def standings(self) -> list[TargetStanding]:
        """The values as they stand here against the targets of the year."""
        return [row.standing for row in self.rows.values() if row.standing]

    @property
    def findings(self) -> list[Finding]:
        return [finding for row in self.rows.values() for finding in row.findings]

    @property
    def blocking(self) -> list[Finding]:
        """Hard errors, and soft warnings without an explanation."""
        return [finding for finding in self.findings if finding.blocks]

    @property
    def open_comments(self) -> list[Comment]:
        everywhere = [*self.comments, *(comment for row in self.rows.values() for comment in row.comments)]
        return [comment for comment in everywhere if comment.state == CommentState.OPEN]

    @property
    def answered(self) -> int:
        """Required questions with an answer, of `required`."""
        return sum(section.answered for section in self.sections)

    @property
    def required(self) -> int:
        return sum(section.required for section in self.sections)

    @property
    def is_ready(self) -> bool:
        """Whether nothing stands in the way of handing over but the clock."""
        return not self.blocking and not self.open_comments


def content_of(submission: Submission, revision: Revision | None, given: Iterable[Answer] | None = None) -> Content:
    """A revision's answers (read, where they are not `given`) and values with the approved ones of earlier periods."""
    asked = questionnaire(revision.definition_version_id if revision else submission.cycle.definition_version_id)
    if given is None:
        given = revision.answers.select_related("updated_by") if revision else ()
    answers = answers_by_key(given)
    files = revision.files.select_related("added_by") if revision and asked.asks_files else ()
    priors = priors_for(submission, revision.signed_at if revision else None)
    return Content(asked, answers, asked.numbers(answers), priors, files_by_key(files))


def blocking_findings(submission: Submission, revision: Revision, given: Iterable[Answer] | None = None) -> list[Finding]:
    """What stands in the way of handing the revision over; nothing for a nil return. `given` are its answers, if at hand."""
    if revision.is_nil:
        return []
    return [finding for finding in findings_of(content_of(submission, revision, given)) if finding.blocks]


def report_page(submission: Submission, *, revision: Revision | None = None, with_drafts: bool = False) -> ReportPage:
    """A submission's report as it stands, or one of its revisions. Draft comments are the bureau's: `with_drafts` for it alone.

    The submission comes with its cycle, the cycle's definition, its district and its working revision.
    """
    revision = revision or submission.working_revision
    content = content_of(submission, revision)
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in [] if revision is None or revision.is_nil else findings_of(content):
        found[finding.question.key].append(finding)
    comments: dict[str, list[Comment]] = defaultdict(list)
    wanted = submission.comments.select_related("author", "replied_by")
    for comment in wanted if with_drafts else wanted.exclude(state=CommentState.DRAFT):
        comments[comment.question_key].append(comment)
    standing_at = partial(_standing, submission, content, _seasons(submission, content))
    sections = tuple(
        SectionRows(
            section,
            tuple(
                _row(
                    content,
                    question,
                    found[question.key],
                    comments.pop(question.key, []),
                    standing_at(question),
                )
                for question in section.questions.all()
            ),
        )
        for section in content.questionnaire.sections
    )
    left_over = tuple(comment for remaining in comments.values() for comment in remaining)
    return ReportPage(submission, revision, content.questionnaire, content.priors, sections, left_over)


def _seasons(submission: Submission, content: Content) -> Seasons:
    """One query where a level is aimed at, else none."""
    levels = {pk for pk, row in content.priors.targets.items() if row.kind == TargetKind.LEVEL}
    return seasons_of(submission.cycle, levels, [submission.district_id] if levels else [])


def _standing(submission: Submission, content: Content, seasons: Seasons, question: Question) -> TargetStanding | None:
    """Of the value as it is here, approved or only typed."""
    indicator = question.indicator
    row = content.priors.targets.get(indicator.pk) if indicator else None
    if indicator is None or row is None:
        return None
    level = level_of(content.numbers.get(indicator.code), content.base_of(indicator))
    return standing_of(submission.cycle, row, level, seasons.get((submission.district_id, indicator.pk), ()))


def _row(
    content: Content, question: Question, findings: list[Finding], comments: list[Comment], standing: TargetStanding | None
) -> Row:
    indicator, answer = question.indicator, content.answers.get(question.key)
    if indicator is None:
        files = content.files.get(question.key, ())
        return Row(question, answer, None, None, None, None, tuple(findings), tuple(comments), files=files)
    number = content.numbers.get(indicator.code)
    last_year, previous = content.priors.last_year(indicator), content.priors.previous(indicator)
    is_rate = indicator.measure == Measure.RATE
    base = content.base_of(indicator)
    change = difference(number, last_year) if is_rate else growth(number, base)
    revised = base if not is_rate and base != last_year else None
    found = tuple(findings), tuple(comments)
    return Row(question, answer, number, last_year, previous, change, *found, revised, standing=standing)
