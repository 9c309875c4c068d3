import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Config } from '../core/config.ts';

const FORM = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts a secret for its place in the database (AES-256-GCM, random 96-bit nonce). `place` names the row it belongs to,
 * `agents:12:sip_password`: a ciphertext that is moved to another row does not open there.
 */
export function seal(config: Pick<Config, 'SECRETS_KEY'>, place: string, secret: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(config), nonce).setAAD(Buffer.from(place));
  const sealed = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${FORM}.${sealed.toString('base64url')}`;
}

/** The secret again. @throws when it was altered, moved to another row, or sealed with another key */
export function unseal(config: Pick<Config, 'SECRETS_KEY'>, place: string, sealed: string): string {
  const [form, text = ''] = sealed.split('.', 2);
  const bytes = Buffer.from(text, 'base64url');
  if (form !== FORM || bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error('Not a sealed secret');
  const decipher = createDecipheriv('aes-256-gcm', keyOf(config), bytes.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(place))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
}

function keyOf({ SECRETS_KEY }: Pick<Config, 'SECRETS_KEY'>): Buffer {
  return createHash('sha256').update(SECRETS_KEY).digest();
}
