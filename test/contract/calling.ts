import type * as form from './endpoint.ts';
import type { Fields } from './endpoint.ts';
import { EXOTEL } from './exotel.ts';
import { KNOWLEDGE_BASE } from './knowledge.ts';
import { rowsFor } from './rows.ts';

/** What stands ready before the examples are sent. */
export interface World {
  email: string;
  password: string;
  userId: string;
  agentId: string;
  otherAgentId: string;
  /** for whoever deletes it */
  spareAgentId: string;
  phoneId: string;
  /** a phone number that is registered */
  takenNumber: string;
  /** was talked through to its end */
  talkedCallId: string;
  waitingCallId: string;
  /** was busy; a retry of it waits */
  missedCallId: string;
  /** recurring, for years ahead */
  scheduleId: string;
  /** was read to its end; one of its rows is bad */
  importId: string;
  /** was read to its end */
  spareDocumentId: string;
}

/** Codes the document lists, and those it leaves to us: a state that forbids it, and uploads of the wrong size or kind. */
const CODES = [
  'INVALID_CREDENTIALS',
  'TOKEN_EXPIRED',
  'UNAUTHORIZED',
  'VALIDATION_ERROR',
  'INVALID_PHONE_NUMBER',
  'INVALID_AGENT_ID',
  'NOT_FOUND',
  'DUPLICATE_RESOURCE',
  'RATE_LIMIT_EXCEEDED',
  'INTERNAL_SERVER_ERROR',
  'SERVICE_UNAVAILABLE',
  'CONFLICT',
  'UNSUPPORTED_MEDIA_TYPE',
] as const;
type Code = (typeof CODES)[number];
type Endpoint = form.Endpoint<Code, World>;
type Wrong = form.Wrong<Code, World>;

const STATUS_WORDS = ['scheduled', 'in-progress', 'completed', 'failed'];
const PRIORITY_WORDS = ['low', 'normal', 'high'];
const PATTERN_WORDS = ['daily', 'weekly', 'monthly'];

const USER = {
  'data.user._id': 'user id',
  'data.user.email': 'text',
  'data.user.name': 'text',
  'data.token': 'text',
} as const satisfies Fields;

const AGENT = {
  'data._id': 'agent id',
  'data.name': 'text',
  'data.systemPrompt': 'text',
  'data.voice': 'text|null',
  'data.model': 'text|null',
  'data.temperature': 'number|null',
  'data.maxTokens': 'integer|null',
  'data.isActive': 'boolean',
  'data.userId': 'user id|null',
  'data.createdAt': 'time',
} as const satisfies Fields;

const PAGINATION = {
  'data.pagination.total': 'integer',
  'data.pagination.page': 'integer',
  'data.pagination.limit': 'integer',
  'data.pagination.pages': 'integer',
} as const satisfies Fields;

const { built, invalid, badQuery } = rowsFor<Code, World>('VALIDATION_ERROR');

const wrongPhone = (json: (world: World) => Record<string, unknown>, field: string) =>
  invalid('a number that is none', field, (world) => ({ json: json(world) }), { code: 'INVALID_PHONE_NUMBER' });
const wrongAgent = (what: string, json: (world: World) => Record<string, unknown>) =>
  invalid(what, 'agentId', (world) => ({ json: json(world) }), { code: 'INVALID_AGENT_ID' });

const NOBODY = 'agent_999999999';

// ---- requests, as the document shows them

const person = { password: 'SecurePassword123!', name: 'John Doe' };
const agent = {
  name: 'Customer Support Agent',
  systemPrompt: 'You are a helpful customer support agent for Acme Corp. Answer questions about our products and services politely.',
  voice: 'Rachel',
  model: 'gpt-4',
  temperature: 0.7,
  maxTokens: 150,
  isActive: true,
};
const phone = (world: World) => ({ phoneNumber: '+919876543210', agentId: world.agentId });
const call = (world: World) => ({
  toPhone: '+919876543210',
  agentId: world.agentId,
  context: 'Customer callback regarding order #12345',
  scheduledFor: '2025-11-02T10:00:00Z',
  timezone: 'Asia/Kolkata',
  priority: 'high',
});

