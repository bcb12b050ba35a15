"""A site goes on while its database is brought to a newer release, and has everything afterwards."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server import (
    Database,
    PostgresDatabase,
    RunningSite,
    empty_database,
    is_postgresql,
    manage,
    new_database,
)
from tests.site.client import follow

FIRST_RELEASE = Path(__file__).with_name("releases")
"""What the first release (d7cb54b) left behind in each database: the first guide published, three leads of its
demonstration with calls and mail, and somebody of Sales who is told of new leads every day.
"""

WRITE_BETWEEN_BATCHES = """
import sqlite3
from contextlib import closing, contextmanager
from importlib import import_module
from types import SimpleNamespace
from django.apps import apps
from django.db import connection, transaction
from advisor.leads.models import LeadWord

before = LeadWord.objects.count()
batches = []

@contextmanager
def atomic(using):
    with transaction.atomic(using=using):
        yield
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as visitor, visitor:
        visitor.execute("UPDATE funnel_total SET number = number + 1")
    batches.append(using)

for name, function in {
    "0012_words_of_any_keyboard": "find_by_any_keyboard", "0014_words_of_notes": "find_by_notes",
    "0015_words_of_names_first": "find_by_names_first",
}.items():
    migration = import_module(f"advisor.leads.migrations.{name}")
    migration.BATCH, migration.transaction = 2, SimpleNamespace(atomic=atomic)
    getattr(migration, function)(apps, SimpleNamespace(connection=connection))
print(len(batches), before, LeadWord.objects.count())
"""


@pytest.mark.skipif(is_postgresql(), reason="There, whoever reads keeps nobody from writing.")
def test_visitors_may_write_while_the_words_of_leads_are_made_anew() -> None:
    database = new_database(seeded=True)
    manage("demo", database=database)

    said = manage("shell", "--no-imports", "--command", WRITE_BETWEEN_BATCHES, database=database)
    database.drop()

    batches, before, after = map(int, said.split())
    assert batches > 4
    assert before == after > 0


BEFORE_LEAD_ALERTS = """
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection

user = User.objects.create(username="seller", email="seller@example.com", is_staff=True)
kind = ContentType.objects.get(app_label="leads", model="notice")
user.user_permissions.add(Permission.objects.get(content_type=kind, codename="view_notice"))
LogEntry.objects.create(user=user, content_type=kind, object_id="1", object_repr="seller", action_flag=CHANGE)
with connection.cursor() as cursor:
    cursor.execute(
        "INSERT INTO leads_notice (user_id, how, told_until) VALUES (%s, 'daily', '2026-11-20 12:00:00+00:00')",
        [user.pk],
    )
"""

AFTER_LEAD_ALERTS = """
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from advisor.leads.models import LeadAlert

alert = LeadAlert.objects.get(user__username="seller")
print(alert.frequency, alert.notified_until.date(), *sorted(alert.user.get_all_permissions()))
for group in Group.objects.filter(name__in=("Owners", "Sales")).order_by("name"):
    print(group, *group.permissions.filter(codename__endswith="_leadalert").values_list("codename", flat=True))
