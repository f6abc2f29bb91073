"""The patterns by which the labs are recognised, in one module because their weights are relative to each other."""

from __future__ import annotations

from nabla.optimise.gallery import NAMES
from nabla.question.signs import FORMULA_CLAIM, NAMED_CLAIM, PLACE, SIGN_CLAIM, Clue, Fill, Signs

_NUMBER = r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?"
_PAIR = rf"({_NUMBER}(?:\s?,\s?{_NUMBER}){{1,9}})"
_WRT = r"(?:with respect to|w\.?r\.?t\.?|respect to|differentiate by|derivative by)\s{1,3}(?:the\s)?(?:(?:variable|parameter|weight)\s)?[`$]?"
_D = r"(?:\bd|∂|\\partial\s?)"
_TEX = r"(?:d|\\partial|\\mathrm\{d\})"
_OF = r"(?:partial\s)?derivative\b(?=\s(?:of|for|when|if|where|at|y\b|f\b)|\s?(?:[?.:,;]|$))"
# The order of a derivative, how it is raised in d²/dx², the primes of f'(x), its words.
_ORDERS = (
    (2, "²", "'{2}", "second|2nd"), (3, "³", "'{3}", "third|3rd"), (4, "⁴", "'{4}", "fourth|4th"),
    (5, "⁵", "'{5}", "fifth|5th"), (6, "⁶", "'{6}", "sixth|6th"),
)  # fmt: skip
_UP = {order: rf"(?:{raised}|\^\{{?{order}\}}?)" for order, raised, _, _ in _ORDERS}
_LETTER = r"([A-Za-zα-ω](?:_?\d)?)"
# Behind z = f(x, y): where x = ..., y = ...
_ALONG = (
    r"[$]?\s?(?:,|;|\bwhere\b|,\s?where\b|\bwith\b|\band\b)\s?[$]?x\s?(?:\(t\))?\s?=\s?(?=[^\n=,;$]{0,99}[a-z])([^\n=,;$]{1,100}?)[$]?\s?(?:,|;|\band\b|,\s?and\b)\s?[$]?"
    r"y\s?(?:\(t\))?\s?=\s?([^\n=,;$]{1,100}?)[$]?(?=\s*(?:[?.,;]|$|\s(?:at|find|when|for|what)\b))"
)
_MANY = "sigmoid|tanh|relu|softplus|gelu|silu|swish|sine?|cosine|cos|tangent|tan|sinh|cosh|erf|arctan|arcsin|arccos"
_VECTOR = r"[(\[<⟨]\s?(-?[\d.]+(?:\s?/\s?\d+)?(?:\s?,\s?-?[\d.]+(?:\s?/\s?\d+)?){1,4})\s?[)\]>⟩]"


def _times(order: int) -> str:
    """The form that names the first group so many times."""
    return ",".join(["{1}"] * order)


_NOT_LOOKED_FOR = r"\btorch\b|\bjax\b|\bjnp\.|tensorflow|\bkeras\b"

