import type { Callback, RawCallback } from '../carrier/port.ts';
import { AppError } from '../core/errors.ts';
import { noteCalls } from './changes.ts';
import { continueTalk, leaveBridge, startTalk } from './conversation.ts';
import { failpoint } from './failpoint.ts';
import { applyProgress } from './progress.ts';
import { noteRecorded } from './recording-fetch.ts';
import type { Runtime } from './runtime.ts';
import { applyTold } from './story.ts';

/**
 * One callback of the carrier, verified and obeyed. Answers what the carrier is to do next; nothing for a mere word of
 * progress.
 * @throws AppError forbidden when the carrier did not sign it, validation when it can't be read
 */
export async function hearCarrier(runtime: Runtime, raw: RawCallback): Promise<{ contentType: string; body: string } | undefined> {
  const callback = runtime.carrier.parseCallback(raw);
  try {
    return await obey(runtime, callback, raw);
  } finally {
    if ('callId' in callback) noteCalls(runtime, [callback.callId]);
  }
}

async function obey(runtime: Runtime, callback: Callback, raw: RawCallback): Promise<{ contentType: string; body: string } | undefined> {
  switch (callback.kind) {
    case 'forged':
      runtime.metrics.forged.inc({ carrier: runtime.carrier.name });
      runtime.log.warn({ carrier: runtime.carrier.name, path: raw.path }, 'callback with a bad signature refused');
      throw new AppError('forbidden', 'Signature does not match');
    case 'status':
      await applyProgress(runtime, callback.event);
      failpoint('callback_applied');
      return undefined;
    case 'answer':
      return runtime.carrier.render(callback, await startTalk(runtime, callback, callback.by));
    case 'turn':
      return runtime.carrier.render(callback, await continueTalk(runtime, callback, callback.turn, callback.heard));
    case 'recorded':
      await noteRecorded(runtime, callback);
      return undefined;
    case 'session':
      await applyTold(runtime, callback.event, callback.story);
      failpoint('callback_applied');
      return undefined;
    case 'foreign':
      runtime.log.debug({ carrierCallId: callback.carrierCallId }, 'the carrier told of a call that is not ours');
      return undefined;
    case 'bridged':
      return runtime.carrier.render(callback, await leaveBridge(runtime, callback, callback.end));
  }
}
