r"""What each method does exactly, in prose with LaTeX between dollar signs: $g$ is the gradient, $H$ the Hessian.

These are words for the reader, not docstrings: the page's Python comes without those.
"""

CONVENTIONS: dict[str, str] = {
    "gradient-descent": (r"$x \leftarrow x - \text{rate}\; g$. Cauchy (1847)."),
    "backtracking": (
        r"$x \leftarrow x - t\,g$, $t$ halved until $f$ falls by $10^{-4}\,t\,g \cdot g$ (Armijo 1966); the next "
        "search starts at twice the last $t$."
    ),
    "heavy-ball": (
        r"$v \leftarrow \text{momentum}\; v + g$, $x \leftarrow x - \text{rate}\; v$, without a factor $1 - "
        r"\text{momentum}$. Polyak (1964); as `torch.optim.SGD(momentum=...)`."
    ),
    "nesterov": (
        r"$v \leftarrow \text{momentum}\; v + g$, $x \leftarrow x - \text{rate}\,(g + \text{momentum}\; v)$: "
        "Nesterov (1983) with the gradient at $x$, as `torch.optim.SGD`."
    ),
    "adagrad": (
        r"$s \leftarrow s + g^2$, $x \leftarrow x - \text{rate}\; g / (\sqrt{s} + \varepsilon)$, $s = 0$ at first."
        " Duchi, Hazan and Singer (2011)."
    ),
    "rmsprop": (
        r"$s \leftarrow 0.9\,s + 0.1\,g^2$, $x \leftarrow x - \text{rate}\; g / (\sqrt{s} + \varepsilon)$, $s = 0$"
        " at first. Tieleman and Hinton (2012)."
    ),
    "adam": (
        "$m$ and $s$ are running averages of $g$ and $g^2$ (momentum, 0.999), corrected for their start at 0; $x "
        r"\leftarrow x - \text{rate}\; m / (\sqrt{s} + \varepsilon)$. Kingma and Ba (2015), algorithm 1."
    ),
    "adamw": (
        r"As Adam, and $x$ shrinks by $\text{rate} \cdot 0.01$ in each step, so that it does not minimise $f$ "
        "alone. Loshchilov and Hutter (2019)."
    ),
    "cg": (
        r"$p \leftarrow -g + \beta p$ with $\beta = \max(0,\, g \cdot (g - g_\text{old}) / g_\text{old} \cdot "
        r"g_\text{old})$; strong Wolfe steps with $10^{-4}$ and 0.4 after which the next $p$ falls. Polak "
        "and Ribière (1969) with Powell's restart, as Nocedal and Wright (2006), eq. 5.44 and 5.45."
    ),
    "newton": (
        r"$x \leftarrow x - H^{-1} g$ and nothing else: it finds stationary points of every kind, saddles and "
        "maxima too."
    ),
    "damped-newton": (
        r"$x \leftarrow x - t\,|H|^{-1} g$, $|H|$ with the absolute values of the eigenvalues of $H$ (those below "
        "$10^{-8}$ of the largest are raised to that), $t = 1$ halved until $f$ falls (Armijo, $10^{-4}$). "
        "Greenstadt, Math. Comp. 21 (1967), 360."
    ),
    "newton-cg": (
        r"$p$ from $H p = -g$ by conjugate gradients, ended at $|r| \le \min(\tfrac12, \sqrt{|g|})\,|g|$ or at "
        "negative curvature; strong Wolfe steps with $10^{-4}$ and 0.9. It ends when the gradient is small and "
        "steps are below $10^{-5}$ on average. Dembo and Steihaug (1983), as Nocedal and Wright (2006), algorithm"
        " 7.1."
    ),
    "trust-region": (
        r"The exact minimum of $g \cdot p + \tfrac12\, p \cdot H p$ over $|p| \le$ radius. The radius is 1 at "
        "first, a quarter after bad steps, twice after good ones at the border; a step is taken when $f$ falls by"
        " 0.15 of what was predicted. Moré and Sorensen, SIAM J. Sci. Stat. Comput. 4 (1983), 553; Nocedal and "
        "Wright (2006), algorithm 4.1."
    ),
    "bfgs": (
        "$p = -B g$, $B = 1$ at first and updated so that $B y = s$; strong Wolfe steps with $10^{-4}$ and 0.9. "
        "Broyden, Fletcher, Goldfarb and Shanno (1970), as Nocedal and Wright (2006), eq. 6.17."
    ),
    "l-bfgs": (
        r"BFGS from the last 10 pairs $(s, y)$, started from $(s \cdot y / y \cdot y)\,1$; strong Wolfe steps with"
        " $10^{-3}$ and 0.9. The two loops of Nocedal, Math. Comp. 35 (1980), 773. Bounds: projected steps, the "
        "pairs of free variables."
    ),
    "nelder-mead": (
        r"Reflection 1, expansion 2, contraction and shrinking $\tfrac12$; each corner of the first simplex 5 % "
        "away (0.00025 from 0). Ends when corners and values agree to $10^{-4}$. Nelder and Mead (1965), as "
        "stated by Lagarias, Reeds, Wright and Wright, SIAM J. Optim. 9 (1998), 112."
    ),
    "levenberg-marquardt": (
        r"$p$ from $(J^\top J + \text{damping}\; D)\,p = -J^\top r$, $D$ the diagonal of $J^\top J$; damping "
        r"$10^{-3}$ at first, a tenth after a fall, tenfold after a rise. For $f = r \cdot r$; a step counts as "
        "one $f$ and one gradient. Levenberg (1944), Marquardt (1963)."
    ),
    "coordinate-descent": (
        "One variable at a time, in turn: a Newton step where the curvature is positive, else a gradient step, "
        "halved until $f$ falls. One gradient and one Hessian a variable are counted. Wright, Math. Program. 151 "
        "(2015), 3."
    ),
}
