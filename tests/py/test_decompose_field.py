"""What is asked about a field is answered first: conservative or not and why, potentials, curl, coordinates, claims."""

import pytest
import sympy as sp

import nabla

CALLED = {name: sp.Symbol(name, real=True) for name in "x y z r theta phi".split()}


def same(text: str, truth: str, free: bool = False) -> bool:
    """Whether two formulas are equal; but for a constant where one is free."""
    gap = sp.sympify(text, CALLED) - sp.sympify(truth, CALLED)
    return sp.simplify(gap) == 0 or (free and all(sp.simplify(sp.diff(gap, s)) == 0 for s in CALLED.values()))


CONSERVATIVE = [
    ("Is the field F(x, y) = (2xy + 3)i + (x^2 - 4y)j conservative? If so, find a potential.", "x**2*y + 3*x - 2*y**2"),
    (r"Show that $\vec F = \langle y e^{xy},\ x e^{xy} \rangle$ is conservative and find its potential function.",
     "exp(x*y)"),
    (r"Find $f$ such that $\nabla f = \mathbf{F}$ where $\mathbf{F} = (yz)\mathbf{i} + (xz)\mathbf{j} + "
     r"(xy + 2z)\mathbf{k}$. Is F conservative?", "x*y*z + z**2"),
    ("Determine whether F = (y^2 cos x + z^3) i + (2y sin x - 4) j + (3xz^2 + 2) k is conservative",
     "y**2*sin(x) + x*z**3 - 4*y + 2*z"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "truth"), CONSERVATIVE, ids=range(len(CONSERVATIVE)))
def test_conservative_fields_get_yes_and_their_potential(text, truth):
    document = nabla.ask(text)
    assert document.lab == "decompose"
    assert document.values["conservative"] is True
    assert same(document.values["potential"], truth, free=True)
    assert "conservative" in document.answer.text.lower()
    assert all(check.verdict != "failed" for check in document.checks)


@pytest.mark.parametrize(
    ("text", "curl"),
    [
        ("Is F(x, y) = (x y, x y) conservative?", "y - x"),
        (r"Is the vector field $\mathbf{F} = y\,\mathbf{i} - x\,\mathbf{j}$ conservative?", "-2"),
    ],
)
def test_other_fields_get_no_with_their_curl(text, curl):
    document = nabla.ask(text)
    assert document.values["conservative"] is False
    assert same(document.values["curl"], curl)
    assert document.answer.text.startswith("No, ")


def test_the_domain_that_is_asked_about_counts():
    values = {"V": "-y/(x^2+y^2); x/(x^2+y^2)", "asked": "conservative"}
    whole, half = (nabla.run("decompose", values | more) for more in ({}, {"where": "x > 0"}))
    assert whole.values["conservative"] is False and "2 π" in whole.answer.text
    assert whole.values["holes"][0] == {"at": ["0", "0"], "along": None, "circulation": "2*pi", "flux": "0"}
    assert half.values["conservative"] is True


CURVED = [
    ("r z e_r + r^2 e_θ + 3 z e_z", "cylindrical", "2*z + 3", ["0", "r", "3*r"]),
    (r"\frac{1}{r^2}\hat{r}", "spherical", "0", ["0", "0", "0"]),
    (r"r\cos\theta\,\hat{\mathbf{r}} + r\sin\theta\,\hat{\boldsymbol\theta} + r\sin\theta\cos\phi\,"
     r"\hat{\boldsymbol\phi}", "auto", "5*cos(theta) - sin(phi)",
     ["2*cos(theta)*cos(phi)", "-2*sin(theta)*cos(phi)", "3*sin(theta)"]),
    ("0; 1/r", "polar", "0", "0"),
]  # fmt: skip


@pytest.mark.parametrize(("V", "system", "divergence", "curl"), CURVED, ids=[row[1] for row in CURVED])
def test_curved_coordinates_by_their_names(V, system, divergence, curl):
    values = nabla.run("decompose", {"V": V, "coordinates": system, "asked": "divergence, curl"}).values
    assert same(values["divergence"], divergence)
    found = values["curl"] if isinstance(curl, list) else [values["curl"]]
    assert all(same(a, b) for a, b in zip(found, curl if isinstance(curl, list) else [curl], strict=True))


def test_fields_of_stream_functions_and_potentials():
    document = nabla.ask("The stream function is ψ = x^2 y - y^3/3. Is the flow irrotational? Find the potential φ.")
    assert same(document.values["potential"], "x**3/3 - x*y**2", free=True)
    told = "For the stream function ψ = x y + x (u = ∂ψ/∂y, v = -∂ψ/∂x), show that the flow is irrotational."
    assert nabla.ask(told).values["stream"] == "x*y + x"
    laplacian = nabla.ask("Find the Laplacian of f = r^2 sin(θ) in spherical coordinates.")
    assert same(laplacian.values["laplacian"], "6*sin(theta) + cos(2*theta)/sin(theta)")


