import { type Static, Type } from '@sinclair/typebox';
import type { FastifyReply } from 'fastify';
import { AppError } from '../../core/errors.ts';
import { type CallLogDetail, findLoggedCall, listCallLog } from '../../db/query/call-log.ts';
import { readCallCursor, writeCallCursor } from '../../service/call-cursor.ts';
import { openKeep } from '../../service/dashboard-cache.ts';
import { openRecording } from '../../service/recordings.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { rangeOf, sendFile } from '../plugin/range.ts';
import { Nullable } from '../plugin/schema.ts';
import { CallFilterQuery, callFilterOf } from './call-filter.ts';
import { errors } from './dialect.ts';
import { answerKept } from './kept.ts';
import { CallDetail, CallItem, presentDetail, presentItem } from './present-call.ts';
import { callIdOf } from './session-id.ts';

const KEPT_MS = 30_000;
const tags = ['Call logs'];

const CallLog = Type.Object(
  {
    items: Type.Array(CallItem),
    next_cursor: Nullable(Type.String(), 'Leads to the page after this one; null: there is none'),
    has_more: Type.Boolean(),
  },
  { description: 'A page of calls' },
);
const Params = Type.Object({
  sessionId: Type.String({
    minLength: 1,
    maxLength: 40,
    description: '`sess_123`, `session_123`, `call_123` or `123`',
    examples: ['sess_123'],
  }),
});

/** What became of the account's calls. */
export function callLogRoutes(scope: App, api: Api, now: () => number): void {
  listRoute(scope, api, now);
  detailRoutes(scope, api);
}

function listRoute(scope: App, { runtime }: Api, now: () => number): void {
  const keep = openKeep<Static<typeof CallLog>>(KEPT_MS, now);

  scope.get(
    '/call-logs',
    {
      schema: {
        tags,
        summary: 'List call logs',
        description:
          'Those asked for last come first; that moment never changes, and `from` and `to` bound it too, whereas `ts` tells when a call was ' +
          'dialed. Follow `next_cursor` with the same filters: calls that come in meanwhile stand before the first page, so none is ' +
          'shown twice or left out. A page is up to 30 seconds old.',
        querystring: Type.Object({
          limit: Type.Integer({ minimum: 1, maximum: 100, default: 25, description: 'Items per page, 100 at most' }),
          ...CallFilterQuery,
        }),
        response: { 200: CallLog, ...errors(400) },
      },
    },
    async (request, reply) => {
      const { limit, cursor } = request.query;
      const filter = callFilterOf(principalOf(request).tenantId, request.query);
      const after = readCallCursor(runtime.config, filter, cursor);
      const load = async () => {
        // one more than the page holds tells whether it is the last
        const found = await listCallLog(runtime.db.sql, filter, after, limit + 1);
        const rows = found.slice(0, limit);
        const last = found.length > limit ? rows.at(-1) : undefined;
        return {
          items: rows.map(presentItem),
          next_cursor: last ? writeCallCursor(runtime.config, filter, { at: last.createdAt, id: last.id }) : null,
          has_more: last !== undefined,
        };
      };
      return answerKept(reply, keep(JSON.stringify([filter, after, limit]), load));
    },
  );
}

function detailRoutes(scope: App, { runtime }: Api): void {
  const audio = { content: { 'audio/*': { schema: Type.String({ format: 'binary' }) } } };

  async function callOf(tenantId: number, sessionId: string): Promise<CallLogDetail> {
    const id = callIdOf(sessionId);
    const call = id === undefined ? undefined : await findLoggedCall(runtime.db.sql, tenantId, id);
    if (!call) throw new AppError('not_found', 'Call not found');
    return call;
  }

  scope.get(
    '/call-logs/:sessionId',
    {
      schema: {
        tags,
        summary: 'Get call detail',
        description: 'One call: what was said, without phone numbers, e-mail addresses and payment cards, and what it cost.',
        params: Params,
        response: { 200: CallDetail, ...errors(400, 404) },
      },
    },
    async (request) => presentDetail(await callOf(principalOf(request).tenantId, request.params.sessionId)),
  );

  scope.get(
    '/call-logs/:sessionId/recording',
    {
      schema: {
        tags,
        summary: 'Stream call recording',
        description:
          'The audio of the call. `Range` with a single range of bytes gets that part; several, or none, the whole file. HEAD tells its size and type.',
        params: Params,
        response: { 200: { description: 'The audio', ...audio }, 206: { description: 'A part of it', ...audio }, ...errors(400, 404, 416) },
      },
    },
    async (request, reply) => {
      const who = principalOf(request);
      const { recordingId } = await callOf(who.tenantId, request.params.sessionId);
      if (recordingId === null) throw new AppError('not_found', 'The call has no recording');
      const { recording, sizeBytes, read } = await openRecording(runtime, who, String(recordingId));
      const { mimeType, fileName } = recording;
      const tag = `recording-${recordingId}`;
      const { range, 'if-range': condition } = request.headers;
      const isCurrent = condition === undefined || condition === `"${tag}"`;
      if (isCurrent && rangeOf(range, sizeBytes) === 'none') return refuseRange(reply, sizeBytes);
      return sendFile(request, reply, { sizeBytes, mimeType, fileName, tag, read });
    },
  );
}

/** Other than elsewhere the answer has a body: this document promises one for every error. */
function refuseRange(reply: FastifyReply, sizeBytes: number): FastifyReply {
  return reply
    .code(416)
    .headers({ 'accept-ranges': 'bytes', 'content-range': `bytes */${sizeBytes}` })
    .type('application/json; charset=utf-8')
    .send({ error: `The recording has ${sizeBytes} bytes, and none of those that were asked for`, code: 'RANGE_NOT_SATISFIABLE' });
}
