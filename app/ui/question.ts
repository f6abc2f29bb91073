/** What a pasted text was understood as, and the text itself in pieces, those marked that something was read in. */

/** `values["question"]` of an answer */
export interface Question {
  lab: string;
  asked: string[];
  parts: Part[];
  unused: { text: string; span: Span }[];
  others: string[];
}

export type Span = [number, number];
export type Part = { role: string; text: string; span: Span; read: string };

/** The colours of what is read: what is asked about, where, and what the asker found. */
const HUES: Record<string, string> = {
  function: 'f',
  definition: 'f',
  equation: 'f',
  variable: 'f',
  program: 'f',
  data: 'f',
  point: 'p',
  domain: 'p',
  direction: 'p',
  condition: 'p',
  answer: 'c',
  'rival answer': 'c',
};

export const hueOf = (role: string) => HUES[role] ?? '';

/** A piece of the text: what it was read as, '' where as nothing, and where it stands. */
export type Piece = { text: string; role: string; span: Span };

/** So many letters of a piece are shown, of one that nothing was read in so many at each end. */
const [READ, AROUND] = [56, 28];
/** Of a text in which nothing is marked, so many. */
const ALONE = 200;

/**
 * The text on few lines, every part in it. Python counts characters, JavaScript halves of some.
 * @param most so many letters of the text are looked at
 */
export function excerpt(text: string, question: Question | null, most: number = 6000): Piece[] {
  const letters = [...text.slice(0, 2 * most)].slice(0, most);
  const marks = [
    ...(question?.parts ?? []).map(({ role, span }) => ({ role, span })),
    ...(question?.unused ?? []).map(({ span }) => ({ role: 'unused', span })),
  ]
    .filter(({ role, span }) => role !== 'mention' && span[1] > span[0])
    .sort((one, other) => one.span[0] - other.span[0]);
  const found: Piece[] = [];
  let end = 0;
  const add = (to: number, role: string) => {
    const whole = letters.slice(end, to).join('').replace(/\s+/g, ' ');
    const text = role ? shortened(whole, READ, 0) : shortened(whole, question ? AROUND : ALONE, AROUND);
    if (text) found.push({ text, role, span: [end, to] });
    end = to;
  };
  for (const { role, span } of marks) {
    if (span[0] < end || span[0] >= letters.length) continue;
    add(span[0], '');
    add(Math.min(span[1], letters.length), role);
  }
  add(letters.length, '');
  return found;
}

const shortened = (text: string, head: number, tail: number) =>
  text.length <= head + tail + 3 ? text : `${text.slice(0, head)} … ${tail ? text.slice(-tail) : ''}`;
