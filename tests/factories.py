"""Test data, made through the domain where a domain function exists."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from districts.domain.districts import add_district
from districts.domain.grants import refresh_grants
from districts.enums import BureauRoleName, DistrictRole, Scope
from districts.models import ActingHead, BureauRole, Deputy, District, Membership, User
from reporting.domain.answers import AnswerChange, save_answers
from reporting.domain.cycles import open_cycle
from reporting.domain.definitions import publish_version
from reporting.domain.submissions import Terms, apply_transition, current_digest
from reporting.enums import CheckKind, CityAggregation, Frequency, Measure, QuestionKind, TransitionName
from reporting.models import (
    Check,
    Cycle,
    Definition,
    DefinitionVersion,
    Indicator,
    Question,
    ReminderPolicy,
    Rule,
    Section,
    Submission,
)

NOW = datetime(2026, 7, 21, 2, 0, tzinfo=UTC)
"""A Tuesday, 10:00 in Beijing: the instant the tests take place at."""
PASSWORD = "correct horse battery"

_numbers = count(1)


def make_user(name: str, **fields: Any) -> User:
    return User.objects.create_user(
        email=f"{name}@example.org", password=PASSWORD, full_name=name.replace("-", " ").title(), **fields
    )


def make_district(code: str, **fields: Any) -> District:
    number = next(_numbers)
    values: dict[str, Any] = {
        "name": f"District {code}",
        "name_zh": f"{code}区",
        "grid_row": number // 100,
        "grid_column": number % 100,
        "peer_group": "urban",
    }
    return add_district(code=code, **values | fields)


def make_member(name: str, district: District, role: DistrictRole) -> User:
    user = make_user(name)
    Membership.objects.create(user=user, district=district, role=role)
    refresh_grants(user_id=user.pk)
    return user


def make_acting(name: str, district: District, role: DistrictRole = DistrictRole.OFFICER, **period: datetime) -> User:
    """Somebody who acts as head now, or in the given period."""
    user = make_member(name, district, role)
    act(user.memberships.get(), **period)
    return user


def act(membership: Membership, **period: datetime) -> ActingHead:
    now = timezone.now()
    acting = ActingHead.objects.create(membership=membership, district_id=membership.district_id, **_days_around(now) | period)
    refresh_grants(user_id=membership.user_id)
    return acting


def depute(absent: User, deputy: User, **period: datetime) -> Deputy:
    """Let the one deputise for the other now, or in the given period."""
    roles = {"absent": absent.bureau_role, "deputy": deputy.bureau_role}
    row = Deputy.objects.create(**roles, **_days_around(timezone.now()) | period)
    refresh_grants(user_id=deputy.pk)
    return row


def _days_around(now: datetime) -> dict[str, datetime]:
    return {"begins_at": now - timedelta(days=1), "ends_at": now + timedelta(days=1), "appointed_at": now}


def make_bureau(name: str, role: BureauRoleName, districts: list[District] | None = None) -> User:
    """Somebody at the bureau; without districts, for all of them."""
    user = make_user(name)
    bureau_role = BureauRole.objects.create(user=user, role=role, scope=Scope.ALL if districts is None else Scope.LISTED)
    bureau_role.districts.set(districts or [])
    refresh_grants(user_id=user.pk)
    return user


def make_indicator(code: str, **fields: Any) -> Indicator:
    values: dict[str, Any] = {
        "name": f"Indicator {code}",
        "name_zh": f"指标{code}",
        "unit": "100m CNY",
        "unit_zh": "亿元",
        "decimals": 2,
        "minimum": Decimal(0),
        "measure": Measure.FLOW_YTD,
        "city_aggregation": CityAggregation.SUM,
        "price_basis": "current",
    }
    return Indicator.objects.create(code=code, **values | fields)


def make_indicators() -> dict[str, Indicator]:
    """Two entered parts and their computed total, the larger product, a revised base, a share and a stock."""
    made = {code: make_indicator(code) for code in ("P1", "P2", "GRP", "BASE")}
    made["TOTAL"] = make_indicator("TOTAL", formula="P1 + P2", base_indicator=made["BASE"])
    made["SHARE"] = make_indicator(
        "SHARE",
        formula="TOTAL / GRP * 100",
        unit="%",
        unit_zh="%",
        measure=Measure.RATE,
        price_basis="",
        city_aggregation=CityAggregation.FORMULA,
        maximum=Decimal(100),
    )
    made["STOCK"] = make_indicator("STOCK", unit="firms", unit_zh="家", decimals=0, measure=Measure.STOCK, price_basis="")
    return made


def make_version(
    indicators: Mapping[str, Indicator] | None = None,
    *,
    published: bool = True,
    slug: str = "half-year",
    rules: Mapping[str, tuple[str, list[str]]] | None = None,
    files: bool = False,
) -> DefinitionVersion:
    """A version of two sections: statistics (all the indicators), and narrative (`plans` required, `practice` not, and with
    `files` the files of `papers`, which are not required).

    `rules` are soft: by key the expression and the questions.
    """
    indicators = indicators if indicators is not None else make_indicators()
    definition, _created = Definition.objects.get_or_create(
        slug=slug, defaults={"name": f"Report {slug}", "name_zh": "半年报", "frequency": Frequency.HALF_YEARLY}
    )
    version = DefinitionVersion.objects.create(
        definition=definition, number=definition.versions.count() + 1, statement="I confirm this.", statement_zh="本人确认。"
    )
    statistics = Section.objects.create(version=version, key="statistics", title="Statistics", title_zh="统计数据", position=1)
    for position, (code, indicator) in enumerate(indicators.items(), start=1):
        Question.objects.create(section=statistics, key=code, kind=QuestionKind.NUMBER, indicator=indicator, position=position)
    narrative = Section.objects.create(version=version, key="narrative", title="Narrative", title_zh="文字材料", position=2)
    Question.objects.create(
        section=narrative, key="plans", kind=QuestionKind.LONG_TEXT, label="Plans", label_zh="计划", position=1
    )
    Question.objects.create(
        section=narrative,
        key="practice",
        kind=QuestionKind.LONG_TEXT,
        label="Practice",
        label_zh="做法",
        required=False,
        position=2,
    )
    if files:
        Question.objects.create(
            section=narrative, key="papers", kind=QuestionKind.FILE, label="Papers", label_zh="材料", required=False, position=3
        )
    if {"TOTAL", "GRP"} <= indicators.keys():
        Check.objects.create(version=version, kind=CheckKind.ASCENDING, codes=["TOTAL", "GRP"])
    for key, (expression, keys) in (rules or {}).items():
        add_rule(version, key, expression, keys)
    if published:
        publish_version(version=version, now=NOW)
    return version


def add_rule(version: DefinitionVersion, key: str, expression: str, question_keys: list[str], **fields: Any) -> Rule:
    values = {"message": f"Look at {key}.", "message_zh": f"请核对{key}。"} | fields
    return Rule.objects.create(version=version, key=key, expression=expression, question_keys=question_keys, **values)


def make_policy() -> ReminderPolicy:
    return ReminderPolicy.objects.get_or_create(
        name="Test ladder", defaults={"name_zh": "测试规则", "quiet_from": "18:00", "quiet_until": "08:30"}
    )[0]


def make_cycle(
    version: DefinitionVersion, period: str = "2026-S1", *, opened_by: User | None = None, now: datetime = NOW, **fields: Any
) -> Cycle:
    """A cycle due in ten days and locked in seventeen; opened where somebody opens it."""
    values: dict[str, Any] = {"due_at": now + timedelta(days=10), "locks_at": now + timedelta(days=17)}
    cycle = Cycle.objects.create(
        definition=version.definition, definition_version=version, period=period, reminder_policy=make_policy(), **values | fields
    )
    if opened_by is not None:
        open_cycle(cycle=cycle, actor=opened_by, now=now)
        cycle.refresh_from_db()
    return cycle


ANSWERS = {"P1": "60", "P2": "40", "GRP": "250", "BASE": "90", "STOCK": "12", "plans": "Build more."}


def fill(submission: Submission, actor: User, answers: Mapping[str, str] | None = None, now: datetime = NOW) -> None:
    """Start the report if need be and give the answers (a complete set by default)."""
    submission.refresh_from_db()
    if submission.state == "not_started":
        apply_transition(submission=submission, name=TransitionName.START, actor=actor, now=now)
    submission.refresh_from_db()
    stored = (
        {answer.question_key: answer.version for answer in submission.working_revision.answers.all()}
        if submission.working_revision
        else {}
    )
    changes = [AnswerChange(key, stored.get(key, 0), raw=raw) for key, raw in (ANSWERS if answers is None else answers).items()]
    save_answers(submission=submission, changes=changes, actor=actor, now=now)


def sign(submission: Submission, actor: User, now: datetime = NOW) -> Submission:
    submission = Submission.objects.get(pk=submission.pk)
    terms = Terms(seen_digest=current_digest(submission), statement_accepted=True)
    return apply_transition(submission=submission, name=TransitionName.SIGN, actor=actor, now=now, terms=terms)


def submit(submission: Submission, head: User, answers: Mapping[str, str] | None = None, now: datetime = NOW) -> Submission:
    """From any editable state to submitted, all by the head (who may file too)."""
    fill(submission, head, answers, now)
    apply_transition(submission=submission, name=TransitionName.HAND_OVER, actor=head, now=now)
    return sign(submission, head, now)


def approve(submission: Submission, approver: User, now: datetime = NOW) -> Submission:
    apply_transition(submission=submission, name=TransitionName.BEGIN_REVIEW, actor=approver, now=now)
    return apply_transition(submission=submission, name=TransitionName.APPROVE, actor=approver, now=now)
