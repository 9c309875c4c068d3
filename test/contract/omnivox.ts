import type * as form from './endpoint.ts';
import type { Fields, FieldType } from './endpoint.ts';
import { PAGINATION, rowsFor } from './rows.ts';

/** What stands ready before the examples are sent; ids in the wire's own form. */
export interface World {
  email: string;
  password: string;
  refreshToken: string;
  /** active, with an AI agent and a call that has ended */
  campaignId: string;
  /** of the campaign, not called yet */
  contactId: string;
  flowId: string;
}

/** Codes the document lists, and those it leaves to us. */
const CODES = [
  'AUTH_REQUIRED',
  'AUTH_INVALID',
  'AUTH_EXPIRED',
  'VALIDATION_ERROR',
  'RESOURCE_NOT_FOUND',
  'RESOURCE_CONFLICT',
  'RATE_LIMITED',
  'INTERNAL_ERROR',
] as const;
type Code = (typeof CODES)[number];
type Endpoint = form.Endpoint<Code, World>;

const ROLES = ['owner', 'admin', 'manager', 'agent'];
const KINDS = ['OUTBOUND', 'INBOUND', 'PREDICTIVE'];
const STATUSES = ['DRAFT', 'ACTIVE', 'PAUSED', 'COMPLETED'];
const API = '/api/v1';

const { built, invalid, badQuery } = rowsFor<Code, World>('VALIDATION_ERROR');

const badPages = [
  badQuery('page 0', 'page', '0'),
  badQuery('no number', 'page', 'two'),
  badQuery('too many results', 'limit', '101'),
  badQuery('a cursor that is none', 'cursor', 'nonsense'),
];
/** A day in ISO 8601. */
const dayFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const fieldsOf = (path: string, fields: Record<string, FieldType>): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, type]) => [`${path}.${name}`, type]));

// ---- requests, with values for the types that the document shows

const campaign = {
  name: 'Spring renewals',
  description: 'Contracts that end in May',
  type: 'PREDICTIVE',
  status: 'DRAFT',
  settings: { dialRatio: 1.5, maxRetries: 2, retryInterval: 30 },
  scheduleConfig: {
    startDate: '2099-03-01T00:00:00Z',
    endDate: '2099-04-01T00:00:00Z',
    timezone: 'Europe/Berlin',
    workingHours: { start: '09:00', end: '17:30' },
  },
};
const at = { x: 10, y: 20 };
const flow = {
  name: 'Renewal',
  description: 'Asks whether the contract goes on',
  nodes: [
    { id: 'start', type: 'START', config: {}, position: at },
    { id: 'ask', type: 'MESSAGE', config: { message: 'Shall we go on?' }, position: at },
    { id: 'yes', type: 'CONDITION', config: { condition: "input contains 'yes'" }, position: at },
    { id: 'tag', type: 'ACTION', config: { action: { type: 'tag', tag: 'renewed' } }, position: at },
    { id: 'end', type: 'END', config: {}, position: at },
  ],
  connections: [
    { from: 'start', to: 'ask' },
    { from: 'ask', to: 'yes' },
    { from: 'yes', to: 'tag', condition: 'true' },
    { from: 'yes', to: 'end', condition: 'false' },
    { from: 'tag', to: 'end' },
  ],
};
const contact = ({ campaignId }: World) => ({
  firstName: 'Ada',
  lastName: 'Lovelace',
  phone: '+14155550181',
  email: 'ada@example.com',
  customFields: { key: 'value' },
  tags: ['vip'],
  campaignId,
});

// ---- chapters

