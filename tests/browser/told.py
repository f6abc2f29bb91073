"""Pages whose answers are told by the test, so that what the page does with a document needs no Python."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

# In place of Python: a worker that is ready at once and answers every question with what `told` holds then. Blocks of
# `told.blocks` are sent one after another before that, `told.pause` ms apart.
_WORKER = """
globalThis.told = {document: null, blocks: [], pause: 0, asked: []};
globalThis.Worker = class {
  postMessage(message) {
    const say = (data) => this.onmessage?.({data});
    if (message.type === 'start') setTimeout(say, 0, {type: 'ready'});
    if (message.type !== 'call') return;
    if (message.method !== 'run') {
      const text = JSON.stringify({tex: '', remarks: [], error: null});
      return setTimeout(say, 0, {type: 'done', id: message.id, text, numbers: null});
    }
    told.asked.push(JSON.parse(message.args[1]));
    const blocks = [...told.blocks];
    const next = () => {
      const block = blocks.shift();
      const numbers = new Float64Array();
      if (block) say({type: 'block', id: message.id, text: JSON.stringify(block), numbers});
      else say({type: 'done', id: message.id, text: JSON.stringify({document: told.document}), numbers});
      if (block) setTimeout(next, told.pause);
    };
    setTimeout(next, 0);
  }
  terminate() {}
};
"""


def document(*blocks: dict[str, Any], answer: str = "") -> dict[str, Any]:
    """A document of these blocks, and of a sentence that answers."""
    sentence = {"text": answer, "tex": answer, "numbers": []} if answer else None
    return {
        "nabla": 1, "lab": "derive", "inputs": {}, "title": "Told", "answer": sentence, "blocks": blocks,
        "values": {}, "warnings": [],
    }  # fmt: skip


def plot(*marks: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A plot with what it needs at least."""
    axis = {"label": "", "unit": "", "domain": None, "scale": "linear"}
    plain: dict[str, Any] = {
        "kind": "plot", "marks": marks, "summary": "What is to be seen.", "x": axis, "y": axis, "title": "",
        "equal": False, "handles": [], "placing": None, "timeline": None, "frames": [],
    }  # fmt: skip
    return plain | more


def timeline(end: float, **more: Any) -> dict[str, Any]:
    """A timeline of steps from 0 to `end`."""
    plain: dict[str, Any] = {
        "name": "run", "label": "step", "start": 0, "end": end, "at": None, "unit": "", "scale": "linear",
        "play": True, "seconds": 6,
    }  # fmt: skip
    return plain | more


def line(x: list[float], y: list[float], **more: Any) -> dict[str, Any]:
    """A curve; `mark` may make another one of it."""
    return {"mark": "line", "x": x, "y": y, "label": "", "color": 0, "dash": False, "when": None} | more


def new_page(context: BrowserContext) -> Page:
    """A page without Python; `tell` gives it answers."""
    page = context.new_page()
    page.add_init_script(_WORKER)
    return page


def tell(page: Page, *blocks: dict[str, Any], answer: str = "") -> Page:
    """Show a document of these blocks, and of a sentence that answers."""
    if page.url == "about:blank":
        page.goto("#/derive?f=t&wrt=t")
        expect(page.locator("main#answer")).to_be_visible()
    page.evaluate("document => { told.document = document; }", document(*blocks, answer=answer))
    asked = page.evaluate("() => told.asked.length")
    page.evaluate("() => { location.hash = `#/derive?f=t+${Math.random()}&wrt=t`; }")
    page.wait_for_function("asked => told.asked.length > asked", arg=asked)
    expect(page.locator("main#answer[data-state=answered]")).to_be_visible()
    return page


def graph(ids: str, edges: list[str], **more: Any) -> dict[str, Any]:
    """A graph of nodes with these letters, each with a value and an adjoint, and of edges named by two letters."""
    nodes = [
        {"id": i, "tex": i, "label": "", "detail": [f"about {i}"], "group": "", "value": f"1{n}", "adjoint": f"2{n}"}
        for n, i in enumerate(ids)
    ]
    ends = [{"source": edge[0], "target": edge[1], "tex": ""} for edge in edges]
    plain: dict[str, Any] = {
        "kind": "graph", "nodes": nodes, "edges": ends, "summary": "A chain.", "title": "", "groups": [],
        "order": list(ids),
    }  # fmt: skip
    return plain | more
