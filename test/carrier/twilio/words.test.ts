import fc from 'fast-check';
import t from 'tap';
import { openCarrier } from '../../../carrier/index.ts';
import { openTwilio } from '../../../carrier/twilio/index.ts';
import { isSigned, sign } from '../../../carrier/twilio/signature.ts';
import { progressOf, refusalOf } from '../../../carrier/twilio/words.ts';
import { AppError } from '../../../core/errors.ts';
import { parseConfig } from '../../../core/config.ts';
import { signatureOf } from '../../../sandbox/twilio/signature.ts';
import { elementsOf, readXml, textOf, XmlError } from '../../../sandbox/xml.ts';
import { TOKEN as CLAIM } from './customer.ts';

const TOKEN = '12345';
const twilio = openTwilio({
  baseUrl: 'http://127.0.0.1:9',
  accountSid: `AC${'0'.repeat(32)}`,
  authToken: TOKEN,
  publicUrl: 'https://calls.example.com',
  timeoutMs: 100,
});

/** Twilio's own published example. */
const EXAMPLE = {
  url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
  form: { CallSid: 'CA1234567890ABCDE', Caller: '+14158675309', Digits: '1234', From: '+14158675309', To: '+18005551212' },
  signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
};

t.test('signature: published vectors, on both sides', async (t) => {
  const form = Object.entries(EXAMPLE.form).reverse();
  t.equal(sign(TOKEN, EXAMPLE.url, form), EXAMPLE.signature);
  t.equal(signatureOf(TOKEN, EXAMPLE.url, EXAMPLE.form), EXAMPLE.signature);
  const json = `${EXAMPLE.url}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620`;
  t.equal(sign(TOKEN, json, []), 'a9nBmqA0ju/hNViExpshrM61xv4=');
});

t.test('signature: ports, repeated and empty fields, forgeries', async (t) => {
  const form = Object.entries(EXAMPLE.form);
  const withPort = EXAMPLE.url.replace('.com', '.com:443');
  t.ok(isSigned(TOKEN, withPort, form, EXAMPLE.signature), 'signed without the port, called with it');
  t.ok(isSigned(TOKEN, EXAMPLE.url, form, sign(TOKEN, withPort, form)), 'and the other way round');
  t.ok(isSigned(TOKEN, 'http://h:8080/x', [], sign(TOKEN, 'http://h/x', [])), 'a port of its own may be left out');
  t.notOk(isSigned(TOKEN, EXAMPLE.url, form, sign(TOKEN, EXAMPLE.url.replace('.com', '.com:80'), form)), 'but no other port');
  t.equal(
    sign(TOKEN, 'u', [
      ['a', '2'],
      ['a', '1'],
      ['a', '2'],
    ]),
    sign(TOKEN, 'ua1a2', []),
    'distinct values, sorted, each with its name',
  );
  t.not(sign(TOKEN, 'u', [['a', '']]), sign(TOKEN, 'u', []), 'an empty value counts by its name');
  t.not(sign(TOKEN, 'u', [['a', ' x']]), sign(TOKEN, 'u', [['a', 'x']]), 'nothing is trimmed');
  for (const wrong of ['', 'x', EXAMPLE.signature.replace('R', 'S'), `${EXAMPLE.signature} `])
    t.notOk(isSigned(TOKEN, EXAMPLE.url, form, wrong), `'${wrong}'`);
  t.notOk(isSigned('other', EXAMPLE.url, form, EXAMPLE.signature), 'another token');
  t.notOk(isSigned(TOKEN, EXAMPLE.url, [...form, ['Extra', '1']], EXAMPLE.signature), 'a field more');
  t.notOk(isSigned(TOKEN, `${EXAMPLE.url}3`, form, EXAMPLE.signature), 'another URL');
});