/** The document's own, its days still ahead as they were when it was written. */
const schedule = (world: World) => ({
  agentId: world.agentId,
  toPhone: '+919876543210',
  pattern: 'daily',
  time: '10:00',
  timezone: 'Asia/Kolkata',
  startDate: '2099-11-01',
  endDate: '2099-11-30',
  businessHoursOnly: true,
});

/** The document's own file, its times still ahead as they were when it was written: a time that is over is a warning. */
export function documentedCsv({ agentId, userId }: Pick<World, 'agentId' | 'userId'>, extraRows: string[] = []): File {
  const rows = [
    'phoneNumber,agentId,userId,scheduledFor,timezone,priority',
    `+919876543210,${agentId},${userId},2099-11-02T10:00:00Z,Asia/Kolkata,high`,
    `+919876543211,${agentId},${userId},2099-11-02T11:00:00Z,Asia/Kolkata,normal`,
    ...extraRows,
  ];
  return new File([`${rows.join('\n')}\n`], 'contacts.csv', { type: 'text/csv' });
}

const BAD_UPLOADS: readonly Wrong[] = [
  invalid('no file', 'file', () => ({ form: { skipHeader: 'true' } })),
  invalid('an empty file', 'file', () => ({ form: { file: new File([], 'contacts.csv', { type: 'text/csv' }) } })),
  invalid('no such switch', 'skipHeader', (world) => ({ form: { skipHeader: 'perhaps', file: documentedCsv(world) } })),
  { what: 'a picture', example: () => ({ form: { file: picture() } }), status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
  { what: 'JSON instead of a form', example: () => ({ json: { file: 'contacts.csv' } }), status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
];

function picture(): File {
  return new File([new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])], 'contacts.csv', { type: 'text/csv' });
}

// ---- chapters

const AUTHENTICATION: Endpoint[] = [
  built('Authentication', 'POST', '/auth/register', {
    auth: 'none',
    example: () => ({ json: { email: 'user@example.com', ...person } }),
    required: ['email', 'password', 'name'],
    status: 201,
    message: 'User registered successfully',
    fields: USER,
    wrong: [
      {
        what: 'an e-mail that has an account',
        example: ({ email }) => ({ json: { email, ...person } }),
        status: 409,
        code: 'DUPLICATE_RESOURCE',
      },
      invalid('an e-mail that is none', 'email', () => ({ json: { email: 'user@', ...person } })),
      invalid('a short password', 'password', () => ({ json: { ...person, email: 'b@example.com', password: 'short' } })),
      invalid('a blank name', 'name', () => ({ json: { ...person, email: 'c@example.com', name: '  ' } })),
    ],
  }),
  built('Authentication', 'POST', '/auth/login', {
    auth: 'none',
    example: ({ email, password }) => ({ json: { email, password } }),
    required: ['email', 'password'],
    status: 200,
    message: 'Login successful',
    fields: USER,
    shared: {
      topLevel: ['user', 'tokens'],
      errors: { success: 'boolean', message: 'text', error: 'text', code: CODES },
      validationStatus: 400,
    },
    wrong: [
      {
        what: 'a wrong password',
        example: ({ email }) => ({ json: { email, password: 'NotThePassword1!' } }),
        status: 401,
        code: 'INVALID_CREDENTIALS',
      },
      {
        what: 'an unknown e-mail',
        example: () => ({ json: { email: 'nobody@example.com', password: person.password } }),
        status: 401,
        code: 'INVALID_CREDENTIALS',
      },
    ],
  }),
];

