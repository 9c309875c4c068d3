import t from 'tap';
import { parseId } from '../../core/id.ts';
import { AGENT, ask, signUp, startServer } from './helper.ts';

const numberOf = (id: string) => parseId('flow', id) ?? 0;

/** As the document writes it, with words in place of its types. */
const FLOW = {
  name: 'Customer survey',
  description: 'Asks whether it is a good time',
  nodes: [
    { id: 'start', type: 'START', config: {}, position: { x: 0, y: 0 } },
    { id: 'hello', type: 'MESSAGE', config: { message: 'Hello, is this a good time?' }, position: { x: 10.5, y: 20 } },
    { id: 'ask', type: 'CONDITION', config: { condition: "input mentions 'yes'" }, position: { x: 20, y: 20 } },
    { id: 'mark', type: 'ACTION', config: { action: { type: 'tag', tag: 'warm' } }, position: { x: 30, y: 20 } },
    { id: 'end', type: 'END', config: {}, position: { x: 40, y: 20 } },
  ],
  connections: [
    { from: 'start', to: 'hello' },
    { from: 'hello', to: 'ask' },
    { from: 'ask', to: 'mark', condition: 'true' },
    { from: 'ask', to: 'end', condition: 'false' },
    { from: 'mark', to: 'end' },
  ],
};
const BROKEN = {
  name: 'Broken',
  nodes: [
    { id: 'start', type: 'START' },
    { id: 'hello', type: 'MESSAGE', config: {} },
    { id: 'ask', type: 'CONDITION', config: { condition: 'input ==' } },
    { id: 'island', type: 'END' },
  ],
  connections: [
    { from: 'start', to: 'hello' },
    { from: 'hello', to: 'ask' },
    { from: 'ask', to: 'gone', condition: 'true' },
  ],
};