t.test('status words', async (t) => {
  const ended = (outcome: string, cause?: string) => ({ type: 'ended', outcome, durationSeconds: 7, ...(cause && { cause }) });
  const table: Array<[string, string | undefined, unknown]> = [
    ['queued', undefined, { type: 'queued' }],
    ['initiated', undefined, { type: 'queued' }],
    ['ringing', undefined, { type: 'ringing' }],
    ['in-progress', undefined, { type: 'answered' }],
    ['in-progress', 'human', { type: 'answered', by: 'human' }],
    ['in-progress', 'machine_end_beep', { type: 'answered', by: 'machine' }],
    ['in-progress', 'fax', { type: 'answered', by: 'fax' }],
    ['in-progress', 'unknown', { type: 'answered', by: 'unknown' }],
    ['completed', 'human', ended('completed', 'sip 200')],
    ['completed', 'machine_start', ended('voicemail', 'sip 200')],
    ['completed', 'fax', ended('failed', 'fax')],
    ['busy', undefined, ended('busy', 'sip 200')],
    ['no-answer', undefined, ended('no_answer', 'sip 200')],
    ['failed', undefined, ended('failed', 'sip 200')],
    ['canceled', undefined, ended('no_answer', 'canceled')],
    ['constructor', undefined, undefined],
    ['', undefined, undefined],
  ];
  for (const [status, answeredBy, expected] of table) {
    t.same(progressOf({ status, answeredBy, durationSeconds: 7, sipCode: '200' }), expected, `${status} ${answeredBy ?? ''}`);
  }
});

t.test('what a refusal means', async (t) => {
  const kind = (status: number, body?: unknown) => {
    const placed = refusalOf({ status, body, retryAfterSeconds: 3 });
    return placed.answer === 'rejected' ? placed.kind : placed.answer;
  };
  for (const code of [21211, 21214, 21217, 13224]) t.equal(kind(400, { code }), 'invalid_number', String(code));
  for (const code of [21215, 21216, 21610, 21408]) t.equal(kind(400, { code }), 'blocked', String(code));
  for (const status of [401, 403, 404, 302]) t.equal(kind(status), 'misconfigured', String(status));
  t.equal(kind(400), 'refused', 'about this call alone');
  t.equal(kind(403, { code: 21215 }), 'blocked', 'the code says more than the status');
  t.equal(kind(402), 'no_balance');
  t.equal(kind(400, { message: 'Insufficient funds' }), 'no_balance');
  t.equal(kind(400, { code: 21212 }), 'refused', "the tenant's own number is wrong, which is no fault of the others");
  for (const status of [500, 502, 503, 504, 408, 200]) t.equal(kind(status), 'unknown', String(status));
  t.match(refusalOf({ status: 429, body: undefined, retryAfterSeconds: 3 }), { kind: 'throttled', retryAfterSeconds: 3 });
  t.match(refusalOf({ status: 400, body: { code: 22005, message: 'queue' }, retryAfterSeconds: undefined }), {
    kind: 'throttled',
    message: /400 \(22005\): queue/,
  });
});

function signed(path: string, form: Array<[string, string]>, signature = sign(TOKEN, `https://calls.example.com${path}`, form)) {
  return { path, form, headers: { 'x-twilio-signature': signature } };
}

