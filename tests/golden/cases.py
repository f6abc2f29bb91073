"""The questions whose whole answers are kept as golden documents, by name: lab and inputs."""

CASES: dict[str, tuple[str, dict[str, str]]] = {
    "chain-rule-at-a-point": ("derive", {"f": "(w*x-y)^2", "wrt": "w", "at": "w=3,x=2,y=2"}),
    "why-16-and-not-8": ("derive", {"f": "(w*x-y)^2", "wrt": "w", "at": "w=3,x=2,y=2", "claim": "8"}),
    "product-and-chain": ("derive", {"f": "2x sin(x^2)", "wrt": "x", "at": "x=pi/2", "detail": "novice"}),
    "quotient": ("derive", {"f": "(2x+1)/(x^2+1)", "at": "x=1"}),
    "mixed-partial": ("derive", {"f": "x^2*y^3", "wrt": "x,y", "at": "x=2,y=1"}),
    "second-derivative": ("derive", {"f": "exp(-x^2/2)", "wrt": "x,x"}),
    "function-to-a-function": ("derive", {"f": "x^x", "at": "x=2"}),
    "corner": ("derive", {"f": "|x-1| + x", "at": "x=1"}),
    "pole": ("derive", {"f": "1/x", "at": "x=0"}),
    "absent-variable": ("derive", {"f": "x^2", "wrt": "z"}),
}
