"""What the rules are called in which exercises are set."""

NAMES = {
    "power": "the power rule",
    "product": "the product rule",
    "quotient": "the quotient rule",
    "chain": "the chain rule",
    "exponential": "exponential functions",
    "logarithm": "logarithms",
    "trigonometric": "trigonometric functions",
    "inverse": "inverse trigonometric functions",
    "mixed": "all rules",
}