t.test('parseCallback', async (t) => {
  const path = `/carrier/twilio/calls/42/${CLAIM}/status`;
  const form: Array<[string, string]> = [
    ['CallSid', 'CA1'],
    ['CallStatus', 'completed'],
    ['SequenceNumber', '3'],
    ['Timestamp', 'Tue, 31 Aug 2010 20:36:28 +0000'],
    ['CallDuration', '61'],
    ['Duration', '2'],
    ['SipResponseCode', '200'],
    ['AnsweredBy', ''],
  ];
  const event = {
    callId: 42,
    token: CLAIM,
    carrierCallId: 'CA1',
    progress: { type: 'ended', outcome: 'completed', durationSeconds: 61, cause: 'sip 200' },
    carrierAt: new Date('2010-08-31T20:36:28Z'),
  };
  t.same(twilio.parseCallback(signed(path, form)), { kind: 'status', event });
  t.same(
    twilio.parseCallback(signed(path, [...form].reverse())),
    { kind: 'status', event },
    'repeated, its fields in another order: the same word',
  );

  const lost = twilio.parseCallback(
    signed(path, [
      ['CallSid', 'CA1'],
      ['CallStatus', 'ringing'],
    ]),
  );
  t.match(lost, { kind: 'status', event: { progress: { type: 'ringing' }, carrierAt: undefined } });

  t.same(
    twilio.parseCallback(
      signed(`/carrier/twilio/calls/42/${CLAIM}/answer`, [
        ['CallSid', 'CA1'],
        ['AnsweredBy', 'machine_start'],
      ]),
    ),
    {
      kind: 'answer',
      callId: 42,
      token: CLAIM,
      carrierCallId: 'CA1',
      by: 'machine',
    },
  );
  const turn = `/carrier/twilio/calls/42/${CLAIM}/turn?turn=2`;
  const heard = (fields: Array<[string, string]>) => twilio.parseCallback(signed(turn, [['CallSid', 'CA1'], ...fields]));
  t.same(
    heard([
      ['SpeechResult', 'Yes & no'],
      ['Confidence', '0.9'],
    ]),
    {
      kind: 'turn',
      callId: 42,
      token: CLAIM,
      carrierCallId: 'CA1',
      turn: 2,
      heard: { speech: 'Yes & no', digits: undefined },
    },
  );
  t.match(heard([['Digits', '9']]), { heard: { speech: undefined, digits: '9' } });
  t.match(heard([['Digits', '']]), { heard: { speech: undefined, digits: undefined } }, 'silence');

  const bridged = `/carrier/twilio/calls/42/${CLAIM}/bridged?bridge=2`;
  const end = (status: string, more: Array<[string, string]> = []) =>
    twilio.parseCallback(signed(bridged, [['CallSid', 'CA1'], ['DialCallSid', 'CA2'], ['DialCallStatus', status], ...more]));
  const talk = { bridge: 2, outcome: 'talked', talkSeconds: 61 };
  t.same(end('completed', [['DialCallDuration', '61']]), { kind: 'bridged', callId: 42, token: CLAIM, carrierCallId: 'CA1', end: talk });
  for (const [status, outcome] of Object.entries({
    answered: 'talked',
    'no-answer': 'no_answer',
    busy: 'busy',
    failed: 'failed',
    canceled: 'gone',
  })) {
    t.match(end(status), { end: { outcome, talkSeconds: 0 } }, status);
  }
  t.throws(() => end('constructor'), { code: 'validation' });
  t.throws(() => twilio.parseCallback(signed(bridged.replace('2', 'x'), [['CallSid', 'CA1']])), { code: 'validation' });
  t.throws(() => twilio.parseCallback(signed(bridged.replace('bridge=2', ''), [['CallSid', 'CA1']])), { code: 'validation' });

  t.same(twilio.parseCallback(signed(path, form, 'AAAA')), { kind: 'forged' });
  t.same(twilio.parseCallback({ path, form, headers: {} }), { kind: 'forged' }, 'no signature');
  t.same(twilio.parseCallback({ ...signed(path, form), path: path.replace('42', '43') }), { kind: 'forged' }, "another call's path");
  t.same(twilio.parseCallback({ ...signed(path, form), form: [...form, ['CallStatus', 'busy']] }), { kind: 'forged' }, 'another form');
  const bad: Array<[string, Array<[string, string]>]> = [
    [path, [['CallStatus', 'completed']]],
    [
      path,
      [
        ['CallSid', 'CA1'],
        ['CallStatus', 'exploded'],
      ],
    ],
    [`/carrier/twilio/calls/0/${CLAIM}/status`, form],
    [`/carrier/twilio/calls/42/${CLAIM}/other`, form],
    [`/carrier/twilio/calls/42/${CLAIM}/turn`, form],
    [`/carrier/twilio/calls/42/${CLAIM}/turn?turn=0`, form],
  ];
  for (const [where, what] of bad) t.throws(() => twilio.parseCallback(signed(where, what)), { code: 'validation' }, where);
});

t.test('render', async (t) => {
  const { body, contentType } = twilio.render({ callId: 42, token: CLAIM }, [
    { do: 'say', text: 'Hello', voice: 'Rachel', language: 'en' },
    { do: 'pause', seconds: 0.4 },
    { do: 'say', text: 'Yes or <no> & "why"?', voice: 'Polly.Joanna-Neural', language: 'de_AT' },
    { do: 'listen', turn: 3, timeoutSeconds: 5, language: 'pt' },
    { do: 'say', text: '' },
    { do: 'hangup' },
  ]);
  t.equal(contentType, 'text/xml');
  t.equal(
    body,
    '<?xml version="1.0" encoding="UTF-8"?><Response><Say language="en-US">Hello</Say><Pause length="1"/>' +
      `<Gather input="dtmf speech" action="https://calls.example.com/carrier/twilio/calls/42/${CLAIM}/turn?turn=3" method="POST" actionOnEmptyResult="true"` +
      ' timeout="5" speechTimeout="auto" numDigits="1" language="pt-BR"><Say voice="Polly.Joanna-Neural" language="de-AT">Yes or &lt;no&gt; &amp; ' +
      '&quot;why&quot;?</Say></Gather><Hangup/></Response>',
  );
  const odd = twilio.render({ callId: 1, token: CLAIM }, [{ do: 'say', text: 'x', voice: 'man"/>', language: 'en-US-US' }]).body;
  t.match(odd, '<Response><Say>x</Say></Response>', 'an unknown voice and a broken language are left out');
  t.match(twilio.render({ callId: 1, token: CLAIM }, []).body, '<Response/>');

  const sip = { sip: 'sip:ann@sip.example.com', username: 'ann', password: 'a"b<c' };
  const number = { number: '+14155550100', callerId: '+15005550006' };
  t.equal(
    twilio.render({ callId: 42, token: CLAIM }, [
      { do: 'say', text: 'One moment' },
      { do: 'connect', to: sip, bridge: 1, timeoutSeconds: 20 },
      { do: 'connect', to: number, bridge: 2, timeoutSeconds: 1 },
    ]).body,
    '<?xml version="1.0" encoding="UTF-8"?><Response><Say>One moment</Say>' +
      `<Dial action="https://calls.example.com/carrier/twilio/calls/42/${CLAIM}/bridged?bridge=1" method="POST" timeout="20">` +
      '<Sip username="ann" password="a&quot;b&lt;c">sip:ann@sip.example.com</Sip></Dial>' +
      `<Dial action="https://calls.example.com/carrier/twilio/calls/42/${CLAIM}/bridged?bridge=2" method="POST" timeout="5" callerId="+15005550006">` +
      '<Number>+14155550100</Number></Dial></Response>',
  );
});

