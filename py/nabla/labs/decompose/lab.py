"""decompose: a vector field as a solenoidal, an irrotational and a harmonic part, each boundary's answer with proof."""

from __future__ import annotations

import sympy as sp

from nabla.answer.document import Block, Document, Heading, Note, quoted
from nabla.errors import Span, UserError
from nabla.helmholtz.answer import BOUNDARIES
from nabla.lab import Field, Inputs, lab
from nabla.labs.decompose import proof, said
from nabla.labs.decompose.claim import judged
from nabla.labs.decompose.critical import answer_critical
from nabla.labs.decompose.density import answer_density
from nabla.labs.decompose.exact_form import answer_exact
from nabla.labs.decompose.field import ASKED, GIVEN, SYSTEMS, Given, read_given
from nabla.labs.decompose.flow import answer_pressure, answer_zeros
from nabla.labs.decompose.flux import answer_surface
from nabla.labs.decompose.nature import Nature
from nabla.labs.decompose.own_field import split_own
from nabla.labs.decompose.partner import answer_partner
from nabla.labs.decompose.path import answer_path
from nabla.labs.decompose.program.answer import DEFINES, answer_program
from nabla.labs.decompose.program.matlab_field import MatlabField, matlab_field
from nabla.labs.decompose.program.sympy_field import SympyField, sympy_field
from nabla.labs.decompose.question import read_question
from nabla.labs.decompose.second import answer_second
from nabla.labs.decompose.split import from_formula, understood
from nabla.labs.decompose.tables import from_data
from nabla.labs.decompose.telling import told
from nabla.labs.decompose.verified import checks
from nabla.write.notation import tex


