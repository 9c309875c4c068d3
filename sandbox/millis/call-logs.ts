import type { Call } from '../engine.ts';
import { invalid, type Refusal } from './refusal.ts';
import { present, type Session, wordOf } from './session.ts';

type Query = Readonly<Record<string, string | string[] | undefined>>;

const MOST = 100;
const DEFAULT = 20;

/** One page of call logs, newest first; `start_after_ts` goes on behind the session of that time. */
export function pageOf(calls: readonly Call[], sessions: WeakMap<Call, Session>, query: Query) {
  const limit = numberIn(query, 'limit') ?? DEFAULT;
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) return invalid('query', 'limit', 'ensure this value is from 1 to 100');
  for (const name of ['start_after_ts', 'start_time', 'end_time']) {
    if (Number.isNaN(numberIn(query, name))) return invalid('query', name, 'value is not a valid float');
  }
  const known = calls.flatMap((call) => {
    const session = sessions.get(call);
    return session ? [{ call, session }] : [];
  });
  const found = known.filter(({ call, session }) => matches(call, session, query));
  const shown = found.slice(0, limit);
  return {
    histories: shown.map(({ call, session }) => present(call, session)),
    next_cursor: found.length > shown.length ? (shown.at(-1)?.session.ts ?? null) : null,
  };
}

export type Page = Exclude<ReturnType<typeof pageOf>, Refusal>;

function matches(call: Call, session: Session, query: Query): boolean {
  const { ts } = session;
  const asked = (name: string) => (typeof query[name] === 'string' ? query[name] : undefined);
  const [after, from, to] = ['start_after_ts', 'start_time', 'end_time'].map((name) => numberIn(query, name));
  const number = asked('phone_number');
  const agent = asked('agent_id');
  const status = asked('call_status');
  return (
    (after === undefined || ts < after) &&
    (from === undefined || ts >= from) &&
    (to === undefined || ts <= to) &&
    (number === undefined || call.to === number || call.from === number) &&
    (agent === undefined || session.order.agentId === agent) &&
    (status === undefined || wordOf(call, session) === status)
  );
}

function numberIn(query: Query, name: string): number | undefined {
  const text = query[name];
  return text === undefined ? undefined : typeof text === 'string' && text !== '' ? Number(text) : NaN;
}