DERIVE = Signs(
    main=("f",),
    clues=(
        Clue(4, "formula", "", "A formula"),
        Clue(5, "formula", r"\\[a-z]{2}", "A formula in LaTeX"),
        Clue(2, "formula", r"=", "An equation"),
        Clue(6, "prose", r"\b(?:derivatives?|differentiat\w{1,4}|chain rule|product rule|quotient rule|jacobian|hessian)\b",
             "A derivative to take"),
        Clue(2, "prose", r"\bgradient\b(?![- ]descent)"),
        Clue(6, "text", r"\bd(?:[²³⁴⁵⁶]|\^\{?\d\}?)?\s?/\s?d[a-z]|∂\S{0,5}\s?/\s?∂|\\[dt]?frac\s?\{(?:d|\\partial|\\mathrm\{d)|"
             r"\b[a-z]'{1,6}(?:\s?\(|(?=\s|$))|^\s*D\[|∇\s?[a-z(]|\\nabla\s?(?:f|\()", "A derivative to take"),
        Clue(3, "prose", r"\bd(?:[²³⁴⁵⁶]|\^\{?\d\}?)?[a-z]\s?/\s?d[a-z]"),
        Clue(8, "text", r"\b(?:sp\.|sympy\.)?diff\(", "A derivative for SymPy"),
        Clue(-9, "prose", r"\b[nk]-?th\s(?:order\s)?(?:partial\s)?derivative"),
        Clue(-3, "code"),
        Clue(-4, "data"),
        Clue(-3, "text", r"\bgradient[- ]descent|\bminimi[sz]|learning rate"),
        Clue(-4, "text", r"\bcurl\b|\bdivergence\b|\bconservative\b|helmholtz|solenoid|irrotational"),
    ),
    fills=(
        Fill("f", "text", r"^\s*D\[([^\n]{1,300}),\s?(?:[A-Za-z]\w{0,8}|\{[A-Za-z]\w{0,8}\s?,\s?\d\})\]\s*$", must="formula"),
        Fill("f", "text", r"\bd\s?\(([^\n=]{1,200})\)\s?/\s?d[a-z]\b", must="formula"),
        Fill("f", "prose", r"jacobian[^\n]{0,40}\bu\s?(?:\([\w, ]{1,12}\))?\s?=\s?([^\n=,;$]{1,100})[$]?\s?(?:,|;|\band\b|,\s?and\b)\s?[$]?v\s?(?:\([\w, ]{1,12}\))?\s?=\s?"
             r"([^\n=,;$]{1,100}?)[$]?(?=\s*(?:[?.,;]|$|\s(?:at|with|where)\b))", "{1}; {2}", "formula"),
        Fill("f", "prose", rf"\b[fz]\s?(?:\([\w, ]{{1,12}}\))?\s?=\s?([^\n=,;$]{{1,150}}?){_ALONG}", must="formula"),
        Fill("f", "prose", r"total derivative of ([^\n]{2,200}?),?\s(?:where|with|if|along|for)\b", must="formula"),
        Fill("f", "prose", r"\bx\s?(?:\(t\))?\s?=\s?([^\n=,;$]{1,100})[$]?\s?(?:,|;|\band\b|,\s?and\b)\s?[$]?y\s?(?:\(t\))?\s?=\s?"
             r"([^\n=,;$]{1,100}?)[$]?(?=\s*(?:[?.,;]|$|\s(?:at|find|where|when|for)\b))", "x = {1}; y = {2}", "formula"),
        Fill("f", "prose", r"jacobian[^\n=]{0,40}=\s?[(\[<]([^\n=]{3,400})", must="components"),
        Fill("f", "prose", r"jacobian[^\n(\[=]{0,40}[(\[<]([^\n=]{3,400})", must="components"),
        Fill("f", "prose", rf"derivatives? of (?:the )?({_MANY})(?: function)?(?=\s*(?:$|[?.,;]|\s(?:is|at|and|in)\b))", "{1}(x)"),
        Fill("f", "formula"),
        Fill("f", "text", r"\bdiff\(\s{0,4}([^\n]{1,300}?)\s{0,4},\s{0,4}[A-Za-z]\w{0,8}", must="formula"),
        *(
            Fill("wrt", "prose", rf"\b(?:{word})\s(?:order\s)?(?:partial\s)?(?:derivative|differential)\b[^\n]{{0,200}}{_WRT}"
                 r"([A-Za-zα-ω]\w{0,8})\b", _times(order), "known")
            for order, _, _, word in _ORDERS
        ),
        Fill("wrt", "text", rf"{_D}{_UP[2]}\s?\w?\s?/\s?{_D}\s?{_LETTER}\s?∂\s?{_LETTER}", "{1},{2}", "known"),
        Fill("wrt", "text", rf"\\[dt]?frac\s?\{{\\partial\s?{_UP[2]}[^{{}}\n]{{0,20}}\}}\s?\{{\\partial\s?{_LETTER}\s?\\partial\s?{_LETTER}\}}",
             "{1},{2}", "known"),
        *(
            Fill("wrt", "text", rf"{_D}{_UP[order]}\s?\w?(?:\([a-z]\))?\s?/\s?{_D}\s?{_LETTER}\s?{_UP[order]}", _times(order), "known")
            for order, *_ in _ORDERS
        ),
        *(
            Fill("wrt", "text", rf"\\[dt]?frac\s?\{{{_TEX}\s?{_UP[order]}[^{{}}\n]{{0,20}}\}}\s?\{{{_TEX}\s?\\?"
                 rf"([A-Za-z]\w{{0,9}}?)\s?{_UP[order]}\}}", _times(order), "known")
            for order, *_ in _ORDERS
        ),
        Fill("wrt", "text", r"\bdiff\(\s{0,4}[^\n]{1,300}?,\s{0,4}([A-Za-z]\w{0,8})\s?,\s?([2-6])\s{0,4}\)", "{1}, {2}"),
        Fill("wrt", "text", r"^\s*D\[[^\n]{1,300},\s?\{([A-Za-z]\w{0,8})\s?,\s?(\d)\}\]\s*$", "{1}, {2}"),
        Fill("wrt", "text", r"^\s*D\[[^\n]{1,300},\s?([A-Za-z]\w{0,8})\]\s*$"),
        *(
            Fill("wrt", "prose", rf"\b(?:{word})\s(?:order\s)?{_OF}|\b[a-z]{primes}(?!')(?=\s?\(|\s*$|\s?[?.,;]|\s(?:of|if|when|where|for|at)\b)", str(order))
            for order, _, primes, word in _ORDERS[::-1]
        ),
        Fill("wrt", "text", rf"{_WRT}([A-Za-zα-ω]\w{{0,8}}\s?(?:,|and)\s?[A-Za-zα-ω])\b[`$]?\s*(?:$|[.?,])", must="known"),
        Fill("wrt", "text", rf"{_WRT}([A-Za-zα-ω]\w{{0,8}})\b", must="known"),
        Fill("wrt", "text", r"(?:\bd|∂)\w{0,8}\s?/\s?(?:d|∂)\s?([A-Za-zα-ω]\w{0,5})\b", must="known"),
        Fill("wrt", "text", r"\\[dt]?frac\s?\{(?:d|\\partial|\\mathrm\{d\})[^{}\n]{0,20}\}\s?\{(?:d|\\partial\s?|\\mathrm\{d\})"
             r"\\?([A-Za-z]\w{0,9})\}", must="known"),
        Fill("wrt", "text", r"\bdiff\(\s{0,4}[^\n]{1,300}?\s{0,4},\s{0,4}([A-Za-z]\w{0,8})\s{0,4}\)", must="known"),
        Fill("what", "prose", r"\bjacobian\b", "jacobian"),
        Fill("what", "prose", r"\bhessian\b", "hessian"),
        Fill("what", "prose", r"\bsecond (?:order )?partial derivatives\b", "hessian"),
        Fill("what", "prose", r"\bgradient (?:vector )?(?:of|for)\b(?! (?:the |a )?(?:curve|line|graph|tangent))|∇\s?[a-z(]|\\nabla\s?(?:f|\()|^\s*grad\b", "gradient"),
        Fill("what", "prose", r"\bdirectional derivative", "directional"),
        Fill("direction", "prose", rf"\b(?:direction|along|towards?)\b[^\n(\[<⟨]{{0,40}}{_VECTOR}"),
        Fill("path", "prose", rf"\b[fz]\s?(?:\([\w, ]{{1,12}}\))?\s?=\s?(?:[^\n=,;$]{{1,150}}?){_ALONG}", "x = {1}, y = {2}"),
        Fill("path", "prose", r"total derivative of [^\n]{2,200}?\s[$]?x\s?=\s?([^\n=,;$]{1,100})[$]?\s?(?:,|;|\band\b|,\s?and\b)\s?[$]?y\s?=\s?"
             r"([^\n=,;$]{1,100}?)[$]?(?=\s*(?:[?.,;]|$|\s(?:at|find|when|for)\b))", "x = {1}, y = {2}"),
        Fill("at", "points", must="known"),
        Fill("at", "prose", r"\b(?:when|where|if|for|at)\s([A-Za-z])\s(?:is|equals|is equal to)\s(-?\d+(?:\.\d+)?)(?![\w.*^])", "{1}={2}", "known"),
        Fill("at", "prose", PLACE),
        Fill("at", "prose", r"\b[a-z]'{1,6}\s?\((-?\d+(?:\.\d+)?(?:\s?/\s?\d+)?|(?:\d\s?)?(?:pi|π)(?:\s?/\s?\d+)?)\)"),
        Fill("claim", "prose", FORMULA_CLAIM, must="formula"),
        Fill("claim", "prose", SIGN_CLAIM, must="formula"),
        Fill("claim", "claim"),
    ),
)  # fmt: skip

