export type Piece = { type: 'text' | 'math' | 'code'; text: string } | { type: 'strong'; pieces: Piece[] };

const TOKEN = /\\([$`*\\])|\$((?:\\.|[^$\\])+)\$|`([^`]+)`|\*\*/g;

export function parseProse(text: string): Piece[] {
  const pieces: Piece[] = [];
  /** what was there before the open `**` */
  let before: Piece[] | null = null;
  let here = pieces;
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    add(here, text.slice(end, match.index));
    end = match.index + match[0].length;
    if (match[1] !== undefined) add(here, match[1]);
    else if (match[2] !== undefined) here.push({ type: 'math', text: match[2] });
    else if (match[3] !== undefined) here.push({ type: 'code', text: match[3] });
    else if (before) {
      before.push({ type: 'strong', pieces: here });
      here = before;
      before = null;
    } else {
      before = here;
      here = [];
    }
  }
  add(here, text.slice(end));
  if (!before) return pieces;
  add(before, '**');
  for (const piece of here) {
    if (piece.type === 'text') add(before, piece.text);
    else before.push(piece);
  }
  return before;
}

function add(pieces: Piece[], text: string) {
  const last = pieces.at(-1);
  if (last?.type === 'text') last.text += text;
  else if (text) pieces.push({ type: 'text', text });
}

/** The prose as plain text, for places that hold no markup. */
export function plainProse(text: string): string {
  const plain = (piece: Piece): string => (piece.type === 'strong' ? piece.pieces.map(plain).join('') : piece.text);
  return parseProse(text).map(plain).join('');
}
