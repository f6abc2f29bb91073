/** The cell as links and drafts know labs. */

import type { Lab } from '../generated/types';

/** Its program is its only field. */
export const CELL = {
  name: 'python',
  title: 'Python',
  fields: [{ name: 'code', label: 'Program', default: '', kind: 'code' }],
} as unknown as Lab;
