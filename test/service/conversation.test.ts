import { createServer } from 'node:http';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import { continueTalk, startTalk } from '../../service/conversation.ts';
import { last, leg, NOTHING, openTalk, pressed, speech, TOKEN, transcript, words } from './talk.ts';

async function openCalls(t: Test, env: Record<string, string> = {}, voicemail?: string) {
  const talk = await openTalk(t, env, voicemail);
  let number = 1000;
  const newCall = async () => {
    const [row] = await talk.sql<Array<{ id: number }>>`
      insert into calls (tenant_id, agent_id, to_number, status, carrier, claimed_at, claim_token, context)
      values (${talk.tenantId}, ${talk.agentId}, ${`+1415555${number++}`}, 'dialing', 'twilio', now(), ${TOKEN}, 'order 7') returning id`;
    return row?.id ?? 0;
  };
  return { ...talk, newCall };
}

t.test('the built-in agent', async (t) => {
  const { runtime, sql, agentId, tenantId, newCall } = await openCalls(t, {}, 'Please call Ada back.');
  await sql`
    with doc as (
      insert into documents (tenant_id, agent_id, title, file_name, mime_type, size_bytes, storage_key, status)
      values (${tenantId}, ${agentId}, 'Returns', 'r.txt', 'text/plain', 1, 'x', 'ready') returning id
    )
    insert into passages (document_id, agent_id, position, content, searchable)
    select id, ${agentId}, 0, said, to_tsvector('english', said)
      from doc, (values ('Lamps may be returned within 30 days of purchase for a full refund.')) v(said)`;

  await t.test('greets with its name, then listens', async (t) => {
    const callId = await newCall();
    const steps = await startTalk(runtime, leg(callId), 'human');
    t.match(words(steps), /Ada/);
    t.match(last(steps), { do: 'listen', turn: 1 });
    t.same(await startTalk(runtime, leg(callId), 'human'), steps, 'a repeated callback gets the same words');
    t.equal((await transcript(runtime, callId)).length, 1, 'and they are written down once');
  });

  await t.test('answers from the knowledge base, and says when it can not', async (t) => {
    const callId = await newCall();
    await startTalk(runtime, leg(callId), undefined);
    t.match(words(await continueTalk(runtime, leg(callId), 1, speech('Within how many days can I return a lamp?'))), /30 days/);
    t.match(words(await continueTalk(runtime, leg(callId), 2, speech('What is the capital of France?'))), /do not have an answer/);
    t.match(words(await continueTalk(runtime, leg(callId), 3, pressed('2'))), /./);
    const turns = await transcript(runtime, callId);
    t.same(
      turns.map((turn) => turn.position),
      [0, 1, 2, 3, 4, 5, 6],
    );
    t.match(turns[2]?.metadata, { answered: true, passages: [{ passageId: Number, documentTitle: 'Returns', page: null }] });
    t.match(turns[5], { role: 'user', content: 'Pressed 2' });
    t.match(last(await continueTalk(runtime, leg(callId), 4, speech('That is all, goodbye'))), { do: 'hangup' });
  });

  await t.test('asks once into a silence, then takes its leave; a word in between starts afresh', async (t) => {
    const callId = await newCall();
    await startTalk(runtime, leg(callId), undefined);
    t.match(words(await continueTalk(runtime, leg(callId), 1, NOTHING)), /still there/);
    await continueTalk(runtime, leg(callId), 2, speech('Yes, sorry'));
    t.match(words(await continueTalk(runtime, leg(callId), 3, NOTHING)), /still there/);
    t.match(last(await continueTalk(runtime, leg(callId), 4, NOTHING)), { do: 'hangup' });
  });

  await t.test('a repeated turn is answered with the first answer and written once', async (t) => {
    const callId = await newCall();
    await startTalk(runtime, leg(callId), undefined);
    const first = await continueTalk(runtime, leg(callId), 1, speech('Can I return a lamp?'));
    t.same(await continueTalk(runtime, leg(callId), 1, speech('Something else entirely')), first);
    t.equal((await transcript(runtime, callId)).length, 3);
  });

  await t.test('leaves its message with a machine', async (t) => {
    const callId = await newCall();
    const steps = await startTalk(runtime, leg(callId), 'machine');
    t.match(steps, [{ do: 'say', text: 'Please call Ada back.' }, { do: 'hangup' }]);
  });

  await t.test('two deliveries of one turn at the same time: both callers hear the answer that was kept', async (t) => {
    const callId = await newCall();
    await startTalk(runtime, leg(callId), undefined);
    const [a, b] = await Promise.all([
      continueTalk(runtime, leg(callId), 1, speech('Can I return a lamp?')),
      continueTalk(runtime, leg(callId), 1, speech('What is the capital of France?')),
    ]);
    t.same(a, b);
  });

  await t.test('a leg of an earlier dial, or a second leg of this one, is hung up', async (t) => {
    const callId = await newCall();
    const old = { ...leg(callId), token: '00000000-0000-4000-8000-00000000000f' };
    t.same(await startTalk(runtime, old, 'human'), [{ do: 'hangup' }]);
    t.match(last(await startTalk(runtime, leg(callId), 'human')), { do: 'listen' });
    t.same(await startTalk(runtime, { ...leg(callId), carrierCallId: 'CAother' }, 'human'), [{ do: 'hangup' }]);
    t.same(await continueTalk(runtime, old, 1, speech('Hello?')), [{ do: 'hangup' }]);
  });

  await t.test('hangs up on a call that is over', async (t) => {
    const callId = await newCall();
    await sql`update calls set status = 'completed' where id = ${callId}`;
    t.same(await startTalk(runtime, leg(callId), 'human'), [{ do: 'hangup' }]);
    t.same(await continueTalk(runtime, leg(callId), 1, speech('Hello?')), [{ do: 'hangup' }]);
  });
});

