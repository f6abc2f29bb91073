/** Prose and its short formulas as plain text, for pictures and names of files that stand outside of the page. */

import type { Piece } from './prose_parse.ts';
import { parseProse } from './prose_parse.ts';

const SIGNS = {
  alpha: 'α', beta: 'β', gamma: 'γ', delta: 'δ', epsilon: 'ε', varepsilon: 'ε', zeta: 'ζ', eta: 'η', theta: 'θ',
  iota: 'ι', kappa: 'κ', lambda: 'λ', mu: 'μ', nu: 'ν', xi: 'ξ', pi: 'π', rho: 'ρ', sigma: 'σ', tau: 'τ', phi: 'φ',
  varphi: 'φ', chi: 'χ', psi: 'ψ', omega: 'ω', Gamma: 'Γ', Delta: 'Δ', Theta: 'Θ', Lambda: 'Λ', Xi: 'Ξ', Pi: 'Π',
  Sigma: 'Σ', Phi: 'Φ', Psi: 'Ψ', Omega: 'Ω', nabla: '∇', partial: '∂', cdot: '·', times: '×', pm: '±', infty: '∞',
  le: '≤', leq: '≤', ge: '≥', geq: '≥', ne: '≠', approx: '≈', to: '→', sum: 'Σ', int: '∫', sqrt: '√', ldots: '…',
  cdots: '…', dots: '…', left: '', right: '', quad: ' ', mathrm: '', text: '', mathbf: '', operatorname: '', bar: '',
  hat: '', vec: '', tilde: '', displaystyle: '',
}; // biome-ignore format: a table
const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const LOWERED = '₀₁₂₃₄₅₆₇₈₉';

export function texText(tex: string) {
  return flattened(
    tex
      .replace(/\\(hat|bar|overline|vec|tilde|dot) *(?:\{([^{}\\]*)\}|([A-Za-z]))/g, accented)
      .replace(/\\(left|right|displaystyle|textstyle|dfrac|tfrac)(?![A-Za-z])/g, (_, name) =>
        name.endsWith('frac') ? '\\frac' : '',
      )
      .replace(/([_^])\{?(-?\d+)\}?/g, (_, kind, digits) => scripted(digits, kind === '^' ? RAISED : LOWERED)),
  )
    .replace(/( ?)\\([A-Za-z]+)( ?)/g, (_, before, name, after) => {
      const sign = (SIGNS as Record<string, string>)[name];
      // An operator is as far from what follows as from what precedes; names of functions stand apart.
      const apart = sign === undefined || (before && sign && name !== 'partial');
      return before + (sign ?? name) + (apart ? after : '');
    })
    .replace(/\\[,;:! ]/g, ' ')
    .replace(/[{}\\]/g, '')
    .replace(/ +/g, ' ')
    .trim();
}

const ACCENTS = { hat: '\u0302', bar: '\u0304', overline: '\u0304', vec: '\u20d7', tilde: '\u0303', dot: '\u0307' };

const accented = (_: string, accent: string, several: string | undefined, one: string | undefined) =>
  `${several ?? one}${(ACCENTS as Record<string, string>)[accent]}`.normalize('NFC');

/** Fractions on one line and exponents in brackets, from the inside out. */
function flattened(tex: string): string {
  const next = tex
    .replace(/\\frac *\{([^{}]*)\}\{([^{}]*)\}/g, (_, above, below) => `${bound(above)}/${bound(below)}`)
    .replace(/([_^])\{([^{}]*)\}/g, (_, kind, inner) => `${kind}${bound(inner)}`);
  return next === tex ? tex : flattened(next);
}

/** In brackets where it is more than one thing. */
const bound = (text: string) =>
  /[ +\-/]/.test(text.trim().replace(/^\\(partial|mathrm) */, '')) ? `(${text.trim()})` : text.trim();

const scripted = (digits: string, alphabet: string) =>
  [...digits].map((digit) => (digit === '-' ? (alphabet === RAISED ? '⁻' : '₋') : alphabet[Number(digit)])).join('');

export function proseText(prose: string): string {
  const words = (piece: Piece): string =>
    piece.type === 'strong'
      ? piece.pieces.map(words).join('')
      : piece.type === 'math'
        ? texText(piece.text)
        : piece.text;
  return parseProse(prose).map(words).join('');
}
