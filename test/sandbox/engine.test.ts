import pino from 'pino';
import t from 'tap';
import type { Clock } from '../../sandbox/clock.ts';
import { type Call, type CallState, openEngine, type Order, timeline } from '../../sandbox/engine.ts';
import { scriptOf } from '../../sandbox/script.ts';
import { perform, type Stage } from '../../sandbox/twilio/twiml.ts';
import { openCallBook } from '../../sandbox/call-book.ts';

/** A clock that stands still until it is turned; between two timers everything that waits gets its say. */
function handClock(): Clock & { turn(ms: number): Promise<void>; pending(): number } {
  let nowMs = Date.parse('2026-01-05T10:00:00Z');
  let timers: Array<{ atMs: number; task: () => void }> = [];
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    nowMs: () => nowMs,
    after: (delayMs, task) => {
      const timer = { atMs: nowMs + delayMs, task };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    pending: () => timers.length,
    turn: async (ms) => {
      const endMs = nowMs + ms;
      for (;;) {
        await settle();
        const next = timers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (!next) break;
        timers = timers.filter((other) => other !== next);
        nowMs = next.atMs;
        next.task();
      }
      nowMs = endMs;
    },
  };
}

function play(
  to: string,
  conduct: (call: Call, wait: (seconds: number) => Promise<boolean>) => Promise<void>,
  more: Partial<Order> = {},
  speed = 1,
) {
  const clock = handClock();
  const states: CallState[] = [];
  const engine = openEngine({ clock, speed, log: pino({ level: 'silent' }) });
  const order = { id: 'c1', to, from: '+15005550006', script: scriptOf(to), ringTimeoutSeconds: 30, timeLimitSeconds: 600, ...more };
  const call = engine.start(order, {
    changed: ({ state }) => void states.push(state),
    conduct: (c) => conduct(c, (seconds) => engine.wait(c, seconds)),
  });
  return { clock, states, engine, call };
}
const silent = async (_call: Call, wait: (seconds: number) => Promise<boolean>) => void (await wait(7));

t.test('the timeline of a call', async (t) => {
  const states = (to: string, ringTimeoutSeconds = 30) => timeline(scriptOf(to), ringTimeoutSeconds).map(({ state }) => state);
  t.same(states('+14155550001'), ['dialing', 'busy']);
  t.same(states('+14155550002'), ['dialing', 'ringing', 'no_answer']);
  t.same(states('+14155550003'), ['dialing', 'failed']);
  t.same(states('+14155550006'), ['dialing', 'ringing', 'in_progress']);
  t.same(states('+14155550006', 5), ['dialing', 'ringing', 'no_answer'], 'the caller is less patient than the callee is slow');
});

t.test('a call is played second by second', async (t) => {
  const { clock, states, call } = play('+14155550006', silent);
  t.equal(clock.pending(), 1);
  await clock.turn(499);
  t.same(states, []);
  await clock.turn(1);
  t.same(states, ['dialing']);
  await clock.turn(1000);
  t.same(states, ['dialing', 'ringing']);
  await clock.turn(5000);
  t.equal(call.state, 'in_progress');
  t.equal(clock.pending(), 1, 'one timer per call');
  await clock.turn(7000);
  t.same(states, ['dialing', 'ringing', 'in_progress', 'completed']);
  t.equal(call.lineSeconds, 7);
  t.equal(call.endedAt?.toISOString(), '2026-01-05T10:00:13.500Z');
  t.equal(clock.pending(), 0);
});

t.test('two numbers belong to people who want no calls: one presses 9, one says so, and neither says more', async (t) => {
  for (const [to, line] of [
    ['+14155550011', { does: 'press', digits: '9' }],
    ['+14155550012', { does: 'speak', text: 'Please stop calling me.' }],
  ] as const) {
    t.same(scriptOf(to).lines, [line], to);
    t.match(scriptOf(to), { end: 'answered', answeredBy: 'person', request: 'accept', reports: 'normal' });
  }
});

t.test('speed shortens the time, not the seconds', async (t) => {
  const { clock, call } = play('+14155550006', silent, {}, 100);
  await clock.turn(135);
  t.match({ state: call.state, lineSeconds: call.lineSeconds }, { state: 'completed', lineSeconds: 7 });
});

