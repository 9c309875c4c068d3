/** A refusal in Twilio's form: an HTTP status and a body with its code (https://www.twilio.com/docs/api/errors). */
export interface Refusal {
  status: number;
  body: { code: number; message: string; more_info: string; status: number };
  headers: Readonly<Record<string, string>>;
}

export function refusal(status: number, code: number, message: string, headers: Readonly<Record<string, string>> = {}): Refusal {
  return { status, body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }, headers };
}

export const AUTHENTICATE = refusal(401, 20003, 'Authenticate', { 'www-authenticate': 'Basic realm="Twilio API"' });
export const THROTTLED = refusal(429, 20429, 'Too Many Requests', { 'retry-after': '1' });
export const BROKEN = refusal(500, 20500, 'An internal server error has occurred');

export function notFound(path: string): Refusal {
  return refusal(404, 20404, `The requested resource ${path} was not found`);
}
