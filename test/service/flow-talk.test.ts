import { once } from 'node:events';
import { createServer } from 'node:http';
import t, { type Test } from 'tap';
import type { Connection, FlowNode, NodeConfig, NodeType } from '../../core/flow/graph.ts';
import { findProblems } from '../../core/flow/validate.ts';
import { parseId } from '../../core/id.ts';
import { sipPasswordPlace } from '../../service/bridge.ts';
import { continueTalk, leaveBridge, startTalk } from '../../service/conversation.ts';
import { seal } from '../../service/vault.ts';
import { eventually } from '../eventually.ts';
import { startSystem } from '../system.ts';
import { last, leg, NOTHING, openTalk, pressed, speech, TOKEN, transcript, words } from './talk.ts';

const node = (id: string, type: NodeType, config: NodeConfig = {}): FlowNode => ({ id, type, config, position: { x: 0, y: 0 } });
const way = (from: string, to: string, condition?: string): Connection => ({ from, to, condition });
const act = (id: string, action: Record<string, unknown>) => node(id, 'ACTION', { action });

interface Graph {
  nodes: FlowNode[];
  connections: Connection[];
}

const SURVEY: Graph = {
  nodes: [
    node('start', 'START'),
    node('hello', 'MESSAGE', { message: 'Hello {{contact.firstName}}, may I ask you something?' }),
    node('ok', 'CONDITION', { condition: "input mentions ['yes', 'sure'] or digits == 1" }),
    act('tag', { type: 'tag', tag: 'warm' }),
    act('note', { type: 'set_field', field: 'said', value: '{{input}}' }),
    node('plan', 'MESSAGE', { message: 'Gold or silver?' }),
    act('gold', { type: 'set_field', field: 'vars.plan', value: 'gold' }),
    node('thanks', 'END', { message: 'Thank you, {{vars.plan}} it is.' }),
    node('bye', 'END', { message: 'Another time then.' }),
  ],
  connections: [
    way('start', 'hello'),
    way('hello', 'ok'),
    way('ok', 'tag', 'true'),
    way('ok', 'bye', 'false'),
    way('tag', 'note'),
    way('note', 'plan'),
    way('plan', 'gold', "input mentions 'gold'"),
    way('plan', 'bye', "input mentions 'neither'"),
    way('gold', 'thanks'),
  ],
};

async function openFlows(t: Test, env: Record<string, string> = {}) {
  const { runtime, sql, tenantId, agentId } = await openTalk(t, env, 'Call us back.');
  const saveVersion = async (flowId: number, version: number, graph: Graph) => {
    t.same(findProblems(graph), [], 'the flow is one that can be saved');
    await sql`insert into flow_versions (flow_id, version, nodes, connections)
      values (${flowId}, ${version}, ${JSON.stringify(graph.nodes)}::jsonb, ${JSON.stringify(graph.connections)}::jsonb)`;
  };
  const newFlow = async (graph: Graph) => {
    const [row] = await sql<Array<{ id: number }>>`insert into flows (tenant_id, name) values (${tenantId}, 'F') returning id`;
    await saveVersion(row?.id ?? 0, 1, graph);
    return row?.id ?? 0;
  };
  let number = 1000;
  const newCall = async (flowId: number | null, more: { campaignId?: number; withContact?: boolean } = {}) => {
    const phone = `+1415555${number++}`;
    const [contact] =
      more.withContact === false
        ? []
        : await sql<Array<{ id: number }>>`
      insert into contacts (tenant_id, phone, first_name, tags) values (${tenantId}, ${phone}, 'Bob', '{old}') returning id`;
    const [row] = await sql<Array<{ id: number }>>`
      insert into calls (tenant_id, agent_id, to_number, from_number, status, carrier, claimed_at, claim_token, flow_id, contact_id, campaign_id)
      values (${tenantId}, ${agentId}, ${phone}, '+14155550000', 'dialing', 'twilio', now(), ${TOKEN}, ${flowId}, ${contact?.id ?? null},
              ${more.campaignId ?? null}) returning id`;
    return row?.id ?? 0;
  };
  const counts = async (flowId: number, version = 1) => {
    const rows = await sql<Array<{ nodeId: string; entered: number }>>`
      select node_id as "nodeId", entered from flow_node_counts where flow_id = ${flowId} and version = ${version}`;
    return Object.fromEntries(rows.map(({ nodeId, entered }) => [nodeId, entered]));
  };
  const contactOf = async (callId: number) => {
    const [row] =
      await sql`select p.tags, p.custom_fields as fields from contacts p join calls c on c.contact_id = p.id where c.id = ${callId}`;
    return row;
  };
  return { runtime, sql, tenantId, agentId, newFlow, saveVersion, newCall, counts, contactOf };
}

