"""``make gallery``: every public page and state as pictures, on one page to look at. ``ARGS="results calls"`` takes
some groups of ``scenes.py`` only.
"""

import html
import os
import shutil
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import django
from django.utils.text import slugify
from playwright.sync_api import Page, sync_playwright

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()

from tests.browser.conftest import CHROMIUM
from tests.browser.scenes import GROUPS, Scene, site_of
from tests.clock import CLOCK
from tests.environment import ROOT

FOLDER = ROOT / "gallery"
HEIGHTS = {360: 740, 768: 1024, 1280: 800}
"""The screens that are looked at, by their widths in pixels."""
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced": {"color_scheme": "dark", "forced_colors": "active"},
}
PAPER = 718
"""A4 between margins of one centimetre, at 96 pixels an inch."""


class Picture(NamedTuple):
    """One file, and what it shows."""

    scene: str
    look: str
    width: int
    file: str


def take(page: Page, scene: Scene, folder: Path) -> Iterator[Picture]:
    """A scene on each screen in each look, and on paper."""
    scene.go(page)
    for width, height in HEIGHTS.items():
        page.set_viewport_size({"width": width, "height": height})
        for look, media in LOOKS.items():
            page.emulate_media(media="screen", **media)
            yield _picture(page, scene, look, width, folder)
    page.set_viewport_size({"width": PAPER, "height": 1010})
    page.emulate_media(media="print", **LOOKS["light"])
    yield _picture(page, scene, "paper", PAPER, folder)


def _picture(page: Page, scene: Scene, look: str, width: int, folder: Path) -> Picture:
    file = f"{slugify(scene.name)}-{width}-{look}.jpg"
    page.screenshot(path=folder / file, full_page=True, type="jpeg", quality=80)
    return Picture(scene.name, look, width, file)


def take_group(group: str, folder: Path) -> list[Picture]:
    """All pictures of a group, each scene by a visitor of its own."""
    executable = next(filter(None, map(shutil.which, CHROMIUM)))
    pictures: list[Picture] = []
    with site_of(group) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        for scene in GROUPS[group](site):
            context = browser.new_context(base_url=site.url, reduced_motion="reduce")
            context.set_default_timeout(30_000)
            context.clock.set_system_time(CLOCK.now())
            pictures += take(context.new_page(), scene, folder)
            context.close()
        browser.close()
    return pictures


def write_page(pictures: list[Picture], folder: Path) -> Path:
    """The page with all of them, a row for each scene; boxes at its head leave out screens and looks."""
    kinds = [*map(str, HEIGHTS), *LOOKS, "paper"]
    boxes = "".join(f'<label><input type="checkbox" id="{kind}" checked> {kind}</label>' for kind in kinds)
    hidden = "".join(f"body:has(#{_escaped(kind)}:not(:checked)) .is-{kind} {{ display: none }}" for kind in kinds)
    rows = "".join(
        f'<section><h2 id="{slugify(name)}">{html.escape(name)}</h2><div>'
        + "".join(
            f'<a class="is-{picture.width} is-{picture.look}" href="{picture.file}">'
            f'<img loading="lazy" src="{picture.file}" width="{picture.width // 3}" alt="">'
            f"<span>{picture.width} {picture.look}</span></a>"
            for picture in pictures
            if picture.scene == name
        )
        + "</div></section>"
        for name in dict.fromkeys(picture.scene for picture in pictures)
    )
    index = folder / "index.html"
    index.write_text(PAGE.format(hidden=hidden, boxes=boxes, rows=rows), encoding="utf-8")
    return index


def _escaped(kind: str) -> str:
    """As a style sheet writes an id that begins with a digit."""
    return f"\\3{kind[0]} {kind[1:]}" if kind[0].isdigit() else kind


PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8"><title>Gallery</title>
<style>
  body {{ margin: 1rem; font: 14px sans-serif; background: #ddd; }}
  nav {{ position: sticky; top: 0; padding: 0.5rem; background: #fff; }}
  label {{ margin-right: 1rem; }}
  section > div {{ display: flex; gap: 1rem; overflow-x: auto; align-items: flex-start; }}
  a {{ flex: none; color: inherit; text-decoration: none; }}
  img {{ display: block; border: 1px solid #888; }}
  {hidden}
</style>
<nav>{boxes}</nav>
{rows}
</html>
"""


def main() -> None:
    groups = sys.argv[1:] or [*GROUPS]
    if unknown := set(groups) - set(GROUPS):
        sys.exit(f"There is no {', '.join(sorted(unknown))}. There are: {', '.join(GROUPS)}.")
    began = time.monotonic()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    # Forked, so that a process has Django set up.
    with ProcessPoolExecutor(os.cpu_count(), get_context("fork")) as pool:
        pictures = [picture for found in pool.map(take_group, groups, [FOLDER] * len(groups)) for picture in found]
    index = write_page(pictures, FOLDER)
    print(f"{len(pictures)} pictures in {time.monotonic() - began:.0f} seconds: {index}")


if __name__ == "__main__":
    main()
