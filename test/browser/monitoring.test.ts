import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { PASSWORD, signUp, startServer } from '../api/helper.ts';
import { eventually } from '../eventually.ts';

const CHROMIUM = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path): path is string => path !== undefined && existsSync(path),
);
const PATIENCE_MS = 15_000;

let browser: Browser | undefined;

/** A page of its own, with what it complains about. */
async function openPage(t: Test, options: Parameters<Browser['newContext']>[0] = {}) {
  const context = await browser?.newContext(options);
  if (!context) throw new Error('No browser');
  t.teardown(() => context.close());
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, complaints };
}

const figure = (page: Page, name: string) => page.locator(`[data-figure="${name}"]`);

async function logIn(page: Page, email: string, password = PASSWORD) {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

/** Resolves when a figure reads so. */
async function reads(page: Page, name: string, text: string) {
  await figure(page, name)
    .filter({ hasText: new RegExp(`^${text}$`) })
    .waitFor();
}

t.test('the monitoring page in a browser', { skip: CHROMIUM ? false : 'no Chromium here: set CHROMIUM_PATH to run this' }, async (t) => {
  browser = await chromium.launch({ executablePath: CHROMIUM, chromiumSandbox: false });
  t.teardown(() => browser?.close());
  const { app, runtime } = await startServer(t);
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/api/v1/monitoring/dashboard`;
  const { sql } = runtime.db;

  await t.test('log in, live figures that change, charts, log out', async (t) => {
    const owner = await signUp(app);
    const { page, complaints } = await openPage(t, { reducedMotion: 'reduce' });
    const foreign: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(new URL(url).origin) && !request.url().startsWith('data:')) foreign.push(request.url());
    });
    await page.goto(url);
    t.equal(await page.getByRole('heading', { name: 'Log in' }).isVisible(), true);
    t.equal(await page.locator('#board').isVisible(), false, 'nothing is shown to strangers');
    await logIn(page, owner.email);
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    await reads(page, 'ringing', '0');
    await reads(page, 'database', 'healthy');
    t.match(await figure(page, 'memory').textContent(), /^\d+(\.\d)? %$/);

    await sql`insert into agents (tenant_id, kind, name) select id, 'ai', 'An agent' from tenants`;
    await sql`insert into calls (tenant_id, agent_id, status, to_number) select tenant_id, id, 'ringing', '+14155550100' from agents`;
    await sql`insert into call_slots (tenant_id, slot, direction, status, calls, duration_seconds, cost)
      select id, date_bin('15 minutes', now(), 'epoch'), 'outbound', 'no_answer', 1234, 0, 0 from tenants`;
    await reads(page, 'ringing', '1');
    await page.getByRole('cell', { name: 'no answer' }).waitFor();
    await page.getByRole('cell', { name: '1,234' }).waitFor();
    t.match(await figure(page, 'rate').textContent(), /^\d+\.\d$/, 'what ended in between, by the second');

    for (const id of ['chart-calls', 'chart-rate', 'chart-time', 'chart-load']) {
      const painted = await page.locator(`#${id} canvas`).evaluate((canvas) => {
        const { width, height } = canvas as unknown as { width: number; height: number };
        const context = (
          canvas as unknown as { getContext(kind: '2d'): { getImageData(...box: number[]): { data: Uint8ClampedArray } } }
        ).getContext('2d');
        return new Set(context.getImageData(0, 0, width, height).data).size;
      });
      t.ok(painted > 2, `${id} is drawn`);
    }
    await page.setViewportSize({ width: 400, height: 800 });
    // the charts are drawn anew in their next frame
    const overflow = async () => Number(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'));
    await eventually(async () => (await overflow()) <= 1);
    t.pass('it fits a small screen');
    await page.reload();
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    t.pass('who was logged in still is after a reload');

    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    t.equal(await page.locator('#board').isVisible(), false);
    t.equal(await page.evaluate('sessionStorage.length'), 0, 'no token is left');
    t.same(complaints, [], 'no error, no refusal by the content security policy');
    t.same(foreign, [], 'everything comes from here');
  });

  await t.test('who may not look is told so; a session that ends elsewhere ends here', async (t) => {
    const agent = await signUp(app);
    await sql`update users set role = 'agent' where email = ${agent.email}`;
    const { page } = await openPage(t, { colorScheme: 'dark' });
    await page.goto(url);
    await logIn(page, agent.email, 'wrong');
    await page.getByRole('alert').filter({ hasText: 'Invalid email or password' }).waitFor();
    await logIn(page, agent.email);
    await page.getByRole('alert').filter({ hasText: 'owners and administrators' }).waitFor();
    t.equal(await page.locator('#board').isVisible(), false);

    const owner = await signUp(app);
    await logIn(page, owner.email);
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    await sql`update auth_sessions set revoked_at = now(), revoked_reason = 'test' where user_id = (select id from users where email = ${owner.email})`;
    await page.getByRole('alert').filter({ hasText: 'log in again' }).waitFor();
    t.equal(await page.evaluate('sessionStorage.length'), 0);
  });

  await t.test('a lost connection is said, and mends by itself', async (t) => {
    const owner = await signUp(app);
    const { page } = await openPage(t);
    await page.goto(url);
    await logIn(page, owner.email);
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    await page.route('**/monitoring/stream', (route) => route.abort());
    app.server.closeAllConnections();
    await page.getByRole('status').filter({ hasText: 'Connection lost' }).waitFor();
    await page.unroute('**/monitoring/stream');
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    t.pass('live again');
  });
});
