/** The board of a graph: nodes as real formulas, groups that fold, a way to walk along the edges and to play it. */

import * as dagre from '@dagrejs/dagre';
import { useContext, useLayoutEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import type { Graph, Group } from '../../generated/types';
import { html } from '../../page/html.ts';
import { download, fileName, Menu } from '../../page/menu.ts';
import { Prose } from '../formula/prose.ts';
import { plainProse } from '../formula/prose_parse.ts';
import { Tex } from '../formula/tex.ts';
import { addPinch } from '../pinch.ts';
import { PointedContext } from '../pointed.ts';
import type { Clock } from '../timeline.ts';
import { createClock } from '../timeline.ts';
import { pulse, TimelineBar } from '../timeline_bar.ts';
import type { Shown, Turn, View } from './fold.ts';
import { neighbour, openAtFirst, reached, timelineOf, turnsOf, viewOf } from './fold.ts';
import type { Box, Placed, Point } from './place.ts';
import { curve, place } from './place.ts';

/** Smaller than this, formulas cannot be read: a graph that is wider still is scrolled. */
const LEAST = 0.6;
const MOST = 2;
const STEP = 1.25;

export function GraphBoard({ block }: { block: Graph }) {
  // What was opened stays open, as long as answers have the same groups.
  const groups = JSON.stringify(block.groups ?? []);
  const [opened, setOpened] = useState(null as { of: string; open: Set<string> } | null);
  const open = useMemo(() => (opened?.of === groups ? opened.open : openAtFirst(block)), [opened, groups]);
  const setOpen = (open: Set<string>) => setOpened({ of: groups, open });
  const view = useMemo(() => viewOf(block, open), [block, open]);
  const turns = useMemo(() => turnsOf(block), [block]);
  const clock = useOwnClock(block);
  const time = useTime(clock);
  const at = reached(turns, clock ? time : Number.POSITIVE_INFINITY);
  const [looked, setLooked] = useState(null as string | null);
  const { pointed, point } = useContext(PointedContext);
  const active = looked ?? view.nodes.find(({ members }) => members.includes(pointed.node))?.id ?? null;
  const setActive = (id: string | null) => {
    setLooked(id);
    point({ node: id ?? '', line: 0 });
  };
  const chosen = view.nodes.find(({ id }) => id === active) ?? null;
  const scroll = useRef(null as HTMLElement | null);
  const board = useRef(null as HTMLElement | null);
  const placed = usePlaced(board, view);
  const zoom = useZoom(scroll, placed);
  const coming = at.now && view.nodes.find(({ members }) => members.includes(at.now?.id ?? ''));
  useInSight(scroll, coming && placed ? placed.nodes[coming.id] : undefined, zoom.scale);
  // Once nodes have values, what else is to be said of them waits until they are looked at.
  const terse = block.nodes.some(({ value, adjoint }) => value || adjoint);

  const awaited = useRef(null as string | null);
  useLayoutEffect(() => {
    if (!placed || awaited.current === null) return;
    focus(awaited.current);
    awaited.current = null;
  }, [placed]);

  const toggle = (id: string) => {
    const next = new Set(open);
    const first = view.nodes.find(({ group, parent }) => group?.id === id || parent === id)?.members[0] ?? '';
    if (!next.delete(id)) next.add(id);
    setOpen(next);
    // Who opens or folds goes on where that was.
    const there = viewOf(block, next).nodes.find(({ members }) => members.includes(first))?.id ?? null;
    setActive(there);
    awaited.current = there;
  };
  const focus = (id: string) => {
    setActive(id);
    const index = view.nodes.findIndex((node) => node.id === id);
    const node = board.current?.querySelectorAll('.graph-node')[index] as HTMLElement | undefined;
    node?.focus({ preventScroll: true });
    node?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  const onKey = (event: KeyboardEvent) => {
    const { key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if ((event.target as Element).closest('.graph-group')) return;
    const from = chosen?.id ?? view.nodes[0]?.id ?? '';
    const next = placed && (chosen ? neighbour(view, placed.nodes, from, key) : key.startsWith('Arrow') ? from : null);
    if (next) focus(next);
    else if (key === '+' || key === '=') zoom.by(STEP);
    else if (key === '-') zoom.by(1 / STEP);
    else if (key === '0') zoom.fit();
    else if ((key === 'Enter' || key === ' ') && chosen?.group) toggle(chosen.group.id);
    else if (key === ' ' && clock) clock.key(' ');
    else if (key === 'Escape' && chosen) setActive(null);
    else return;
    event.preventDefault();
    if (key === 'Escape') event.stopPropagation();
  };

  const scale = zoom.scale;
  const size = placed
    ? { width: `${placed.width * scale}px`, height: `${placed.height * scale}px` }
    : { minHeight: '12rem' };
  return html`
    <div class="graph-tools">
      <button type="button" class="quiet" aria-label="Smaller" onClick=${() => zoom.by(1 / STEP)}>−</button>
      <button type="button" class="quiet" aria-label="Larger" onClick=${() => zoom.by(STEP)}>+</button>
      <button type="button" class="quiet" onClick=${zoom.fit}>Fit</button>
      ${(block.groups ?? []).length > 0 && html`<${FoldAll} block=${block} open=${open} setOpen=${setOpen} />`}
      <${GraphMenu} block=${block} board=${board} />
    </div>
    <div class="graph-scroll" ref=${scroll} tabindex="0" role="application" aria-roledescription="graph"
      aria-label=${plainProse(block.summary)} onKeyDown=${onKey}
      aria-description="Arrow keys walk along the edges, Enter opens a group, plus and minus change the size.">
      <div class="graph-size" style=${size}>
        <div class="board" data-placed=${Boolean(placed)} data-active=${chosen !== null} ref=${board}
          style=${placed ? { width: `${placed.width}px`, height: `${placed.height}px`, transform: `scale(${scale})` } : {}}>
          ${placed && html`<${Edges} view=${view} placed=${placed} active=${chosen?.id} now=${at.now} />`}
          ${placed && view.open.map((group) => html`<${OpenGroup} key=${group.id} group=${group} box=${placed.groups[group.id]} fold=${() => toggle(group.id)} />`)}
          ${view.nodes.map(
            (
              shown,
            ) => html`<${NodeBox} key=${shown.id} shown=${shown} at=${at} place=${placed?.nodes[shown.id]} terse=${terse}
              near=${isNear(view, active, shown.id)} tabbed=${shown.id === (chosen?.id ?? view.nodes[0]?.id)}
              look=${setActive} unfold=${toggle} />`,
          )}
          ${view.links.map((link, i) => link.tex && html`<div class="graph-edge" style=${standing(placed?.edges[i]?.label)}><${Tex} tex=${link.tex} /></div>`)}
        </div>
      </div>
    </div>
    ${clock && html`<${TimelineBar} clock=${clock} />`}
    ${terse && html`<${Detail} shown=${chosen ?? coming} at=${at} />`}
  `;
}

/** A clock for a graph that says in which order it is computed. */
function useOwnClock(block: Graph) {
  const kept = useRef(null as Clock | null);
  return useMemo(() => {
    const moves = timelineOf(block);
    if (!moves) return null;
    kept.current ??= createClock(pulse);
    kept.current.follow(moves.timeline, [moves.plot]);
    return kept.current;
  }, [block]);
}

/** The whole steps of a clock. */
function useTime(clock: Clock | null) {
  const [, redraw] = useReducer((count) => count + 1, 0);
  const drawn = useRef(0);
  drawn.current = Math.floor(clock?.time ?? 0);
  useLayoutEffect(() => clock?.subscribe(() => Math.floor(clock.time) !== drawn.current && redraw(undefined)), [clock]);
  return drawn.current;
}

/** The layout of what is shown, null until it is measured. */
function usePlaced(board: { current: HTMLElement | null }, view: View) {
  const [laid, setLaid] = useState(null as { view: View; placed: Placed } | null);
  useLayoutEffect(() => {
    if (board.current) setLaid({ view, placed: place(dagre, view, board.current) });
  }, [view]);
  return laid?.view === view ? laid.placed : null;
}

/** The size at which the graph is shown: as wide as the page, unless it is asked for larger or smaller. */
function useZoom(scroll: { current: HTMLElement | null }, placed: Placed | null) {
  const [chosen, setChosen] = useState(null as number | null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const node = scroll.current;
    if (!node) return;
    setWidth(node.clientWidth); // at once: what is fitted after the first paint makes the page jump
    const watch = new ResizeObserver(() => setWidth(node.clientWidth));
    watch.observe(node);
    return () => watch.disconnect();
  }, []);
  const fitting = placed && width ? Math.max(LEAST, Math.min(1, width / placed.width)) : 1;
  const scale = chosen ?? fitting;
  const now = useRef(scale);
  now.current = scale;
  const by = (factor: number) => setChosen(Math.max(0.3, Math.min(MOST, now.current * factor)));
  useLayoutEffect(() => {
    const node = scroll.current;
    if (!node) return;
    const ending = new AbortController();
    const { signal } = ending;
    node.addEventListener(
      'wheel',
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        by(Math.exp(-Math.max(-60, Math.min(60, event.deltaY)) / 150));
      },
      { signal, passive: false },
    );
    addPinch(node, signal, (share, _, moved) => {
      by(1 / share);
      node.scrollBy(-moved.x, -moved.y);
    });
    addDrag(node, signal);
    return () => ending.abort();
  }, []);
  return { scale, by, fit: () => setChosen(null) };
}

/** Keeps a point of the board in sight, by scrolling the board and never the page. */
function useInSight(scroll: { current: HTMLElement | null }, point: Point | undefined, scale: number) {
  useLayoutEffect(() => {
    const node = scroll.current;
    if (!node || !point) return;
    const [x, y] = [point.x * scale, point.y * scale];
    const [marginX, marginY] = [node.clientWidth / 4, node.clientHeight / 4];
    const left = x < node.scrollLeft + marginX || x > node.scrollLeft + 3 * marginX;
    const top = y < node.scrollTop + marginY || y > node.scrollTop + 3 * marginY;
    if (left) node.scrollLeft = x - node.clientWidth / 2;
    if (top) node.scrollTop = y - node.clientHeight / 2;
  }, [point?.x, point?.y]);
}

/** The ground is dragged by the mouse; fingers scroll it anyway. */
function addDrag(node: HTMLElement, signal: AbortSignal) {
  node.addEventListener(
    'pointerdown',
    (event) => {
      if (event.pointerType === 'touch' || event.button !== 0) return;
      if ((event.target as Element).closest('.graph-node, button')) return;
      const from = { x: event.clientX + node.scrollLeft, y: event.clientY + node.scrollTop };
      const until = new AbortController();
      addEventListener('pointermove', ({ clientX, clientY }) => node.scrollTo(from.x - clientX, from.y - clientY), {
        signal: until.signal,
      });
      for (const name of ['pointerup', 'pointercancel']) {
        addEventListener(name, () => until.abort(), { signal: until.signal });
      }
    },
    { signal },
  );
}

function FoldAll({ block, open, setOpen }: { block: Graph; open: Set<string>; setOpen: (open: Set<string>) => void }) {
  const all = (block.groups ?? []).map(({ id }) => id);
  return html`
    ${open.size < all.length && html`<button type="button" class="quiet" onClick=${() => setOpen(new Set(all))}>Open all</button>`}
    ${open.size > 0 && html`<button type="button" class="quiet" onClick=${() => setOpen(new Set())}>Fold all</button>`}`;
}

/** What can be taken away from a graph, as it is folded now. */
function GraphMenu({ block, board }: { block: Graph; board: { current: HTMLElement | null } }) {
  const name = (ending: string) => fileName(plainProse(block.title) || 'graph', ending);
  const picture = () => import('./picture.ts');
  const drawn = () => board.current as HTMLElement;
  const items = [
    {
      label: 'Picture (PNG)',
      act: async () => download(await (await picture()).graphPng(drawn()), name('png')),
    },
    {
      label: 'Drawing (SVG)',
      act: async () => download((await picture()).graphSvg(drawn()), name('svg'), 'image/svg+xml'),
    },
  ];
  return html`<${Menu} of=${plainProse(block.title) || 'graph'} items=${items} />`;
}

const standing = (point: { x: number; y: number } | undefined) =>
  point ? { left: `${point.x}px`, top: `${point.y}px` } : {};

/** Whether an edge joins two nodes, or they are the same. */
const isNear = ({ links }: View, one: string | null, other: string) =>
  one === other ||
  links.some(({ source, target }) => (source === one && target === other) || (target === one && source === other));

function NodeBox({
  shown,
  at,
  place,
  terse,
  near,
  tabbed,
  look,
  unfold,
}: {
  shown: Shown;
  at: ReturnType<typeof reached>;
  place: any;
  terse: boolean;
  near: boolean;
  tabbed: boolean;
  look: (id: string | null) => void;
  unfold: (id: string) => void;
}) {
  const { id, node, group, members } = shown;
  const done = members.every((member) => at.values.has(member));
  const now = at.now && members.includes(at.now.id) ? (at.now.back ? 'back' : 'forward') : undefined;
  const common = {
    class: 'graph-node',
    style: standing(place),
    'data-id': id,
    'data-reached': done,
    'data-now': now,
    'data-near': near,
    tabindex: tabbed ? 0 : -1,
    onPointerEnter: () => look(id),
    onFocus: () => look(id),
    onPointerLeave: (event: any) => event.currentTarget !== document.activeElement && look(null),
  };
  if (group || !node) {
    return html`<button type="button" ...${common} data-folded onClick=${() => group && unfold(group.id)} aria-expanded="false">
      <span><${Prose} text=${group?.label ?? ''} /></span>
      <span class="graph-label">${members.length} steps</span>
    </button>`;
  }
  return html`<div ...${common} data-group=${node.group}>
    <${Tex} tex=${node.tex} />
    ${node.label && html`<span class="graph-label"><${Prose} text=${node.label} /></span>`}
    ${
      terse &&
      html`<span class="graph-values">
        ${node.value && html`<span class="graph-value" data-shown=${at.values.has(id)}><span>value</span> <${Tex} tex=${node.value} /></span>`}
        ${node.adjoint && html`<span class="graph-adjoint" data-shown=${at.adjoints.has(id)}><span>adjoint</span> <${Tex} tex=${node.adjoint} /></span>`}
      </span>`
    }
    ${!terse && node.detail.map((line) => html`<span class="graph-detail"><${Prose} text=${line} /></span>`)}
  </div>`;
}

function OpenGroup({ group, box, fold }: { group: Group; box: Box | undefined; fold: () => void }) {
  if (!box) return null;
  const style = {
    left: `${box.x - box.width / 2}px`,
    top: `${box.y - box.height / 2}px`,
    width: `${box.width}px`,
    height: `${box.height}px`,
  };
  return html`<div class="graph-group" style=${style}>
    <button type="button" onClick=${fold} aria-expanded="true"><${Prose} text=${group.label} /></button>
  </div>`;
}

function Edges({
  view,
  placed,
  active,
  now,
}: {
  view: View;
  placed: Placed;
  active: string | undefined;
  now: Turn | null;
}) {
  return html`<svg width=${placed.width} height=${placed.height} aria-hidden="true">
    <defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
      <path d="M0 0.5 L8 4 L0 7.5" /></marker></defs>
    ${view.links.map(({ source, target, count }, i) => {
      const near = source === active || target === active;
      const used = now && (now.back ? source === now.id : target === now.id);
      return html`<path class="edge" d=${curve(placed.edges[i]?.points ?? [])} marker-end="url(#arrow)" data-near=${near}
        data-now=${used ? (now.back ? 'back' : 'forward') : undefined} data-many=${count > 1} />`;
    })}
  </svg>`;
}

/**
 * The node that is looked at, or just reached, at full size, with what else is to be said of it. It has a place of its
 * own, so that nothing moves.
 */
function Detail({ shown, at }: { shown: Shown | null; at: ReturnType<typeof reached> }) {
  if (!shown) {
    return html`<div class="graph-about" role="status" tabindex="0"><p class="hint">Look at a node, or walk along the edges with the arrow keys.</p></div>`;
  }
  const { node, group, members, id } = shown;
  if (!node) {
    return html`<div class="graph-about" role="status" tabindex="0"><p><${Prose} text=${group?.label ?? ''} />, ${members.length} steps. A click opens it.</p></div>`;
  }
  return html`<div class="graph-about" role="status" tabindex="0">
    <p><${Tex} tex=${node.tex} />${node.label && html` <span class="graph-label"><${Prose} text=${node.label} /></span>`}</p>
    <p>
      ${node.value && at.values.has(id) && html`<span class="graph-value"><span>value</span> <${Tex} tex=${node.value} /></span>`}
      ${node.adjoint && at.adjoints.has(id) && html`<span class="graph-adjoint"><span>adjoint</span> <${Tex} tex=${node.adjoint} /></span>`}
    </p>
    ${node.detail.map((line) => html`<p><${Prose} text=${line} /></p>`)}
  </div>`;
}
