import type * as form from './endpoint.ts';
import type { Fields } from './endpoint.ts';
import { rowsFor } from './rows.ts';

/** What stands ready before the examples are sent. */
export interface World {
  /** of a platform administrator */
  email: string;
  password: string;
  refreshToken: string;
  /** a number of the administrator's account, with a tag and an agent, and the agent */
  phone: string;
  agentId: string;
  /** an agent of another account, which has another number */
  theirAgentId: string;
  theirPhone: string;
  /** a running campaign of another account; a call of it was talked through */
  campaignId: string;
  /** an import that is over; one of its numbers is bad */
  jobId: string;
}

/** An error is told by its code where it has one, else by its text, as the document shows them. */
const CODES = [
  'VALIDATION_ERROR',
  'Invalid token',
  'TOKEN_EXPIRED',
  'UNAUTHORIZED',
  'INVALID_CREDENTIALS',
  'Forbidden',
  'Not found',
  'DUPLICATE_RESOURCE',
  'CONFLICT',
  'EXTERNAL_SERVICE_ERROR',
  'INTERNAL_ERROR',
] as const;
type Code = (typeof CODES)[number];
type Endpoint = form.Endpoint<Code, World>;
type Wrong = form.Wrong<Code, World>;

const rows = rowsFor<Code, World>('VALIDATION_ERROR');
const built: typeof rows.built = (section, method, path, rest) => ({ bare: true, ...rows.built(section, method, path, rest) });
const { badQuery } = rows;
const invalid = (what: string, field: string, example: Wrong['example']) => rows.invalid(what, field, example, { status: 400 });
const nothing = (what: string, example: Wrong['example']): Wrong => ({ what, example, status: 404, code: 'Not found' });

const badPages = [
  badQuery('page 0', 'page', '0'),
  badQuery('no number', 'page', 'two'),
  badQuery('a page too deep', 'page', '900000'),
  badQuery('no items', 'pageSize', '0'),
  badQuery('too many items', 'pageSize', '101'),
];

const USER = { 'user.id': 'user id', 'user.email': 'text', 'user.name': 'text' } as const satisfies Fields;
const TOKENS = { 'tokens.access': 'text', 'tokens.refresh': 'text' } as const satisfies Fields;
const PAGE = { page: 'integer', pageSize: 'integer', total: 'integer' } as const satisfies Fields;

/** Of the routes that three documents share (DESIGN §5). */
const SHARED: NonNullable<form.BuiltEndpoint<Code, World>['shared']> = {
  topLevel: [],
  errors: { success: 'boolean', message: 'text', error: 'text', code: 'text' },
  validationStatus: 400,
  guardCodes: { missing: 'UNAUTHORIZED', bad: 'UNAUTHORIZED', expired: 'TOKEN_EXPIRED' },
};
const SIGNED_IN = { shared: { ...SHARED, topLevel: ['success', 'message', 'data'] }, auth: 'none' } as const;

const newcomer = { email: 'user@example.com', password: 'password-of-1', name: 'John Doe' };

const ACCOUNT: Endpoint[] = [
  built('Public Endpoints', 'GET', '/health', { auth: 'none', status: 200, fields: { status: ['ok'] } }),
  built('Authentication Endpoints', 'POST', '/auth/signup', {
    ...SIGNED_IN,
    example: () => ({ json: newcomer }),
    required: ['email', 'password', 'name'],
    status: 201,
    fields: { ...USER, ...TOKENS, 'user.role': ['user'] },
    wrong: [
      {
        what: 'an e-mail that has an account',
        example: ({ email }) => ({ json: { ...newcomer, email } }),
        status: 409,
        code: 'DUPLICATE_RESOURCE',
      },
      invalid('a short password', 'password', () => ({ json: { ...newcomer, password: 'short' } })),
    ],
  }),
  built('Authentication Endpoints', 'POST', '/auth/login', {
    ...SIGNED_IN,
    example: ({ email, password }) => ({ json: { email, password } }),
    required: ['email', 'password'],
    status: 200,
    fields: { ...USER, ...TOKENS, 'user.role': ['admin'] },
    wrong: [
      {
        what: 'a wrong password',
        example: ({ email }) => ({ json: { email, password: 'NotThePassword1!' } }),
        status: 401,
        code: 'INVALID_CREDENTIALS',
      },
    ],
  }),
  built('Authentication Endpoints', 'POST', '/auth/refresh', {
    auth: 'none',
    shared: SHARED,
    example: ({ refreshToken }) => ({ json: { refreshToken } }),
    required: ['refreshToken'],
    status: 200,
    fields: { access: 'text' },
    wrong: [{ what: 'no such token', example: () => ({ json: { refreshToken: 'nonsense' } }), status: 401, code: 'UNAUTHORIZED' }],
  }),
  built('User Endpoints', 'GET', '/me/whoami', { shared: SHARED, status: 200, fields: { ...USER, 'user.role': ['admin'] } }),
  built('User Endpoints', 'GET', '/user/placeholder', { status: 200, fields: { message: ['User dashboard APIs will live here.'] } }),
  built('Admin Endpoints', 'GET', '/admin/placeholder', { status: 200, fields: { message: ['Admin dashboard APIs will live here.'] } }),
];