const AGENTS: Endpoint[] = [
  built('Agents', 'POST', '/agents', {
    example: () => ({ json: agent }),
    required: ['name', 'systemPrompt'],
    status: 201,
    message: 'Agent created successfully',
    fields: AGENT,
    wrong: [
      invalid('an empty name', 'name', () => ({ json: { ...agent, name: '' } })),
      invalid('a temperature above 2', 'temperature', () => ({ json: { ...agent, temperature: 2.1 } })),
      invalid('no tokens at all', 'maxTokens', () => ({ json: { ...agent, maxTokens: 0 } })),
      invalid('half a token', 'maxTokens', () => ({ json: { ...agent, maxTokens: 1.5 } })),
      invalid('a text for a switch', 'isActive', () => ({ json: { ...agent, isActive: 'true' } })),
    ],
  }),
  built('Agents', 'GET', '/agents', {
    example: () => ({ query: { isActive: 'true', page: '1', limit: '10' } }),
    status: 200,
    fields: {
      'data.agents[]._id': 'agent id',
      'data.agents[].name': 'text',
      'data.agents[].isActive': 'boolean',
      'data.agents[].createdAt': 'time',
      ...PAGINATION,
    },
    wrong: [
      badQuery('neither true nor false', 'isActive', 'maybe'),
      badQuery('page 0', 'page', '0'),
      badQuery('no number', 'page', 'two'),
      badQuery('no results', 'limit', '0'),
      badQuery('too many results', 'limit', '100000'),
    ],
  }),
  built('Agents', 'GET', '/agents/:id', { example: ({ agentId }) => ({ params: { id: agentId } }), status: 200, fields: AGENT }),
  built('Agents', 'PUT', '/agents/:id', {
    example: ({ otherAgentId }) => ({
      params: { id: otherAgentId },
      json: { name: 'Updated Agent Name', systemPrompt: 'Updated prompt', isActive: false },
    }),
    status: 200,
    message: 'Agent updated successfully',
    fields: AGENT,
    wrong: [
      invalid('a blank name', 'name', () => ({ json: { name: ' ' } })),
      invalid('no text', 'systemPrompt', () => ({ json: { systemPrompt: 7 } })),
    ],
  }),
  built('Agents', 'DELETE', '/agents/:id', {
    example: ({ spareAgentId }) => ({ params: { id: spareAgentId } }),
    status: 200,
    message: 'Agent deleted successfully',
    fields: {},
  }),
];

const PHONE_NUMBERS: Endpoint[] = [
  built('Phone Numbers', 'POST', '/phones', {
    example: (world) => ({ json: phone(world) }),
    required: ['phoneNumber'],
    status: 201,
    message: 'Phone number registered successfully',
    fields: {
      'data._id': 'phone id',
      'data.phoneNumber': 'phone',
      'data.agentId': 'agent id|null',
      'data.userId': 'user id|null',
      'data.isActive': 'boolean',
      'data.createdAt': 'time',
    },
    wrong: [
      {
        what: 'a number that is registered',
        example: (world) => ({ json: { ...phone(world), phoneNumber: world.takenNumber } }),
        status: 409,
        code: 'DUPLICATE_RESOURCE',
      },
      wrongPhone((world) => ({ ...phone(world), phoneNumber: '98765' }), 'phoneNumber'),
      wrongAgent('an agent that is not there', (world) => ({ ...phone(world), phoneNumber: '+919876543299', agentId: NOBODY })),
    ],
  }),
  built('Phone Numbers', 'GET', '/phones', {
    status: 200,
    fields: {
      'data[]._id': 'phone id',
      'data[].phoneNumber': 'phone',
      'data[].agentId._id': 'agent id',
      'data[].agentId.name': 'text',
      'data[].isActive': 'boolean',
    },
  }),
  built('Phone Numbers', 'PUT', '/phones/:id', {
    example: ({ phoneId, otherAgentId }) => ({ params: { id: phoneId }, json: { agentId: otherAgentId, isActive: false } }),
    status: 200,
    message: 'Phone number updated successfully',
    fields: { 'data._id': 'phone id', 'data.phoneNumber': 'phone', 'data.agentId': 'agent id|null', 'data.isActive': 'boolean' },
    wrong: [
      wrongAgent('an agent that is not there', () => ({ agentId: NOBODY })),
      invalid('a text for a switch', 'isActive', () => ({ json: { isActive: 'no' } })),
    ],
  }),
];

