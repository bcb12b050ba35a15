"""Looking for words in all of the database: every column of every table there is, whoever made it."""

import json

from django.db import connection

from advisor.accounts.models import StaffSession
from advisor.accounts.sessions import SessionStore

Traces = dict[str, set[str]]
"""The columns, as "table.column", in which each word was found."""


def traces(*words: str) -> Traces:
    """Where these words are, in any case and also as JSON escapes them; words that are nowhere are left out.

    Tables are taken from the database itself and values as they are stored, so nothing is overlooked for lack of a
    model or of a readable field. Sessions are looked into, as they are kept encoded.
    """
    spelled = {word: {word.casefold(), json.dumps(word)[1:-1].casefold()} for word in words}
    found: Traces = {}
    for place, value in _values():
        for word, spellings in spelled.items():
            if any(spelling in value for spelling in spellings):
                found.setdefault(word, set()).add(place)
    return found


def _values() -> list[tuple[str, str]]:
    values = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column[0] for column in cursor.description or ()]
            for row in cursor.fetchall():
                values += [(f"{table}.{column}", _text(value)) for column, value in zip(columns, row, strict=True)]
    return values + [("session", str(decoded).casefold()) for decoded in map(_decoded, StaffSession.objects.all())]


def _decoded(session: StaffSession) -> dict[str, object]:
    return SessionStore().decode(session.session_data)


def _text(value: object) -> str:
    return (value.decode(errors="replace") if isinstance(value, bytes) else str(value)).casefold()