t.test('who wants no more calls', async (t) => {
  const { runtime, tenantId, newCall } = await openCalls(t);
  const { sql } = runtime.db;
  const entries = (callId: number) => sql`
    select s.tenant_id as "tenantId", s.source, s.phone = c.to_number as same, s.created_by as "createdBy"
      from suppressions s join calls c on c.id = s.call_id where c.id = ${callId}`;
  const counted = async (source: string) =>
    (await runtime.metrics.optOuts.get()).values.find(({ labels }) => labels.source === source)?.value ?? 0;
  const pressed = (digits: string) => ({ speech: undefined, digits });

  for (const [source, heard, line] of [
    ['keypress', pressed('9'), 'Pressed 9'],
    ['speech', speech('What do you sell? Well, take me off your list. Goodbye.'), /take me off/],
  ] as const) {
    await t.test(`by ${source}`, async (t) => {
      const callId = await newCall();
      const before = await counted(source);
      await startTalk(runtime, leg(callId), 'human');
      const steps = await continueTalk(runtime, leg(callId), 1, heard);
      t.match(steps, [{ do: 'say', text: /will not be called again/ }, { do: 'hangup' }]);
      t.same(await entries(callId), [{ tenantId, source, same: true, createdBy: null }]);
      t.match(await transcript(runtime, callId), [
        { role: 'assistant' },
        { role: 'user', content: line },
        { role: 'assistant', content: /will not be called again/, metadata: { ends: true, optOut: source } },
      ]);
      t.same(await continueTalk(runtime, leg(callId), 1, heard), steps, 'a repeated callback gets the same words');
      t.equal((await entries(callId)).length, 1, 'and writes nothing twice');
      t.equal((await transcript(runtime, callId)).length, 3);
      t.equal(await counted(source), before + 1, 'counted once');
    });
  }

  await t.test('two deliveries at the same time write one entry', async (t) => {
    const callId = await newCall();
    await startTalk(runtime, leg(callId), 'human');
    const once = () => continueTalk(runtime, leg(callId), 1, speech('Stop calling me'));
    const [a, b] = await Promise.all([once(), once()]);
    t.same(a, b);
    t.equal((await entries(callId)).length, 1);
  });

  await t.test('what is on the list already stays as it is', async (t) => {
    const callId = await newCall();
    await startTalk(runtime, leg(callId), 'human');
    await sql`insert into suppressions (tenant_id, phone, source) select tenant_id, to_number, 'api' from calls where id = ${callId}`;
    t.match(last(await continueTalk(runtime, leg(callId), 1, pressed('9'))), { do: 'hangup' });
    t.equal((await entries(callId)).length, 0);
  });

  await t.test('another key, and the key of nobody, are answered like anything else', async (t) => {
    const callId = await newCall();
    await startTalk(runtime, leg(callId), 'human');
    t.match(last(await continueTalk(runtime, leg(callId), 1, pressed('1'))), { do: 'listen' });
    const keyless = { ...runtime, config: { ...runtime.config, OPT_OUT_KEY: '' } };
    t.match(last(await continueTalk(keyless, leg(callId), 2, pressed('9'))), { do: 'listen' });
    t.equal((await entries(callId)).length, 0);
  });

  await t.test('in the agent’s language', async (t) => {
    const callId = await newCall();
    await sql`update agents set language = 'de-DE'`;
    t.teardown(() => sql`update agents set language = 'en-US'`);
    await startTalk(runtime, leg(callId), 'human');
    t.match(words(await continueTalk(runtime, leg(callId), 1, speech('Rufen Sie mich nie wieder an.'))), /nicht mehr angerufen/);
  });

  await t.test('heard too late, when the call is over, it counts all the same', async (t) => {
    const callId = await newCall();
    await startTalk(runtime, leg(callId), 'human');
    await sql`update calls set status = 'completed' where id = ${callId}`;
    t.same(await continueTalk(runtime, leg(callId), 1, speech('Stop calling me')), [{ do: 'hangup' }]);
    t.equal((await entries(callId)).length, 1);
  });

  await t.test('when it can not be written the callback fails, says nothing, and may be repeated', async (t) => {
    const callId = await newCall();
    await startTalk(runtime, leg(callId), 'human');
    await sql`alter table suppressions rename to gone`;
    await t.rejects(continueTalk(runtime, leg(callId), 1, pressed('9')), /suppressions/);
    await sql`alter table gone rename to suppressions`;
    t.notOk(
      (await transcript(runtime, callId)).some((turn) => turn.position === 2),
      'nobody was told that it is done',
    );
    t.match(words(await continueTalk(runtime, leg(callId), 1, pressed('9'))), /will not be called again/);
    t.equal((await entries(callId)).length, 1);
  });
});

