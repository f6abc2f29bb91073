"""The words around mathematics, each with what it does in a question.

A word has classes; phrases over classes (`nabla.question.phrases`) are the grammar. A word that is not here is a plain
word: it explains nothing and ends no formula but by being a word. Units and the names of tools are here too, so that
numbers beside them are not taken for mathematics.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

# What is asked for, the words of asking, the parts of a sentence, whose answer it is, qualities: a class a line, longer
# ones on indented lines.
_CLASSES = """
DERIVATIVE: derivative derivatives derivate derivates slope slopes dérivée ableitung
DERIVATION: derivation derivations
DIFFERENTIAL: differential differentials
DIFFERENTIATE: differentiate differentiating differentiated differentiates differentiation differenciate deriving
    differentiable ableiten
GRADIENT: gradient gradients grad nabla
JACOBIAN: jacobian jacobians jacobi
HESSIAN: hessian hessians
PARTIAL: partial partials partially
DIRECTIONAL: directional
IMPLICIT: implicit implicitly
PARAMETRIC: parametric parametrically parametrised parametrized
TOTAL: total
MIXED: mixed cross
TANGENT: tangent tangents
NORMAL: normal
EXTREMA: max min maximum maxima maximums minima minimums extrema extremum extremums extreme stationary critical turning
    saddle
MONOTONE: increasing decreasing increases decreases increase decrease rising falling monotonic monotone
CONCAVE: concave concavity concavities convex convexity
INFLECTION: inflection inflexion
MINIMUM: minimum minimal smallest argmin optimum optima
MINIMISE: minimize minimise minimizing minimising minimized minimised minimizer minimiser minimizes minimises
    minimization minimisation optimize optimise optimizing optimising optimization optimisation
MAXIMISE: maximizes maximises maximize maximise maximizing maximising maximized
LIMIT: limit limits lim
INTEGRAL: integral integrals integrate integrating integrated integration antiderivative antiderivatives primitive
    antidifferentiate
SERIES: taylor maclaurin series expansion laurent linearization linearisation linearize linearise
LAPLACIAN: laplacian laplacians
DIVERGENCE: div divergence divergences solenoidality divergenz
CURL: curl curls rot rotation vorticity circulation
CONSERVATIVE: conservative electrostatic konservativ
POTENTIAL: potential potentials
STREAM: stream streamfunction
STREAMLINE: streamline streamlines fieldlines
SOLENOIDAL: quellenfrei solenoidal incompressible divergence-free divergenceless source-free
IRROTATIONAL: wirbelfrei irrotational rotational curl-free curlfree rotation-free
HELMHOLTZ: helmholtz hodge leray
DECOMPOSE: decompose decomposition decomposed decomposing split splitting separate separating projection
INVERSE: inverse
ROOTS: roots zeros zeroes
SOLVE: solve solving solved
SIMPLIFY: simplify simplified simplifying factor factorise factorize rearrange
ODE: ode odes pde pdes
RATE: rate rates fast quickly slowly velocity speed
SIGN: sign
DESCENT: descent
METHOD: newton-cg bfgs l-bfgs nelder-mead nelder newton nesterov momentum adam adagrad rmsprop sgd optimizer
    optimizers optimiser optimisers adadelta powell slsqp cobyla trust-region levenberg-marquardt fsolve
CONJUGATE: conjugate steepest heavy
NETWORK: network networks neural nets perceptron mlp xor layer layers hidden neuron neurons lstm rnn cnn softmax
    epoch epochs classifier
TRAIN: train training trained trains learns learning learn
AUTOGRAD: backprop backpropagation back-propagation backpropagate backward autograd requires_grad grad_fn zero_grad
    autodiff
WAVE: sinusoid sinusoids sinusoidal sine cosine wave waves frequency frequencies fourier fft period periods periodic
    periodicity amplitude amplitudes phase phases oscillation oscillations oscillating spectrum spectra spectral
    harmonic harmonics tone tones lomb cycle cycles seasonal tide tidal signal sinus frequenz
FIT: fit fits fitting fitted curve_fit regression regress anpassen half-life law laws extrapolate
FIELD: field fields vector vectors
GRAPH: graph graphs
CURVE: curve curves line lines plane
DEGREES: degrees
ASK: find finding compute computing calculate calculating determine determining evaluate evaluating obtain give work
    working take taking taken get derive show prove verify check confirm need want help explain explaining do doing
    solve say tell state write know finds computes berechne