const AUTHENTICATION: Endpoint[] = [
  built('Authentication Endpoints', 'POST', '/auth/login', {
    auth: 'none',
    example: ({ email, password }) => ({ json: { email, password } }),
    required: ['email', 'password'],
    status: 200,
    fields: {
      'data.accessToken': 'text',
      'data.refreshToken': 'text',
      'data.expiresIn': 'integer',
      'data.user.id': 'user id',
      'data.user.email': 'text',
      'data.user.role': ROLES,
    },
    wrong: [
      {
        what: 'a wrong password',
        example: ({ email }) => ({ json: { email, password: 'NotThePassword1!' } }),
        status: 401,
        code: 'AUTH_INVALID',
      },
    ],
  }),
  built('Authentication Endpoints', 'POST', '/auth/refresh', {
    auth: 'none',
    example: ({ refreshToken }) => ({ json: { refreshToken } }),
    required: ['refreshToken'],
    status: 200,
    fields: { 'data.accessToken': 'text', 'data.refreshToken': 'text', 'data.expiresIn': 'integer' },
    renews: ['refreshToken'],
    wrong: [{ what: 'a token that is none', example: () => ({ json: { refreshToken: 'nonsense' } }), status: 401, code: 'AUTH_INVALID' }],
  }),
];

const PROFILE: Fields = {
  'data.id': 'user id',
  'data.email': 'text',
  'data.firstName': 'text|null',
  'data.lastName': 'text|null',
  'data.role': ROLES,
  'data.createdAt': 'time',
  'data.lastLoginAt': 'time|null',
};

const USERS: Endpoint[] = [
  built('User Management', 'GET', `${API}/users/profile`, { status: 200, fields: PROFILE }),
  built('User Management', 'PUT', `${API}/users/profile`, {
    example: () => ({ json: { firstName: 'Ada', lastName: 'Lovelace', phone: '+14155550100' } }),
    status: 200,
    fields: { ...PROFILE, 'data.phone': 'phone' },
    wrong: [invalid('a number that is none', 'phone', () => ({ json: { phone: '12' } }))],
  }),
  built('User Management', 'GET', `${API}/users`, {
    example: () => ({ query: { page: '1', limit: '50', role: 'owner', search: 'example.com' } }),
    status: 200,
    fields: {
      ...fieldsOf('data[]', {
        id: 'user id',
        email: 'text',
        firstName: 'text|null',
        lastName: 'text|null',
        role: ROLES,
        isActive: 'boolean',
        createdAt: 'time',
      }),
      ...PAGINATION,
    },
    wrong: [badQuery('a role that is none', 'role', 'emperor'), badQuery('page 0', 'page', '0'), badQuery('too many', 'limit', '101')],
  }),
];

const CAMPAIGN: Record<string, FieldType> = {
  id: 'campaign id',
  name: 'text',
  description: 'text|null',
  type: KINDS,
  status: STATUSES,
  'settings.dialRatio': 'number',
  'settings.maxRetries': 'integer',
  'settings.retryInterval': 'number|null',
};

const CAMPAIGNS: Endpoint[] = [
  built('Campaign Management', 'POST', `${API}/campaigns`, {
    example: () => ({ json: campaign }),
    required: ['name'],
    status: 201,
    fields: {
      ...fieldsOf('data', CAMPAIGN),
      'data.scheduleConfig.startDate': 'time|null',
      'data.scheduleConfig.endDate': 'time|null',
      'data.scheduleConfig.timezone': 'text|null',
      'data.scheduleConfig.workingHours.start': 'text',
      'data.scheduleConfig.workingHours.end': 'text',
    },
    wrong: [
      invalid('a blank name', 'name', () => ({ json: { ...campaign, name: ' ' } })),
      invalid('a type that is none', 'type', () => ({ json: { ...campaign, type: 'SIDEWAYS' } })),
      invalid('no lines', 'dialRatio', () => ({ json: { ...campaign, settings: { dialRatio: 0 } } })),
      invalid('a place that has no time', 'timezone', () => ({ json: { ...campaign, scheduleConfig: { timezone: 'Mars/Olympus' } } })),
      invalid('an hour that no day has', 'workingHours', () => ({
        json: { ...campaign, scheduleConfig: { workingHours: { start: '25:00', end: '26:00' } } },
      })),
      invalid('an end before the start', 'endDate', () => ({
        json: { ...campaign, scheduleConfig: { startDate: '2099-03-01T00:00:00Z', endDate: '2099-02-01T00:00:00Z' } },
      })),
    ],
  }),
  built('Campaign Management', 'GET', `${API}/campaigns`, {
    example: () => ({ query: { page: '1', limit: '50', status: 'ACTIVE', type: 'OUTBOUND', search: 'camp' } }),
    status: 200,
    fields: { ...fieldsOf('data[]', CAMPAIGN), ...PAGINATION },
    wrong: [badQuery('a status that is none', 'status', 'DORMANT'), badQuery('a type that is none', 'type', 'SIDEWAYS'), ...badPages],
  }),
];

