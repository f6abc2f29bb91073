"""The pages of the gallery's questions: complete, well formed, and each saying its answer."""

from __future__ import annotations

import re
import struct
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from nabla.gallery.examples import EXAMPLES, Example
from nabla.write.prose import pieces
from tools import pages
from tools.environment import CACHE
from tools.manual import manual

ADDRESS = "https://example.org/nabla/"


@pytest.fixture(scope="module")
def stage() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="pages-") as folder:
        (Path(folder) / "assets").mkdir()
        pages.write(Path(folder), ADDRESS)
        yield Path(folder)


class _Text(HTMLParser):
    """The words of a page, its tags, and where it links to."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attributes if tag == "a" and name == "href"]

    def handle_data(self, data: str) -> None:
        self.words += data


def read(path: Path) -> _Text:
    """A page, read."""
    found = _Text()
    found.feed(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_a_page_says_question_and_answer_without_a_program(stage: Path, example: Example) -> None:
    page = read(stage / "q" / example.name / "index.html")
    assert example.question in page.words
    for kind, text in pieces(example.answer):
        assert kind != "text" or text in page.words
    assert "script" not in page.tags and "style" not in page.tags
    assert page.tags.count("h1") == 1
    assert any(link.startswith(f"../../#/{example.lab}") for link in page.links)
    if "$" in example.answer:
        assert "math" in page.tags


def test_pages_of_derivatives_hold_formulas_steps_checks_and_a_plot(stage: Path) -> None:
    page = read(stage / "q" / "derivative-of-a-square" / "index.html")
    assert page.tags.count("math") > 20
    assert "The outer derivative" in page.words and "Chain rule" in page.words
    assert {"svg", "path", "table", "pre"} <= set(page.tags)
    assert "✓" in page.words and "✗" not in page.words


def test_all_are_listed(stage: Path) -> None:
    listed = read(stage / "q" / "index.html").links
    located = re.findall(r"<loc>([^<]*)</loc>", (stage / "sitemap.xml").read_text(encoding="utf-8"))
    for example in EXAMPLES:
        assert f"{example.name}/" in listed
        assert f"{ADDRESS}q/{example.name}/" in located
    manuals = [path for path in located if "/docs/" in path]
    assert len(located) == len(EXAMPLES) + 2 + len(manuals) and len(manuals) == len(manual()) + 1
    assert f"{ADDRESS}sitemap.xml" in (stage / "robots.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_a_link_to_it_has_a_picture(stage: Path, example: Example) -> None:
    head = (stage / "q" / example.name / "index.html").read_text(encoding="utf-8")
    assert f'content="{ADDRESS}q/{example.name}/card.png"' in head
    picture = (stage / "q" / example.name / "card.png").read_bytes()
    assert struct.unpack(">II", picture[16:24]) == (1200, 630)
    assert len(picture) < 150_000


def test_without_an_address_nothing_pretends_to_have_one() -> None:
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="pages-") as folder:
        (Path(folder) / "assets").mkdir()
        pages.write(Path(folder), "")
        assert not (Path(folder) / "sitemap.xml").exists()
        assert "canonical" not in (Path(folder) / "q" / EXAMPLES[0].name / "index.html").read_text(encoding="utf-8")