@lab(
    "decompose",
    title="Decompose",
    summary="Split a vector field into swirl, gradient and the rest, and see why there are several answers.",
    fields=[
        Field(
            "V",
            "formulas",
            "Field",
            placeholder="-y + x/2; x + y/2",
            help="Its components, separated by semicolons: two in the plane, three in space.",
        ),
        Field(
            "domain",
            "text",
            "Box",
            placeholder="x=-1..1, y=-1..1",
            help="The range of each coordinate; one range alone stands for all.",
        ),
        Field(
            "boundary",
            "choice",
            "Boundary",
            default="compare",
            choices=("compare", *BOUNDARIES),
            help="periodic: it repeats; wall: S does not cross the walls; open: a window on free space.",
        ),
        Field("n", "integer", "Cells along an axis", placeholder="128", help="8 to 512 in the plane, to 96 in space."),
        Field("at", "text", "At the points", placeholder="0.5, 0.25; 0, 0", help="Where to report V and its parts."),
        Field(
            "data",
            "data",
            "Data",
            placeholder="x,y,u,v\n0,0,1,0\n...",
            help="In place of a formula: a table (CSV) of x, y, u, v on an even grid, six columns in space; or .npz.",
            advanced=True,
        ),
        Field(
            "first",
            "choice",
            "First axis of the data",
            default="auto",
            choices=("auto", "x", "y", "z"),
            help="Of arrays without coordinates; auto: a row a line along x, as meshgrid makes them.",
            advanced=True,
        ),
        Field(
            "code",
            "code",
            "Why is mine wrong?",
            placeholder="import numpy as np ...",
            help="Your program: it is run on fields whose answer is known, and what is wrong is named with its line.",
            advanced=True,
        ),
        Field(
            "asked",
            "text",
            "Asked for",
            placeholder="conservative, potential",
            help="What to begin with, one or more of: " + ", ".join(ASKED) + ".",
        ),
        Field(
            "path",
            "text",
            "Along the curve",
            placeholder="x=cos t, y=sin t, t=0..2pi",
            help="For the work: a curve with its parameter, points as (0, 0) to (1, 2), or circle radius 2.",
            advanced=True,
        ),
        Field(
            "surface",
            "text",
            "Through the surface",
            placeholder="sphere radius 2",
            help="For the flux: sphere radius 2, box x=0..1, y=0..1, z=0..1, cylinder radius 1, z=0..2, or "
            "z=1-x^2-y^2, z>=0.",
            advanced=True,
        ),
        Field(
            "claim",
            "claim",
            "Why is mine different?",
            placeholder="[y, z, x]",
            help="Your own divergence, curl or potential; a curl in space as [a, b, c].",
            advanced=True,
        ),
        Field(
            "coordinates",
            "choice",
            "Coordinates",
            default="auto",
            choices=SYSTEMS,
            advanced=True,
            help="Those of the components; auto: by the unit vectors of the field.",
        ),
        Field(
            "given",
            "choice",
            "Given",
            default="field",
            choices=GIVEN,
            advanced=True,
            help="Whether the formula is the field, its stream function, its potential, that with a minus, P; Q of "
            "P dx + Q dy, a field that is minus a gradient, the complex potential of a flow, "
            "f of f ds, or a field with a letter for the component that is wanted.",
        ),
        Field(
            "where",
            "text",
            "Domain",
            placeholder="x > 0",
            advanced=True,
            help="Where the field is asked about, if not on all of its domain.",
        ),
        Field(
            "name",
            "text",
            "Name",
            placeholder="E, V",
            advanced=True,
            help="The letter of the field in the answer, and behind a comma that of its potential.",
        ),
        Field(
            "along",
            "formulas",
            "Along the field",
            placeholder="x; y; z",
            advanced=True,
            help="The field A of the derivative (A . grad) V, its components separated by semicolons.",
        ),
        Field(
            "level",
            "text",
            "Value of the potential",
            placeholder="(0, 0) = 5",
            advanced=True,
            help="A place and the value of the potential there, which tells its constant.",
        ),
        Field("parameters", "assignments", "Parameters", placeholder="a=2", help="Values of other letters."),
    ],
    example={"V": "-y + x/2; x + y/2", "domain": "x=-1..1, y=-1..1", "at": "0.5, 0.25"},
    seconds=60.0,
    proof=proof.programs,
)
def decompose(inputs: Inputs, document: Document) -> None:
    """Answer `inputs` into `document`."""
    chosen = inputs.choice("boundary")
    program: list[Block] = []
    if inputs["code"].strip():
        field = sympy_field(inputs["code"])
        if field is not None:
            _of_sympy(inputs, field, document)
            return
        if (written := matlab_field(inputs["code"])) is not None:
            _of_matlab(inputs, written, document)
            return
        program = inputs.read("code", answer_program, document)
        if not inputs["V"].strip() and not inputs["data"].strip():
            document.title = "A program on fields"
            document.values["answers"] = {}
            document.add(*program)
            own = next(
                (block.inputs["V"] for block in program if isinstance(block, Note) and block.action == DEFINES), ""
            )
            if own:
                split_own(inputs, document, own)
            return
    if inputs["data"].strip():
        from_data(inputs, document, chosen, program)
        return
    if not inputs["V"].strip():
        raise UserError("empty", "Field is empty.", hint="For example -y + x/2; x + y/2", span=Span(0, 0), field="V")
    given = read_given(inputs)
    along = inputs["path"].strip() or inputs["surface"].strip()
    if (not given.asked and not along) or "decompose" in given.asked:
        if not given.system.straight:
            message = "Fields are split in Cartesian coordinates; in others their divergence and curl are found."
            hint = "Ask for divergence, curl or conservative, or give Cartesian components."
            raise UserError("not-covered", message, hint=hint, span=Span(0, len(inputs["V"])), field="V")
        from_formula(read_question(inputs), document, chosen, program, Nature(given))
        return
    if given.given == "partner":
        answer_partner(inputs, document, Nature(given))
        return
    if given.given == "density":
        answer_density(inputs, document, Nature(given))
        return
    _what_it_is(inputs, given, document, program)


