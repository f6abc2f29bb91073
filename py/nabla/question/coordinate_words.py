"""The coordinates that the words of a text name: polar, cylindrical, spherical, and which angle is from the z axis."""

from __future__ import annotations

import re

from nabla.errors import UserError
from nabla.question.formulas import names_in
from nabla.question.roles import RoleReading
from nabla.read.fields.vectors import units_in

_SYSTEMS = ("cylindrical", "spherical", "polar")
_FLAT = re.compile(r"\b(?:plane|planar|2-?d|two[- ]dimension\w*|flow|vortex|line (?:source|charge))\b", re.IGNORECASE)
SPACE = re.compile(r"\b(?:3-?d|three[- ]dimensions|in space|three[- ]dimensional)\b", re.IGNORECASE)
_PHI = r"(?:φ|ϕ|\bphi\b|\\(?:var)?phi\b)"
_POLAR_ANGLE = r"(?:polar|zenith|inclination|colatitude|(?:angle )?from the (?:positive )?\$?z)"
_PHI_POLAR = re.compile(
    rf"{_PHI}\$?,?\s+(?:(?:is|being|as|denotes|measured|the|for|angle)\s+)*{_POLAR_ANGLE}\b"
    rf"|{_POLAR_ANGLE} angle \$?{_PHI}",
    re.IGNORECASE,
)


def system_of_words(reading: RoleReading, inputs: dict[str, str]) -> str:
    """The coordinates that a word of the text names, or that its letters have in space: 1/r in three dimensions."""
    words = [t.text.lower() for sentence in reading.sentences for t in sentence.tokens if t.kind == "word"]
    named = next((word for word in words if word in _SYSTEMS), "")
    radial = inputs.get("given") in ("potential", "minus-potential") and "r" in names_in(inputs["V"])
    if not named and _FLAT.search(reading.text) and units_in(inputs.get("V", "")) == ("r",):
        return "polar"
    if named == "spherical" and _PHI_POLAR.search(reading.text):
        return "spherical-phi"
    return named or ("spherical" if radial and SPACE.search(reading.text) else "")


def with_theta_polar(system: str) -> str:
    """The coordinates for a lab that knows θ alone as the angle from the z axis.

    Raises:
        UserError: "not-covered" where φ is that angle.
    """
    if system == "spherical-phi":
        message = "Gradients in spherical coordinates are taken with θ from the z axis and φ around it."
        raise UserError("not-covered", message, hint="Write θ for the angle from the z axis, φ for the other one.")
    return system
