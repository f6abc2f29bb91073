"""The manual, as documents: made from the declarations, docstrings and help texts that it explains."""

from __future__ import annotations

import inspect
import re
import textwrap
from typing import Any

import nabla
from nabla.__main__ import parser
from nabla.answer.check import TESTS, VERDICTS
from nabla.answer.document import Code, Column, Document, Heading, Prose, Source, Table, quoted
from nabla.calculus.exercises import LEVELS, RULES
from nabla.errors import CODES
from nabla.gallery.examples import EXAMPLES
from nabla.lab import LABS, Lab
from nabla.page.link import link
from tools.guide import GUIDES
from tools.house import package, page


def manual() -> dict[str, dict[str, Any]]:
    """Every page of the manual by its name, as documents in JSON."""
    pages = {
        **{name: _lab(lab) for name, lab in LABS.items()}, "cell": _cell(),
        "teachers": _teachers(), "proof": _proof(),
        "linking": _linking(), "labs": _labs(), "embedding": _embedding(),
        "python": _python(), "command-line": _command_line(), "hosting": _hosting(), "house": _house(),
    }  # fmt: skip
    return {name: document.to_dict() for name, document in pages.items()}


def _page(title: str, *blocks: Any) -> Document:
    document = Document("manual", {})
    document.title = title
    document.add(*(Prose(block) if isinstance(block, str) else block for block in blocks))
    return document


def _code(text: str, language: str = "text") -> Code:
    return Code([Source("", language, textwrap.dedent(text).strip())])


def _lab(lab: Lab) -> Document:
    """What a lab answers, how its checks are read, what it does not do."""
    guide = GUIDES[lab.name]
    # A question stands in its own words, so what is a mark of prose elsewhere is none in it.
    rows: list[list[str | float | None]] = [
        [quoted(example.question), example.answer] for example in EXAMPLES if example.lab == lab.name
    ]
    return _page(
        f"{lab.title}: what it answers",
        lab.summary,
        Table([Column("Question"), Column("Answer, in short")], rows),
        Heading("Texts that can be pasted as they are"),
        *(_code(text) for text in [*guide.asks, _example(lab)]),
        Heading("How to read its checks"),
        guide.checks,
        "✓ means that the test was run on this very answer, ✗ that it found a difference, ○ that none could be run.",
        Heading("What it does not do"),
        " ".join(guide.beyond),
        "A text that asks for it gets no answer, or one with a warning above it that says what is missing.",
    )


def _example(lab: Lab) -> str:
    """The program, the data or the formula that the lab is shown with."""
    return str(next(iter(lab.example.values())))


def _teachers() -> Document:
    return _page(
        "For teachers",
        "Exercises, worksheets and questions that are answered only when they have been tried; no account, "
        "nothing sent.",
        Heading("Worksheets"),
        f"`#/practice` sets exercises in differentiation by rule ({', '.join(f'`{rule}`' for rule in RULES)}) and "
        f"level ({', '.join(map(str, LEVELS))}). A sheet has up to 40 of them and prints with the solutions on "
        "its last page. The same address always gives the same exercises; another `seed` gives others.",
        _code("#/practice?rule=chain&level=2&seed=7&sheet=10"),
        "With `&test=1` at its end the page shows neither hints nor solutions.",
        Heading("A question first, its answer later"),
        "`Copy a link that asks first`, in the Share panel of every answer, makes a link that keeps the answer "
        "back: the reader sees the question, types an answer, and is told whether it is right and which mistake "
        "would give it. In the address it is `&depth=try`.",
        Heading("Which mistake was it?"),
        "Type a pupil's result as the claim: the answer names the mistakes that give exactly this number or "
        "formula, and a point at which the pupil's answer would tell them apart.",
        _code(link("derive", {"f": "(w*x-y)^2", "wrt": "w", "at": "w=3,x=2,y=2", "claim": "8"})),
        Heading("In a course page"),
        "An answer can stand in a page of your own (see Embedding), leave as LaTeX, Markdown or a Jupyter notebook, or "
        "be compared side by side with another: `#/compare`.",
        Heading("What is kept"),
        "Drafts, past results and the streak of exercises stay in the browser of the pupil, who can erase them. "
        "There is no server that could see them, so there are no marks to collect either.",
    )


