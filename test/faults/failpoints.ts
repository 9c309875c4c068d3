/** Which process is armed with which failpoint, so that over the seeds each gets its turn. */
import { FAILPOINTS, type Failpoint } from '../../service/failpoint.ts';
import { mostlySmall, pick, type Random, whole } from './random.ts';
import type { Action, Armed, Role } from './supervisor.ts';

type Armable = Exclude<Role, 'sandbox'>;

/** Who passes there; a place that several pass is armed in each of them in turn. */
const PASSED_BY: Record<Failpoint, readonly Armable[]> = {
  call_inserted: ['api'],
  call_cancelled: ['api'],
  import_stored: ['api'],
  callback_applied: ['api'],
  turn_kept: ['api'],
  number_suppressed: ['api'],
  answer_not_kept_yet: ['api'],
  calls_put_in_queue: ['scheduler'],
  jobs_enqueued: ['scheduler'],
  silent_calls_taken: ['scheduler'],
  carrier_asked_back: ['scheduler'],
  retry_decided: ['scheduler'],
  schedule_fired: ['scheduler'],
  lost_calls_requeued: ['scheduler'],
  calls_claimed: ['worker'],
  carrier_about_to_be_asked: ['worker'],
  carrier_answered: ['worker'],
  placement_recorded: ['worker'],
  call_ended: ['api', 'scheduler'],
  import_batch_written: ['worker'],
  campaign_changed: ['api'],
  campaign_fed: ['scheduler'],
  campaign_completed: ['scheduler'],
  contacts_settled: ['scheduler'],
};

/** Passed many times a second; the others are armed for one of their first passes, or they would hardly ever happen. */
const BUSY: readonly Failpoint[] = [
  'call_inserted',
  'callback_applied',
  'calls_put_in_queue',
  'jobs_enqueued',
  'calls_claimed',
  'carrier_about_to_be_asked',
  'carrier_answered',
  'placement_recorded',
  'call_ended',
  'campaign_fed',
  'contacts_settled',
];
const MOST_PASSES = { busy: 8, rare: 2 };
const LONGEST_FREEZE_MS = 15_000;
/** Nobody is served while the only api stands still. */
const LONGEST_API_FREEZE_MS = 3000;

/**
 * What each next process of a role is armed with: three failpoints, two to kill it, one to freeze or block it first.
 * The seed says where in the list a run begins, so a few seeds cover it.
 */
export function dealFailpoints(seed: number, random: Random): (role: Role) => Armed[] {
  const deal = (role: Armable) => {
    const names = FAILPOINTS.filter((name) => PASSED_BY[name].includes(role));
    let next = (seed * 3) % names.length;
    const draw = (action: Action): Armed => {
      const name = names[next++ % names.length];
      if (!name) throw new Error(`No failpoint for ${role}`);
      return {
        name,
        action,
        hit: whole(random, 1, BUSY.includes(name) ? MOST_PASSES.busy : MOST_PASSES.rare),
        freezeMs: mostlySmall(random, 300, role === 'api' ? LONGEST_API_FREEZE_MS : LONGEST_FREEZE_MS),
      };
    };
    return () => [draw('kill'), draw('kill'), draw(pick(random, ['freeze', 'freeze', 'freeze', 'block']))];
  };
  const decks = { api: deal('api'), worker: deal('worker'), scheduler: deal('scheduler') };
  return (role) => (role === 'sandbox' ? [] : decks[role]());
}
