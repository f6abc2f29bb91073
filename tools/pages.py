"""A page of its own for every question of the gallery: readable without a program, found by search engines.

`python -m tools.pages STAGE [ADDRESS]` writes them into the site, with their pictures, and with the public ADDRESS of
the site also the sitemap. Formulas are MathML, plots are drawn here, and nothing comes from strings of HTML.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from nabla.gallery.examples import EXAMPLES, Example
from nabla.lab import LABS
from nabla.page.link import link
from nabla.write.prose import pieces
from nabla.write.text import number_text
from tools.cards import card, thumbnail
from tools.drawing import drawing
from tools.environment import BIN, ROOT
from tools.manual import manual
from tools.prepared import answers

Block = dict[str, Any]
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
_MARKS = {"passed": "✓", "failed": "✗", "unchecked": "○"}
_LEVELS = ("expert", "normal", "novice")
_ROWS = 40  # of a table


def write(stage: Path, address: str) -> None:
    """Write the pages into q/, the list of them, pictures, and the sitemap where the site's address is known."""
    folder = answers()
    documents = {
        example.name: json.loads((folder / f"{example.name}.json").read_text(encoding="utf-8")) for example in EXAMPLES
    }
    manuals = manual()
    writer = Writer(_mathml({**documents, **manuals}), _style(stage), address)
    (stage / "docs").mkdir()
    for name, document in manuals.items():
        (stage / "docs" / f"{name}.html").write_text(_html(writer.manual(name, document)), encoding="utf-8")
    (stage / "docs" / "index.html").write_text(_html(writer.manuals(manuals)), encoding="utf-8")
    cards = []
    for example in EXAMPLES:
        folder = stage / "q" / example.name
        folder.mkdir(parents=True)
        document = documents[example.name]
        (folder / "index.html").write_text(_html(writer.page(example, document)), encoding="utf-8")
        (folder / "card.svg").write_text(thumbnail(document), encoding="utf-8")
        cards.append({"svg": card(example, document), "path": str(folder / "card.png")})
    (stage / "q" / "index.html").write_text(_html(writer.contents()), encoding="utf-8")
    _node("png.mjs", cards)
    if address:
        _sitemap(stage, address)


def _style(stage: Path) -> str:
    """The style sheet: the tokens of the page, and what these pages need."""
    sheets = (ROOT / "app" / "page" / "tokens.css", ROOT / "tools" / "pages.css")
    text = "\n".join(sheet.read_text("utf-8") for sheet in sheets)
    name = f"assets/pages-{hashlib.sha256(text.encode()).hexdigest()[:8]}.css"
    (stage / name).write_text(text, encoding="utf-8")
    return name


def _node(program: str, told: object) -> str:
    """What a program of this folder answers."""
    command = [str(BIN / "node"), str(ROOT / "tools" / program)]
    done = subprocess.run(
        command, input=json.dumps(told), capture_output=True, encoding="utf-8", check=False, timeout=300
    )
    if done.returncode:
        raise RuntimeError(f"{program} failed:\n{done.stderr}")
    return done.stdout


Formulas = dict[tuple[str, bool], str]


def _mathml(documents: dict[str, Block]) -> Formulas:
    """Every formula that the pages hold."""
    wanted = {
        (tex, displayed)
        for tex, displayed in [
            *((tex, False) for example in EXAMPLES for tex in _inline(example.answer)),
            *(asked for document in documents.values() for asked in _formulas(document)),
        ]
    }
    asked = sorted(wanted)
    return dict(zip(asked, json.loads(_node("mathml.mjs", asked)), strict=True))


def _inline(prose: str) -> Iterator[str]:
    for kind, text in pieces(prose):
        if kind == "math":
            yield text
        elif kind == "strong":
            yield from _inline(text)