BACKPROP = Signs(
    main=("code",),
    clues=(
        Clue(2, "code", "", "A program"),
        Clue(3, "code", r"\bnumpy\b|\bnp\.", "Lines of NumPy"),
        Clue(6, "code", r"\bjax\b|value_and_grad", "Lines of JAX"),
        Clue(6, "code", r"\bautograd\b(?!\.)", "Lines of autograd"),
        Clue(
            8,
            "code",
            r"\btorch\b|\.backward\(|requires_grad|\bnn\.(?:module|linear|sequential|param|func|conv|relu|tanh|sigmoid|\w{0,12}loss)|optimizer\.step",
            "Lines of PyTorch",
        ),
        Clue(2, "text", r"\bback[- ]?prop\w{0,8}|\bautograd\b|\.grad\b|chain rule|\bgradients?\b"),
        Clue(-4, "code", r"\btensorflow\b|\bkeras\b"),
    ),
    fills=(
        Fill("code", "code"),
        Fill("claim", "claim"),
        Fill("claim", "prose", NAMED_CLAIM, "{1} = {2}"),
    ),
)

FIT = Signs(
    main=("data",),
    clues=(
        Clue(5, "data", "", "Samples of a signal"),
        Clue(8, "data", r"^\s*\w{1,20}\s*[=:]\s*[\[(]", "Lists of x and y"),
        Clue(3, "prose", r"\b(?:sinusoid\w{0,3}|sin(?:e|es|\()?|cos(?:ine|ines|\()?|frequenc\w{1,3}|fourier|fft|period\w{0,6}|"
             r"amplitudes?|phases?|oscillat\w{1,5}|spectr\w{1,3}|lomb)\b", "Samples of waves"),
        Clue(-6, "data", r"^\W{0,3}x\W{1,4}y\W{1,4}(?:z\W{1,4})?u\W{1,4}v\b"),
        Clue(-6, "prose", r"helmholtz|vector field|\bcurl\b"),
        Clue(-3, "prose", r"\bneural network|\bXOR\b|hidden layer"),
    ),
    fills=(
        Fill("data", "data"),
        Fill("tones", "prose", r"\b([1-9]|1\d|20)\s(?:sinusoids?|sines?|tones?|frequencies|(?:sine|cosine) waves?|periods|cosines?)\b"),
        Fill("form", "prose", r"=\s{0,3}([A-Z]\w{0,2}\s?\*?\s?(?:sin|cos)\b[^\n=?]{3,300}?)\s*(?:$|,?\swhere\b|[?]|\.\s)", must="formula"),
        Fill("rate", "prose", r"\b(\d+(?:\.\d+)?\s?k?Hz)\b"),
    ),
)  # fmt: skip

