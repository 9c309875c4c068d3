import { type Static, type TObject, Type } from '@sinclair/typebox';
import { rangeOf } from '../../core/time/range.ts';
import type { CallLogFilter } from '../../db/query/call-log.ts';
import { readId } from '../plugin/given-id.ts';
import { OneOf } from '../plugin/schema.ts';
import { CALL_WORDS, statusesOf } from './call-status.ts';

const Instant = (description: string) => Type.String({ minLength: 1, maxLength: 40, description, examples: ['2024-01-31'] });

/** What narrows the call log, for the list and for its export. */
export const CallFilterQuery = {
  from: Type.Optional(Instant('Asked for since: ISO 8601 date or time, inclusive; in UTC unless it has an offset')),
  to: Type.Optional(Instant('The same; a date without a time is all of that day')),
  agent_id: Type.Optional(Type.String({ minLength: 1, maxLength: 40, examples: ['agent_123'] })),
  status: Type.Optional(OneOf(CALL_WORDS)),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 80, description: '`next_cursor` of the page before, with the same filters' }),
  ),
};

/** Which calls are asked for; dates bound when a call was asked for. @throws AppError `validation` naming the query field */
export function callFilterOf(tenantId: number, { from, to, agent_id, status }: Static<TObject<typeof CallFilterQuery>>): CallLogFilter {
  return {
    tenantId,
    statuses: status && statusesOf(status),
    agentId: readId('agent', agent_id, 'agent_id', 'query'),
    ...rangeOf(['from', 'to'], [from, to], 'UTC'),
  };
}
