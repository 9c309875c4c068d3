import { setTimeout as delay } from 'node:timers/promises';
import type { Attempt, BridgeEnd, Step } from '../carrier/port.ts';
import { giveUp, readStanding, type Standing, takePerson, undoBridge } from '../db/query/bridge.ts';
import { addTurn, type TalkingCall } from '../db/query/transcript.ts';
import type { Runtime } from './runtime.ts';
import { unseal } from './vault.ts';

/** Who has answered is connected to somebody within two seconds, or the call is abandoned: 47 CFR 64.1200(a)(7). */
export const CONNECT_WITHIN_MS = 2000;
const LOOK_EVERY_MS = 100;
/** A person whose phone does not ring through, and one more. */
const MOST_BRIDGES = 2;
const PICK_UP_SECONDS = 5;
const OPT_OUT_SECONDS = 5;

/** Why a person could not be connected, in words. */
export const NOT_CONNECTED: Readonly<Record<Exclude<BridgeEnd['outcome'], 'talked' | 'gone'>, string>> = {
  no_answer: 'Did not pick up',
  busy: 'The phone was busy',
  failed: 'The phone could not be reached',
};

/** Where a person's SIP password is sealed (service/vault.ts). */
export function sipPasswordPlace(agentId: number): string {
  return `agents:${agentId}:sip_password`;
}

/**
 * Somebody has answered a call that a person is to take: puts it through to a free person of its campaign, the longest waiting
 * first, or, when nobody becomes free within two seconds, says the safe-harbour message. Asked again, or twice at once, it answers the same.
 */
export async function connectPerson(runtime: Runtime, call: TalkingCall, leg: Attempt): Promise<Step[]> {
  const { sql } = runtime.db;
  const limits = { withinMs: CONNECT_WITHIN_MS, mostBridges: MOST_BRIDGES, checkSeconds: runtime.config.WATCHDOG_SECONDS };
  for (;;) {
    const look = await takePerson(sql, leg, limits);
    if (!look || look.taken) break;
    if (look.leftMs <= 0) {
      if (await giveUp(sql, leg)) runtime.log.warn({ callId: leg.callId }, 'nobody was free for a call that was answered');
      break;
    }
    await delay(Math.min(LOOK_EVERY_MS, look.leftMs));
  }
  return stepsOf(runtime, call, leg);
}

/**
 * A connection is over. After a talk the callee is hung up on; where the person did not pick up, they are paused, and the next
 * one is tried in what is left of the two seconds.
 */
export async function afterBridge(runtime: Runtime, call: TalkingCall, leg: Attempt, { bridge, outcome }: BridgeEnd): Promise<Step[]> {
  if (outcome === 'talked') return [{ do: 'hangup' }];
  const reason = outcome === 'gone' ? undefined : NOT_CONNECTED[outcome];
  await undoBridge(runtime.db.sql, leg, bridge, reason);
  if (outcome === 'gone') return [{ do: 'hangup' }];
  runtime.log.warn({ callId: leg.callId, bridge, outcome }, 'a person could not be connected');
  return connectPerson(runtime, call, leg);
}

async function stepsOf(runtime: Runtime, call: TalkingCall, leg: Attempt): Promise<Step[]> {
  const standing = await readStanding(runtime.db.sql, leg);
  if (!standing?.isTalking) return [{ do: 'hangup' }];
  if (standing.isAbandoned) return safeHarbour(runtime, call, standing);
  if (!standing.isBridged || standing.personId === null) return [{ do: 'hangup' }];
  const step = personStep(runtime, standing, PICK_UP_SECONDS);
  return step ? [step] : afterBridge(runtime, call, leg, { bridge: standing.bridges, outcome: 'failed', talkSeconds: 0 });
}

/** Rings the person that a call is bound to. Undefined when their phone has no name or no readable password. */
export function personStep(runtime: Runtime, standing: Standing, timeoutSeconds: number): Step | undefined {
  const { sipUsername, bridges } = standing;
  const password = passwordOf(runtime, standing);
  if (sipUsername === null || password === undefined) return undefined;
  const sip = `sip:${sipUsername}@${runtime.config.SIP_DOMAIN}`;
  return { do: 'connect', to: { sip, username: sipUsername, password }, bridge: bridges, timeoutSeconds };
}

/** Undefined when it can't be read: it was sealed with another key. */
function passwordOf({ config, log }: Runtime, { personId, sipPasswordEncrypted }: Standing): string | undefined {
  if (personId === null || sipPasswordEncrypted === null) return undefined;
  try {
    return unseal(config, sipPasswordPlace(personId), sipPasswordEncrypted);
  } catch (error) {
    log.error({ err: error, agentId: personId }, 'the SIP password of a person cannot be read');
    return undefined;
  }
}

/** The law wants the name, a number, and a way to opt out by key before the line is closed: 47 CFR 64.1200(a)(7)(i). */
async function safeHarbour(runtime: Runtime, call: TalkingCall, { tenantName, fromNumber, abandonMessage }: Standing): Promise<Step[]> {
  const { OPT_OUT_KEY: key, WATCHDOG_SECONDS } = runtime.config;
  const number = fromNumber === null ? '' : `, telephone ${fromNumber.replace(/\D/g, '').split('').join(' ')}`;
  const said =
    abandonMessage ?? `Hello. This was a telemarketing call from ${tenantName}${number}. Nobody is free to talk to you just now.`;
  const text = key ? `${said} If you do not want to be called again, press ${key} now.` : said;
  await addTurn(runtime.db.sql, call.callId, { position: 0, role: 'assistant', content: text }, WATCHDOG_SECONDS);
  const say: Step = { do: 'say', text, language: call.language };
  return key ? [say, { do: 'listen', turn: 1, timeoutSeconds: OPT_OUT_SECONDS, language: call.language }] : [say, { do: 'hangup' }];
}