t.test('a call goes through its flow', async (t) => {
  const { runtime, sql, tenantId, agentId, newFlow, saveVersion, newCall, counts, contactOf } = await openFlows(t);
  const flowId = await newFlow(SURVEY);

  await t.test('says, listens, chooses, marks and ends; a repeated callback gets the same and changes nothing', async (t) => {
    const callId = await newCall(flowId);
    const hello = await startTalk(runtime, leg(callId), 'human');
    t.match(hello, [
      { do: 'say', text: 'Hello Bob, may I ask you something?' },
      { do: 'listen', turn: 1 },
    ]);
    t.same(await startTalk(runtime, leg(callId), 'human'), hello);
    const plan = await continueTalk(runtime, leg(callId), 1, speech('Yes, sure.'));
    t.match(plan, [
      { do: 'say', text: 'Gold or silver?' },
      { do: 'listen', turn: 2 },
    ]);
    t.same(await continueTalk(runtime, leg(callId), 1, speech('No!')), plan, 'whatever is heard the second time');
    const thanks = await continueTalk(runtime, leg(callId), 2, speech('gold'));
    t.match(thanks, [{ do: 'say', text: 'Thank you, gold it is.' }, { do: 'hangup' }]);
    t.same(await continueTalk(runtime, leg(callId), 2, speech('gold')), thanks);
    t.same(await contactOf(callId), { tags: ['old', 'warm'], fields: { said: 'Yes, sure.' } });
    t.same(await counts(flowId), { start: 1, hello: 1, ok: 1, tag: 1, note: 1, plan: 1, gold: 1, thanks: 1 });
    t.match(await transcript(runtime, callId), [
      { role: 'assistant', content: 'Hello Bob, may I ask you something?', metadata: { flow: ['start', 'hello'] } },
      { role: 'user', content: 'Yes, sure.' },
      { role: 'assistant', content: 'Gold or silver?', metadata: { flow: ['ok', 'tag', 'note', 'plan'] } },
      { role: 'user', content: 'gold' },
      { role: 'assistant', content: 'Thank you, gold it is.', metadata: { flow: ['gold', 'thanks'], ends: true } },
    ]);
    const [call] = await sql`select flow_id as "flowId", flow_version as "flowVersion" from calls where id = ${callId}`;
    t.same(call, { flowId, flowVersion: 1 });
  });

  await t.test('two deliveries of a turn at once: one counts, both hear it', async (t) => {
    const callId = await newCall(flowId);
    await startTalk(runtime, leg(callId), 'human');
    const before = await counts(flowId);
    const [a, b] = await Promise.all([
      continueTalk(runtime, leg(callId), 1, pressed('1')),
      continueTalk(runtime, leg(callId), 1, pressed('1')),
    ]);
    t.same(a, b);
    t.equal((await counts(flowId)).plan, (before.plan ?? 0) + 1);
  });

  await t.test('an answer that leads nowhere is asked for again, then the call ends', async (t) => {
    const callId = await newCall(flowId);
    await startTalk(runtime, leg(callId), 'human');
    await continueTalk(runtime, leg(callId), 1, pressed('1'));
    for (const turn of [2, 3])
      t.match(await continueTalk(runtime, leg(callId), turn, speech('bronze')), [
        { text: 'Gold or silver?' },
        { do: 'listen', turn: turn + 1 },
      ]);
    t.match(await continueTalk(runtime, leg(callId), 4, speech('bronze')), [{ text: /Goodbye/ }, { do: 'hangup' }]);
  });

  await t.test('silence is asked into once, and never taken for an answer', async (t) => {
    const callId = await newCall(flowId);
    await startTalk(runtime, leg(callId), 'human');
    t.match(words(await continueTalk(runtime, leg(callId), 1, NOTHING)), /did not hear you\. Hello Bob/);
    t.match(last(await continueTalk(runtime, leg(callId), 2, NOTHING)), { do: 'hangup' });
    t.notOk((await transcript(runtime, callId)).some(({ content }) => content.includes('Another time')));
  });

  await t.test('keeps the version it started with; the next call takes the new one', async (t) => {
    const callId = await newCall(flowId);
    await startTalk(runtime, leg(callId), 'human');
    await saveVersion(flowId, 2, {
      ...SURVEY,
      nodes: SURVEY.nodes.map((one) => (one.id === 'plan' ? { ...one, config: { message: 'Gold, silver or tin?' } } : one)),
    });
    await sql`update flows set version = 2 where id = ${flowId}`;
    t.equal(words(await continueTalk(runtime, leg(callId), 1, pressed('1'))), 'Gold or silver?');
    const next = await newCall(flowId);
    await startTalk(runtime, leg(next), 'human');
    t.equal(words(await continueTalk(runtime, leg(next), 1, pressed('1'))), 'Gold, silver or tin?');
    t.match(await counts(flowId, 2), { start: 1, plan: 1 });
  });

  await t.test('who opts out leaves the flow', async (t) => {
    const callId = await newCall(flowId);
    await startTalk(runtime, leg(callId), 'human');
    const steps = await continueTalk(runtime, leg(callId), 1, speech('Yes, take me off your list'));
    t.match(steps, [{ text: /will not be called again/ }, { do: 'hangup' }]);
    t.same(await continueTalk(runtime, leg(callId), 1, speech('x')), steps);
    t.equal((await sql`select from suppressions where call_id = ${callId}`).length, 1);
  });

  await t.test('a machine hears the agent’s message; the flow is not entered', async (t) => {
    const before = await counts(flowId, 2);
    t.match(await startTalk(runtime, leg(await newCall(flowId)), 'machine'), [{ text: 'Call us back.' }, { do: 'hangup' }]);
    t.same(await counts(flowId, 2), before);
  });

  await t.test('without a contact it goes on all the same', async (t) => {
    const callId = await newCall(flowId, { withContact: false });
    t.equal(words(await startTalk(runtime, leg(callId), 'human')), 'Hello , may I ask you something?');
    t.match(last(await continueTalk(runtime, leg(callId), 1, pressed('1'))), { do: 'listen', turn: 2 });
  });

  await t.test('a call’s own flow goes before its campaign’s, that one before its agent’s; one that is switched off is none', async (t) => {
    const only = (message: string) => newFlow({ nodes: [node('s', 'START'), node('e', 'END', { message })], connections: [way('s', 'e')] });
    const [mine, campaigns, agents] = [await only('mine'), await only('campaign’s'), await only('agent’s')];
    await sql`update agents set flow_id = ${agents} where id = ${agentId}`;
    const [campaign] = await sql<Array<{ id: number }>>`
      insert into campaigns (tenant_id, name, flow_id, agent_id) values (${tenantId}, 'C', ${campaigns}, ${agentId}) returning id`;
    const said = async (callId: number) => words(await startTalk(runtime, leg(callId), 'human'));
    t.equal(await said(await newCall(mine, { campaignId: campaign?.id })), 'mine');
    t.equal(await said(await newCall(null, { campaignId: campaign?.id })), 'campaign’s');
    t.equal(await said(await newCall(null)), 'agent’s');
    await sql`update flows set is_active = false where id = ${agents}`;
    t.match(await said(await newCall(null)), /This is Ada/);
    await sql`update agents set flow_id = null`;
  });

  await t.test('what can not be written is not said', async (t) => {
    const callId = await newCall(flowId);
    await startTalk(runtime, leg(callId), 'human');
    await sql`alter table flow_node_counts rename to gone`;
    await t.rejects(continueTalk(runtime, leg(callId), 1, pressed('1')), /flow_node_counts/);
    await sql`alter table gone rename to flow_node_counts`;
    t.same((await contactOf(callId))?.tags, ['old'], 'and marks nobody');
    t.match(last(await continueTalk(runtime, leg(callId), 1, pressed('1'))), { do: 'listen', turn: 2 });
    t.same((await contactOf(callId))?.tags, ['old', 'warm']);
  });
});

