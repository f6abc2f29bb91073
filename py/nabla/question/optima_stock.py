"""The shapes of optimisation problems told as stories: what is wanted, the equations that hold, what is given.

A shape is a model with one degree of freedom. Numbers of the text take the places in braces. Several shapes share
words: the first whose given quantities are those of the text is taken, so a box of given volume and one of given
surface are two of them.
"""

from __future__ import annotations

from dataclasses import dataclass

# Powers of what is no length: numbers without unit, money, money for a length and for an area, speeds.
BARE, MONEY, PER_LENGTH, PER_AREA, SPEED = -1, 10, 11, 12, 20


@dataclass(frozen=True, slots=True)
class GivenNumber:
    """A number of the text: its power of a length (or one of those above), and words that stand near it."""

    power: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Optimum:
    """A shape: words that tell it, what is wanted, equations, the letters, what is given, the goal.

    `letters` are "meaning:power" for each letter, that which is wanted among them. `goal` is what can be asked for:
    "greatest", "least" or "either". `real` tells that letters may be negative.
    """

    words: str
    wanted: str
    equations: str
    letters: dict[str, str]
    given: dict[str, GivenNumber]
    goal: str
    without: str = r"(?!)"
    real: bool = False


_Given = GivenNumber
_FENCE = r"fenc|enclos|corral|\bpens?\b|pasture|playground|garden|paddock|rectang"
_BORDER = r"(?:river|creek|stream|lake|cliff|barn|wall|house|building|highway|hedge|canal|bank|shed|garage|road)\b"
_FREE = (
    r"(?:along|against|beside|border\w*|next to|adjacent to|adjoin\w*|by|onto?|at|of|using|uses?) "
    rf"(?:a |an |the |his |her |its |one )?(?:[\w-]+ ){{0,3}}{_BORDER}"
    rf"|{_BORDER}[^.]{{0,30}}(?:as one|serves?|forms?|is used)|no fenc|needs? no|not need|n't need|not fence|"
    r"three sides"
)
_ROUND_IT = r"perimeter|fenc|edging|border|rope|around|wire|enclos"
_SIDES = {"x": "each side away from it:1", "y": "the side along it:1"}
_RECTANGLE = {"x": "one side:1", "y": "the other side:1"}
_AREA, _FENCING = {"A": "the area:2"}, {"F": "the fence:1"}
_LENGTH, _SURFACE, _VOLUME = _Given(1), _Given(2), _Given(3)
_PENS = {"x": "each side that stands {k1} times:1", "y": "the other side:1"}
_DIVIDED = r"divid|\bsplit|partition|pens\b|plots\b|corrals\b|adjacent|compartment|identical"
_BOX = r"\b(?:box|tank|container|crate|bin|aquarium|carton|cuboid|trough|tray|vat)"
_BASE = {"x": "the side of the base:1", "h": "the height:1"}
_OPEN = (
    r"open[- ]?(?:top|box|at the top|tank|rectangular|container|cylind|contain)|no (?:top|lid)|"
    r"without (?:a )?(?:top|lid)|topless|lidless"
)
_CORNERS = r"(?:cut|remov|snip|tak)\w*[^.]{0,60}(?:corner|square)|(?:corner|square)s?[^.]{0,60}(?:cut|remov|snip)"
_WIRE = r"\b(?:wire|string|rope)\b"
_RATIO = {"l": "the length of the base:1", "w": "the width of the base:1", "h": "the height:1"}
_CAN = (
    r"\b(?:cans|cylind\w+|tin|drum|cup|jar)\b|"
    r"\b(?:a|an|the|of|each|every|closed|open|metal|soda|beer|soup|paint|oil|food|juice|drink) "
    r"can\b(?! be\b| have\b| hold\b)|\bcan (?:is|that|which|has|with|must|should|of|holds|to)\b"
)
_ROUND = {"r": "the radius:1", "h": "the height:1"}
_COST = {"C": "the cost:10"}
_ENDS = r"bottom|base|floor|top|lid|end"
_BASES = r"base|bottom|floor"
_WALLS = r"side|wall|curved|lateral|front|around"

Row = tuple[str, str, str, dict[str, str], dict[str, GivenNumber], str]


