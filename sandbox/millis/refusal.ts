/** A refusal in the form of FastAPI, which Millis's reference shows: https://docs.millis.ai/api-reference */
export interface Refusal {
  status: number;
  body: { detail: string | Fault[] };
  headers?: Readonly<Record<string, string>>;
}

interface Fault {
  loc: Array<string | number>;
  msg: string;
  type: string;
}

export const UNAUTHORIZED: Refusal = { status: 401, body: { detail: 'Invalid API key' } };
export const THROTTLED: Refusal = { status: 429, body: { detail: 'Too Many Requests' }, headers: { 'retry-after': '1' } };
export const BROKEN: Refusal = { status: 500, body: { detail: 'Internal Server Error' } };

export function notFound(what: string): Refusal {
  return { status: 404, body: { detail: `${what} not found` } };
}

/** One field that is wrong; without a message it is missing. */
export function invalid(where: 'body' | 'query', name: string, msg?: string): Refusal {
  const fault = { loc: [where, name], msg: msg ?? 'field required', type: msg === undefined ? 'value_error.missing' : 'value_error' };
  return { status: 422, body: { detail: [fault] } };
}

export function isRefusal(value: object): value is Refusal {
  return 'status' in value && 'body' in value;
}