t.test('flows', async (t) => {
  const { app, runtime } = await startServer(t);
  const { sql } = runtime.db;
  const { headers, email } = await signUp(app);
  const create = async (payload: unknown = FLOW) => ask(app, 'POST /api/v1/flows', { headers, payload });

  await t.test('are created as documented and read back', async (t) => {
    const made = await create();
    t.equal(made.status, 201);
    t.match(made.body, {
      success: true,
      data: { id: /^flow_\d+$/, name: FLOW.name, description: FLOW.description, version: 1, isActive: true },
    });
    t.same(made.body.data.nodes, FLOW.nodes);
    t.same(made.body.data.connections, FLOW.connections);
    const read = await ask(app, `GET /api/v1/flows/${made.body.data.id}`, { headers });
    t.equal(read.status, 200);
    t.same(read.body.data, { ...made.body.data, counts: { start: 0, hello: 0, ask: 0, mark: 0, end: 0 } });
    t.equal((await ask(app, `GET /api/v1/flows/${numberOf(made.body.data.id)}`, { headers })).status, 200, 'by number too');
  });

  await t.test('that can not be talked through are refused, with every node to blame', async (t) => {
    const { status, body } = await create(BROKEN);
    t.equal(status, 422);
    t.match(body, { success: false, error: { code: 'VALIDATION_ERROR' }, timestamp: String });
    t.match(body.error.details, {
      'nodes.1 (hello)': /needs config\.message/,
      'nodes.2 (ask)': /found the end at character 9.*two connections/,
      'nodes.3 (island)': /cannot be reached/,
      'connections.2 (ask → gone)': /leads to gone/,
    });
    const checked = await ask(app, 'POST /api/v1/flows/validate', { headers, payload: BROKEN });
    t.equal(checked.status, 200);
    t.match(checked.body.data, {
      valid: false,
      problems: [{ field: 'nodes.1 (hello)', nodeId: 'hello', message: 'needs config.message' }],
    });
    t.same((await ask(app, 'POST /api/v1/flows/validate', { headers, payload: FLOW })).body.data, { valid: true, problems: [] });
  });

  await t.test('of a wrong shape name the field', async (t) => {
    for (const [payload, field, message] of [
      [{ ...FLOW, name: undefined }, 'name', /required/],
      [{ ...FLOW, name: ' ' }, 'name', /blank/],
      [{ ...FLOW, nodes: 'x' }, 'nodes', /list/],
      [{ ...FLOW, nodes: [{ id: 'a', type: 'DANCE' }] }, 'nodes.0.type', /START, MESSAGE/],
      [{ ...FLOW, nodes: [{ id: 'a', type: 'MESSAGE', config: { message: 7 } }] }, 'nodes.0.config.message', /text/],
      [{ ...FLOW, connections: [{ from: 'a' }] }, 'connections.0.to', /required/],
    ] as const) {
      const { status, body } = await create(payload);
      t.equal(status, 422, field);
      t.match(body.error.details[field], message, field);
    }
    t.equal((await create({ ...FLOW, colour: 'red' })).status, 201, 'what the document does not name is ignored');
    t.equal((await ask(app, 'GET /api/v1/flows?limit=1000', { headers })).status, 400);
    t.equal((await ask(app, 'GET /api/v1/flows/flow_1?version=x', { headers })).status, 400);
  });

  await t.test('refer only to what is there: no inner addresses, no agents of others', async (t) => {
    const acting = (action: unknown) => ({
      name: 'A',
      nodes: [
        { id: 's', type: 'START' },
        { id: 'a', type: 'ACTION', config: { action } },
        { id: 'e', type: 'END' },
      ],
      connections: [
        { from: 's', to: 'a' },
        { from: 'a', to: 'e' },
      ],
    });
    const details = async (action: unknown) => String((await create(acting(action))).body.error?.details['nodes.1 (a)']);
    t.match(await details({ type: 'webhook', url: 'http://169.254.169.254/latest' }), /https/);
    t.match(await details({ type: 'webhook', url: 'https://localhost/' }), /public/);
    t.match(await details({ type: 'transfer', agentId: 'agent_999999' }), /no person of yours/);
    const agent = await ask(app, 'POST /api/v1/agents', { headers, payload: AGENT });
    t.match(await details({ type: 'transfer', agentId: agent.body.data._id }), /no person of yours/, 'a program is no person');
    const kept = await create(acting({ type: 'webhook', url: 'https://example.com/hook', deep: { er: '\u0000' } }));
    t.equal(kept.status, 422, 'what can not be stored');
    const clean = await create(acting({ type: 'webhook', url: 'https://example.com/hook', deep: { er: 1 } }));
    t.same(clean.body.data.nodes[1].config.action, { type: 'webhook', url: 'https://example.com/hook' });
  });

  await t.test('change in versions', async (t) => {
    const { id } = (await create()).body.data;
    const renamed = await ask(app, `PUT /api/v1/flows/${id}`, { headers, payload: { name: 'New name', isActive: false } });
    t.match(renamed.body, {
      data: { name: 'New name', isActive: false, version: 1, description: FLOW.description },
    });
    const nodes = FLOW.nodes.map((node) => (node.id === 'hello' ? { ...node, config: { message: 'Hi!', listen: true } } : node));
    const changed = await ask(app, `PUT /api/v1/flows/${id}`, { headers, payload: { nodes } });
    t.match(changed.body.data, { version: 2, name: 'New name' });
    t.same(changed.body.data.connections, FLOW.connections, 'what is not named stays');
    t.match((await ask(app, `GET /api/v1/flows/${id}?version=1`, { headers })).body.data, { version: 1, nodes: FLOW.nodes });
    t.equal((await ask(app, `GET /api/v1/flows/${id}?version=3`, { headers })).status, 404);
    const late = await ask(app, `PUT /api/v1/flows/${id}`, { headers, payload: { ...FLOW, version: 1 } });
    t.match([late.status, late.body.error], [409, { code: 'RESOURCE_CONFLICT', message: /version is 2/ }]);
    t.equal((await ask(app, `PUT /api/v1/flows/${id}`, { headers, payload: { ...FLOW, version: 2 } })).body.data.version, 3);
    t.equal((await ask(app, `PUT /api/v1/flows/${id}`, { headers, payload: { connections: [] } })).status, 422);
    t.equal((await ask(app, `PUT /api/v1/flows/${id}`, { headers, payload: { colour: 'red' } })).status, 422);
    const versions = await ask(app, `GET /api/v1/flows/${id}/versions?limit=2`, { headers });
    t.match(versions.body, {
      data: [
        { version: 3, isCurrent: true, nodeCount: 5, connectionCount: 5, createdAt: String },
        { version: 2, isCurrent: false },
      ],
      pagination: { page: 1, limit: 2, total: 3, totalPages: 2, hasNext: true, hasPrev: false },
    });
    const twice = await Promise.all(['a', 'b'].map((name) => ask(app, `PUT /api/v1/flows/${id}`, { headers, payload: { ...FLOW, name } })));
    t.same(new Set(twice.map(({ body }) => Number(body.data.version))), new Set([4, 5]), 'two writers, two versions');
  });

  await t.test('are listed, searched and counted', async (t) => {
    const all = await ask(app, 'GET /api/v1/flows?limit=2', { headers });
    t.equal(all.body.data.length, 2);
    t.ok(all.body.pagination.total > 2 && all.body.pagination.hasNext);
    const [row] = all.body.data;
    t.same(Object.keys(row).sort(), ['createdAt', 'description', 'id', 'isActive', 'name', 'nodeCount', 'updatedAt', 'version']);
    await create({ ...FLOW, name: '100 % sure_thing' });
    t.same((await ask(app, `GET /api/v1/flows?search=${encodeURIComponent('0 % SURE_')}`, { headers })).body.data.length, 1);
    t.same((await ask(app, 'GET /api/v1/flows?search=1__', { headers })).body.data.length, 0, 'wildcards are letters');
  });

  await t.test('tell how calls went through them', async (t) => {
    const { id } = (await create()).body.data;
    const empty = await ask(app, `GET /api/v1/flows/${id}/analytics`, { headers });
    t.match(empty.body.data, { flowId: id, version: 1, calls: 0, nodes: [{ id: 'start', type: 'START', entered: 0, share: null }] });
    const number = numberOf(id);
    await sql`insert into flow_node_counts (flow_id, version, node_id, entered) values (${number}, 1, 'start', 3), (${number}, 1, 'hello', 2)`;
    await ask(app, `PUT /api/v1/flows/${id}`, { headers, payload: FLOW });
    const first = await ask(app, `GET /api/v1/flows/${id}/analytics?version=1`, { headers });
    t.match(first.body.data, {
      calls: 3,
      nodes: [
        { entered: 3, share: 1 },
        { id: 'hello', entered: 2, share: 0.6667 },
        { entered: 0, share: 0 },
      ],
    });
    t.match(
      (await ask(app, `GET /api/v1/flows/${id}/analytics`, { headers })).body.data,
      { version: 2, calls: 0 },
      'each version by itself',
    );
  });

  await t.test('are deleted, but not under a campaign that runs', async (t) => {
    const { id } = (await create()).body.data;
    const number = numberOf(id);
    await sql`insert into campaigns (tenant_id, name, status, flow_id) select tenant_id, 'Spring', 'active', ${number} from users where email = ${email}`;
    const refused = await ask(app, `DELETE /api/v1/flows/${id}`, { headers });
    t.match([refused.status, refused.body.error.message], [409, /Spring/]);
    await sql`update campaigns set status = 'completed' where flow_id = ${number}`;
    t.match((await ask(app, `DELETE /api/v1/flows/${id}`, { headers })).body, { success: true, message: 'Flow deleted successfully' });
    for (const route of [
      `GET /api/v1/flows/${id}`,
      `DELETE /api/v1/flows/${id}`,
      `GET /api/v1/flows/${id}/versions`,
      `GET /api/v1/flows/${id}/analytics`,
    ]) {
      t.equal((await ask(app, route, { headers })).status, 404, route);
    }
  });

  await t.test('are for managers to change, for everybody to read, and for nobody of another account', async (t) => {
    const { id } = (await create()).body.data;
    const stranger = await signUp(app);
    const writes = [
      [`PUT /api/v1/flows/${id}`, FLOW],
      [`DELETE /api/v1/flows/${id}`, undefined],
    ] as const;
    const reads = [`GET /api/v1/flows/${id}`, `GET /api/v1/flows/${id}/versions`, `GET /api/v1/flows/${id}/analytics`];
    for (const route of [...reads, ...writes.map(([name]) => name)]) {
      const payload = route.startsWith('PUT') ? FLOW : undefined;
      t.equal((await ask(app, route, { headers: stranger.headers, payload })).status, 404, `${route} of another account`);
      t.equal((await ask(app, route, { payload })).status, 401, `${route} of nobody`);
    }
    t.same((await ask(app, 'GET /api/v1/flows', { headers: stranger.headers })).body.data, []);
    const agent = await signUp(app);
    await sql`update users set role = 'agent', tenant_id = (select tenant_id from users where email = ${email}) where email = ${agent.email}`;
    const login = await ask(app, 'POST /api/v1/auth/login', { payload: { email: agent.email, password: 'SecurePassword123!' } });
    const asAgent = { authorization: `Bearer ${login.body.data.token}` };
    for (const route of reads) t.equal((await ask(app, route, { headers: asAgent })).status, 200, route);
    for (const [route, payload] of [...writes, ['POST /api/v1/flows', FLOW] as const]) {
      const answer = await ask(app, route, { headers: asAgent, payload });
      t.match([answer.status, answer.body.error?.code], [403, 'FORBIDDEN'], route);
    }
  });
});
