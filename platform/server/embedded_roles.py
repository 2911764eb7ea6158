"""Who is who in the embedded PostgreSQL: a superuser that only this module is, and an owner of the tables who is not one.

A folder of old has one role for both, which initdb made and which cannot be made less: it gets the superuser's name, and what it owned
goes to a new owner.
"""

from __future__ import annotations

from collections.abc import Callable

import psycopg
from psycopg import sql

MOVER = "ilima_mover"  # a role cannot rename itself
_OBJECTS = """
SELECT format('ALTER %%s %%s OWNER TO %%I',
              CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, c.oid::regclass, %(owner)s::text)
  FROM pg_class c
 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S') AND relowner <> %(owner)s::text::regrole
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i'))  -- a column's own sequence goes with it
UNION ALL
SELECT format('ALTER FUNCTION %%s OWNER TO %%I', p.oid::regprocedure, %(owner)s::text)
  FROM pg_proc p WHERE pronamespace = 'public'::regnamespace AND proowner <> %(owner)s::text::regrole
"""


def prepare_roles(url: Callable[[str, str], str], database: str, superuser: str, owner: str) -> None:
    """`url(database, role)` signs in. Afterwards the database is there and the owner's. Safe to repeat."""
    _name_superuser(url, superuser, owner)
    with psycopg.connect(url("postgres", superuser), autocommit=True) as connection:
        known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        if MOVER in known:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(MOVER)))
        if owner not in known:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE").format(sql.Identifier(owner)))
        databases: dict[str, str] = dict(
            connection.execute("SELECT datname, datdba::regrole::text FROM pg_database WHERE NOT datistemplate")
        )
        del databases["postgres"]
        if database not in databases:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), sql.Identifier(owner))
            )
        for name, whose in databases.items():
            if whose == superuser:
                connection.execute(
                    sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(name), sql.Identifier(owner))
                )
                _give_objects(url(name, superuser), owner)


def _name_superuser(url: Callable[[str, str], str], superuser: str, owner: str) -> None:
    try:
        psycopg.connect(url("postgres", superuser)).close()
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error):
            raise
    else:
        return
    with psycopg.connect(url("postgres", owner), autocommit=True) as connection:
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [MOVER]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN SUPERUSER").format(sql.Identifier(MOVER)))
    with psycopg.connect(url("postgres", MOVER), autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER ROLE {} RENAME TO {}").format(sql.Identifier(owner), sql.Identifier(superuser))
        )


def _give_objects(url: str, owner: str) -> None:
    with psycopg.connect(url) as connection:
        for (statement,) in connection.execute(_OBJECTS, {"owner": owner}).fetchall():
            connection.execute(statement)
