"""The image and the compose file, as far as they can be tried without a container engine."""

import json
import os
import re
import shlex
import shutil
import socket
import string
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def instructions(dockerfile: str) -> Iterator[tuple[str, str]]:
    """``("COPY", "advisor ./advisor")`` and so on; continued lines are joined, comments left out."""
    lines = re.sub(r"^#.*\n", "", dockerfile, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    for line in filter(None, lines):
        keyword, _, value = line.partition(" ")
        yield keyword, value.strip()


class Image:
    """What a Dockerfile makes, in a folder that stands for the file systems of all its stages."""

    def __init__(self, folder: Path, dockerfile: str) -> None:
        self.folder = folder
        self.settings: dict[str, str] = {}
        for keyword, value in instructions(dockerfile):
            self.follow(keyword, value)

    def follow(self, keyword: str, value: str) -> None:
        match keyword:
            case "FROM":
                # What pip may need here to reach an index, and nothing else of this environment.
                self.env = {
                    name: setting for name, setting in os.environ.items() if re.match("(?i)PIP_|.*_PROXY", name)
                }
                self.env |= {"HOME": str(Path.home()), "PATH": f"{sys.base_prefix}/bin:/usr/bin:/bin"}
            case "ENV":
                for assignment in shlex.split(self.inside(value)):
                    name, _, setting = assignment.partition("=")
                    self.env[name] = string.Template(setting).substitute(self.env)
            case "WORKDIR":
                self.workdir = Path(self.inside(value))
                self.workdir.mkdir(exist_ok=True)
            case "COPY" if not value.startswith("--from"):
                source, target = value.split()
                self.copy(ROOT / source, self.workdir / target)
            case "RUN" if value.startswith("apt-get "):
                # Packages of the system would come onto this machine; what the tests use of them is here.
                pass
            case "RUN":
                finished = self.run(value)
                if "connection broken by" in finished.stdout + finished.stderr and finished.returncode:
                    pytest.skip("pip cannot reach an index")
                assert finished.returncode == 0, finished.stdout + finished.stderr
            case _:
                self.settings[keyword] = value

    def inside(self, value: str) -> str:
        """Absolute paths of the image, as paths of this machine."""
        return re.sub(r"(?<![\w./])/(app|venv|backups)\b", rf"{self.folder}/\1", value)

    def copy(self, source: Path, target: Path) -> None:
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.inside(command),
            shell=True,
            check=False,
            cwd=self.workdir,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=300,
        )


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


@pytest.mark.slow
def test_the_image_builds_serves_says_that_it_is_well_and_stops_when_asked(tmp_path: Path) -> None:
    image = Image(tmp_path, text("Dockerfile"))
    image.env |= {
        "SECRET_KEY": "a-key-for-one-test",
        "SITE_URL": "https://advisor.example.com",
        "CONTACT_EMAIL": "hello@example.com",
        "EMAIL_URL": "smtp://mail.example.com",
        "DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite3",
        "PORT": str(free_port()),
    }
    command = json.loads(image.settings["CMD"])
    health = shlex.join(json.loads(image.settings["HEALTHCHECK"].partition("CMD ")[2]))

    server = subprocess.Popen(command, cwd=image.workdir, env=image.env)
    try:
        deadline = time.monotonic() + 20
        while image.run(health).returncode and server.poll() is None and time.monotonic() < deadline:
            time.sleep(0.2)
        with urlopen(f"http://127.0.0.1:{image.env['PORT']}/healthz") as response:
            status = response.status
    finally:
        server.terminate()
        exit_code = server.wait(timeout=30)

    assert status == 200
    assert exit_code == 0
    assert image.settings["USER"] not in {"root", "0"}
    assert image.settings["EXPOSE"] == "8000"


def test_what_the_image_copies_is_let_through_to_the_engine() -> None:
    copied = [value.split()[0] for keyword, value in instructions(text("Dockerfile")) if keyword == "COPY"]

    let_through = re.findall(r"^!(.+)", text(".dockerignore"), re.MULTILINE)

    assert [source for source in copied if not source.startswith("--from")] == let_through
    assert all((ROOT / source).exists() for source in let_through)


def blocks(yaml: str, key: str) -> str:
    """What is nested below each occurrence of a key."""
    found = re.finditer(rf"^( *){key}:\n((?:\1 +.*\n|\n)*)", yaml, re.MULTILINE)
    return "".join(dedent(match[2]) for match in found)


def keys(yaml: str) -> set[str]:
    return set(re.findall(r"^(\w+):", yaml, re.MULTILINE))


def test_the_services_wait_for_services_that_exist() -> None:
    services = blocks(text("compose.yaml"), "services")

    awaited = keys(blocks(services, "depends_on"))

    assert awaited
    assert awaited < keys(services)


def test_the_example_environment_names_every_variable_that_is_read_and_no_other() -> None:
    code = "".join(map(text, ("advisor/environment.py", "advisor/settings.py", "advisor/server.py")))
    read_by_the_site = set(re.findall(r"""(?:required|switch|days|env\.\w+|environ\.get)\(["']([A-Z_]+)""", code))
    read_by_compose = set(re.findall(r"\$\{(\w+)", text("compose.yaml")))

    named = re.findall(r"^#?([A-Z_]+)=", text(".env.example"), re.MULTILINE)

    assert set(named) == read_by_the_site | read_by_compose
    assert len(named) == len(set(named))


def test_the_example_environment_says_what_each_variable_is_for() -> None:
    example = text(".env.example")

    explained = re.findall(r"^# .+\n#?([A-Z_]+)=", example, re.MULTILINE)

    assert explained == re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)
