/** The gallery in German: questions and answers, by the English ones. */

/** @type {import('../words.js').Words} */
export default {
  'Why is w.grad 16 when I get 8?': 'Warum ist w.grad 16, wenn ich 8 erhalte?',
  'The gradient is $2(wx - y) \\cdot x = 2 \\cdot 4 \\cdot 2 = 16$. Whoever leaves out the inner derivative $x$, or the factor 2, gets 8.':
    'Der Gradient ist $2(wx - y) \\cdot x = 2 \\cdot 4 \\cdot 2 = 16$. Wer die innere Ableitung $x$ weglässt, oder den Faktor 2, erhält 8.',
  'How do I split a vector field into a solenoidal and an irrotational part?':
    'Wie zerlege ich ein Vektorfeld in einen quellenfreien und einen wirbelfreien Teil?',
  'First the formula: three places in it say something else than was meant. Then one of three splittings, by what holds at the walls.':
    'Zuerst die Formel: drei Stellen darin sagen etwas anderes, als gemeint war. Dann eine von drei Zerlegungen, je nachdem, was an den Wänden gilt.',
  'Why does gradient descent not find the frequencies in my data?':
    'Warum findet der Gradientenabstieg die Frequenzen in meinen Daten nicht?',
  'The loss has a comb of minima along every frequency. A Fourier transform starts next to the right one: $-5\\sin(2\\pi 10x) + 4\\cos(2\\pi 5x) + 2\\sin(2\\pi 3x)$.':
    'Der Verlust hat entlang jeder Frequenz einen Kamm von Minima. Eine Fouriertransformation beginnt neben dem richtigen: $-5\\sin(2\\pi 10x) + 4\\cos(2\\pi 5x) + 2\\sin(2\\pi 3x)$.',
  'Why delta.dot(W.T), and not layer.T.dot(delta), in a network of eleven lines?':
    'Warum delta.dot(W.T) und nicht layer.T.dot(delta) in einem Netz von elf Zeilen?',
  'One product carries the error back to the hidden layer, the other is the gradient of the weights. They have the same shape here only because there are as many samples as hidden units.':
    'Das eine Produkt trägt den Fehler zur verborgenen Schicht zurück, das andere ist der Gradient der Gewichte. Sie haben hier nur deshalb dieselbe Form, weil es so viele Beispiele wie verborgene Einheiten gibt.',
  'Is the gradient of the mean 4.5 or 9/8?': 'Ist der Gradient des Mittelwerts 4,5 oder 9/8?',
  "It is 4.5. The gradient of the intermediate value holds the mean's 1/4 already; 9/8 counts it twice.":
    'Er ist 4,5. Der Gradient des Zwischenwerts enthält das 1/4 des Mittelwerts schon; 9/8 zählt es doppelt.',
  'Why does my Jacobian raise IndexError in scipy.optimize.minimize?':
    'Warum löst meine Jacobi-Funktion in scipy.optimize.minimize einen IndexError aus?',
  'np.zeros_like of one coordinate makes an array without dimensions, which has no item 0. np.zeros_like(point) makes the right one.':
    'np.zeros_like einer einzigen Koordinate macht ein Array ohne Dimensionen, das kein Element 0 hat. np.zeros_like(point) macht das richtige.',
  'What is the derivative of (wx - y)² with respect to w?': 'Was ist die Ableitung von (wx - y)² nach w?',
  '$2x(wx - y)$, by the chain rule; 16 at w = 3, x = 2, y = 2.':
    '$2x(wx - y)$, nach der Kettenregel; 16 bei w = 3, x = 2, y = 2.',
  'What is the derivative of x to the power x?': 'Was ist die Ableitung von x hoch x?',
  '$x^x(\\ln x + 1)$. Neither the power rule nor that of exponentials is enough: both base and exponent move.':
    '$x^x(\\ln x + 1)$. Weder die Potenzregel noch die der Exponentialfunktion genügt: Basis und Exponent ändern sich beide.',
  'How is the quotient rule applied to (2x + 1)/(x² + 1)?':
    'Wie wendet man die Quotientenregel auf (2x + 1)/(x² + 1) an?',
  "The numerator's derivative times the denominator, less the other way round, over the square: $-1/2$ at x = 1.":
    'Ableitung des Zählers mal Nenner, weniger umgekehrt, durch das Quadrat: $-1/2$ bei x = 1.',
  'Has |x - 1| + x a derivative at x = 1?': 'Hat |x - 1| + x bei x = 1 eine Ableitung?',
  'No: the slope is 0 on the left and 2 on the right.': 'Nein: die Steigung ist links 0 und rechts 2.',
  'What is dy/dx on the circle x² + y² = 25?': 'Was ist dy/dx auf dem Kreis x² + y² = 25?',
  '$-x/y$, by differentiating both sides; $-3/4$ at (3, 4).':
    '$-x/y$, durch Ableiten beider Seiten; $-3/4$ bei (3, 4).',
  'What is the slope of a curve given by x = t², y = t³?': 'Welche Steigung hat die Kurve x = t², y = t³?',
  '$\\dot y / \\dot x = 3t/2$, which is 3 at t = 2.': '$\\dot y / \\dot x = 3t/2$, also 3 bei t = 2.',
  'What is the Jacobian of polar coordinates?': 'Was ist die Jacobi-Matrix der Polarkoordinaten?',
  'A matrix of four partial derivatives, with determinant $r$.':
    'Eine Matrix von vier partiellen Ableitungen mit der Determinante $r$.',
  'What is the Hessian of the Rosenbrock function at its minimum?':
    'Was ist die Hesse-Matrix der Rosenbrock-Funktion in ihrem Minimum?',
  '$\\begin{pmatrix} 802 & -400 \\\\ -400 & 200 \\end{pmatrix}$: positive definite, and so badly scaled that gradient descent creeps.':
    '$\\begin{pmatrix} 802 & -400 \\\\ -400 & 200 \\end{pmatrix}$: positiv definit, und so schlecht skaliert, dass der Gradientenabstieg kriecht.',
  'In which line of my derivation is the mistake?': 'In welcher Zeile meiner Rechnung ist der Fehler?',
  'In the last: $2(6-2) \\cdot 2$ is 16, and not 8.': 'In der letzten: $2(6-2) \\cdot 2$ ist 16 und nicht 8.',
  'Can I practise the chain rule, with hints?': 'Kann ich die Kettenregel üben, mit Hinweisen?',
  'Here is an exercise. Your answer is checked, and a mistake in it named.':
    'Hier ist eine Aufgabe. Ihre Antwort wird geprüft, und ein Fehler darin benannt.',
  'Why is .grad None?': 'Warum ist .grad None?',
  'detach cuts the graph, an intermediate value keeps no gradient unless asked, and a leaf that the loss does not depend on gets none.':
    'detach schneidet den Graphen durch, ein Zwischenwert behält ungefragt keinen Gradienten, und ein Blatt, von dem der Verlust nicht abhängt, bekommt keinen.',
  'Why does my gradient grow from step to step?': 'Warum wächst mein Gradient von Schritt zu Schritt?',
  "backward adds to .grad: without zero_grad it shows 4, 8 and 12 where each step's own gradient is 4.":
    'backward zählt zu .grad hinzu: ohne zero_grad zeigt es 4, 8 und 12, wo der Gradient jedes Schrittes 4 ist.',
  "What does 'modified by an inplace operation' mean?": "Was bedeutet 'modified by an inplace operation'?",
  'exp keeps its result for the way back, and += overwrote it. Write h = h + 1.':
    'exp hebt sein Ergebnis für den Rückweg auf, und += hat es überschrieben. Schreiben Sie h = h + 1.',
  'Why can I not call backward a second time?': 'Warum kann ich backward kein zweites Mal aufrufen?',
  'The first call frees what the second needs; retain_graph=True keeps it, and the gradients then add up.':
    'Der erste Aufruf gibt frei, was der zweite braucht; retain_graph=True behält es, und die Gradienten summieren sich dann.',
  'What is the gradient of relu at 0?': 'Was ist der Gradient von relu bei 0?',
  'There is none, and PyTorch says 0.': 'Es gibt keinen, und PyTorch sagt 0.',
  'What is the gradient of cross-entropy with respect to the scores?':
    'Was ist der Gradient der Kreuzentropie nach den Punktzahlen?',
  'softmax less one-hot: the probabilities, with 1 taken off at the true class.':
    'softmax minus one-hot: die Wahrscheinlichkeiten, bei der wahren Klasse um 1 vermindert.',
  'Why is the gradient of my bias 3 and not 1?': 'Warum ist der Gradient meiner Schwelle 3 und nicht 1?',
  'The bias was added to three rows; its gradient is the sum over them.':
    'Die Schwelle kam zu drei Zeilen hinzu; ihr Gradient ist die Summe über sie.',
  'What does jax.grad of a mean squared error compute?':
    'Was berechnet jax.grad eines mittleren quadratischen Fehlers?',
  'The gradient with respect to the first argument, $\\tfrac{2}{N} X^\\top (Xw - y)$.':
    'Den Gradienten nach dem ersten Argument, $\\tfrac{2}{N} X^\\top (Xw - y)$.',
  'Why do I see 30 Hz when the tone is 70 Hz?': 'Warum sehe ich 30 Hz, wenn der Ton 70 Hz hat?',
  'At 100 samples a second, 70 Hz and 30 Hz give the same values; the data cannot tell them apart.':
    'Bei 100 Abtastungen in der Sekunde geben 70 Hz und 30 Hz dieselben Werte; die Daten können sie nicht unterscheiden.',
  'Can two frequencies closer than the resolution of an FFT be told apart?':
    'Lassen sich zwei Frequenzen trennen, die näher beisammen liegen als die Auflösung einer FFT?',
  'Yes, when the noise is low: fitted together, 5 Hz and 5.35 Hz come out of two seconds of data.':
    'Ja, wenn das Rauschen klein ist: gemeinsam angepasst, kommen 5 Hz und 5,35 Hz aus zwei Sekunden Daten heraus.',
  'How do I find the frequency and decay of a plucked string?':
    'Wie finde ich Frequenz und Abklingen einer gezupften Saite?',
  'A damped cosine is fitted: 12 Hz, that dies away as $e^{-2.5t}$.':
    'Ein gedämpfter Kosinus wird angepasst: 12 Hz, der wie $e^{-2.5t}$ abklingt.',
  'How do I find periods in data with uneven sampling?': 'Wie finde ich Perioden in ungleichmäßig abgetasteten Daten?',
  'By fitting at the times as they are: two periods, 3.2 and 1.2 days.':
    'Durch Anpassen zu den Zeiten, wie sie sind: zwei Perioden, 3,2 und 1,2 Tage.',
  'How do I tell the trend from the season?': 'Wie trenne ich den Trend von der Jahreszeit?',
  'Both are fitted at once: a rise of about 2.3 a year, and a cycle of one year.':
    'Beide werden zugleich angepasst: ein Anstieg von etwa 2,3 im Jahr und eine Schwingung von einem Jahr.',
  'Is there a period in my data at all?': 'Gibt es in meinen Daten überhaupt eine Periode?',
  'Not in these: a peak as high as the highest one comes from noise alone often enough.':
    'In diesen nicht: eine Spitze so hoch wie die höchste kommt aus bloßem Rauschen oft genug.',
  'Which optimiser is best in a curved valley?': 'Welcher Optimierer ist in einem gekrümmten Tal der beste?',
  'Those that know or learn the curvature: Newton-CG and BFGS arrive while gradient descent still creeps.':
    'Die, welche die Krümmung kennen oder lernen: Newton-CG und BFGS sind da, wenn der Gradientenabstieg noch kriecht.',
  'Why does gradient descent diverge?': 'Warum divergiert der Gradientenabstieg?',
  'The rate is above 2 over the largest curvature on the way; the answer tells the largest rate that would hold.':
    'Die Schrittweite liegt über 2 durch die größte Krümmung auf dem Weg; die Antwort nennt die größte, die hielte.',
  "Why does Newton's method stop where there is no minimum?":
    'Warum hält das Newton-Verfahren an, wo kein Minimum ist?',
  'It looks for a point with gradient zero, and a saddle has one. A trust region walks on, downhill.':
    'Es sucht einen Punkt mit Gradient null, und ein Sattel hat einen. Ein Vertrauensbereich geht weiter, bergab.',
  "Why does BFGS stop with 'precision loss'?": "Warum hält BFGS mit 'precision loss' an?",
  'The gradient is wrong: one term of its first component has the wrong sign.':
    'Der Gradient ist falsch: ein Term seiner ersten Komponente hat das falsche Vorzeichen.',
  'How does a neural network of eleven lines learn?': 'Wie lernt ein neuronales Netz von elf Zeilen?',
  'Each line is told in mathematics, with shapes; its gradient is derived, checked, and watched.':
    'Jede Zeile wird in Mathematik gesagt, mit Formen; ihr Gradient wird hergeleitet, geprüft und beobachtet.',
  'It learns without the derivative of the sigmoid. Is that right?':
    'Es lernt ohne die Ableitung der Sigmoidfunktion. Ist das richtig?',
  'It learns, and it is not the gradient of the squared error; it would be that of the cross-entropy.':
    'Es lernt, und es ist nicht der Gradient des quadratischen Fehlers; es wäre der der Kreuzentropie.',
  'Is my backward pass through two relu layers right?': 'Ist mein Rückwärtsgang durch zwei relu-Schichten richtig?',
  "Every weight's gradient agrees with central differences, and the Taylor order is 2.":
    'Der Gradient jedes Gewichts stimmt mit zentralen Differenzen überein, und die Taylor-Ordnung ist 2.',
  'Why does my relu network not learn?': 'Warum lernt mein relu-Netz nicht?',
  'Its units are dead: with a bias of -3 they are 0 for every sample, and 0 is their gradient.':
    'Seine Einheiten sind tot: mit einer Schwelle von -3 sind sie 0 für jedes Beispiel, und 0 ist ihr Gradient.',
  'How much of a flow is rotation, and how much is source?':
    'Wie viel einer Strömung ist Drehung, und wie viel Quelle?',
  'It depends on what holds at the walls: three boundary conditions, side by side.':
    'Das hängt davon ab, was an den Wänden gilt: drei Randbedingungen nebeneinander.',
  'Is a field of Taylor-Green vortices free of divergence?': 'Ist ein Feld von Taylor-Green-Wirbeln quellenfrei?',
  'Yes: its irrotational part is rounding.': 'Ja: sein wirbelfreier Teil ist Rundung.',
  'Is this field in space the gradient of a potential?': 'Ist dieses Feld im Raum der Gradient eines Potentials?',
  'Yes: its solenoidal part is zero, to rounding.': 'Ja: sein quellenfreier Teil ist null, bis auf Rundung.',
};
