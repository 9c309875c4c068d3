import { createHmac, timingSafeEqual } from 'node:crypto';

export type Form = ReadonlyArray<readonly [string, string]>;

/**
 * X-Twilio-Signature of a request: HMAC-SHA1, base64, over the URL as called and every form field, sorted by name, a
 * repeated field with its distinct values sorted. Source: https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
export function sign(authToken: string, url: string, form: Form): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of form) values.set(name, (values.get(name) ?? new Set()).add(value));
  const names = [...values.keys()].sort();
  const text = names.flatMap((name) => [...(values.get(name) ?? [])].sort().map((value) => name + value)).join('');
  return createHmac('sha1', authToken)
    .update(url + text, 'utf8')
    .digest('base64');
}

/** Whether the owner of the token signed this request. Takes the same time for every wrong signature of the right length. */
export function isSigned(authToken: string, url: string, form: Form, signature: string): boolean {
  const given = Buffer.from(signature);
  return portVariants(url).some((variant) => {
    const expected = Buffer.from(sign(authToken, variant, form));
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
}

/** The sender is inconsistent about ports, so the URL counts as given, with the scheme's own port, and without any. */
function portVariants(url: string): string[] {
  const parts = /^(https?):\/\/(\[[^\]]*\]|[^/?#:]*)(:\d+)?(.*)$/s.exec(url);
  if (!parts) return [url];
  const [, scheme, host, , rest] = parts;
  const standard = scheme === 'https' ? 443 : 80;
  return [...new Set([url, `${scheme}://${host}:${standard}${rest}`, `${scheme}://${host}${rest}`])];
}
