import type { Dialect } from '../api/plugin/dialect.ts';
import { AppError, badField, ERROR_CODES, type FieldError } from '../core/errors.ts';
import { MOMENT } from './example.ts';

/** What an operation is asked with, for examples of what may be wrong with it. */
export interface Asked {
  /** it takes no token, but perhaps a password */
  isOpen: boolean;
  fields: ReadonlyArray<{ name: string; in: FieldError['in'] }>;
}

/** The body of each status of an error as a surface really says it. */
export function errorExamples(dialect: Dialect, { isOpen, fields }: Asked): ReadonlyMap<number, object> {
  const [field] = fields.filter(({ name }) => name === 'page').concat(fields);
  const errors = [
    ...(field ? [badField(field.name, field.name === 'page' ? 'must be a whole number' : 'is required', field.in)] : []),
    ...[isOpen ? ('invalid_credentials' as const) : ('unauthorized' as const), ...ERROR_CODES].map(
      (code) => new AppError(code, MESSAGES[code] ?? 'Bad request', code === 'rate_limited' ? { retryAfterSeconds: 60 } : {}),
    ),
  ];
  const examples = new Map<number, object>();
  for (const { status, body } of errors.map((error) => dialect.wire(error))) {
    if (!examples.has(status)) examples.set(status, 'timestamp' in body ? { ...body, timestamp: MOMENT } : body);
  }
  return examples;
}

const MESSAGES: Partial<Record<AppError['code'], string>> = {
  invalid_credentials: 'Invalid email or password',
  unauthorized: 'Authentication required',
  forbidden: 'Forbidden',
  not_found: 'Not found',
  duplicate: 'It exists already',
  conflict: 'Its state does not allow this',
  payload_too_large: 'The request is too large',
  unsupported_media_type: 'Send application/json',
  rate_limited: 'Too many requests, please try again later',
  carrier_failure: 'External service error',
  unavailable: 'Service temporarily unavailable',
  internal: 'An internal error occurred',
};
