"""The two accounts of the database: `portal_owner` makes the tables, `portal_app` works in them. Neither is a superuser."""

from collections.abc import Callable

import psycopg
from psycopg import sql

DATABASE = "portal"
OWNER = "portal_owner"
APP = "portal_app"
_GRANTS = {"TABLES": "SELECT, INSERT, UPDATE, DELETE", "SEQUENCES": "USAGE, SELECT", "FUNCTIONS": "EXECUTE"}


def ensure(connect: Callable[[str], psycopg.Connection], password: str) -> None:
    """Make the roles and the database where they are missing, and give the roles this run's password, if there is one.

    `connect` opens a database, by its name, as a superuser.
    """
    with connect("template1") as connection:
        for role, ability in ((OWNER, "CREATEDB"), (APP, "NOCREATEDB")):
            _ensure_role(connection, role, ability, password)
        _grant(connection)  # every database made from the template, a test's too, starts with these
        _ensure_database(connection)
    with connect(DATABASE) as connection:
        _grant(connection)


def _ensure_role(connection: psycopg.Connection, role: str, ability: str, password: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    statement = sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS {} PASSWORD {}").format(
        sql.SQL("ALTER" if known else "CREATE"), sql.Identifier(role), sql.SQL(ability), sql.Literal(password or None)
    )
    connection.execute(statement)


def _ensure_database(connection: psycopg.Connection) -> None:
    known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
    if not known:
        statement = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
        connection.execute(statement)


def _grant(connection: psycopg.Connection) -> None:
    for kind, rights in _GRANTS.items():
        statement = sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT {} ON {} TO {}").format(
            sql.Identifier(OWNER), sql.SQL(rights), sql.SQL(kind), sql.Identifier(APP)
        )
        connection.execute(statement)