const OUTBOUND_CALLS: Endpoint[] = [
  built('Outbound Calls', 'POST', '/calls/outbound', {
    example: (world) => ({ json: call(world) }),
    required: ['toPhone', 'agentId'],
    status: 201,
    message: 'Call initiated successfully',
    fields: {
      'data._id': 'call id',
      'data.toPhone': 'phone',
      'data.agentId': 'agent id',
      'data.status': STATUS_WORDS,
      'data.scheduledFor': 'time',
      'data.timezone': 'text',
      'data.priority': PRIORITY_WORDS,
      'data.createdAt': 'time',
    },
    wrong: [
      wrongPhone((world) => ({ ...call(world), toPhone: '0171 2345' }), 'toPhone'),
      wrongAgent('an agent that is not there', (world) => ({ ...call(world), agentId: NOBODY })),
      wrongAgent('an id of something else', (world) => ({ ...call(world), agentId: world.phoneId })),
      invalid('a day that does not exist', 'scheduledFor', (world) => ({ json: { ...call(world), scheduledFor: '2025-02-30T10:00:00Z' } })),
      invalid('a place that has no time', 'timezone', (world) => ({ json: { ...call(world), timezone: 'Mars/Olympus' } })),
      invalid('a word that is no priority', 'priority', (world) => ({ json: { ...call(world), priority: 'urgent' } })),
      invalid('a number for a text', 'context', (world) => ({ json: { ...call(world), context: 12345 } })),
    ],
  }),
  built('Outbound Calls', 'GET', '/calls/outbound', {
    example: ({ agentId }) => ({
      query: { status: 'completed', agentId, startDate: '2025-11-01T00:00:00Z', endDate: '2099-12-31T23:59:59Z', page: '1', limit: '10' },
    }),
    status: 200,
    fields: {
      'data.calls[]._id': 'call id',
      'data.calls[].toPhone': 'phone',
      'data.calls[].agentId': 'agent id',
      'data.calls[].status': STATUS_WORDS,
      'data.calls[].duration': 'integer|null',
      'data.calls[].createdAt': 'time',
      ...PAGINATION,
    },
    wrong: [
      badQuery('a word that is no status', 'status', 'ringing-soon'),
      badQuery('an id of something else', 'agentId', 'phone_1'),
      badQuery('no date', 'startDate', 'yesterday'),
      badQuery('a day that does not exist', 'endDate', '2025-02-30'),
      badQuery('page 0', 'page', '0'),
      badQuery('too many results', 'limit', '100000'),
    ],
  }),
  built('Outbound Calls', 'GET', '/calls/outbound/:id', {
    example: ({ talkedCallId }) => ({ params: { id: talkedCallId } }),
    status: 200,
    fields: {
      'data._id': 'call id',
      'data.toPhone': 'phone',
      'data.agentId': 'agent id',
      'data.status': STATUS_WORDS,
      'data.duration': 'integer|null',
      'data.transcript[].role': ['assistant', 'user'],
      'data.transcript[].content': 'text',
      'data.transcript[].timestamp': 'time',
      'data.metadata.voicemailDetected': 'boolean',
      'data.metadata.callQuality': 'text|null',
      'data.createdAt': 'time',
    },
  }),
  built('Outbound Calls', 'DELETE', '/calls/outbound/:id', {
    example: ({ waitingCallId }) => ({ params: { id: waitingCallId } }),
    status: 200,
    message: 'Call cancelled successfully',
    fields: {},
    wrong: [
      { what: 'a call that is over', example: ({ talkedCallId }) => ({ params: { id: talkedCallId } }), status: 409, code: 'CONFLICT' },
    ],
  }),
];

