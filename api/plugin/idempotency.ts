import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest, FastifySchema, RouteHandlerMethod, RouteOptions } from 'fastify';
import { AppError, badField, type ErrorCode } from '../../core/errors.ts';
import { failpoint } from '../../service/failpoint.ts';
import { type Answer, canonical, claim, type End, fingerprint, type Once, settle } from '../../service/idempotency.ts';
import type { Runtime } from '../../service/runtime.ts';
import type { App } from './app.ts';
import { type Dialect, errorAnswers } from './dialect.ts';
import { principalOf } from './guard.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** it takes an Idempotency-Key; found by its method and path */
    keyed?: boolean;
    /** executed again under a key whose first execution was cut off, it finds what that made (`onceOf`), or does no harm twice */
    repeatable?: boolean;
  }
}

export const KEY_HEADER = 'idempotency-key';
export const REPLAYED_HEADER = 'idempotency-replayed';
const NAME = 'Idempotency-Key';

/** POSTs that take none; every other one does. */
const UNKEYED = [
  // who logs in, signs up or out is not known yet or not any more, and the answers are tokens, which are kept nowhere
  /\/auth\/[a-z-]+$/,
  // phone companies send no key, and what they tell twice counts once
  /\/exotel\//,
  // they write nothing
  /\/(validate|search)$/,
];

/** The text of a key. The draft has it in quotation marks, which are no part of it; most clients send it bare. */
const KEY = /^(?:"([\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x5b\x5d-\x7e]{1,255}))$/;
const KEY_FORM = 'must be 1 to 255 visible ASCII characters without quotation marks, backslashes and spaces, and be given once';

/** What a client is told again; everything else about an answer belongs to the one request. */
const KEPT_HEADERS = ['content-type', 'location'];

/** Nothing was done, because the request itself was wrong, or came too often. */
const REFUSED: ReadonlySet<ErrorCode> = new Set([
  ...(['validation', 'invalid_phone_number', 'invalid_agent', 'payload_too_large', 'unsupported_media_type', 'rate_limited'] as const),
  ...(['key_in_progress', 'key_reused', 'key_outcome_unknown'] as const),
]);

/** Nobody knows what was done. */
const FAULTS: ReadonlySet<ErrorCode> = new Set(['internal', 'unavailable', 'carrier_failure']);

/** One keyed request on its way. */
interface Keyed {
  /** claims the key for a request that says these, once they are read. @throws Replay, and AppError as `claim` */
  begin(parts: readonly string[]): Promise<void>;
  /** from the claim until the answer is kept */
  once: Once | undefined;
  isClaimed: boolean;
  end: 'answer' | Exclude<End, Answer>;
}

/** Leaves a handler whose request was answered before. */
class Replay extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super('answered before');
    this.answer = answer;
  }
}

/** Makes room on every request; once, at the root. */
export function decorateKeyed(app: App): void {
  app.decorateRequest('keyed', null);
}

const keyedOf = (request: FastifyRequest) => request.getDecorator<Keyed | null>('keyed');

/** The execution that a handler is, for verbs that write what they make with it; undefined: the request has no key. */
export function onceOf(request: FastifyRequest): Once | undefined {
  return keyedOf(request)?.once;
}

/**
 * Has every POST of a scope that makes, changes or dials something take an Idempotency-Key (service/idempotency tells how). A key counts for
 * the user and the surface; guards, limits and schemas come first, so that a replay counts as a request and a bad one takes no key.
 */
export function takeKeys(scope: App, runtime: Runtime): void {
  scope.addHook('onRoute', (route) => {
    if (route.method !== 'POST' || UNKEYED.some((path) => path.test(route.url))) return;
    route.config = { ...route.config, keyed: true };
    route.handler = keyedHandler(runtime, route.handler);
    // before it is compressed
    route.onSend = [keepAnswer(runtime), ...[route.onSend ?? []].flat()] as RouteOptions['onSend'];
  });
}

function keyedHandler(runtime: Runtime, handler: RouteHandlerMethod): RouteHandlerMethod {
  return async function (request, reply) {
    const key = keyIn(request);
    if (key === undefined) return handler.call(this, request, reply);
    const keyed: Keyed = {
      async begin(parts) {
        keyed.once = await begin(runtime, request, key, parts);
        keyed.isClaimed = true;
      },
      once: undefined,
      isClaimed: false,
      end: 'answer',
    };
    request.setDecorator<Keyed>('keyed', keyed);
    try {
      // a form is read by its handler, which tells then (`claimForm`)
      if (!isForm(request)) await keyed.begin([canonical(request.body ?? null)]);
      const answer: unknown = await handler.call(this, request, reply);
      if (!keyed.isClaimed) throw new Error(`${request.routeOptions.url} did not claim its Idempotency-Key`);
      return answer;
    } catch (error) {
      if (error instanceof Replay) return replay(reply, error.answer);
      keyed.end = endOf(error);
      throw error;
    }
  };
}