t.test('any text comes through render and a reader unchanged, but for what XML cannot carry', async (t) => {
  const carries = (char: string) => {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x20) return ['\t', '\n', '\r'].includes(char);
    return (code < 0xd800 || code > 0xdfff) && code !== 0xfffe && code !== 0xffff;
  };
  const carried = (text: string) => [...text].filter(carries).join('');
  const char = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 4 }),
    fc.constantFrom(']]>', '<![CDATA[', '&amp;', '&#0;', '\r\n', '\r', '\t', '\u0000', '"', "'", '</Say>', '\uD83D', '<!--', '\uFFFE'),
  );
  const text = fc.array(char, { maxLength: 30 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.nat({ max: 300 }), (piece, times) => {
      const long = piece.repeat(times);
      const root = readXml(
        twilio.render({ callId: 1, token: CLAIM }, [
          { do: 'say', text: long },
          { do: 'listen', turn: 1, timeoutSeconds: 5 },
        ]).body,
      );
      const [gather] = elementsOf(root);
      if (!gather || elementsOf(gather).some((say) => textOf(say).length > 4096)) return false;
      return textOf(gather) === carried(long);
    }),
    { numRuns: 120 },
  );
  t.equal(
    textOf(readXml(twilio.render({ callId: 1, token: CLAIM }, [{ do: 'say', text: 'a\uD800b' }]).body)),
    'ab',
    'half a character is dropped',
  );
});

t.test('the reader refuses what is not well-formed', async (t) => {
  const bad = [
    '',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a x=1/>',
    '<a x="1" x="2"/>',
    '<a>&nope;</a>',
    '<a>&#xZZ;</a>',
    '<a>& b</a>',
    '<a x="<"/>',
    'text',
    '<!DOCTYPE a><a/>',
    '<a><![CDATA[x</a>',
    '<a>&constructor;</a>',
  ];
  for (const source of bad) t.throws(() => readXml(source), XmlError, source);
  const read = readXml('\uFEFF<?xml version="1.0"?>\r\n<!-- c -->\n<a x=\'1&#10;"\' y="a\nb">t<![CDATA[<&]]>&#x41;<!-- - --><b/>\r</a> ');
  t.same(read, { name: 'a', attributes: { x: '1\n"', y: 'a b' }, children: ['t<&A', { name: 'b', attributes: {}, children: [] }, '\n'] });
});

t.test('openCarrier chooses; null rings nobody', async (t) => {
  t.equal(openCarrier(parseConfig({})).name, 'twilio');
  const none = openCarrier(parseConfig({ CARRIER: 'null' }));
  const request = {
    callId: 5,
    token: CLAIM,
    to: '+14155550100',
    from: '+15005550006',
    ringTimeoutSeconds: 30,
    timeLimitSeconds: 60,
    detectMachine: true,
    record: false,
  };
  t.same(await none.place(request), { answer: 'finished', carrierCallId: 'null-5', outcome: 'completed', durationSeconds: 0 });
  t.same(await none.find({ to: '', from: '', since: new Date(0) }), []);
  t.equal(await none.fetch('x'), undefined);
  t.throws(() => none.parseCallback({ path: '/', headers: {}, form: [] }), AppError);
});
