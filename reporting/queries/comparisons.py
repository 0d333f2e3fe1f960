"""A value against earlier periods: which of the built-in checks find something, and what they say."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from reporting.enums import BuiltIn, Measure, Severity
from reporting.formats import grouped, period_words, signed
from reporting.models import Indicator, Question
from reporting.queries.content import Content, Finding, shown
from reporting.validators.comparison import among, changed_beyond, fell_below, growth, moved_beyond, share, unit_slip
from reporting.validators.numbers import round_half_up


def comparisons(content: Content, question: Question, indicator: Indicator, number: Decimal) -> list[Finding]:
    """The most telling first. What a slip of the unit explains is not said again: a value of ten times the last one has grown
    beyond every bound. Nor is an outlier where the change against last year says it."""
    told = [found for check in (_slip, _base, _falling, _change, _share) for found in check(content, question, indicator, number)]
    if told and told[0].rule == BuiltIn.UNIT_SLIP:
        return told[:1]
    if all(finding.rule != BuiltIn.YEAR_ON_YEAR for finding in told):
        told += _outlier(content, question, indicator, number)
    return told


def _soft(content: Content, question: Question, kind: BuiltIn, message: str) -> Finding:
    return Finding(kind.value, Severity.SOFT, question, message, content.explained(question))


def _slip(content: Content, question: Question, indicator: Indicator, number: Decimal) -> Iterator[Finding]:
    if not content.tuning(question, BuiltIn.UNIT_SLIP):
        return
    last = _last(content, indicator)
    factor = unit_slip(number, last, content.allowed(question, BuiltIn.UNIT_SLIP))
    if factor is None or last is None:
        return
    sentence = (
        _(
            "Expected a value like the last one, %(last)s %(unit)s; found %(found)s, about %(multiple)s times as much. "
            "Check the unit and the decimal point; if the value is right, explain it."
        )
        if factor > 1
        else _(
            "Expected a value like the last one, %(last)s %(unit)s; found %(found)s, about 1/%(multiple)s of it. "
            "Check the unit and the decimal point; if the value is right, explain it."
        )
    )
    values = {"last": shown(last, indicator), "found": shown(number, indicator), "unit": indicator.unit_label}
    message = sentence % (values | {"multiple": grouped(max(factor, 1 / factor), 0)})
    yield _soft(content, question, BuiltIn.UNIT_SLIP, message)


def _last(content: Content, indicator: Indicator) -> Decimal | None:
    """What a value is expected to be like: a base like what was approved, a cumulative flow like the same period of last year,
    all else like the period before."""
    approved = (content.priors.last_year(original) for original in content.questionnaire.originals.get(indicator.pk, ()))
    known = next((value for value in approved if value is not None), None)
    if known is not None:
        return known
    previous = None if indicator.measure == Measure.FLOW_YTD else content.priors.previous(indicator)
    return content.priors.last_year(indicator) if previous is None else previous


def _base(content: Content, question: Question, indicator: Indicator, number: Decimal) -> Iterator[Finding]:
    if not content.tuning(question, BuiltIn.BASE_DIFFERS):
        return
    for original in content.questionnaire.originals.get(indicator.pk, ()):
        approved = content.priors.last_year(original)
        if approved is None:
            continue
        given, known = (round_half_up(value, indicator.decimals) for value in (number, approved))
        if moved_beyond(given, known, content.allowed(question, BuiltIn.BASE_DIFFERS)):
            yield _soft(content, question, BuiltIn.BASE_DIFFERS, _base_differs(original, number, approved))


def _base_differs(original: Indicator, number: Decimal, approved: Decimal) -> str:
    return _(
        "Last year %(approved)s %(unit)s was approved for “%(name)s”; the base given here is %(found)s. "
        "If the figure was revised, say why; if not, correct it."
    ) % {
        "approved": shown(approved, original),
        "unit": original.unit_label,
        "name": original.label,
        "found": shown(number, original),
    }


def _falling(content: Content, question: Question, indicator: Indicator, number: Decimal) -> Iterator[Finding]:
    sentences = {
        BuiltIn.FALLING_FLOW: _(
            "Expected no less than the %(before)s %(unit)s of %(period)s, because the figure is cumulative; found %(found)s. "
            "Give it from 1 January; if it is right, explain it."
        ),
        BuiltIn.FALLING_STOCK: _(
            "Expected no less than the %(before)s %(unit)s of %(period)s; found %(found)s. "
            "Check the value; if there are fewer now, explain it."
        ),
    }
    period, before = content.priors.previous_period(indicator), content.priors.previous(indicator)
    for kind, sentence in sentences.items():
        if period is None or before is None or not content.tuning(question, kind):
            continue
        if fell_below(number, before, content.allowed(question, kind)):
            values = {"before": shown(before, indicator), "found": shown(number, indicator), "unit": indicator.unit_label}
            yield _soft(content, question, kind, sentence % (values | {"period": period_words(str(period))}))


def _change(content: Content, question: Question, indicator: Indicator, _number: Decimal) -> Iterator[Finding]:
    """A computed value takes no explanation: its growth is explained at its base."""
    compared = content.questionnaire.originals.get(indicator.pk, [])
    computed = [original for original in compared if original.formula]
    for grown in computed if compared else [indicator]:
        at = content.questionnaire.by_code[grown.code]
        value, base = content.numbers.get(grown.code), content.base_of(grown)
        if value is None or base is None or not content.tuning(at, BuiltIn.YEAR_ON_YEAR):
            continue
        bound = content.allowed(at, BuiltIn.YEAR_ON_YEAR)
        if changed_beyond(value, base, bound):
            yield _soft(content, question, BuiltIn.YEAR_ON_YEAR, _year_on_year(grown, value, base, bound))


def _year_on_year(indicator: Indicator, number: Decimal, last_year: Decimal, bound: Decimal) -> str:
    change = growth(number, last_year) or Decimal(0)
    return _(
        "“%(name)s” is %(found)s %(unit)s, %(change)s %% against %(base)s in the same period last year, beyond ±%(bound)s %%. "
        "Check the value; if it is right, explain it."
    ) % {
        "name": indicator.label,
        "found": shown(number, indicator),
        "unit": indicator.unit_label,
        "change": signed(change, 1),
        "base": shown(last_year, indicator),
        "bound": f"{bound.normalize():f}",
    }


def _share(content: Content, question: Question, indicator: Indicator, number: Decimal) -> Iterator[Finding]:
    moved = _moved_share(content, question, indicator, number)
    if moved:
        sentence = _(
            "Expected a share of “%(total)s” near last year's %(before)s %%; found %(found)s %%, a move of %(change)s percentage "
            "points, beyond ±%(bound)s. Check both values; if they are right, explain it."
        )
        yield _soft(content, question, BuiltIn.SHARE_SHIFT, sentence % moved)


def computed_shares(content: Content, elsewhere: Collection[str] = ()) -> Iterator[Finding]:
    """Of the computed values, said at each question that is filled in for one: an explanation at one of them is enough. Nothing
    of those with a question among `elsewhere`, which says already why the value moved."""
    asked = content.questionnaire
    for code, question in asked.by_code.items():
        number = content.numbers.get(code)
        if not question.is_computed or question.indicator is None or number is None:
            continue
        moved = _moved_share(content, question, question.indicator, number)
        if moved and asked.sources[code].isdisjoint(elsewhere):
            yield from _said_at_sources(content, [asked.by_key[key] for key in asked.sources[code]], moved)


def _said_at_sources(content: Content, places: Sequence[Question], moved: Mapping[str, str]) -> Iterator[Finding]:
    sentence = _(
        "Expected the share of “%(name)s” in “%(total)s” near last year's %(before)s %%; found %(found)s %%, a move of "
        "%(change)s percentage points, beyond ±%(bound)s. Check the values that both are computed from; if they are right, "
        "explain it at one of them."
    )
    explained = any(content.explained(place) for place in places)
    for place in places:
        yield Finding(BuiltIn.SHARE_SHIFT.value, Severity.SOFT, place, sentence % moved, explained)


def _moved_share(content: Content, question: Question, indicator: Indicator, number: Decimal) -> dict[str, str] | None:
    """In words what moved beyond the bound; None where nothing did."""
    tuning = content.tuning(question, BuiltIn.SHARE_SHIFT)
    asked = content.questionnaire.by_code.get(tuning.total) if tuning else None
    if asked is None or asked.indicator is None:
        return None
    total, priors = asked.indicator, content.priors
    now = share(number, content.numbers.get(total.code))
    before = share(priors.last_year(indicator), priors.last_year(total))
    bound = content.allowed(question, BuiltIn.SHARE_SHIFT)
    if now is None or before is None or abs(now - before) <= bound:
        return None
    return {
        "name": indicator.label,
        "total": total.label,
        "before": grouped(before, 2),
        "found": grouped(now, 2),
        "change": signed(now - before, 2),
        "bound": f"{bound.normalize():f}",
    }


def _outlier(content: Content, question: Question, indicator: Indicator, number: Decimal) -> Iterator[Finding]:
    if not content.tuning(question, BuiltIn.OUTLIER):
        return
    history = among(number, content.priors.comparable(indicator))
    bound, change = content.allowed(question, BuiltIn.OUTLIER), content.allowed(question, BuiltIn.YEAR_ON_YEAR)
    if history is None or not history.is_left(number, bound, change):
        return
    values = {
        "count": history.count,
        "middle": shown(history.middle, indicator),
        "unit": indicator.unit_label,
        "found": shown(number, indicator),
    }
    if history.score is None:
        sentence = _(
            "Expected about %(middle)s %(unit)s, as in most of the %(count)d comparable periods before; found %(found)s, beyond "
            "±%(bound)s %%. Check the value; if it is right, explain it."
        )
        message = sentence % (values | {"bound": f"{change.normalize():f}"})
    else:
        sentence = _(
            "Expected a value like those of the %(count)d comparable periods before, around %(middle)s %(unit)s; found "
            "%(found)s, which is far from them (modified z-score %(score)s, beyond ±%(bound)s). Check the value; if it is right, "
            "explain it."
        )
        message = sentence % (values | {"score": signed(history.score, 1), "bound": f"{bound.normalize():f}"})
    yield _soft(content, question, BuiltIn.OUTLIER, message)
