import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

const text = (description: string, value?: string) => Type.String({ description, ...(value !== undefined && { default: value }) });
const whole = (description: string, value: number, minimum = 0) => Type.Integer({ description, default: value, minimum });
const port = (description: string, value: number) => Type.Integer({ description, default: value, minimum: 0, maximum: 65_535 });
const list = (description: string, value = '') => Type.String({ description, default: value });

const DEVELOPMENT_SECRET = 'development-only-secret-of-at-least-32-bytes';
const SURFACE_PORT = /^\d{1,5}=(account|admin|dialer|calling|dashboard|omnivox)$/;

/**
 * Every environment variable there is, with its development default. `.env.example` lists the same, and a test
 * compares the two.
 */
export const Environment = Type.Object({
  NODE_ENV: Type.Union([Type.Literal('development'), Type.Literal('production'), Type.Literal('test')], {
    default: 'development',
    description: 'production refuses to start without real secrets',
  }),
  HOST: text('address the api listens on', '127.0.0.1'),
  PORT: port('port of the api', 4000),
  SURFACE_PORTS: list(
    'further ports, each of one surface, as port=surface, comma separated, or none; a port in use is a warning',
    '5000=dashboard,3000=omnivox',
  ),
  PUBLIC_URL: text('how carriers and browsers reach the api; empty: http://127.0.0.1:PORT', ''),
  TRUST_PROXY: list('addresses of reverse proxies whose X-Forwarded-For is believed, comma separated'),
  CORS_ORIGINS: list(
    'origins of front ends that browsers let read answers, comma separated; those listed also with cookies, * any other without, none: nobody',
    '*',
  ),
  LOG_LEVEL: text('pino level', 'info'),
  DATABASE_URL: text('PostgreSQL 14 or later; empty with npm start: an embedded server under DATA_DIR', ''),
  DATABASE_POOL: whole('connections per process', 10, 1),
  REDIS_URL: text('Redis 6.2 or later for queues, caches and limits; empty: queues live in PostgreSQL', ''),
  QUEUE_PREFIX: text('key prefix in Redis; the braces keep one Redis Cluster slot', '{dialfleet}'),
  DATA_DIR: text('uploads, recordings and, with npm start, the embedded database', '.data'),
  JWT_SECRET: text('at least 32 bytes; signs access tokens', DEVELOPMENT_SECRET),
  SECRETS_KEY: text('at least 32 bytes; encrypts SIP passwords and webhook secrets in the database', DEVELOPMENT_SECRET),
  ACCESS_TOKEN_TTL: whole('seconds an access token lives', 30 * 60, 60),
  ADMIN_EMAIL: text('first platform administrator', ''),
  ADMIN_PASSWORD: text('and their password, at least 12 characters', ''),
  RATE_LIMIT_WHITELIST: list('addresses that no limit applies to, comma separated'),
  RATE_LIMIT_FACTOR: Type.Number({ description: 'multiplies every documented limit', default: 1, exclusiveMinimum: 0 }),
  UPLOAD_MAX_BYTES: whole('largest file that an upload accepts', 256 * 1024 * 1024, 1),
  RECORDING_MAX_BYTES: whole('largest recording that an upload accepts or the carrier delivers', 64 * 1024 * 1024, 1),
  RECORDING_RETENTION_DAYS: whole('days until a recording is deleted, for tenants without a setting of their own; 0: never', 0),
  CARRIER: Type.Union([Type.Literal('twilio'), Type.Literal('millis'), Type.Literal('null')], {
    default: 'twilio',
    description: 'who dials; null answers at once and rings nobody',
  }),
  CARRIER_CALLS_PER_SECOND: Type.Number({
    description: 'call starts per second over all tenants; Twilio grants 1 unless you asked for more',
    default: 100,
    exclusiveMinimum: 0,
  }),
  CARRIER_MAX_CALLS: whole('calls in flight over all tenants', 1000, 1),
  TENANT_MAX_CALLS: whole('calls in flight of one tenant that has no limit of its own', 500, 1),
  CARRIER_TIMEOUT_MS: whole('how long a request to the carrier may take', 10_000, 100),
  RING_TIMEOUT_SECONDS: whole('how long a phone rings', 30, 5),
  CALL_TIME_LIMIT_SECONDS: whole('how long a call may last', 30 * 60, 10),
  WATCHDOG_SECONDS: whole('after this silence about a call in flight its carrier is asked', 30, 1),
  MACHINE_DETECTION: Type.Boolean({ description: 'let the carrier tell people from answering machines', default: true }),
  RECORD_CALLS: Type.Boolean({ description: 'let the carrier record calls; the law may ask you to tell the callee', default: false }),
  SIP_DOMAIN: text('where people’s SIP phones are registered: sip:<username>@SIP_DOMAIN', 'sip.example.com'),
  TWILIO_BASE_URL: text('empty: the sandbox in development, Twilio itself in production', ''),
  TWILIO_ACCOUNT_SID: text('account', 'AC00000000000000000000000000000000'),
  TWILIO_AUTH_TOKEN: text('primary token; also verifies callbacks', DEVELOPMENT_SECRET),
  TWILIO_FROM_NUMBER: text('caller id of tenants that have no number of their own, E.164', '+15005550006'),
  MILLIS_BASE_URL: text('empty: without a key the sandbox in development, else https://api-eu-west.millis.ai', ''),
  MILLIS_API_KEY: text('private key of an account; with it numbers and call logs are taken over, whoever dials', ''),
  MILLIS_WEBHOOK_SECRET: text('what Millis shows in a header when it reports the end of a call', DEVELOPMENT_SECRET),
  MILLIS_FROM_NUMBER: text('caller id of tenants that have no number of their own, a number of the account, E.164', '+15005550006'),
  MILLIS_PHONE_IMPORT: text('JSON: what an import of a number says besides the number, such as provider, country and its keys', '{}'),
  SANDBOX_PORT: port('port of the sandbox carrier', 4010),
  SANDBOX_SPEED: Type.Number({ description: 'how many times faster than life its calls are', default: 20, exclusiveMinimum: 0 }),
  LLM_BASE_URL: text('OpenAI-compatible endpoint, e.g. https://api.openai.com/v1; empty: the built-in agent', ''),
  LLM_API_KEY: text('its key', ''),
  LLM_TIMEOUT_MS: whole('after this the agent apologises; carriers wait 15 s at most', 8000, 100),
  OPT_OUT_KEY: Type.String({
    description: 'the key that puts a callee on the do-not-call list; empty: none',
    default: '9',
    pattern: '^[0-9*]?$',
  }),
  CAMPAIGN_APPROVAL: Type.Union([Type.Literal('off'), Type.Literal('required')], {
    default: 'off',
    description: 'required: a campaign dials only when a platform administrator has approved it',
  }),
  WEBHOOK_PRIVATE_NETWORKS: Type.Boolean({
    description: 'let outgoing webhooks reach loopback and private addresses, also over plain http',
    default: false,
  }),
  WORKER_CONCURRENCY: whole('calls one worker process dials at the same time', 32, 1),
  WORKER_METRICS_PORT: port('where a worker serves /metrics and /health/live on HOST; 0: nowhere; a port in use is a warning', 4001),
  SCHEDULER_METRICS_PORT: port('the same of a scheduler', 4002),
  FAILPOINTS: text(
    'for fault tests: where a process kills or freezes itself, as name:action@hit, comma separated; refused in production',
    '',
  ),
  SIGNUP_CREDIT: Type.Number({ description: 'credit a new tenant starts with; in production 0 unless set', default: 1000, minimum: 0 }),
});

