import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { calling } from '../../client/index.ts';
import { type Command, EXIT, isOn, textOf } from '../command.ts';
import { answered, connect, LOGIN_OPTIONS } from '../remote.ts';
import { print, printJson, type Terminal, UsageError } from '../terminal.ts';

const LOOK_EVERY_MS = 1000;
const PRIORITIES = ['high', 'normal', 'low'] as const;
const OVER: readonly string[] = ['completed', 'failed', 'cancelled'];

export const callNumber: Command = {
  name: 'call',
  args: { '<number>': 'In E.164: +14155550006' },
  summary: 'Call a number with an agent',
  example: 'call +14155550006 --agent agent_123 --follow',
  options: {
    agent: { type: 'string', value: 'id', help: 'Who talks: agent_123' },
    context: { type: 'string', value: 'text', help: 'What the agent should know about this call' },
    at: { type: 'string', value: 'moment', help: 'When, in ISO 8601; default: now' },
    timezone: { type: 'string', value: 'zone', help: 'Of a moment without an offset: Asia/Kolkata' },
    priority: { type: 'string', value: 'word', help: `${PRIORITIES.join(', ')}; default: normal` },
    follow: { type: 'boolean', help: 'Stay and tell what becomes of it; Ctrl-C leaves the call alone' },
    json: { type: 'boolean', help: 'Print each state as a line of JSON' },
    ...LOGIN_OPTIONS,
  },
  notes: ['With --follow a call that was not completed is failed.'],
  async run(terminal, given) {
    const [toPhone = ''] = given.args;
    const agentId = textOf(given, 'agent');
    if (agentId === undefined) throw new UsageError('--agent is missing');
    const priority = priorityOf(textOf(given, 'priority'));
    const client = calling(await connect(terminal, given));
    const body = {
      toPhone,
      agentId,
      priority,
      context: textOf(given, 'context'),
      scheduledFor: textOf(given, 'at'),
      timezone: textOf(given, 'timezone'),
    };
    // a lost answer is no second call
    const params = { header: { 'Idempotency-Key': randomUUID() } };
    const { data: call } = await answered(client.POST('/api/v1/calls/outbound', { params, body }));
    const show = shower(terminal, isOn(given, 'json'));
    show(call);
    return isOn(given, 'follow') ? follow(terminal, client, call._id, show) : EXIT.ok;
  },
};

interface Seen {
  _id: string;
  status: string;
  duration?: number | null;
  failureReason?: string | null;
  /** why it failed, in words */
  failureDetail?: string | null;
  /** what holds it back */
  waitingFor?: { message: string } | null;
}

async function follow(terminal: Terminal, client: ReturnType<typeof calling>, id: string, show: (call: Seen) => void): Promise<number> {
  for (;;) {
    const { data: call } = await answered(client.GET('/api/v1/calls/outbound/{id}', { params: { path: { id } } }));
    show(call);
    if (OVER.includes(call.status)) return call.status === 'completed' ? EXIT.ok : EXIT.failed;
    await pause(LOOK_EVERY_MS, undefined, { signal: terminal.stop });
  }
}

/** Shows a call whenever it differs from what was shown before. */
function shower(terminal: Terminal, asJson: boolean): (call: Seen) => void {
  let shown = '';
  return ({ _id: id, status, duration, failureReason = null, failureDetail = null, waitingFor }) => {
    const why = failureReason && failureDetail ? `${failureReason}: ${failureDetail}` : (failureReason ?? failureDetail);
    const details = [why ?? waitingFor?.message, duration == null ? undefined : `${duration} s`].filter(Boolean).join(', ');
    const line = `${id}  ${status}${details && `  (${details})`}`;
    if (line === shown) return;
    shown = line;
    if (asJson) printJson(terminal, { id, status, duration: duration ?? null, failureReason, failureDetail });
    else print(terminal, line);
  };
}

function priorityOf(text: string | undefined): (typeof PRIORITIES)[number] | undefined {
  const found = PRIORITIES.find((word) => word === text);
  if (text !== undefined && found === undefined) throw new UsageError(`--priority must be one of ${PRIORITIES.join(', ')}`);
  return found;
}
