"""Mistakes as rules: what people do instead of a rule of differentiation, in words.

An id, M01 to M57, stands for one such rule for good: scripts read it as `rule` in the values of a claim. A number that
is missing was never given. A18 and A19 are mistakes with programs too, and have the ids of
`nabla.tensor.mistakes.names`. `often` is the number of questions that test for a mistake in courses, question banks and
research on errors (STACK's Calculus Refresher, Numbas, Siyepu 2013/2015 and others).
`slips` holds what each of them gives.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Malrule:
    """A mistake: its name, what was done, with {pieces} of the node to be filled in, and how often it is tested for."""

    name: str
    says: str
    often: int = 3


MALRULES: dict[str, Malrule] = {
    "M01": Malrule(
        "inner derivative left out",
        "The outer derivative {outer_slope} was taken and the inner one, {inner_slope}, left out.",
        19,
    ),
    "M02": Malrule(
        "inner derivative put inside",
        "The inner derivative {inner_slope} was put where the inner function {inner} belongs.",
        4,
    ),
    "M03": Malrule(
        "outer derivative taken at the variable",
        "The outer derivative was taken at {var}, not at the inner function {inner}.",
        10,
    ),
    "M04": Malrule(
        "inner function not differentiated",
        "The outer derivative was multiplied by the inner function {inner} and not by its derivative {inner_slope}.",
        5,
    ),
    "M05": Malrule(
        "only the inner derivative",
        "Only the inner function {inner} was differentiated; the outer derivative {outer_slope} is missing.",
        6,
    ),
    "M06": Malrule(
        "outer function not differentiated",
        "The outer function was left as it is, {expr}, and only multiplied by the inner derivative {inner_slope}.",
        5,
    ),
    "M07": Malrule(
        "a layer of the chain lost",
        "One layer of the chain is missing: the derivative of {inner}, which is {inner_slope}.",
        12,
    ),
    "M08": Malrule(
        "inner derivative left out the second time",
        "In the last differentiation the inner derivative {inner_slope} was left out.",
        6,
    ),
    "M09": Malrule("product of the derivatives", "The derivatives of the factors were multiplied.", 12),
    "M10": Malrule("factors paired wrongly", "Each factor was multiplied by its own derivative.", 12),
    "M11": Malrule(
        "a term missing", "A term of the sum is missing: not everything that depends on {var} got its turn.", 6
    ),
    "M12": Malrule("minus in the product rule", "The terms of the product rule were subtracted; they are added.", 6),
    "M13": Malrule(
        "product treated as a sum", "The derivatives of the factors were added, as if the product were a sum.", 5
    ),
    "M14": Malrule(
        "constant given the derivative 1", "The constant {constant} was given the derivative 1; it is 0.", 4
    ),
    "M15": Malrule("constant factor left out", "The constant factor {constant} was left out.", 8),
    "M16": Malrule("quotient of the derivatives", "Top and bottom were differentiated each for itself.", 14),
    "M17": Malrule("plus in the quotient rule", "The terms above the line were added; the second is subtracted.", 12),
    "M18": Malrule(
        "order reversed in the quotient rule", "The terms above the line were subtracted in the wrong order.", 13
    ),
    "M19": Malrule("bottom not squared", "The bottom {bottom} was not squared.", 14),
    "M20": Malrule(
        "divided by the square of the top",
        "It was divided by the square of the top {top}, not of the bottom {bottom}.",
        14,
    ),
    "M21": Malrule("bottom forgotten", "The division by the square of the bottom {bottom} is missing.", 6),
    "M23": Malrule("exponent not brought down", "The exponent {exponent} was not brought down as a factor.", 6),
    "M24": Malrule("exponent not reduced", "The exponent {exponent} was brought down and not reduced by one.", 6),
    "M25": Malrule("exponent moved the wrong way", "The exponent {exponent} was raised by one; it is reduced.", 5),
    "M26": Malrule(
        "power rule on an exponential",
        "The power rule was used on an exponential: in {expr} the variable stands in the exponent.",
        8,
    ),
    "M27": Malrule("exponent reduced", "The exponent of {expr} was reduced by one; that of an exponential stays.", 5),
    "M28": Malrule("logarithm of the base missing", "The factor ln of the base {base} is missing.", 6),
    "M29": Malrule(
        "divided by the logarithm of the base",
        "It was divided by ln of the base {base}, as when integrating; it is multiplied.",
        4,
    ),
    "M30": Malrule(
        "base of the logarithm forgotten",
        "The factor {constant}, which the base of the logarithm brings, is missing.",
        6,
    ),
    "M31": Malrule(
        "logarithm as one over the derivative",
        "The derivative of a logarithm is {inner_slope} over {inner}, not one over {inner_slope}.",
        5,
    ),
    "M32": Malrule(
        "power or exponential rule on f^g",
        "Base {base} and exponent {exponent} both depend on {var}; only one of them was treated so.",
        8,
    ),
    "M33": Malrule(
        "one over the derivative", "The derivative of one over something is not one over its derivative.", 5
    ),
    "M34": Malrule("root of the derivative", "The root of the derivative was taken.", 4),
    "M35": Malrule(
        "constant treated as a variable", "The constant {constant} was differentiated as if it were a variable.", 4
    ),
    "M36": Malrule("coefficient and exponent added", "Coefficient and exponent were added; they are multiplied.", 3),
    "M37": Malrule("sign of the derivative of the cosine", "The derivative of {expr} has the wrong sign.", 12),
    "M38": Malrule("sign of the derivative of the sine", "The derivative of {expr} has the wrong sign.", 12),
    "M39": Malrule("sign of the whole", "The whole has the wrong sign.", 10),
    "M40": Malrule(
        "another line of the table", "The derivative of {expr} is {slope}; another line of the table was used.", 6
    ),
    "M41": Malrule("integrated", "The function was integrated, not differentiated.", 6),
    "M42": Malrule(
        "another line of the table of inverse functions",
        "The derivative of {expr} is {slope}; another function's was used.",
        5,
    ),
    "M43": Malrule(
        "taken apart at the plus",
        "The outer function was applied to each term by itself, which holds only for linear functions.",
        5,
    ),
    "M44": Malrule("power moved to the argument", "{expr} was read with the power on the argument.", 4),
    "M46": Malrule("stopped early", "This is a derivative of lower order than the one asked for.", 8),
    "M47": Malrule(
        "first derivative squared", "The first derivative was squared; it is to be differentiated again.", 5
    ),
    "M48": Malrule(
        "product rule missed the second time",
        "In the second differentiation only the inner derivative was differentiated.",
        5,
    ),
    "M49": Malrule(
        "derivative of y left out",
        "{var} was treated as if y did not depend on it: the factor that y brings is missing.",
    ),
    "M50": Malrule("upside down", "This is the derivative the other way round: one over what was asked.", 4),
    "M51": Malrule(
        "divided by the wrong speed",
        "For a curve, each derivative with respect to {var} is divided by the speed of x.",
        5,
    ),
    "M52": Malrule("other variable not held fixed", "{constant} was differentiated too; it is held fixed.", 4),
    "M53": Malrule("wrong variable", "This is the derivative with respect to another variable.", 6),
    "M54": Malrule("constant kept", "{constant} does not depend on {var}: its derivative is 0, but it was kept.", 5),
    "M55": Malrule(
        "mixed derivative in the wrong variables", "This is a second derivative with respect to other variables.", 4
    ),
    "M56": Malrule("direction not brought to length one", "The direction has to be divided by its length first.", 6),
    "M57": Malrule(
        "not multiplied by the function",
        "This is the derivative of ln y, which is y'/y; it is still to be multiplied by y, which is {expr}.",
        6,
    ),
    "M58": Malrule(
        "slopes of the ends left out",
        "The integrand was taken at the ends, and not multiplied by their own derivatives.",
        6,
    ),
    "A19": Malrule(
        "rows and columns exchanged",
        "This is the transposed matrix: each function has a row, each variable a column.",
        8,
    ),
    "A18": Malrule("value of the function", "This is the function itself, not its derivative.", 8),
}
