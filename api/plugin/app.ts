import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify';
import type { Runtime } from '../../service/runtime.ts';
import type { Auth } from '../../service/sessions.ts';
import type { Limits } from './limits.ts';

/** A Fastify scope whose routes take their types from TypeBox schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What every surface gets, opened once per server. */
export interface Api {
  readonly runtime: Runtime;
  readonly auth: Auth;
  readonly limits: Limits;
  /** of the product, as in package.json */
  readonly version: string;
}
