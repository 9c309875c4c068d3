import t from 'tap';
import type { TenantRole } from '../../core/principal.ts';
import { readHours } from '../../db/query/calling-hours.ts';
import { ask, signUp, startServer } from './helper.ts';

const PATH = '/api/v1/calling-hours';
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const WORKDAYS = [{ days: [1, 2, 3, 4, 5], start: '10:00', end: '16:30' }];

t.test('calling hours: the default, presets, own windows, and back', async (t) => {
  const { app, runtime } = await startServer(t);
  const { headers } = await signUp(app);
  const get = () => ask(app, `GET ${PATH}`, { headers });
  const put = (payload: object) => ask(app, `PUT ${PATH}`, { headers, payload });

  const first = await get();
  t.match(first, { status: 200, body: { success: true } });
  t.match(first.body.data, {
    timezone: 'UTC',
    policy: 'campaigns',
    preset: null,
    windows: [{ days: EVERY_DAY, start: '09:00', end: '18:00' }],
    isOpenNow: Boolean,
    nextOpenAt: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/,
  });
  t.same(first.body.data.holidays, []);
  t.match(await put({}), { status: 422, body: { error: { details: 'body must hold at least one field' } } });
  t.match(
    await put({ holiday: [] }),
    { status: 422, body: { error: { details: /^holiday is not known/ } } },
    'nothing misspelt passes unseen',
  );
  t.match(await put({ preset: 'fr' }), { status: 422, body: { error: { details: 'preset must be one of us, in, null' } } });
  t.match(first.body.data, { appliesTo: /retries/ });

  const us = await put({ preset: 'us', timezone: 'America/New_York', policy: 'all' });
  t.match(us, { status: 200, body: { success: true, message: 'Calling hours updated successfully' } });
  t.match(us.body.data, {
    timezone: 'America/New_York',
    policy: 'all',
    preset: { name: 'us', version: 1, date: /^\d{4}-\d\d-\d\d$/, source: '47 CFR 64.1200(c)(1)', description: /United States/ },
    windows: [{ days: EVERY_DAY, start: '08:00', end: '21:00' }],
    nextOpenAt: /-0[45]:00$/,
  });
  t.match((await get()).body.data, { preset: { name: 'us' }, windows: [{ start: '08:00', end: '21:00' }] }, 'and it is kept');
  t.match((await put({ holidays: ['2025-12-25'] })).body.data, { preset: { name: 'us' }, holidays: ['2025-12-25'] }, 'a holiday leaves it');

  const own = (await put({ windows: [{ days: [5, 1, 1], start: '22:00', end: '02:00', color: 'red' }] })).body.data;
  t.same(own.windows, [{ days: [1, 5], start: '22:00', end: '02:00' }]);
  t.equal(own.preset, null, 'own windows are no preset’s');
  t.match(await put({ preset: null }), { status: 200, body: { data: { windows: [{ start: '22:00' }] } } }, 'there is none to take off');
  t.match((await put({ preset: 'in' })).body.data, { preset: { name: 'in' }, windows: [{ start: '09:00', end: '21:00' }] });
  t.match((await put({ preset: null })).body.data, {
    preset: null,
    windows: [{ start: '09:00', end: '18:00' }],
    timezone: 'America/New_York',
  });

  const holidays = (await put({ holidays: ['2026-01-01', '2025-12-25', '2026-01-01'], preset: null, windows: WORKDAYS })).body.data;
  t.same(holidays.holidays, ['2025-12-25', '2026-01-01'], 'in order, each once');
  t.same(holidays.windows, WORKDAYS);
  t.same((await put({ holidays: [] })).body.data.holidays, []);

  const [tenant] = await runtime.db.sql<Array<{ id: number; kind: string }>>`
    select id, jsonb_typeof(calling_hours) as kind from tenants`;
  t.equal(tenant?.kind, 'array', 'as the dialing rules read it');
  t.match(await readHours(runtime.db.sql, tenant?.id ?? 0), { policy: 'all', windows: WORKDAYS, preset: null, holidays: [] });
  const audit = await runtime.db.sql`select action, detail from audit_log where action = 'calling_hours.change' order by id limit 1`;
  t.match(audit[0], { detail: { before: { policy: 'campaigns', preset: null }, after: { policy: 'all', preset: 'us' } } });
});

t.test('open or not, and when next, in the tenant’s own zone', async (t) => {
  const { app } = await startServer(t);
  const { headers } = await signUp(app);
  const put = async (payload: object) => {
    const { body } = await ask(app, `PUT ${PATH}`, { headers, payload });
    return body.data as { isOpenNow: boolean; nextOpenAt: string };
  };
  const always = await put({ timezone: 'Asia/Kathmandu', windows: [{ days: EVERY_DAY, start: '00:00', end: '24:00' }] });
  t.equal(always.isOpenNow, true);
  t.match(always.nextOpenAt, /\+05:45$/);
  t.ok(Math.abs(Date.parse(always.nextOpenAt) - Date.now()) < 60_000, 'now');

  const day = (offset: number) => new Date(Date.now() + 345 * 60_000 + offset * 86_400_000).toISOString().slice(0, 10);
  const shut = await put({ holidays: [-1, 0, 1, 2].map(day) });
  t.equal(shut.isOpenNow, false);
  t.equal(shut.nextOpenAt, `${day(3)}T00:00:00+05:45`, 'the first midnight there after the holidays');
});