WH: what what's whats how why which where's who's hows
WHY: why
WHO: who
QUESTION: question problem exercise
OF: of for from on to into von der des
WITH: with using by via through
RESPECT: respect wrt w.r.t w.r.t.
BY: by
AT: at when where if for point points evaluated
POINT: point points
IN: in over within on
DIRECTION: direction directions toward towards along
AND: and or plus then also
BE: is are was were be being been am equals equal becomes become yields isn't aren't wasn't it's that's sei ist
    comes turns
BE_SHOULD: should would could shouldn't wouldn't couldn't must ought might may can cannot can't
NOT: not isn't aren't doesn't don't shouldn't never without no neither nor didn't wasn't cannot can't won't
LET: let suppose consider assume assuming given define defined denote denoting having have has say set setting
    taking take be
WHERE: where with given let for if when such
FUNCTION: function functions expression equation equations formula formulas loss cost error energy objective model
    curve map mapping scalar following polynomial relation
DOMAIN: domain
CONSTANT: constant constants fixed parameter parameters
VARIABLE: variable variables
WEIGHT: weight weights
I: i i'm i've i'd we we've my our mine i'll
MY: my our mine
GET: get got getting gets obtain obtained obtaining found find finds have had came come ended arrive arrived derived
    calculated computed worked wrote reach reached gives gave give result results say said says think thought
    believe believed guess guessed expect expected expecting claim claims claimed tried try attempted put yielded
    produced conclude concluded did done return returns returned shows show showed print prints printed insists
    insisted suggest suggests suggested thinks believes writes has reports equals see end answered
ANSWER: answer answers ans result results solution solutions attempt attempts work working calculation calculations
    derivation computation approach steps reasoning guess ansatz
RIVAL: book textbook books wolfram wolframalpha wolfram|alpha alpha mathematica maple matlab symbolab sympy desmos
    geogebra calculator key teacher professor prof tutor lecturer instructor ta solutions notes friend classmate
    colleague pytorch torch tensorflow jax autograd numpy scipy computer software website site online system program
    key's chatgpt answer-key everyone student he she they someone somebody wikipedia manual marking scheme lecture
    textbook's book's sheet friend's teacher's sources source others people internet
EXPECT: expect expected expecting supposed should shouldn't ought thought
HAND: hand paper manually myself pencil pen
INSTEAD: instead rather
THAN: than
RIGHT: right correct true ok okay wrong incorrect false valid mistake mistakes error wrong.
SO: so thus hence therefore then giving which because since as simplifies simplify becomes implies
STUCK: stuck confused unsure lost confusing
ORDER2: second 2nd twice
ORDERN: nth n-th kth k-th n^th
ORDER: order
ALL: all both each every
LOCAL: local global relative absolute
TEST: test rule theorem definition formula law method principle principles parts technique identity operator
    notation symbol sign
FORMAL: definition principles
CHAIN: chain product quotient power sum
EQUATION: equation
VALUES: values value
COORDINATE: coordinates cylindrical polar spherical
START: start starting starts initial begin beginning guess starting-point
LR: lr alpha eta rate step-size stepsize
STEP: step steps stepsize size
LEARN: learning
GREETING: hi hello hey thanks thank cheers regards please dear thx greetings sorry edit
"""

# Words that say nothing here, but are words: no formula is made of them.
_PLAIN = """
a an the this that these those it its there here but just only really quite very much more most less least about
around like too even still yet already again always ever maybe perhaps probably apparently actually basically simply
directly exactly clearly obviously however although though while until after before during between among above below
under up down out off back away me you your yours us ours him her his them their theirs one two three four five six
seven eight nine ten first 1st third fourth fifth sixth seventh eighth ninth tenth some any other another same
different own yes well now anyone anything something nothing
everything whom whose does will shall understand understood knew known seen saw look looks looking seems seem seemed
make makes made making use uses used wants wanted needs needed trying helps questions problems homework exam class
course idea ideas way ways thing things term terms part side sides factors number numbers real positive negative
zero nonzero integer integers code output input inputs data example examples case cases type types kind sort simple
easy hard last next previous bit lot little long short new old good bad better best stuff correctly properly mean
means meaning meant hint hints reply comment post update note minus times squared cubed root square cube ratio
difference inside outside inner outer top bottom left calculus math maths mathematics algebra physics analysis
trigonometric exponential logarithm logarithmic trig identities rules laws pm etc eg ie e.g i.e vs per iff onto upon
across against amid lets let's tells told whether either none few many several free body mass spring
time day days month year years hour hours seconds minute minutes height heights radius radii area areas volume
volumes length distance water tank wall ladder foot feet inch inches meter meters metres town car wheel circle
sphere cone box price prices money und die das ich habe eine ein mit nicht hallo viele it'll they're we're you're
he's she's that'd there's here's hasn't haven't
go goes went gone took keep kept feel turn ask leave move live hold bring happen happened sit stand lose lost pay meet
run include continue change changed lead watch follow stop create speak read spend grow open walk win teach offer
remember love appear appears vanish disappear cancel buy serve send build stay fall cut raise pass sell decide hope
carry break receive agree support hit produce cover catch draw choose big small high low further once
""".split()

UNITS = frozenset(
    """
