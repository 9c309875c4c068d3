/**
 * The only shape of a phone company that the rest of the program knows. An adapter speaks its company's words and
 * answers in these. `reference` literature calls the answers of `place` a three-state contract: accepted, rejected,
 * unknown. Unknown is never dialed again by itself.
 */
import type { Outcome } from '../core/call.ts';
import type { Component } from '../core/money.ts';

export const CARRIER_NAMES = ['twilio', 'exotel', 'millis', 'null'] as const;
export type CarrierName = (typeof CARRIER_NAMES)[number];

export interface PlaceRequest {
  /** our call id; travels in the callback URLs, so that every later word about the call finds its row */
  callId: number;
  /** names this claim of the row: a word about an earlier one must not move a later one */
  token: string;
  /** E.164 */
  to: string;
  /** E.164 */
  from: string;
  /** how long it may ring */
  ringTimeoutSeconds: number;
  /** how long the whole call may last */
  timeLimitSeconds: number;
  detectMachine: boolean;
  /** keep a recording, which is told of as `recorded` */
  record: boolean;
  /** who talks and how: given to carriers that hold the conversation themselves */
  talk?: Talk;
}

/** An AI agent of ours, as a carrier that talks needs to know it. */
export interface Talk {
  /** the carrier's own agent that stands for ours; undefined: it is told below what ours is like */
  carrierAgentId: string | undefined;
  /** what it is told to be and to do */
  prompt: string;
  /** what this very call is about */
  context: string | undefined;
  greeting: string;
  /** what machines are told; undefined: nothing */
  voicemailMessage: string | undefined;
  /** BCP 47 */
  language: string;
}

/**
 * Why a carrier said no; each proves that nothing was placed. The first three are about this call, the others about the
 * carrier or our account with it: the same row may be tried later.
 */
export type Rejection = 'invalid_number' | 'blocked' | 'refused' | 'no_balance' | 'misconfigured' | 'throttled' | 'down';

export type Placed =
  | { answer: 'accepted'; carrierCallId: string }
  /** the whole call happened while we asked: only in-process carriers */
  | { answer: 'finished'; carrierCallId: string; outcome: Outcome; durationSeconds: number }
  | { answer: 'rejected'; kind: Rejection; message: string; retryAfterSeconds?: number }
  /** a time-out or a 5xx after the request may have left: somebody may be ringing */
  | { answer: 'unknown'; message: string };

/** What a carrier can tell of a call, in our words. */
export type Progress =
  | { type: 'queued' }
  | { type: 'ringing' }
  | { type: 'answered'; by?: AnsweredBy }
  /** somebody talked, and it is over; how long it was is told later, or in the books: an end is priced by it */
  | { type: 'over' }
  | {
      type: 'ended';
      outcome: Outcome;
      durationSeconds: number;
      /** the carrier never says how long it was: what was told of the talk counts, or (`span`) what all of it took, the ringing included */
      estimate?: 'talk' | 'span';
      cause?: string;
      /** known to carriers that tell of a call only when it is over */
      by?: AnsweredBy;
      answeredAt?: Date;
      /** what the carrier bills for it, one part a component; without it our own rates count */
      costs?: readonly CostPart[];
    };

/** A component's share of what a call cost. */
export interface CostPart {
  component: Component;
  /** in the account's money, to a millionth */
  amount: number;
  description: string;
}

/** What was said in a call, told by a carrier that held the conversation. */
export interface CallStory {
  turns: ReadonlyArray<{ role: 'assistant' | 'user'; content: string; at: Date | undefined }>;
  recording: { recordingId: string; durationSeconds: number } | undefined;
}

export type AnsweredBy = 'human' | 'machine' | 'fax' | 'unknown';

/** One carrier-side call, as asked back by `fetch` or `find`. */
export interface CarrierCall {
  carrierCallId: string;
  to: string;
  from: string;
  startedAt: Date | undefined;
  progress: Progress;
  story?: CallStory;
  /** its books have it, but not in words that can be read: nothing follows but that it may be ours */
  unreadable?: true;
}

/** One authenticated word of the carrier about one call. */
export interface CarrierEvent {
  callId: number;
  token: string;
  carrierCallId: string;
  progress: Progress;
  carrierAt: Date | undefined;
}

/** A callback exactly as it arrived. */
export interface RawCallback {
  /** path and query as the carrier called them, e.g. `/carrier/twilio/calls/1/status?x=1`; the public origin is configured */
  path: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** the form's fields, in order of arrival, repeated ones repeated */
  form: ReadonlyArray<readonly [string, string]>;
  /** the parsed body, where it was JSON */
  json?: unknown;
}

/** What a person said or pressed in answer to our last words; neither: silence. */
export interface Heard {
  speech: string | undefined;
  digits: string | undefined;
}

