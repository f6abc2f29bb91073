/** The start page in German: the box, the gallery, and what texts are recognised as. */

/** @type {import('../words.js').Words} */
export default {
  '{0} characters, too long to edit here.': '{0} Zeichen, zu lang, um sie hier zu bearbeiten.',
  '{0} lines': '{0} Zeilen',
  '{0} questions': '{0} Fragen',
  'A formula, LaTeX, data, a program, an error with its program, or a whole question':
    'Eine Formel, LaTeX, Daten, ein Programm, ein Fehler mit seinem Programm oder eine ganze Frage',
  'A long text': 'Ein langer Text',
  All: 'Alle',
  'An answer, for example': 'Eine Antwort, zum Beispiel',
  'Back to the text': 'Zurück zum Text',
  'It is not clear what this asks. Which lab should read it?':
    'Was hier gefragt ist, ist nicht klar. Welches Labor soll es lesen?',
  'It stays in this browser: nothing is sent anywhere.':
    'Es bleibt in diesem Browser: nichts wird irgendwohin gesendet.',
  'No lab can read this as it is. Paste the formula, the data or the program itself; or choose who should try.':
    'So kann das kein Labor lesen. Fügen Sie die Formel, die Daten oder das Programm selbst ein; oder wählen Sie, wer es versuchen soll.',
  'None of the questions has these words.': 'Keine der Fragen enthält diese Wörter.',
  'or read it as': 'oder lesen als',
  'Questions of one lab': 'Fragen eines Labors',
  'Questions that are answered here': 'Fragen, die hier beantwortet werden',
  'Read as': 'Gelesen als',
  'Read it as': 'Lesen als',
  'Read it as …': 'Lesen als …',
  'Read it for another lab': 'Für ein anderes Labor lesen',
  'Search the questions': 'Fragen durchsuchen',
  'See where a gradient, a fit or a descent comes from, every step checked':
    'Woher ein Gradient, eine Anpassung, ein Abstieg kommt, jeder Schritt geprüft',
  'Six that come up again and again': 'Sechs, die immer wieder kommen',
  'the box': 'das Feld',
  'the lab {0}': 'das Labor {0}',
  'The whole answer, with every step, plots and programs':
    'Die ganze Antwort, mit allen Schritten, Bildern und Programmen',
  'This could be for {0}. Which lab should read it?': 'Das könnte für {0} sein. Welches Labor soll es lesen?',
  'This part of the page did not arrive. Is there a network?': 'Dieser Teil der Seite kam nicht an. Gibt es ein Netz?',
  'Why is the derivative 16, when I get 8?': 'Warum ist die Ableitung 16, wenn ich 8 erhalte?',

  // What a text is recognised as.

  'A formula': 'Eine Formel',
  'A formula in LaTeX': 'Eine Formel in LaTeX',
  'An equation': 'Eine Gleichung',
  'A derivative to take': 'Eine Ableitung',
  'A derivative for SymPy': 'Eine Ableitung für SymPy',
  'A program': 'Ein Programm',
  'Lines of NumPy': 'Zeilen in NumPy',
  'Lines of JAX': 'Zeilen in JAX',
  'Lines of autograd': 'Zeilen in autograd',
  'Lines of PyTorch': 'Zeilen in PyTorch',
  'Samples of a signal': 'Messwerte eines Signals',
  'Lists of x and y': 'Listen von x und y',
  'Samples of waves': 'Messwerte von Schwingungen',
  'A function': 'Eine Funktion',
  'A minimisation by SciPy': 'Eine Minimierung mit SciPy',
  'A descent': 'Ein Abstieg',
  'A function to minimise': 'Eine Funktion, deren Minimum gesucht ist',
  'The name of a test function': 'Der Name einer Testfunktion',
  'The training loop of a network': 'Die Trainingsschleife eines Netzes',
  'A training loop': 'Eine Trainingsschleife',
  'A network to train': 'Ein Netz zum Trainieren',
  'A Helmholtz decomposition': 'Eine Helmholtz-Zerlegung',
  'A field to split': 'Ein Feld zum Zerlegen',
  'A vector field': 'Ein Vektorfeld',
  'Components of a field': 'Komponenten eines Feldes',
  'A vector field on a grid': 'Ein Vektorfeld auf einem Gitter',
  'A link to an answer': 'Ein Link zu einer Antwort',
  Text: 'Text',
  'An archive of arrays': 'Ein Archiv mit Feldern von Zahlen',
  'Answer it': 'Beantworten',
};
