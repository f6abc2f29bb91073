/** Where the nodes of a graph stand, and how its edges run: dagre's layout of boxes as large as the page draws them. */

/**
 * @typedef {import('./fold.js').View} View
 * @typedef {{x: number, y: number}} Point
 * @typedef {Point & {width: number, height: number}} Box
 * @typedef {{width: number, height: number, nodes: Record<string, Point>, groups: Record<string, Box>,
 *   edges: {points: Point[], label: Point}[]}} Placed
 */

/**
 * @param {typeof import('@dagrejs/dagre')} dagre
 * @param {View} view
 * @param {HTMLElement} board
 * @returns {Placed}
 */
export function place(dagre, view, board) {
  const graph = new dagre.Graph({ multigraph: true, compound: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 20, ranksep: 40, marginx: 6, marginy: 14 });
  for (const { id } of view.open) graph.setNode(groupId(id), {});
  for (const { id, parent } of view.open) if (parent) graph.setParent(groupId(id), groupId(parent));
  const boxes = board.querySelectorAll('.graph-node');
  view.nodes.forEach(({ id, parent }, i) => {
    const box = /** @type {HTMLElement} */ (boxes[i]);
    graph.setNode(id, { width: box.offsetWidth, height: box.offsetHeight });
    if (parent) graph.setParent(id, groupId(parent));
  });
  const labels = [...board.querySelectorAll('.graph-edge')];
  view.links.forEach(({ source, target, tex }, i) => {
    const box = /** @type {HTMLElement | undefined} */ (tex ? labels.shift() : undefined);
    const size = { width: box?.offsetWidth ?? 0, height: box?.offsetHeight ?? 0 };
    graph.setEdge(source, target, { ...size, labelpos: 'c' }, String(i));
  });
  dagre.layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    nodes: Object.fromEntries(view.nodes.map(({ id }) => [id, /** @type {Point} */ (graph.node(id))])),
    groups: Object.fromEntries(view.open.map(({ id }) => [id, /** @type {Box} */ (graph.node(groupId(id)))])),
    edges: view.links.map(({ source, target }, i) => {
      const { points = [], x = 0, y = 0 } = graph.edge({ v: source, w: target, name: String(i) });
      return { points, label: { x, y } };
    }),
  };
}

/** @param {string} id */
const groupId = (id) => `open ${id}`;

/** Dagre's points joined smoothly: each inner point bends the line, the middles between them lie on it. @param {Point[]} points */
export function curve(points) {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (!first || !last) return '';
  const bends = rest.slice(0, -1).map((point, i) => {
    const next = /** @type {Point} */ (rest[i + 1]);
    const end = next === last ? last : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${point.x} ${point.y} ${end.x} ${end.y}`;
  });
  return `M${first.x} ${first.y} ${bends.length ? bends.join(' ') : `L${last.x} ${last.y}`}`;
}