t.test('actions', async (t) => {
  const { runtime, sql, tenantId, agentId, newFlow, newCall } = await openFlows(t, { WEBHOOK_PRIVATE_NETWORKS: 'true' });
  const transfer = (action: Record<string, unknown>) => ({
    nodes: [
      node('s', 'START'),
      node('m', 'MESSAGE', { message: 'One moment.' }),
      act('t', { type: 'transfer', ...action }),
      node('sorry', 'END', { message: 'Nobody is there.' }),
      node('rate', 'MESSAGE', { message: 'How was it, {{transfer}}?', listen: true }),
      node('e', 'END'),
    ],
    connections: [way('s', 'm'), way('m', 't'), way('t', 'sorry'), way('t', 'rate', "transfer == 'talked'"), way('rate', 'e')],
  });

  await t.test('a transfer to a number: a talk goes on where a condition leads, a failure along the other way', async (t) => {
    const flowId = await newFlow(transfer({ number: '+14155551234', timeoutSeconds: 15 }));
    const callId = await newCall(flowId);
    const steps = await startTalk(runtime, leg(callId), 'human');
    const connect = { do: 'connect', to: { number: '+14155551234', callerId: '+14155550000' }, bridge: 1, timeoutSeconds: 15 };
    t.match(steps, [{ do: 'say', text: 'One moment.' }, connect]);
    t.same(await startTalk(runtime, leg(callId), 'human'), steps);
    const after = await leaveBridge(runtime, leg(callId), { bridge: 1, outcome: 'talked', talkSeconds: 9 });
    t.match(after, [{ text: 'How was it, talked?' }, { do: 'listen', turn: 2 }]);
    t.same(
      await leaveBridge(runtime, leg(callId), { bridge: 1, outcome: 'talked', talkSeconds: 9 }),
      after,
      'told twice, said twice, kept once',
    );
    t.match(await continueTalk(runtime, leg(callId), 2, NOTHING), [{ do: 'hangup' }], 'nothing depends on the answer');
    t.same(
      (await transcript(runtime, callId)).map(({ position, role }) => [position, role]),
      [
        [0, 'assistant'],
        [2, 'assistant'],
        [4, 'system'],
      ],
    );

    const other = await newCall(flowId);
    await startTalk(runtime, leg(other), 'human');
    t.match(await leaveBridge(runtime, leg(other), { bridge: 1, outcome: 'busy', talkSeconds: 0 }), [
      { text: 'Nobody is there.' },
      { do: 'hangup' },
    ]);
    t.same(
      await leaveBridge(runtime, leg(other), { bridge: 7, outcome: 'busy', talkSeconds: 0 }),
      [{ do: 'hangup' }],
      'not a connection of this call',
    );
  });

  await t.test('a transfer to a person', async (t) => {
    const [user] = await sql<Array<{ id: number }>>`
      insert into users (tenant_id, email, name, password_hash, role) values (${tenantId}, 'p@example.com', 'P', 'x', 'agent') returning id`;
    const [person] = await sql<Array<{ id: number }>>`
      insert into agents (tenant_id, kind, name, user_id, sip_username, state)
      values (${tenantId}, 'human', 'Pat', ${user?.id ?? 0}, 'pat', 'available') returning id`;
    const personId = person?.id ?? 0;
    await sql`update agents set sip_password_encrypted = ${seal(runtime.config, sipPasswordPlace(personId), 'secret')} where id = ${personId}`;
    const stateOf = async () => (await sql`select state, current_call_id as "callId" from agents where id = ${personId}`)[0];
    const flowId = await newFlow(transfer({ agentId: `agent_${personId}` }));

    const callId = await newCall(flowId);
    const steps = await startTalk(runtime, leg(callId), 'human');
    t.match(steps, [{ text: 'One moment.' }, { do: 'connect', to: { sip: /^sip:pat@/, username: 'pat', password: 'secret' }, bridge: 1 }]);
    t.same(await startTalk(runtime, leg(callId), 'human'), steps);
    t.same(await stateOf(), { state: 'on_call', callId });
    t.notOk(JSON.stringify(await transcript(runtime, callId)).includes('secret'), 'the password is not written down');

    const second = await newCall(flowId);
    t.match(
      await startTalk(runtime, leg(second), 'human'),
      [{ text: 'One moment. Nobody is there.' }, { do: 'hangup' }],
      'nobody else is free',
    );

    t.match(words(await leaveBridge(runtime, leg(callId), { bridge: 1, outcome: 'talked', talkSeconds: 5 })), /How was it/);
    t.same(await stateOf(), { state: 'available', callId: null }, 'the person is free while the flow goes on');

    const third = await newCall(flowId);
    await startTalk(runtime, leg(third), 'human');
    t.match(words(await leaveBridge(runtime, leg(third), { bridge: 1, outcome: 'no_answer', talkSeconds: 0 })), /Nobody is there/);
    t.match(await stateOf(), { state: 'paused', callId: null }, 'who does not pick up is paused');
    const [call] = await sql`select agent_id as "agentId", bridged_at as "bridgedAt" from calls where id = ${third}`;
    t.same(call, { agentId, bridgedAt: null }, 'the call is its agent’s again');
  });

  await t.test('one transfer after the other', async (t) => {
    const newPerson = async (name: string) => {
      const [row] = await sql<Array<{ id: number }>>`
        with somebody as (
          insert into users (tenant_id, email, name, password_hash, role) values (${tenantId}, ${`${name}@example.com`}, ${name}, 'x', 'agent') returning id
        )
        insert into agents (tenant_id, kind, name, user_id, sip_username, state) select ${tenantId}, 'human', ${name}, id, ${name}, 'available' from somebody
        returning id`;
      const id = row?.id ?? 0;
      await sql`update agents set sip_password_encrypted = ${seal(runtime.config, sipPasswordPlace(id), 'secret')} where id = ${id}`;
      return id;
    };
    const [ann, bob] = [await newPerson('ann'), await newPerson('bob')];
    const stateOf = async (id: number) => (await sql`select state, current_call_id as "callId" from agents where id = ${id}`)[0];
    const flowId = await newFlow({
      nodes: [
        node('s', 'START'),
        act('t1', { type: 'transfer', agentId: `agent_${ann}` }),
        node('next', 'MESSAGE', { message: 'To the next one.', listen: false }),
        act('t2', { type: 'transfer', agentId: `agent_${bob}` }),
        node('bye', 'END', { message: 'Goodbye.' }),
      ],
      connections: [
        way('s', 't1'),
        way('t1', 'next'),
        way('t1', 'next', "transfer == 'talked'"),
        way('next', 't2'),
        way('t2', 'bye'),
        way('t2', 'bye', "transfer == 'talked'"),
      ],
    });
    const toBob = [{ text: 'To the next one.' }, { do: 'connect', to: { username: 'bob' }, bridge: 2 }];

    const declined = await newCall(flowId);
    t.match(await startTalk(runtime, leg(declined), 'human'), [{ do: 'connect', to: { username: 'ann' }, bridge: 1 }]);
    t.match(await leaveBridge(runtime, leg(declined), { bridge: 1, outcome: 'busy', talkSeconds: 0 }), toBob);
    t.match(await stateOf(ann), { state: 'paused', callId: null });
    t.match(await leaveBridge(runtime, leg(declined), { bridge: 2, outcome: 'talked', talkSeconds: 5 }), [
      { text: 'Goodbye.' },
      { do: 'hangup' },
    ]);

    await sql`update agents set state = 'available' where id = ${ann}`;
    await sql`update agents set language = 'hi-IN' where id = ${agentId}`;
    const talked = await newCall(flowId);
    await startTalk(runtime, leg(talked), 'human');
    const steps = await leaveBridge(runtime, leg(talked), { bridge: 1, outcome: 'talked', talkSeconds: 5 });
    t.match(steps, toBob, 'also after a talk');
    t.match(steps[0], { language: 'hi-IN' }, 'and the flow goes on in its own language');
    t.same(
      await leaveBridge(runtime, leg(talked), { bridge: 1, outcome: 'talked', talkSeconds: 5 }),
      steps,
      'a repeated word answers the same',
    );
    t.same(
      [await stateOf(ann), await stateOf(bob)],
      [
        { state: 'available', callId: null },
        { state: 'on_call', callId: talked },
      ],
    );
    const [call] = await sql`select agent_id as "agentId", bridged_at is not null as "isBridged", bridges from calls where id = ${talked}`;
    t.same(call, { agentId: bob, isBridged: true, bridges: 2 });
    t.match(words(await leaveBridge(runtime, leg(talked), { bridge: 2, outcome: 'no_answer', talkSeconds: 0 })), /Goodbye/);
    t.same(await stateOf(bob), { state: 'paused', callId: null });
    await sql`update agents set language = 'en-US' where id = ${agentId}`;
  });

  await t.test('a webhook is told, and its failure is no obstacle', async (t) => {
    const heard: Array<Record<string, unknown>> = [];
    let status = 200;
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        heard.push(JSON.parse(Buffer.concat(chunks).toString()));
        response.writeHead(status).end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.teardown(() => server.close());
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
    const flowId = await newFlow({
      nodes: [
        node('s', 'START'),
        act('w', { type: 'webhook', url }),
        node('good', 'END', { message: 'told' }),
        node('bad', 'END', { message: 'not told' }),
      ],
      connections: [way('s', 'w'), way('w', 'good', 'webhook'), way('w', 'bad')],
    });
    const callId = await newCall(flowId);
    t.equal(words(await startTalk(runtime, leg(callId), 'human')), 'told');
    await startTalk(runtime, leg(callId), 'human');
    t.match(heard, [
      { id: `call_${callId}:0:w`, type: 'flow.webhook', data: { callId: `call_${callId}`, nodeId: 'w', contact: { firstName: 'Bob' } } },
    ]);
    t.equal(heard.length, 1, 'a repeated callback tells it once');
    status = 500;
    t.equal(words(await startTalk(runtime, leg(await newCall(flowId)), 'human')), 'not told');
    const walled = { ...runtime, config: { ...runtime.config, WEBHOOK_PRIVATE_NETWORKS: false } };
    t.equal(words(await startTalk(walled, leg(await newCall(flowId)), 'human')), 'not told');
    t.equal(heard.length, 2, 'no call into a private network');
  });

  await t.test('opt out and hang up', async (t) => {
    const optOut = await newFlow({
      nodes: [
        node('s', 'START'),
        node('m', 'MESSAGE', { message: 'Press 3 to hear no more of us.' }),
        act('o', { type: 'opt_out' }),
        act('h', { type: 'hang_up' }),
      ],
      connections: [way('s', 'm'), way('m', 'o', 'digits == 3'), way('m', 'h', 'digits == 4')],
    });
    const callId = await newCall(optOut);
    await startTalk(runtime, leg(callId), 'human');
    t.match(await continueTalk(runtime, leg(callId), 1, pressed('3')), [{ text: /will not be called again/ }, { do: 'hangup' }]);
    t.match(await sql`select source from suppressions where call_id = ${callId}`, [{ source: 'keypress' }]);
    const other = await newCall(optOut);
    await startTalk(runtime, leg(other), 'human');
    t.same(await continueTalk(runtime, leg(other), 1, pressed('4')), [{ do: 'hangup' }]);
  });
});

