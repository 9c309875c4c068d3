import type { TSchema } from '@sinclair/typebox';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, type ErrorCode } from '../../core/errors.ts';
import { sqlState } from '../../db/client.ts';
import type { App } from './app.ts';

/** How one surface says that something went wrong. */
export interface Dialect {
  wire(error: AppError): { status: number; body: object };
  /** schema of such a body */
  errorSchema: TSchema;
}

/** How one surface names our codes: every dialect is `satisfies Record<ErrorCode, Word>`, so that none can be forgotten. */
export interface Word {
  status: number;
  code: string;
}

/** The response schemas of the errors that a route may answer. */
export function errorAnswers(dialect: Dialect, meanings: Readonly<Record<number, string>>): Record<number, TSchema> {
  return Object.fromEntries(Object.entries(meanings).map(([status, description]) => [status, { ...dialect.errorSchema, description }]));
}

/** The same as a function of the statuses that a route may answer beside those that any may. */
export function errorsIn<S extends number>(dialect: Dialect, meanings: Readonly<Record<S, string>>, always: readonly NoInfer<S>[]) {
  return (...statuses: S[]): Record<number, TSchema> =>
    errorAnswers(dialect, Object.fromEntries([...always, ...statuses].map((status) => [status, meanings[status]])));
}

/** Where a document has 400 and 422: bad queries, paths and JSON are 400; a readable body that is wrong is 422. */
export function isBadRequest({ code, fields }: AppError): boolean {
  return code === 'validation' && !fields.some((field) => field.in === 'body' || field.in === 'file');
}

/** Makes a scope answer every error in a dialect. */
export function speak(scope: App, dialect: Dialect): void {
  scope.setErrorHandler((error: FastifyError, request, reply) => answerError(dialect, error, request, reply));
}

/** One error, in one dialect. What is not meant for a client is logged and reads as an internal error. */
export function answerError(dialect: Dialect, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const fault = asAppError(error, request);
  if (fault.code === 'internal' || fault.code === 'unavailable') request.log.error({ err: error }, 'request failed');
  const { status, body } = dialect.wire(fault);
  if (fault.retryAfterSeconds !== undefined) reply.header('retry-after', fault.retryAfterSeconds);
  if (status === 401 && !reply.hasHeader('www-authenticate')) reply.header('www-authenticate', 'Bearer');
  return reply.code(status).type('application/json; charset=utf-8').send(body);
}

const BY_STATUS: Partial<Record<number, ErrorCode>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
};

/**
 * Broken connections, a server that lacks room, stops or fails, statements that took too long or waited too long, a standby where the
 * writable server was: https://www.postgresql.org/docs/current/errcodes-appendix.html.
 */
const AWAY_STATES = /^(?:(?:08|53|57P|58)\w+|57014|55P03|25P03|25006)$/;
/** What postgres.js and Node call a connection that broke, or was none; of a host with two addresses Node names no system call. */
const AWAY_CODES =
  /^(?:ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE|CONNECT_TIMEOUT|CONNECTION_CLOSED|CONNECTION_ENDED|CONNECTION_DESTROYED)$/;
/** Whatever the code: ENOENT of a socket that went with its server, EAGAIN of one with too many before us, a name that nobody has just now. */
const CONNECTING = /^(?:connect|getaddrinfo)$/;

function isUnreachable(error: unknown): boolean {
  if (AWAY_STATES.test(sqlState(error) ?? '')) return true;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (AWAY_CODES.test(code ?? '') || CONNECTING.test(syscall ?? '')) return true;
  }
  return false;
}

/** Our own error, or what Fastify, a plugin or the database threw, as ours. */
function asAppError(error: unknown, request: FastifyRequest): AppError {
  if (error instanceof AppError) return error;
  if (isUnreachable(error)) return new AppError('unavailable', 'Service temporarily unavailable', { retryAfterSeconds: 5 });
  const { statusCode, message, code } = error as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new AppError('payload_too_large', `The body may have at most ${request.routeOptions.bodyLimit} bytes`);
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new AppError('unsupported_media_type', `Send ${wantedType(request)}`);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new AppError(BY_STATUS[statusCode] ?? 'validation', message ?? 'Bad request');
  return new AppError('internal', 'An internal error occurred');
}

/** The type of content that a route takes. */
function wantedType({ routeOptions: { schema } }: FastifyRequest): string {
  return schema?.consumes?.[0] ?? 'application/json';
}
