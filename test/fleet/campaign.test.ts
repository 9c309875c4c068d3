/**
 * A campaign of 5,000 contacts with every kind of ending, in zones that are open and zones that are shut, through real processes: paused
 * and resumed, its scheduler killed in the middle. Afterwards every contact is accounted for, nobody rang outside their hours, more
 * often than allowed, or twice for one dial, and all counts agree. CAMPAIGN_CONTACTS sets the size.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type postgres from 'postgres';
import t, { type Test } from 'tap';
import { eventually } from '../eventually.ts';
import { signUp, startFleet } from './processes.ts';
import { countByNumber, numberOf, patiently, type Ring, STATUS } from './rings.ts';

/** As many as are asked for on PostgreSQL alone; on Redis only the queue differs. */
const CONTACTS = Number(process.env.CAMPAIGN_CONTACTS ?? (process.env.REDIS_URL ? 1500 : 5000));
const MINUTE = 60_000;
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

// longer than a file may take by itself
t.setTimeout(15 * MINUTE);
t.test(`${CONTACTS} contacts`, { timeout: 15 * MINUTE }, async (t) => {
  const fleet = await startFleet(t, {
    SANDBOX_SPEED: '200',
    CARRIER_CALLS_PER_SECOND: '400',
    CARRIER_TIMEOUT_MS: '4000',
    WATCHDOG_SECONDS: '4',
  });
  const { sql, send, rings } = fleet;
  const startedAt = Date.now();
  const { token, agentId } = await signUp(fleet);
  const { open, shut, hours } = zonesAt(new Date());
  const campaign = await send(
    'POST',
    '/api/campaigns',
    {
      name: 'Five thousand',
      agentId: Number(agentId.replace('agent_', '')),
      settings: { maxAttempts: MAX_ATTEMPTS, retryInterval: 0 },
      schedule: { workingHours: hours },
    },
    token,
  );
  const contacts = Array.from({ length: CONTACTS }, (_, row): Contact => {
    const ending = ENDINGS[(row * 37) % ENDINGS.length];
    const isShut = row % SHUT_EVERY === 0;
    return { phone: numberOf(row, ending), timezone: isShut ? shut : open, ending, isShut };
  });
  await addContacts(sql, campaign.id, contacts);
  t.comment(`${CONTACTS} contacts after ${Date.now() - startedAt} ms`);

  const path = `/api/campaigns/${campaign.id}`;
  const read = async () => (await send('GET', path, undefined, token)) as { status: string; completedLeads: number };
  const change = (json: unknown) => send('PUT', path, json, token);
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
    t.match(await send('GET', '/api/campaigns?status=completed', undefined, token), [expected]);
    const [days] = await sql`select sum(dials)::int as dials, sum(completed)::int as completed from campaign_days`;
    t.match(days, { dials: (await rings()).length, completed: Number(successful[0]?.n) });
    const stats = await send('GET', '/api/stats/dashboard', undefined, token);
    t.match(stats, { totalCalls: (await rings()).length }, 'the statistics know of every ring');
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
      return ending !== undefined && row.result !== STATUS[ending];
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
    const counts = countByNumber(rings);
    t.same(
      dials.filter(({ phone, dials }) => counts.get(phone) !== dials),
      [],
    );
    t.equal(counts.size, dials.length, 'and nobody else');
  });
}
