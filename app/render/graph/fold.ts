/** A graph with some of its groups folded, and the order in which it is computed. No DOM. */

import type { Graph, Group, Node, Plot, Timeline } from '../../generated/types';

/** what is drawn for a node, or for a folded group */
export interface Shown {
  id: string;
  node: Node | null;
  group: Group | null;
  /** the ids of the nodes in it */
  members: string[];
  /** the open group it lies in */
  parent: string;
}

/** an edge, or several between the same two */
export type Link = { source: string; target: string; tex: string; count: number };

export type View = { nodes: Shown[]; links: Link[]; open: Group[] };

/** a node is reached, on the way forward or back */
export type Turn = { id: string; back: boolean };

/** The ids of the groups that begin open. */
export const openAtFirst = (graph: Graph) =>
  new Set((graph.groups ?? []).filter(({ folded }) => !folded).map(({ id }) => id));

/** The groups a node lies in, the outermost first. */
function pathOf(groups: Map<string, Group>, inner: string): Group[] {
  const path: Group[] = [];
  for (let group = groups.get(inner); group && !path.includes(group); group = groups.get(group.parent))
    path.unshift(group);
  return path;
}

/** What is to be seen while the groups in `open` are open: everything in another group is one node. */
export function viewOf(graph: Graph, open: ReadonlySet<string>): View {
  const groups = new Map((graph.groups ?? []).map((group) => [group.id, group]));
  const shown: Map<string, Shown> = new Map();
  const standIn: Map<string, string> = new Map();
  const opened: Set<Group> = new Set();
  for (const node of graph.nodes) {
    const path = pathOf(groups, node.group);
    const depth = path.findIndex(({ id }) => !open.has(id));
    const group = path[depth] ?? null;
    const outer = group ? path.slice(0, depth) : path;
    for (const each of outer) opened.add(each);
    const id = group ? groupKey(group.id) : node.id;
    const known = shown.get(id);
    if (known) known.members.push(node.id);
    else shown.set(id, { id, node: group ? null : node, group, members: [node.id], parent: outer.at(-1)?.id ?? '' });
    standIn.set(node.id, id);
  }
  const links: Map<string, Link> = new Map();
  for (const edge of graph.edges) {
    const [source, target] = [standIn.get(edge.source), standIn.get(edge.target)];
    if (source === undefined || target === undefined || source === target) continue;
    const key = JSON.stringify([source, target]);
    const known = links.get(key);
    if (known) Object.assign(known, { count: known.count + 1, tex: '' });
    else links.set(key, { source, target, tex: edge.tex, count: 1 });
  }
  return { nodes: [...shown.values()], links: [...links.values()], open: [...opened] };
}

/** Groups and nodes may have the same ids. */
const groupKey = (group: string) => `group ${group}`;

/** The nodes in the order in which they are reached: forward by their values, back by their adjoints. */
export function turnsOf(graph: Graph): Turn[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const order = (graph.order ?? []).filter((id) => nodes.has(id));
  const back = order.filter((id) => nodes.get(id)?.adjoint).reverse();
  return [...order.map((id) => ({ id, back: false })), ...back.map((id) => ({ id, back: true }))];
}

/** A plot of nothing, whose frames are the turns: what moves plots moves graphs too. */
export function timelineOf(graph: Graph): { timeline: Timeline; plot: Plot } | null {
  const turns = turnsOf(graph);
  if (turns.length < 2) return null;
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const frames = turns.map(({ id, back }, i) => ({
    at: i + 1,
    marks: [],
    label: `${back ? '**Backward:** the adjoint of' : '**Forward:**'} $${nodes.get(id)?.tex}$`,
  }));
  frames.unshift({ at: 0, marks: [], label: 'Nothing is computed yet.' });
  const ended = turns.some(({ back }) => back) ? 'All values and all adjoints.' : 'All values.';
  frames.push({ at: turns.length + 1, marks: [], label: ended });
  const seconds = Math.max(3, Math.min(30, turns.length * 0.6));
  const timeline = {
    name: '',
    label: 'step',
    start: 0,
    end: turns.length + 1,
    at: null,
    unit: '',
    play: true,
    seconds,
  };
  return {
    timeline: { ...timeline, scale: 'linear' },
    plot: { kind: 'plot', marks: [], frames } as any,
  };
}

/**
 * Which nodes have their value, which their adjoint, and which one is being reached.
 * @param time how many turns have been taken
 */
export function reached(turns: Turn[], time: number) {
  const count = Math.floor(time);
  const taken = turns.slice(0, count);
  return {
    values: new Set(taken.filter(({ back }) => !back).map(({ id }) => id)),
    adjoints: new Set(taken.filter(({ back }) => back).map(({ id }) => id)),
    now: count <= turns.length ? (taken.at(-1) ?? null) : null,
  };
}

/** The node that an arrow key leads to: along an edge to the right or left, else the nearest above or below. */
export function neighbour(
  { links, nodes }: View,
  places: Record<string, { x: number; y: number }>,
  from: string,
  key: string,
) {
  const here = places[from];
  if (!here) return null;
  const along = {
    ArrowRight: () => links.filter(({ source }) => source === from).map(({ target }) => target),
    ArrowLeft: () => links.filter(({ target }) => target === from).map(({ source }) => source),
    ArrowUp: () => nodes.map(({ id }) => id).filter((id) => Number(places[id]?.y) < here.y - 1),
    ArrowDown: () => nodes.map(({ id }) => id).filter((id) => Number(places[id]?.y) > here.y + 1),
  }[key];
  if (!along) return null;
  const sideways = key === 'ArrowUp' || key === 'ArrowDown' ? 3 : 1;
  const away = (id: string) => {
    const there = places[id] ?? { x: Number.POSITIVE_INFINITY, y: 0 };
    return Math.hypot((there.x - here.x) * sideways, there.y - here.y);
  };
  return along().sort((a, b) => away(a) - away(b))[0] ?? null;
}