def _formulas(value: Any, key: str = "") -> Iterator[tuple[str, bool]]:
    """The formulas of a document, wherever they are."""
    if isinstance(value, dict):
        for name, inside in value.items():
            # The sentence that answers is prose in both of its forms.
            yield from _formulas(inside, "prose" if key == "answer" else name)
    elif isinstance(value, list):
        for inside in value:
            yield from _formulas(inside, key)
    elif isinstance(value, str):
        if key == "tex":
            yield value, True
        elif key == "where":
            yield value, False
        elif key not in ("text", "code") or "$" in value:
            yield from ((tex, False) for tex in _inline(value))


class Writer:
    """Writes pages as trees of elements."""

    def __init__(self, formulas: Formulas, style: str, address: str) -> None:
        self._formulas = formulas
        self._style = style
        self._address = address

    def page(self, example: Example, document: Block) -> ET.Element:
        """The page of one question."""
        main = _element("main")
        main.append(_element("p", example.lab, class_="lab"))
        main.append(_element("h1", example.question))
        main.append(self.prose("p", example.answer, class_="answer"))
        live = _element("p", class_="live")
        live.append(_element("a", "Open it live", href=f"../../{link(example.lab, example.inputs)}", class_="button"))
        live.append(_element("span", "to change the numbers, step by step, with Python in your browser."))
        main.append(live)
        article = ET.SubElement(main, "article")
        article.append(self.prose("h2", document["title"]))
        for warning in document["warnings"]:
            article.append(self.prose("p", warning["message"], class_="note"))
        article.append(self.prose("p", document["answer"]["tex"], class_="sentence"))
        for kind, group in groupby(document["blocks"], key=lambda block: block["kind"]):
            alike = list(group)
            article.extend(self.checks(alike) if kind == "check" else self.blocks(alike))
        return self._whole(
            example.question, example.answer, main, "../../", f"q/{example.name}/", f"q/{example.name}/card.png"
        )

    def contents(self) -> ET.Element:
        """The list of all questions."""
        main = _element("main")
        main.append(_element("h1", "Questions, answered and checked"))
        for lab, title in ((lab.name, lab.title) for lab in LABS.values()):
            main.append(_element("h2", title))
            shown = ET.SubElement(main, "ul", {"class": "questions"})
            for example in (each for each in EXAMPLES if each.lab == lab):
                item = ET.SubElement(shown, "li")
                item.append(_element("a", example.question, href=f"{example.name}/"))
                item.append(self.prose("p", example.answer))
        text = "Derivatives, gradients, fits, optimisers, networks and fields: what people ask, each answer checked."
        return self._whole("Questions, answered and checked", text, main, "../", "q/", "")

    def manual(self, name: str, document: Block) -> ET.Element:
        """A page of the manual."""
        main = _element("main")
        main.append(_element("h1", document["title"]))
        main.extend(self.blocks(document["blocks"]))
        return self._whole(document["title"], document["blocks"][0]["text"], main, "../", f"docs/{name}.html", "")

    def manuals(self, documents: dict[str, Block]) -> ET.Element:
        """The contents of the manual."""
        main = _element("main")
        main.append(_element("h1", "Manual"))
        shown = ET.SubElement(main, "ul", {"class": "questions"})
        for name, document in documents.items():
            item = ET.SubElement(shown, "li")
            item.append(_element("a", document["title"], href=f"{name}.html"))
            item.append(self.prose("p", document["blocks"][0]["text"]))
        text = "How to link to a question, embed an answer, host the site, and ask from Python or a terminal."
        return self._whole("Manual", text, main, "../", "docs/", "")

    def _whole(self, title: str, text: str, main: ET.Element, up: str, here: str, picture: str) -> ET.Element:
        page = ET.Element("html", {"lang": "en"})
        head = ET.SubElement(page, "head")
        plain = "".join(text for _, text in pieces(text))
        head.append(_element("meta", charset="utf-8"))
        head.append(_element("meta", **{"http-equiv": "Content-Security-Policy", "content": POLICY}))
        named = {"viewport": "width=device-width, initial-scale=1", "color-scheme": "light dark", "description": plain}
        for name, content in named.items():
            head.append(_element("meta", name=name, content=content))
        head.append(_element("title", f"{title} · Nabla"))
        head.append(_element("link", rel="stylesheet", href=up + self._style))
        head.append(_element("link", rel="icon", href=f"{up}icon-192.png"))
        told = {"og:type": "article", "og:site_name": "Nabla", "og:title": title, "og:description": plain}
        if self._address:
            head.append(_element("link", rel="canonical", href=self._address + here))
            told |= {"og:url": self._address + here}
            told |= (
                {"og:image": self._address + picture, "og:image:width": "1200", "og:image:height": "630"}
                if (picture)
                else {}
            )
            head.append(_element("meta", name="twitter:card", content="summary_large_image"))
        for name, content in told.items():
            head.append(_element("meta", property=name, content=content))
        body = ET.SubElement(page, "body")
        top = ET.SubElement(body, "header")
        top.append(_element("a", "∇ Nabla", href=up, class_="brand"))
        ways = ET.SubElement(top, "nav", {"aria-label": "Pages"})
        ways.append(_element("a", "All questions", href=f"{up}q/"))
        ways.append(_element("a", "Manual", href=f"{up}docs/"))
        body.append(main)
        foot = ET.SubElement(body, "footer")
        foot.append(_element("p", "Computed and checked by Nabla: Python in your own browser, nothing sent anywhere."))
        foot.append(_element("a", "Licences", href=f"{up}licences.html"))
        return page

    def prose(self, tag: str, text: str, **attributes: str) -> ET.Element:
        """Prose with its formulas."""
        element = _element(tag, **attributes)
        self._into(element, text)
        return element

    def _into(self, element: ET.Element, prose: str) -> None:
        for kind, text in pieces(prose):
            match kind:
                case "text":
                    _append_text(element, text)
                case "math":
                    element.append(self.math(text, displayed=False))
                case "code":
                    element.append(_element("code", text))
                case "strong":
                    self._into(ET.SubElement(element, "strong"), text)

    def math(self, tex: str, displayed: bool = True) -> ET.Element:
        """A formula."""
        return ET.fromstring(self._formulas[tex, displayed])  # noqa: S314 (KaTeX's own)

    def blocks(self, blocks: Iterable[Block]) -> Iterator[ET.Element]:
        """Blocks other than checks."""
        for block in blocks:
            yield from getattr(self, f"_{block['kind']}")(block)

    def _heading(self, block: Block) -> Iterator[ET.Element]:
        yield self.prose(f"h{block['level'] + 1}", block["text"])

    def _prose(self, block: Block) -> Iterator[ET.Element]:
        yield self.prose("p", block["text"])

    def _note(self, block: Block) -> Iterator[ET.Element]:
        if not block.get("inputs"):  # what a click would change needs the live page
            yield self.prose("p", block["text"], class_="note")

    def _math(self, block: Block) -> Iterator[ET.Element]:
        figure = _element("figure", class_=f"math {block['role']}")
        if block["label"]:
            figure.append(self.prose("figcaption", block["label"]))
        _scrolling(figure, "Formula").append(self.math(block["tex"]))
        yield figure

    def _steps(self, block: Block) -> Iterator[ET.Element]:
        if block["title"]:
            yield self.prose("h3", block["title"])
        if not block.get("folded"):
            yield self._list(block["steps"], block["detail"])

    def _list(self, steps: list[Block], detail: str) -> ET.Element:
        shown = _element("ol", class_="steps")
        for step in _visible(steps, detail):
            item = ET.SubElement(shown, "li")
            item.append(self.prose("p", step["title"], class_="rule"))
            if step["tex"]:
                _scrolling(item, "Formula").append(self.math(step["tex"]))
            if step["why"]:
                item.append(self.prose("p", step["why"]))
            if step["steps"]:
                item.append(self._list(step["steps"], detail))
        return shown

    def checks(self, checks: list[Block]) -> Iterator[ET.Element]:
        """Checks in a row, as one list."""
        shown = _element("ul", class_="checks")
        for check in checks:
            item = ET.SubElement(shown, "li", {"class": check["verdict"]})
            mark = _element("span", _MARKS[check["verdict"]], class_="verdict", role="img")
            mark.set("aria-label", check["verdict"])
            item.append(mark)
            told = ET.SubElement(item, "div")
            told.append(self.prose("p", check["claim"]))
            how = self.prose("p", check["method"], class_="how")
            if check["figure"] is not None:
                bound = "" if check["bound"] is None else f", bound {number_text(check['bound'])}"
                _append_text(how, f" · measured {number_text(check['figure'])}{bound}")
            told.append(how)
        yield shown

    def _table(self, block: Block) -> Iterator[ET.Element]:
        figure = _element("figure")
        if block["caption"]:
            figure.append(self.prose("figcaption", block["caption"]))
        table = ET.SubElement(_scrolling(figure, "Table"), "table")
        row = ET.SubElement(ET.SubElement(table, "thead"), "tr")
        for column in block["columns"]:
            unit = f" ({column['unit']})" if column["unit"] else ""
            row.append(self.prose("th", column["label"] + unit, scope="col", class_=column["align"]))
        body = ET.SubElement(table, "tbody")
        for cells in block["rows"][:_ROWS]:
            row = ET.SubElement(body, "tr")
            for column, cell in zip(block["columns"], cells, strict=True):
                text = cell if isinstance(cell, str) else "" if cell is None else number_text(cell)
                row.append(self.prose("td", text, class_=column["align"]))
        if len(block["rows"]) > _ROWS:
            figure.append(_element("p", f"The first {_ROWS} of {len(block['rows'])} rows.", class_="how"))
        yield figure

    def _plot(self, block: Block) -> Iterator[ET.Element]:
        figure = _element("figure", class_="plot")
        picture = drawing(block, 640, 360)
        if picture is not None:
            picture.set("role", "img")
            picture.set("aria-label", _plain(block["summary"]))
            figure.append(picture)
        title = f"{block['title']}. " if block["title"] else ""
        figure.append(self.prose("figcaption", title + block["summary"]))
        yield figure

    def _graph(self, block: Block) -> Iterator[ET.Element]:
        yield self.prose("p", block["summary"])

    def _code(self, block: Block) -> Iterator[ET.Element]:
        if block["title"]:
            yield self.prose("h3", block["title"])
        source = block["sources"][0]
        pre = _element("pre", tabindex="0")
        pre.append(_element("code", source["text"]))
        yield pre


