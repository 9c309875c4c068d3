/**
 * A file of calls with every kind of ending through real processes, killed one by one in mid-run. Afterwards: every row
 * is accounted for, every number rang exactly once, the urgent ones first, each ended as its number says.
 * FLEET_ROWS sets the size.
 */
import t from 'tap';
import { signUp, startFleet } from './processes.ts';
import { countByNumber, numberOf, patiently, type Ring, STATUS } from './rings.ts';

const ROWS = Number(process.env.FLEET_ROWS ?? 1200);
const PRIORITIES = ['low', 'normal', 'high'] as const;
const MINUTE = 60_000;

/** How often each ending comes in a hundred rows; the rare ones that cost seconds come a few times in all. */
const COMMON = ['0001', '0002', '0003', '0004', '0005', '0005', '0001', '0002', '0006', '0009'];
const RARE: Record<number, string> = { 17: '0007', 119: '0007', 31: '0008', 133: '0008', 47: '0010', 149: '0010' };

const endingOf = (row: number) => RARE[row] ?? COMMON[row % COMMON.length] ?? '0005';

// longer than a file may take by itself
t.setTimeout(15 * MINUTE);
t.test(`${ROWS} rows, every process killed once`, { timeout: 15 * MINUTE }, async (t) => {
  const fleet = await startFleet(t, {
    SANDBOX_SPEED: '100',
    CARRIER_CALLS_PER_SECOND: '120',
    CARRIER_TIMEOUT_MS: '2000',
    WATCHDOG_SECONDS: '2',
  });
  const { sql, send, rings } = fleet;
  const { token, agentId } = await signUp(fleet);
  // each number is to ring once: a retry minutes later is another test's business
  const once = { maxAttempts: 1 };
  await send('PUT', `/api/v1/retry/config/${agentId}`, { busy: once, no_answer: once, failed: once }, token);

  // one common moment, late enough for the whole file to be in: from then on only priorities decide
  const dueAt = new Date(Date.now() + 4000 + ROWS * 0.5);
  const lines = Array.from(
    { length: ROWS },
    (_, row) => `${numberOf(row, endingOf(row))},${agentId},,${dueAt.toISOString()},UTC,${PRIORITIES[row % 3]}`,
  );
  const csv = ['phoneNumber,agentId,userId,scheduledFor,timezone,priority', ...lines, '12345,agent_1,,,,high'].join('\n');
  const form = new FormData();
  form.set('file', new Blob([csv], { type: 'text/csv' }), 'calls.csv');
  const { importId } = (await send('POST', '/api/v1/bulk/import', form, token)) as { importId: string };

  const rung = (share: number) => patiently(async () => (await rings()).length >= ROWS * share, 5 * MINUTE);
  await rung(0.2);
  await fleet.replace('worker');
  await rung(0.4);
  await fleet.replace('scheduler');
  await rung(0.6);
  const startedAt = Date.now();
  await fleet.replace('api');
  await patiently(async () => {
    const [open] =
      await sql`select count(*)::int as n from calls where status in ('scheduled', 'queued', 'dialing', 'unknown', 'ringing', 'in_progress')`;
    return open?.n === 0;
  }, 8 * MINUTE);
  t.comment(`the last ${Math.round(ROWS * 0.4)} calls took ${Math.round((Date.now() - startedAt) / 1000)} s after the last kill`);

  await t.test('every row is accounted for', async (t) => {
    const status = await send('GET', `/api/v1/bulk/import/${importId}/status`, undefined, token);
    t.match(status, { status: 'completed', totalRows: ROWS + 1, successfulRows: ROWS, failedRows: 1, errors: [{ row: ROWS + 2 }] });
  });

  await t.test('every number rang exactly once', async (t) => {
    const counts = countByNumber(await rings());
    const wrong = Array.from({ length: ROWS }, (_, row) => numberOf(row, endingOf(row))).filter((number) => counts.get(number) !== 1);
    t.same(
      wrong.map((number) => [number, counts.get(number) ?? 0]),
      [],
      'none twice, none never',
    );
    t.equal(counts.size, ROWS, 'and nobody else');
  });

  await t.test('each ended as its number says', async (t) => {
    const rows = await sql`select to_number, status, failure_reason from calls`;
    const wrong = rows.filter((row) => row.status !== STATUS[String(row.to_number).slice(-4)]);
    t.same(
      wrong.map((row) => ({ ...row })),
      [],
    );
  });

  await t.test('high rang before normal before low', async (t) => {
    const rowOf = (ring: Ring) => Number(ring.to.slice(2, 8)) - 200_000;
    const order = (await rings()).map((ring) => rowOf(ring) % 3);
    // what a killed worker held, what its successor holds when the class changes, and what was refused may be late
    const late = 3 * 32;
    for (const [urgent, patient] of [
      [2, 1],
      [1, 0],
    ] as const) {
      const firstPatient = order.indexOf(patient);
      const overtaken = order.slice(firstPatient).filter((priority) => priority === urgent).length;
      t.ok(overtaken <= late, `${overtaken} ${PRIORITIES[urgent]} calls rang after the first ${PRIORITIES[patient]} one`);
    }
    t.ok(order.indexOf(0) > order.indexOf(2), 'the first to ring is urgent');
  });

  await t.test('events, ledger and caps agree', async (t) => {
    const [sums] = await sql`
      select (select sum(amount) from ledger_entries) as ledger, (select sum(balance) from credit_accounts) as balance,
             (select count(*)::int from capacity_leases) as leases,
             (select count(*)::int from (select call_id from call_events where type = 'end' group by call_id having count(*) <> 1) twice) as twice,
             (select count(*)::int from calls c where status <> (select to_status from call_events e where e.call_id = c.id order by e.id desc limit 1)) as astray`;
    t.equal(sums?.ledger, sums?.balance);
    t.match(sums, { leases: 0, twice: 0, astray: 0 });
  });
});
