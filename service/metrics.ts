import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const LATENESS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120, 600];

/** What one process counts about its own work. What the whole fleet has is read from the rows (`fleet-metrics.ts`). */
export type Metrics = ReturnType<typeof openMetrics>;

/** A registry of its own for each runtime: several may live in one process. Names and units as Prometheus advises. */
export function openMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name: `dialfleet_${name}_total`, help, labelNames: [...labelNames], registers: [registry] });
  return {
    registry,
    verdicts: counter('gate_verdicts', 'Answers of the gate, by answer, reason and where it was asked (dispatch, claim)', [
      'answer',
      'why',
      'at',
    ]),
    placements: counter('carrier_requests', 'Requests for a call, by carrier and what it answered', ['carrier', 'answer']),
    pauses: counter('carrier_pauses', 'Times a carrier was paused because it fails or asked for it', ['carrier']),
    endings: counter('calls_ended', 'Calls that ended, by disposition', ['outcome']),
    retries: counter('retry_decisions', 'What was decided about finished attempts', ['decision']),
    repairs: counter('repairs', 'What was found out of order and put right', ['what']),
    recurring: counter('recurring_runs', 'Runs of recurring schedules that became calls, by whether they were late', ['late']),
    optOuts: counter('opt_outs', 'Numbers put on the do-not-call list, by source', ['source']),
    forged: counter('callbacks_refused', 'Carrier callbacks refused for their signature', ['carrier']),
    startLateness: new Histogram({
      name: 'dialfleet_call_start_lateness_seconds',
      help: 'From the moment a call was due to the request at the carrier',
      buckets: LATENESS_SECONDS,
      registers: [registry],
    }),
    lastDispatch: new Gauge({
      name: 'dialfleet_dispatch_last_pass_timestamp_seconds',
      help: 'When this process last finished a pass of the dispatcher',
      registers: [registry],
    }),
  };
}