const SCHEDULING: Endpoint[] = [
  built('Scheduling', 'POST', '/scheduling/recurring', {
    example: (world) => ({ json: schedule(world) }),
    required: ['agentId', 'toPhone', 'pattern', 'time'],
    status: 201,
    message: 'Recurring call scheduled successfully',
    fields: {
      'data._id': 'schedule id',
      'data.agentId': 'agent id',
      'data.toPhone': 'phone',
      'data.pattern': PATTERN_WORDS,
      'data.time': 'text',
      'data.timezone': 'text',
      'data.isActive': 'boolean',
      'data.nextRunAt': 'time|null',
    },
    wrong: [
      wrongPhone((world) => ({ ...schedule(world), toPhone: '98765' }), 'toPhone'),
      wrongAgent('an agent that is not there', (world) => ({ ...schedule(world), agentId: NOBODY })),
      invalid('a word that is no pattern', 'pattern', (world) => ({ json: { ...schedule(world), pattern: 'hourly' } })),
      invalid('a time of one digit', 'time', (world) => ({ json: { ...schedule(world), time: '9:00' } })),
      invalid('an hour that no day has', 'time', (world) => ({ json: { ...schedule(world), time: '24:00' } })),
      invalid('a place that has no time', 'timezone', (world) => ({ json: { ...schedule(world), timezone: 'Mars/Olympus' } })),
      invalid('a day that does not exist', 'startDate', (world) => ({ json: { ...schedule(world), startDate: '2099-02-29' } })),
      invalid('a moment for a day', 'endDate', (world) => ({ json: { ...schedule(world), endDate: '2099-11-30T10:00:00Z' } })),
      invalid('an end before the start', 'startDate', (world) => ({ json: { ...schedule(world), endDate: '2099-10-31' } })),
      invalid('an end in the past', 'endDate leaves no run to come', (world) => ({
        json: { ...schedule(world), startDate: '2025-11-01', endDate: '2025-11-30' },
      })),
      invalid('a text for a switch', 'businessHoursOnly', (world) => ({ json: { ...schedule(world), businessHoursOnly: 'yes' } })),
    ],
  }),
  built('Scheduling', 'GET', '/scheduling/list', {
    example: () => ({ query: { isActive: 'true', page: '1', limit: '50' } }),
    status: 200,
    fields: {
      'data[]._id': 'schedule id',
      'data[].agentId': 'agent id',
      'data[].toPhone': 'phone',
      'data[].pattern': PATTERN_WORDS,
      'data[].time': 'text',
      'data[].isActive': 'boolean',
      'data[].nextRunAt': 'time|null',
    },
    beside: ['pagination'],
    wrong: [
      badQuery('neither true nor false', 'isActive', 'maybe'),
      badQuery('page 0', 'page', '0'),
      badQuery('too many results', 'limit', '101'),
    ],
  }),
  built('Scheduling', 'DELETE', '/scheduling/recurring/:id', {
    example: ({ scheduleId }) => ({ params: { id: scheduleId } }),
    status: 200,
    message: 'Recurring schedule cancelled successfully',
    fields: {},
  }),
  built('Scheduling', 'GET', '/scheduling/stats', {
    status: 200,
    fields: {
      'data.queue.waiting': 'integer',
      'data.queue.active': 'integer',
      'data.queue.completed': 'integer',
      'data.queue.failed': 'integer',
      'data.scheduledCalls.next24Hours': 'integer',
      'data.scheduledCalls.nextWeek': 'integer',
    },
  }),
];

const rule = { maxAttempts: 5, initialDelay: 600_000 };
const ruleFields = (outcome: string) =>
  ({
    [`data.retryConfig.${outcome}.maxAttempts`]: 'integer',
    [`data.retryConfig.${outcome}.initialDelay`]: 'integer',
    [`data.retryConfig.${outcome}.backoffMultiplier`]: 'number',
  }) as const satisfies Fields;

const RETRY_MANAGEMENT: Endpoint[] = [
  built('Retry Management', 'GET', '/retry/config/:agentId', {
    example: ({ agentId }) => ({ params: { agentId } }),
    status: 200,
    fields: { 'data.agentId': 'agent id', ...ruleFields('no_answer'), ...ruleFields('busy'), ...ruleFields('failed') },
  }),
  built('Retry Management', 'PUT', '/retry/config/:agentId', {
    example: ({ agentId }) => ({ params: { agentId }, json: { no_answer: rule } }),
    status: 200,
    message: 'Retry configuration updated successfully',
    fields: {},
    wrong: [
      invalid('nothing to change', 'body', () => ({ json: {} })),
      invalid('an outcome that is none', 'answered', () => ({ json: { answered: rule } })),
      invalid('no attempt at all', 'no_answer.maxAttempts', () => ({ json: { no_answer: { ...rule, maxAttempts: 0 } } })),
      invalid('a negative delay', 'no_answer.initialDelay', () => ({ json: { no_answer: { ...rule, initialDelay: -1 } } })),
      invalid('pauses that grow shorter', 'busy.backoffMultiplier', () => ({ json: { busy: { backoffMultiplier: 0.5 } } })),
    ],
  }),
  built('Retry Management', 'GET', '/retry/pending', {
    status: 200,
    fields: {
      'data[]._id': 'call id',
      'data[].toPhone': 'phone',
      'data[].retryAttempt': 'integer',
      'data[].nextRetryAt': 'time',
      'data[].failureReason': ['no_answer', 'busy', 'failed', 'voicemail', 'abandoned'],
    },
    beside: ['pagination'],
    wrong: [badQuery('page 0', 'page', '0'), badQuery('too many results', 'limit', '101')],
  }),
  built('Retry Management', 'POST', '/retry/manual/:callId', {
    example: ({ missedCallId }) => ({ params: { callId: missedCallId } }),
    status: 200,
    message: 'Call retry initiated successfully',
    fields: {
      'data._id': 'call id',
      'data.originalCallId': 'call id',
      'data.retryAttempt': 'integer',
      'data.status': ['scheduled'],
    },
    wrong: [
      {
        what: 'a call that was completed',
        example: ({ talkedCallId }) => ({ params: { callId: talkedCallId } }),
        status: 409,
        code: 'CONFLICT',
      },
    ],
  }),
];