t.test('what would never ring, and what is no hour, day, zone or preset, is refused by name; nothing is written', async (t) => {
  const { app } = await startServer(t);
  const { headers } = await signUp(app);
  const days = (count: number) =>
    Array.from({ length: count }, (_, day) => new Date(Date.now() + (day - 1) * 86_400_000).toISOString().slice(0, 10));
  const window = (change: object) => ({ windows: [{ days: [1], start: '09:00', end: '18:00', ...change }] });
  const cases: Array<[payload: unknown, details: RegExp]> = [
    [{ windows: [] }, /^windows must hold at least one window, or no call would ever ring$/],
    [window({ days: [] }), /^windows\.0\.days must name at least one day/],
    [window({ end: '09:00' }), /^windows\.0\.end must differ from start; a whole day is 00:00 to 24:00$/],
    [{ holidays: days(400) }, /^holidays must leave a time within a year/],
    [{ windows: [{ days: [9], start: '09:00', end: '18:00' }] }, /^windows\.0\.days\.0 must be at most 7/],
    [window({ days: [0] }), /^windows\.0\.days\.0 /],
    [window({ days: 'all' }), /^windows\.0\.days must be a list/],
    [window({ start: '9:00' }), /^windows\.0\.start /],
    [window({ start: '24:00' }), /^windows\.0\.start /],
    [window({ end: '25:00' }), /^windows\.0\.end /],
    [{ windows: [{ days: [1], start: '09:00' }] }, /^windows\.0\.end is required/],
    [{ windows: null }, /^windows must be a list/],
    [{ holidays: ['2025-02-30'] }, /^holidays\.0 must be a day from 1970 to 9999 such as 2025-12-25$/],
    [{ holidays: ['2025-12-25', 'tomorrow'] }, /^holidays\.1 must be a day/],
    [{ holidays: ['2025-12-25T00:00'] }, /^holidays\.0 must have at most 10/],
    [{ timezone: 'Mars/Olympus' }, /^timezone must be an IANA name such as Asia\/Kolkata$/],
    [{ timezone: '+05:30' }, /^timezone /],
    [{ policy: 'never' }, /^policy must be one of campaigns, all/],
    [{ preset: 'uk' }, /^preset /],
    [{ preset: 'us', ...window({}) }, /^windows cannot be given together with preset/],
  ];
  for (const [payload, details] of cases) {
    const answer = await ask(app, `PUT ${PATH}`, { headers, payload });
    t.match(answer, { status: 422, body: { error: { code: 'VALIDATION_ERROR', details } } }, JSON.stringify(payload).slice(0, 100));
  }
  t.match((await ask(app, `GET ${PATH}`, { headers })).body.data, { timezone: 'UTC', preset: null, windows: [{ start: '09:00' }] });
});

t.test('people who manage may change the hours of their own tenant; others may read them', async (t) => {
  const { app, runtime } = await startServer(t);
  const stranger = await signUp(app);
  const as = async (role: TenantRole) => {
    const { headers, email } = await signUp(app);
    await runtime.db.sql`update users set role = ${role} where email = ${email}`;
    return { answer: await ask(app, `PUT ${PATH}`, { headers, payload: { preset: 'in' } }), headers };
  };
  const agent = await as('agent');
  t.match(agent.answer, { status: 403, body: { error: { code: 'FORBIDDEN' } } });
  t.match(await ask(app, `GET ${PATH}`, { headers: agent.headers }), { status: 200, body: { data: { preset: null } } }, 'unchanged');
  for (const role of ['manager', 'admin', 'owner'] as const) t.match((await as(role)).answer, { status: 200 }, role);
  t.match(await ask(app, `GET ${PATH}`, { headers: stranger.headers }), { status: 200, body: { data: { preset: null } } }, 'not theirs');
  for (const what of [`GET ${PATH}`, `PUT ${PATH}`, `GET ${PATH}/presets`])
    t.equal((await ask(app, what, { payload: {} })).status, 401, what);
});

t.test('presets are listed with their source, and all of it is in the API’s description', async (t) => {
  const { app } = await startServer(t);
  const { headers } = await signUp(app);
  t.match(await ask(app, `GET ${PATH}/presets`, { headers }), {
    status: 200,
    body: {
      success: true,
      data: [
        { name: 'us', version: 1, source: /47 CFR/, windows: [{ days: EVERY_DAY, start: '08:00', end: '21:00' }] },
        { name: 'in', version: 1, source: /TRAI/, windows: [{ days: EVERY_DAY, start: '09:00', end: '21:00' }] },
      ],
    },
  });
  const { paths } = (await ask(app, 'GET /docs/calling/json')).body;
  t.match(paths[PATH].get, { tags: ['Calling Hours'], security: [{ bearer: [] }] });
  t.same(Object.keys(paths[PATH].put.responses).sort(), ['200', '400', '401', '403', '413', '415', '422', '429', '500', '503']);
  const { data } = paths[PATH].put.responses['200'].content['application/json'].schema.properties;
  t.match(data.properties, { preset: { properties: { source: {}, version: {} } }, nextOpenAt: {}, isOpenNow: {} });
  t.ok(paths[`${PATH}/presets`].get);
});
