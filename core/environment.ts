import { Type } from '@sinclair/typebox';
import type { AddressKind } from './variable.ts';

const text = (description: string, value?: string) => Type.String({ description, ...(value !== undefined && { default: value }) });
const whole = (description: string, value: number, minimum = 0) => Type.Integer({ description, default: value, minimum });
const port = (description: string, value: number) => Type.Integer({ description, default: value, minimum: 0, maximum: 65_535 });
/** empty: none */
const address = (description: string, kind: AddressKind = 'web') => Type.String({ description, default: '', address: kind });
const oneOf = <const T extends string[]>(description: string, value: T[number], words: T) =>
  Type.Union(
    words.map((word: T[number]) => Type.Literal(word)),
    { description, default: value },
  );
const list = (description: string, value = '') => Type.String({ description, default: value });

/** What stands for every secret until somebody sets one: public knowledge. */
export const DEVELOPMENT_SECRET = 'development-only-secret-of-at-least-32-bytes';

/**
 * Every environment variable there is, with its development default. `.env.example` lists the same, and a test
 * compares the two.
 */
export const Environment = Type.Object({
  NODE_ENV: oneOf('production refuses to start without real secrets', 'development', ['development', 'production', 'test']),
  HOST: text('address the api listens on', '127.0.0.1'),
  PORT: port('port of the api', 4000),
  SURFACE_PORTS: list(
    'further ports, each of one surface, as port=surface, comma separated, or none; a port in use is a warning',
    '5000=dashboard,3000=omnivox',
  ),
  PUBLIC_URL: address('how carriers and browsers reach the api; empty: http://127.0.0.1:PORT'),
  TRUST_PROXY: list('addresses of reverse proxies whose X-Forwarded-For is believed, comma separated'),
  CORS_ORIGINS: list(
    'origins of front ends that browsers let read answers, comma separated; those listed also with cookies, * any other without, none: nobody',
    '*',
  ),
  LOG_LEVEL: oneOf('least that is logged: trace, debug, info, warn, error, fatal or silent', 'info', [
    'trace',
    'debug',
    'info',
    'warn',
    'error',
    'fatal',
    'silent',
  ]),
  DATABASE_URL: address(
    'PostgreSQL 14 or later, postgres://user:password@host:5432/database; empty with npm start: an embedded server under DATA_DIR',
    'postgres',
  ),
  DATABASE_POOL: whole('connections per process, half of them for transactions', 10, 2),
  REDIS_URL: address('Redis 6.2 or later for queues, caches and limits; empty: queues live in PostgreSQL', 'redis'),
  QUEUE_PREFIX: text('key prefix in Redis; the braces keep one Redis Cluster slot', '{dialfleet}'),
  DATA_DIR: text('uploads, recordings and, with npm start, the embedded database', '.data'),
  JWT_SECRET: text('at least 32 bytes; signs access tokens', DEVELOPMENT_SECRET),
  SECRETS_KEY: text('at least 32 bytes; encrypts SIP passwords and webhook secrets in the database', DEVELOPMENT_SECRET),
  ACCESS_TOKEN_TTL: whole(
    'seconds that tokens.access of a log-in and access of POST /auth/refresh live; data.token lives 12 hours, other surfaces say their own',
    30 * 60,
    60,
  ),
  ADMIN_EMAIL: text('first platform administrator', ''),
  ADMIN_PASSWORD: text('and their password, at least 12 characters', ''),
  RATE_LIMIT_WHITELIST: list('addresses that no limit applies to, comma separated'),
  RATE_LIMIT_FACTOR: Type.Number({ description: 'multiplies every documented limit', default: 1, exclusiveMinimum: 0 }),
  UPLOAD_MAX_BYTES: whole('largest file that an upload accepts', 256 * 1024 * 1024, 1),
  DOCUMENT_MAX_BYTES: whole('largest knowledge-base document that an upload accepts', 20 * 1024 * 1024, 1),
  RECORDING_MAX_BYTES: whole('largest recording that an upload accepts or the carrier delivers', 64 * 1024 * 1024, 1),
  RECORDING_RETENTION_DAYS: whole('days until a recording is deleted, for tenants without a setting of their own; 0: never', 0),
  CARRIER: oneOf('who dials; null answers at once and rings nobody', 'twilio', ['twilio', 'exotel', 'millis', 'null']),
  CARRIER_CALLS_PER_SECOND: Type.Number({
    description: 'call starts per second over all tenants; unset with Exotel: its 200 a minute; Twilio grants 1 unless you asked for more',
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
  TWILIO_BASE_URL: address('empty: the sandbox in development, Twilio itself in production'),
  TWILIO_ACCOUNT_SID: text('account', 'AC00000000000000000000000000000000'),
  TWILIO_AUTH_TOKEN: text('primary token; also verifies callbacks', DEVELOPMENT_SECRET),
  TWILIO_FROM_NUMBER: text('caller id of tenants that have no number of their own, E.164', '+15005550006'),
  EXOTEL_BASE_URL: address(
    'empty: without a key the sandbox in development, else https://api.exotel.com; accounts in Mumbai: https://api.in.exotel.com',
  ),
  EXOTEL_ACCOUNT_SID: text('account', 'dialfleet1'),
  EXOTEL_API_KEY: text('API key of the account', ''),
  EXOTEL_API_TOKEN: text('its token', DEVELOPMENT_SECRET),
  EXOTEL_APP_ID: text('the flow that leads calls, for agents that name none of their own', '1'),
  EXOTEL_WEBHOOK_SECRET: text(
    'what Exotel shows as ?secret= in every address of ours that it calls; nothing is taken there unless CARRIER is exotel',
    DEVELOPMENT_SECRET,
  ),
  EXOTEL_FROM_NUMBER: text('caller id of tenants that have no number of their own, an ExoPhone, E.164', '+15005550006'),
  MILLIS_BASE_URL: address('empty: without a key the sandbox in development, else https://api-eu-west.millis.ai'),
  MILLIS_API_KEY: text('private key of an account; with it numbers and call logs are taken over, whoever dials', ''),
  MILLIS_WEBHOOK_SECRET: text('what Millis shows in a header when it reports the end of a call', DEVELOPMENT_SECRET),
  MILLIS_FROM_NUMBER: text('caller id of tenants that have no number of their own, a number of the account, E.164', '+15005550006'),
  MILLIS_PHONE_IMPORT: text('JSON: what an import of a number says besides the number, such as provider, country and its keys', '{}'),
  SANDBOX_PORT: port('port of the sandbox carrier', 4010),
  SANDBOX_SPEED: Type.Number({ description: 'how many times faster than life its calls are', default: 20, exclusiveMinimum: 0 }),
  LLM_BASE_URL: address('OpenAI-compatible endpoint, e.g. https://api.openai.com/v1; empty: the built-in agent'),
  LLM_API_KEY: text('its key', ''),
  LLM_TIMEOUT_MS: whole('after this the agent apologises; carriers wait 15 s at most, Exotel 5: there it is 4000 at most', 8000, 100),
  EMBEDDINGS_URL: address(
    'OpenAI-compatible endpoint for the knowledge base, e.g. https://api.openai.com/v1; empty: it is searched by words',
  ),
  EMBEDDINGS_API_KEY: text('its key', ''),
  EMBEDDINGS_MODEL: text('whose vectors are used; another one has all documents sent again', 'text-embedding-3-small'),
  EMBEDDINGS_TIMEOUT_MS: whole('after this a search goes on by words alone', 2000, 100),
  OPT_OUT_KEY: Type.String({
    description: 'the key that puts a callee on the do-not-call list; empty: none',
    default: '9',
    pattern: '^[0-9*]?$',
    words: 'be a digit or *',
  }),
  CAMPAIGN_APPROVAL: oneOf('required: a campaign dials only when a platform administrator has approved it', 'off', ['off', 'required']),
  WEBHOOK_PRIVATE_NETWORKS: Type.Boolean({
    description: 'let outgoing webhooks reach loopback and private addresses, also over plain http',
    default: false,
  }),
  WORKER_CONCURRENCY: whole('calls one worker process dials at the same time', 32, 1),
  WORKER_METRICS_PORT: port(
    'where a worker serves /metrics, /health/live and /health/ready on HOST; 0: nowhere; a port in use is a warning',
    4001,
  ),
  SCHEDULER_METRICS_PORT: port('the same of a scheduler', 4002),
  OTEL_EXPORTER_OTLP_ENDPOINT: address(
    'collector that traces are sent to by OTLP over HTTP, e.g. http://127.0.0.1:4318; empty: nothing is traced',
  ),
  FAILPOINTS: text(
    'for fault tests: where a process kills or freezes itself, as name:action@hit, comma separated; refused in production',
    '',
  ),
  SIGNUP_CREDIT: Type.Number({ description: 'credit a new tenant starts with; in production 0 unless set', default: 1000, minimum: 0 }),
});