def _of_sympy(inputs: Inputs, field: SympyField, document: Document) -> None:
    """The field of a program of sympy.vector, and what its letters are."""
    given = read_given(
        Inputs(inputs.lab, {"V": field.V, "asked": ", ".join(field.asked), "given": field.given, "at": inputs["at"]})
    )
    document.values["findings"] = []
    note = ""
    if field.symbols:
        names = ", ".join(f"{field.system}.{letter}" for letter in "xyz")
        note = (
            f"Line {field.symbols} makes symbols of their own, which SymPy takes for constants beside the coordinates "
            f"of {quoted(field.system)}: write {quoted(f'x, y, z = {names}')} there, after {quoted(field.system)} is "
            "made, and the result is the one here."
        )
        document.values["findings"] = [{"kind": "plain-symbols", "line": field.symbols, "message": note}]
    _what_it_is(inputs, given, document, [Note(note, "warning")] if note else [], note)


def _of_matlab(inputs: Inputs, field: MatlabField, document: Document) -> None:
    """The field of a program of MATLAB by its formulas, and what is to be known of the call."""
    given = "potential" if ";" not in field.V else "field"
    typed = read_given(Inputs(inputs.lab, {"V": field.V, "asked": field.asked, "given": given, "at": inputs["at"]}))
    document.values["findings"] = []
    notes = ["The field is read from the program of MATLAB, and answered by its formulas; the program is not run."]
    if field.half:
        notes.append(f"The result {quoted(field.half)} of MATLAB's curl is the angular velocity, half of the curl.")
    if field.asked == "laplacian":
        notes.append("MATLAB's del2 is a quarter of the Laplacian in the plane, a sixth in space.")
    if field.unspaced:
        notes.append(
            f"Line {field.line} gives the call no coordinates: it takes steps of 1, where the grid has others. Give X "
            "and Y first, or the steps."
        )
        document.values["findings"] = [{"kind": "spacing", "line": field.line, "message": notes[-1]}]
    told = " ".join(notes[1:])
    if field.half:  # a number may be meant for either result
        inputs = Inputs(inputs.lab, {"V": field.V})
    _what_it_is(inputs, typed, document, [Note(each) for each in notes], told)


def _what_it_is(inputs: Inputs, given: Given, document: Document, program: list[Block], note: str = "") -> None:
    """Answer what is asked about the field itself."""
    signature = ", ".join(tex(s) for s in given.symbols)
    subject = {"field": f"The field $F({signature})$", "stream": "A stream function", "form": "A differential form"}
    subject["minus-gradient"] = subject["field"]
    document.title = subject.get(given.given, "A potential")
    document.add(understood(document, given.readings, given.values, given.given), *program)
    typed = Nature(given)
    found, constants = typed.with_constants()
    found.fill(document)
    if constants:  # divergence and curl are those of the field as typed
        curl = [sp.sstr(each) for each in typed.judged.curl]
        document.values |= {"divergence": sp.sstr(typed.divergence), "curl": curl[0] if len(curl) == 1 else curl}
    document.values["constants"] = {name.name: sp.sstr(value) for name, value in constants.items()}
    for answer in (answer_second, answer_critical, answer_zeros, answer_pressure, answer_exact):
        blocks, words = answer(document, found)
        document.add(*blocks)
        note = f"{words} {note}".strip()
    integrals: dict[str, sp.Expr] = {}
    for field, answered in (("path", answer_path), ("surface", answer_surface)):
        if inputs[field].strip():
            places = [place.strip() for place in inputs[field].split("|")]
            sentences = []
            for place in places:
                blocks, words, value = answered(document, found, place)
                document.add(*blocks)
                sentences.append(f"{place}: {words[:1].lower()}{words[1:]}" if places[1:] else words)
                integrals |= {} if places[1:] else value  # an answer may be meant for any of several
            whole = " ".join(sentences)
            note = f"{whole[:1].upper()}{whole[1:]} {note}".strip()
    note = f"{note} {judged(inputs, document, found, integrals)}".strip()
    said.conclude(document, found, note, constants)
    document.add(*told(found), Heading("Checked", role="checks"), *checks(found))
    if given.system.straight and given.given in ("field", "minus-gradient"):
        text = "Its solenoidal and irrotational parts, for three kinds of boundaries:"
        document.add(Note(text, tone="tip", inputs={"asked": "decompose"}, action="Split it"))
