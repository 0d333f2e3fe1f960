"""Two administrators change one draft at the same moment."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from districts.errors import Conflict, Refused
from reporting.domain.definitions import publish_version
from reporting.domain.drafts import draft_of
from reporting.domain.ordering import move_question, step_question
from reporting.domain.questions import add_question, delete_question
from reporting.models import Definition, DefinitionVersion, Question
from reporting.queries.outline import order_of, order_token
from tests import factories
from tests.conftest import Cast
from tests.reporting.admin.editing import outline
from tests.reporting.domain.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def version(cast: Cast) -> DefinitionVersion:
    return factories.make_version(published=False)


def question(version: DefinitionVersion, key: str) -> Question:
    return Question.objects.select_related("section", "indicator").get(section__version=version, key=key)


def test_two_who_move_at_once_lose_no_question_and_one_looks_again(cast: Cast, version: DefinitionVersion) -> None:
    given: dict[str, Any] = {"seen": order_token(order_of(version.pk)), "actor": cast.administrator}
    keys = sorted(Question.objects.filter(section__version=version).values_list("key", flat=True))
    narrative = version.sections.get(key="narrative").pk
    first, second, third = (question(version, key) for key in ("P1", "P2", "STOCK"))
    results = at_once(
        [
            partial(step_question, question=first, by=1, **given),
            partial(move_question, question=second, section_id=narrative, before=None, **given),
            partial(move_question, question=third, section_id=narrative, before=question(version, "plans").pk, **given),
        ]
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Conflict", "NoneType"]
    assert all(isinstance(result, Conflict) for result in results if result is not None)
    assert sorted(key for _section, asked in outline(version) for key in asked) == keys


def test_one_key_is_added_once(cast: Cast, version: DefinitionVersion) -> None:
    sections = list(version.sections.all())
    rows = [Question(section=section, kind="text", label="Aims", key="aims") for section in sections]
    results = at_once([partial(add_question, question=row, actor=cast.administrator) for row in rows])
    assert sorted(type(result).__name__ for result in results) == ["Question", "Refused"]
    (refusal,) = [result for result in results if isinstance(result, Refused)]
    assert str(refusal) == "The key aims is that of “Aims”."
    assert Question.objects.filter(section__version=version, key="aims").count() == 1


def test_publishing_and_adding_at_once_leave_a_version_that_is_whole(cast: Cast, version: DefinitionVersion) -> None:
    row = Question(section=version.sections.get(key="narrative"), kind="text", label="Late")
    calls: list[Callable[[], Any]] = [
        partial(publish_version, version=version, now=factories.NOW),
        partial(add_question, question=row, actor=cast.administrator),
    ]
    published, added = at_once(calls)
    assert published is None
    keys = dict(outline(DefinitionVersion.objects.get(pk=version.pk)))["narrative"]
    assert ("late" in keys) == (not isinstance(added, Conflict))
    assert DefinitionVersion.objects.get(pk=version.pk).state == "published"


def test_draft_that_two_open_at_once_is_one(cast: Cast) -> None:
    definition = Definition.objects.create(slug="new", name="New", frequency="yearly")
    drafts = at_once([partial(draft_of, definition=definition, actor=cast.administrator)] * 3)
    assert [draft.pk for draft in drafts if isinstance(draft, DefinitionVersion)] == [definition.versions.get().pk] * 3


def test_question_that_is_deleted_and_moved_at_once_is_gone_or_was_moved_before(cast: Cast, version: DefinitionVersion) -> None:
    seen, row = order_token(order_of(version.pk)), question(version, "P2")
    moved, deleted = at_once(
        [
            partial(step_question, question=question(version, "P2"), by=-1, seen=seen, actor=cast.administrator),
            partial(delete_question, question=row, actor=cast.administrator),
        ]
    )
    assert deleted is None
    assert moved is None or isinstance(moved, Conflict)
    assert outline(version)[0] == ("statistics", ["P1", "GRP", "BASE", "TOTAL", "SHARE", "STOCK"])
