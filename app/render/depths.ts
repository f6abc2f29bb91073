/**
 * The blocks of an answer by how far it is opened: what answers and what can be tried next; why it is so; what proves
 * it. No DOM.
 */

import type { Block, Check, Heading } from '../generated/types';
import type { Depth } from '../page/depth.ts';
import { openAtFirst, viewOf } from './graph/fold.ts';

export type Depths = Record<Depth, Block[]>;

/** Where a section belongs, by what its heading says of it; what stands above all headings answers. */
const HOMES: Record<string, Depth> = {
  above: 'answer',
  claim: 'answer',
  '': 'why',
  steps: 'why',
  checks: 'proof',
  program: 'proof',
  reading: 'proof',
};
/** So many maps of a plane stand side by side in a first look. */
const MAPS = 3;

/** So many nodes of a graph in a row fit beside the words of an answer. */
const ROW = 4;

/** A section of a document: its heading, none above the first, and what stands under it. */
type Section = { heading: Heading | null; blocks: Block[] };

export function depthsOf(blocks: Block[]): Depths {
  const found: Depths = { answer: [], why: [], proof: [] };
  const first = firstPictures(blocks);
  for (const { heading, blocks: inside } of sections(blocks)) {
    const name = heading ? (heading.role ?? '') : 'above';
    const home = HOMES[name] ?? 'why';
    let begun = heading === null;
    for (const block of inside) {
      const depth = first.has(block) ? 'answer' : depthOf(block, name, home);
      if (depth === home && heading && !begun) {
        found[home].push(heading);
        begun = true;
      }
      found[depth].push(block);
    }
  }
  return found;
}

function depthOf(block: Block, section: string, home: Depth): Depth {
  if (block.kind === 'check') return 'proof';
  // What can be tried next stands where one looks for it.
  if (block.kind === 'note') return Object.keys(block.inputs).length > 0 && home === 'proof' ? 'answer' : home;
  if (section === 'claim') return home;
  if (block.kind === 'code') return 'proof';
  if (section === 'above')
    return ({ table: 'proof', plot: 'why', graph: 'why', steps: 'why' }[block.kind as string] as Depth) ?? home;
  return home;
}

/** The first picture of an answer; of maps of a plane, the first few, which are compared. */
function firstPictures(blocks: Block[]): Set<Block> {
  const pictures = blocks.filter(({ kind }) => kind === 'plot' || kind === 'graph');
  const [first] = pictures;
  if (first?.kind !== 'plot' || !first.equal) return new Set(pictures.slice(0, 1));
  const other = pictures.findIndex((block) => block.kind !== 'plot' || !block.equal);
  return new Set(pictures.slice(0, Math.min(MAPS, other < 0 ? MAPS : other)));
}

/** Whether a picture needs the whole width: a graph with more nodes in a row than half of the page can show. */
export function isLong(picture: Block | undefined): boolean {
  if (picture?.kind !== 'graph') return false;
  const { nodes, links } = viewOf(picture, openAtFirst(picture));
  const rank = new Map(nodes.map(({ id }) => [id, 1]));
  // Edges lead from what is computed first; what a circle holds is of the first rank.
  for (const { id } of nodes)
    for (const { target } of links.filter(({ source }) => source === id))
      rank.set(target, Math.max(rank.get(target) ?? 1, (rank.get(id) ?? 1) + 1));
  return Math.max(0, ...rank.values()) > ROW;
}

function sections(blocks: Block[]): Section[] {
  const found: Section[] = [{ heading: null, blocks: [] }];
  for (const block of blocks) {
    if (block.kind === 'heading' && block.level <= 2) found.push({ heading: block, blocks: [] });
    else found.at(-1)?.blocks.push(block);
  }
  return found;
}

/** The checks of an answer, those of its steps included. */
export function checksOf(blocks: Block[]): Check[] {
  const ofSteps = (steps: { check: Check | null; steps: any[] }[]): Check[] =>
    steps.flatMap(({ check, steps }) => [...(check ? [check] : []), ...ofSteps(steps)]);
  return blocks.flatMap((block) =>
    block.kind === 'check' ? [block] : block.kind === 'steps' ? ofSteps(block.steps) : [],
  );
}
