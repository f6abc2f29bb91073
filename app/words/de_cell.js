/** The words of the Python cell in German. */

/** @type {import('../words.js').Words} */
export default {
  'Escape, then Tab leaves the editor.': 'Escape, dann Tab verlässt den Editor.',
  'brings a package of pure Python, by name or by the address of its wheel':
    'holt ein Paket aus reinem Python, mit seinem Namen oder der Adresse seines Wheels',
  'Each run begins anew. Packages stay until Stop. A program may fetch from other sites; it holds nothing of yours but itself.':
    'Jeder Lauf beginnt von vorn. Pakete bleiben bis zum Halt. Ein Programm darf von anderen Seiten holen; von Ihnen kennt es nichts als sich selbst.',
  line: 'Zeile',
  'Nothing has run yet.': 'Noch ist nichts gelaufen.',
  'NumPy, SymPy and nabla, in a sandbox in your browser. The last value is shown.':
    'NumPy, SymPy und nabla, in einem Sandkasten in Ihrem Browser. Der letzte Wert wird gezeigt.',
  'Open in {0}': 'In {0} öffnen',
  Output: 'Ausgabe',
  Printed: 'Ausgegeben',
  'Printed as an error': 'Als Fehler ausgegeben',
  Run: 'Ausführen',
  'Running…': 'Läuft…',
  'shows values on the way': 'zeigt Werte unterwegs',
  'Stopped.': 'Angehalten.',
  'The program has ended and shown nothing.': 'Das Programm ist zu Ende und hat nichts gezeigt.',
  'The program has ended.': 'Das Programm ist zu Ende.',
  'The whole trace': 'Der ganze Aufrufweg',
  'This code came with the link. It runs in a sandbox that cannot reach this page or your drafts, and only when you press Run.':
    'Dieser Code kam mit dem Link. Er läuft in einem Sandkasten, der weder diese Seite noch Ihre Entwürfe erreicht, und erst, wenn Sie „Ausführen“ drücken.',
  'This could not be drawn: {0}': 'Das ließ sich nicht zeichnen: {0}',
  'This took longer than {0} seconds and was stopped.': 'Das dauerte länger als {0} Sekunden und wurde angehalten.',
  'to run': 'zum Ausführen',
  'two arrays of one length become a curve': 'zwei gleich lange Felder werden eine Kurve',
  'What is there': 'Was es gibt',
};