def _visible(steps: list[Block], detail: str) -> list[Block]:
    found: list[Block] = []
    for step in steps:
        inner = _visible(step["steps"], detail)
        shown = _LEVELS.index(step["detail"]) <= _LEVELS.index(detail)
        found += [{**step, "steps": inner}] if shown else inner
    return found


def _plain(prose: str) -> str:
    return "".join(text for _, text in pieces(prose))


def _element(tag: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.Element(tag, {name.rstrip("_"): value for name, value in attributes.items()})
    element.text = text or None
    return element


def _append_text(element: ET.Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _scrolling(parent: ET.Element, name: str) -> ET.Element:
    """A place that scrolls sideways by itself, by keyboard too."""
    return ET.SubElement(parent, "div", {"class": "wide", "tabindex": "0", "role": "group", "aria-label": name})


def _html(page: ET.Element) -> str:
    for element in page.iter():  # MathML and SVG stand in HTML without prefixes
        element.tag = re.sub(r"^\{[^}]*\}", "", element.tag)
    return "<!doctype html>\n" + ET.tostring(page, encoding="unicode", method="html") + "\n"


def _sitemap(stage: Path, address: str) -> None:
    root = ET.Element("urlset", {"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"})
    manuals = (f"docs/{name}.html" for name in manual())
    for path in ("", "q/", *(f"q/{example.name}/" for example in EXAMPLES), "docs/", *manuals):
        ET.SubElement(ET.SubElement(root, "url"), "loc").text = address + path
    text = ET.tostring(root, encoding="unicode", xml_declaration=True)
    (stage / "sitemap.xml").write_text(text, encoding="utf-8")
    (stage / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {address}sitemap.xml\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
