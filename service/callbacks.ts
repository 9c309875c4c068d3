import type { Callback, RawCallback, Rendered } from '../carrier/port.ts';
import { AppError } from '../core/errors.ts';
import { answerApplet } from './applets.ts';
import { traceCall } from './call-trace.ts';
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
export async function hearCarrier(runtime: Runtime, raw: RawCallback): Promise<Rendered | undefined> {
  const callback = runtime.carrier.parseCallback(raw);
  try {
    const callId = callOf(callback);
    if (callId === undefined) return await obey(runtime, callback, raw);
    const what = { name: `callback ${wordOf(callback)}`, attributes: { 'dialfleet.carrier': runtime.carrier.name } };
    return await traceCall(runtime, callId, what, () => obey(runtime, callback, raw));
  } finally {
    if ('callId' in callback) noteCalls(runtime, [callback.callId]);
  }
}

function callOf(callback: Callback): number | undefined {
  if ('event' in callback) return callback.event.callId;
  return 'callId' in callback ? callback.callId : undefined;
}

/** ringing, answered, over, ended, or what is asked for: few words, so that traces can be searched by them. */
function wordOf(callback: Callback): string {
  return callback.kind === 'status' ? callback.event.progress.type : callback.kind;
}

async function obey(runtime: Runtime, callback: Callback, raw: RawCallback): Promise<Rendered | undefined> {
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
    case 'applet':
      return runtime.carrier.renderApplet?.(callback.applet, await answerApplet(runtime, callback.applet, callback.call));
    case 'foreign':
      runtime.log.debug({ carrierCallId: callback.carrierCallId }, 'the carrier told of a call that is not ours');
      return undefined;
    case 'bridged':
      return runtime.carrier.render(callback, await leaveBridge(runtime, callback, callback.end));
  }
}
