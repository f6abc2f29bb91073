/** Words of what leaves the page and of what stays on the device, in German, by the English ones. */

/** @type {import('../words.js').Words} */
export default {
  Changes: 'Änderungen',
  Close: 'Schließen',
  'Drafts, past results, colours, language and the files for quick starts and for the time without a network go. This cannot be undone.':
    'Entwürfe, frühere Ergebnisse, Farben, Sprache und die Dateien für schnelle Starts und für die Zeit ohne Netz verschwinden. Das lässt sich nicht rückgängig machen.',
  Empty: 'Leeren',
  Erase: 'Löschen',
  'Erase everything kept on this device…': 'Alles löschen, was auf diesem Gerät aufbewahrt ist…',
  'Everything is erased. What you do from now on is kept again; the settings of this page last until it is closed.':
    'Alles ist gelöscht. Was Sie von jetzt an tun, wird wieder aufbewahrt; die Einstellungen dieser Seite gelten, bis sie geschlossen wird.',
  Example: 'Beispiel',
  Keep: 'Behalten',
  'Kept in this browser only, the last fifty. No account, no tracking.':
    'Nur in diesem Browser aufbewahrt, die letzten fünfzig. Kein Konto, keine Verfolgung.',
  'Past results': 'Frühere Ergebnisse',
  Redo: 'Wiederholen',
  'The browser kept some of it: {0}': 'Der Browser hat etwas davon behalten: {0}',
  'There are none yet. Answers to your own questions will stand here.':
    'Noch gibt es keine. Hier werden die Antworten auf Ihre eigenen Fragen stehen.',
  Undo: 'Rückgängig',
  '{0} characters': '{0} Zeichen',
  '{0}: too long for a link. Send the file beside it.':
    '{0}: zu lang für einen Link. Schicken Sie die Datei daneben mit.',
  'Code to embed': 'Code zum Einbetten',
  Colours: 'Farben',
  'Copy {0}': '{0} kopieren',
  'Copy as LaTeX': 'Als LaTeX kopieren',
  'Copy as Markdown': 'Als Markdown kopieren',
  'Copy as plain text': 'Als Text kopieren',
  'Copy as Python': 'Als Python kopieren',
  'Copy the code': 'Code kopieren',
  'Copy the link': 'Link kopieren',
  'Copying…': 'Wird kopiert…',
  'Embed in a page': 'In eine Seite einbetten',
  Export: 'Export',
  'Height in pixels': 'Höhe in Pixeln',
  'Link to this question': 'Link zu dieser Frage',
  'More: {0}': 'Mehr: {0}',
  'Open in Nabla': 'In Nabla öffnen',
  'Print, or save as PDF': 'Drucken, oder als PDF sichern',
  'Python is starting…': 'Python startet…',
  'Save as LaTeX document': 'Als LaTeX-Dokument sichern',
  'Save as notebook': 'Als Notebook sichern',
  'Save as Python program': 'Als Python-Programm sichern',
  Saved: 'Gesichert',
  'Send…': 'Senden…',
  Share: 'Teilen',
  'That did not work': 'Das ging nicht',
  'the answer': 'die Antwort',
  'The browser refused': 'Der Browser lehnt ab',
  'the code to embed': 'den Code zum Einbetten',
  'The height follows the answer, by a script': 'Die Höhe folgt der Antwort, durch ein Skript',
  'the link': 'den Link',
  'The link holds the question itself; whoever opens it sees the same answer. It is short enough everywhere.':
    'Der Link enthält die Frage selbst; wer ihn öffnet, sieht dieselbe Antwort. Er ist überall kurz genug.',
  'Too long for {0}; a file with the link in it passes everywhere.':
    'Zu lang für {0}; eine Datei mit dem Link darin kommt überall durch.',
};
