import { pino } from 'pino';
import t, { type Test } from 'tap';
import { parseConfig } from '../../core/config.ts';
import { beat, uptimePercent } from '../../db/query/heartbeats.ts';
import { logIn, signUp } from '../../service/accounts.ts';
import { ensureFirstAdmin } from '../../service/first-admin.ts';
import { startHeartbeat } from '../../service/health.ts';
import { openPasswords } from '../../service/passwords.ts';
import { openRuntime } from '../../service/runtime.ts';
import { authenticate, logOut, openAuth } from '../../service/sessions.ts';
import { createTestDatabase } from '../database.ts';
import { eventually } from '../eventually.ts';

const quiet = pino({ level: 'silent' });
const ADMIN = { ADMIN_EMAIL: 'Boss@example.com', ADMIN_PASSWORD: 'correct-horse-battery', SIGNUP_CREDIT: 50 };
const HERE = { ip: '127.0.0.1', userAgent: 'test' };

async function open(t: Test, databaseUrl?: string) {
  const DATABASE_URL = databaseUrl ?? (await createTestDatabase(t)).url;
  const runtime = openRuntime(parseConfig({ NODE_ENV: 'test', CARRIER: 'null', DATABASE_URL, DATABASE_POOL: '6' }), quiet, 'test');
  const auth = await openAuth(runtime);
  t.teardown(async () => {
    await auth.close();
    await runtime.close();
  });
  return { runtime, auth, databaseUrl: DATABASE_URL };
}

t.test('the first administrator is made once, however many processes start', async (t) => {
  const { runtime, auth, databaseUrl } = await open(t);
  const config = { ...ADMIN, DATABASE_URL: databaseUrl };
  t.equal(await ensureFirstAdmin({ ...config, ADMIN_PASSWORD: '' }, quiet), undefined, 'nothing to do when unset');
  const answers = await Promise.all(Array.from({ length: 5 }, () => ensureFirstAdmin(config, quiet)));
  t.equal(answers.filter((answer) => answer?.created).length, 1);
  t.same(new Set(answers.map((answer) => answer?.email)), new Set(['boss@example.com']));
  t.same(await ensureFirstAdmin({ ...config, ADMIN_EMAIL: 'second@example.com' }, quiet), { email: 'boss@example.com', created: false });
  const { user } = await logIn(auth, { email: 'boss@example.com', password: ADMIN.ADMIN_PASSWORD }, HERE);
  t.match(user, { platformRole: 'admin', role: 'owner' });
  const [account] = await runtime.db.sql`select balance, auto_refill from credit_accounts where tenant_id = ${user.tenantId}`;
  t.match(account, { balance: /^50(\.0+)?$/, auto_refill: true });
});

t.test('whoever took the administrator’s address before loses it', async (t) => {
  const { runtime, auth, databaseUrl } = await open(t);
  await ensureFirstAdmin({ ...ADMIN, ADMIN_PASSWORD: 'squatters password', DATABASE_URL: databaseUrl }, quiet);
  await runtime.db.sql`update users set platform_role = 'user'`;
  await runtime.db.sql`update credit_accounts set auto_refill = false`;
  const squatter = await logIn(auth, { email: ADMIN.ADMIN_EMAIL, password: 'squatters password' }, HERE);
  t.same(await ensureFirstAdmin({ ...ADMIN, DATABASE_URL: databaseUrl }, quiet), { email: 'boss@example.com', created: true });
  await t.rejects(logIn(auth, { email: ADMIN.ADMIN_EMAIL, password: 'squatters password' }, HERE), { code: 'invalid_credentials' });
  await t.rejects(authenticate(auth, squatter.login.access), { code: 'unauthorized' });
  t.equal((await logIn(auth, { email: ADMIN.ADMIN_EMAIL, password: ADMIN.ADMIN_PASSWORD }, HERE)).user.platformRole, 'admin');
  t.same(await runtime.db.sql`select auto_refill from credit_accounts`, [{ auto_refill: true }]);
});

t.test('whoever signs up starts with the credit there is, and no more; an address that is none is no fault of ours', async (t) => {
  const { runtime, auth } = await open(t);
  const addresses = ['10.1.2.3', '2001:db8::1', '10.1.2.3:5678', '[2001:db8::1]:5678', 'fe80::1%eth0', 'unknown', '', undefined];
  for (const [n, ip] of addresses.entries()) {
    const { user } = await signUp(
      auth,
      { email: `p${n}@example.com`, password: 'SecurePassword123!', name: 'P' },
      { ip, userAgent: undefined },
    );
    const [session] = await runtime.db.sql`select host(ip) as ip from auth_sessions where user_id = ${user.id}`;
    t.equal(session?.ip, n < 2 ? ip : null, `from ${ip}`);
  }
  t.same(await runtime.db.sql`select distinct balance::int as balance, auto_refill from credit_accounts`, [
    { balance: 1000, auto_refill: false },
  ]);
});