const PHONES: Endpoint[] = [
  built('Phone Management', 'GET', '/admin/phones', {
    example: () => ({ query: { page: '1', pageSize: '25', search: '+91' } }),
    status: 200,
    fields: {
      ...PAGE,
      'items[].id': 'phone id',
      'items[].number': 'phone',
      'items[].tags': 'list',
      'items[].tags[]': 'text',
      'items[].agentId': 'agent id',
      'items[].meta.createdAt': 'time',
      'items[].meta.updatedAt': 'time',
      'items[].meta.tenantId': 'tenant id',
      'items[].meta.isActive': 'boolean',
      'items[].createdAt': 'time',
      'items[].updatedAt': 'time',
    },
    wrong: [...badPages, badQuery('too long a search', 'search', 'x'.repeat(101))],
  }),
  built('Phone Management', 'POST', '/admin/phones/import', {
    example: () => ({ json: { phones: ['+14155550100', '+14155550101', '+14155550102'] } }),
    required: ['phones'],
    status: 202,
    fields: { message: ['Import queued'], 'result.jobId': 'import id', 'result.status': ['pending'] },
    wrong: [
      invalid('no numbers', 'phones', () => ({ json: { phones: [] } })),
      invalid('a number that is no text', 'phones.1', () => ({ json: { phones: ['+14155550100', 14155550101] } })),
    ],
  }),
  built('Phone Management', 'POST', '/admin/phones/:phone/set_agent', {
    example: ({ phone, agentId }) => ({ params: { phone: encodeURIComponent(phone) }, json: { agentId } }),
    required: ['agentId'],
    status: 200,
    fields: { phone: 'phone', agentId: 'agent id', 'out.success': 'boolean', 'out.agentId': 'agent id' },
    wrong: [
      invalid('an agent that is not there', 'agentId', () => ({ json: { agentId: 'agent_999999999' } })),
      invalid('an id of something else', 'agentId', ({ jobId }) => ({ json: { agentId: jobId } })),
      invalid('an agent of another account', 'agentId', ({ theirPhone, agentId }) => ({
        params: { phone: theirPhone },
        json: { agentId },
      })),
      nothing('a number that nobody has', ({ agentId }) => ({ params: { phone: '+14155559999' }, json: { agentId } })),
    ],
  }),
  built('Phone Management', 'PATCH', '/admin/phones/:phone/tags', {
    example: ({ phone }) => ({ params: { phone }, json: { tags: ['vip', 'beta', 'premium'] } }),
    required: ['tags'],
    status: 200,
    fields: { phone: 'phone', 'tags[]': 'text', 'out.success': 'boolean', 'out.tags[]': 'text' },
    wrong: [
      invalid('an empty tag', 'tags.0', () => ({ json: { tags: [''] } })),
      nothing('a number that nobody has', () => ({ params: { phone: '+14155559999' }, json: { tags: ['vip'] } })),
    ],
  }),
];

const CAMPAIGNS: Endpoint[] = [
  built('Campaign Management', 'POST', '/admin/campaigns/:id/approve', {
    example: ({ campaignId }) => ({ params: { id: campaignId }, json: { approve: true, reason: 'Meets compliance requirements' } }),
    required: ['approve'],
    status: 200,
    fields: {
      status: ['approved'],
      'record.campaignId': 'campaign id',
      'record.approvedBy': 'user id',
      'record.status': ['approved'],
      'record.reason': 'text',
      'record.millisResponse.success': 'boolean',
      'record.millisResponse.status': 'text',
      'record.createdAt': 'time',
      'record.updatedAt': 'time',
    },
    wrong: [
      invalid('a text for a switch', 'approve', () => ({ json: { approve: 'yes' } })),
      invalid('too long a reason', 'reason', () => ({ json: { approve: true, reason: 'x'.repeat(1001) } })),
    ],
  }),
];

