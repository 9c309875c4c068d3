import { createHmac } from 'node:crypto';

/**
 * X-Twilio-Signature for a form post, written from Twilio's description and apart from the code that checks it, so that
 * a mistake in one of them shows (https://www.twilio.com/docs/usage/webhooks/webhooks-security).
 */
export function signatureOf(authToken: string, url: string, fields: Readonly<Record<string, string>>): string {
  const hmac = createHmac('sha1', authToken).update(url);
  for (const name of Object.keys(fields).sort()) hmac.update(name).update(fields[name] ?? '');
  return hmac.digest('base64');
}