t.test('an unusable administrator is refused', async (t) => {
  const config = { ...ADMIN, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
  await t.rejects(ensureFirstAdmin({ ...config, ADMIN_EMAIL: 'boss' }, quiet), { name: 'ConfigError', message: /ADMIN_EMAIL: is not an/ });
  await t.rejects(ensureFirstAdmin({ ...config, ADMIN_PASSWORD: 'password123' }, quiet), {
    name: 'ConfigError',
    message: /ADMIN_PASSWORD: must/,
  });
  await t.rejects(
    ensureFirstAdmin({ ...config, ADMIN_PASSWORD: 'elevenchars' }, quiet),
    /ADMIN_PASSWORD: must have at least 12 characters/,
  );
  await t.rejects(ensureFirstAdmin({ ...config, ADMIN_PASSWORD: 'seven77' }, quiet), /at least 12 characters/, 'not of others');
});

t.test('passwords: argon2id with the parameters we promise; a flood is turned away', async (t) => {
  const passwords = openPasswords();
  const hashed = await passwords.hash('correct horse');
  t.match(hashed, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  t.equal(await passwords.verify(hashed, 'correct horse'), true);
  t.equal(await passwords.verify(hashed, 'wrong horse'), false);
  t.equal(
    await passwords.verify(undefined, 'nobody has this password'),
    false,
    'no hash, no match, not even with the stand-in’s own password',
  );
  const flood = await Promise.allSettled(Array.from({ length: 210 }, () => passwords.verify(hashed, 'x')));
  const refused = flood.filter((result) => result.status === 'rejected');
  t.equal(refused.length, 8, 'two at work, two hundred waiting');
  t.match(refused[0]?.reason, { code: 'unavailable', retryAfterSeconds: Number });
  t.equal(await passwords.verify(hashed, 'correct horse'), true, 'and it goes on');
});

t.test('a known token costs no query, until somebody says that it changed', async (t) => {
  const { runtime, auth, databaseUrl } = await open(t);
  const other = await open(t, databaseUrl);
  await ensureFirstAdmin({ ...ADMIN, DATABASE_URL: databaseUrl }, quiet);
  const { login } = await logIn(auth, { email: ADMIN.ADMIN_EMAIL, password: ADMIN.ADMIN_PASSWORD }, HERE);
  const who = await authenticate(auth, login.access);
  t.match(who, { sessionId: login.sessionId, role: 'owner', platformRole: 'admin', email: 'boss@example.com' });
  t.equal(await authenticate(auth, login.access), who, 'the very same answer');
  await authenticate(other.auth, login.access);

  await runtime.db.sql`update users set role = 'agent'`;
  t.equal((await authenticate(auth, login.access)).role, 'owner', 'nobody said so yet');
  await runtime.db.sql`select pg_notify('dialfleet_sessions', ${`user:${who.userId}`})`;
  await eventually(async () => (await authenticate(auth, login.access)).role === 'agent');

  await logOut(auth, login.sessionId);
  await t.rejects(authenticate(auth, login.access), { code: 'unauthorized' });
  await eventually(
    async () => (await authenticate(other.auth, login.access).catch((error: { code: string }) => error.code)) === 'unauthorized',
  );
});

t.test('a log-in that a change of its user overtakes opens no session', async (t) => {
  const { runtime, auth } = await open(t);
  const { sql } = runtime.db;
  const account = { email: 'late@example.com', password: 'SecurePassword123!', name: 'Late' };
  const { user } = await signUp(auth, account, HERE);
  await sql`update auth_sessions set revoked_at = now()`;
  for (const change of [sql`is_active = false`, sql`password_hash = 'another'`]) {
    const { password_hash: hashBefore } = (
      await sql<Array<{ password_hash: string }>>`select password_hash from users where id = ${user.id}`
    )[0]!;
    let late: Promise<unknown> | undefined;
    await sql.begin(async (tx) => {
      await tx`update users set ${change} where id = ${user.id}`;
      // its password is right still: it sees what is committed
      late = logIn(auth, account, HERE).then(
        () => 'opened',
        (error: { code: string }) => error.code,
      );
      await eventually(async () => {
        // not in the transaction, which would see the same activity again and again
        const [{ waiting } = { waiting: 0 }] = await sql<Array<{ waiting: number }>>`
          select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        return waiting > 0;
      });
      await tx`update auth_sessions set revoked_at = now() where user_id = ${user.id} and revoked_at is null`;
    });
    t.equal(await late, 'invalid_credentials');
    t.same(await sql`select 1 from auth_sessions where revoked_at is null`, []);
    await sql`update users set is_active = true, password_hash = ${hashBefore} where id = ${user.id}`;
  }
});

t.test('after its ear was cut off, a server believes nothing it remembers', async (t) => {
  const { runtime, auth, databaseUrl } = await open(t);
  await ensureFirstAdmin({ ...ADMIN, DATABASE_URL: databaseUrl }, quiet);
  const { login } = await logIn(auth, { email: ADMIN.ADMIN_EMAIL, password: ADMIN.ADMIN_PASSWORD }, HERE);
  await authenticate(auth, login.access);
  t.equal(auth.seen.byToken.size, 1);
  const { epoch } = auth.seen;
  await runtime.db.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and query ilike 'listen%'`;
  await eventually(() => auth.seen.epoch > epoch);
  t.equal(auth.seen.byToken.size, 0);
  await logOut(auth, login.sessionId);
  await t.rejects(authenticate(auth, login.access), { code: 'unauthorized' });
});

t.test('uptime is counted from the minutes in which somebody was alive', async (t) => {
  const { runtime } = await open(t);
  const { sql } = runtime.db;
  t.equal(await uptimePercent(sql, 'api', 30), undefined, 'nothing is known yet');
  const heart = { processId: runtime.processId, role: 'api', host: 'here', pid: 1, startedAt: new Date() };
  await beat(sql, heart);
  await beat(sql, heart);
  t.equal(await uptimePercent(sql, 'api', 30), 100);
  await sql`insert into uptime_minutes (role, minute) select 'api', floor(extract(epoch from now()) / 60) - m from generate_series(5, 9) m`;
  t.equal(await uptimePercent(sql, 'api', 30), 60, '6 of the last 10 minutes');
  await sql`insert into uptime_minutes (role, minute) values ('api', 1), ('worker', 5)`;
  t.equal(await uptimePercent(sql, 'api', 30), 60, 'older than 30 days does not count');
  await startHeartbeat(runtime, 'worker');
  t.equal((await sql`select 1 from heartbeats`).length, 1, 'one row a process');
});