function keyIn({ headers }: FastifyRequest): string | undefined {
  const given = headers[KEY_HEADER];
  if (given === undefined) return undefined;
  const [, quoted, bare] = KEY.exec(String(given)) ?? [];
  const key = quoted ?? bare;
  if (key === undefined) throw badField(NAME, KEY_FORM, 'headers');
  return key;
}

function isForm({ headers }: FastifyRequest): boolean {
  return headers['content-type']?.toLowerCase().startsWith('multipart/') ?? false;
}

async function begin(runtime: Runtime, request: FastifyRequest, key: string, parts: readonly string[]): Promise<Once> {
  const { userId, tenantId } = principalOf(request);
  const { surface = '', repeatable = false } = request.routeOptions.config;
  const requestHash = fingerprint(runtime, [request.method, request.url, ...parts]);
  const claimed = await claim(runtime, { tenantId, userId, surface, key, requestHash, repeatable });
  if ('answer' in claimed) throw new Replay(claimed.answer);
  return claimed.once;
}

/**
 * Claims the key of a form that was read: its fields and the bytes of its file count, not its boundary or the file's name, which change when
 * the same is sent again.
 */
export async function claimForm(request: FastifyRequest, fields: Readonly<Record<string, string>>, file: () => Readable): Promise<void> {
  const keyed = keyedOf(request);
  if (!keyed) return;
  const hash = createHash('sha256');
  for await (const chunk of file()) hash.update(chunk as Buffer);
  await keyed.begin([canonical(fields), hash.digest('base64url')]);
}

function replay(reply: FastifyReply, { status, headers, body }: Answer): FastifyReply {
  return reply.code(status).headers(headers).header(REPLAYED_HEADER, 'true').send(body);
}

/** What an error says about what was done. */
function endOf(error: unknown): Keyed['end'] {
  if (error instanceof AppError) return REFUSED.has(error.code) ? 'nothing done' : FAULTS.has(error.code) ? 'unknown' : 'answer';
  const { statusCode = 500 } = Object(error) as { statusCode?: number };
  return statusCode < 500 ? 'nothing done' : 'unknown';
}

function keepAnswer(runtime: Runtime) {
  return async (request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    const keyed = keyedOf(request);
    if (!keyed?.once) return payload;
    failpoint('answer_not_kept_yet');
    const { once, end } = keyed;
    keyed.once = undefined;
    try {
      await settle(runtime, once, end === 'answer' ? answerIn(reply, payload) : end);
    } catch (error) {
      // what was done is done, and the client shall hear of it; who asks again is answered when the lease has ended
      request.log.error({ err: error, keyId: once.keyId }, 'the answer to a request with an Idempotency-Key could not be kept');
    }
    return payload;
  };
}

function answerIn(reply: FastifyReply, payload: unknown): End {
  const isText = typeof payload === 'string' || payload === null || payload === undefined;
  if (!isText || reply.statusCode >= 500) return 'unknown';
  const headers = KEPT_HEADERS.flatMap((name) => (reply.hasHeader(name) ? [[name, String(reply.getHeader(name))] as const] : []));
  return { status: reply.statusCode, headers: Object.fromEntries(headers), body: payload ?? '' };
}

const MEANINGS = {
  409: 'Also: the first request with this `Idempotency-Key` is in progress (`Retry-After`), or was cut off and nobody knows what it did',
  422: `\`${NAME}\` was used for another request`,
};

/** A route's schema for readers, with the key and what comes of it. */
export function documentKey(schema: FastifySchema, dialect: Dialect): FastifySchema {
  const given = { ...(schema.response as Record<string, object> | undefined) };
  const answers = errorAnswers(dialect, MEANINGS) as Record<string, { description: string }>;
  const response = Object.fromEntries(
    Object.entries({ ...answers, ...given }).map(([status, answer]) => [
      status,
      Number(status) < 300 ? { ...answer, headers: REPLAYED } : answer,
    ]),
  );
  return { ...schema, headers: KEY_PARAMETER, response };
}

const KEY_PARAMETER = {
  type: 'object',
  properties: {
    [NAME]: {
      type: 'string',
      minLength: 1,
      maxLength: 257,
      description:
        'Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the ' +
        'same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the ' +
        'first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.',
      examples: ['8e03978e-40d5-43e8-bc93-6894a57f9324'],
    },
  },
};

const REPLAYED = {
  'Idempotency-Replayed': {
    type: 'string',
    description: '`true`: this is the answer to an earlier request with the same `Idempotency-Key`',
  },
};