const BULK_OPERATIONS: Endpoint[] = [
  built('Bulk Operations', 'POST', '/bulk/import/validate', {
    example: (world) => ({ form: { skipHeader: 'true', file: documentedCsv(world) } }),
    status: 200,
    message: 'CSV validation successful',
    fields: {
      'data.totalRows': 'integer',
      'data.validRows': 'integer',
      'data.invalidRows': 'integer',
      'data.errors': 'list',
      'data.preview[].phoneNumber': 'phone',
      'data.preview[].agentId': 'agent id',
      'data.preview[].scheduledFor': 'time|null',
    },
    wrong: BAD_UPLOADS,
  }),
  built('Bulk Operations', 'POST', '/bulk/import', {
    example: (world) => ({ form: { skipHeader: 'true', autoSchedule: 'true', file: documentedCsv(world) } }),
    status: 202,
    message: 'CSV import started',
    fields: { 'data.importId': 'import id', 'data.totalRows': 'integer', 'data.status': ['processing'] },
    wrong: [
      ...BAD_UPLOADS,
      invalid('no such switch', 'autoSchedule', (world) => ({ form: { autoSchedule: 'later', file: documentedCsv(world) } })),
    ],
  }),
  built('Bulk Operations', 'GET', '/bulk/import/:importId/status', {
    example: ({ importId }) => ({ params: { importId } }),
    status: 200,
    fields: {
      'data.importId': 'import id',
      'data.status': ['processing', 'completed', 'failed'],
      'data.totalRows': 'integer',
      'data.successfulRows': 'integer',
      'data.failedRows': 'integer',
      'data.errors[].row': 'integer',
      'data.errors[].error': 'text',
      'data.createdAt': 'time',
      'data.completedAt': 'time|null',
    },
  }),
];

/** The document's own range, as long as the calls of the test need it. */
const range = { startDate: '2025-11-01T00:00:00Z', endDate: '2034-11-01T23:59:59Z' };
const BAD_RANGES: readonly Wrong[] = [
  invalid('no beginning', 'startDate', () => ({ query: { endDate: range.endDate } }), { status: 400 }),
  invalid('no end', 'endDate', () => ({ query: { startDate: range.startDate } }), { status: 400 }),
  invalid('no date', 'startDate', () => ({ query: { ...range, startDate: 'yesterday' } }), { status: 400 }),
  invalid('a day that does not exist', 'endDate', () => ({ query: { ...range, endDate: '2025-02-30' } }), { status: 400 }),
  invalid('an end before the start', 'startDate', () => ({ query: { ...range, endDate: '2025-10-31' } }), { status: 400 }),
  invalid('more than ten years', 'startDate', () => ({ query: { ...range, startDate: '1999-01-01' } }), { status: 400 }),
];

