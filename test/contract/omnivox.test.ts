import t from 'tap';
import { eventually } from '../eventually.ts';
import { startSystem, type System } from '../system.ts';
import { askAsDocumented, askWrongly } from './drive.ts';
import { omnivox, type World } from './omnivox.ts';
import { rowCounts } from './row-counts.ts';

/** A phone that answers, talks and hangs up in peace (DESIGN §6). */
const TALKS = '+15005550006';

async function prepare(system: System): Promise<{ world: World; token: string }> {
  const { email, password } = await system.login();
  let token = '';
  const ask = async (method: string, path: string, json?: object) => {
    const { status, body } = await system.request(method, path, { token: token || undefined, json });
    if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${JSON.stringify(body)}`);
    return body?.data as Record<string, string>;
  };
  const login = await ask('POST', '/auth/login', { email, password });
  token = login.accessToken ?? '';
  await ask('POST', '/api/v1/agents', { name: 'Asha', systemPrompt: 'Be brief.' });
  const allDay = { workingHours: { start: '00:00', end: '24:00' }, timezone: 'UTC' };
  const campaign = await ask('POST', '/api/v1/campaigns', { name: 'Campaign', type: 'OUTBOUND', status: 'ACTIVE', scheduleConfig: allDay });
  const campaignId = campaign.id ?? '';
  const newContact = (phone: string, more: object) =>
    ask('POST', '/api/v1/contacts', { firstName: 'Ada', lastName: 'Byron', phone, tags: ['vip'], ...more });
  await newContact(TALKS, { campaignId });
  const list = async () => (await ask('GET', `/api/v1/calls?campaignId=${campaignId}&status=completed`)) as unknown as object[];
  await eventually(async () => (await list()).length > 0, 20_000);
  // its one contact was reached, so it is completed, and goes on when another comes
  await ask('PUT', `/api/v1/campaigns/${campaignId}`, { scheduleConfig: { timezone: 'UTC', startDate: '2099-01-01T00:00:00Z' } });
  const contact = await newContact('+14155550180', { campaignId });
  const nodes = [
    { id: 'start', type: 'START', config: {} },
    { id: 'end', type: 'END', config: { message: 'Goodbye.' } },
  ];
  const flow = await ask('POST', '/api/v1/flows', { name: 'Short', nodes, connections: [{ from: 'start', to: 'end' }] });
  const refreshToken = login.refreshToken ?? '';
  return { token, world: { email, password, refreshToken, campaignId, contactId: contact.id ?? '', flowId: flow.id ?? '' } };
}

t.test('the omnivox document, endpoint by endpoint', async (t) => {
  const system = await startSystem(t, { worker: true, scheduler: true, sandbox: true });
  const { world, token } = await prepare(system);
  const stranger = await system.login();
  const stage = { system, contract: omnivox, world, tokens: { owner: token, stranger: stranger.token } };
  const before = await rowCounts(system);
  await askWrongly(t, stage);
  t.strictSame(await rowCounts(system), before, 'nothing was written');
  await askAsDocumented(t, stage);
});
