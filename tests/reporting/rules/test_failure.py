"""Of a rule that does not hold: the comparison that decided, and its two values."""

from decimal import Decimal

import pytest

from reporting.rules import Failure, failure_of, holds, parse_rule

D = Decimal
VALUES: dict[str, Decimal | None] = {"A": D(5), "B": D(8), "C": D(0), "N": None, "A.last_year": D(7), "BIG": D(10) ** 17}


@pytest.mark.parametrize(
    ("text", "operator", "found", "expected", "code"),
    [
        ("A >= B", ">=", 5, 8, "A"),
        ("A >= A.last_year", ">=", 5, 7, "A"),
        ("A + B < B", "<", 13, 8, "B"),
        ("abs(A - B) * 10 <= 3", "<=", 30, 3, None),
        ("6 <= A", ">=", 5, 6, "A"),
        ("1 = 2", "=", 2, 1, None),
        ("A != 5", "!=", 5, 5, "A"),
        ("A > 1 and B < 3 and A > 9", "<", 8, 3, "B"),
        ("N > 1 and B < 3", "<", 8, 3, "B"),
        ("A > 9 or B < 3", ">", 5, 9, "A"),
        ("not A < B", ">=", 5, 8, "A"),
        ("not (A < B and B = 8)", ">=", 5, 8, "A"),
        ("not (A > B or B = 8)", "!=", 8, 8, "B"),
        ("if(missing(N), A > B, A < B)", ">", 5, 8, "A"),
        ("if(A > B, A < B, A = B)", "=", 5, 8, "A"),
        ("A / 3 <= 1", "<=", D("1.666667"), 1, None),
    ],
)
def test_failure_is_the_comparison_that_decided(
    text: str, operator: str, found: Decimal, expected: Decimal, code: str | None
) -> None:
    rule = parse_rule(text)
    assert holds(rule, VALUES) is False
    assert failure_of(rule, VALUES) == Failure(operator, D(found), D(expected), code)


@pytest.mark.parametrize("text", ["missing(A)", "not missing(N)", "missing(A) and A > 1", "BIG * BIG * BIG < A", "BIG * 100 < A"])
def test_failure_without_values_that_could_be_shown_has_none(text: str) -> None:
    rule = parse_rule(text)
    assert holds(rule, VALUES) is False
    assert failure_of(rule, VALUES) is None
