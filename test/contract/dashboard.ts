import type * as form from './endpoint.ts';
import type { Fields, FieldType } from './endpoint.ts';
import { rowsFor } from './rows.ts';

/** What stands ready before the examples are sent; ids in the wire's own form. */
export interface World {
  agentId: string;
  /** of a call in January 2024 that was talked through, charged and recorded */
  sessionId: string;
  campaignId: string;
  /** masked, as no other number is */
  phone: string;
  /** where pages of one call end, for the filters of the examples */
  cursor: string;
  exportCursor: string;
}

/** The document names none but `AMBIGUOUS_PHONE` of the design. */
const CODES = [
  'VALIDATION_ERROR',
  'UNAUTHORIZED',
  'TOKEN_EXPIRED',
  'FORBIDDEN',
  'NOT_FOUND',
  'AMBIGUOUS_PHONE',
  'RATE_LIMITED',
  'INTERNAL_ERROR',
  'EXTERNAL_SERVICE_ERROR',
] as const;
type Code = (typeof CODES)[number];
type Endpoint = form.Endpoint<Code, World>;

const STATUSES = ['completed', 'failed', 'abandoned', 'live', 'queued', 'pending'];

const rows = rowsFor<Code, World>('VALIDATION_ERROR');
const built: typeof rows.built = (section, method, path, rest) => ({ bare: true, ...rows.built(section, method, path, rest) });
const { badQuery } = rows;

const under = (path: string, fields: Record<string, FieldType>): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, type]) => [`${path}.${name}`, type]));

const PAGE = { total: 'integer', page: 'integer', pageSize: 'integer', totalPages: 'integer' } as const satisfies Fields;
const badPages = [
  badQuery('page 0', 'page', '0'),
  badQuery('no number', 'page', 'two'),
  badQuery('a page too deep', 'page', '900000'),
  badQuery('no items', 'pageSize', '0'),
  badQuery('too many items', 'pageSize', '101'),
];
/** The filters of the log and of its export: a month, an agent and a status. */
const filters = ({ agentId }: World) => ({ from: '2024-01-01', to: '2024-01-31', agent_id: agentId, status: 'completed' });
const badFilters = [
  badQuery('no date', 'from', 'yesterday'),
  badQuery('a day that there is not', 'to', '2024-02-30'),
  badQuery('a status that there is not', 'status', 'busy'),
  badQuery('an agent that can be none', 'agent_id', 'call_1'),
  badQuery('a cursor that is none', 'cursor', 'nonsense'),
];

const PROFILE: Endpoint[] = [
  built('User Profile', 'GET', '/me/whoami', {
    shared: { topLevel: [], errors: { success: 'boolean', message: 'text', error: 'text', code: 'text' }, validationStatus: 400 },
    status: 200,
    fields: under('user', { id: 'user id', email: 'text', name: 'text', role: ['user', 'admin'] }),
  }),
  built('User Profile', 'GET', '/me', {
    status: 200,
    fields: {
      ...under('user', { id: 'user id', email: 'text', name: 'text', role: ['user', 'admin'], tenant_role: ['owner', 'admin'] }),
      ...under('billing', { credit: 'number', used_credit: 'number', auto_refill: 'boolean' }),
    },
  }),
];

const AGENTS: Endpoint[] = [
  built('Agents Management', 'GET', '/agents', {
    example: () => ({ query: { page: '1', pageSize: '25', search: 'voice' } }),
    status: 200,
    fields: { ...PAGE, ...under('items[]', { id: 'agent id', name: 'text', voice_label: 'text', language: 'text', created_at: 'time' }) },
    wrong: badPages,
  }),
];

const CALL: Record<string, FieldType> = {
  session_id: 'text',
  ts: 'time',
  'agent.id': 'agent id',
  'agent.name': 'text',
  masked_phone: 'text',
  duration_sec: 'integer',
  status: STATUSES,
  // beside the document: a failed call says why
  reason: 'text|null',
  cost: 'number',
};
const missingCall = (id: string): form.Wrong<Code, World> => ({
  what: `the call ${id}`,
  example: () => ({ params: { sessionId: id } }),
  status: 404,
  code: 'NOT_FOUND',
});

const CALL_LOGS: Endpoint[] = [
  built('Call Logs Management', 'GET', '/call-logs', {
    example: (world) => ({ query: { limit: '1', ...filters(world), cursor: world.cursor } }),
    status: 200,
    fields: { ...under('items[]', CALL), next_cursor: 'text', has_more: 'boolean' },
    wrong: [...badFilters, badQuery('no items', 'limit', '0'), badQuery('too many items', 'limit', '101')],
  }),
  built('Call Logs Management', 'GET', '/call-logs/:sessionId', {
    example: ({ sessionId }) => ({ params: { sessionId } }),
    status: 200,
    fields: {
      ...CALL,
      ...under('chat[]', { timestamp: 'time', speaker: ['agent', 'customer'], message: 'text' }),
      ...under('cost_breakdown[]', { type: 'text', amount: 'number', description: 'text' }),
      'recording.available': 'boolean',
    },
    wrong: [missingCall('sess_999999999'), missingCall('agent_1')],
  }),
  built('Call Logs Management', 'GET', '/call-logs/:sessionId/recording', {
    example: ({ sessionId }) => ({ params: { sessionId } }),
    status: 206,
    type: /^audio\/mpeg$/,
    fields: {},
    wrong: [missingCall('sess_999999999'), missingCall('recording_1')],
  }),
];

