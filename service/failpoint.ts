/**
 * Named places where a fault test lets a process die or freeze: one after every commit and every external call
 * (reliability_security §4). Unarmed, as always outside of fault tests, a place costs one look at an empty map.
 */
export const FAILPOINTS = [
  // api
  'call_inserted',
  'call_cancelled',
  'campaign_changed',
  'import_stored',
  'callback_applied',
  'turn_kept',
  'number_suppressed',
  'answer_not_kept_yet',
  // scheduler
  'calls_put_in_queue',
  'jobs_enqueued',
  'silent_calls_taken',
  'carrier_asked_back',
  'retry_decided',
  'schedule_fired',
  'lost_calls_requeued',
  'campaign_fed',
  'campaign_completed',
  'contacts_settled',
  // worker
  'calls_claimed',
  'carrier_about_to_be_asked',
  'carrier_answered',
  'placement_recorded',
  'call_ended',
  'import_batch_written',
] as const;

export type Failpoint = (typeof FAILPOINTS)[number];

/** `kill`: SIGKILL; `freeze`: SIGSTOP, until somebody sends SIGCONT; `block`: the event loop stands still for six seconds. */
export const ACTIONS = ['kill', 'freeze', 'block'] as const;
type Action = (typeof ACTIONS)[number];

const BLOCK_MS = 6000;

const armed = new Map<Failpoint, { action: Action; hit: number }>();

/** Arms places from `name:action@hit`, comma separated: at the hit-th pass the action happens, once. @throws Error for other words */
export function armFailpoints(words: string): void {
  for (const word of words.split(',').filter(Boolean)) {
    const [, name, action, hit] = /^(\w+):(\w+)@(\d+)$/.exec(word) ?? [];
    const place = FAILPOINTS.find((known) => known === name);
    const act = ACTIONS.find((known) => known === action);
    if (!place || !act) throw new Error(`No such failpoint: ${word}`);
    armed.set(place, { action: act, hit: Number(hit) });
  }
}

/** A place where a process may be made to fail. */
export function failpoint(name: Failpoint): void {
  const fault = armed.get(name);
  if (!fault || --fault.hit > 0) return;
  armed.delete(name);
  if (fault.action === 'block') {
    const until = performance.now() + BLOCK_MS;
    while (performance.now() < until);
    return;
  }
  process.kill(process.pid, fault.action === 'kill' ? 'SIGKILL' : 'SIGSTOP');
}