def _proof() -> Document:
    rows: list[list[str | float | None]] = [[test.name, test.meaning] for test in TESTS.values()]
    return _page(
        "How it is proven",
        "What stands under a check was computed a second time, by a way that does not share the mistake.",
        "The symbolic derivative is held beside difference quotients, a gradient of the tape beside runs of the whole "
        "program, a fit beside its residual, a decomposition beside its divergence and curl. Whatever could not "
        "be tested is called unchecked.",
        Heading("Verdicts"),
        Table([Column("Verdict"), Column("Meaning")], [[name, text] for name, text in VERDICTS.items()]),
        Heading("Kinds of tests"),
        Table([Column("Test"), Column("What it shows")], rows),
        Heading("Why a check can be trusted"),
        "It can fail: points are taken on both sides of every corner, jump and pole that the formula has, steps of "
        "difference quotients shrink until the slope has settled, and where it does not settle nothing is claimed. A "
        "program of yours is run, not only read, and what it prints is compared with what the answer says.",
        "An answer above which a warning stands, or in which a check has failed, does not wear the mark of a "
        "proven one. Mathematics in your text that the answer does not use is named above it.",
        Heading("Where the program itself is tested"),
        "Its tests hold it beside values that others have computed: PyTorch, JAX, SciPy and mpmath, each with "
        "the script that made the table; beside published series and reference problems; and beside properties "
        "that must hold for any input. The scripts and notebooks that an answer leaves as assert every number "
        "that they show.",
        Heading("What a check does not prove"),
        "That the question was read as you meant it: what was understood stands above each answer, to be looked "
        "at first. Numbers at points are strong evidence and no proof by algebra; which of the two it was is "
        "said at each check.",
    )


def _house() -> Document:
    return _page(
        "Where what stands: a map for contributors",
        "The rooms of the code, counted and joined when this page was built. `CONTRIBUTING.md` shows how to add "
        "to them.",
        "Mathematics knows neither text nor documents; readers and programs know no mathematics of theirs; labs "
        "may call everything, and nothing calls a lab but the list of labs. A test holds this. What all may call, "
        "and the doors, are left out.",
        package(),
        "The page calls Python in a worker of its own and draws the document that comes back. `cell` is the "
        "Python cell.",
        page(),
    )


def _linking() -> Document:
    example = EXAMPLES[6]
    return _page(
        "Linking to a question",
        "An address holds the whole question, readable as typed: the lab behind `#/`, its inputs behind `?`.",
        _code(link(example.lab, example.inputs)),
        "Inputs at their default are left out, so `#/fit` alone shows the lab with its example. Nothing has to be "
        "escaped by hand except `&` (as `%26`), `#` (as `%23`) and `%` (as `%25`).",
        "The page itself writes what survives chat programs and Markdown: brackets only in pairs, no two stars, and "
        "values of more than 300 characters packed, as `z1.` and base64url of raw deflate. Texts of more than 300,000 "
        "characters are left out, and the page says so.",
        "A published address works for ever. Opening one never overwrites what the visitor had typed before.",
        Heading("Who cuts long links"),
        "Some forums and chat programs cut or refuse links from about 2,000 characters on; the Share panel tells the "
        "length of the link and which of them it is too long for.",
    )


