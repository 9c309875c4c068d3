import type * as form from './endpoint.ts';
import type { Fields } from './endpoint.ts';
import { PAGINATION, rowsFor } from './rows.ts';

/** What stands ready before the examples are sent. Ids are plain numbers on this surface; in paths and forms they are texts. */
export interface World {
  email: string;
  password: string;
  refreshToken: string;
  /** a person of the tenant who is no agent yet */
  userId: number;
  /** a person who talks, and one more */
  agentId: number;
  otherAgentId: number;
  /** active, with leads */
  campaignId: number;
  /** for whoever pauses it, and for whoever deletes it */
  otherCampaignId: number;
  spareCampaignId: number;
  leadId: number;
  /** answered, of the agent, the campaign and the lead, with a disposition and a recording */
  callId: number;
  /** the same without a recording */
  silentCallId: number;
  recordingId: number;
}

/** Codes the document lists, and those it leaves to us. */
const CODES = [
  'INVALID_CREDENTIALS',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'NOT_FOUND',
  'VALIDATION_ERROR',
  'DUPLICATE_ENTRY',
  'DATABASE_ERROR',
  'FILE_UPLOAD_ERROR',
  'INTERNAL_ERROR',
  'CONFLICT',
] as const;
type Code = (typeof CODES)[number];
type Endpoint = form.Endpoint<Code, World>;

const ROLES = ['agent', 'manager', 'admin'];
const CALL_STATUSES = ['answered', 'no_answer', 'busy', 'failed', 'voicemail', 'abandoned', 'cancelled', 'scheduled', 'in_progress'];
const CAMPAIGN_STATUSES = ['draft', 'active', 'paused', 'completed'];
const LEAD_STATUSES = ['new', 'contacted', 'interested', 'not_interested', 'callback', 'do_not_call'];
const AGENT_STATES = ['available', 'busy', 'on_call', 'wrap_up', 'paused', 'offline'];

const USER = {
  'data.user.id': 'integer',
  'data.user.email': 'text',
  'data.user.role': ROLES,
  'data.user.name': 'text',
} as const satisfies Fields;

const { built, invalid, badQuery } = rowsFor<Code, World>('VALIDATION_ERROR');

const badPages = [
  badQuery('page 0', 'page', '0'),
  badQuery('no number', 'page', 'two'),
  badQuery('too many results', 'limit', '101'),
  badQuery('a field that is none', 'sortBy', 'password_hash'),
  badQuery('neither up nor down', 'order', 'sideways'),
];

const at = (id: number) => ({ id: String(id) });

// ---- requests, as the document shows them

const newcomer = { email: 'newagent@example.com', password: 'securePassword123', name: 'Jane Smith', role: 'agent' };
const record = ({ agentId, campaignId, leadId }: World) => ({
  agentId,
  destination: '+1234567890',
  direction: 'outbound',
  status: 'answered',
  duration: 125,
  startTime: '2025-11-13T09:30:00Z',
  endTime: '2025-11-13T09:32:05Z',
  metadata: { campaignId, leadId },
});
const campaign = ({ agentId }: World) => ({
  name: 'Q4 Sales Campaign',
  description: 'End of year sales push',
  agentId,
  settings: { dialingMode: 'auto', callDelay: 5, maxAttempts: 3 },
});
const lead = ({ campaignId }: World) => ({
  campaignId,
  phoneNumber: '+1234567890',
  name: 'Jane Customer',
  email: 'jane@example.com',
  metadata: { company: 'Acme Corp' },
});
const agent = ({ userId }: World) => ({ userId, extension: '1002', sipUsername: 'agent1002', sipPassword: 'securePassword' });

