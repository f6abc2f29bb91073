/**
 * What comes out of the sandbox was written by code that may have come from anybody: it is data of known shapes and
 * bounded size, or it is refused as a whole. The shapes are those of py/nabla, which the build writes down.
 */

import shapes from '../generated/shapes.json' with { type: 'json' };
import type { FromCell, Shown } from './protocol';

const LIMITS = {
  /** Characters of a message. */
  text: 3_000_000,
  /** Characters of one text in a block, and of one that KaTeX is to set. */
  string: 200_000,
  tex: 20_000,
  /** Members of a list, blocks of a document, and all values in it. */
  list: 20_000,
  blocks: 400,
  values: 200_000,
  depth: 24,
  /** Numbers of one document, and of one array. */
  numbers: 1 << 20,
  array: 1 << 18,
  /** Files that a program has written: how many are told, the letters of a name, the bytes that are handed out. */
  files: 50,
  name: 200,
  file: 64 << 20,
  /** Bytes of a picture. */
  image: 8 << 20,
  /** What would keep a drawing program busy. */
  marks: 100,
  frames: 240,
  nodes: 300,
  edges: 1200,
};

/** Fields that become formulas. */
const TEX = ['tex', 'value', 'adjoint', 'where'];
/** How many of them there may be, by the name of the field. */
const MOST: Record<string, number> = {
  marks: LIMITS.marks,
  frames: LIMITS.frames,
  nodes: LIMITS.nodes,
  edges: LIMITS.edges,
};

/** Something came that the page does not take. */
export class Refused extends Error {}

function need(condition: unknown, why: string): asserts condition {
  if (!condition) throw new Refused(why);
}

const isPlain = (value: any): value is Record<string, any> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value));

const isText = (value: any, most: number = LIMITS.string) => typeof value === 'string' && value.length <= most;

const isCount = (value: any) => Number.isSafeInteger(value) && value >= 0;

const isPlace = (value: any) => value === null || (Number.isSafeInteger(value) && value >= 0 && value < 1e7);

/** The members of each message, and what they must be. */
const MESSAGES: Record<string, Record<string, (value: any) => boolean>> = {
  want: { path: (path) => isText(path, 300) },
  stage: { name: (name) => isText(name, 100), loaded: isCount, total: isCount },
  ready: { quick: (quick) => typeof quick === 'boolean', slow: (cause) => isText(cause, 2000) },
  failed: { message: isText, trace: isText },
  text: { run: isCount, stream: (stream) => stream === 'out' || stream === 'err' || stream === 'value', text: isText },
  show: {
    run: isCount,
    text: (text) => isText(text, LIMITS.text),
    numbers: (numbers) => numbers === null || (numbers instanceof Float64Array && numbers.length <= LIMITS.numbers),
  },
  image: {
    run: isCount,
    mime: (mime) => mime === 'image/svg+xml' || mime === 'image/png',
    bytes: (bytes) => bytes instanceof Uint8Array && bytes.length <= LIMITS.image,
  },
  html: { run: isCount, text: isText },
  ask: { run: isCount, prompt: isText },
  saved: {
    name: (name) => isText(name, LIMITS.name),
    bytes: (bytes) => bytes instanceof Uint8Array && bytes.length <= LIMITS.file,
  },
  done: {
    run: isCount,
    error: (error) => error === null || isError(error),
    fatal: (fatal) => typeof fatal === 'boolean',
    heap: isCount,
    written: (files) => Array.isArray(files) && files.length <= LIMITS.files && files.every(isWritten),
    names: (names) =>
      isPlain(names) && hasOnly(names, ['reads', 'writes']) && isNames(names.reads) && isNames(names.writes),
  },
  again: { run: isCount },
};

const isNames = (names: any) =>
  Array.isArray(names) && names.length <= LIMITS.list && names.every((name) => isText(name, LIMITS.name));

const isWritten = (file: any) =>
  isPlain(file) && hasOnly(file, ['name', 'size']) && isText(file.name, LIMITS.name) && isCount(file.size);

