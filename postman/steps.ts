import { keep, logInAnew, storeTokens, untilImported } from './scripts.ts';

/** What the document of an operation cannot say: which values lead from one request to the next. */
export interface Step {
  /** values of its path and query; a query without one is listed, but not sent */
  values?: Readonly<Record<string, string>>;
  /** instead of the example's */
  body?: Readonly<Record<string, unknown>>;
  /** script before it, and after its tests */
  before?: readonly string[];
  after?: readonly string[];
}

export interface Folder {
  name: string;
  description: string;
  /** by surface, method and path */
  steps: Readonly<Record<string, Step>>;
}

const PAGE = { page: '1', pageSize: '25' };

/** The requests in the order in which a run makes them, each leaving what later ones need. */
export const FOLDERS: readonly Folder[] = [
  { name: 'Health', description: 'Open to all.', steps: { 'admin GET /health': {} } },
  {
    name: 'Authentication',
    description: 'Run **Log in** first: its test script keeps the tokens that all other requests send.',
    steps: {
      'account POST /auth/signup': { body: { email: 'user-{{$timestamp}}@example.com', password: 'SecurePassword123!', name: 'John Doe' } },
      'account POST /auth/login': { body: { email: '{{adminEmail}}', password: '{{adminPassword}}' }, after: storeTokens },
      'account POST /auth/refresh': { body: { refreshToken: '{{refreshToken}}' }, after: [keep('accessToken', 'access')] },
    },
  },
  {
    name: 'Set up',
    description: 'Requests of other surfaces, without which there would be nothing to administrate.',
    steps: {
      'calling POST /agents': {
        body: { name: 'Voice Agent Alpha', systemPrompt: 'You are a friendly assistant.', voice: 'Rachel', model: 'gpt-4' },
        after: [keep('agentId', 'data._id')],
      },
      'omnivox POST /campaigns': {
        body: { name: 'Q1 Sales Campaign', agentId: '{{agentId}}' },
        after: [keep('campaignId', 'data.id')],
      },
    },
  },
  {
    name: 'User',
    description: 'For every user, and for platform administrators.',
    steps: { 'account GET /me/whoami': {}, 'admin GET /user/placeholder': {}, 'admin GET /admin/placeholder': {} },
  },
  {
    name: 'Phone Management',
    description: 'Numbers of all accounts. The import is read until it is over.',
    steps: {
      'admin POST /admin/phones/import': { body: { phones: ['{{phone}}'] }, after: [keep('importId', 'result.jobId')] },
      'admin GET /admin/phones/import/{jobId}': { values: { jobId: '{{importId}}' }, after: untilImported },
      'admin GET /admin/phones': { values: PAGE },
      'admin POST /admin/phones/{phone}/set_agent': { values: { phone: '{{phone}}' }, body: { agentId: '{{agentId}}' } },
      'admin PATCH /admin/phones/{phone}/tags': { values: { phone: '{{phone}}' }, body: { tags: ['vip', 'beta', 'premium'] } },
    },
  },
  {
    name: 'Campaign Management',
    description: 'Which campaigns may dial.',
    steps: {
      'admin POST /admin/campaigns/{id}/approve': {
        values: { id: '{{campaignId}}' },
        body: { approve: true, reason: 'Meets compliance requirements' },
      },
    },
  },
  {
    name: 'Call & Session Management',
    description: 'What was dialed, of all accounts.',
    steps: {
      'admin GET /admin/call_logs': { values: { ...PAGE, from: '2025-09-01T00:00:00Z' } },
      'admin GET /admin/sessions': { values: PAGE },
    },
  },
  {
    name: 'Own sessions',
    description: 'Where one is logged in. What ends a session comes last, and logs in anew before where that one is over.',
    steps: {
      'account GET /me/sessions': { values: PAGE, after: [keep('sessionId', 'items.find(({ current }) => current).id')] },
      'account DELETE /me/sessions/{id}': { values: { id: '{{sessionId}}' }, before: logInAnew },
      'account POST /auth/logout-all': {},
      'account POST /auth/logout': { before: logInAnew },
    },
  },
];
