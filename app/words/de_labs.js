/** The labs in German: titles, fields and what they mean, by the English words of their declarations. */

/** @type {import('../words.js').Words} */
export default {
  Derive: 'Ableiten',
  'Differentiate a formula and see every step proven.': 'Eine Formel ableiten und jeden Schritt bewiesen sehen.',
  Function: 'Funktion',
  "In Python's notation or as in a book: 2x sin x, e^(-x^2), sqrt(x), |x|, np.exp(x). Several with a semicolon; an equation such as x^2 + y^2 = 25; a curve such as x = t^2; y = t^3.":
    'Geschrieben wie in Python oder wie im Buch: 2x sin x, e^(-x^2), sqrt(x), |x|, np.exp(x). Mehrere mit Semikolon; eine Gleichung wie x^2 + y^2 = 25; eine Kurve wie x = t^2; y = t^3.',
  'With respect to': 'Nach',
  'A variable; several in a row for higher and mixed derivatives, such as x,x or x,y. For a gradient, the variables that it has.':
    'Eine Variable; mehrere hintereinander für höhere und gemischte Ableitungen, wie x,x oder x,y. Für einen Gradienten die Variablen, die er hat.',
  'At the point': 'An der Stelle',
  'Values of the variables, to see the derivative there as a number.':
    'Werte der Variablen, um die Ableitung dort als Zahl zu sehen.',
  'Why is mine different?': 'Warum ist meine anders?',
  'Your own answer: a formula, the number at the point, lines of work with semicolons, or a list [a, b]. If it is wrong, the mistakes that give it.':
    'Ihre eigene Antwort: eine Formel, die Zahl an der Stelle, Zeilen einer Rechnung mit Semikolons, oder eine Liste [a, b]. Ist sie falsch, die Fehler, die zu ihr führen.',
  What: 'Was',
  'Which derivative. An equation is differentiated implicitly, x = t^2; y = t^3 as a curve, without asking.':
    'Welche Ableitung. Eine Gleichung wird von selbst implizit abgeleitet, x = t^2; y = t^3 als Kurve.',
  derivative: 'Ableitung',
  gradient: 'Gradient',
  directional: 'in eine Richtung',
  implicit: 'implizit',
  parametric: 'Kurve',
  total: 'total',
  Domain: 'Bereich',
  'Where the variables lie: x > 0, or 0 < x < 1, or x in [0, 1], several with commas.':
    'Wo die Variablen liegen: x > 0, oder 0 < x < 1, oder x in [0, 1], mehrere mit Kommas.',
  Direction: 'Richtung',
  'For the derivative in a direction: one number for each variable. Its length does not matter.':
    'Für die Ableitung in eine Richtung: eine Zahl je Variable. Auf die Länge kommt es nicht an.',
  'Along the path': 'Entlang des Weges',
  'For the total derivative: each variable as a formula of one parameter.':
    'Für die totale Ableitung: jede Variable als Formel eines Parameters.',
  Practice: 'Übung',
  'An exercise instead of a function of your own: one of power, product, quotient, chain, exponential, logarithm, trigonometric, inverse, mixed, a level from 1 to 3, and a seed, which chooses the exercise. Your answer goes into the field for it.':
    'Eine Aufgabe statt einer eigenen Funktion: eines von power, product, quotient, chain, exponential, logarithm, trigonometric, inverse, mixed, eine Stufe von 1 bis 3 und ein Startwert, der die Aufgabe wählt. Ihre Antwort kommt in das Feld dafür.',
  Detail: 'Ausführlichkeit',
  'How many steps to show: every one, the usual ones, or only the rules that matter.':
    'Wie viele Schritte gezeigt werden: alle, die üblichen, oder nur die Regeln, auf die es ankommt.',
  novice: 'alle',
  normal: 'üblich',
  expert: 'knapp',
  Backprop: 'Backprop',
  'Paste PyTorch, NumPy or JAX and see every gradient flow.':
    'PyTorch, NumPy oder JAX einfügen und jeden Gradienten fließen sehen.',
  'PyTorch, NumPy, JAX or autograd. It is read here, in your browser, and never sent anywhere.':
    'PyTorch, NumPy, JAX oder autograd. Es wird hier gelesen, in Ihrem Browser, und nirgendwohin gesendet.',
  'The gradient you expected: w.grad = 8, do/dx = 9/8.': 'Der Gradient, den Sie erwarteten: w.grad = 8, do/dx = 9/8.',
  Fit: 'Anpassen',
  'Find the sinusoids in your data: how many, where, how sure.':
    'Die Sinusschwingungen in Ihren Daten finden: wie viele, wo, wie sicher.',
  Data: 'Daten',
  'Two columns or lists; or one column and a sample rate.':
    'Zwei Spalten oder Listen; oder eine Spalte und eine Abtastrate.',
  Sinusoids: 'Schwingungen',
  'auto counts them; or a number up to 20.': 'auto zählt sie; oder eine Zahl bis 20.',
  Trend: 'Trend',
  'What the sinusoids stand on; auto takes the simplest that is enough.':
    'Worauf die Schwingungen stehen; auto nimmt das Einfachste, das genügt.',
  none: 'keiner',
  constant: 'konstant',
  linear: 'linear',
  quadratic: 'quadratisch',
  Form: 'Form',
  'auto, amplitude-phase, sin-cos, integers, or a form: names are found, numbers are kept.':
    'auto, amplitude-phase, sin-cos, integers, oder eine Form: Namen werden bestimmt, Zahlen behalten.',
  Outliers: 'Ausreißer',
  'on holds outliers back; auto does when there are many.': 'on hält Ausreißer zurück; auto, wenn es viele sind.',
  'Highest frequency': 'Höchste Frequenz',
  'In cycles per unit of x; matters for uneven times.':
    'In Schwingungen je Einheit von x; wichtig bei ungleichmäßigen Zeiten.',
  'half the sampling rate': 'die halbe Abtastrate',
  'Also show': 'Auch zeigen',
  'proof: records like yours, simulated; descent: why gradient descent fails on them.':
    'proof: Messungen wie Ihre, simuliert; descent: warum der Gradientenabstieg an ihnen scheitert.',
  proof: 'Beweis',
  descent: 'Abstieg',
  Decay: 'Abklingen',
  'on fits sinusoids that die away.': 'on passt Schwingungen an, die abklingen.',
  Columns: 'Spalten',
  'x and y, by number or name.': 'x und y, nach Nummer oder Name.',
  'Sample rate': 'Abtastrate',
  'For data without x.': 'Für Daten ohne x.',
  Descend: 'Absteigen',
  'Race optimisers on your function, and find the wrong term in your gradient.':
    'Optimierer auf Ihrer Funktion um die Wette laufen lassen und den falschen Term in Ihrem Gradienten finden.',
  'A formula; Python with def f(params), or a whole SciPy script; or a name, as rosenbrock.':
    'Eine Formel; Python mit def f(params), oder ein ganzes SciPy-Programm; oder ein Name wie rosenbrock.',
  Start: 'Start',
  'As x=3, y=2, or 3, 2.': 'Wie x=3, y=2, oder 3, 2.',
  Methods: 'Verfahren',
  'Separated by commas; all races every one: gradient-descent, backtracking, heavy-ball, nesterov, adagrad, rmsprop, adam, adamw, cg, newton, damped-newton, newton-cg, trust-region, bfgs, l-bfgs, nelder-mead, levenberg-marquardt, coordinate-descent.':
    'Mit Kommas; all nimmt alle: gradient-descent, backtracking, heavy-ball, nesterov, adagrad, rmsprop, adam, adamw, cg, newton, damped-newton, newton-cg, trust-region, bfgs, l-bfgs, nelder-mead, levenberg-marquardt, coordinate-descent.',
  Rate: 'Schrittweite',
  'Of methods with a fixed rate; auto by the curvature.':
    'Der Verfahren mit fester Schrittweite; auto nach der Krümmung.',
  Momentum: 'Impuls',
  "Of heavy ball and Nesterov, and of Adam's mean.": 'Von Heavy Ball und Nesterov, und von Adams Mittelwert.',
  'Steps at most': 'Höchstens so viele Schritte',
  'Iterations after which a run ends wherever it is.': 'Schritte, nach denen ein Lauf endet, wo immer er ist.',
  Tolerance: 'Toleranz',
  'A run ends where no component of the gradient is larger.':
    'Ein Lauf endet, wo keine Komponente des Gradienten größer ist.',
  'Your gradient': 'Ihr Gradient',
  'To be checked: formulas separated by semicolons, or def jacobian(params).':
    'Zum Prüfen: Formeln mit Semikolons, oder def jacobian(params).',
  'Your Hessian': 'Ihre Hesse-Matrix',
  'To be checked, row by row, or def hess(params).': 'Zum Prüfen, Zeile für Zeile, oder def hess(params).',
  Bounds: 'Schranken',
  'A pair for each variable, separated by semicolons.': 'Ein Paar je Variable, mit Semikolons.',
  Plane: 'Ebene',
  'The two variables of the picture.': 'Die beiden Variablen des Bildes.',
  Train: 'Trainieren',
  'Paste the training loop of a small network: every line explained, wrong ones caught.':
    'Die Trainingsschleife eines kleinen Netzes einfügen: jede Zeile erklärt, falsche gefunden.',
  'A training loop in NumPy. Without one, the network is set up from the fields below.':
    'Eine Trainingsschleife in NumPy. Ohne sie wird das Netz aus den Feldern darunter gemacht.',
  'Without a program: the samples, a row each; or with their targets, 0, 1 : 1.':
    'Ohne Programm: die Beispiele, je eine Zeile; oder mit ihren Zielen, 0, 1 : 1.',
  'The targets, one for each row of X.': 'Die Ziele, eines je Zeile von X.',
  'Hidden units': 'Verborgene Einheiten',
  '4, or 8, 6 for two layers.': '4, oder 8, 6 für zwei Schichten.',
  Activation: 'Aktivierung',
  'Of the hidden layers; the output of a relu network is linear.':
    'Der verborgenen Schichten; die Ausgabe eines relu-Netzes ist linear.',
  'What the gradient is multiplied by.': 'Womit der Gradient malgenommen wird.',
  Steps: 'Schritte',
  'Turns of the training loop.': 'Durchläufe der Trainingsschleife.',
  Seed: 'Startwert',
  'Of the random weights the training starts from.': 'Der zufälligen Gewichte, mit denen das Training beginnt.',
  'Backward pass': 'Rückwärtsgang',
  'Right, or wrong in one way, to see what comes of it.':
    'Richtig, oder auf eine Weise falsch, um zu sehen, was daraus wird.',
  Loss: 'Verlust',
  'auto: what the program computes, else half the sum of squares.':
    'auto: was das Programm berechnet, sonst die halbe Summe der Quadrate.',
  Biases: 'Schwellen',
  'A number added to every unit, trained as the weights are.':
    'Eine Zahl, die zu jeder Einheit kommt und wie die Gewichte trainiert wird.',
  Batch: 'Stapel',
  'Samples drawn anew at each step.': 'Beispiele, die bei jedem Schritt neu gezogen werden.',
  'all samples': 'alle Beispiele',
  Compare: 'Vergleichen',
  'auto: a wrong pass beside the right one; all: every wrong one, same start.':
    'auto: ein falscher Rückwärtsgang neben dem richtigen; all: alle falschen, vom selben Start.',
  Decompose: 'Zerlegen',
  'Split a vector field into swirl, gradient and the rest, and see why there are several answers.':
    'Ein Vektorfeld in Wirbel, Gradient und Rest zerlegen, und sehen, warum es mehrere Antworten gibt.',
  Field: 'Feld',
  'Its components, separated by semicolons: two in the plane, three in space.':
    'Seine Komponenten, mit Semikolons: zwei in der Ebene, drei im Raum.',
  Box: 'Kasten',
  'The range of each coordinate; one range alone stands for all.':
    'Der Bereich jeder Koordinate; ein einziger steht für alle.',
  Boundary: 'Rand',
  'periodic: it repeats; wall: S does not cross the walls; open: a window on free space.':
    'periodic: es wiederholt sich; wall: S geht nicht durch die Wände; open: ein Fenster in den freien Raum.',
  compare: 'vergleichen',
  periodic: 'periodisch',
  wall: 'Wände',
  open: 'offen',
  'Cells along an axis': 'Zellen je Achse',
  '8 to 512 in the plane, to 96 in space.': '8 bis 512 in der Ebene, bis 96 im Raum.',
  'At the points': 'An den Stellen',
  'Where to report V and its parts.': 'Wo V und seine Teile angegeben werden.',
  'In place of a formula: a table (CSV) of x, y, u, v on an even grid, six columns in space; or .npz.':
    'Statt einer Formel: eine Tabelle (CSV) von x, y, u, v auf einem gleichmäßigen Gitter, im Raum sechs Spalten; oder .npz.',
  'Why is mine wrong?': 'Warum ist meine falsch?',
  'Your program, read line by line and not run: what each line computes.':
    'Ihr Programm, Zeile für Zeile gelesen und nicht ausgeführt: was jede Zeile berechnet.',
  Parameters: 'Parameter',
  'Values of other letters.': 'Werte anderer Buchstaben.',
};