const CAMPAIGN: Record<string, FieldType> = {
  id: 'campaign id',
  name: 'text',
  status: ['active', 'inactive', 'completed'],
  created_at: 'time',
};
const aCampaign = ({ campaignId }: World) => ({ params: { id: campaignId } });

const CAMPAIGNS: Endpoint[] = [
  built('Campaigns Management', 'GET', '/campaigns', {
    example: () => ({ query: { page: '1', pageSize: '25', search: 'sales' } }),
    status: 200,
    fields: { ...PAGE, ...under('items[]', CAMPAIGN) },
    wrong: badPages,
  }),
  built('Campaigns Management', 'GET', '/campaigns/:id', {
    example: aCampaign,
    status: 200,
    fields: { ...CAMPAIGN, description: 'text', target_audience: 'text|null', call_volume: 'integer' },
  }),
  built('Campaigns Management', 'GET', '/campaigns/:id/info', {
    example: aCampaign,
    status: 200,
    fields: {
      id: 'campaign id',
      ...under('metrics', { total_calls: 'integer', completed_calls: 'integer', success_rate: 'number' }),
      ...under('settings', { max_retries: 'integer', call_timeout: 'integer' }),
    },
  }),
];

const PHONE: Record<string, FieldType> = {
  id: 'text',
  handle: 'phone id',
  agent_id: 'agent id',
  status: ['active', 'inactive'],
  tags: 'list',
  'tags[]': 'text',
  created_at: 'time',
};

const PHONES: Endpoint[] = [
  built('Phone Numbers Management', 'GET', '/phones', {
    example: () => ({ query: { page: '1', pageSize: '25', search: '+1' } }),
    status: 200,
    fields: { ...PAGE, ...under('items[]', PHONE) },
    wrong: badPages,
  }),
  built('Phone Numbers Management', 'GET', '/phones/:phone', {
    example: ({ phone }) => ({ params: { phone } }),
    status: 200,
    fields: { ...PHONE, 'meta.region': 'text', 'meta.timezone': 'text' },
    wrong: [
      { what: 'a mask that no number has', example: () => ({ params: { phone: '+44*** **99' } }), status: 404, code: 'NOT_FOUND' },
      {
        what: 'a mask that two have',
        example: () => ({ params: { phone: '+91*** **10' } }),
        status: 409,
        code: 'AMBIGUOUS_PHONE',
        field: 'phone_',
      },
    ],
  }),
];

const EXPORTS: Endpoint[] = [
  built('Data Export', 'GET', '/exports/calls.csv', {
    example: (world) => ({ query: { ...filters(world), cursor: world.exportCursor } }),
    status: 200,
    type: /^text\/csv; charset=utf-8$/,
    fields: {},
    wrong: [...badFilters, badQuery('more than 30 days', 'from', '2023-01-01')],
  }),
];

/** `contracts/dashboard.md`, as data. */
export const dashboard: form.Contract<Code, World> = {
  surface: 'dashboard',
  document: 'dashboard.md',
  base: '/api/v1',
  sample: {
    agentId: 'agent_123',
    sessionId: 'sess_123456',
    campaignId: 'campaign_123',
    phone: '+1*** **45',
    cursor: 'eyJ0aW1lc3RhbXAiOjE3MDUzNDQwMDB9',
    exportCursor: 'eyJ0aW1lc3RhbXAiOjE3MDUzNDQwMDB9',
  },
  guardCodes: { missing: 'UNAUTHORIZED', bad: 'UNAUTHORIZED', expired: 'TOKEN_EXPIRED', notFound: 'NOT_FOUND' },
  codeOf: (body) => (Object(body) as { code?: string }).code,
  // the recording is asked for in part, as documented; nothing else takes notice of it
  proof: (session) => ({ cookie: `session=${session}`, range: 'bytes=0-1023' }),
  errorFields: { error: 'text', code: CODES },
  detailFields: { retryAfter: 'number' },
  errorCodes: CODES,
  models: {
    User: { row: 'GET /me', at: 'user' },
    Agent: { row: 'GET /agents', at: 'items[]' },
    'Call Log Item': { row: 'GET /call-logs', at: 'items[]' },
    Campaign: { row: 'GET /campaigns', at: 'items[]' },
    'Billing Snapshot': { row: 'GET /me', at: 'billing' },
  },
  validationStatus: 400,
  limitHeaders: [],
  limits: { 'Rate Limiting': 100, 'General endpoints': 100, 'Admin endpoints': 60 },
  endpoints: [...PROFILE, ...AGENTS, ...CALL_LOGS, ...CAMPAIGNS, ...PHONES, ...EXPORTS],
};
