import sys
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from advisor.content.differences import differences
from advisor.content.documents import UnreadableError, read_edition
from advisor.content.drafts import UnwritableError
from advisor.content.editing.pages import ADD, EDIT
from advisor.content.editing.places import place_in_words
from advisor.content.effects import changes_for_leads, changes_for_people
from advisor.content.findings import find_out, progress_bar, report
from advisor.content.guide_folder import UnreadableFolderError, note_pulled, read_folder, write_folder
from advisor.content.models import Guide
from advisor.content.publishing import newest_edition
from advisor.content.pushing import (
    MAX_NOTE_LENGTH,
    StaleFolderError,
    edited_files,
    push,
    push_new,
    stale_messages,
    texts_of_draft,
)
from advisor.decision import guide as decision
from advisor.decision.plurals import pluralize
from advisor.decision.publish_checks import is_provable, publish_blockers

UNLIKE, UNREADABLE, STALE = 1, 2, 3
"""Exit statuses: ``diff`` found a difference, or ``check`` what keeps the guide from being published; the files cannot
be read or written; the draft was changed since they were pulled. 0 says that all is well.
"""


class Command(BaseCommand):
    """``manage.py guide pull cto-or-head-of-ai guides/cto-or-head-of-ai``; the exit statuses are above."""

    help = "A guide as files, to be kept in git: out of the draft, compared, checked, and into the draft again."
    # They ask the database, and two folders are compared where there is none.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        pull = actions.add_parser("pull", help="Write the draft into a folder, one file for each kind of part.")
        pull.add_argument("guide", help="The guide's key.")
        pull.add_argument("folder", type=Path)
        pull.add_argument("--overwrite", action="store_true", help="Also files that say something else by now.")
        diff = actions.add_parser("diff", help="Show what a push would change in the draft.")
        diff.add_argument("folder", type=Path)
        check = actions.add_parser("check", help="Say what changes for whom, and what keeps it from being published.")
        check.add_argument("folder", type=Path)
        check.add_argument(
            "--against",
            type=Path,
            help="Another folder to compare with, and no database; without it, what is live.",
        )
        pushing = actions.add_parser("push", help="Make the draft say what the folder says. It publishes nothing.")
        pushing.add_argument("folder", type=Path)
        pushing.add_argument("--by", required=True, help="The account that the history names, by its user name.")
        pushing.add_argument("--note", default="", help="A few words for the history: “Pull request 12”.")
        pushing.add_argument("--new", action="store_true", help="Make the guide where there is none with its key.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options.pop('action')}")(**options)
        except (UnreadableFolderError, StaleFolderError) as error:
            status = STALE if isinstance(error, StaleFolderError) else UNREADABLE
            raise CommandError("\n".join(error.messages), returncode=status) from None
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.", returncode=UNREADABLE) from None
        except UnreadableError as error:
            raise CommandError(str(error), returncode=UNREADABLE) from None

    def _pull(self, *, guide: str, folder: Path, overwrite: bool, **options: Any) -> None:
        draft = texts_of_draft(_guide(guide))
        if folder.exists() and any(folder.glob("*.yaml")) and not overwrite:
            _refuse_to_lose(folder, guide, draft)
        written = write_folder(folder, draft)
        self.stdout.write(f"Pulled: {', '.join(written)}." if written else "The files say what the draft says.")

    def _diff(self, *, folder: Path, **options: Any) -> None:
        read = read_folder(folder)
        draft = texts_of_draft(_guide(read.guide.key))
        lines = [line for name, text in read.texts.items() for line in _diff(name, draft[name], text)]
        self.stdout.write("".join(lines) or "A push would change nothing.\n", ending="")
        if lines:
            sys.exit(UNLIKE)

    def _check(self, *, folder: Path, against: Path | None, **options: Any) -> None:
        read, stale = read_folder(folder), list[str]()
        guide = None if against else Guide.objects.filter(key=read.guide.key).first()
        if guide:
            stale = stale_messages(guide, read, texts_of_draft(guide))
        before = read_folder(against).guide if against else _live(guide)
        findings = find_out(read.guide, read.cases, progress_bar(self.stderr))
        said = [read.guide.title, ""]
        if before is None:
            said += ["Nothing of this guide is live, so there is nothing to compare it with."]
        else:
            said += _changes(before, read.guide)
            if guide and is_provable(findings.blockers):
                said += changes_for_leads(before, read.guide)
        _, *found = report(findings, lambda place: f"{read.where(place)}: {place_in_words(place)}", pairs=False)
        said += found
        if stale:
            said += ["", "A push would be refused:", *(f"  {message}" for message in stale)]
        self.stdout.write("\n".join(said))
        if not findings.all_is_well or stale:
            sys.exit(STALE if findings.all_is_well else UNLIKE)

    def _push(self, *, folder: Path, by: str, note: str, new: bool, **options: Any) -> None:
        read = read_folder(folder)
        is_new = new and not Guide.objects.filter(key=read.guide.key).exists()
        account = _account(by, ADD if is_new else EDIT)
        if len(note) > MAX_NOTE_LENGTH:
            raise CommandError(f"The note is too long: {pluralize(MAX_NOTE_LENGTH, 'character')} fit into the history.")
        try:
            pushed = (push_new if is_new else push)(folder=read, by=account, note=note)
        except UnwritableError as error:
            messages = ["Nothing was pushed:", *read.messages(error)]
            raise CommandError("\n".join(messages), returncode=UNREADABLE) from None
        except Guide.DoesNotExist:
            message = f"There is no guide “{read.guide.key}” here; --new makes it."
            raise CommandError(message, returncode=UNREADABLE) from None
        note_pulled(folder, pushed.draft)
        if pushed.files:
            self.stdout.write(f"Pushed into the draft of “{pushed.guide}”: {', '.join(pushed.files)}.")
            self.stdout.write("Visitors see nothing of it until it is published.")
        else:
            self.stdout.write("Nothing to push: the draft says the same.")
        if others := [name for name, text in read.texts.items() if pushed.draft[name] != text]:
            self.stdout.write(f"The draft writes it in another way; pull once more: {', '.join(others)}.")