def _labs() -> Document:
    document = _page(
        "Labs and their inputs",
        "What every lab reads: the same names in the form, in addresses, on the command line and in Python.",
    )
    columns = [Column("Name"), Column("Meaning")]
    for lab in LABS.values():
        rows: list[list[str | float | None]] = []
        for field in lab.fields:
            choices = f" One of {', '.join(f'`{choice}`' for choice in field.choices)}." if field.choices else ""
            default = f", by default `{field.default}`" if field.default else ""
            rows.append([f"`{field.name}`", f"{_escaped(field.help)}{choices} ({field.kind}{default})"])
        document.add(Heading(lab.name), Prose(lab.summary), Table(columns, rows))
    return document


def _embedding() -> Document:
    return _page(
        "Embedding an answer",
        "`?embed` before the `#` shows the answer alone, for a frame in another page.",
        _code(
            '<iframe src="https://EXAMPLE/?embed&theme=auto#/derive?f=x^x" title="Nabla" height="600"></iframe>', "html"
        ),
        "`theme` is `light`, `dark` or `auto`, which follows the system. The embedded page keeps nothing on the "
        "device, leaves the history of its host alone, and opens links in a tab of their own.",
        "It tells its height whenever that changes, by a message to its host:",
        _code(
            """
            addEventListener('message', ({ source, data }) => {
              if (source === frame.contentWindow && data?.nabla === 'height') frame.style.height = `${data.height}px`;
            });
            """,
            "javascript",
        ),
    )


def _cell() -> Document:
    return _page(
        "The Python cell",
        "`#/python` runs a program of your own, in Python with NumPy (`np`), SymPy (`sp`) and `nabla`. SciPy, "
        "Matplotlib, pandas, scikit-learn, seaborn, Pillow, requests, Beautiful Soup, openpyxl and tqdm come when "
        "a program imports them.",
        _code(
            """
            x = sp.Symbol("x", real=True)
            display(sp.diff(x**2 * sp.sin(x), x))        # a formula
            t = np.linspace(0, 6, 200)
            display((t, t**2 * np.sin(t)))               # two arrays of one length: a curve
            nabla.derive("x^2 sin x", wrt="x", at="x=1") # the last value is shown: here a whole answer
            """,
            "python",
        ),
        "Expressions, matrices and lists of them are shown as formulas, arrays as tables, pairs of arrays as "
        "curves, answers of `nabla` as in their labs, data frames as tables, figures of Matplotlib as pictures "
        "that can be saved, what makes HTML, SVG or PNG of itself as that; anything else as its `repr`. Under a table "
        "of numbers stands `Ask about this`, which takes it to the labs: to be fitted, or decomposed. `input()` "
        "waits for what is typed where the browser lets Python wait, as Chrome does. An error is marked at its "
        "line, in the editor and below it. Ctrl and Enter run the program; Escape, then Tab, leaves the editor.",
        Heading("Cells and files"),
        "`+ Code` and `+ Text` add cells. Run all begins anew, one cell alone builds on what ran before it. A "
        "program is kept and linked as text in which a line `# %%` begins a cell and `# %% [markdown]` one of "
        "text; the File menu opens and saves it so, or as a notebook of Jupyter, and gives programs files to read."
        " Files that a program has written can be saved from below its output.",
        Heading("Packages"),
        _code("%pip install snowballstemmer", "python"),
        "`micropip`, which stands behind `%pip install` and `!pip install`, brings packages of pure Python, by "
        "name or by the address of a wheel. They stay until Stop. Other lines of notebooks: `%timeit` and `%time` "
        "measure, `%matplotlib` and its like need nothing here, a shell there is not.",
        Heading("Links and safety"),
        "`#/python?code=...` opens the cell with a program; it is shown, and runs on a click only. Every program "
        "runs in a frame and a worker of an origin of its own: it reaches no draft, no storage, no cache and no "
        "other part of the page, and what it shows is read as data. It may fetch from other sites. A program from "
        "another link gets a new sandbox.",
        "Stop ends any program, an endless one too.",
    )


