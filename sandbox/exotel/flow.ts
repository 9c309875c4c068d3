import type { Client, Sent } from '../client.ts';
import type { Call, Engine } from '../engine.ts';
import type { Reply } from '../script.ts';
import { type Line, stamp } from './present.ts';

/** The flow of the account, as somebody would build it in its App Builder, whatever its id. */
export interface Flow {
  /** below which the customer's applet addresses are: `/passthru` and `/gather` */
  url: string;
  secret: string;
}

const WORDS_PER_SECOND = 2.5;
const MOST_STEPS = 100;

/**
 * Passthru → (200) Gather → Passthru → … ; 302 hangs up. Nobody understands speech: who speaks has pressed nothing. An applet that gets
 * no proper answer drops the caller.
 */
export async function leadCall(engine: Engine, client: Client, flow: Flow, call: Call, line: Line): Promise<void> {
  const get = (applet: string, digits?: string): Promise<Sent> =>
    client.send('GET', addressOf(flow, applet, call, line, digits), { 'exotel-version': '1.0' }, '');
  let digits: string | undefined;
  for (let step = 0; step < MOST_STEPS; step++) {
    if ((await get('passthru', digits)).status !== 200) return;
    const { status, body } = await get('gather');
    const gather = status === 200 ? read(body) : undefined;
    if (!gather || !(await engine.wait(call, gather.text.split(/\s+/).length / WORDS_PER_SECOND))) return;
    const reply: Reply = call.script.lines[step] ?? { does: call.script.answeredBy === 'machine' ? 'silence' : 'hang_up' };
    if (reply.does === 'hang_up') {
      await engine.wait(call, 0.5);
      return;
    }
    digits = reply.does === 'press' ? reply.digits.slice(0, gather.maxDigits) : undefined;
    if (!(await engine.wait(call, digits === undefined ? gather.waitSeconds : 1.5))) return;
  }
}

/** https://support.exotel.com/support/solutions/articles/48283-working-with-passthru-applet */
function addressOf(
  { url, secret }: Flow,
  applet: string,
  call: Call,
  { phone, party, direction, customField }: Line,
  digits?: string,
): string {
  const isInbound = direction === 'inbound';
  const query = new URLSearchParams({
    secret,
    CallSid: call.id,
    CallFrom: party,
    CallTo: phone,
    From: party,
    To: phone,
    Direction: isInbound ? 'incoming' : 'outbound-dial',
    StartTime: stamp(call.dialedAt ?? call.createdAt),
    CurrentTime: stamp(new Date()),
    EndTime: '1970-01-01 05:30:00',
    CallType: 'call-attempt',
    DialCallDuration: '0',
    ...(customField !== undefined && { CustomField: customField }),
    ...(digits !== undefined && { digits: `"${digits}"` }),
  });
  return `${url}/${applet}?${query.toString()}`;
}

function read(body: string): { text: string; maxDigits: number; waitSeconds: number } | undefined {
  try {
    const gather = JSON.parse(body) as { gather_prompt?: { text?: string }; max_input_digits?: number; input_timeout?: number };
    const text = gather.gather_prompt?.text;
    return text ? { text, maxDigits: gather.max_input_digits ?? 255, waitSeconds: gather.input_timeout ?? 5 } : undefined;
  } catch {
    // no JSON is no answer: the caller sees undefined
    return undefined;
  }
}