/** Bytes that begin as a WebM file does. */
export const webm = () =>
  new File([Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d', 'hex')], 'call.webm', { type: 'audio/webm' });
export const leadFile = () =>
  new File(
    ['name,phoneNumber,email,company\nAda,+14155550171,ada@example.com,Acme\nBob,+14155550172,,\nAda again,+14155550171,,\n'],
    'leads.csv',
    {
      type: 'text/csv',
    },
  );
const text = () => new File(['no audio'], 'call.webm', { type: 'audio/webm' });

// ---- chapters

const AUTHENTICATION: Endpoint[] = [
  built('Authentication Endpoints', 'POST', '/auth/login', {
    auth: 'none',
    example: ({ email, password }) => ({ json: { email, password } }),
    required: ['email', 'password'],
    status: 200,
    fields: { ...USER, 'data.token': 'text', 'data.expiresIn': ['7d'] },
    wrong: [
      {
        what: 'a wrong password',
        example: ({ email }) => ({ json: { email, password: 'NotThePassword1!' } }),
        status: 401,
        code: 'INVALID_CREDENTIALS',
      },
      {
        what: 'an unknown e-mail',
        example: ({ password }) => ({ json: { email: 'nobody@example.com', password } }),
        status: 401,
        code: 'INVALID_CREDENTIALS',
      },
    ],
  }),
  built('Authentication Endpoints', 'POST', '/auth/register', {
    example: () => ({ json: newcomer }),
    required: ['email', 'password', 'name', 'role'],
    status: 201,
    message: 'User created successfully',
    fields: USER,
    wrong: [
      {
        what: 'an e-mail that has an account',
        example: ({ email }) => ({ json: { ...newcomer, email } }),
        status: 409,
        code: 'DUPLICATE_ENTRY',
      },
      invalid('a role that is none', 'role', () => ({ json: { ...newcomer, role: 'emperor' } })),
      invalid('more than an administrator may give', 'role', () => ({ json: { ...newcomer, role: 'owner' } })),
      invalid('a short password', 'password', () => ({ json: { ...newcomer, password: 'short' } })),
      invalid('an e-mail that is none', 'email', () => ({ json: { ...newcomer, email: 'user@' } })),
    ],
  }),
  built('Authentication Endpoints', 'POST', '/auth/refresh', {
    auth: 'none',
    example: ({ refreshToken }) => ({ json: { refreshToken } }),
    required: ['refreshToken'],
    status: 200,
    fields: { 'data.token': 'text', 'data.expiresIn': ['7d'] },
    wrong: [{ what: 'a token that is none', example: () => ({ json: { refreshToken: 'nonsense' } }), status: 401, code: 'UNAUTHORIZED' }],
  }),
];

const HEALTH: Endpoint[] = [
  built('Health Check Endpoints', 'GET', '/health', {
    auth: 'none',
    status: 200,
    fields: { status: ['healthy'], db: ['connected'], timestamp: 'time', uptime: 'integer' },
  }),
];

const CALL = (path: string) =>
  ({
    [`${path}.id`]: 'integer',
    [`${path}.agentId`]: 'integer|null',
    [`${path}.agentName`]: 'text|null',
    [`${path}.destination`]: 'phone',
    [`${path}.extension`]: 'text|null',
    [`${path}.direction`]: ['outbound', 'inbound'],
    [`${path}.status`]: CALL_STATUSES,
    [`${path}.duration`]: 'integer|null',
    [`${path}.startTime`]: 'time|null',
    [`${path}.endTime`]: 'time|null',
    [`${path}.recordingUrl`]: 'text|null',
    [`${path}.metadata.campaignId`]: 'integer|null',
    [`${path}.metadata.leadId`]: 'integer|null',
  }) as const satisfies Fields;

const CALLS: Endpoint[] = [
  built('Call Management Endpoints', 'GET', '/calls', {
    example: ({ agentId }) => ({
      query: {
        page: '1',
        limit: '20',
        status: 'answered',
        direction: 'outbound',
        agentId: String(agentId),
        startDate: '2025-11-01',
        endDate: '2099-11-13',
        query: '+1415',
        sortBy: 'createdAt',
        order: 'desc',
      },
    }),
    status: 200,
    fields: { ...CALL('data[]'), ...PAGINATION },
    wrong: [
      badQuery('a word that is no status', 'status', 'ringing-soon'),
      badQuery('neither in nor out', 'direction', 'sideways'),
      badQuery('no id', 'agentId', 'campaign_1'),
      badQuery('no date', 'startDate', 'yesterday'),
      badQuery('a day that does not exist', 'endDate', '2025-02-30'),
      ...badPages,
    ],
  }),
  built('Call Management Endpoints', 'GET', '/calls/:id', {
    example: ({ callId }) => ({ params: at(callId) }),
    status: 200,
    fields: { ...CALL('data'), 'data.metadata.disposition': 'text|null' },
  }),
  built('Call Management Endpoints', 'POST', '/calls', {
    example: (world) => ({ json: record(world) }),
    required: ['destination', 'direction', 'status'],
    status: 201,
    message: 'Call record created successfully',
    fields: {
      'data.id': 'integer',
      'data.agentId': 'integer',
      'data.destination': 'phone',
      'data.direction': ['outbound'],
      'data.status': ['answered'],
      'data.duration': 'integer',
      'data.startTime': 'time',
      'data.endTime': 'time',
    },
    wrong: [
      invalid('a number that is none', 'destination', (world) => ({ json: { ...record(world), destination: '12' } })),
      invalid('an end before the start', 'endTime', (world) => ({ json: { ...record(world), endTime: '2025-11-13T09:00:00Z' } })),
      invalid('an agent that is not there', 'agentId', (world) => ({ json: { ...record(world), agentId: 999_999_999 } })),
      invalid('a status that is none', 'status', (world) => ({ json: { ...record(world), status: 'great' } })),
      invalid('less than no time', 'duration', (world) => ({ json: { ...record(world), duration: -1 } })),
    ],
  }),
  built('Call Management Endpoints', 'POST', '/calls/upload-recording', {
    example: ({ silentCallId }) => ({ form: { callId: String(silentCallId), recording: webm() } }),
    status: 200,
    message: 'Recording uploaded successfully',
    fields: { 'data.callId': 'integer', 'data.recordingUrl': 'text', 'data.filename': 'text', 'data.size': 'integer' },
    wrong: [
      invalid('no file', 'recording', ({ callId }) => ({ form: { callId: String(callId) } })),
      invalid('no call', 'callId', () => ({ form: { recording: webm() } })),
      {
        what: 'a text that says it is audio',
        example: ({ callId }) => ({ form: { callId: String(callId), recording: text() } }),
        status: 415,
        code: 'FILE_UPLOAD_ERROR',
      },
      { what: 'JSON instead of a form', example: () => ({ json: { callId: 1 } }), status: 415, code: 'FILE_UPLOAD_ERROR' },
    ],
  }),
  built('Call Management Endpoints', 'GET', '/recordings/:id', {
    example: ({ recordingId }) => ({ params: at(recordingId) }),
    status: 200,
    type: /^audio\/webm/,
    fields: {},
  }),
];

const CAMPAIGN = (path: string) =>
  ({
    [`${path}.id`]: 'integer',
    [`${path}.name`]: 'text',
    [`${path}.status`]: CAMPAIGN_STATUSES,
    [`${path}.agentId`]: 'integer|null',
    [`${path}.agentName`]: 'text|null',
    [`${path}.totalLeads`]: 'integer',
    [`${path}.completedLeads`]: 'integer',
    [`${path}.successRate`]: 'number',
    [`${path}.createdAt`]: 'time',
    [`${path}.updatedAt`]: 'time',
  }) as const satisfies Fields;

const CAMPAIGNS: Endpoint[] = [
  built('Campaign Management Endpoints', 'GET', '/campaigns', {
    example: ({ agentId }) => ({ query: { page: '1', limit: '20', status: 'active', agentId: String(agentId) } }),
    status: 200,
    fields: { ...CAMPAIGN('data[]'), ...PAGINATION },
    wrong: [badQuery('a word that is no status', 'status', 'dormant'), badQuery('no id', 'agentId', 'call_1'), ...badPages],
  }),
  built('Campaign Management Endpoints', 'GET', '/campaigns/:id', {
    example: ({ campaignId }) => ({ params: at(campaignId) }),
    status: 200,
    fields: {
      ...CAMPAIGN('data'),
      'data.description': 'text|null',
      'data.settings.dialingMode': ['auto', 'progressive', 'predictive', 'preview'],
      'data.settings.callDelay': 'integer',
      'data.settings.maxAttempts': 'integer',
    },
  }),
  built('Campaign Management Endpoints', 'POST', '/campaigns', {
    example: (world) => ({ json: campaign(world) }),
    required: ['name', 'agentId'],
    status: 201,
    message: 'Campaign created successfully',
    fields: { 'data.id': 'integer', 'data.name': 'text', 'data.status': ['active'], 'data.agentId': 'integer' },
    wrong: [
      invalid('a blank name', 'name', (world) => ({ json: { ...campaign(world), name: ' ' } })),
      invalid('an agent that is not there', 'agentId', (world) => ({ json: { ...campaign(world), agentId: 999_999_999 } })),
      invalid('a mode that is none', 'dialingMode', (world) => ({ json: { ...campaign(world), settings: { dialingMode: 'telepathy' } } })),
      invalid('no attempts', 'maxAttempts', (world) => ({ json: { ...campaign(world), settings: { maxAttempts: 0 } } })),
      invalid('less than no delay', 'callDelay', (world) => ({ json: { ...campaign(world), settings: { callDelay: -1 } } })),
    ],
  }),
  built('Campaign Management Endpoints', 'PUT', '/campaigns/:id', {
    example: ({ otherCampaignId }) => ({
      params: at(otherCampaignId),
      json: { name: 'Q4 Sales Campaign - Updated', status: 'paused', settings: { callDelay: 10 } },
    }),
    status: 200,
    message: 'Campaign updated successfully',
    fields: { 'data.id': 'integer', 'data.name': 'text', 'data.status': ['paused'] },
    wrong: [
      invalid('a status that is none', 'status', () => ({ json: { status: 'dormant' } })),
      invalid('a blank name', 'name', () => ({ json: { name: '' } })),
      invalid('half a second', 'callDelay', () => ({ json: { settings: { callDelay: 0.5 } } })),
    ],
  }),
  built('Campaign Management Endpoints', 'DELETE', '/campaigns/:id', {
    example: ({ spareCampaignId }) => ({ params: at(spareCampaignId) }),
    status: 204,
    fields: {},
  }),
];

const LEADS: Endpoint[] = [
  built('Lead Management Endpoints', 'GET', '/leads', {
    example: ({ campaignId }) => ({ query: { campaignId: String(campaignId), status: 'contacted', page: '1', limit: '20' } }),
    status: 200,
    fields: {
      'data[].id': 'integer',
      'data[].campaignId': 'integer|null',
      'data[].phoneNumber': 'phone',
      'data[].name': 'text|null',
      'data[].email': 'text|null',
      'data[].status': LEAD_STATUSES,
      'data[].lastContactedAt': 'time|null',
      'data[].attempts': 'integer',
      'data[].metadata.company': 'text',
      'data[].metadata.notes': 'text',
      ...PAGINATION,
    },
    wrong: [badQuery('a word that is no status', 'status', 'thrilled'), badQuery('no id', 'campaignId', 'call_1'), ...badPages],
  }),
  built('Lead Management Endpoints', 'POST', '/leads', {
    example: (world) => ({ json: lead(world) }),
    required: ['phoneNumber'],
    status: 201,
    message: 'Lead created successfully',
    fields: {
      'data.id': 'integer',
      'data.campaignId': 'integer',
      'data.phoneNumber': 'phone',
      'data.name': 'text',
      'data.status': ['new'],
    },
    wrong: [
      invalid('a number that is none', 'phoneNumber', (world) => ({ json: { ...lead(world), phoneNumber: '12' } })),
      invalid('a campaign that is not there', 'campaignId', (world) => ({ json: { ...lead(world), campaignId: 999_999_999 } })),
      invalid('an e-mail that is none', 'email', (world) => ({ json: { ...lead(world), email: 'nobody' } })),
      {
        what: 'a number that the campaign has',
        example: (world) => ({ json: { ...lead(world), phoneNumber: '+14155550170' } }),
        status: 409,
        code: 'DUPLICATE_ENTRY',
      },
    ],
  }),
  built('Lead Management Endpoints', 'POST', '/leads/bulk-upload', {
    example: ({ campaignId }) => ({ form: { campaignId: String(campaignId), file: leadFile() } }),
    status: 200,
    message: 'Leads imported successfully',
    fields: { 'data.imported': 'integer', 'data.duplicates': 'integer', 'data.errors': 'integer', 'data.campaignId': 'integer' },
    wrong: [
      invalid('no file', 'file', ({ campaignId }) => ({ form: { campaignId: String(campaignId) } })),
      invalid('no campaign', 'campaignId', () => ({ form: { file: leadFile() } })),
      invalid('a campaign that is not there', 'campaignId', () => ({ form: { campaignId: '999999999', file: leadFile() } })),
      invalid('a file without numbers', 'file', ({ campaignId }) => ({
        form: { campaignId: String(campaignId), file: new File(['name,city\nAda,Rome\n'], 'leads.csv', { type: 'text/csv' }) },
      })),
    ],
  }),
  built('Lead Management Endpoints', 'PUT', '/leads/:id', {
    example: ({ leadId }) => ({ params: at(leadId), json: { status: 'interested', metadata: { notes: 'Scheduled demo for next week' } } }),
    status: 200,
    message: 'Lead updated successfully',
    fields: { 'data.id': 'integer', 'data.status': ['interested'], 'data.updatedAt': 'time' },
    wrong: [invalid('a status that is none', 'status', () => ({ json: { status: 'thrilled' } }))],
  }),
];

const AGENT = (path: string) =>
  ({
    [`${path}.id`]: 'integer',
    [`${path}.userId`]: 'integer',
    [`${path}.name`]: 'text',
    [`${path}.email`]: 'text',
    [`${path}.extension`]: 'text|null',
    [`${path}.status`]: AGENT_STATES,
    [`${path}.sipUsername`]: 'text|null',
    [`${path}.stats.totalCalls`]: 'integer',
    [`${path}.stats.answeredCalls`]: 'integer',
    [`${path}.stats.avgDuration`]: 'number',
    [`${path}.stats.successRate`]: 'number',
  }) as const satisfies Fields;

const AGENTS: Endpoint[] = [
  built('Agent Management Endpoints', 'GET', '/agents', {
    status: 200,
    fields: AGENT('data[]'),
    beside: ['pagination'],
    wrong: [badQuery('page 0', 'page', '0'), badQuery('too many results', 'limit', '101')],
  }),
  built('Agent Management Endpoints', 'GET', '/agents/:id', {
    example: ({ agentId }) => ({ params: at(agentId) }),
    status: 200,
    fields: { ...AGENT('data'), 'data.sipPassword': 'text|null', 'data.activeCampaigns[]': 'integer' },
  }),
  built('Agent Management Endpoints', 'POST', '/agents', {
    example: (world) => ({ json: agent(world) }),
    required: ['userId', 'extension', 'sipUsername', 'sipPassword'],
    status: 201,
    message: 'Agent created successfully',
    fields: { 'data.id': 'integer', 'data.userId': 'integer', 'data.extension': 'text', 'data.sipUsername': 'text' },
    wrong: [
      invalid('nobody', 'userId', (world) => ({ json: { ...agent(world), userId: 999_999_999 } })),
      {
        what: 'an extension that is taken',
        example: (world) => ({ json: { ...agent(world), extension: '1001' } }),
        status: 409,
        code: 'DUPLICATE_ENTRY',
      },
    ],
  }),
  built('Agent Management Endpoints', 'PUT', '/agents/:id/status', {
    example: ({ otherAgentId }) => ({ params: at(otherAgentId), json: { status: 'busy' } }),
    required: ['status'],
    status: 200,
    fields: { 'data.id': 'integer', 'data.status': ['busy'], 'data.updatedAt': 'time' },
    wrong: [
      invalid('a state that is none', 'status', () => ({ json: { status: 'asleep' } })),
      invalid('a state that only a call brings', 'status', () => ({ json: { status: 'on_call' } })),
    ],
  }),
];

const STATISTICS: Endpoint[] = [
  built('Statistics Endpoints', 'GET', '/stats/dashboard', {
    example: ({ agentId }) => ({ query: { startDate: '2025-11-01', endDate: '2099-11-13', agentId: String(agentId) } }),
    status: 200,
    fields: {
      'data.totalCalls': 'integer',
      'data.answeredCalls': 'integer',
      'data.avgDuration': 'number',
      'data.totalDuration': 'integer',
      'data.successRate': 'number',
      'data.callsByStatus.answered': 'integer',
      'data.callsByStatus.no_answer': 'integer',
      'data.callsByStatus.busy': 'integer',
      'data.callsByStatus.failed': 'integer',
      'data.callsByHour[].hour': 'integer',
      'data.callsByHour[].count': 'integer',
      'data.topAgents[].agentId': 'integer',
      'data.topAgents[].name': 'text',
      'data.topAgents[].totalCalls': 'integer',
      'data.topAgents[].successRate': 'number',
    },
    wrong: [badQuery('no date', 'startDate', 'yesterday'), badQuery('no id', 'agentId', 'call_1')],
  }),
];

/** Last, since it ends what the others need. */
const LOG_OUT: Endpoint[] = [
  built('Authentication Endpoints', 'POST', '/auth/logout', { status: 200, message: 'Logged out successfully', fields: {} }),
];

/** `contracts/dialer.md`, as data. */
export const dialer: form.Contract<Code, World> = {
  surface: 'dialer',
  document: 'dialer.md',
  base: '/api',
  sample: {
    email: 'agent@example.com',
    password: 'securePassword123',
    refreshToken: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9',
    userId: 2,
    agentId: 1,
    otherAgentId: 2,
    campaignId: 1,
    otherCampaignId: 2,
    spareCampaignId: 3,
    leadId: 1,
    callId: 1,
    silentCallId: 2,
    recordingId: 1,
  },
  guardCodes: { missing: 'UNAUTHORIZED', bad: 'UNAUTHORIZED', expired: 'UNAUTHORIZED', notFound: 'NOT_FOUND' },
  errorFields: { success: 'boolean', 'error.code': CODES, 'error.message': 'text' },
  errorCodes: CODES,
  validationStatus: 422,
  limitHeaders: ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'],
  limits: { 'Authenticated requests': 1000, 'Unauthenticated requests': 100 },
  endpoints: [...AUTHENTICATION, ...HEALTH, ...CALLS, ...CAMPAIGNS, ...LEADS, ...AGENTS, ...STATISTICS, ...LOG_OUT],
};