t.test('limits: the caller’s time, the callee’s patience', async (t) => {
  let went: boolean | undefined;
  const long = async (_call: Call, wait: (seconds: number) => Promise<boolean>) => void (went = await wait(100));
  const limited = play('+14155550006', long, { timeLimitSeconds: 20 });
  await limited.clock.turn(60_000);
  t.match({ state: limited.call.state, lineSeconds: limited.call.lineSeconds, went }, { state: 'completed', lineSeconds: 20, went: false });
  const brief = play('+14155550005', long);
  await brief.clock.turn(60_000);
  t.match({ state: brief.call.state, lineSeconds: brief.call.lineSeconds }, { state: 'completed', lineSeconds: 1 });
});

t.test('ending a call stops its timer and counts the time so far; a second end changes nothing', async (t) => {
  const talking = play('+14155550006', silent);
  await talking.clock.turn(9500);
  talking.engine.end(talking.call, 'completed');
  talking.engine.end(talking.call, 'failed');
  await talking.clock.turn(60_000);
  t.same(talking.states, ['dialing', 'ringing', 'in_progress', 'completed']);
  t.equal(talking.call.lineSeconds, 3);
  const queued = play('+14155550006', silent);
  queued.engine.end(queued.call, 'canceled');
  await queued.clock.turn(60_000);
  t.same(queued.states, ['canceled']);
  t.equal(queued.call.dialedAt, undefined, 'nobody’s phone rang');
});

t.test('a talk that breaks ends its call; a closed engine is silent', async (t) => {
  const broken = play('+14155550006', () => Promise.reject(new Error('no instructions')));
  await broken.clock.turn(60_000);
  t.equal(broken.call.state, 'completed');
  const closed = play('+14155550006', silent);
  await closed.clock.turn(3000);
  closed.engine.close();
  await closed.clock.turn(60_000);
  t.same(closed.states, ['dialing', 'ringing']);
  t.equal(closed.clock.pending(), 0);
});

t.test('numbers decide: always the same, in the promised mix', async (t) => {
  const count: Record<string, number> = {};
  for (let n = 0; n < 20_000; n++) {
    const script = scriptOf(`+1415${5_550_000 + n * 7}`);
    const kind =
      script.end !== 'answered' ? script.end : script.answeredBy === 'machine' ? 'machine' : script.lines.length === 0 ? 'leaves' : 'talks';
    count[kind] = (count[kind] ?? 0) + 1;
  }
  const share = (kind: string) => Math.round((count[kind] ?? 0) / 200);
  for (const [kind, expected] of [
    ['talks', 62],
    ['leaves', 4],
    ['busy', 9],
    ['no_answer', 12],
    ['machine', 10],
    ['failed', 3],
  ] as const) {
    t.ok(Math.abs(share(kind) - expected) <= 2, `${kind}: ${share(kind)} %`);
  }
  t.same(scriptOf('+442071838750'), scriptOf('+442071838750'));
});

t.test('the call book forgets the oldest', async (t) => {
  const book = openCallBook(2);
  const { call } = play('+14155550001', silent);
  for (const id of ['a', 'b', 'c']) book.add({ ...call, id, to: id === 'b' ? '+2' : '+1' });
  t.equal(book.get('a'), undefined);
  t.same(
    book.list(undefined).map(({ id }) => id),
    ['c', 'b'],
  );
  t.same(
    book.list('+1').map(({ id }) => id),
    ['c'],
  );
  t.same(book.list('+3'), []);
});

