/** A pasted text cut into its parts: program, data, traceback and prose; nabla/pasted.py for the page. */

/**
 * @typedef {'text' | 'code' | 'prose' | 'formula' | 'data' | 'trace' | 'claim' | 'points'} Part
 * @typedef {Record<Part, string>} Parts
 */

const BRACKETS = ['()', '[]', '{}'];

/** @param {string} text @param {string} letter */
const count = (text, letter) => text.split(letter).length - 1;
/** @param {string[]} kinds @param {string[]} of */
const countOf = (kinds, of) => kinds.filter((kind) => of.includes(kind)).length;

/** @param {any} rules app/generated/signs.json */
export function parser(rules) {
  /** @type {Map<string, RegExp>} */
  const made = new Map();
  const words = { english: new Set(rules.english), known: new Set(rules.known) };
  const letters = new RegExp(`[${Object.keys(rules.plain).join('')}]`, 'g');
  const nothing = new RegExp(`[${rules.nothing}]`, 'g');

  /** @param {string} pattern */
  function compiled(pattern) {
    let found = made.get(pattern);
    if (!found) {
      found = new RegExp(pattern, 'gim');
      made.set(pattern, found);
    }
    found.lastIndex = 0;
    return found;
  }

  /** @param {string} pattern @param {string} text */
  const find = (pattern, text) => compiled(pattern).exec(text);
  /** @param {string} line */
  const head = (line) => line.slice(0, rules.line);
  /** @param {string} line */
  const bared = (line) => line.replace(compiled(rules.quoted), '');
  /** @param {string} text */
  const english = (text) => (text.toLowerCase().match(/[a-z']+/g) ?? []).some((word) => words.english.has(word));

  /** The text with plain spaces, quotes and ends of lines, without what surrounds it. @param {string} text */
  const plain = (text) =>
    text
      .replaceAll('\r\n', '\n')
      .replace(nothing, '')
      .replace(letters, (letter) => rules.plain[letter])
      .replace(/^(?:[ \t]*\n)+/, '')
      .trimEnd();

  /** A dollar for each of \( \) \[ \], which set a formula off in the same way. @param {string} text */
  const dollars = (text) => text.replace(compiled(rules.fences), (_, kept) => kept ?? '$');

  /** @param {string} text @returns {Parts} */
  function partsOf(text) {
    const parts = { formula: '', claim: '', points: '', ...cut(text), text };
    parts.prose = dollars(parts.prose);
    parts.formula = formulaOf(text, parts.prose, parts.code);
    const near = nearOf(parts.prose);
    const named = find(rules.namedClaim, near);
    for (const rule of rules.claims) {
      parts.claim = find(rule, near)?.[1] ?? '';
      if (parts.claim) break;
    }
    if (named && (!parts.claim || parts.claim === named[2])) parts.claim = `${named[1]} = ${named[2]}`;
    /** @type {Map<string, string>} */
    const points = new Map();
    for (const [, name = '', value = ''] of near.matchAll(compiled(rules.point)))
      if (!points.has(name)) points.set(name, value);
    parts.points = [...points].map(([name, value]) => `${name}=${value}`).join(', ');
    return parts;
  }

  /** Code, data, traceback and prose. @param {string} text @returns {{code: string, data: string, trace: string, prose: string}} */
  function cut(text) {
    const lines = text.split('\n');
    const empty = { code: '', prose: '', data: '', trace: '' };
    if (text.startsWith('npz:')) return { ...empty, data: text };
    if (lines.length > rules.mostLines) return { ...empty, ...long(text, lines) };
    if (onlyData(text)) return { ...empty, data: text };
    const kinds = kindsOf(lines);
    const { code, used } = codeOf(lines, kinds);
    let data = dataOf(lines, kinds);
    if (code && data.every((i) => kinds[i] !== 'list' && used.has(i))) data = [];
    let numbers = 0;
    for (const i of data) numbers += lines[i]?.match(compiled(rules.numberRun))?.length ?? 0;
    if (numbers < rules.numbers) data = [];
    const rows = new Set(data);
    const traced = (/** @type {string | undefined} */ kind) => kind === 'trace' || kind === 'place';
    let prose = lines
      .filter((_, i) => !used.has(i) && !rows.has(i) && !traced(kinds[i]) && kinds[i] !== 'fence')
      .join('\n');
    const only = !code && prose.trim() === '';
    let found = only && data.length ? text : data.map((i) => lines[i]).join('\n');
    const run = code || data.length ? null : find(rules.run, prose);
    // In the sentence itself.
    if (run) [found, prose] = [run[0], prose.slice(0, run.index) + prose.slice(run.index + run[0].length)];
    return {
      code,
      prose,
      data: found,
      trace: lines.filter((_, i) => traced(kinds[i])).join('\n'),
    };
  }

  /** Whether the text is nothing but lists of numbers, with their names, or records. @param {string} text */
  function onlyData(text) {
    if ((text.match(compiled(rules.numberRun))?.length ?? 0) < rules.numbers) return false;
    const bare = text.replace(compiled(rules.listed), '');
    const listed = find(rules.bracketed, text) !== null && find(rules.unlisted, bare) === null;
    return listed || find(rules.records, head(text)) !== null;
  }

  /** Of a long text the head tells what all of it is. @param {string} text @param {string[]} lines */
  function long(text, lines) {
    const kinds = kindsOf(lines.slice(0, rules.sample));
    if (2 * countOf(kinds, ['row', 'list', 'head']) >= kinds.length) return { data: text };
    return countOf(kinds, ['strong', 'weak', 'prompt']) >= 3 ? { code: text } : { prose: text };
  }

  /** What each line is. @param {string[]} lines */
  function kindsOf(lines) {
    const kinds = lines.map((line) => kindOf(head(line)));
    const before = [...kinds];
    for (let i = 1; i < lines.length; i++) {
      const [line, above] = [/** @type {string} */ (lines[i]), /** @type {string} */ (lines[i - 1])];
      if (kinds[i - 1] === 'place' && before[i] !== 'place' && line.startsWith('  ')) kinds[i] = 'trace';
      if (before[i] === 'row' && ['prose', 'weak'].includes(kinds[i - 1] ?? '') && find(rules.head, head(above)))
        kinds[i - 1] = 'head';
    }
    return kinds;
  }

  /** @param {string} line */
  function kindOf(line) {
    for (const [kind, pattern] of rules.lines) {
      if (!find(pattern, line)) continue;
      if (kind !== 'weak') return kind;
      const bare = bared(line);
      return find(rules.pointsInALine, bare) || find(rules.wordy, bare) ? 'prose' : kind;
    }
    return 'prose';
  }

  /** Whether a line that could be prose is a call, which a program beside it goes on with. @param {string} line */
  const calls = (line) => find(rules.calls, line) !== null && find(rules.wordy, bared(line)) === null;

  /**
   * The program in the text, and the lines it was found in; others' programs further down are left out.
   * @param {string[]} lines
   * @param {string[]} kinds
   */
  function codeOf(lines, kinds) {
    const fenced = kinds.includes('fence') ? fencedBlocks(kinds) : [];
    const blocks = fenced.length ? fenced : unfencedBlocks(lines, kinds);
    /** @type {string[][]} */
    const kept = [];
    /** @type {Set<number>} */
    const used = new Set();
    /** @type {Set<string>} */
    const defined = new Set();
    /** @type {Set<string>} */
    const assigned = new Set();
    for (const block of blocks) {
      for (const i of block) used.add(i);
      const prompts = block.filter((i) => kinds[i] === 'prompt');
      const texts = dedented(
        (prompts.length ? prompts : block).map((i) => {
          const line = lines[i] ?? '';
          return prompts.length ? line.replace(compiled(rules.prompt), '') : line;
        }),
      );
      const names = texts.flatMap((text) => find(rules.defines, text)?.slice(1).filter(Boolean) ?? []);
      const targets = texts.flatMap((text) => find(rules.assigns, text)?.[1] ?? []);
      const quoted = texts.length <= 2 && targets.length > 0 && targets.every((name) => assigned.has(name));
      // A line quoted from above, or another version of the program.
      if (kept.length && (quoted || names.some((name) => defined.has(name)))) continue;
      kept.push(texts);
      for (const name of names) defined.add(name);
      for (const name of targets) assigned.add(name);
    }
    return { code: kept.map((block) => block.join('\n')).join('\n\n'), used };
  }

  /** The insides of fences that hold a program; the kinds of other fences are collected in `kinds`. @param {string[]} kinds */
  function fencedBlocks(kinds) {
    /** @type {number[][]} */
    const blocks = [];
    /** @type {number[] | null} */
    let inside = null;
    for (const [i, kind] of [...kinds].entries()) {
      if (kind !== 'fence') inside?.push(i);
      else if (inside) {
        judge(inside, kinds, blocks);
        inside = null;
      } else inside = [];
    }
    if (inside?.length) judge(inside, kinds, blocks);
    return blocks;
  }

  /**
   * The lines of a program that stands between others: from lines that can be nothing else, as far as it goes on.
   * @param {string[]} lines
   * @param {string[]} kinds
   */
  function unfencedBlocks(lines, kinds) {
    const all = (/** @type {string} */ of) => kinds.flatMap((kind, i) => (kind === of ? [i] : []));
    if (kinds.includes('prompt')) return [all('prompt')];
    const held = continued(lines, kinds);
    let sure = all('strong');
    const weak = all('weak');
    if (sure.length === 0 && weak.length >= 3) sure = weak;
    const program = lines.map((line, i) => {
      const kind = kinds[i] ?? '';
      if (['strong', 'weak', 'blank'].includes(kind) || held.has(i)) return true;
      return kind === 'list'
        ? find(rules.namedList, line) !== null
        : kind === 'prose' && (/^[ \t]/.test(line) || calls(head(line)));
    });
    const taken = new Set(sure);
    for (const i of sure)
      for (const way of [-1, 1])
        for (let j = i + way; j >= 0 && j < lines.length && program[j] && !taken.has(j); j += way) taken.add(j);
    /** @type {number[][]} */
    const blocks = [];
    for (const i of [...taken].sort((a, b) => a - b)) {
      const last = blocks.at(-1);
      if (last?.at(-1) === i - 1) last.push(i);
      else blocks.push([i]);
    }
    return blocks;
  }

  /** The lines inside brackets that a line of a program opens. @param {string[]} lines @param {string[]} kinds */
  function continued(lines, kinds) {
    /** @type {Set<number>} */
    const held = new Set();
    let depth = 0;
    for (const [i, line] of lines.entries()) {
      const kind = kinds[i] ?? '';
      if (kind === 'blank' || (depth <= 0 && kind !== 'strong' && kind !== 'weak')) {
        depth = 0;
        continue;
      }
      if (depth > 0) held.add(i);
      const bare = bared(line);
      depth += (bare.match(/[[({]/g)?.length ?? 0) - (bare.match(/[\])}]/g)?.length ?? 0);
    }
    return held;
  }

  /** The lines that hold data: rows with their head, and lists, each name once. @param {string[]} lines @param {string[]} kinds */
  function dataOf(lines, kinds) {
    /** @type {Set<string>} */
    const names = new Set();
    /** @type {number[]} */
    const found = [];
    for (const [i, kind] of kinds.entries()) {
      if (kind === 'list') {
        const name = find(rules.namedList, head(lines[i] ?? ''))?.[1] ?? String(i);
        if (names.has(name)) continue;
        names.add(name);
      }
      if (kind === 'row' || kind === 'list' || kind === 'head') found.push(i);
    }
    return found;
  }

  /** The formula that the text is, or that stands in its prose. @param {string} text @param {string} prose @param {string} code */
  function formulaOf(text, prose, code) {
    if (!code && text.length < rules.window) {
      const lines = dollars(text).split('\n').map(trimmed).filter(Boolean);
      if (lines.length > 0 && lines.length < 7 && lines.every(isFormula)) return lines.join('; ');
    }
    const near = code ? nearOf(prose).slice(0, Math.floor(rules.window / 4)) : nearOf(prose);
    for (const rule of rules.formulas) {
      const pattern = compiled(rule);
      for (let tries = rules.tries; tries > 0; tries--) {
        const found = pattern.exec(near);
        if (!found) break;
        const candidate = trimmed(found[1] ?? '');
        if (isFormula(candidate)) return candidate;
        pattern.lastIndex = found.index + 1;
      }
    }
    return '';
  }

  /** Whether a text reads like a formula: operators, balanced brackets, no two words in a row. @param {string} text */
  function isFormula(text) {
    if (!/[A-Za-zα-ωΑ-Ω]/.test(text) || !find(rules.operates, text) || find(rules.onlyPoints, text)) return false;
    if (find(rules.noFormula, text)) return false;
    if (BRACKETS.some(([open = '', close = '']) => count(text, open) !== count(text, close))) return false;
    let before = -1;
    for (const found of text.matchAll(/\\?[a-z][a-z_']*/gi)) {
      const [word] = found;
      if (words.english.has(word.toLowerCase())) return false;
      if (word.startsWith('\\') || word.length < 2 || words.known.has(word) || words.known.has(word.toLowerCase())) {
        before = -1;
        continue;
      }
      if (before >= 0 && /^[ ,.]+$/.test(text.slice(before, found.index))) return false;
      before = found.index + word.length;
    }
    return true;
  }

  /**
   * The head of a part, in which patterns are looked for; no long runs of white space, which patterns try again and again.
   * @param {string} part
   */
  const nearOf = (part) =>
    part
      .slice(0, 4 * rules.window)
      .replace(/[ \t\n\f\v]{12,}/g, (run) => (run.includes('\n') ? '\n\n\n' : ' '.repeat(8)))
      .slice(0, rules.window);

  return { compiled, find, english, isFormula, nearOf, partsOf, plain };
}

/** A formula without the dollars, quotes and the point of the sentence around it. @param {string} text */
export function trimmed(text) {
  let [from, to] = [0, text.length];
  while (from < to && ' \t\n$`":'.includes(text[from] ?? '')) from++;
  while (to > from && ' \t\n$`",:;?!'.includes(text[to - 1] ?? '')) to--;
  if (text[to - 1] === '.') to--;
  if (text[to - 1] === '\\') to--;
  return text.slice(from, Math.max(from, to));
}

/** Put the lines between two fences where they belong. @param {number[]} inside @param {string[]} kinds @param {number[][]} blocks */
function judge(inside, kinds, blocks) {
  const here = inside.map((i) => kinds[i] ?? '');
  if (countOf(here, ['place', 'trace']) && here[0] !== 'strong') for (const i of inside) kinds[i] = 'trace';
  else if (2 * countOf(here, ['row', 'list', 'head']) >= here.length) return;
  else if (countOf(here, ['strong', 'prompt']) || countOf(here, ['weak']) >= 2) blocks.push(inside);
}

/** Without the indentation that all lines have, and without blank lines at both ends. @param {string[]} lines */
function dedented(lines) {
  const from = lines.findIndex((line) => line.trim());
  const to = lines.findLastIndex((line) => line.trim());
  const kept = from < 0 ? [] : lines.slice(from, to + 1);
  const depths = kept.filter((line) => line.trim()).map((line) => line.length - line.replace(/^ +/, '').length);
  const shared = depths.length ? Math.min(...depths) : 0;
  return kept.map((line) => line.slice(shared));
}
