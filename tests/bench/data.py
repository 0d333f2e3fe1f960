"""Many districts with approved reports, written set by set: the triggers hold here too, so every state is walked through."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from districts.domain.grants import refresh_grants
from districts.enums import BureauRoleName, DistrictRole, Scope
from districts.models import BureauRole, District, Membership, User
from reporting.domain.definitions import publish_version
from reporting.enums import QuestionKind
from reporting.models import Cycle, DefinitionVersion, Indicator, Question, ReminderPolicy, Section
from tests import factories

NOW = datetime(2026, 7, 21, 2, 0, tzinfo=UTC)
INDICATORS = 50
NARRATIVES = 10
_APPROVED = ("draft", "awaiting_signature", "submitted", "in_review", "approved")


@dataclass(frozen=True)
class World:
    administrator: User
    head: User
    cycle: Cycle
    last_year: Cycle
    indicators: list[Indicator]


def make_districts(number: int) -> list[District]:
    return District.objects.bulk_create(
        (
            District(
                code=f"d{n:05}",
                name=f"District {n:05}",
                name_zh=f"第{n:05}区",
                grid_row=n // 60,
                grid_column=n % 60,
                peer_group=("core", "urban", "new", "ecology")[n % 4],
            )
            for n in range(number)
        ),
        batch_size=1000,
    )


def make_version(slug: str, indicators: list[Indicator], narratives: int) -> DefinitionVersion:
    version = factories.make_version({i.code: i for i in indicators}, published=False, slug=slug)
    section = Section.objects.create(version=version, key="words", title="Words", position=3)
    for position in range(2, narratives):
        Question.objects.create(
            section=section, key=f"text{position}", kind=QuestionKind.LONG_TEXT, label="Words", position=position
        )
    publish_version(version=version, now=NOW)
    return version


def make_cycle(version: DefinitionVersion, period: str, *, locked: bool) -> Cycle:
    """A cycle with a submission for every district."""
    days = -100 if locked else 10
    cycle = Cycle.objects.create(
        definition=version.definition,
        definition_version=version,
        period=period,
        reminder_policy=ReminderPolicy.objects.get_or_create(
            name="Bench", defaults={"quiet_from": "18:00", "quiet_until": "08:30"}
        )[0],
        opened_at=NOW - timedelta(days=200),
        due_at=NOW + timedelta(days=days),
        locks_at=NOW + timedelta(days=days + 7),
    )
    run(
        """INSERT INTO reporting_submission (cycle_id, district_id, district_name, district_name_zh, state)
           SELECT %s, id, name, name_zh, 'not_started' FROM districts_district ORDER BY id""",
        [cycle.pk],
    )
    return cycle


def fill(cycle: Cycle, *, factor: Decimal, upto: str) -> None:
    """Give every submission of the cycle a revision with an answer a question and walk it up to the state."""
    version = cycle.definition_version_id
    run(
        """INSERT INTO reporting_revision (submission_id, district_id, number, definition_version_id, nil_reason, created_at,
               signed_name, signed_acting, statement, previous_digest, digest)
           SELECT s.id, s.district_id, 1, %s, '', %s, '', false, '', '', '' FROM reporting_submission s WHERE s.cycle_id = %s""",
        [version, NOW, cycle.pk],
    )
    run(
        """INSERT INTO reporting_answer (revision_id, district_id, question_key, row_key, indicator_id, version, editor, raw,
               number, text, choices, status, explanation, updated_at)
           SELECT r.id, r.district_id, q.key, '', q.indicator_id, 1, '',
                CASE WHEN q.indicator_id IS NULL THEN 'Words about the work.'
                     ELSE round(((r.district_id %% 97) + 5 + q.position %% 11) * %s, 2)::text END,
                CASE WHEN q.indicator_id IS NOT NULL THEN round(((r.district_id %% 97) + 5 + q.position %% 11) * %s, 2) END,
                CASE WHEN q.indicator_id IS NULL THEN 'Words about the work.' ELSE '' END, '{}', 'reported', '', %s
           FROM reporting_revision r
           JOIN reporting_submission s ON s.id = r.submission_id
           JOIN reporting_section c ON c.version_id = r.definition_version_id
           JOIN reporting_question q ON q.section_id = c.id
           WHERE s.cycle_id = %s""",
        [factor, factor, NOW, cycle.pk],
    )
    run(
        """UPDATE reporting_submission s SET working_revision_id = r.id FROM reporting_revision r
           WHERE r.submission_id = s.id AND s.cycle_id = %s""",
        [cycle.pk],
    )
    for state in _APPROVED[: _APPROVED.index(upto) + 1]:
        run("UPDATE reporting_submission SET state = %s WHERE cycle_id = %s", [state, cycle.pk])
    if upto == "approved":
        approve(cycle)


def approve(cycle: Cycle) -> None:
    run(
        """UPDATE reporting_revision r SET signed_at = %s, signed_name = 'Head', receipt_number = 'bench-' || r.id,
               digest = repeat('0', 64), approved_at = %s
           FROM reporting_submission s WHERE s.id = r.submission_id AND s.cycle_id = %s""",
        [NOW - timedelta(days=20), NOW - timedelta(days=10), cycle.pk],
    )
    run(
        """UPDATE reporting_submission SET approved_revision_id = working_revision_id, first_signed_at = %s, first_due_at = %s
           WHERE cycle_id = %s""",
        [NOW - timedelta(days=20), NOW - timedelta(days=19), cycle.pk],
    )


def make_world(districts: int) -> World:
    """Two cycles of 50 indicators and 10 texts, last year's approved for all; this year's approved too."""
    made = make_districts(districts)
    indicators = [factories.make_indicator(f"N{n:02}") for n in range(INDICATORS)]
    version = make_version("bench", indicators, NARRATIVES)
    last_year, cycle = make_cycle(version, "2025-S1", locked=True), make_cycle(version, "2026-S1", locked=False)
    fill(last_year, factor=Decimal("1.00"), upto="approved")
    fill(cycle, factor=Decimal("1.07"), upto="approved")
    administrator = make_administrator()
    head = factories.make_user("bench-head")
    Membership.objects.create(user=head, district=made[0], role=DistrictRole.HEAD)
    refresh_grants(user_id=head.pk)
    run("VACUUM (ANALYZE)")
    return World(administrator, head, cycle, last_year, indicators)


def make_administrator() -> User:
    administrator = factories.make_user("bench-administrator")
    BureauRole.objects.create(user=administrator, role=BureauRoleName.ADMINISTRATOR, scope=Scope.ALL)
    refresh_grants(user_id=administrator.pk)
    return administrator


def run(sql: str, params: Sequence[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
