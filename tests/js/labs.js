/** A lab for tests, so that they need nothing that a build writes. */

/** @param {Partial<import('../../app/generated/types').Field>} field @returns {import('../../app/generated/types').Field} */
const field = (field) => ({
  name: '',
  kind: 'formula',
  label: field.name ?? '',
  default: '',
  help: '',
  placeholder: '',
  choices: [],
  minimum: null,
  maximum: null,
  unit: '',
  required: false,
  advanced: false,
  ...field,
});

/** @type {import('../../app/generated/types').Lab} */
export const derive = {
  name: 'derive',
  title: 'Derive',
  summary: '',
  seconds: 10,
  example: { f: '(w*x-y)^2', wrt: 'w' },
  fields: [
    field({ name: 'f' }),
    field({ name: 'wrt', kind: 'text' }),
    field({ name: 'at', kind: 'assignments' }),
    field({ name: 'detail', kind: 'choice', default: 'normal', choices: ['novice', 'normal', 'expert'] }),
  ],
};

/** The form of a whole text. @type {import('../../app/generated/types').Lab} */
export const asking = {
  name: 'ask',
  title: 'Ask',
  summary: '',
  seconds: 10,
  example: { q: 'derivative of x^2' },
  fields: [
    field({ name: 'q', kind: 'data' }),
    field({ name: 'lab', kind: 'choice', default: 'any', choices: ['any', 'derive'] }),
    field({ name: 'with', kind: 'text' }),
  ],
};
