import { Type } from '@sinclair/typebox';
import { badField } from '../../core/errors.ts';
import { formatId } from '../../core/id.ts';
import { offsetWithin } from '../../core/page.ts';
import { toE164 } from '../../core/phone.ts';
import {
  countSuppressions,
  listSuppressions,
  type Suppression,
  type SuppressionFilter,
  SUPPRESSION_SOURCES,
} from '../../db/query/suppressions.ts';
import { entryOf, releaseNumber, suppressNumber } from '../../service/do-not-call.ts';
import { openListTotals } from '../../service/list-totals.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { Nullable, OneOf, PageQuery, Timestamp } from '../plugin/schema.ts';
import { BODY_ERRORS, Data, data, errors, Pagination, pagination, Told, told } from './dialect.ts';
import { bulkDoNotCallRoutes, Reason } from './do-not-call-bulk.ts';

const Params = Type.Object({ id: Type.String({ maxLength: 40, description: '`dnc_123` or `123`' }) });

const Entry = Type.Object({
  _id: Type.String({ examples: ['dnc_123'] }),
  phone: Type.String({ examples: ['+919876543210'] }),
  source: OneOf(SUPPRESSION_SOURCES, { description: '`keypress` and `speech`: the callee asked for it in a call' }),
  reason: Nullable(Type.String()),
  callId: Nullable(Type.String(), 'The call it was asked for in'),
  createdBy: Nullable(Type.String(), 'null: the callee'),
  createdAt: Timestamp(),
  active: Type.Boolean({ description: 'false: released, the number may be called' }),
  releasedAt: Nullable(Timestamp()),
  releasedBy: Nullable(Type.String()),
  releaseReason: Nullable(Type.String()),
});

/** The do-not-call list (an addition to calling.md): the tenant's own numbers that must not be rung, DESIGN §4. */
export function doNotCallRoutes(scope: App, { runtime, limits }: Pick<Api, 'runtime' | 'limits'>): void {
  const tags = ['Do Not Call'];
  const totalOf = openListTotals<SuppressionFilter>((filter, most) => countSuppressions(runtime.db.sql, filter, most));

  scope.get(
    '/do-not-call',
    {
      schema: {
        tags,
        summary: 'List numbers',
        description:
          'Newest first, of this account; a list of the whole installation may stand beside it. Callees put themselves on it by ' +
          `asking for it in a call, or by pressing ${keyOf(runtime)}.`,
        querystring: Type.Object({
          phone: Type.Optional(Type.String({ minLength: 1, maxLength: 40, description: 'E.164' })),
          source: Type.Optional(OneOf(SUPPRESSION_SOURCES)),
          active: Type.Boolean({ default: true, description: 'false: the released ones' }),
          ...PageQuery({ limit: 10, maximum: 100 }),
        }),
        response: {
          200: Data(Type.Object({ entries: Type.Array(Entry), pagination: Pagination }), 'A page of entries'),
          ...errors(400),
        },
      },
    },
    async (request) => {
      const { page, limit, source, active } = request.query;
      const offset = offsetWithin({ page, limit });
      const { tenantId } = principalOf(request);
      const filter = { tenantId, active, source, phone: phoneFilter(request.query.phone) };
      const rows = await listSuppressions(runtime.db.sql, filter, { limit, offset });
      const total = await totalOf(filter, { rows: rows.length, limit, offset });
      return data({ entries: rows.map(presentEntry), pagination: pagination(total, { page, limit }) });
    },
  );

  scope.get(
    '/do-not-call/:id',
    {
      schema: {
        tags,
        summary: 'Get entry',
        description: 'One entry, in force or released.',
        params: Params,
        response: { 200: Data(Entry, 'The entry'), ...errors(400, 404) },
      },
    },
    async (request) => data(presentEntry(await entryOf(runtime, principalOf(request), request.params.id))),
  );

  scope.post(
    '/do-not-call',
    {
      config: { repeatable: true },
      schema: {
        tags,
        summary: 'Add number',
        description:
          'From this answer on it is not rung; calls that wait for it fail with that reason when their time comes. Listed already: 200, as it is.',
        body: Type.Object(
          {
            phone: Type.String({ maxLength: 40, description: 'E.164', examples: ['+919876543210'] }),
            reason: Type.Optional(Reason),
          },
          { additionalProperties: false },
        ),
        response: { 200: Told(Entry, 'It was on the list'), 201: Told(Entry, 'Added'), ...errors(...BODY_ERRORS) },
      },
    },
    async (request, reply) => {
      const { phone, reason } = request.body;
      const { entry, added } = await suppressNumber(runtime, principalOf(request), { phone, reason });
      if (added) return reply.code(201).send(told('Number added to the do-not-call list', presentEntry(entry)));
      return reply.code(200).send(told('Number is on the do-not-call list already', presentEntry(entry)));
    },
  );

  scope.post(
    '/do-not-call/:id/release',
    {
      schema: {
        tags,
        summary: 'Release number',
        description: 'The number may be called again. The entry stays, with who released it and why. For owners, admins and managers.',
        params: Params,
        body: Type.Object({ reason: Reason }, { additionalProperties: false }),
        response: { 200: Told(Entry, 'Released'), ...errors(403, 404, 409, ...BODY_ERRORS) },
      },
    },
    async (request) => {
      const given = { reason: request.body.reason, ip: request.ip };
      return told('Number released', presentEntry(await releaseNumber(runtime, principalOf(request), request.params.id, given)));
    },
  );

  bulkDoNotCallRoutes(scope, { runtime, limits });
}

function keyOf({ config }: Api['runtime']): string {
  return config.OPT_OUT_KEY === '' ? 'a key, if one is set (`OPT_OUT_KEY`)' : `${config.OPT_OUT_KEY} (\`OPT_OUT_KEY\`)`;
}

function phoneFilter(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  // a plus sign in a query reads as a space
  const phone = toE164(text.replace(/^ (?=\d)/, '+'));
  if (phone === undefined) throw badField('phone', 'must be an E.164 number such as +919876543210', 'query');
  return phone;
}

function presentEntry(row: Suppression) {
  return {
    _id: formatId('dnc', row.id),
    phone: row.phone,
    source: row.source,
    reason: row.reason,
    callId: row.callId === null ? null : formatId('call', row.callId),
    createdBy: row.createdBy === null ? null : formatId('user', row.createdBy),
    createdAt: row.createdAt.toISOString(),
    active: row.releasedAt === null,
    releasedAt: row.releasedAt?.toISOString() ?? null,
    releasedBy: row.releasedBy === null ? null : formatId('user', row.releasedBy),
    releaseReason: row.releaseReason,
  };
}