DESCEND = Signs(
    main=("f",),
    clues=(
        Clue(1, "formula", "", "A function"),
        Clue(8, "code", r"\bscipy\.optimize|\b(?:opt|so|optimize)?\.?(?:minimize|fmin\w{0,8})\s?\(", "A minimisation by SciPy"),
        Clue(3, "code", r"\b(?:jac|hess|fprime)\s?=|\bdef\s(?:jac|hess|grad|der)\w{0,12}\("),
        Clue(3, "code", r"Newton-CG|Nelder-Mead|BFGS|['\"]CG['\"]|trust-"),
        Clue(6, "text", r"\b(?:gradient|steepest)[- ]descent|newton'?s?(?:[ -]cg| method)|\bbfgs\b|nelder|\boptimi[sz]ers?\b|"
             r"conjugate gradient|learning rate|heavy ball|nesterov", "A descent"),
        Clue(6, "prose", r"\b(?:minimi[sz]\w{0,6}|minimum|minima|argmin|optimum)\b", "A function to minimise"),
        Clue(7, "prose", r"^\s*(?:arg)?min\s(?!\()|\b(?:momentum|adam|rmsprop|adagrad)\s(?:on|for)\b", "A function to minimise"),
        Clue(6, "text", r"\bmin(?:imi[sz]e|imum|_)?\b[^\n]{0,30}\b(?:of|for|over|f\()", "A function to minimise"),
        Clue(9, "text", rf"^\s*(?:{'|'.join(name.replace('-', '[- ]?') for name in NAMES)})\s*(?:function)?\s*$",
             "The name of a test function"),
        Clue(-4, "code", _NOT_LOOKED_FOR),
        Clue(-5, "data"),
    ),
    fills=(
        Fill("f", "code", r"\b(?:def|lambda)\b", "{0}"),
        Fill("f", "text", rf"^\s*({'|'.join(name.replace('-', '[- ]?') for name in NAMES)})\s*(?:function)?\s*$"),
        Fill("f", "formula"),
        Fill("start", "prose", rf"(?:start\w{{0,4}}|initial\w{{0,2}}|begin\w{{0,4}}|guess|x0)\b[^\n\d]{{0,40}}?[\[(]\s?{_PAIR}\s?[\])]"),
        Fill("start", "prose", rf"(?:start\w{{0,4}}|initial\w{{0,2}}|begin\w{{0,4}}|guess|x0)\b[\s:=]{{0,3}}(?:at|from|with|point)?[\s:=]{{0,3}}{_PAIR}"),
        Fill("start", "points", must="known"),
        Fill("rate", "prose", r"(?:learning rate|step size|rate|alpha|lr)\s?(?:of|=|is|:)?\s?(\d*\.?\d+(?:e-?\d+)?)\b"),
    ),
)  # fmt: skip

