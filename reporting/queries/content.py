"""A report ready to be checked, and what a check says of it."""

from dataclasses import dataclass, field
from decimal import Decimal

from reporting.enums import BuiltIn, Severity
from reporting.formats import grouped
from reporting.models import Answer, Indicator, Question
from reporting.queries.definitions import Numbers, Questionnaire
from reporting.queries.evidence import Files
from reporting.queries.priors import Priors
from reporting.validators.tuning import DEFAULTS, Tuning


@dataclass(frozen=True)
class Finding:
    """One thing to correct (hard) or to explain (soft) at a question. `rule` names the check."""

    rule: str
    severity: Severity
    question: Question
    message: str
    explained: bool = False

    @property
    def is_hard(self) -> bool:
        return self.severity == Severity.HARD

    @property
    def short(self) -> str:
        """For lists: a built-in check by its name, all else as it is said at the question."""
        return str(BuiltIn(self.rule).label) if self.rule in BuiltIn.values else self.message

    @property
    def blocks(self) -> bool:
        """Whether the report cannot be handed over because of it."""
        return self.is_hard or not self.explained


@dataclass(frozen=True)
class Content:
    """A report's answers and values, ready to be checked."""

    questionnaire: Questionnaire
    answers: dict[str, Answer]
    numbers: Numbers
    priors: Priors
    files: Files = field(default_factory=dict)

    def base_of(self, indicator: Indicator) -> Decimal | None:
        """What growth is on: the revised base that this report gives, else last year's approved figure."""
        base = self.questionnaire.codes.get(indicator.base_indicator_id or 0)
        reported = self.numbers.get(base) if base else None
        return self.priors.last_year(indicator) if reported is None else reported

    def explained(self, question: Question) -> bool:
        answer = self.answers.get(question.key)
        return answer is not None and bool(answer.explanation.strip())

    def tuning(self, question: Question, kind: BuiltIn) -> Tuning | None:
        """What holds of a built-in check at a question; None where it is off or there is no such check of it."""
        found = self.questionnaire.tuned[question.key].get(kind)
        return found if found and found.is_on else None

    def allowed(self, question: Question, kind: BuiltIn) -> Decimal:
        """The bound that holds: the question's own, else the default."""
        found = self.questionnaire.tuned[question.key].get(kind)
        if found and found.bound is not None:
            return found.bound
        return DEFAULTS.get(kind, self.questionnaire.version.year_on_year_bound)


def shown(number: Decimal, indicator: Indicator) -> str:
    return grouped(number, indicator.decimals)
