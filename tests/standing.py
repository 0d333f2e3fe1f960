"""The same rows again for each test, for the price of one statement: what was made once in this process is kept as SQL."""

import pickle
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import connection, models
from psycopg import sql

T = TypeVar("T")


class Standing(Generic[T]):
    """What `make` puts into an empty database: its rows with their keys, and what it gave.

    Sequences go on from where the first making left them, so a later row never gets a kept key. Triggers fire as ever: rows of
    history come from them and are not kept. After the database was flushed, permissions have other keys and all is made anew.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self.make = make
        self.kept: tuple[int, str, bytes] | None = None

    def again(self) -> T:
        """Inside a transaction that is rolled back after the test."""
        known = Permission.objects.order_by("pk").values_list("pk", flat=True)[0]
        if self.kept is None or self.kept[0] != known:
            made = self.make()
            self.kept = (known, _statements(), pickle.dumps(made))
            return made
        _known, statements, pickled = self.kept
        with connection.cursor() as cursor:
            cursor.execute(statements)
        return pickle.loads(pickled)


def _statements() -> str:
    """All rows of the project's own tables, each table after those that it points to."""
    with connection.cursor() as cursor:
        return "\n".join(statement for model in _in_order() for statement in _inserts(cursor, model))


def _inserts(cursor: Any, model: type[models.Model]) -> Iterator[str]:
    table = sql.Identifier(model._meta.db_table)
    cursor.execute(sql.SQL("SELECT * FROM {}").format(table))
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in cursor.description)
    rows = [sql.SQL("({})").format(sql.SQL(", ").join(sql.Literal(value) for value in row)) for row in cursor.fetchall()]
    if rows:
        statement = sql.SQL("INSERT INTO {} ({}) VALUES {};").format(table, columns, sql.SQL(", ").join(rows))
        yield statement.as_string(cursor.cursor)


def _in_order() -> list[type[models.Model]]:
    """Of both apps, without the history that triggers write."""
    left = {
        model
        for app in ("districts", "reporting")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if not hasattr(model, "pgh_tracked_model") and not model._meta.proxy
    }
    found: list[type[models.Model]] = []
    while left:
        free = {model for model in left if not (_targets(model) - {model}) & left}
        if not free:
            raise RuntimeError(f"These point to one another: {left}")
        found += sorted(free, key=lambda model: model._meta.label)
        left -= free
    return found


def _targets(model: type[models.Model]) -> set[type[models.Model]]:
    """What a row cannot be written before; nullable keys are checked at the end of the transaction."""
    keys = [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey) and not field.null]
    return {field.related_model for field in keys if isinstance(field.related_model, type)}