const ANALYTICS: Endpoint[] = [
  built('Analytics', 'GET', '/analytics/calls', {
    example: ({ agentId }) => ({ query: { ...range, agentId, groupBy: 'day' } }),
    status: 200,
    fields: {
      'data.summary.totalCalls': 'integer',
      'data.summary.successfulCalls': 'integer',
      'data.summary.failedCalls': 'integer',
      'data.summary.successRate': 'number',
      'data.summary.averageDuration': 'number',
      'data.byStatus.completed': 'integer',
      'data.byStatus.no_answer': 'integer',
      'data.byStatus.busy': 'integer',
      'data.byStatus.failed': 'integer',
      'data.byDate[].date': 'text',
      'data.byDate[].calls': 'integer',
      'data.byDate[].successRate': 'number',
    },
    wrong: [
      ...BAD_RANGES,
      invalid('a word that is no group', 'groupBy', () => ({ query: { ...range, groupBy: 'year' } }), { status: 400 }),
      invalid('an id of something else', 'agentId', () => ({ query: { ...range, agentId: 'phone_1' } }), { status: 400 }),
      {
        what: 'an agent that is not there',
        example: () => ({ query: { ...range, agentId: NOBODY } }),
        status: 404,
        code: 'NOT_FOUND',
      },
    ],
  }),
  built('Analytics', 'GET', '/analytics/agents/:agentId', {
    example: ({ agentId }) => ({ params: { agentId }, query: range }),
    status: 200,
    fields: {
      'data.agentId': 'agent id',
      'data.agentName': 'text',
      'data.totalCalls': 'integer',
      'data.successRate': 'number',
      'data.averageDuration': 'number',
      'data.voicemailDetectionRate': 'number',
      'data.retrySuccessRate': 'number',
      'data.topFailureReasons[].reason': ['no_answer', 'busy', 'failed', 'voicemail', 'abandoned'],
      'data.topFailureReasons[].count': 'integer',
    },
    wrong: BAD_RANGES,
  }),
  built('Analytics', 'GET', '/analytics/costs', {
    example: () => ({ query: range }),
    status: 200,
    fields: {
      'data.totalCost': 'number',
      'data.costPerCall': 'number',
      'data.breakdown.stt': 'number',
      'data.breakdown.llm': 'number',
      'data.breakdown.tts': 'number',
      'data.breakdown.exotel': 'number',
      'data.byAgent[].agentId': 'agent id',
      'data.byAgent[].agentName': 'text',
      'data.byAgent[].totalCost': 'number',
      'data.byAgent[].calls': 'integer',
    },
    wrong: BAD_RANGES,
  }),
];

const STATISTICS: Endpoint[] = [
  built('Statistics', 'GET', '/stats', {
    status: 200,
    fields: {
      'data.calls.total': 'integer',
      'data.calls.inbound': 'integer',
      'data.calls.outbound': 'integer',
      'data.calls.successRate': 'number',
      'data.agents.total': 'integer',
      'data.agents.active': 'integer',
      'data.queue.waiting': 'integer',
      'data.queue.active': 'integer',
      'data.uptime': 'percent|null',
      'data.version': 'text',
    },
  }),
];

export const calling: form.Contract<Code, World> = {
  surface: 'calling',
  document: 'calling.md',
  base: '/api/v1',
  sample: {
    email: 'user@example.com',
    password: 'SecurePassword123!',
    userId: 'user_1',
    agentId: 'agent_1',
    otherAgentId: 'agent_2',
    spareAgentId: 'agent_3',
    phoneId: 'phone_1',
    takenNumber: '+15005550006',
    talkedCallId: 'call_1',
    waitingCallId: 'call_2',
    missedCallId: 'call_3',
    scheduleId: 'schedule_1',
    importId: 'import_1',
    spareDocumentId: 'doc_1',
  },
  guardCodes: { missing: 'UNAUTHORIZED', bad: 'UNAUTHORIZED', expired: 'TOKEN_EXPIRED', notFound: 'NOT_FOUND' },
  errorFields: { success: 'boolean', message: 'text', 'error.code': CODES, 'error.details': 'text' },
  errorCodes: CODES,
  validationStatus: 422,
  limitHeaders: ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'],
  limits: { 'Authentication endpoints': 5, 'API endpoints': 100, 'Bulk operations': 10 },
  endpoints: [
    ...AUTHENTICATION,
    ...AGENTS,
    ...PHONE_NUMBERS,
    ...OUTBOUND_CALLS,
    ...SCHEDULING,
    ...RETRY_MANAGEMENT,
    ...BULK_OPERATIONS,
    ...KNOWLEDGE_BASE,
    ...ANALYTICS,
    ...STATISTICS,
    ...EXOTEL,
  ],
};
