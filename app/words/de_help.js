/** Help in German: the syntax card, the page about Nabla, and what checks mean. */

/** @type {import('../words.js').Words} */
export default {
  About: 'Über Nabla',
  'All that can be written': 'Alles, was man schreiben kann',
  also: 'auch',
  'Answers as pages': 'Antworten als Seiten',
  'As in Python, as in a book, or as LaTeX. Under the field stands always how it was read; where there are two readings, the other one is a click away.':
    'Wie in Python, wie im Buch oder als LaTeX. Unter dem Feld steht immer, wie es gelesen wurde; wo es zwei Lesarten gibt, ist die andere einen Klick entfernt.',
  'Beside functions and Greek letters, which have their usual commands:':
    'Neben Funktionen und griechischen Buchstaben, die ihre üblichen Befehle haben:',
  Cases: 'Fälle',
  Constants: 'Konstanten',
  'From a program': 'Aus einem Programm',
  Functions: 'Funktionen',
  'Greek letters': 'Griechische Buchstaben',
  'It contains the work of others:': 'Es enthält die Arbeit anderer:',
  'Known, but refused with a reason, since a formula to differentiate cannot hold them:':
    'Bekannt, aber mit Begründung abgelehnt, weil eine Formel zum Ableiten sie nicht enthalten kann:',
  LaTeX: 'LaTeX',
  Licence: 'Lizenz',
  'Nabla shows where a derivative, a gradient, a fit, a descent or a decomposition comes from: step by step, with the mistakes that give another answer, and with tests that were really run.':
    'Nabla zeigt, woher eine Ableitung, ein Gradient, eine Anpassung, ein Abstieg oder eine Zerlegung kommt: Schritt für Schritt, mit den Fehlern, die eine andere Antwort geben, und mit Proben, die wirklich gemacht wurden.',
  Manual: 'Handbuch',
  Names: 'Namen',
  'No account, no tracking: nothing leaves the browser. Drafts are kept on this device only.':
    'Kein Konto, keine Verfolgung: nichts verlässt den Browser. Entwürfe werden nur auf diesem Gerät aufbewahrt.',
  'Operators, the strongest first': 'Operatoren, der stärkste zuerst',
  Optimisers: 'Optimierer',
  Others: 'Andere',
  Package: 'Paket',
  'Products and powers': 'Produkte und Potenzen',
  'Read like this': 'So wird gelesen',
  'Roots, powers and cases': 'Wurzeln, Potenzen und Fälle',
  Sinusoids: 'Sinusschwingungen',
  'Helmholtz decomposition': 'Helmholtz-Zerlegung',
  'the gamma function': 'die Gammafunktion',
  'the Lambert W function': 'die Lambertsche W-Funktion',
  'the logarithm to base 10': 'der Logarithmus zur Basis 10',
  'the unit step, 1/2 at 0': 'der Einheitssprung, 1/2 bei 0',
  'Their inverses': 'Ihre Umkehrungen',
  'their licences in full, with the hash of every file': 'ihre Lizenzen im Wortlaut, mit der Prüfsumme jeder Datei',
  'Trigonometric and hyperbolic': 'Trigonometrisch und hyperbolisch',
  Version: 'Version',
  'Version {0}, under the MIT licence.': 'Version {0}, unter der MIT-Lizenz.',
  'What a check means': 'Was eine Prüfung bedeutet',
  'What can be written': 'Was man schreiben kann',
  'What it is made of': 'Woraus es besteht',
  'What these checks mean': 'Was diese Prüfungen bedeuten',
  'Where the methods come from': 'Woher die Verfahren kommen',

  // Verdicts and kinds of tests.
  'The test was run on this very answer, and what was measured stayed below the bound.':
    'Die Probe wurde an eben dieser Antwort gemacht, und das Gemessene blieb unter der Schranke.',
  'The test was run and found a difference. The answer is shown all the same, and should not be relied on.':
    'Die Probe wurde gemacht und fand einen Unterschied. Die Antwort wird trotzdem gezeigt; verlassen sollte man sich nicht auf sie.',
  'No test could be run here, so nothing is claimed.': 'Hier ließ sich keine Probe machen, also wird nichts behauptet.',
  'Without a verdict': 'Ohne Urteil',
  'The values around the place do not come to rest as the step shrinks, as at a corner or a jump: there is no slope to compare with.':
    'Die Werte um die Stelle kommen nicht zur Ruhe, wenn der Schritt kleiner wird, wie an einer Ecke oder einem Sprung: es gibt keine Steigung zum Vergleichen.',
  'Both sides at points': 'Beide Seiten an Stellen',
  'Both sides are worked out at random points with many digits; derivatives in them become difference quotients. Formulas that differ agree there only by a very rare chance.':
    'Beide Seiten werden an zufälligen Stellen mit vielen Ziffern ausgerechnet; Ableitungen darin werden Differenzenquotienten. Verschiedene Formeln stimmen dort nur durch einen sehr seltenen Zufall überein.',
  'By algebra': 'Durch Algebra',
  'SymPy, a program for algebra, reduces the difference to 0: this holds everywhere, not only at points.':
    'SymPy, ein Programm für Algebra, vereinfacht den Unterschied zu 0: das gilt überall, nicht nur an Stellen.',
  'Difference quotients': 'Differenzenquotienten',
  'The function itself is evaluated a little to the left and to the right, and the slope between compared with the gradient. No rule of differentiation takes part in it.':
    'Die Funktion selbst wird ein wenig links und rechts ausgewertet und die Steigung dazwischen mit dem Gradienten verglichen. Keine Ableitungsregel ist daran beteiligt.',
  'The order of the error': 'Die Ordnung des Fehlers',
  'How fast the error of the straight line falls as the step is halved: only with the right gradient it falls with the square of the step.':
    'Wie schnell der Fehler der Geraden fällt, wenn der Schritt halbiert wird: nur mit dem richtigen Gradienten fällt er mit dem Quadrat des Schrittes.',
  'Another precision': 'Eine andere Genauigkeit',
  'The whole computation is done again with more or fewer digits: what differs is rounding, and must be small.':
    'Die ganze Rechnung wird mit mehr oder weniger Ziffern wiederholt: der Unterschied ist Rundung und muss klein sein.',
  'Beside the program': 'Neben dem Programm',
  'The program is run as it was pasted, and each of its outputs compared with that of the explanation.':
    'Das Programm läuft, wie es eingefügt wurde, und jede seiner Ausgaben wird mit der der Erklärung verglichen.',
  'Is it noise?': 'Ist es Rauschen?',
  'What the fit leaves over should look like noise: neighbours without a pattern, and no further sinusoid that chance would not give.':
    'Was die Anpassung übrig lässt, sollte wie Rauschen aussehen: Nachbarn ohne Muster, und keine weitere Schwingung, die nicht auch der Zufall gäbe.',
  'Is it the best fit?': 'Ist es die beste Anpassung?',
  'One more step of the search would not move it, and the formula as it is printed fits as well as the numbers behind it.':
    'Ein weiterer Schritt der Suche würde nichts ändern, und die Formel, wie sie gedruckt ist, passt so gut wie die Zahlen dahinter.',
  'Around the place': 'Um die Stelle',
  'The function is evaluated at points around the place: a minimum has none that is lower.':
    'Die Funktion wird an Punkten um die Stelle ausgewertet: um ein Minimum ist keiner tiefer.',
  'Parts of a field': 'Teile eines Feldes',
  'The parts are differentiated anew, by other means than those that made them: divergence and curl must vanish, and the parts add up to the field.':
    'Die Teile werden neu abgeleitet, auf anderem Weg als dem, der sie machte: Divergenz und Rotation müssen verschwinden, und die Teile ergeben zusammen das Feld.',
};