bits bytes cases classes cm columns day days db decimals deg degree degrees digits dimensions dollars entries epochs
eur euros features feet foot ft gallons gb ghz hour hours hr hrs hz in inch inches inputs iterations joule joules kb
kg khz km kmh kn kpa kv layers lb lbs liter liters litre litres marks mb meter meters metre metres mg mhz mile miles
min mins minute minutes mm month months mph ms mv neurons nm ns outputs pa people percent pixel pixels places point
points px rad rads rows sample samples sec second seconds secs steps students times um units us usd values variables
volt volts watt watts week weeks yard yards year years
""".split()
)
# Numbers behind these are versions, or number something.
PRODUCTS = frozenset(
    """
# chapter cuda eq equation ex example exercise fig figure jax julia jupyter layer line lines macos maple mathematica
matlab no nr number numpy octave page part problem python pytorch question r scipy section step sympy task
tensorflow theorem torch ubuntu v version windows
""".split()
)
# The functions that optimisers are tried on, by name.
TEST_FUNCTIONS = """
seed rosenbrock himmelblau beale booth matyas mccormick styblinski-tang rastrigin ackley goldstein-price
six-hump-camel easom three-hump-camel quadratic freudenstein-roth powell-badly-scaled brown-badly-scaled
jennrich-sampson helical-valley bard gaussian box-3d powell-singular wood kowalik-osborne brown-dennis sinusoids
""".split()


def _classes() -> dict[str, list[str]]:
    """The classes with their words."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in _CLASSES.strip().splitlines():
        if not line.startswith(" "):
            name, _, line = line.partition(":")
        found.setdefault(name, []).extend(line.split())
    return found


@cache
def _table() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, words in _classes().items():
        for word in words:
            found.setdefault(word, set()).add(name)
    for word in _PLAIN:
        found.setdefault(word, set())
    return {word: frozenset(classes) for word, classes in found.items()}


GLUED = re.compile(r"(curl|div|grad)[fuvw]")  # an operator with its field: curlF, divF


@lru_cache(maxsize=4096)
def classes_of(word: str) -> frozenset[str]:
    """The classes of a word; none for one that is not known."""
    table = _table()
    word = word.lower().replace("’", "'")
    if ordinal(word) > 1:
        return table.get(word, frozenset()) | {"ORDINAL"}
    if word in table:
        return table[word]
    if word.endswith("'s") and word[:-2] in table:
        return table[word[:-2]]
    if glued := GLUED.fullmatch(word):
        return table[glued[1]]
    return frozenset()


_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()


def ordinal(word: str) -> int:
    """The number that an ordinal names, 50 for 50th; 0 for another word."""
    if word.lower() in _ORDINALS:
        return _ORDINALS.index(word.lower()) + 1
    number = re.fullmatch(r"(\d{1,3})(?:st|nd|rd|th)", word)
    return int(number[1]) if number else 0


def is_word(word: str) -> bool:
    """Whether it is a word of sentences, known here."""
    word = word.lower().replace("’", "'")
    return word in _table() or (word.endswith("'s") and word[:-2] in _table()) or "'" in word