export type Callback =
  | { kind: 'forged' }
  /** a status word to apply */
  | { kind: 'status'; event: CarrierEvent }
  /** the call was answered and the carrier asks what to do; `by` is known with machine detection */
  | { kind: 'answer'; callId: number; token: string; carrierCallId: string; by: AnsweredBy | undefined }
  /** the callee's turn is over; `turn` counts from 1 and names our words that it answers */
  | { kind: 'turn'; callId: number; token: string; carrierCallId: string; turn: number; heard: Heard }
  /** a `connect` is over; the callee is still on the line and the carrier asks what to do */
  | { kind: 'bridged'; callId: number; token: string; carrierCallId: string; end: BridgeEnd }
  /** a recording of the call can be fetched */
  | { kind: 'recorded'; callId: number; token: string; carrierCallId: string; recordingId: string; durationSeconds: number }
  /** a whole call, told when it is over: how it went and what was said */
  | { kind: 'session'; event: CarrierEvent; story: CallStory }
  /** the carrier's own flow, which leads the call, asks us something or tells us how far it is */
  | { kind: 'applet'; applet: Applet; call: FlowCall }
  /** about a call that is not ours */
  | { kind: 'foreign'; carrierCallId: string };

/**
 * What a step of the carrier's own flow wants: the way that the call goes next (`passthru`), words to speak (`greeting`), or words
 * and then a key to wait for (`gather`).
 */
export type Applet = 'passthru' | 'greeting' | 'gather';

/** A call that is in a flow of the carrier's. */
export interface FlowCall {
  carrierCallId: string;
  direction: 'outbound' | 'inbound';
  /** E.164; undefined when it is withheld */
  from: string | undefined;
  /** E.164 */
  to: string | undefined;
  /** the dial of ours that it is, where the carrier says so */
  attempt: Attempt | undefined;
  /** keys that were pressed in the step before */
  digits: string | undefined;
  progress: Progress;
  /** when that was so, by the carrier's clock */
  carrierAt: Date | undefined;
  /** nothing is asked: others than our agent hold the call, or somebody notifies us of it, perhaps more than once */
  onlyTells: boolean;
}

/** How the connection of a call to a person, or to another number, went. */
export interface BridgeEnd {
  /** which of the call's connections; counts from 1 */
  bridge: number;
  /** `talked`: the two were connected, and it is over; `gone`: the callee hung up before */
  outcome: 'talked' | 'no_answer' | 'busy' | 'failed' | 'gone';
  talkSeconds: number;
}

/** One claim of one call. */
export interface Attempt {
  callId: number;
  token: string;
}

/** What a conversation does next, in order. The adapter writes it in the carrier's own language. */
export type Step =
  | { do: 'say'; text: string; voice?: string; language?: string }
  /** let the callee speak or press keys; the answer comes back as `turn` */
  | { do: 'listen'; turn: number; timeoutSeconds: number; language?: string }
  | { do: 'pause'; seconds: number }
  /** connect the callee to somebody; how it went comes back as `bridged` */
  | { do: 'connect'; to: ConnectTo; bridge: number; timeoutSeconds: number }
  | { do: 'hangup' };

/** A person's SIP phone, or another number (E.164). */
export type ConnectTo = { sip: string; username: string; password: string } | { number: string; callerId: string };

/** The audio of a recording, as the carrier delivers it. */
export interface RecordedAudio {
  mimeType: string;
  bytes: AsyncIterable<Uint8Array>;
}

/** What a carrier is answered. */
export interface Rendered {
  contentType: string;
  body: string;
  /** of HTTP, where it means something to the carrier; default: 200 */
  status?: number;
}

export interface Carrier {
  readonly name: CarrierName;
  /** It holds the conversation itself: it wants to know who talks, and can connect nobody to people or flows of ours. */
  readonly holdsTalk?: boolean;
  /** Its books may lack a call until that is over: only then does not finding one prove anything. */
  readonly booksLate?: boolean;
  /** Who asks what to say waits no longer than this for it, whatever a language model takes; undefined: as long as others, some 15 s. */
  readonly answersWithinMs?: number;
  /** Asks for one call. Never throws for what the carrier answers; never asks twice. */
  place(request: PlaceRequest): Promise<Placed>;
  /**
   * The calls to a number since a time, newest first: how a lost answer is asked back. Carriers whose books show our own ids
   * answer, given these, the one call that has them. Throws when it can't be asked.
   */
  find(query: { to: string; from: string; since: Date } & Partial<Attempt>): Promise<CarrierCall[]>;
  /** One call by the carrier's id; undefined when the carrier does not know it. Throws when it can't be asked. */
  fetch(carrierCallId: string): Promise<CarrierCall | undefined>;
  /** Ends a call, whatever its state. Ending an ended call is no error. */
  hangup(carrierCallId: string): Promise<void>;
  /** The audio of a recording; undefined when the carrier does not have it, or not any more. Throws when it can't be asked. */
  recording(recordingId: string): Promise<RecordedAudio | undefined>;
  /** Verifies that the carrier sent it, and reads it. Throws AppError('validation') for what can't be read. */
  parseCallback(raw: RawCallback): Callback;
  /** The answer to an `answer` or `turn` callback. */
  render(attempt: Attempt, steps: readonly Step[]): Rendered;
  /** The answer to an `applet` callback of carriers that send such; without steps there is nothing for us to decide. */
  renderApplet?(applet: Applet, steps: readonly Step[] | undefined): Rendered;
}