def _family(words: str, *rows: Row, without: str = r"(?!)") -> list[Optimum]:
    """Shapes that share words, each with further ones, what is wanted, equations, letters, what is given, the goal."""
    return [
        Optimum(words + also, wanted, equations, letters, given, goal, without)
        for also, wanted, equations, letters, given, goal in rows
    ]


STOCK: tuple[Optimum, ...] = (
    # Sheets and boxes.
    Optimum(_CORNERS, "V = x l w", "l = {a} - 2 x; w = {b} - 2 x",
            {"x": "the side of the squares, the height:1", "l": "the length:1", "w": "the width:1",
            "V": "the volume:3"},
            {"a": _LENGTH, "b": _LENGTH}, "greatest", without=_WIRE),
    Optimum(_CORNERS, "V = x l^2", "l = {a} - 2 x",
            {"x": "the side of the squares, the height:1", "l": "the side of the base:1", "V": "the volume:3"},
            {"a": _LENGTH}, "greatest", without=_WIRE),
    Optimum(r"gutter|trough|channel", "A = x w", "w + 2 x = {a}",
            {"x": "what is bent up on each side:1", "w": "the width that is left:1", "A": "the cross-section:2"},
            {"a": _LENGTH}, "greatest", without=r"\bfence"),
    Optimum(r"girth", "V = x^2 l", "l + 4 x = {a}",
            {"x": "the side of the square ends:1", "l": "the length:1", "V": "the volume:3"}, {"a": _LENGTH},
            "greatest",
            without=r"cylind|circular|round"),
    Optimum(r"girth", "V = pi r^2 l", "l + 2 pi r = {a}",
            {"r": "the radius:1", "l": "the length:1", "V": "the volume:3"}, {"a": _LENGTH}, "greatest"),
    *_family(
        rf"(?s)(?=.*{_BOX})(?=.*square base|.*square bottom|.*base is (?:a )?square)",
        (rf"(?=.*(?:{_OPEN}))", "S = x^2 + 4 x h", "x^2 h = {V}", _BASE | {"S": "the surface:2"}, {"V": _VOLUME},
            "least"),
        (rf"(?=.*(?:{_OPEN}))", "V = x^2 h", "x^2 + 4 x h = {S}", _BASE | {"V": "the volume:3"}, {"S": _SURFACE},
         "greatest"),
        (rf"(?=.*(?:{_OPEN}))", "C = {b} x^2 + 4*{s} x h", "x^2 h = {V}", _BASE | _COST,
         {"V": _VOLUME, "b": _Given(PER_AREA, _BASES), "s": _Given(PER_AREA, _WALLS)}, "least"),
        ("", "C = ({b} + {t}) x^2 + 4*{s} x h", "x^2 h = {V}", _BASE | _COST,
         {"V": _VOLUME, "b": _Given(PER_AREA, _BASES), "t": _Given(PER_AREA, "top|lid"),
          "s": _Given(PER_AREA, _WALLS)},
         "least"),
        ("", "C = 2*{b} x^2 + 4*{s} x h", "x^2 h = {V}", _BASE | _COST,
         {"V": _VOLUME, "b": _Given(PER_AREA, _ENDS), "s": _Given(PER_AREA, _WALLS)}, "least"),
        ("", "S = 2 x^2 + 4 x h", "x^2 h = {V}", _BASE | {"S": "the surface:2"}, {"V": _VOLUME}, "least"),
        ("", "V = x^2 h", "2 x^2 + 4 x h = {S}", _BASE | {"V": "the volume:3"}, {"S": _SURFACE}, "greatest"),
    ),
    *_family(
        rf"(?s)(?=.*{_BOX})(?=.*(?:twice|double|times))",
        (rf"(?=.*(?:{_OPEN}))", "S = l w + 2 l h + 2 w h", "l = {k} w; l w h = {V}",
            _RATIO | {"S": "the surface:2"},
         {"V": _VOLUME}, "least"),
        (rf"(?=.*(?:{_OPEN}))", "V = l w h", "l = {k} w; l w + 2 l h + 2 w h = {S}",
            _RATIO | {"V": "the volume:3"},
         {"S": _SURFACE}, "greatest"),
        (rf"(?=.*(?:{_OPEN}))", "C = {b} l w + {s} (2 l h + 2 w h)", "l = {k} w; l w h = {V}", _RATIO | _COST,
         {"V": _VOLUME, "b": _Given(PER_AREA, _BASES), "s": _Given(PER_AREA, _WALLS)}, "least"),
        ("", "C = 2*{b} l w + {s} (2 l h + 2 w h)", "l = {k} w; l w h = {V}", _RATIO | _COST,
         {"V": _VOLUME, "b": _Given(PER_AREA, _ENDS), "s": _Given(PER_AREA, _WALLS)}, "least"),
        ("", "S = 2 l w + 2 l h + 2 w h", "l = {k} w; l w h = {V}", _RATIO | {"S": "the surface:2"},
            {"V": _VOLUME},
         "least"),
        ("", "V = l w h", "l = {k} w; 2 l w + 2 l h + 2 w h = {S}", _RATIO | {"V": "the volume:3"},
            {"S": _SURFACE},
         "greatest"),
    ),
    # Round things.
    Optimum(r"(?s)(?=.*cylind)(?=.*\bcone\b)(?=.*(?:inscrib|inside|fits? in|within|in a))", "V = pi r^2 h",
            "h = {H} ({R} - r)/{R}", {**_ROUND, "V": "the volume of the cylinder:3"},
            {"R": _Given(1, "radius|diameter"), "H": _Given(1, "height|high|tall|altitude")}, "greatest"),
    Optimum(r"(?s)(?=.*cylind)(?=.*(?:sphere|ball))", "V = pi r^2 h", "r^2 + (h/2)^2 = {R}^2",
            {**_ROUND, "V": "the volume of the cylinder:3"}, {"R": _Given(1, "radius|diameter")}, "greatest"),
    Optimum(r"(?s)(?=.*\bcone\b)(?=.*(?:sphere|ball))", "V = pi r^2 h/3", "r^2 + (h - {R})^2 = {R}^2",
            {**_ROUND, "V": "the volume of the cone:3"}, {"R": _Given(1, "radius|diameter")}, "greatest"),
    Optimum(r"\bcon(?:e|ical)\b", "S = pi r sqrt(r^2 + h^2)", "pi r^2 h/3 = {V}", {**_ROUND, "S": "the paper:2"},
            {"V": _VOLUME}, "least"),
    Optimum(r"\bcon(?:e|ical)\b", "V = pi r^2 h/3", "r^2 + h^2 = {s}^2", {**_ROUND, "V": "the volume of the cone:3"},
            {"s": _Given(1, "slant|radius|side")}, "greatest"),
    *_family(
        rf"(?s)(?=.*{_CAN})",
        (rf"(?=.*(?:{_OPEN}))", "S = pi r^2 + 2 pi r h", "pi r^2 h = {V}", _ROUND | {"S": "the surface:2"},
         {"V": _VOLUME}, "least"),
        (rf"(?=.*(?:{_OPEN}))", "V = pi r^2 h", "pi r^2 + 2 pi r h = {S}", _ROUND | {"V": "the volume:3"},
         {"S": _SURFACE}, "greatest"),
        (rf"(?=.*(?:{_OPEN}))", "C = {b} pi r^2 + {s}*2 pi r h", "pi r^2 h = {V}", _ROUND | _COST,
         {"V": _VOLUME, "b": _Given(PER_AREA, _BASES), "s": _Given(PER_AREA, _WALLS)}, "least"),
        ("", "C = 2*{b} pi r^2 + 2*{s} pi r h", "pi r^2 h = {V}", _ROUND | _COST,
         {"V": _VOLUME, "b": _Given(PER_AREA, _ENDS), "s": _Given(PER_AREA, _WALLS)}, "least"),
        ("", "S = 2 pi r^2 + 2 pi r h", "pi r^2 h = {V}", _ROUND | {"S": "the surface:2"}, {"V": _VOLUME},
            "least"),
        ("", "V = pi r^2 h", "2 pi r^2 + 2 pi r h = {S}", _ROUND | {"V": "the volume:3"}, {"S": _SURFACE},
            "greatest"),
    ),
    # Plane figures.
    Optimum(r"norman|(?s:rectang.*(?:topped|surmounted|capped).*semicirc)|(?s:semicirc.*(?:on top|above).*rectang)|"
            r"(?s:rectang.*top is a (?:semicirc|half.circle))",
            "A = 2 r h + pi r^2/2", "2 h + 2 r + pi r = {P}",
            {"r": "the radius of the semicircle:1", "h": "the height of the rectangle:1", "A": "the area:2"},
            {"P": _LENGTH}, "greatest"),
    Optimum(r"(?s)(?=.*(?:track|field|rink))(?=.*semicirc)", "A = 2 r l", "2 l + 2 pi r = {P}",
            {"r": "the radius of the ends:1", "l": "the length of the straight sides:1",
             "A": "the area of the rectangle:2"}, {"P": _LENGTH}, "greatest"),
    Optimum(r"(?s)(?=.*rectang)(?=.*semi-?circ)(?=.*inscrib|.*inside|.*in a semi)", "A = 2 x y", "x^2 + y^2 = {R}^2",
            {"x": "half the width:1", "y": "the height:1", "A": "the area:2"}, {"R": _Given(1, "radius")}, "greatest"),
    Optimum(r"(?s)(?=.*rectang)(?=.*\bcircle)", "A = x y", "x^2 + y^2 = (2*{R})^2", {**_RECTANGLE, **_AREA},
            {"R": _Given(1, "radius")}, "greatest", without=r"semi-?circ"),
    Optimum(r"(?s)(?=.*rectang)(?=.*equilateral)", "A = 2 x y", "y = sqrt(3) ({a}/2 - x)",
            {"x": "half the width:1", "y": "the height:1", "A": "the area:2"}, {"a": _LENGTH}, "greatest"),
    Optimum(r"(?s)(?=.*rectang)(?=.*right(?:-angled)? triangle)", "A = x y", "x/{a} + y/{b} = 1", {**_RECTANGLE,
        **_AREA},
            {"a": _LENGTH, "b": _LENGTH}, "greatest"),
    Optimum(r"(?s)(?=.*isosceles)(?=.*perimeter)", "A = b h/2", "(b/2)^2 + h^2 = s^2; b + 2 s = {P}",
            {"b": "the base:1", "h": "the height:1", "s": "the equal sides:1", "A": "the area:2"},
            {"P": _Given(1, "perimeter")}, "greatest"),
    Optimum(r"right(?:-angled)? triangle", "A = x y/2", "x^2 + y^2 = {c}^2",
            {"x": "one leg:1", "y": "the other leg:1", "A": "the area:2"}, {"c": _Given(1, "hypotenuse")}, "greatest"),
    Optimum(r"(?s)(?=.*sector)(?=.*(?:perimeter|fenc|wire|border))", "A = r s/2", "2 r + s = {P}",
            {"r": "the radius:1", "s": "the arc:1", "A": "the area:2"}, {"P": _LENGTH}, "greatest"),
    Optimum(r"beam|\blog\b|plank", "S = w d^2", "w^2 + d^2 = {D}^2",
            {"w": "the width:1", "d": "the depth:1", "S": "the strength, as a multiple of w d^2:0"},
            {"D": _Given(1, "diameter|across|thick")}, "greatest", without=r"radius"),
    *_family(
        r"(?s)(?=.*(?:poster|page|sheet|leaflet|print|flyer|book|billboard))(?=.*margin)",
        ("", "A = (w + 2*{s}) (h + 2*{t})", "w h = {P}",
         {"w": "the width of the print:1", "h": "the height of the print:1", "A": "the area of the whole:2"},
         {"P": _Given(2, "print|text|image|type|picture|matter"), "t": _Given(1, "top|bottom"),
          "s": _Given(1, "side|left|right")}, "least"),
        ("", "P = (w - 2*{s}) (h - 2*{t})", "w h = {A}",
         {"w": "the width of the whole:1", "h": "the height of the whole:1", "P": "the printed area:2"},
         {"A": _SURFACE, "t": _Given(1, "top|bottom"), "s": _Given(1, "side|left|right")}, "greatest"),
        ("", "P = (w - 2*{s}) (h - {t} - {u})", "w h = {A}",
         {"w": "the width of the whole:1", "h": "the height of the whole:1", "P": "the printed area:2"},
         {"A": _SURFACE, "t": _Given(1, "top"), "u": _Given(1, "bottom"), "s": _Given(1, "side|left|right")},
         "greatest"),
        ("", "A = (w + 2*{m}) (h + 2*{m})", "w h = {P}",
         {"w": "the width of the print:1", "h": "the height of the print:1", "A": "the area of the whole:2"},
         {"P": _Given(2, "print|text|image|type|picture|matter"), "m": _LENGTH}, "least"),
        ("", "P = (w - 2*{m}) (h - 2*{m})", "w h = {A}",
         {"w": "the width of the whole:1", "h": "the height of the whole:1", "P": "the printed area:2"},
         {"A": _SURFACE, "m": _LENGTH}, "greatest"),
    ),
    *_family(
        rf"(?s)(?=.*{_WIRE})(?=.*(?:cut|two pieces|bent))",
        (r"(?=.*circle)(?=.*square)", "A = x^2 + pi r^2", "4 x + 2 pi r = {L}",
         {"x": "the side of the square:1", "r": "the radius of the circle:1", "A": "both areas together:2"},
         {"L": _LENGTH}, "either"),
        (r"(?=.*triangle)(?=.*square)", "A = x^2 + sqrt(3)/4 a^2", "4 x + 3 a = {L}",
         {"x": "the side of the square:1", "a": "the side of the triangle:1", "A": "both areas together:2"},
         {"L": _LENGTH}, "either"),
        (r"(?=.*triangle)(?=.*circle)", "A = sqrt(3)/4 a^2 + pi r^2", "3 a + 2 pi r = {L}",
         {"a": "the side of the triangle:1", "r": "the radius of the circle:1", "A": "both areas together:2"},
         {"L": _LENGTH}, "either"),
        (r"(?=.*two squares)", "A = x^2 + y^2", "4 x + 4 y = {L}",
         {"x": "the side of one square:1", "y": "the side of the other:1", "A": "both areas together:2"},
         {"L": _LENGTH}, "either"),
    ),
    # Ways.
    Optimum(r"(?s)(?=.*ladder)(?=.*fence|.*wall)", "L = sqrt((x + {b})^2 + y^2)", "y/(x + {b}) = {a}/x",
            {"x": "the distance of its foot from the fence:1", "y": "the height that it reaches:1",
             "L": "the length of the ladder:1"},
            {"a": _Given(1, "high|tall|height"), "b": _Given(1, "from|away|distance|apart")}, "least"),
    Optimum(r"(?s)(?=.*\b(?:poles?|posts?|towers?|towns?|houses?)\b)(?=.*(?:stak|anchor|wire|rope|cable|point))",
            "L = sqrt(x^2 + {a}^2) + sqrt(({d} - x)^2 + {b}^2)", "",
            {"x": "the distance from the foot of the first:1", "L": "the length of the wire:1"},
            {"a": _Given(1, "high|tall|height|long"), "b": _Given(1, "high|tall|height|long"),
             "d": _Given(1, "apart|distance")}, "least"),
    Optimum(r"\brow|swim|boat|kayak|canoe", "T = sqrt({a}^2 + x^2)/{v} + ({b} - x)/{u}", "",
            {"x": "how far along the shore the landing is:1", "T": "the time:-2"},
            {"a": _Given(1, "from the (?:nearest|closest|shore|coast|beach|bank)|of its closest|off|out|wide|island"),
             "b": _Given(1, "down|along|coast|town|village|downstream|up the|west|east|cabin"),
             "v": _Given(SPEED, "row|swim|boat|paddl|water"),
             "u": _Given(SPEED, "walk|run|jog|cycle|bike|land")}, "least"),
    Optimum(r"pipe|cable|line", "C = {v} sqrt({a}^2 + x^2) + {u} ({b} - x)", "",
            {"x": "how far along the shore it comes to land:1", "C": "the cost:10"},
            {"a": _Given(1, "from the (?:nearest|shore|coast|beach|bank)|off|wide|across|island"),
             "b": _Given(1, "down|along|coast|downstream|up the|refinery|station"),
             "v": _Given(PER_LENGTH, "under|water|river|sea|lake"), "u": _Given(PER_LENGTH, "land|shore|along|ground")},
             "least"),
    # Fences.
    *_family(
        rf"(?s)(?=.*(?:{_FENCE}))",
        (rf"(?=.*(?:{_FREE}))(?=.*(?:{_DIVIDED}))", "A = x y", "{k1} x + y = {P}", _PENS | _AREA, {"P": _LENGTH},
         "greatest"),
        (rf"(?=.*(?:{_DIVIDED}))", "A = x y", "{k1} x + 2 y = {P}", _PENS | _AREA, {"P": _LENGTH}, "greatest"),
        (rf"(?=.*(?:{_DIVIDED}))", "F = {k1} x + 2 y", "x y = {A}", _PENS | _FENCING, {"A": _SURFACE}, "least"),
        (rf"(?=.*(?:{_FREE}))", "A = x y", "2 x + y = {P}", _SIDES | _AREA, {"P": _LENGTH}, "greatest"),
        (rf"(?=.*(?:{_FREE}))", "F = 2 x + y", "x y = {A}", _SIDES | _FENCING, {"A": _SURFACE}, "least"),
        (r"(?=.*(?:two|other) (?:opposite |parallel )?sides|.*opposite sides)", "C = 2*{c} x + 2*{d} y",
         "x y = {A}", _RECTANGLE | _COST, {"A": _SURFACE, "c": _Given(PER_LENGTH), "d": _Given(PER_LENGTH)}, "least"),
        ("", "C = {c} x + {d} (x + 2 y)", "x y = {A}",
         {"x": "the side of the other price:1", "y": "the sides beside it:1"} | _COST,
         {"A": _SURFACE, "c": _Given(PER_LENGTH, "front|road|street|one side|fourth|north|south|brick|highway"),
          "d": _Given(PER_LENGTH, "other|three|remaining|rest")}, "least"),
        (r"(?=.*diagonal)", "A = x y", "x^2 + y^2 = {d}^2", _RECTANGLE | _AREA, {"d": _LENGTH}, "greatest"),
        (rf"(?=.*(?:{_ROUND_IT}))(?!.*{_BORDER})", "A = x y", "2 x + 2 y = {P}", _RECTANGLE | _AREA, {"P": _LENGTH},
         "greatest"),
        (rf"(?!.*{_BORDER})", "P = 2 x + 2 y", "x y = {A}",
         _RECTANGLE | {"P": "the perimeter:1"}, {"A": _SURFACE}, "least"),
        without=rf"triang|circ|ellip|parab|inscrib|margin|ladder|{_BOX}",
    ),
    # Numbers.
    Optimum(r"(?s)(?=.*numbers?\b)(?=.*product)(?=.*differ)", "P = x y", "x - y = {N}",
            {"x": "the greater number:0", "y": "the other:0", "P": "the product:0"}, {"N": _Given(BARE)}, "least",
            real=True),
    *_family(
        r"(?s)(?=.*numbers?\b)",
        (r"(?=.*sum (?:of )?(?:their|the) squares|.*sum of (?:the )?squares)(?=.*(?:sum|add|total))",
            "S = x^2 + y^2", "x + y = {N}",
         {"x": "one number:0", "y": "the other:0", "S": "the sum of the squares:0"}, {"N": _Given(BARE)}, "least"),
        (r"(?=.*product)(?=.*\d times the other)", "S = x + {k} y", "x y = {N}",
         {"x": "one number:0", "y": "the other:0", "S": "the sum:0"},
         {"N": _Given(BARE, "product"), "k": _Given(BARE, "times")}, "least"),
        (r"(?=.*product (?:is|of \d|equal|of[^.]{0,30}\b(?:is|equals)\b)|"
         r".*(?:have|has|with|whose) (?:a |the )?product)", "S = x + y", "x y = {N}",
         {"x": "one number:0", "y": "the other:0", "S": "the sum:0"}, {"N": _Given(BARE)}, "least"),
        (r"(?=.*product)(?=.*square)(?=.*(?:sum|add))", "P = x y^2", "x + y = {N}",
         {"x": "one number:0", "y": "the one that is squared:0", "P": "the product:0"}, {"N": _Given(BARE)},
         "greatest"),
        (r"(?=.*product)(?=.*(?:sum|add|total))", "P = x y", "x + y = {N}",
         {"x": "one number:0", "y": "the other:0", "P": "the product:0"}, {"N": _Given(BARE)}, "greatest"),
        without=r"random|complex",
    ),
    Optimum(r"number[^.]{0,40}(?:reciprocal)", "S = x + 1/x", "", {"x": "the number:0", "S": "the sum:0"}, {},
        "least"),
)  # fmt: skip
