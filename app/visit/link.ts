/**
 * The address codec: `#/derive?f=(w*x-y)^2&wrt=w` to a state and back.
 *
 * Addresses are read generously, since people type them and chat programs mangle them, and written with as few
 * escapes as survive being pasted. Published links keep working: tests/js/links.txt holds every form.
 */

import type { Lab } from '../generated/types';
import { DEPTHS, type Depth } from '../page/depth.ts';

/** what an address asks for */
export type Linked = {
  lab: string;
  inputs: Record<string, string>;
  problems: string[];
  depth?: Depth;
  /** whether the answer is to be tried before it is seen */ tried?: boolean;
};

/** The name under which an address says how far the answer is opened. */
const DEPTH = 'depth';
/** What it says there when the reader is to try the answer first. */
const TRIED = `${DEPTH}=try`;

/** A link to the same question, which keeps its answer back until the reader has tried it. */
export const triedLink = (link: string) => `${link}${link.includes('?') ? '&' : '?'}${TRIED}`;

/** Whether an address asks for the Python cell, which is no lab. */
export const asksForPython = (hash: string) => /^#!?(\/|%2f)python\/?(\?|%3f|$)/i.test(hash);

/** Values longer than this are packed, when that makes them shorter. */
const LONG = 300;
/** An unpacked value may not be longer than this: a short link must not fill the memory. */
const UNPACKED_LIMIT = 2_000_000;
/** Texts longer than this are left out of links, which no browser or chat program would carry. */
const LINKED_LIMIT = 300_000;

/** A link may be this long, set so many values, and name so many problems; what is beyond is counted. */
const LENGTH = 2_000_000;
const VALUES = 100;
const PROBLEMS = 5;
/** Packed bytes are unpacked so many at a time: a thousand times as many may come out of them. */
const PIECE = 1024;

/** The page of the start, in the list of pages. */
export const START = '/';

