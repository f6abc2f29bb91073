/** What the page shows where no answer came from Python at all. */

import type { EngineError } from '../engine/client.ts';
import type { State } from './state.ts';

export function failure({ reason, message, trace }: EngineError): Partial<State> {
  if (reason === 'timeout') {
    const hint = 'Try a shorter formula, or fewer details.';
    const error = { code: 'timeout' as const, message, hint, span: null, field: null, text: '' };
    return { busy: false, error, said: message };
  }
  if (reason === 'crash') return { busy: false, fault: { message, trace }, said: 'Something went wrong in the page.' };
  return { busy: false, said: message };
}
