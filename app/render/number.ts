/** Numbers as people write them. */

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** `digits` significant digits, powers of ten where they are shorter, a true minus sign. */
export function formatNumber(value: number, digits: number = 6) {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return value.toString().replace('-', '−');
  if (size >= 1e-4 && size < 1e7) return Number(value.toPrecision(digits)).toString().replace('-', '−');
  const [mantissa = '', exponent = ''] = value.toExponential(digits - 1).split('e');
  const short = Number(mantissa).toString().replace('-', '−');
  return `${short === '1' ? '' : `${short} × `}10${raised(Number(exponent))}`;
}

/** A number beside a tick: as short as it can be. */
export function tickText(value: number) {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-4 && size < 1e6)) return formatNumber(value);
  return Number(value.toPrecision(6)).toExponential().replace('e+', 'e').replaceAll('-', '−');
}

function raised(exponent: number) {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]).join('');
  return exponent < 0 ? `⁻${digits}` : digits;
}
