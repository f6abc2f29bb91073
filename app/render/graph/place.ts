/** Where the nodes of a graph stand, and how its edges run: dagre's layout of boxes as large as the page draws them. */

import type { View } from './fold.ts';

export type Point = { x: number; y: number };

export type Box = Point & { width: number; height: number };

export type Placed = {
  width: number;
  height: number;
  nodes: Record<string, Point>;
  groups: Record<string, Box>;
  edges: { points: Point[]; label: Point }[];
};

export function place(dagre: typeof import('@dagrejs/dagre'), view: View, board: HTMLElement): Placed {
  const graph = new dagre.Graph({ multigraph: true, compound: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 20, ranksep: 40, marginx: 6, marginy: 14 });
  for (const { id } of view.open) graph.setNode(groupId(id), {});
  for (const { id, parent } of view.open) if (parent) graph.setParent(groupId(id), groupId(parent));
  const boxes = board.querySelectorAll('.graph-node');
  view.nodes.forEach(({ id, parent }, i) => {
    const box = boxes[i] as HTMLElement;
    graph.setNode(id, { width: box.offsetWidth, height: box.offsetHeight });
    if (parent) graph.setParent(id, groupId(parent));
  });
  const labels = [...board.querySelectorAll('.graph-edge')];
  view.links.forEach(({ source, target, tex }, i) => {
    const box = (tex ? labels.shift() : undefined) as HTMLElement | undefined;
    const size = { width: box?.offsetWidth ?? 0, height: box?.offsetHeight ?? 0 };
    graph.setEdge(source, target, { ...size, labelpos: 'c' }, String(i));
  });
  dagre.layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    nodes: Object.fromEntries(view.nodes.map(({ id }) => [id, graph.node(id) as Point])),
    groups: Object.fromEntries(view.open.map(({ id }) => [id, graph.node(groupId(id)) as Box])),
    edges: view.links.map(({ source, target }, i) => {
      const { points = [], x = 0, y = 0 } = graph.edge({ v: source, w: target, name: String(i) });
      return { points, label: { x, y } };
    }),
  };
}

const groupId = (id: string) => `open ${id}`;

/** Dagre's points joined smoothly: each inner point bends the line, the middles between them lie on it. */
export function curve(points: Point[]) {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (!first || !last) return '';
  const bends = rest.slice(0, -1).map((point, i) => {
    const next = rest[i + 1] as Point;
    const end = next === last ? last : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${point.x} ${point.y} ${end.x} ${end.y}`;
  });
  return `M${first.x} ${first.y} ${bends.length ? bends.join(' ') : `L${last.x} ${last.y}`}`;
}
