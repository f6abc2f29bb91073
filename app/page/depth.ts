/** How far an answer is opened: what answers, why it is so, what proves it. */

export const DEPTHS = ['answer', 'why', 'proof'] as const;

export type Depth = (typeof DEPTHS)[number];