const FLOWS: Endpoint[] = [
  built('Flow Management', 'POST', `${API}/flows`, {
    example: () => ({ json: flow }),
    required: ['name', 'nodes', 'connections'],
    status: 201,
    fields: {
      'data.id': 'flow id',
      'data.name': 'text',
      'data.version': 'integer',
      'data.nodes[].id': 'text',
      'data.nodes[].type': ['START', 'MESSAGE', 'CONDITION', 'ACTION', 'END'],
      'data.connections[].from': 'text',
      'data.connections[].to': 'text',
    },
    wrong: [
      invalid('no start', 'START', () => ({ json: { ...flow, nodes: flow.nodes.slice(1), connections: flow.connections.slice(1) } })),
      invalid('a way to nowhere', 'nowhere', () => ({
        json: { ...flow, connections: [...flow.connections, { from: 'tag', to: 'nowhere' }] },
      })),
      invalid('a condition that does not parse', 'yes', () => ({
        json: { ...flow, nodes: flow.nodes.map((node) => (node.id === 'yes' ? { ...node, config: { condition: 'input ==' } } : node)) },
      })),
    ],
  }),
];

const CONTACT: Record<string, FieldType> = {
  id: 'contact id',
  firstName: 'text|null',
  lastName: 'text|null',
  phone: 'phone',
  email: 'text|null',
  tags: 'list',
  campaignId: 'campaign id|null',
};

const CONTACTS: Endpoint[] = [
  built('Contacts Management', 'POST', `${API}/contacts`, {
    example: (world) => ({ json: contact(world) }),
    required: ['firstName', 'lastName', 'phone'],
    status: 201,
    fields: { ...fieldsOf('data', CONTACT), 'data.customFields.key': 'text' },
    wrong: [
      invalid('a number that is none', 'phone', (world) => ({ json: { ...contact(world), phone: '12' } })),
      invalid('a campaign that is not there', 'campaignId', (world) => ({ json: { ...contact(world), campaignId: 'campaign_999999999' } })),
      invalid('an e-mail that is none', 'email', (world) => ({ json: { ...contact(world), email: 'nobody' } })),
      {
        what: 'a number that the campaign has',
        example: (world) => ({ json: { ...contact(world), phone: '+14155550180' } }),
        status: 409,
        code: 'RESOURCE_CONFLICT',
      },
    ],
  }),
  built('Contacts Management', 'GET', `${API}/contacts`, {
    example: ({ campaignId }) => ({ query: { page: '1', limit: '50', campaignId, tags: 'vip', search: '+14155' } }),
    status: 200,
    fields: { ...fieldsOf('data[]', CONTACT), ...PAGINATION },
    wrong: [badQuery('no id', 'campaignId', 'call_1'), ...badPages],
  }),
];

const CALL: Record<string, FieldType> = {
  id: 'call id',
  contactId: 'contact id|null',
  campaignId: 'campaign id|null',
  status: 'text',
};

