"""Optimisation told as a story: which shape of the stock a text tells, and its numbers in their places.

Of the shapes whose words are in the text the first is taken whose given quantities are exactly those of the text; a
quantity more, or one less, and it is another story, or none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import permutations

from nabla.question.formulas import entries_of, names_in
from nabla.question.measures import Measured, clauses_of, length_unit, measured_in, scaled
from nabla.question.optima_stock import BARE, MONEY, PER_AREA, PER_LENGTH, SPEED, STOCK, GivenNumber, Optimum
from nabla.question.roles import RoleReading

_GREATEST = re.compile(
    r"maxim|largest|greatest|biggest|most\b|as (?:large|big|much|great) as possible|strongest|highest|optim"
)
_LEAST = re.compile(
    r"minim|smallest|\bleast\b|cheap|lowest|shortest|fewest|closest|nearest|"
    r"as (?:small|little|short|quickly|soon|fast) as possible|quickest|fastest|economical|inexpensive"
)
# "A 12 by 16 inch sheet": the unit belongs to both.
_PAIR = re.compile(
    r"(?P<a>\d+(?:\.\d+)?)(?P<by>[\s-]*(?:by|x|×|\\times)[\s-]*)(?P<b>\d+(?:\.\d+)?)(?P<gap>[\s-]*)(?P<unit>[A-Za-z]+)"
)
_MONEY = re.compile(
    r"(?:\\?\$\s?(?P<a>\d+(?:,\d{3})*(?:\.\d+)?)|(?P<b>\d+(?:\.\d+)?)\s?(?P<word>dollars?|cents?|euros?|pounds?|¢|€))"
    r"(?:\$)?(?:\s*(?:/|per|a|an|for (?:each|every)|each)\s*"
    r"(?P<raised>square|sq\.?|cubic)?[\s-]?(?P<unit>[A-Za-z]+)(?P<power>\^?[23]|[²³])?)?"
)
_FOLD = re.compile(r"(\d+(?:\.\d+)?) times")
_TIMES = {"twice": "2", "double": "2", "three times": "3", "triple": "3", "four times": "4", "half": "1/2"}
_COUNTS = {"half": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6}
_PARTS = re.compile(
    rf"\b({'|'.join(_COUNTS)})\b(?:\s+(?:equal|adjacent|identical|separate|smaller|rectangular|congruent|parallel|equally|"
    r"sized|sections?|side-by-side))*\s+(?:of\s+)?(?:pens?|parts?|plots?|corrals?|pieces?|areas?|sections?|compartments?|fields?|"
    r"lots?|halves|enclosures?|rectangles|regions|runs)|(?:in|into)\s+(half|two|three|four|five)\b"
)
FAR, CLEAR = 1e6, 5


def optimum_of(reading: RoleReading) -> dict[str, str] | None:
    """The inputs of derive for an optimisation told as a story; None where no shape of the stock fits."""
    text = reading.text
    lower = _PAIR.sub(_with_units, text.lower())
    goal = goal_of(lower)
    if not goal:
        return None
    if filled := _of_formulas(reading, lower, goal):
        return filled
    quantities = [*_priced(lower), *_measured(lower)]
    unit = length_unit(quantities)
    for shape in STOCK:
        possible = goal == "both" or shape.goal in (goal, "either")
        if possible and re.search(shape.words, lower) and not re.search(shape.without, lower):
            found: list[Measured] = quantities
            powers = {given.power for given in shape.given.values()}
            if BARE in powers or (not quantities and powers == {1}):  # a circle of radius 4
                found = _bare(lower, BARE if BARE in powers else 1)
            places = _placed(shape, found, unit)
            if places is not None and (filled := _filled(shape, lower, places, goal, unit)):
                return filled
    return None


def goal_of(text: str) -> str:
    """Whether the greatest or the least is asked for; "both" where a text asks for both."""
    said = [bool(pattern.search(text)) for pattern in (_GREATEST, _LEAST)]
    return "both" if all(said) else "greatest" if said[0] else "least" if said[1] else ""


def _with_units(found: re.Match[str]) -> str:
    unit = found["unit"]
    if not length_unit(measured_in(f"1 {unit}")):
        return found[0]
    return f"{found['a']} {unit}{found['by']}{found['b']} {unit}"


def _measured(text: str) -> list[Measured]:
    """Lengths, areas, volumes and speeds, each once."""
    found: dict[tuple[object, ...], Measured] = {}
    prices = [match.span() for match in _MONEY.finditer(text)]
    for quantity in measured_in(text):
        priced = any(a <= quantity.span[0] < b for a, b in prices)
        if not priced and quantity.power:
            key = (quantity.value, quantity.power, quantity.unit, quantity.per)
            found.setdefault(key if not _twice(text, quantity) else (*key, quantity.at), quantity)
    return list(found.values())


def _twice(text: str, quantity: Measured) -> bool:
    """Whether a quantity that was met before is another one of the same size: 12 in by 12 in."""
    return bool(re.search(r"(?:by|x|×)[\s-]*\Z", text[: quantity.span[0]]))


def _priced(text: str) -> list[Measured]:
    """Money, and money for a length or an area, as quantities with powers of their own."""
    found = []
    for start, end in clauses_of(text):
        for match in _MONEY.finditer(text, start, end):
            value = (match["a"] or match["b"]).replace(",", "")
            value = f"{value}/100" if match["word"] and match["word"][:1] in "c¢" else value
            unit = length_unit(measured_in(f"1 {match['unit']}")) if match["unit"] else ""
            raised = match["raised"] or match["power"]
            power = (PER_AREA if raised else PER_LENGTH) if unit else MONEY
            found.append(Measured(value, power, unit, "", text[start:end], match.start() - start, match.span()))
    return found


def _bare(text: str, power: int) -> list[Measured]:
    """The numbers of a text, for problems about numbers, or about lengths without a unit."""
    return [
        Measured(match[0], power, "", "", text, match.start(), match.span())
        for match in re.finditer(r"(?<![\w.])\d+(?:\.\d+)?(?![\w]|\.\d)", text)
    ]


def _power(quantity: Measured) -> int:
    return SPEED if quantity.per else quantity.power


def _placed(shape: Optimum, quantities: Sequence[Measured], unit: str) -> dict[str, str] | None:
    """The numbers for the places of a shape: that way of giving each its own in which their words stand nearest."""
    names = list(shape.given)
    if len(names) != len(quantities):
        return None
    ways: dict[tuple[str, ...], tuple[float, Sequence[Measured]]] = {}
    for order in permutations(quantities):  # between places with the same words it does not matter
        pairs = zip(shape.given.values(), order, strict=True)
        key = tuple(sorted(f"{given.power} {given.words}: {_power(q)} {q.value}" for given, q in pairs))
        ways.setdefault(key, (_cost(shape, order), order))
    ordered = sorted(ways.values(), key=lambda way: way[0])
    if not ordered or ordered[0][0] >= FAR or (len(ordered) > 1 and ordered[1][0] < ordered[0][0] + CLEAR):
        return None  # no way, or two that are as likely
    best = ordered[0][1]
    places: dict[str, str] = {}
    for name, quantity in zip(names, best, strict=True):
        value = (
            quantity.value
            if quantity.power in (BARE, MONEY, PER_LENGTH, PER_AREA) or quantity.per
            else scaled(quantity, unit, "")
        )
        if value is None:
            return None
        near = quantity.clause[max(0, quantity.at - 30) : quantity.at + 45]
        halved = re.search(r"radius", shape.given[name].words) and re.search(r"diameter|across", near)
        places[name] = f"({value}/2)" if halved else value if value.replace(".", "").isdigit() else f"({value})"
    return places


def _cost(shape: Optimum, order: Sequence[Measured]) -> float:
    """How far the words of the places stand from the quantities that they would have."""
    return sum(_distance(given, quantity) for given, quantity in zip(shape.given.values(), order, strict=True))


def _distance(given: GivenNumber, quantity: Measured) -> float:
    """How far the words of a place stand from a quantity; far where they do not, or the dimension is another."""
    if given.power != _power(quantity):
        return FAR
    if not given.words:
        return 0.0
    at = quantity.at
    gaps = [min(abs(found.start() - at), abs(found.end() - at)) for found in re.finditer(given.words, quantity.clause)]
    return min([*gaps, FAR])


def _filled(shape: Optimum, text: str, places: dict[str, str], goal: str, unit: str) -> dict[str, str] | None:
    asked = goal if shape.goal == "either" else shape.goal
    words = {**places, **_counted(text)}
    try:
        wanted, equations = (part.format(**words) for part in (shape.wanted, shape.equations))
        letters = {name: meaning.format(**words) for name, meaning in shape.letters.items()}
    except KeyError:
        return None  # a number of pens, or a ratio, that is not told
    left = wanted.partition(" ")[0]
    told = {name: meaning.rpartition(":") for name, meaning in letters.items()}
    named = "; ".join(f"{name}: {text}{_in(int(power), unit)}" for name, (text, _, power) in told.items())
    inputs = {"f": wanted, "what": asked, "constraint": equations, "letters": named}
    if not shape.real:
        inputs["domain"] = ", ".join(f"{name} >= 0" for name in told if name != left)
    return {name: value for name, value in inputs.items() if value}


def _counted(text: str) -> dict[str, str]:
    """The number of parallel fences that a division into parts needs, and a ratio of sides."""
    found: dict[str, str] = {}
    if parts := _PARTS.search(text):
        found["k1"] = str(_COUNTS[parts[1] or parts[2]] + 1)
    elif re.search(r"divid|partition", text):
        found["k1"] = "3"
    if fold := _FOLD.search(text):
        found["k"] = fold[1]
    elif ratio := next((value for word, value in _TIMES.items() if re.search(rf"\b{word}\b", text)), ""):
        found["k"] = ratio
    return found


def _in(power: int, unit: str) -> str:
    """The unit of a quantity of so many lengths, in brackets."""
    if power == MONEY:
        return " ($)"
    if power < 1 or not unit:
        return ""
    return f" ({unit})" if power == 1 else f" ({unit}^{power})"


# Stories whose quantity is told by a formula.

_AMOUNT = r"\$?\s?(\d+(?:,\d{3})*(?:\.\d+)?)"
_STEP = re.compile(
    rf"(?:each|every|per|for a)\s+(?:additional\s+|further\s+)?{_AMOUNT}\s?(cents?|¢|%)?"
    r"(?:\s?(?:dollars?|euros?|€))?\s+(?:that\s+)?(?P<way>increase|rise|raise|decrease|drop|reduction|discount|rebate|cut|less|more)"
)
_RISES = ("increase", "rise", "raise", "more")
_FEWER = r"los\w+|fewer|less|drops?|decreas\w+|falls?|down|vacant|leave"
_MORE = r"more|gain\w*|additional|increas\w+|rises?|extra|another"
_CHANGE = re.compile(
    rf"(?:(?P<down>{_FEWER})|(?P<up>{_MORE}))\D{{0,30}}?{_AMOUNT}|{_AMOUNT}\s+(?:units?\s+|will\s+|be\w*\s+|remain\s+)*"
    rf"(?:(?P<fewer>{_FEWER})|(?P<further>{_MORE}))"
)


def _of_formulas(reading: RoleReading, text: str, goal: str) -> dict[str, str] | None:
    """The nearest point of a curve, a rectangle under one, revenue and profit."""
    curve = next(
        (f for f in reading.formulas if f.shape in ("definition", "function", "equation") and len(f.sides) == 2), None
    )
    points = [f for f in reading.formulas if f.shape == "point" and len(entries_of(f.body)) == 2]
    if curve and goal == "least" and re.search(r"closest|nearest|(?:shortest|minim\w*|least|smallest) distance", text):
        origin = "origin" in text and not points
        a, b = ("0", "0") if origin else entries_of(points[0].body) if points else ("", "")
        equation = curve.read if curve.shape == "equation" or curve.name == "y" else f"y = {curve.sides[1]}"
        if not a or set(names_in(equation)) - {"x", "y"}:
            return None
        return {
            "f": f"D = sqrt({_shifted('x', a)}^2 + {_shifted('y', b)}^2)",
            "what": "least",
            "constraint": equation,
            "letters": "x: the first coordinate; y: the second coordinate; D: the distance",
        }
    if (
        curve
        and goal == "greatest"
        and re.search(r"rectang", text)
        and re.search(r"parabola|curve|\bax[ei]s\b|graph|ellipse", text)
    ):
        equation = curve.read if curve.shape == "equation" or curve.name == "y" else f"y = {curve.sides[1]}"
        if set(names_in(equation)) - {"x", "y"}:
            return None
        times = "" if re.search(r"first quadrant|\bline\b", text) else "4 " if "ellipse" in text else "2 "
        width = {"": "the width", "2 ": "half the width", "4 ": "half the width"}[times]
        height = "half the height" if times == "4 " else "the height"
        return {
            "f": f"A = {times}x y",
            "what": "greatest",
            "constraint": equation,
            "letters": f"x: {width}; y: {height}; A: the area",
            "domain": "x >= 0, y >= 0",
        }
    return _of_sales(reading, text, goal) or _of_two_letters(reading, text, goal)


def _of_two_letters(reading: RoleReading, text: str, goal: str) -> dict[str, str] | None:
    """An equation between two letters and a formula of them: x + 2y = 50, and (x + 1)(y + 2) a maximum."""
    if goal == "both" or re.search(r"subject to|lagrange|constraint|multiplier", text):
        return None
    equations = [f for f in reading.formulas if f.shape == "equation" and len(f.sides) == 2 and not f.prime]
    wanted = [f for f in reading.formulas if f.shape == "formula" and not f.prime and len(names_in(f.body)) == 2]
    if len(equations) != 1 or len(wanted) != 1:
        return None
    names = names_in(wanted[0].body)
    if set(names) != {name for side in equations[0].sides for name in names_in(side)}:
        return None
    filled = {"f": wanted[0].body, "what": goal, "constraint": equations[0].read}
    if re.search(r"positive|non-?negative", text):
        filled["domain"] = ", ".join(f"{name} >= 0" for name in names)
    return filled


def _shifted(name: str, value: str) -> str:
    return name if value.strip() == "0" else f"({name} - ({value.strip()}))"


def _of_sales(reading: RoleReading, text: str, goal: str) -> dict[str, str] | None:
    """Revenue or profit: of a price that falls with the number sold, or told by steps of the price."""
    if goal != "greatest" or not re.search(r"revenue|income|profit|takings|receipts", text):
        return None
    told = {f.name: f for f in reading.formulas if f.shape in ("definition", "function") and len(f.sides) == 2}
    price = next((told[name] for name in ("p", "P", "D") if name in told), None)
    cost, revenue = told.get("C"), told.get("R")
    sold = next((f for f in told.values() if names_in(f.sides[1]) == ("p",) and f.name in "nNqQxD"), None)
    if sold and not revenue and "profit" not in text:
        letters = f"p: the price; R: the revenue; {sold.name}: the number sold"
        bounds = [f.read for f in reading.formulas if f.shape == "condition" and "p" in names_in(f.read)]
        domain = ", ".join(bounds) or f"p >= 0, {sold.name} >= 0"
        told_so = {"f": f"R = p {sold.name}", "what": "greatest", "constraint": f"{sold.name} = {sold.sides[1]}"}
        return {**told_so, "letters": letters, "domain": domain}
    named = price or revenue
    if named is not None and len(names_in(named.sides[1])) == 1:
        (x,) = names_in(named.sides[1])
        income = f"({revenue.sides[1]})" if revenue else f"{x} ({price.sides[1]})" if price else ""
        profit = "profit" in text and cost is not None
        if "profit" in text and cost is None:
            return None
        name = next(letter for letter in "PRGW" if letter not in told and letter != x)
        whole = f"{name} = {income} - ({cost.sides[1]})" if profit and cost else f"{name} = {income}"
        meaning = "the profit" if profit else "the revenue"
        return {
            "f": whole,
            "what": "greatest",
            "letters": f"{x}: the number sold; {name}: {meaning}",
            "domain": f"{x} >= 0",
        }
    return _of_steps(text)


def _of_steps(text: str) -> dict[str, str] | None:
    """A price and a number sold, and how the number changes with each step of the price."""
    step = _STEP.search(text)
    if step is None or "profit" in text:
        return None
    change = _CHANGE.search(text, step.end())
    rest = text[: step.start()]
    prices = list(_MONEY.finditer(rest))
    counts = [
        found
        for found in re.finditer(r"(?<![\w.$])(\d{2,}(?:,\d{3})*)(?![\w%]|\.\d)", rest)
        if found[0] not in {p["a"] for p in prices}
    ]
    if change is None or len(prices) != 1 or len(counts) != 1:
        return None
    by = (change[3] or change[4] or "").replace(",", "")
    price, count = (prices[0]["a"] or prices[0]["b"]).replace(",", ""), counts[0][1].replace(",", "")
    size = f"({step[1]}/100)" if step[2] and step[2] != "%" else step[1]
    up, more = step["way"] in _RISES, bool(change["up"] or change["further"])
    if up == more:
        return None  # a price that rises, and more are sold: another story
    signs = ("+", "-") if up else ("-", "+")
    return {
        "f": f"R = ({price} {signs[0]} {size} n) ({count} {signs[1]} {by} n)",
        "what": "greatest",
        "letters": "n: how many steps the price goes; R: the revenue ($)",
        "domain": f"{price} {signs[0]} {size} n >= 0, {count} {signs[1]} {by} n >= 0",
    }