TRAIN = Signs(
    main=("code", "X"),
    clues=(
        Clue(4, "code", r"^\s{0,8}for\s\w{1,20}\sin\s(?:x?range|tqdm)\b|^\s{0,8}while\s"),
        Clue(4, "code", r"\.T\.dot\(|\.dot\(\w{1,40}\.T\)|\.T\s?@|@\s?\w{1,40}\.T\b|np\.dot\([^\n]{0,60}\.T\b|transpose\(",
             "The training loop of a network"),
        Clue(2, "code", r"np\.exp\(\s?-|sigmoid|np\.tanh|\brelu|np\.maximum\(0|np\.maximum\(\w{1,20}, ?0"),
        Clue(2, "code", r"\w{0,30}delta\w{0,12}\s?=|\bd_?[wb]\d?\b\s?=|synapse|\bepochs?\b|hidden"),
        Clue(2, "code", r"-=\s", "A training loop"),
        Clue(2, "prose", r"neural network|hidden layer|back[- ]?prop\w{0,8}|\bXOR\b|perceptron", "A network to train"),
        Clue(4, "prose", r"\btrain\w{0,4}\b[^\n]{0,40}\bnetwork\b|\bnetwork\b[^\n]{0,60}\btrain", "A network to train"),
        Clue(3, "data", r"\d\s?:\s?\d"),
        Clue(-12, "code", _NOT_LOOKED_FOR),
        Clue(-4, "code", r"\bscipy\.optimize"),
    ),
    fills=(
        Fill("code", "code", r"\b(?:dot|matmul|einsum|layer|weights?)\b|\s@\s", "{0}"),
        Fill("X", "prose", r"\bX\s?=\s?([\[(]{2}[-\d., ;\[\]()]{3,200}?[\])]{2})"),
        Fill("y", "prose", r"\by\s?=\s?([\[(]{1,2}[-\d., ;\[\]()]{1,200}[\])]{1,2})"),
    ),
)  # fmt: skip