const isError = (error: any) =>
  isPlain(error) &&
  hasOnly(error, ['name', 'message', 'hint', 'trace', 'place']) &&
  isText(error.name, 200) &&
  isText(error.message) &&
  isText(error.hint, 2000) &&
  isText(error.trace) &&
  (error.place === null ||
    (Array.isArray(error.place) && error.place.length === 4 && error.place.every(isPlace) && error.place[0] !== null));

/** @param names all of them, and no others */
const hasOnly = (value: Record<string, any>, names: string[]) =>
  Object.keys(value).length === names.length && names.every((name) => Object.hasOwn(value, name));

/**
 * A message of the sandbox, if it is one.
 * @returns @throws {Refused}
 */
export function checkedMessage(data: unknown): FromCell {
  need(isPlain(data), 'a message is not a plain object');
  const members = Object.hasOwn(MESSAGES, data.type) ? MESSAGES[data.type] : undefined;
  need(members, 'a message is of no known type');
  need(hasOnly(data, ['type', ...Object.keys(members)]), `a message “${data.type}” has other members than it should`);
  for (const [name, isRight] of Object.entries(members)) {
    need(isRight(data[name]), `“${name}” of a message “${data.type}” is not what it should be`);
  }
  return data as FromCell;
}

/**
 * What is to be shown, its blocks known to be blocks. Points that set inputs are taken off plots: there is no form here
 * whose inputs they could set.
 * @returns @throws {Refused}
 */
export function checkedShown(text: string, numbers: Float64Array | null): Shown {
  const data = parsed(text);
  need(isPlain(data), 'what is shown is not a document');
  need(
    hasOnly(data, ['title', 'lab', 'inputs', 'warnings', 'answer', 'data', 'blocks']),
    'a document has other members than it should',
  );
  const room = { values: LIMITS.values, numbers };
  const { title, lab, inputs, warnings, answer, data: table, blocks } = data;
  check({ any: ['string', 'null'] }, title, 'title', room, 0);
  check({ any: ['string', 'null'] }, lab, 'lab', room, 0);
  check({ map: 'string' }, inputs, 'inputs', room, 0);
  check({ list: { part: 'Caution' } }, warnings, 'warnings', room, 0);
  check({ any: [{ part: 'Sentence' }, 'null'] }, answer, 'answer', room, 0);
  need(table === null || isText(table), 'the table of what is shown is not a text');
  need(Array.isArray(blocks) && blocks.length <= LIMITS.blocks, 'a document has too many blocks');
  for (const block of blocks) {
    need(isPlain(block) && Object.hasOwn(shapes.blocks, block.kind), 'a block is of no known kind');
    check({ part: (shapes.blocks as Record<string, string>)[block.kind] }, block, block.kind, room, 0);
    if (block.kind === 'plot') Object.assign(block, { handles: [], placing: null });
    if (block.kind === 'plot') checkPlot(block);
  }
  return data as Shown;
}

function parsed(text: string) {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Refused('a document is not JSON');
  }
}

/**
 * @param shape as py/nabla/shapes.py describes them
 * @param name of the field, for messages
 */
function check(
  shape: any,
  value: any,
  name: string,
  room: { values: number; numbers: Float64Array | null },
  depth: number,
): void {
  need(--room.values > 0 && depth < LIMITS.depth, 'a document is too large');
  const wrong = `“${name}” in a document is not what it should be`;
  if (shape === 'string') return need(isText(value, TEX.includes(name) ? LIMITS.tex : LIMITS.string), wrong);
  if (shape === 'number') return need(Number.isFinite(value), wrong);
  if (shape === 'integer') return need(Number.isSafeInteger(value), wrong);
  if (shape === 'boolean') return need(typeof value === 'boolean', wrong);
  if (shape === 'null') return need(value === null, wrong);
  if (shape === 'array') return checkArray(value, room.numbers, wrong);
  if (shape.is) return need(shape.is.includes(value), wrong);
  if (shape.any) return checkAny(shape.any, value, name, room, depth);
  if (shape.part) return checkPart(shape.part, value, name, room, depth);
  if (shape.map) {
    need(isPlain(value) && Object.keys(value).length <= LIMITS.list, wrong);
    for (const member of Object.values(value)) check(shape.map, member, name, room, depth + 1);
    return;
  }
  need(Array.isArray(value) && value.length <= (MOST[name] ?? LIMITS.list), wrong);
  const shapesOf = shape.tuple ?? [];
  need(!shape.tuple || value.length === shapesOf.length, wrong);
  value.forEach((member, i) => {
    check(shape.list ?? shapesOf[i], member, name, room, depth + 1);
  });
}

