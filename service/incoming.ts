import { parseCallback } from '../carrier/exotel/callback.ts';
import type { RawCallback, Rendered } from '../carrier/port.ts';
import { AppError } from '../core/errors.ts';
import { hearCarrier } from './callbacks.ts';
import type { Runtime } from './runtime.ts';

/**
 * Exotel tells of a call to a number of ours (contracts/calling.md). Where another carrier dials, nobody could follow the call: it is
 * acknowledged, a flow is sent its other way, and somebody has to see that Exotel is set up to ask here while we are not set up to listen.
 * @throws AppError unauthorized without the secret; validation when it can't be read
 */
export async function hearIncoming(runtime: Runtime, raw: RawCallback): Promise<Rendered | undefined> {
  const { carrier, config, log, metrics } = runtime;
  const callback = parseCallback({ webhookSecret: config.EXOTEL_WEBHOOK_SECRET }, raw);
  if (callback.kind === 'forged') {
    metrics.forged.inc({ carrier: 'exotel' });
    throw new AppError('unauthorized', 'The secret in the address is missing or wrong');
  }
  if (carrier.name === 'exotel') return hearCarrier(runtime, raw);
  log.warn({ carrier: carrier.name }, 'Exotel told of a call and nothing of it was taken: that needs CARRIER=exotel');
  return { status: 302, contentType: 'text/plain', body: '' };
}