t.test('a language model', async (t) => {
  let mode: 'ok' | 'busy' | 'broken' | 'hang' | 'nonsense' = 'ok';
  let asked: { messages: Array<{ role: string; content: string }>; model: string } | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked = JSON.parse(Buffer.concat(chunks).toString());
      if (mode === 'hang') return;
      const status = mode === 'busy' ? 429 : mode === 'broken' ? 500 : 200;
      const answer = { choices: [{ message: { content: 'We sell lamps.' } }], usage: { total_tokens: 42 } };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(mode === 'nonsense' ? { hello: 1 } : answer));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const { runtime, newCall } = await openCalls(t, { LLM_BASE_URL: `http://127.0.0.1:${port}/v1`, LLM_API_KEY: 'k', LLM_TIMEOUT_MS: '300' });

  await t.test('hears prompt, context and conversation, and is quoted', async (t) => {
    const callId = await newCall();
    await startTalk(runtime, leg(callId), undefined);
    t.match(words(await continueTalk(runtime, leg(callId), 1, speech('What do you sell?'))), /We sell lamps/);
    t.match(asked?.messages[0]?.content, /You sell lamps\..*order 7/s);
    t.match(asked?.messages.at(-1), { role: 'user', content: 'What do you sell?' });
    const [turn] = await runtime.db.sql`select tokens from transcript_turns where call_id = ${callId} and position = 2`;
    t.equal(turn?.tokens, 42);
  });

  for (const bad of ['busy', 'broken', 'hang', 'nonsense'] as const) {
    await t.test(`that is ${bad} makes the agent apologise and go on listening`, async (t) => {
      mode = bad;
      const callId = await newCall();
      await startTalk(runtime, leg(callId), undefined);
      const steps = await continueTalk(runtime, leg(callId), 1, speech('What do you sell?'));
      t.match(words(steps), /trouble/);
      t.match(last(steps), { do: 'listen', turn: 2 });
      const turns = await transcript(runtime, callId);
      t.type(turns[2]?.metadata?.['modelError'], 'string', 'the cause is kept');
    });
  }

  await t.test('that is slow does not keep a carrier waiting that waits shorter', async (t) => {
    mode = 'hang';
    const callId = await newCall();
    await startTalk(runtime, leg(callId), undefined);
    const patient = { ...runtime, config: { ...runtime.config, LLM_TIMEOUT_MS: 60_000 } };
    const hasty = { ...patient, carrier: { ...runtime.carrier, answersWithinMs: 200 } };
    t.match(words(await continueTalk(hasty, leg(callId), 1, speech('What do you sell?'))), /trouble/);
    t.match((await transcript(runtime, callId))[2]?.metadata?.['modelError'], /timeout/);
  });
});
