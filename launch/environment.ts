import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Env } from '../service/environment.ts';
import { errorCode } from './launch-error.ts';

/** What a development installation invents for itself, once. */
export interface Secrets {
  JWT_SECRET: string;
  SECRETS_KEY: string;
  TWILIO_AUTH_TOKEN: string;
  EXOTEL_WEBHOOK_SECRET: string;
  MILLIS_WEBHOOK_SECRET: string;
  ADMIN_PASSWORD: string;
}

/** The secrets kept in the data folder, readable by us alone; made at the first call. The caller holds the folder's lock. */
export async function ensureSecrets(dataDir: string): Promise<Secrets> {
  const path = join(dataDir, 'secrets.json');
  const text = await readIfThere(path);
  const kept = text === undefined ? {} : (JSON.parse(text) as Partial<Secrets>);
  const secrets: Secrets = {
    JWT_SECRET: randomBytes(48).toString('base64url'),
    SECRETS_KEY: randomBytes(48).toString('base64url'),
    TWILIO_AUTH_TOKEN: randomBytes(16).toString('hex'),
    EXOTEL_WEBHOOK_SECRET: randomBytes(48).toString('base64url'),
    MILLIS_WEBHOOK_SECRET: randomBytes(48).toString('base64url'),
    ADMIN_PASSWORD: randomBytes(12).toString('base64url'),
    ...kept,
  };
  // an older installation lacks the newer ones
  if (Object.keys(kept).length < Object.keys(secrets).length) {
    await writeFile(path, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  }
  return secrets;
}

/** Fills in what a development installation did not set itself. */
export function withSecrets(env: Env, secrets: Secrets): Env {
  return {
    ...env,
    JWT_SECRET: env.JWT_SECRET || secrets.JWT_SECRET,
    SECRETS_KEY: env.SECRETS_KEY || secrets.SECRETS_KEY,
    // with a base URL of its own the token is that carrier's
    TWILIO_AUTH_TOKEN: env.TWILIO_AUTH_TOKEN || (env.TWILIO_BASE_URL ? undefined : secrets.TWILIO_AUTH_TOKEN),
    EXOTEL_WEBHOOK_SECRET: env.EXOTEL_WEBHOOK_SECRET || secrets.EXOTEL_WEBHOOK_SECRET,
    MILLIS_WEBHOOK_SECRET: env.MILLIS_WEBHOOK_SECRET || secrets.MILLIS_WEBHOOK_SECRET,
    ADMIN_EMAIL: env.ADMIN_EMAIL || 'admin@dialfleet.local',
    ADMIN_PASSWORD: env.ADMIN_PASSWORD || secrets.ADMIN_PASSWORD,
  };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
