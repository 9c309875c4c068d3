import type { Static, TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { DEVELOPMENT_SECRET, Environment } from './environment.ts';
import { faultOf } from './variable.ts';

export { Environment } from './environment.ts';

const SURFACE_PORT = /^\d{1,5}=(account|admin|dialer|calling|dashboard|omnivox)$/;

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

const badConfig = (complaints: readonly string[]) => new ConfigError(`Bad configuration:\n  ${complaints.join('\n  ')}`);

/** One variable is unusable; `fault` goes on after its name. */
export function badVariable(name: keyof Variables, fault: string): ConfigError {
  return badConfig([`${name}: ${fault}`]);
}

/** What production must set itself: a default here would be public knowledge. */
const REQUIRED_IN_PRODUCTION = ['DATABASE_URL', 'PUBLIC_URL', 'JWT_SECRET', 'SECRETS_KEY'] as const;
const REQUIRED_BY_CARRIER = {
  twilio: ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM_NUMBER'],
  exotel: ['EXOTEL_ACCOUNT_SID', 'EXOTEL_API_KEY', 'EXOTEL_API_TOKEN', 'EXOTEL_APP_ID', 'EXOTEL_WEBHOOK_SECRET', 'EXOTEL_FROM_NUMBER'],
  millis: ['MILLIS_API_KEY', 'MILLIS_WEBHOOK_SECRET', 'MILLIS_FROM_NUMBER'],
  null: [],
} as const;

const EXOTEL_URL = 'https://api.exotel.com';
/** https://developer.exotel.com/docs/voice-v1/overview: beyond it, 429 */
const EXOTEL_CALLS_PER_SECOND = 200 / 60;
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
  const complaints = Object.entries(schemas).flatMap(([name, schema]) => {
    const fault = faultOf(schema, variables[name]);
    return fault === undefined ? [] : [`${name}: ${fault}`];
  });
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
  if (complaints.length > 0 || !phoneImport) throw badConfig(complaints);
  const sandboxUrl = `http://127.0.0.1:${parsed.SANDBOX_PORT}`;
  return Object.freeze({
    ...parsed,
    PUBLIC_URL: (parsed.PUBLIC_URL || `http://127.0.0.1:${parsed.PORT}`).replace(/\/+$/, ''),
    TWILIO_BASE_URL: (parsed.TWILIO_BASE_URL || (production ? 'https://api.twilio.com' : sandboxUrl)).replace(/\/+$/, ''),
    EXOTEL_BASE_URL: (parsed.EXOTEL_BASE_URL || (production || parsed.EXOTEL_API_KEY ? EXOTEL_URL : sandboxUrl)).replace(/\/+$/, ''),
    EXOTEL_API_KEY: parsed.EXOTEL_API_KEY || (parsed.CARRIER === 'exotel' && !production ? DEVELOPMENT_SECRET : ''),
    // everybody knows the default: with another carrier nobody is let in by it
    EXOTEL_WEBHOOK_SECRET: production && parsed.EXOTEL_WEBHOOK_SECRET === DEVELOPMENT_SECRET ? '' : parsed.EXOTEL_WEBHOOK_SECRET,
    CARRIER_CALLS_PER_SECOND:
      parsed.CARRIER === 'exotel' && given.CARRIER_CALLS_PER_SECOND === undefined
        ? EXOTEL_CALLS_PER_SECOND
        : parsed.CARRIER_CALLS_PER_SECOND,
    MILLIS_BASE_URL: (parsed.MILLIS_BASE_URL || (production || parsed.MILLIS_API_KEY ? MILLIS_URL : sandboxUrl)).replace(/\/+$/, ''),
    // the sandbox listens on loopback, so its key is no secret
    MILLIS_API_KEY: parsed.MILLIS_API_KEY || (parsed.CARRIER === 'millis' && !production ? DEVELOPMENT_SECRET : ''),
    MILLIS_PHONE_IMPORT: phoneImport,
    callerId: callerIdOf(parsed),
    RATE_LIMIT_WHITELIST: words(parsed.RATE_LIMIT_WHITELIST),
    TRUST_PROXY: words(parsed.TRUST_PROXY),
    CORS_ORIGINS: listed(parsed.CORS_ORIGINS),
    SURFACE_PORTS: new Map(listed(parsed.SURFACE_PORTS).map((word) => [Number(word.split('=')[0]), word.split('=')[1] ?? ''])),
    SIGNUP_CREDIT: production && given.SIGNUP_CREDIT === undefined ? 0 : parsed.SIGNUP_CREDIT,
    production,
  });
}

function callerIdOf({ CARRIER, EXOTEL_FROM_NUMBER, MILLIS_FROM_NUMBER, TWILIO_FROM_NUMBER }: Variables): string {
  return CARRIER === 'exotel' ? EXOTEL_FROM_NUMBER : CARRIER === 'millis' ? MILLIS_FROM_NUMBER : TWILIO_FROM_NUMBER;
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
