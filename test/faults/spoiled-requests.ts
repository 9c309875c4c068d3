/** How many of the requests that were planned to fail at the carrier really did. */
import type { Machine } from './fleet.ts';

export interface PlannedFault {
  kind: string;
  /** how many requests in a row */
  count: number;
  atMs: number;
}

interface Request {
  method: string;
  path: string;
  /** null: it was refused before its fields were read */
  to: string | null;
  at: string;
}

/** The kinds of those that were used up, one entry for each request. */
export async function carrierFaultsUsed(machine: Machine, planned: readonly PlannedFault[]): Promise<string[]> {
  if (planned.length === 0) return [];
  const requests = (await machine.sandbox('GET', '/_sandbox/requests')) as Request[];
  return usedUp(planned, requests);
}

/** The sandbox spends planned faults in order, one for each request for a call that comes after they were planned. */
export function usedUp(planned: readonly PlannedFault[], requests: readonly Request[]): string[] {
  const moments = requests
    .filter(({ method, path, to }) => method === 'POST' && path.endsWith('/Calls.json') && to !== null)
    .map(({ at }) => Date.parse(at));
  const steps = [
    ...planned.map(({ atMs, kind, count }) => ({ atMs, kinds: Array.from({ length: count }, () => kind) })),
    ...moments.map((atMs) => ({ atMs, kinds: undefined })),
  ].sort((a, b) => a.atMs - b.atMs);
  const waiting: string[] = [];
  const used: string[] = [];
  for (const { kinds } of steps) {
    if (kinds) waiting.push(...kinds);
    else if (waiting.length > 0) used.push(...waiting.splice(0, 1));
  }
  return used;
}
