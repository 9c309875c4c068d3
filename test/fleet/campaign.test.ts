/**
 * A campaign of 5,000 contacts with every kind of ending, in zones that are open and zones that are shut, through real processes: paused
 * and resumed, its scheduler killed in the middle. Afterwards every contact is accounted for, nobody rang outside their hours, more
 * often than allowed, or twice for one dial, and all counts agree. CAMPAIGN_CONTACTS sets the size.
 */
import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { eventually } from '../eventually.ts';
import { type Fleet, startFleet } from './processes.ts';

const CONTACTS = Number(process.env.CAMPAIGN_CONTACTS ?? 5000);
const MINUTE = 60_000;
const ASK_AGAIN_MS = 200;
const MAX_ATTEMPTS = 2;
/** One contact in so many is in a zone where it is night while the test runs. */
const SHUT_EVERY = 10;

/** How often each ending comes in a hundred contacts; the others' endings are the sandbox's mix. */
const SHARES: ReadonlyArray<[ending: string | undefined, share: number]> = [
  ['0005', 72],
  ['0001', 8],
  ['0002', 4],
  ['0003', 5],
  ['0004', 4],
  ['0006', 4],
  [undefined, 3],
];
const ENDINGS = SHARES.flatMap(([ending, share]) => Array<string | undefined>(share).fill(ending));
const RESULT: Record<string, string> = {
  '0001': 'busy',
  '0002': 'no_answer',
  '0003': 'failed',
  '0004': 'voicemail',
  '0005': 'completed',
  '0006': 'completed',
};

interface Ring {
  to: string;
  at: string;
}

interface Contact {
  phone: string;
  timezone: string;
  /** undefined: the sandbox's mix */
  ending: string | undefined;
  isShut: boolean;
}

/** A zone whose clocks show the afternoon now, and one where it is twelve hours later. Etc/GMT signs are reversed. */
function zonesAt(now: Date): { open: string; shut: string; hours: { start: string; end: string } } {
  const hour = now.getUTCHours();
  const offset = (wanted: number) => ((wanted - hour + 36) % 24) - 12;
  const name = (hours: number) => (hours === 0 ? 'Etc/GMT' : `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`);
  return { open: name(offset(12)), shut: name(offset(0)), hours: { start: '09:00', end: '18:00' } };
}

const numberOf = (row: number, ending: string | undefined) => `+1${200_000 + row}${ending ?? String(3000 + (row % 5000)).padStart(4, '0')}`;