const CALLS: Endpoint[] = [
  built('Call Management', 'POST', `${API}/calls/initiate`, {
    example: ({ contactId, campaignId, flowId }) => ({ json: { contactId, campaignId, flowId, scheduledAt: '2099-03-01T10:00:00Z' } }),
    required: ['contactId', 'campaignId'],
    status: 201,
    fields: fieldsOf('data', CALL),
    wrong: [
      invalid('nobody', 'contactId', ({ campaignId }) => ({ json: { campaignId, contactId: 'contact_999999999' } })),
      invalid('a campaign that is not there', 'campaignId', ({ contactId }) => ({ json: { contactId, campaignId: 'campaign_999999999' } })),
      invalid('no moment', 'scheduledAt', ({ contactId, campaignId }) => ({ json: { contactId, campaignId, scheduledAt: 'soon' } })),
    ],
  }),
  built('Call Management', 'GET', `${API}/calls`, {
    example: ({ campaignId }) => ({
      query: { page: '1', limit: '50', campaignId, status: 'completed', dateFrom: '2025-11-01', dateTo: '2099-12-31' },
    }),
    status: 200,
    fields: { ...fieldsOf('data[]', CALL), ...PAGINATION },
    wrong: [
      badQuery('a status that is none', 'status', 'ringing-soon'),
      badQuery('no date', 'dateFrom', 'yesterday'),
      badQuery('no id', 'campaignId', 'call_1'),
      ...badPages,
    ],
  }),
];

const ANALYTICS: Endpoint[] = [
  built('Analytics', 'GET', `${API}/analytics/dashboard`, {
    example: ({ campaignId }) => ({ query: { period: 'week', campaignId, dateFrom: dayFromNow(-7), dateTo: dayFromNow(0) } }),
    status: 200,
    fields: {
      'data.overview.totalCalls': 'integer',
      'data.overview.successfulCalls': 'integer',
      'data.overview.averageDuration': 'number',
      'data.overview.conversionRate': 'number',
      'data.trends.calls[].date': 'text',
      'data.trends.calls[].count': 'integer',
      'data.trends.conversions[].date': 'text',
      'data.trends.conversions[].rate': 'number|null',
    },
    wrong: [badQuery('a period that is none', 'period', 'fortnight'), badQuery('no date', 'dateFrom', 'yesterday')],
  }),
];

const MONITORING: Endpoint[] = [
  built('Monitoring', 'GET', `${API}/monitoring/health`, {
    auth: 'none',
    status: 200,
    bare: true,
    fields: {
      status: ['healthy'],
      timestamp: 'time',
      'services.database': ['healthy'],
      'services.redis': ['healthy', 'not configured'],
      'services.twilio': ['healthy', 'unknown', 'not configured'],
      'metrics.uptime': 'number',
      'metrics.memoryUsage': 'number',
      'metrics.cpuUsage': 'number',
    },
  }),
  built('Monitoring', 'GET', `${API}/monitoring/metrics`, { status: 200, fields: { data: 'object' } }),
];

/** `contracts/omnivox.md`, as data. */
export const omnivox: form.Contract<Code, World> = {
  surface: 'omnivox',
  document: 'omnivox.md',
  base: '',
  sample: {
    email: 'your@email.com',
    password: 'secure_password',
    refreshToken: 'string',
    campaignId: 'campaign_1',
    contactId: 'contact_1',
    flowId: 'flow_1',
  },
  guardCodes: { missing: 'AUTH_REQUIRED', bad: 'AUTH_INVALID', expired: 'AUTH_EXPIRED', notFound: 'RESOURCE_NOT_FOUND' },
  errorFields: { success: 'boolean', 'error.code': CODES, 'error.message': 'text', timestamp: 'time' },
  detailFields: { 'error.details.field': 'text' },
  errorCodes: CODES,
  validationStatus: 422,
  limitHeaders: ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'],
  limits: { 'Authenticated requests': 1000, 'Unauthenticated requests': 100, 'Bulk operations': 50 },
  endpoints: [...AUTHENTICATION, ...USERS, ...CAMPAIGNS, ...FLOWS, ...CONTACTS, ...CALLS, ...ANALYTICS, ...MONITORING],
};