const HISTORY: Endpoint[] = [
  built('Session Management', 'GET', '/admin/call_logs', {
    example: () => ({
      query: { from: '2025-09-01T00:00:00Z', to: '2099-09-23T23:59:59Z', page: '1', pageSize: '50', status: 'completed' },
    }),
    status: 200,
    fields: {
      ...PAGE,
      'items[].id': 'call id',
      'items[].from': 'phone',
      'items[].to': 'phone',
      'items[].startedAt': 'time',
      'items[].endedAt': 'time',
      'items[].durationSec': 'integer',
      'items[].status': ['completed'],
      'items[].meta.agentId': 'agent id',
      'items[].meta.campaignId': 'campaign id|null',
      'items[].meta.tenantId': 'tenant id',
      'items[].createdAt': 'time',
      'items[].updatedAt': 'time',
    },
    wrong: [
      ...badPages,
      badQuery('no date', 'from', 'yesterday'),
      badQuery('a day that does not exist', 'to', '2025-02-30'),
      badQuery('too long a status', 'status', 'x'.repeat(21)),
      { ...badQuery('dates in the wrong order', 'from', ''), example: () => ({ query: { from: '2025-02-02', to: '2025-02-01' } }) },
    ],
  }),
  built('Session Management', 'GET', '/admin/sessions', {
    example: ({ theirAgentId }) => ({ query: { agentId: theirAgentId, phone: '+15005550006', page: '1', pageSize: '20' } }),
    status: 200,
    fields: {
      ...PAGE,
      'items[].id': 'session id',
      'items[].userPhone': 'phone',
      'items[].agentId': 'agent id',
      'items[].startedAt': 'time',
      'items[].endedAt': 'time',
      'items[].meta.campaignId': 'campaign id|null',
      'items[].meta.duration': 'integer',
      'items[].meta.tenantId': 'tenant id',
      'items[].createdAt': 'time',
      'items[].updatedAt': 'time',
    },
    wrong: [...badPages, badQuery('too long a number', 'phone', '9'.repeat(21)), badQuery('too long an agent', 'agentId', 'x'.repeat(51))],
  }),
];

/** `contracts/admin.md`, as data. */
export const admin: form.Contract<Code, World> = {
  surface: 'admin',
  document: 'admin.md',
  base: '/api/v1',
  sample: {
    email: 'user@example.com',
    password: 'password123',
    refreshToken: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9',
    phone: '+14155550100',
    agentId: 'agent_123',
    theirAgentId: 'agent_124',
    theirPhone: '+14155550101',
    campaignId: 'campaign_123',
    jobId: 'import_123',
  },
  guardCodes: { missing: 'Invalid token', bad: 'Invalid token', expired: 'TOKEN_EXPIRED', notFound: 'Not found' },
  forStrangers: { status: 403, code: 'Forbidden' },
  longestId: 50,
  codeOf: (body) => {
    const { errors, error, code } = Object(body) as { errors?: unknown; error?: string; code?: string };
    return errors ? 'VALIDATION_ERROR' : (code ?? error);
  },
  errorFields: {},
  errorForms: [{ 'errors[].msg': 'text', 'errors[].param': 'text', 'errors[].location': ['body', 'query', 'params'] }, { error: 'text' }],
  errorCodes: CODES,
  errorSamples: {
    400: { errors: [{ msg: 'Page must be a positive integer', param: 'page', location: 'query' }] },
    401: { error: 'Invalid token' },
    403: { error: 'Forbidden' },
    404: { error: 'Not found' },
    429: { error: 'Too many requests, please try again later.' },
    502: { error: 'External service error', code: 'EXTERNAL_SERVICE_ERROR' },
    500: { error: 'Internal Server Error', code: 'INTERNAL_ERROR' },
  },
  models: {
    Phone: { row: 'GET /admin/phones', at: 'items[]' },
    'Call Log': { row: 'GET /admin/call_logs', at: 'items[]' },
    Session: { row: 'GET /admin/sessions', at: 'items[]' },
    'Campaign Approval': { row: 'POST /admin/campaigns/:id/approve', at: 'record' },
  },
  validationStatus: 400,
  limitHeaders: [],
  limits: { 'General endpoints': 100, 'Admin endpoints': 60 },
  endpoints: [...ACCOUNT, ...PHONES, ...CAMPAIGNS, ...HISTORY],
};