type Variables = Static<typeof Environment>;
export type Config = Readonly<
  Omit<Variables, 'RATE_LIMIT_WHITELIST' | 'TRUST_PROXY' | 'CORS_ORIGINS' | 'SURFACE_PORTS' | 'MILLIS_PHONE_IMPORT'> & {
    RATE_LIMIT_WHITELIST: readonly string[];
    /** port → surface */
    SURFACE_PORTS: ReadonlyMap<number, string>;
    TRUST_PROXY: readonly string[];
    /** as browsers write them, such as https://dashboard.example.com, and `*` */
    CORS_ORIGINS: readonly string[];
    MILLIS_PHONE_IMPORT: Readonly<Record<string, unknown>>;
    /** of CARRIER: caller id of tenants that have no number of their own, E.164 */
    callerId: string;
    production: boolean;
  }
>;

/** The environment is unusable; `message` names every variable and what is wrong with it. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** What production must set itself: a default here would be public knowledge. */
const REQUIRED_IN_PRODUCTION = ['DATABASE_URL', 'PUBLIC_URL', 'JWT_SECRET', 'SECRETS_KEY'] as const;
const REQUIRED_BY_CARRIER = {
  twilio: ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM_NUMBER'],
  millis: ['MILLIS_API_KEY', 'MILLIS_WEBHOOK_SECRET', 'MILLIS_FROM_NUMBER'],
  null: [],
} as const;

const MILLIS_URL = 'https://api-eu-west.millis.ai';

/** Where only this machine can reach the api. */
const LOOPBACK: readonly string[] = ['127.0.0.1', '::1', 'localhost'];

