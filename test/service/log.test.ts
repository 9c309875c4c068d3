import t from 'tap';
import { openLog } from '../../service/log.ts';

/** One line, as it would be written. */
function lineOf(fields: object): Record<string, unknown> & { err: Record<string, unknown> } {
  const lines: string[] = [];
  const log = openLog({ LOG_LEVEL: 'info' }, 'worker', { write: (line) => void lines.push(line) });
  log.error(fields, 'it fails');
  return JSON.parse(lines.join('')) as ReturnType<typeof lineOf>;
}

t.test('secrets and numbers never reach a log', async (t) => {
  const line = lineOf({ password: 'hunter2hunter2', call: { toPhone: '+14155550123', id: 7 }, toNumber: '+14155550123' });
  t.match(line, {
    name: 'worker',
    msg: 'it fails',
    password: '[redacted]',
    toNumber: '[redacted]',
    call: { toPhone: '[redacted]', id: 7 },
  });
});

t.test('errors are told in full, without the numbers in them', async (t) => {
  const cause = new Error('no answer from +442071838750');
  const error = Object.assign(new Error('could not ring +14155550123', { cause }), {
    code: '23505',
    detail: 'Key (tenant_id, number)=(1, +919876543210) already exists.',
    url: 'https://carrier.example/Calls.json?To=%2B14155550123',
    args: ['+14155550123', 5],
    at: new Date(0),
  });
  const { err } = lineOf({ err: error });
  t.match(err, {
    type: 'Error',
    message: /could not ring \+1\*\*\* \*\*23/,
    stack: /log\.test\.ts/,
    code: '23505',
    detail: 'Key (tenant_id, number)=(1, +91*** **10) already exists.',
    args: ['+1*** **23', 5],
    at: '1970-01-01T00:00:00.000Z',
  });
  t.notMatch(JSON.stringify(err), /4155550123|9876543210|2071838750/);

  const several = lineOf({ err: new AggregateError([cause, new Error('+14155550123 is busy')], 'all failed') });
  t.match(several.err, { message: /all failed/, aggregateErrors: [{ message: String }, { message: '+1*** **23 is busy' }] });
  t.notMatch(JSON.stringify(several), /4155550123|2071838750/);
});
