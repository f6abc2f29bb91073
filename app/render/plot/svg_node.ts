/** A node of a drawing. */

const SVG = 'http://www.w3.org/2000/svg';

export function svgNode(name: string, attributes: Record<string, string | number>) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}