async function send(fleet: Fleet, method: string, path: string, json?: unknown, token?: string) {
  const response = await fetch(`${fleet.url}${path}`, {
    method,
    headers: { ...(json !== undefined && { 'content-type': 'application/json' }), ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(json),
  });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as { data: ReturnType<typeof JSON.parse> };
}

t.test(`${CONTACTS} contacts`, { timeout: 15 * MINUTE }, async (t) => {
  const fleet = await startFleet(t, {
    SANDBOX_SPEED: '200',
    CARRIER_CALLS_PER_SECOND: '400',
    CARRIER_TIMEOUT_MS: '4000',
    WATCHDOG_SECONDS: '4',
  });
  const sql = postgres(fleet.databaseUrl, { max: 2, onnotice: () => undefined });
  t.teardown(() => sql.end());
  const startedAt = Date.now();
  const { token } = (
    await send(fleet, 'POST', '/api/v1/auth/register', { email: 'campaign@example.com', password: 'SecurePassword123!', name: 'Ann' })
  ).data;
  const agent = (await send(fleet, 'POST', '/api/v1/agents', { name: 'Fleet Agent', systemPrompt: 'You help.', voice: 'Rachel' }, token))
    .data;
  const { open, shut, hours } = zonesAt(new Date());
  const campaign = (
    await send(
      fleet,
      'POST',
      '/api/campaigns',
      {
        name: 'Five thousand',
        agentId: Number(String(agent._id).replace('agent_', '')),
        settings: { maxAttempts: MAX_ATTEMPTS, retryInterval: 0 },
        schedule: { workingHours: hours },
      },
      token,
    )
  ).data;
  const contacts = Array.from({ length: CONTACTS }, (_, row): Contact => {
    const ending = ENDINGS[(row * 37) % ENDINGS.length];
    const isShut = row % SHUT_EVERY === 0;
    return { phone: numberOf(row, ending), timezone: isShut ? shut : open, ending, isShut };
  });
  await addContacts(sql, campaign.id, contacts);
  t.comment(`${CONTACTS} contacts after ${Date.now() - startedAt} ms`);

  const rings = async () => (await (await fetch(`${fleet.sandboxUrl}/_sandbox/calls`)).json()) as Ring[];
  const read = async () =>
    (await send(fleet, 'GET', `/api/campaigns/${campaign.id}`, undefined, token)).data as { status: string; completedLeads: number };
  const change = (json: unknown) => send(fleet, 'PUT', `/api/campaigns/${campaign.id}`, json, token);
  // asked a few times a second, not as often as it answers: the machine has calls to make
  const patiently = (check: () => Promise<boolean>, patienceMs: number) =>
    eventually(async () => (await check()) || (await pause(ASK_AGAIN_MS, false)), patienceMs);
  const done = (share: number) => patiently(async () => (await read()).completedLeads >= CONTACTS * share, 4 * MINUTE);

  await done(0.15);
  await t.test('pause: nothing new rings after two seconds, and resume goes on', async (t) => {
    await change({ status: 'paused' });
    await pause(2000);
    const quietFrom = Date.now();
    // what was ringing is over meanwhile, whatever is still being talked about
    await eventually(async () => {
      const [live] = await sql`select count(*)::int as n from calls where status in ('dialing', 'ringing', 'unknown')`;
      return live?.n === 0;
    }, MINUTE);
    const later = (await rings()).filter((ring) => Date.parse(ring.at) > quietFrom);
    t.same(later, [], 'no ring');
    const { completedLeads } = await read();
    await change({ status: 'active' });
    const resumedAt = Date.now();
    await patiently(async () => (await rings()).some((ring) => Date.parse(ring.at) >= resumedAt), 5000);
    await patiently(async () => (await read()).completedLeads > completedLeads + CONTACTS / 50, MINUTE);
  });

  await done(0.4);
  await fleet.replace('scheduler');
  await done(1 - 1 / SHUT_EVERY);

  const shutNumbers = new Set(contacts.filter((contact) => contact.isShut).map((contact) => contact.phone));
  await t.test('who is asleep waits for the morning, and rings when the hours are changed', async (t) => {
    t.match(await read(), { status: 'active', completedLeads: CONTACTS - shutNumbers.size });
    t.same(
      (await rings()).filter((ring) => shutNumbers.has(ring.to)),
      [],
      'none of them rang',
    );
    const [waiting] =
      await sql`select count(*)::int as n, min(next_attempt_at) > now() as later from contacts where dial_state = 'waiting'`;
    t.match(waiting, { n: shutNumbers.size, later: true });
    await change({ schedule: { workingHours: { start: '00:00', end: '24:00' } } });
    await patiently(async () => (await read()).status === 'completed', 4 * MINUTE);
  });
  t.comment(`completed after ${Math.round((Date.now() - startedAt) / 1000)} s`);

  await everyContactIsAccountedFor(t, sql, contacts);
  await everyRingIsADial(t, sql, await rings());

  await t.test('all counts agree', async (t) => {
    const successful = await sql`select count(*)::int as n from contacts where result = 'completed'`;
    const rate = Math.round((Number(successful[0]?.n) / CONTACTS) * 1000) / 10;
    const expected = { status: 'completed', totalLeads: CONTACTS, completedLeads: CONTACTS, successRate: rate };
    t.match(await read(), expected);
    const list = await send(fleet, 'GET', '/api/campaigns?status=completed', undefined, token);
    t.match(list.data, [expected]);
    const [days] = await sql`select sum(dials)::int as dials, sum(completed)::int as completed from campaign_days`;
    t.match(days, { dials: (await rings()).length, completed: Number(successful[0]?.n) });
    const stats = await send(fleet, 'GET', '/api/stats/dashboard', undefined, token);
    t.match(stats.data, { totalCalls: (await rings()).length }, 'the statistics know of every ring');
  });
});

async function addContacts(sql: postgres.Sql, campaignId: number, contacts: readonly Contact[]): Promise<void> {
  await sql`
    with added as (
      insert into contacts (tenant_id, campaign_id, phone, timezone, name, dial_state)
      select c.tenant_id, c.id, t.phone, t.timezone, 'Contact', 'waiting'
        from campaigns c, unnest(${contacts.map((k) => k.phone)}::text[], ${contacts.map((k) => k.timezone)}::text[]) as t(phone, timezone)
       where c.id = ${campaignId}
      returning id
    )
    update campaigns set total_contacts = (select count(*) from added) where id = ${campaignId}`;
}

async function everyContactIsAccountedFor(t: Test, sql: postgres.Sql, contacts: readonly Contact[]): Promise<void> {
  await t.test('every contact is accounted for', async (t) => {
    const rows = await sql<Array<{ phone: string; dialState: string; result: string; attempts: number; dials: number; last: string }>>`
      select k.phone, k.dial_state as "dialState", k.result, k.attempts, dialed.dials, dialed.last
        from contacts k cross join lateral (
          select count(*)::int as dials, (array_agg(status order by retry_attempt desc))[1] as last from calls c where c.contact_id = k.id and c.claimed_at is not null
        ) dialed`;
    const byPhone = new Map(rows.map((row) => [row.phone, row]));
    const wrong = contacts.filter(({ phone, ending }) => {
      const row = byPhone.get(phone);
      if (!row || row.dialState !== 'done' || row.result !== row.last || row.attempts !== row.dials) return true;
      if (row.attempts < 1 || row.attempts > MAX_ATTEMPTS) return true;
      return ending !== undefined && row.result !== RESULT[ending];
    });
    t.same(
      wrong.map(({ phone }) => byPhone.get(phone)),
      [],
    );
    t.equal(rows.length, contacts.length);
    const [chains] =
      await sql`select count(*)::int as roots, count(distinct contact_id)::int as contacts from calls where original_call_id is null`;
    t.same({ ...chains }, { roots: contacts.length, contacts: contacts.length }, 'each was put in line once');
  });
}

async function everyRingIsADial(t: Test, sql: postgres.Sql, rings: readonly Ring[]): Promise<void> {
  await t.test('every ring is a dial, and every dial rang once', async (t) => {
    const dials = await sql<Array<{ phone: string; dials: number }>>`
      select to_number as phone, count(*)::int as dials from calls where claimed_at is not null group by to_number`;
    const counts = new Map<string, number>();
    for (const ring of rings) counts.set(ring.to, (counts.get(ring.to) ?? 0) + 1);
    t.same(
      dials.filter(({ phone, dials }) => counts.get(phone) !== dials),
      [],
    );
    t.equal(counts.size, dials.length, 'and nobody else');
  });
}