/** A number that need not be there may be infinite too. */
function checkAny(choices: any[], value: any, name: string, room: any, depth: number): void {
  if (value === null) return need(choices.includes('null'), `“${name}” in a document is missing`);
  if (choices.includes('null') && choices.includes('number') && (value === 'inf' || value === '-inf')) return;
  const part = isPlain(value) && choices.find((choice) => choice.part && tagOf(choice.part, value));
  if (part) return checkPart(part.part, value, name, room, depth);
  for (const choice of choices) {
    try {
      return check(choice, value, name, room, depth);
    } catch (error) {
      if (!(error instanceof Refused) || room.values <= 0) throw error;
    }
  }
  throw new Refused(`“${name}” in a document is not what it should be`);
}

/** Whether the value says of itself that it is such a part. */
function tagOf(part: string, value: any) {
  const fields = partsOf(part);
  return fields.mark?.is.includes(value.mark) || fields.kind?.is.includes(value.kind);
}

const partsOf = (part: string): Record<string, any> => (shapes.parts as Record<string, any>)[part];

function checkPart(part: string, value: any, name: string, room: any, depth: number) {
  need(isPlain(value), `“${name}” in a document is not what it should be`);
  const fields = partsOf(part);
  const known = new Set();
  for (const [field, shape] of Object.entries(fields)) {
    const own = field.replace('?', '');
    known.add(own);
    if (own !== field && !Object.hasOwn(value, own)) continue;
    need(Object.hasOwn(value, own), `“${own}” is missing in a ${part}`);
    check(shape, value[own], own, room, depth + 1);
  }
  need(
    Object.keys(value).every((field) => known.has(field)),
    `a ${part} has members that nobody knows`,
  );
}

/** An array is a place in the numbers that came along. */
function checkArray(value: any, numbers: Float64Array | null, wrong: string) {
  need(isPlain(value) && hasOnly(value, ['$f64']) && Array.isArray(value.$f64) && value.$f64.length === 2, wrong);
  const [offset, shape] = value.$f64;
  need(isCount(offset) && Array.isArray(shape) && shape.length <= 2 && shape.every(isCount), wrong);
  const length = shape.reduce((product: number, size: number) => product * size, 1);
  need(numbers && length <= LIMITS.array && offset + length <= numbers.length, wrong);
}

/** The arrays of a mark belong together. */
function checkPlot(plot: any) {
  const size = (array: any) => array.$f64[1].reduce((product: number, axis: number) => product * axis, 1);
  for (const mark of [...plot.marks, ...plot.frames.flatMap((frame: any) => frame.marks)]) {
    if (mark.mark === 'rule') continue;
    const [across, up] = [size(mark.x), mark.z ? size(mark.y) : 0];
    const alike = ['y', 'y1', 'y2', 'u', 'v', 'when'].filter((name) => mark[name] && !(mark.z && name === 'y'));
    need(
      alike.every((name) => size(mark[name]) === across) && (!mark.z || size(mark.z) === across * up),
      'the arrays of a mark differ in length',
    );
  }
  const { domain: x } = plot.x;
  const { domain: y } = plot.y;
  need(
    [x, y].every((domain) => domain === null || domain[1] > domain[0]),
    'an axis of a plot is empty',
  );
}
