"""A guide in git: pulled, changed on a branch, checked, merged and pushed; refused where a colleague was faster."""

import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.content.drafts import Signature
from advisor.content.guide_folder import UnreadableFolderError, read_folder, texts_of, write_folder
from advisor.content.models import Edition, Role, Scenario
from advisor.content.yaml_texts import read_yaml, write_yaml
from tests.conftest import GUIDE
from tests.content.admin_pages import read_admin
from tests.content.making import draft
from tests.environment import ROOT, for_a_process
from tests.guides import first_guide


def run(*words: object) -> tuple[int, str]:
    """``manage.py guide``: its exit status, and what it says."""
    out = StringIO()
    try:
        call_command("guide", *map(str, words), stdout=out, stderr=out)
    except CommandError as error:
        return error.returncode, str(error)
    except SystemExit as left:
        return int(str(left.code)), out.getvalue()
    return 0, out.getvalue()


class Repository:
    """A git repository with the folder of a guide in it, and nothing of the settings of whoever runs the tests."""

    def __init__(self, path: Path) -> None:
        self.path, self.folder = path, path / "guides" / GUIDE
        self.git("init", "--initial-branch=main")

    def git(self, *words: str) -> str:
        environment = for_a_process(GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null")
        named = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"]
        command = ["git", "-C", str(self.path), *named, *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    def commit(self, message: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--message", message)

    def replace(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def repository(db: None, tmp_path: Path) -> Repository:
    """The draft of the first guide, committed as it was pulled."""
    repository = Repository(tmp_path)
    assert run("pull", GUIDE, repository.folder)[0] == 0
    repository.commit("Pull the guide")
    return repository


def test_a_guide_by_pull_request(repository: Repository, editor: Client) -> None:
    git, folder = repository.git, repository.folder

    # What is pushed as it was pulled changes nothing, and comes back byte for byte.
    assert run("push", folder, "--by", "one of Editors") == (0, "Nothing to push: the draft says the same.\n")
    assert run("pull", GUIDE, folder) == (0, "The files say what the draft says.\n")
    assert git("status", "--porcelain") == ""

    # Words, on a branch: the pull request shows the one line, and the check that nobody is told something else.
    git("switch", "--create", "words")
    repository.replace("roles.yaml", "who answers for all of your technology", "who owns all of your technology")
    repository.commit("Say it shorter")
    shown = [line[:44] for line in git("diff", "main").splitlines() if line.startswith(("- ", "+ "))]
    assert shown == ["-    A senior generalist who answers for all", "+    A senior generalist who owns all of you"]
    status, said = run("check", folder)
    assert (status, "None of 897,665 possible sets of answers gets another outcome." in said) == (0, True), said
    assert "A senior generalist who [-answers for-] {+owns+} all of your technology" in said

    # A rule: the check says for how many, and what stands in the way, in the words of the admin with file and line.
    repository.replace("rules.yaml", "    team-size: [under-ten]\n", "")
    status, said = run("check", folder)
    assert status == 1
    assert "48,662 of 897,665 possible sets of answers get another outcome, 5.4 %." in said
    assert "questions.yaml, line 75: Question team-size: Its answer changes nothing for anyone." in said
    assert "30 of 31 scenarios passed." in said
    git("restore", "guides")

    # A colleague is faster, in the same file: nothing is replaced, and git merges what both did.
    colleague = get_user_model().objects.get(username="one of Editors")
    role = Role.objects.get(key="head-of-ai")
    role.name = "Head of AI for a few days"
    Signature(colleague, "").sign(role)
    role.save()
    status, said = run("push", folder, "--by", colleague)
    assert (
        status,
        "roles.yaml: The draft says something else than when this was pulled; it was last changed by one of Editors on "
        in said,
    ) == (3, True)
    assert run("check", folder)[0] == 3
    assert run("pull", GUIDE, folder)[0] == 3
    git("switch", "main")
    assert run("pull", GUIDE, folder) == (0, "Pulled: roles.yaml.\n")
    repository.commit("Pull what a colleague changed")
    git("merge", "--no-edit", "words")

    # Merged, it is pushed: into the draft and no further, and the history knows by whom.
    status, said = run("diff", folder)
    assert (status, "+    A senior generalist who owns all of your technology" in said) == (1, True)
    status, said = run("push", folder, "--by", colleague, "--note", "Pull request 12")
    assert (status, "Pushed into the draft" in said) == (0, True)
    assert run("diff", folder) == (0, "A push would change nothing.\n")
    assert set(Role.objects.values_list("name", "summary")) & {("Head of AI for a few days", role.summary)}
    assert Edition.objects.count() == 1
    record = Role.history.filter(key="fractional-cto").first()
    assert (record.history_user, record.history_change_reason) == (colleague, "from files: Pull request 12")
    page = read_admin(editor, reverse("admin:content_guide_changes", args=[draft().pk]))
    assert "changed from files: Pull request 12" in page.html
    run("pull", GUIDE, folder)
    assert git("status", "--porcelain") == f" M guides/{GUIDE}/pulled.yaml\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The first guide as files, without a database."""
    write_folder(tmp_path, texts_of(first_guide(), []))
    return tmp_path


WRONG = {
    "guide.yaml, line 4: The title of the guide must be text; here it is a number.": (
        "guide.yaml",
        "title: 'Fractional CTO or fractional Head of AI: which do you need?'",
        "title: 12",
    ),
    "signals.yaml, line 20: The “role” of the signal “Messy stack”: There is no role “coach” in this guide.": (
        "signals.yaml",
        "- key: messy-stack\n  role: fractional-cto",
        "- key: messy-stack\n  role: coach",
    ),
    "rules.yaml, line 58: The “raeson” of rule 8 means nothing here; do you mean “reason”?\n"
    "rules.yaml, line 56: The reason of rule 8 is missing.": (
        "rules.yaml",
        "  reason: Taken together",
        "  raeson: Taken together",
    ),
    "rules.yaml, line 58: This cannot be read as YAML (mapping values are not allowed here). A text with "
    "a colon and a blank in it has to stand in quotation marks.": (
        "rules.yaml",
        "  reason: Taken together",
        "  reason: Taken: together",
    ),
    "rules.yaml, line 58: The marks of a conflict in git still stand here.": (
        "rules.yaml",
        "  reason: Taken together",
        "<<<<<<< HEAD\n  reason: Taken together",
    ),
    "guide.yaml, line 18: “some_from” stands twice in one place.": (
        "guide.yaml",
        "some_from: 1\n",
        "some_from: 1\nsome_from: 2\n",
    ),
    "guide.yaml, line 17: “&one” refers to what stands elsewhere; write it out at each place.": (
        "guide.yaml",
        "some_from: 1\n",
        "some_from: &one 1\n",
    ),
    "guide.yaml, line 17: “python/name:os.system” means nothing here; write a text, a number or a list.": (
        "guide.yaml",
        "some_from: 1\n",
        "some_from: !!python/name:os.system\n",
    ),
    "guide.yaml: “rules” stands in rules.yaml.": ("guide.yaml", "some_from: 1\n", "rules: []\n"),
    "guide.yaml, line 2: It is 3, as a newer release of Advisor made it; this one reads versions 1 to 2.": (
        "guide.yaml",
        "version: 2",
        "version: 3",
    ),
}
"""What is said, by what is changed in which file."""


@pytest.mark.once
@pytest.mark.parametrize(("message", "change"), WRONG.items())
def test_what_is_wrong_is_said_with_file_and_line(folder: Path, message: str, change: tuple[str, str, str]) -> None:
    file, old, new = change
    text = (folder / file).read_text(encoding="utf-8")
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    assert run("check", folder, "--against", folder) == (2, message)
    assert run("check", folder / "none")[0] == 2


@pytest.mark.once
def test_files_that_are_missing_unknown_or_no_text_are_named_together(folder: Path) -> None:
    (folder / "rules.yaml").unlink()
    (folder / "roles.yaml").write_bytes(b"- key: a\n  name: \xff")
    (folder / "rule.yaml").touch()
    (folder / "outcomes.yaml").write_text("[" * 1_500)

    with pytest.raises(UnreadableFolderError) as refused:
        read_folder(folder)

    first, *others = refused.value.messages
    assert first.startswith("rule.yaml: A guide has no such file; it has dimensions.yaml, ")
    assert others == [
        "outcomes.yaml: It is nested too deeply.",
        "roles.yaml, line 2: It is not UTF-8 text from here on.",
        "rules.yaml: This file is missing; one without entries holds “[]”.",
    ]


@pytest.mark.once
def test_two_folders_are_compared_where_there_is_no_database(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = tmp_path_factory.mktemp("before")
    write_folder(before, texts_of(first_guide(), []))
    (folder / "shared-concerns.yaml").write_text("- ''\n# Comments are for colleagues.\n")

    command = [sys.executable, "manage.py", "guide", "check", str(folder), "--against", str(before)]
    environment = for_a_process(DATABASE_URL="sqlite:////no/such/folder/db.sqlite3")
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (1, "")
    assert "shared-concerns.yaml, line 1: Shared concern 1: This text is missing." in done.stdout
    assert "None of 897,665 possible sets of answers gets another outcome." in done.stdout


def test_a_guide_is_made_of_its_files_where_there_is_none(repository: Repository, editor: Client) -> None:
    repository.replace("guide.yaml", f"key: {GUIDE}", "key: cto-or-coach")

    assert run("push", repository.folder, "--by", "one of Editors") == (
        2,
        "There is no guide “cto-or-coach” here; --new makes it.",
    )
    assert run("pull", GUIDE, repository.folder) == (2, "This folder holds the guide “cto-or-coach”.")
    assert run("push", repository.folder, "--by", "one of Editors", "--new")[0] == 0
    assert draft("cto-or-coach").history.get().history_user.get_username() == "one of Editors"
    assert run("diff", repository.folder) == (0, "A push would change nothing.\n")


def test_what_only_the_database_refuses_is_said_in_words(repository: Repository, editor: Client) -> None:
    """Rows are written one after the other, so that two questions cannot exchange their roles at once."""
    exchanged = {"fractional-cto": "x", "head-of-ai": "fractional-cto", "x": "head-of-ai"}
    for old, new in exchanged.items():
        repository.replace("questions.yaml", f"  role: {old}", f"  role: {new}")
    (repository.folder / "scenarios.yaml").write_text("[]\n")

    status, said = run("push", repository.folder, "--by", "one of Editors")

    assert (status, said) == (2, "Nothing was pushed:\nguide.yaml: The guide: Another question is about this role.")
    assert Scenario.objects.count() == 31


def test_only_who_may_change_guides_pushes(repository: Repository, sales: Client) -> None:
    for name in ("one of Sales", "nobody"):
        assert "no account" in run("push", repository.folder, "--by", name)[1]


TEXTS = st.text(st.sampled_from(" .!?:#-'\"\n|>&*{}[],%@`019eE+~<=ü😀“”\t\x85\u2028no"), max_size=40)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.once
@settings(max_examples=150, deadline=None)
@given(VALUES)
def test_any_value_comes_back_from_its_file(value: object) -> None:
    assert read_yaml(write_yaml(value))[0] == value