@pytest.mark.parametrize(
    ("claim", "verdict", "mistakes"),
    [
        ("[x - 1, -y - 1, 2*x]", "right", []),
        ("[x + 1, -y - 1, 2*x]", "wrong", [("sign", 1)]),
        ("[x - 1, y + 1, y]", "wrong", [("sign", 2), ("value", 3)]),
        ("[2*x, -y - 1, 2*x]", "wrong", [("component", 1)]),
        ("3", "undecided", []),
    ],
)
def test_claims_are_judged_component_by_component(claim, verdict, mistakes):
    document = nabla.run("decompose", {"V": "-z; x^2 + z; x*y", "asked": "curl", "claim": claim})
    found = document.values["claim"]
    assert found["verdict"] == verdict
    assert [(m["id"], m["where"]) for m in found["mistakes"]] == mistakes
    assert ("your" in document.answer.text.lower()) == (verdict != "undecided")


def test_what_cannot_be_asked_is_refused_at_its_place():
    with pytest.raises(nabla.UserError) as error:
        nabla.run("decompose", {"V": "x; y", "asked": "curl, colour"})
    assert (error.value.code, error.value.field, error.value.span.start) == ("choice", "asked", 6)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Compute div F for F(x,y,z) = (e^x sin y, e^x cos y, z).", {"divergence": "1"}),
        ("curl of (yz, xz, xy)", {"curl": ["0", "0", "0"]}),
        ("Calculate the curl of A = ρ^2 φ̂ in cylindrical coordinates.", {"curl": ["0", "0", "3*rho"]}),
        ("Find a vector potential for F = (y, z, x).", {"vector_potential": ["-x*y + z**2/2", "-y*z", "0"]}),
        ("I want div and curl of V = (x^2 y, -z^3 x, x y z) at (1, 2, -1).",
         {"at": [{"at": ["1", "2", "-1"], "divergence": "6", "curl": ["2", "2", "0"]}]}),
    ],
)  # fmt: skip
def test_what_texts_ask_about_fields(text, values):
    document = nabla.ask(text)
    assert {name: document.values[name] for name in values} == values
    assert not {"not-covered", "not-used"} & {warning.code for warning in document.warnings}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Find the constant a such that V = (x + 3y) i + (y - 2z) j + (x + a z) k is solenoidal.", {"a": "-2"}),
        ("Find constants a, b, c so that F = (x + 2y + az) i + (bx - 3y - z) j + (4x + cy + 2z) k is irrotational. "
         "Then find the scalar potential.", {"a": "4", "b": "2", "c": "-1"}),
    ],
)  # fmt: skip
def test_constants_are_found_that_make_it_so(text, asked):
    document = nabla.ask(text)
    assert document.values["constants"] == asked
    letters = {
        str(s)
        for part in (document.values["divergence"], *document.values["curl"])
        for s in sp.sympify(part).free_symbols
    }
    assert letters == set(asked)  # of the field as typed
    assert all(f"= {value}" in document.answer.text for value in asked.values())
    if "c" in asked:
        f = "x**2/2 - 3*y**2/2 + z**2 + 2*x*y + 4*x*z - y*z"
        assert document.values["conservative"] is True and same(document.values["potential"], f, free=True)


def test_without_such_constants_it_is_not():
    values = nabla.run("decompose", {"V": "-a*y; a*x", "asked": "conservative"}).values
    assert values["conservative"] is False and values["constants"] == {}


def test_scalars_in_polar_letters_are_not_taken_for_constants_of_the_plane():
    text = "The stream function is ψ = U r sin(θ)(1-a^2/r^2). Find the velocity and show that the flow is irrotational."
    document = nabla.ask(text)
    r, theta, U, a = (sp.Symbol(name, real=True) for name in ("r", "theta", "U", "a"))
    truth = U * r * sp.sin(theta) * (1 - a**2 / r**2)
    found = sp.sympify(document.values["stream"], {s.name: s for s in (r, theta, U, a)})
    assert sp.simplify(found - truth) == 0 and document.values["curl"] == "0"
    assert [check.verdict for check in document.checks if "tream" in check.claim] == ["passed"]
    with pytest.raises(nabla.UserError, match="plane or of space"):
        nabla.run("decompose", {"V": "r^2 cos(2 theta)", "given": "potential", "asked": "laplacian"})


@pytest.mark.parametrize(
    ("text", "stream", "line"),
    [
        ("Find the flow lines of the vector field F(x,y) = (x, -y). Which one passes through (1,2)?", "x*y", "= 2$"),
        ("The velocity potential is φ = xy + x^2 - y^2. Find the stream function ψ(x, y) and the streamline "
         "which passes through (2, 1).", "-x**2/2 + 2*x*y + y**2/2", "5"),
        ("Find the streamlines of the flow u = -y, v = x.", "-x**2/2 - y**2/2", ""),
    ],
)  # fmt: skip
def test_flow_lines_are_the_levels_of_the_stream_function(text, stream, line):
    document = nabla.ask(text)
    assert same(document.values["stream"], stream, free=True)
    assert ("flow line through" in document.answer.text) == bool(line) and line in document.answer.tex


def test_values_at_a_point_are_numbers():
    text = "Calculate the divergence of F(x,y,z) = (x^3 y, y^2 z, z e^x) at (1, -1, 0)"
    assert nabla.ask(text).values["value"] == pytest.approx(float(sp.E - 3))
    assert nabla.ask(text.replace("divergence", "curl")).values["value"] == pytest.approx([-1, 0, -1])
