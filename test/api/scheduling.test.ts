import t from 'tap';
import { type Answer, ask, NUMBER, settle, startServer } from './helper.ts';

interface SchedulePage {
  data: Array<{ _id: string }>;
  pagination: object;
}

const DAILY = { toPhone: NUMBER, pattern: 'daily', time: '10:00', timezone: 'Asia/Kolkata', startDate: '2099-11-01' };

t.test('recurring schedules: made, listed, counted, cancelled', async (t) => {
  const { app, runtime } = await startServer(t);
  const { headers, agentId } = await settle(app);
  const post = (change: object) => ask(app, 'POST /api/v1/scheduling/recurring', { headers, payload: { ...DAILY, agentId, ...change } });
  const list = async (query = '', who = headers): Promise<SchedulePage> =>
    (await ask(app, `GET /api/v1/scheduling/list${query}`, { headers: who })).body as SchedulePage;
  const idOf = ({ body }: Answer) => (body as { data: { _id: string } }).data._id;
  const numberOf = (id: string) => id.slice('schedule_'.length);
  const remove = (id: string, who = headers) => ask(app, `DELETE /api/v1/scheduling/recurring/${id}`, { headers: who });
  t.same(await list(), { success: true, data: [], pagination: { total: 0, page: 1, limit: 50, pages: 0 } });

  const more = { endDate: '2099-11-30', businessHoursOnly: true, context: 'Order 7', priority: 'high' };
  const made = await post({ ...more, tenantId: 999, isActive: false, nextRunAt: '2025-01-01T00:00:00Z' });
  t.equal(made.status, 201);
  const { createdAt } = made.body.data;
  const id = idOf(made);
  t.same(made.body, {
    success: true,
    message: 'Recurring call scheduled successfully',
    data: {
      ...DAILY,
      ...more,
      _id: id,
      agentId,
      isActive: true,
      nextRunAt: '2099-11-01T04:30:00.000Z',
      lastRunAt: null,
      createdAt,
    },
  });
  t.match(id, /^schedule_\d+$/);

  const weekly = await post({ pattern: 'weekly', startDate: '2098-01-01', agentId: agentId.slice('agent_'.length) });
  t.match(weekly.body.data, { agentId, endDate: null, businessHoursOnly: false, context: null, priority: 'normal' });
  const over = await post({ pattern: 'monthly', startDate: '2097-01-31' });
  await runtime.db.sql`update schedules set is_active = false, next_run_at = null where id = ${numberOf(idOf(over))}`;
  const idsOf = ({ data }: SchedulePage) => data.map((schedule) => schedule._id);
  const soonest = [idOf(weekly), id, idOf(over)];
  t.same(idsOf(await list()), soonest, 'soonest first, those that are over last');
  t.same((await list()).data[1], made.body.data, 'the same as when it was made');
  t.same(idsOf(await list('?isActive=true')), soonest.slice(0, 2));
  t.match(await list('?isActive=false'), { data: [{ isActive: false, nextRunAt: null }], pagination: { total: 1 } });
  const second = await list('?page=2&limit=1');
  t.same([idsOf(second), second.pagination], [[id], { total: 3, page: 2, limit: 1, pages: 3 }]);
  t.match(await ask(app, 'GET /api/v1/scheduling/list?page=5000&limit=100', { headers }), {
    status: 400,
    body: { error: { code: 'VALIDATION_ERROR', details: /^page lies beyond/ } },
  });

  const stranger = await settle(app);
  t.same((await list('', stranger.headers)).data, [], 'nobody else sees it');
  t.match(await remove(id, stranger.headers), { status: 404, body: { success: false, error: { code: 'NOT_FOUND' } } });
  t.match(
    await ask(app, 'POST /api/v1/scheduling/recurring', { headers: stranger.headers, payload: { ...DAILY, agentId } }),
    { status: 422, body: { error: { code: 'INVALID_AGENT_ID', details: /^agentId / } } },
    'nor calls with another’s agent',
  );

  t.match(await remove(id), { status: 200, body: { success: true, message: 'Recurring schedule cancelled successfully' } });
  t.equal((await remove(id)).status, 404, 'it is gone');
  t.equal((await remove(numberOf(idOf(weekly)))).status, 200, 'the bare number will do');
  t.same(idsOf(await list()), [idOf(over)], 'cancelled ones are not listed');
  t.equal((await remove(idOf(over))).status, 200, 'one that is over can still be put away');
  t.match(await list(), { data: [], pagination: { total: 0 } });
});

t.test('statistics count calls that wait and the runs to come', async (t) => {
  const { app } = await startServer(t);
  const { headers, agentId } = await settle(app);
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  await ask(app, 'POST /api/v1/calls/outbound', { headers, payload: { toPhone: NUMBER, agentId, scheduledFor: inAnHour } });
  const payload = { toPhone: NUMBER, agentId, pattern: 'daily', time: inAnHour.slice(11, 16), timezone: 'UTC' };
  await ask(app, 'POST /api/v1/scheduling/recurring', { headers, payload });
  await ask(app, 'POST /api/v1/scheduling/recurring', { headers, payload: { ...payload, startDate: '2099-01-01' } });
  const { body } = await ask(app, 'GET /api/v1/scheduling/stats', { headers });
  t.same(body.data.scheduledCalls, { next24Hours: 2, nextWeek: 8 });
});
