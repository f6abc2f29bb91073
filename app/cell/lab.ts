/** The cell as links and drafts know labs, and the program with which it begins. */

import type { Lab } from '../generated/types';

export const EXAMPLE = `# NumPy (np), SymPy (sp) and nabla are there already.
x = sp.Symbol("x", real=True)
slope = sp.diff(x**2 * sp.sin(x), x)
display(slope)

t = np.linspace(0, 2 * np.pi, 200)
display((t, t**2 * np.sin(t)))

nabla.derive("x^2 sin x", wrt="x", at="x=1")
`;

/** Its program is its only field. */
export const CELL = {
  name: 'python',
  title: 'Python',
  fields: [{ name: 'code', label: 'Program', default: '', kind: 'code' }],
} as unknown as Lab;
