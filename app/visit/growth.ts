/** An answer as it grows: its blocks, some of them more than once, and how far the work on it is. */

import { decodeBlock } from '../engine/protocol.ts';
import type { State } from './state.ts';

export function growth() {
  const blocks: Map<number, State['partial'][number]> = new Map();
  let progress: State['progress'] = null;
  let head: State['head'] = null;
  let said = 0;
  return {
    add({ block, place }: { block: any; place: number }, numbers: Float64Array) {
      if (block.kind === 'progress') progress = block.done >= 1 ? null : block;
      else if (block.kind === 'head') head = block;
      else blocks.set(place, decodeBlock(block, numbers));
    },
    /** What the page shows of it. */
    seen(): Partial<State> {
      const partial = [...blocks].sort(([a], [b]) => a - b).map(([, block]) => block);
      const quarter = Math.floor(4 * (progress?.done ?? 0));
      if (!progress || quarter <= said) return { partial, head, progress };
      said = quarter;
      return { partial, head, progress, said: `${progress.text}, ${25 * quarter} %` };
    },
  };
}
