/** The node of a graph that the reader points at, there or in a step of the derivation: both light up, and its line. */

import { createContext } from 'preact';

export type Pointed = { node: string; line: number };

export const NOTHING_POINTED: Pointed = { node: '', line: 0 };

/** What is pointed at, and the way to point; alone nothing is. */
export const PointedContext = createContext<{ pointed: Pointed; point: (at: Pointed) => void }>({
  pointed: NOTHING_POINTED,
  point() {},
});