/**
 * Reads the environment once: defaults, types, ranges. Empty variables count as unset.
 * @throws ConfigError naming every bad variable
 */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const schemas: Record<string, TSchema> = Environment.properties;
  const given = Object.fromEntries(
    Object.entries(schemas).flatMap(([name, schema]) => (env[name] ? [[name, read(schema, env[name])]] : [])),
  );
  const variables = Value.Default(Environment, { ...given }) as Record<string, unknown>;
  const complaints = [...Value.Errors(Environment as TSchema, variables)].map((e) => `${e.path.slice(1)}: ${e.message}`);
  const parsed = variables as Variables;
  const production = parsed.NODE_ENV === 'production';
  if (production) {
    for (const name of [...REQUIRED_IN_PRODUCTION, ...(REQUIRED_BY_CARRIER[parsed.CARRIER] ?? [])]) {
      if (!given[name] || given[name] === schemas[name]?.default) complaints.push(`${name}: is required in production`);
    }
  }
  if (parsed.JWT_SECRET === DEVELOPMENT_SECRET && parsed.NODE_ENV === 'development' && !LOOPBACK.includes(parsed.HOST)) {
    complaints.push('JWT_SECRET: everybody knows the default; set your own before others can reach HOST');
  }
  if (production && parsed.FAILPOINTS !== '') complaints.push('FAILPOINTS: is for tests only');
  for (const name of ['JWT_SECRET', 'SECRETS_KEY'] as const) {
    if (Buffer.byteLength(String(parsed[name])) < 32) complaints.push(`${name}: needs at least 32 bytes`);
  }
  for (const word of listed(parsed.SURFACE_PORTS)) {
    if (!SURFACE_PORT.test(word)) complaints.push(`SURFACE_PORTS: ${word} does not read port=surface`);
  }
  for (const word of listed(parsed.CORS_ORIGINS)) {
    if (word !== '*' && !isOrigin(word)) complaints.push(`CORS_ORIGINS: ${word} is no origin such as https://dashboard.example.com`);
  }
  const phoneImport = objectIn(parsed.MILLIS_PHONE_IMPORT);
  if (!phoneImport) complaints.push('MILLIS_PHONE_IMPORT: is no JSON object');
  if (complaints.length > 0 || !phoneImport) throw new ConfigError(`Bad configuration:\n  ${complaints.join('\n  ')}`);
  const sandboxUrl = `http://127.0.0.1:${parsed.SANDBOX_PORT}`;
  return Object.freeze({
    ...parsed,
    PUBLIC_URL: (parsed.PUBLIC_URL || `http://127.0.0.1:${parsed.PORT}`).replace(/\/+$/, ''),
    TWILIO_BASE_URL: (parsed.TWILIO_BASE_URL || (production ? 'https://api.twilio.com' : sandboxUrl)).replace(/\/+$/, ''),
    MILLIS_BASE_URL: (parsed.MILLIS_BASE_URL || (production || parsed.MILLIS_API_KEY ? MILLIS_URL : sandboxUrl)).replace(/\/+$/, ''),
    // the sandbox listens on loopback, so its key is no secret
    MILLIS_API_KEY: parsed.MILLIS_API_KEY || (parsed.CARRIER === 'millis' && !production ? DEVELOPMENT_SECRET : ''),
    MILLIS_PHONE_IMPORT: phoneImport,
    callerId: parsed.CARRIER === 'millis' ? parsed.MILLIS_FROM_NUMBER : parsed.TWILIO_FROM_NUMBER,
    RATE_LIMIT_WHITELIST: words(parsed.RATE_LIMIT_WHITELIST),
    TRUST_PROXY: words(parsed.TRUST_PROXY),
    CORS_ORIGINS: listed(parsed.CORS_ORIGINS),
    SURFACE_PORTS: new Map(listed(parsed.SURFACE_PORTS).map((word) => [Number(word.split('=')[0]), word.split('=')[1] ?? ''])),
    SIGNUP_CREDIT: production && given.SIGNUP_CREDIT === undefined ? 0 : parsed.SIGNUP_CREDIT,
    production,
  });
}

/** A variable's text as the type it should have; what it can't be stays text, for the schema to complain about. */
function read(schema: TSchema, text: string): unknown {
  const word = text.trim().toLowerCase();
  switch (schema.type) {
    case 'integer':
      return /^-?\d+$/.test(word) ? Number(word) : text;
    case 'number':
      return /^-?\d+(?:\.\d+)?$/.test(word) ? Number(word) : text;
    case 'boolean':
      return word === 'true' || word === '1' ? true : word === 'false' || word === '0' ? false : text;
    default:
      return text;
  }
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    // the caller names the variable
    return undefined;
  }
}

/** Scheme, host and port as browsers send them: lower case, no path, no default port. */
function isOrigin(text: string): boolean {
  return /^https?:\/\/[a-z0-9.:[\]-]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** `none` is an empty list, where an empty variable would mean the default. */
function listed(text: string): string[] {
  return text.trim() === 'none' ? [] : words(text);
}

function words(commaSeparated: string): string[] {
  return commaSeparated
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
}
