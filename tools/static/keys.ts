/** `node tools/static/keys.ts FOLDER` prints by which key the page looks for each answer in a folder, as JSON by name. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import schema from '../../app/generated/schema.json' with { type: 'json' };
import type { Lab } from '../../app/generated/types';
import { preparedKey, shortened } from '../../app/visit/prepared.ts';

const labs = schema.labs as unknown as Lab[];
const folder = process.argv[2] ?? '';
const keys = readdirSync(folder).map((file) => {
  const { lab: name, inputs } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const lab = labs.find((each) => each.name === name);
  if (!lab) throw new Error(`${file} is of a lab ${name}, which is not here`);
  return [file.replace(/\.json$/, ''), shortened(preparedKey(lab, inputs))];
});
process.stdout.write(JSON.stringify(Object.fromEntries(keys)));
