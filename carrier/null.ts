import { AppError } from '../core/errors.ts';
import type { Carrier } from './port.ts';

/**
 * The carrier that rings nobody: every call is completed, after no time, while it is being asked for. For benchmarks and
 * for trying things out without a telephone company (DESIGN §6).
 */
export function openNull(): Carrier {
  return {
    name: 'null',
    place: ({ callId }) =>
      Promise.resolve({ answer: 'finished', carrierCallId: `null-${callId}`, outcome: 'completed', durationSeconds: 0 }),
    find: () => Promise.resolve([]),
    fetch: () => Promise.resolve(undefined),
    hangup: () => Promise.resolve(),
    recording: () => Promise.resolve(undefined),
    parseCallback: () => {
      throw new AppError('validation', 'This carrier sends no callbacks');
    },
    render: () => ({ contentType: 'text/plain', body: '' }),
  };
}