def _guide(key: str) -> Guide:
    try:
        return Guide.objects.get(key=key)
    except Guide.DoesNotExist:
        known = ", ".join(Guide.objects.values_list("key", flat=True)) or "none yet"
        raise CommandError(f"There is no guide “{key}”. Guides: {known}.", returncode=UNREADABLE) from None


def _live(guide: Guide | None) -> decision.Guide | None:
    edition = newest_edition(guide) if guide else None
    return read_edition(edition) if edition else None


def _account(name: str, right: str) -> Any:
    """The account that changes a draft; it has to be one that may do so in the admin."""
    account = get_user_model().objects.filter(username=name, is_active=True, is_staff=True).first()
    if account is None or not account.has_perm(right):
        raise CommandError(f"There is no account “{name}” that may change guides.")
    return account


def _refuse_to_lose(path: Path, key: str, draft: dict[str, str]) -> None:
    """Refuse to write over files that nobody has pushed."""
    folder = read_folder(path)
    if folder.guide.key != key:
        raise CommandError(f"This folder holds the guide “{folder.guide.key}”.", returncode=UNREADABLE)
    if edited := edited_files(folder, draft):
        raise StaleFolderError(
            [
                *(f"{name}: It says something else than was pulled, and than the draft does." for name in edited),
                "Push these files, or keep them in a commit and pull with --overwrite.",
            ]
        )


def _diff(name: str, before: str, after: str) -> Iterator[str]:
    return unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), f"draft/{name}", name)


def _changes(before: decision.Guide, after: decision.Guide) -> Iterator[str]:
    """What differs in words, and what that changes for people."""
    found = differences(before, after)
    yield f"{pluralize(len(found), 'place says', 'places say')} something else:" if found else "Every text is the same."
    marks = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    for difference in found:
        yield f"  {place_in_words(difference.place)}"
        text = " ".join(marks[piece.kind].format(piece.words) for piece in difference.pieces)
        yield from (f"    {line.strip()}" for line in text.splitlines())
    yield ""
    if is_provable(publish_blockers(before)) and is_provable(publish_blockers(after)):
        yield from changes_for_people(before, after)
    else:
        yield "What changes for whom cannot be said before everything exists that its rules name."