/** The page that an address names, '' where it names a lab. The bare address is that of the start. */
export function pageOf(hash: string, pages: string[]) {
  const path = (/^#?!?([^?]*)/.exec(hash)?.[1] ?? '').replace(/(.)\/$/, '$1') || START;
  return pages.includes(path) ? path : '';
}

/**
 * The state an address asks for, `null` when it names no lab at all. What could not be read is listed in `problems`,
 * and the rest of the address still counts.
 */
export async function decodeLink(hash: string, labs: Lab[]): Promise<Linked | null> {
  if (hash.length > LENGTH) return { lab: '', inputs: {}, problems: ['This link is too long to be read.'] };
  let text = hash.replace(/^#/, '');
  if (/^(!|%2f)/i.test(text)) text = percentDecode(text.replace(/^!/, '')).text;
  if (!text.startsWith('/') || text === '/') return null;
  const cut = text.indexOf('?');
  const name = percentDecode(cut < 0 ? text.slice(1) : text.slice(1, cut)).text.replace(/\/$/, '');
  const lab = labs.find((lab) => lab.name === name.toLowerCase());
  if (!lab) {
    const names = labs.map((lab) => lab.name).join(', ');
    return {
      lab: '',
      inputs: {},
      problems: [`This link asks for “${brief(name)}”, which is not here. There is ${names}.`],
    };
  }
  const linked: Linked = { lab: lab.name, inputs: {}, problems: [] };
  const parts = cut < 0 ? [] : text.slice(cut + 1).split('&', VALUES + 1);
  if (parts.length > VALUES)
    linked.problems.push(`This link sets more than ${VALUES} values; the others were left out.`);
  const room = { left: UNPACKED_LIMIT };
  for (const part of parts.slice(0, VALUES)) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const key = percentDecode((equals < 0 ? part : part.slice(0, equals)).replace(/^amp;/, '')).text;
    const field = lab.fields.find((field) => field.name === key);
    const depth = key === DEPTH && DEPTHS.find((depth) => part.endsWith(`=${depth}`));
    if (depth) linked.depth = depth;
    if (part === TRIED) linked.tried = true;
    if (depth || part === TRIED) continue;
    if (!field) {
      const names = lab.fields.map((field) => field.name).join(', ');
      linked.problems.push(`This link sets “${brief(key)}”, which ${lab.title} does not have. It takes ${names}.`);
      continue;
    }
    const value = await decodeValue(equals < 0 ? '' : part.slice(equals + 1), room);
    if (value.problem) linked.problems.push(`${field.label} could not be read from this link: ${value.problem}`);
    linked.inputs[key] = value.text;
  }
  const more = linked.problems.length - PROBLEMS;
  if (more > 1) linked.problems.splice(PROBLEMS, more, `There are ${more} more problems with this link.`);
  return linked;
}

/** A name as it is told. */
const brief = (name: string) => (name.length > 60 ? `${name.slice(0, 60)}…` : name);

/** The fields whose text is too long for a link. */
export const leftOut = (lab: Lab, inputs: Record<string, string>) =>
  lab.fields.filter((field) => (inputs[field.name] ?? '').length > LINKED_LIMIT);

/** The address of `inputs`; those at their default are left out, and those of `leftOut`. */
export async function encodeLink(lab: Lab, inputs: Record<string, string>, depth: Depth = 'answer') {
  const parts = [];
  const tooLong = leftOut(lab, inputs);
  for (const field of lab.fields.filter((field) => !tooLong.includes(field))) {
    const text = inputs[field.name] ?? field.default;
    if (text.trim() !== field.default.trim()) parts.push(`${field.name}=${await encodeValue(text)}`);
  }
  if (depth !== 'answer') parts.push(`${DEPTH}=${depth}`);
  // Two stars make what is between them slanted in Markdown; one is safe.
  let query = parts.join('&');
  if (query.split('*').length > 2) query = query.replaceAll('*', '%2A');
  return `#/${lab.name}${query ? `?${protectEnd(query)}` : ''}`;
}

/** `room` is how many characters all packed values of the link may still have. */
async function decodeValue(raw: string, room: { left: number }): Promise<{ text: string; problem?: string }> {
  const packed = /^z(\d+)\.(.*)$/.exec(raw);
  if (!packed) return percentDecode(raw);
  if (packed[1] !== '1') {
    return { text: '', problem: `it is packed in format z${packed[1]}, which this version of the page does not know.` };
  }
  try {
    return { text: await unpack(packed[2] ?? '', room) };
  } catch (error) {
    const cause = error instanceof RangeError ? 'it is too long.' : 'a part of it is missing or was changed.';
    return { text: '', problem: cause };
  }
}

async function encodeValue(text: string) {
  // A value that only looks packed has its first letter escaped.
  const plain = percentEncode(text).replace(/^z(?=\d+\.)/, '%7A');
  if (plain.length <= LONG) return plain;
  const packed = `z1.${await pack(text)}`;
  return packed.length < plain.length ? packed : plain;
}

/** `%xx` taken back. A plus sign stays one: formulas are full of them. */
function percentDecode(raw: string): { text: string; problem?: string } {
  try {
    return { text: decodeURIComponent(raw) };
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
  }
  const broken = /%(?![0-9a-f]{2})/i.exec(raw);
  const problem = broken
    ? `at “${raw.slice(broken.index, broken.index + 8)}” a % stands without two hexadecimal digits; write % as %25.`
    : 'its %xx signs do not make up letters; the link was cut or changed on its way.';
  return { text: raw, problem };
}

/** Only what a browser, a chat program or Markdown would break is escaped. Brackets are kept when they are in pairs. */
function percentEncode(text: string) {
  const escaped = text.replace(/[^\w.~*+\-/=^,:;!?@$()]/gu, (letter) =>
    // encodeURIComponent throws on half a surrogate pair, which only a broken paste can hold.
    letter.isWellFormed() ? encodeURIComponent(letter).replace(/['!]/g, hex) : '%EF%BF%BD',
  );
  return paired(escaped) ? escaped : escaped.replace(/[()]/g, hex);
}

const hex = (letter: string) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;

function paired(text: string) {
  let depth = 0;
  for (const letter of text) {
    if (letter === '(') depth++;
    else if (letter === ')' && --depth < 0) return false;
  }
  return depth === 0;
}

/** Programs that find links in text leave out punctuation at the end, and a bracket without its partner. */
function protectEnd(query: string) {
  if (query.endsWith(')')) {
    const value = query.lastIndexOf('&') + 1;
    return query.slice(0, value) + query.slice(value).replace(/[()]/g, hex);
  }
  return query.replace(/[^\w=/-]$/, hex);
}

async function pack(text: string) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

async function unpack(packed: string, room: { left: number }) {
  const binary = atob(packed.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  const { readable, writable } = new DecompressionStream('deflate-raw');
  const [reader, writer] = [readable.getReader(), writable.getWriter()];
  const feed = async () => {
    for (let at = 0; at < bytes.length; at += PIECE) await writer.write(bytes.subarray(at, at + PIECE));
    await writer.close();
  };
  // What is wrong with the bytes is told to whoever reads.
  feed().catch(() => {});
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    const piece = decoder.decode(value, { stream: !done });
    text += piece;
    room.left -= piece.length;
    if (room.left < 0) {
      await reader.cancel();
      throw new RangeError('too long');
    }
    if (done) return text;
  }
}