DECOMPOSE = Signs(
    main=("V", "code", "data"),
    clues=(
        Clue(14, "text", r"helmholtz|hodge", "A Helmholtz decomposition"),
        Clue(14, "formula", r"[îĵ]|\\(?:hat|mathbf|vec)\s?\{?\\?[ij](?:math)?\}?(?![a-z])|=[^\n=]{1,80}\si\s?[-+][^\n=]{1,80}\sj\b", "A vector field"),
        Clue(8, "text", r"solenoid\w{0,4}|irrotational|divergence[- _]free|curl[- _]free|vector potential", "A field to split"),
        Clue(6, "text", r"\bconservative\b", "A field to split"),
        Clue(4, "text", r"vector field|\bcurl\b|\bdivergence\b|\brot(?:ation)?\b", "A vector field"),
        Clue(8, "text", r"^\s*(?:[A-Z]|\\vec\{?[A-Z]\}?|\\mathbf\{[A-Z]\})\s?(?:\([\w, ]{1,12}\))?\s?=\s?[\[(<]", "A vector field"),
        Clue(7, "text", r"^\s*[\[(<][^\n=]{1,200},[^\n=]{1,200}[\])>]\s*$", "Components of a field"),
        Clue(4, "formula", r"^[^=;]*;[^=;]*(?:;[^=;]*)?$", "Components of a field"),
        Clue(3, "code", r"\bnp\.gradient\("),
        Clue(2, "code", r"\bnp\.cross\("),
        Clue(12, "data", r"^\W{0,3}x\W{1,4}y\W{1,4}(?:z\W{1,4})?u\W{1,4}v\b", "A vector field on a grid"),
        Clue(7, "data", r"^npz:", "An archive of arrays"),
        Clue(-5, "code", _NOT_LOOKED_FOR),
    ),
    fills=(
        Fill("code", "code", r"\b(?:gradient|fftn?|fft2|fftfreq|diff|curl|div\w{0,8}|helmholtz\w{0,30}|solenoid\w{0,5})\b", "{0}"),
        Fill("data", "data", r"^npz:|^\W{0,3}x\W{1,4}y\W{1,4}(?:z\W{1,4})?u\W{1,4}v\b", "{0}"),
        Fill("V", "prose", r"(?:^|\s|\$)(?:[A-Z]|v|u|\\vec\{?[A-Z]\}?|\\mathbf\{[A-Z]\})\s?(?:\([\w, ]{1,12}\))?\s?=\s?[\[(<{]{1,2}([^\n=]{3,400})",
             must="components"),
        Fill("V", "text", r"^\s*[\[(<]([^\n=]{3,400})[\])>]\s*$", must="components"),
        Fill("V", "prose", r"(?:field|of)\s{1,3}[\[(<]([^\n=]{3,400})", must="components"),
        Fill("V", "formula", r"[îĵ]|\\(?:hat|mathbf|vec)\s?\{?\\?[ij](?:math)?\}?(?![a-z])|=[^\n=]{1,80}\si\s?[-+][^\n=]{1,80}\sj\b", "{0}"),
        Fill("V", "formula", r"^([^\n=]{1,200};[^\n=]{1,400})$"),
        Fill("domain", "prose", r"\b((?:x|y|z)\s?=\s?-?[\d.]+(?:pi)?\s?\.\.\s?-?[\d.]+(?:pi)?(?:\s?,\s?(?:x|y|z)\s?=\s?-?[\d.]+(?:pi)?\s?\.\.\s?-?[\d.]+(?:pi)?){0,2})"),
        Fill("at", "prose", r"at (?:the )?points?\s?\(?(-?\d+(?:\.\d+)?\s?,\s?-?\d+(?:\.\d+)?)\)?"),
    ),
)  # fmt: skip