print(LogEntry.objects.get().content_type.model_class().__name__)
print(Permission.objects.filter(codename__endswith="_notice").count())
"""


def test_who_was_mailed_about_new_leads_still_is_with_the_same_rights() -> None:
    database = new_database(seeded=False)
    manage("migrate", "leads", "0015", database=database)
    manage("shell", "--no-imports", "--command", BEFORE_LEAD_ALERTS, database=database)

    manage("migrate", database=database)

    printed = manage("shell", "--no-imports", "--command", AFTER_LEAD_ALERTS, database=database)
    database.drop()
    everything = "add_leadalert change_leadalert delete_leadalert view_leadalert"
    assert printed.splitlines() == [
        "daily 2026-11-20 leads.view_leadalert",
        f"Owners {everything}",
        f"Sales {everything}",
        "LeadAlert",
        "0",
    ]


@pytest.fixture(scope="module")
def upgraded() -> Iterator[RunningSite]:
    """A site of the first release, upgraded to this one."""
    database = empty_database()
    name = "postgresql" if is_postgresql() else "sqlite"
    database.restore(gzip.decompress((FIRST_RELEASE / f"first.{name}.sql.gz").read_bytes()).decode())
    manage("migrate", database=database)
    with RunningSite(workers=1, database=database) as running:
        yield running
        assert "Traceback" not in running.log


def schema_of(database: Database) -> dict[str, set[Any]]:
    """Columns, indexes, constraints and triggers, whatever order they were made in."""
    if isinstance(database, PostgresDatabase):
        return {name: set(database.query(statement)) for name, statement in POSTGRESQL_SCHEMA.items()}
    tables = [name for (name,) in database.query("SELECT name FROM sqlite_master WHERE type = 'table'")]
    made = database.query("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    columns = {
        (table, name, kind, required, is_key)
        for table in tables
        for _, name, kind, required, _, is_key in database.query(f'PRAGMA table_info("{table}")')
    }
    constraints = {
        (table, name) for _, _, table, text in made for name in re.findall(r'CONSTRAINT "(\w+)"', text or "")
    }
    others = {(kind, name, table) for kind, name, table, _ in made if kind != "table"}
    return {"columns": columns, "constraints": constraints, "others": others}


POSTGRESQL_SCHEMA = {
    "columns": """
        SELECT table_name, column_name, data_type, character_maximum_length, is_nullable
        FROM information_schema.columns WHERE table_schema = 'public'
    """,
    # Without casts and brackets: a constraint that was restored from a dump has others.
    "constraints": r"""
        SELECT conrelid::regclass::text, conname,
            regexp_replace(pg_get_constraintdef(oid), '::(character varying|text)(\[\]){0,1}|[()]', '', 'g')
        FROM pg_constraint
    """,
    "others": """
        SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION SELECT event_object_table, trigger_name FROM information_schema.triggers
    """,
}


RIGHTS = """
    SELECT auth_group.name, django_content_type.app_label, auth_permission.codename FROM auth_group_permissions
    JOIN auth_group ON auth_group.id = group_id JOIN auth_permission ON auth_permission.id = permission_id
    JOIN django_content_type ON django_content_type.id = content_type_id
"""


def test_an_upgraded_database_is_like_a_new_one(upgraded: RunningSite) -> None:
    new = new_database(seeded=False)

    old, made = schema_of(upgraded.database), schema_of(new)
    rights = [set(database.query(RIGHTS)) for database in (upgraded.database, new)]
    new.drop()

    assert {name: old[name] ^ made[name] for name in made} == {"columns": set(), "constraints": set(), "others": set()}
    assert all(old.values())
    assert rights[0] == rights[1]
    assert len(rights[0]) > 100


def test_what_the_first_release_published_and_booked_is_there_after_the_upgrade(upgraded: RunningSite) -> None:
    printed = upgraded.manage("shell", "--no-imports", "--command", AFTER_THE_UPGRADE).split()

    pages = {address: follow(upgraded, address) for address in ["/", *printed[:-4]]}
    assert {address: page.status for address, page in pages.items()} == dict.fromkeys(pages, 200)
    assert len(pages) >= 8
    assert printed[-4:] == ["3", "3", "14", "daily"]


AFTER_THE_UPGRADE = """
from advisor.booking.models import Call
from advisor.delivery.models import Message
from advisor.leads.models import Lead, LeadAlert
from advisor.leads.priority import has_call, points_of
from advisor.leads.search.index import find_leads

for lead in Lead.objects.all():
    print(lead.result_address, f"/r/{lead.result_code}/", lead.call.path)
    assert lead.pk in find_leads(lead.email).keys, lead
    # The list sorts by what is stored, and the page says what it is made of today.
    assert lead.priority == points_of(lead, has_call=has_call(lead)), lead
print(Lead.objects.count(), Call.objects.count(), Message.objects.count(), LeadAlert.objects.get().frequency)
"""