t.test('in a real call', async (t) => {
  const system = await startSystem(t, { worker: true, scheduler: true, sandbox: true });
  const { sql } = system.runtime.db;
  const { token, userId } = await system.login();
  const agent = await system.request('POST', '/api/v1/agents', { token, json: { name: 'Ada', systemPrompt: 'You help.' } });
  const flow = await system.request('POST', '/api/v1/flows', {
    token,
    json: {
      name: 'Good time',
      nodes: [
        node('start', 'START'),
        node('hello', 'MESSAGE', { message: 'Hello {{contact.firstName}}, is this a good time?' }),
        act('tag', { type: 'tag', tag: 'reached' }),
        node('question', 'MESSAGE', { message: 'What would you like to know?', listen: true }),
        node('end', 'END', { message: 'We will write to you. Goodbye.' }),
      ],
      connections: [
        way('start', 'hello'),
        way('hello', 'tag', "input mentions 'good time'"),
        way('hello', 'end', 'else'),
        way('tag', 'question'),
        way('question', 'end'),
      ],
    },
  });
  t.equal(flow.status, 201, JSON.stringify(flow.body));
  const flowId = parseId('flow', String(flow.body.data.id)) ?? 0;
  const [row] = await sql<Array<{ id: number }>>`
    with contact as (
      insert into contacts (tenant_id, phone, first_name) select tenant_id, '+14155550006', 'Bob' from users where id = ${Number(userId.replace('user_', ''))}
      returning id, tenant_id, phone
    )
    insert into calls (tenant_id, agent_id, to_number, contact_id, flow_id, status, due_at)
    select tenant_id, ${parseId('agent', String(agent.body.data._id)) ?? 0}, phone, id, ${flowId}, 'scheduled', now() from contact returning id`;
  const callId = row?.id ?? 0;
  await eventually(async () => (await sql`select from calls where id = ${callId} and status = 'completed'`).length, 20_000);
  const said = await sql`select role, content from transcript_turns where call_id = ${callId} order by position`;
  t.same(
    said.map(({ role, content }) => `${role}: ${content}`),
    [
      'assistant: Hello Bob, is this a good time?',
      'user: Hello, yes, this is a good time.',
      'assistant: What would you like to know?',
      'user: What is your return policy?',
      'assistant: We will write to you. Goodbye.',
    ],
  );
  t.same((await sql`select tags from contacts p join calls c on c.contact_id = p.id where c.id = ${callId}`)[0]?.tags, ['reached']);
  const { body } = await system.request('GET', `/api/v1/flows/flow_${flowId}/analytics`, { token });
  t.match(body.data, {
    calls: 1,
    version: 1,
    nodes: ['start', 'hello', 'tag', 'question', 'end'].map((id) => ({ id, entered: 1, share: 1 })),
  });
});
