"""A folder of files into the draft of its guide, and out of it again: nobody replaces what they have not seen.

A file may be pushed while the draft says what it said when the file was pulled, or says by now what the file does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from advisor.content.drafts import Signature, read_draft, rewrite_draft, write_guide
from advisor.content.guide_folder import FILES, GUIDE_FILE, Folder, texts_of
from advisor.content.guide_parts import in_document_order, owned_models, past_of
from advisor.content.models import Guide
from advisor.content.scenarios import cases_of
from advisor.stale import change_in_words, fingerprint, is_stale

FROM_FILES = "from files"
"""What the history says of a change that was pushed."""
MAX_NOTE_LENGTH = 100 - len(FROM_FILES) - 2
"""Characters of a note beside it in the history."""


class StaleFolderError(ValueError):
    """The draft was changed since the files were pulled; ``messages`` names each file, and who did it."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("\n".join(messages))
        self.messages = messages


def texts_of_draft(guide: Guide) -> dict[str, str]:
    """The text of each file for the draft of a guide."""
    return texts_of(read_draft(guide), cases_of(guide))


def edited_files(folder: Folder, draft: Mapping[str, str]) -> list[str]:
    """The files that say something else than was pulled, and than the draft does: they would be lost by a pull."""
    return [
        name
        for name, text in folder.texts.items()
        if is_stale(now=fingerprint(text), shown=folder.pulled.get(name), wanted=fingerprint(draft[name]))
    ]


def stale_files(folder: Folder, draft: Mapping[str, str]) -> list[str]:
    """The files whose part of the draft was changed since they were pulled, to something else than they say."""
    return [
        name
        for name, text in folder.texts.items()
        if is_stale(now=fingerprint(draft[name]), shown=folder.pulled.get(name), wanted=fingerprint(text))
    ]


def stale_messages(guide: Guide, folder: Folder, draft: Mapping[str, str]) -> list[str]:
    """The same in words, with who changed it."""
    return [
        f"{name}: The draft says something else than when this was pulled; it was last changed "
        f"{change_in_words(_last_change(guide, name))}."
        if name in folder.pulled
        else f"{name}: The draft says something else, and this was not pulled from it."
        for name in stale_files(folder, draft)
    ]


@dataclass(frozen=True)
class Pushed:
    """What a push has done."""

    guide: Guide
    files: list[str]
    """Those that brought something new."""
    draft: Mapping[str, str]
    """The text of each file for the draft as it was left."""


@transaction.atomic
def push(*, folder: Folder, by: AbstractBaseUser, note: str) -> Pushed:
    """Make the draft say what a folder says. It publishes nothing.

    Raises ``StaleFolderError``, ``Guide.DoesNotExist`` for a guide that is not here, and ``UnwritableError`` for what a
    model or a constraint refuses; then nothing is changed.
    """
    guide = Guide.objects.select_for_update().get(key=folder.guide.key)
    draft = texts_of_draft(guide)
    if stale := stale_messages(guide, folder, draft):
        raise StaleFolderError(stale)
    rewrite_draft(guide=guide, value=folder.guide, cases=folder.cases, signature=_signature(by, note))
    files = [name for name, text in folder.texts.items() if text != draft[name]]
    return Pushed(guide, files, texts_of_draft(guide))


@transaction.atomic
def push_new(*, folder: Folder, by: AbstractBaseUser, note: str) -> Pushed:
    """Make a guide of a folder whose key no guide has here: a draft. Raises ``UnwritableError``."""
    value, signature = folder.guide, _signature(by, note)
    guide = write_guide(value=value, key=value.key, title=value.title, cases=folder.cases, signature=signature)
    return Pushed(guide, [*folder.texts], texts_of_draft(guide))


def _signature(by: AbstractBaseUser, note: str) -> Signature:
    return Signature(by, f"{FROM_FILES}{note and ': '}{note}")


def _last_change(guide: Guide, name: str) -> Any:
    """The newest record about what a file holds; None where nothing is known."""
    models = (
        [Guide]
        if name == GUIDE_FILE
        else [model for model in in_document_order() if FILES[model.part.list_name] == name]
    )
    models += [inner for model in models if model is not Guide for inner in owned_models(model)]
    newest = (
        past_of(guide, model).select_related("history_user").order_by("-history_date").first() for model in models
    )
    return max(filter(None, newest), key=lambda record: record.history_date, default=None)
