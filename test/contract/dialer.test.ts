import t from 'tap';
import { eventually } from '../eventually.ts';
import { startSystem, type System } from '../system.ts';
import { dialer, webm, type World } from './dialer.ts';
import { askAsDocumented, askWrongly } from './drive.ts';
import { rowCounts } from './row-counts.ts';

async function prepare(system: System): Promise<{ world: World; token: string }> {
  const owner = await system.login();
  const { email, password } = owner;
  let token = '';
  const ask = async (method: string, path: string, what?: Parameters<System['request']>[2]) => {
    const { status, body } = await system.request(method, `/api${path}`, { token: token || undefined, ...what });
    if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${JSON.stringify(body)}`);
    return body?.data as Record<string, never>;
  };
  const login = await ask('POST', '/auth/login', { json: { email, password } });
  token = login.token ?? '';
  const newUser = async (name: string): Promise<number> => {
    const json = { email: `${name.toLowerCase()}-${owner.userId}@example.com`, password: 'securePassword123', name, role: 'agent' };
    return ((await ask('POST', '/auth/register', { json })) as { user?: { id: number } }).user?.id ?? 0;
  };
  const idOf = async (path: string, json: object): Promise<number> => (await ask('POST', path, { json })).id ?? 0;
  const [first, second, userId] = [await newUser('John'), await newUser('Jane'), await newUser('Joan')];
  const newAgent = (user: number, extension: string) =>
    idOf('/agents', { userId: user, extension, sipUsername: `agent${extension}`, sipPassword: 'securePassword' });
  const [agentId, otherAgentId] = [await newAgent(first, '1001'), await newAgent(second, '1003')];
  const newCampaign = (name: string) => idOf('/campaigns', { name, agentId });
  const [campaignId, otherCampaignId, spareCampaignId] = [await newCampaign('One'), await newCampaign('Two'), await newCampaign('Three')];
  const metadata = { company: 'Acme Corp', notes: 'Interested in product demo' };
  const leadId = await idOf('/leads', { campaignId, phoneNumber: '+14155550170', name: 'Jane Customer', metadata });
  await ask('PUT', `/leads/${leadId}`, { json: { status: 'contacted' } });
  const record = {
    ...{ agentId, destination: '+14155550170', direction: 'outbound', status: 'answered', duration: 125 },
    ...{ startTime: '2025-11-13T09:30:00Z', endTime: '2025-11-13T09:32:05Z', metadata: { campaignId, leadId } },
  };
  const callId = await idOf('/calls', record);
  const silentCallId = await idOf('/calls', record);
  const form = new FormData();
  form.set('callId', String(callId));
  form.set('recording', webm());
  const { recordingUrl } = await ask('POST', '/calls/upload-recording', { form });
  const recordingId = Number(String(recordingUrl).split('/').at(-1));
  await eventually(async () => ((await ask('GET', '/stats/dashboard')).totalCalls ?? 0) >= 2, 20_000);
  const refreshToken = login.refreshToken ?? '';
  return {
    token,
    world: {
      ...{ email, password, refreshToken, userId, agentId, otherAgentId, campaignId, otherCampaignId, spareCampaignId },
      ...{ leadId, callId, silentCallId, recordingId },
    },
  };
}

t.test('the dialer document, endpoint by endpoint', async (t) => {
  const system = await startSystem(t);
  const { world, token } = await prepare(system);
  const stranger = await system.login();
  const stage = { system, contract: dialer, world, tokens: { owner: token, stranger: stranger.token } };
  const before = await rowCounts(system);
  await askWrongly(t, stage);
  t.strictSame(await rowCounts(system), before, 'nothing was written');
  await askAsDocumented(t, stage);
});