t.test('call instructions', async (t) => {
  const playTwiml = async (
    twiml: string,
    replies: Array<ReturnType<Stage['reply']>> = [],
    documents: Record<string, string> = {},
    endsAfterSeconds = Infinity,
  ) => {
    const did: string[] = [];
    let seconds = 0;
    const stage: Stage = {
      wait: (s) => Promise.resolve((seconds += s) < endsAfterSeconds),
      reply: () => replies.shift() ?? { does: 'silence' },
      document: ({ method, url }, fields) => {
        did.push(`${method} ${url} ${new URLSearchParams(fields).toString()}`);
        return Promise.resolve(documents[new URL(url).pathname] ?? '<Response><Hangup/></Response>');
      },
      connected: (to) => did.push(`connected to ${to}`),
      note: (what) => did.push(what),
    };
    await perform(stage, 'https://a.example/calls/1/answer', twiml);
    return { did, seconds: Math.round(seconds * 10) / 10 };
  };
  t.same(await playTwiml('<Response><Say>one two three four five</Say><Pause length="3"/><Say/></Response>'), { did: [], seconds: 5 });
  t.same(await playTwiml('<Response><Hangup/><Pause length="9"/></Response>'), { did: [], seconds: 0 });
  t.same(await playTwiml('<Response><Dance/><Pause/></Response>'), { did: ['the verb <Dance> is not played'], seconds: 1 });

  const gather =
    '<Response><Gather input="dtmf speech" action="turn?turn=1" actionOnEmptyResult="true" timeout="4" numDigits="1"><Say>hi</Say></Gather><Pause length="50"/></Response>';
  const spoken = await playTwiml(gather, [{ does: 'speak', text: 'a b c d e' }]);
  t.same(spoken, {
    did: ['POST https://a.example/calls/1/turn?turn=1 SpeechResult=a+b+c+d+e&Confidence=0.93&Language=en-US'],
    seconds: 3.2,
  });
  t.match(await playTwiml(gather, [{ does: 'press', digits: '12' }]), { did: [/Digits=1&/] });
  t.match(await playTwiml(gather), { did: [/turn=1 Digits=$/], seconds: 4.4 }, 'silence is told too');
  t.match(await playTwiml(gather, [{ does: 'hang_up' }]), { did: [], seconds: 0.9 });
  t.same(await playTwiml('<Response><Gather timeout="4"/><Pause/></Response>'), { did: [], seconds: 5 }, 'untold silence: the next verb');
  t.match(await playTwiml('<Response><Gather/></Response>', [{ does: 'speak', text: 'hello' }]), {
    did: ['POST https://a.example/calls/1/answer Digits=1&FinishedOnKey='],
  });
  t.same(await playTwiml(gather, [{ does: 'speak', text: 'x' }], {}, 1), { did: [], seconds: 1.6 }, 'nothing is asked for after the end');

  const chained = await playTwiml('<Response><Redirect method="GET">/next</Redirect></Response>', [], {
    '/next': '<Response><Dial action="/done"><Number>+15550000006</Number></Dial></Response>',
  });
  t.match(chained, {
    did: [
      'GET https://a.example/next ',
      'connected to +15550000006',
      /^POST https:..a.example.done DialCallStatus=completed&DialCallSid=CA[0-9a-f]{32}&DialBridged=true&DialCallDuration=20$/,
    ],
    seconds: 25.1,
  });
  t.match(await playTwiml('<Response><Record maxLength="5" action="/rec"/></Response>'), { did: [/rec RecordingDuration=5/], seconds: 5 });
  const dial = (noun: string, endsAfterSeconds?: number) =>
    playTwiml(`<Response><Dial timeout="12" action="/done">${noun}</Dial></Response>`, [], {}, endsAfterSeconds);
  const sip = (username: string) => `<Sip username="${username}" password="p">sip:${username}@sip.example.com</Sip>`;
  const untalked = /DialCallSid=CA[0-9a-f]{32}&DialBridged=false$/;
  for (const [noun, status, seconds] of [
    [sip('ann.noanswer'), 'no-answer', 12],
    [sip('busy7'), 'busy', 0.5],
    ['<Number>+15550000001</Number>', 'busy', 0.5],
    ['<Number>+15550000002</Number>', 'no-answer', 12],
    ['<Number>+15550000003</Number>', 'failed', 0.5],
  ] as const) {
    const played = await dial(noun);
    t.equal(played.seconds, seconds, noun);
    t.match(played.did, [new RegExp(`DialCallStatus=${status}&`)], noun);
    t.match(played.did, [untalked], noun);
  }
  t.match(await dial(sip('ann')), { did: ['connected to sip:ann@sip.example.com', /completed/], seconds: 21 });
  t.same(await dial(sip('ann'), 10), { did: ['connected to sip:ann@sip.example.com'], seconds: 21 }, 'the callee leaves during the talk');
  t.same(await dial(sip('ann'), 0.5), { did: [], seconds: 1 }, 'or before anybody picks up');
  t.match(await playTwiml('<Response><Dial>+15550000006</Dial><Reject/></Response>'), { did: ['connected to +15550000006'], seconds: 25 });

  await t.rejects(playTwiml('<Response>'), { name: 'XmlError' });
  await t.rejects(playTwiml('<html/>'), /<Response> expected/);
  await t.rejects(
    playTwiml('<Response><Redirect>/a</Redirect></Response>', [], { '/a': '<Response><Redirect>/a</Redirect></Response>' }),
    /more than 200/,
  );
});