def _python() -> Document:
    document = _page(
        "From Python and Jupyter",
        "The package answers without the page: `pip install .` in a checkout, with NumPy and SymPy. Its "
        "distribution is called `nabla-explained`; the `nabla` of PyPI is another project.",
        _code(
            """
            import nabla

            answer = nabla.derive("(w*x-y)^2", "w", at="w=3,x=2,y=2", claim="8")
            answer                        # shows itself in Jupyter with its plots, prints as text elsewhere
            answer.values["value"]        # 16.0
            answer.values["claim"]        # the mistakes that give 8
            answer.checks                 # what was tested, how, and what came of it
            """,
            "python",
        ),
        "Notebooks show an answer as Markdown, with its formulas set and its plots as pictures. `python -m pip wheel "
        ".` builds a wheel; releases have one attached.",
    )
    for name in nabla.__all__:
        thing = getattr(nabla, name)
        document.add(Heading(name), *_described(name, thing))
        if inspect.isclass(thing):
            for member, value in inspect.getmembers(thing):
                if not member.startswith("_") and (inspect.isfunction(value) or isinstance(value, property)):
                    document.add(Heading(f"{name}.{member}", 3), *_described(member, value))
    document.add(Heading("Codes of UserError"))
    document.add(Table([Column("Code"), Column("Meaning")], [[f"`{code}`", says] for code, says in CODES.items()]))
    return document


def _described(name: str, thing: Any) -> list[Any]:
    """The signature and the docstring."""
    shown: list[Any] = []
    if not isinstance(thing, property):
        try:
            signature = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(inspect.signature(thing)))
            shown.append(_code(name + signature, "python"))
        except ValueError:
            return [Prose(_escaped(inspect.getdoc(thing) or ""))]
    text = inspect.getdoc(thing) or ""
    for part in filter(None, text.split("\n\n")):
        listed = any(line.startswith("    ") for line in part.splitlines())
        shown.append(_code(part) if listed else Prose(_escaped(" ".join(part.split()))))
    return shown


def _command_line() -> Document:
    return _page(
        "The command line",
        "`python -m nabla LAB name=value ...` answers a question in the terminal.",
        _code(
            "python -m nabla derive f='(w*x-y)^2' wrt=w at='w=3,x=2,y=2' claim=8\npython -m nabla fit data=@file.csv"
        ),
        "It ends with status 0 when the question was answered, and 2 when the input could not be understood or the "
        "answer took too much time or memory; then the reason stands on standard error, with a caret under the place. "
        "1 is a mistake of Nabla's own, 130 an interruption.",
        "The shell completes labs, inputs, choices and options after",
        _code('eval "$(nabla --completion bash)"', "bash"),
        "in `~/.bashrc`, or the same with `zsh` in `~/.zshrc`.",
        _code(parser().format_help()),
    )


def _hosting() -> Document:
    return _page(
        "Hosting the site",
        "`python build.py` writes the site into `dist/`: static files with relative addresses, at home under any path.",
        _code("python build.py\nNABLA_ADDRESS=https://example.org/nabla/ python build.py dist"),
        "Python 3.11 or newer is all that is needed; everything else comes into the checkout. With `NABLA_ADDRESS` the "
        "pages of the gallery also have canonical addresses, pictures for previews of links, and a sitemap.",
        'For GitHub Pages, push to a repository whose Pages source is "GitHub Actions"; the workflow that is part of '
        "the repository tests, builds and deploys.",
        "No headers are needed. The policy of the page stands in it: nothing is loaded from another origin, and no "
        "text is run as a program, except in the sandbox of the Python cell. Hosts that send "
        "`Content-Encoding: gzip` for `.wasm`, `.js` and `.json` make the first visit shorter.",
        "A new version is taken up when the last page of the old one is closed; versions are never mixed.",
    )


def _escaped(text: str) -> str:
    """Text with the marks of prose taken literally, code excepted."""
    return text.replace("$", r"\$").replace("*", r"\*")
