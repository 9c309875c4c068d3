import fc from 'fast-check';
import t from 'tap';
import { ConfigError, parseConfig } from '../../core/config.ts';
import { AppError, badField, badFields, ERROR_CODES } from '../../core/errors.ts';
import { formatId, parseId } from '../../core/id.ts';
import { priceCall, type Rate } from '../../core/money.ts';
import { MAX_OFFSET, offsetOf, pageCount } from '../../core/page.ts';
import { isE164, maskPhones, toE164 } from '../../core/phone.ts';
import { PRIORITY, PRIORITY_NAMES, priorityName } from '../../core/priority.ts';
import { holds } from './holds.ts';

t.test('phone numbers', async (t) => {
  for (const good of ['+919876543210', '+15005550006', '+2901234', '+123456789012345']) t.ok(isE164(good), good);
  const bad = [
    '',
    '+',
    '919876543210',
    '+0123456789',
    '+123456',
    '+1234567890123456',
    '+1 500 555 0006',
    '+1500-5550006',
    '+15005550006\n',
    '+１５００５５５０００６',
    '++15005550006',
  ];
  for (const text of bad) t.notOk(isE164(text), JSON.stringify(text));
  for (const written of [
    '+49 (151) 2345-0001',
    ' +49.151.2345.0001 ',
    "'+4915123450001",
    '+49\u00a0151\u20132345\u20110001',
    '+4915123450001',
  ])
    t.equal(toE164(written), '+4915123450001', written);
  for (const text of [
    '',
    '+',
    '0151 2345-0001',
    '(49) 151 2345 0001',
    '0049 151 23450001',
    '+49 151 2345 000l',
    '+49/151/23450001',
    '+0 151 23450001',
  ])
    t.equal(toE164(text), undefined, text);
});

t.test('ids', async (t) => {
  t.equal(formatId('call', 123), 'call_123');
  for (const text of ['call_123', '123', 123]) t.equal(parseId('call', text), 123);
  t.equal(parseId('call', String(Number.MAX_SAFE_INTEGER)), Number.MAX_SAFE_INTEGER);
  const bad = [
    '',
    'call_',
    'agent_123',
    'call_0',
    '0',
    '-1',
    -1,
    '01',
    '1.5',
    1.5,
    '1e3',
    ' 1',
    'call_call_1',
    'CALL_1',
    '9007199254740993',
    '99999999999999999999',
    NaN,
    Infinity,
  ];
  for (const text of bad) t.equal(parseId('call', text), undefined, String(text));
  holds(
    t,
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (id) => parseId('import', formatId('import', id)) === id),
  );
});

t.test('pages', async (t) => {
  t.equal(offsetOf({ page: 1, limit: 10 }), 0);
  t.equal(offsetOf({ page: 3, limit: 25 }), 50);
  t.ok(MAX_OFFSET > 0);
  const cases: Array<[total: number, limit: number, pages: number]> = [
    [0, 10, 0],
    [1, 10, 1],
    [10, 10, 1],
    [11, 10, 2],
  ];
  for (const [total, limit, pages] of cases) t.equal(pageCount(total, limit), pages, `${total} by ${limit}`);
});

t.test('priorities: the most urgent is the smallest number', async (t) => {
  t.strictSame(
    [...PRIORITY_NAMES].sort((a, b) => PRIORITY[a] - PRIORITY[b]),
    ['high', 'normal', 'low'],
  );
  for (const name of PRIORITY_NAMES) t.equal(priorityName(PRIORITY[name]), name);
});

const RATES: Rate[] = [
  { component: 'carrier', unit: 'started_minute', price: 0.014 },
  { component: 'stt', unit: 'minute', price: 0.006 },
  { component: 'tts', unit: 'thousand_characters', price: 0.015 },
  { component: 'llm', unit: 'thousand_tokens', price: 0.002 },
];

t.test('what a call costs', async (t) => {
  const charges = priceCall(RATES, { durationSeconds: 61, spokenCharacters: 1500, tokens: 250 });
  t.strictSame(charges, [
    { component: 'carrier', quantity: 2, unitPrice: 0.014, amount: 0.028, description: '2 × min at $0.014' },
    { component: 'stt', quantity: 1.017, unitPrice: 0.006, amount: 0.006102, description: '1.017 × min at $0.006' },
    { component: 'tts', quantity: 1.5, unitPrice: 0.015, amount: 0.0225, description: '1.5 × 1,000 characters at $0.015' },
    { component: 'llm', quantity: 0.25, unitPrice: 0.002, amount: 0.0005, description: '0.25 × 1,000 tokens at $0.002' },
  ]);
  t.strictSame(priceCall(RATES, { durationSeconds: 0, spokenCharacters: 0, tokens: 0 }), [], 'what was not used is not charged');
  t.strictSame(priceCall([], { durationSeconds: 60, spokenCharacters: 1, tokens: 1 }), [], 'what has no rate is not charged');
  for (const [seconds, minutes] of [
    [1, 1],
    [59, 1],
    [60, 1],
    [61, 2],
    [120, 2],
    [121, 3],
  ] as const) {
    t.equal(priceCall(RATES, { durationSeconds: seconds, spokenCharacters: 0, tokens: 0 })[0]?.quantity, minutes, `${seconds} s started`);
  }
});

t.test('amounts are rounded as on paper, half a millionth upwards', async (t) => {
  const price = (quantity: number, unitPrice: number) => {
    const rate: Rate = { component: 'llm', unit: 'thousand_tokens', price: unitPrice };
    return priceCall([rate], { durationSeconds: 0, spokenCharacters: 0, tokens: quantity * 1000 })[0]?.amount;
  };
  t.equal(price(90.975, 0.07474), 6.799472, 'floats alone say 6.799471');
  holds(
    t,
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 0, max: 1_000_000 }), (thousandths, millionths) => {
      const onPaper = (BigInt(thousandths) * BigInt(millionths) + 500n) / 1000n;
      return price(thousandths / 1000, millionths / 1_000_000) === Number(onPaper) / 1_000_000;
    }),
    { numRuns: 2000 },
  );
});

t.test('errors for a client', async (t) => {
  const bare = new AppError('not_found', 'No such call');
  t.match(bare, { name: 'AppError', code: 'not_found', message: 'No such call', fields: [], retryAfterSeconds: undefined });
  t.ok(bare instanceof Error);
  t.equal(new AppError('rate_limited', 'Slower', { retryAfterSeconds: 7 }).retryAfterSeconds, 7);
  t.match(badField('email', 'is required'), { code: 'validation', message: 'email is required' });
  t.match(badField('email', 'email is required'), { message: 'email is required', fields: [{ message: 'is required' }] }, 'named once');
  t.match(badField('name', 'names nobody'), { message: 'name names nobody' });
  t.match(
    badFields([
      { field: 'a', message: 'is required', in: 'body' },
      { field: 'b', message: 'must be a text', in: 'body' },
    ]),
    { code: 'validation', message: 'a is required; b must be a text', fields: { length: 2 } },
  );
  t.strictSame(badField('page', 'is too deep', 'query').fields, [{ field: 'page', message: 'is too deep', in: 'query' }]);
  t.strictSame(badField('email', 'is required').fields, [{ field: 'email', message: 'is required', in: 'body' }]);
  t.equal(new Set(ERROR_CODES).size, ERROR_CODES.length);
});

t.test('a configuration from nothing', async (t) => {
  const config = parseConfig({});
  t.match(config, {
    production: false,
    PORT: 4000,
    PUBLIC_URL: 'http://127.0.0.1:4000',
    TWILIO_BASE_URL: 'http://127.0.0.1:4010',
    MACHINE_DETECTION: true,
    RATE_LIMIT_WHITELIST: [],
  });
  t.ok(Object.isFrozen(config));
  t.strictSame(parseConfig({ PORT: '', REDIS_URL: '', SOMETHING_ELSE: 'x' }), config, 'empty is unset, strange names are ignored');
});

t.test('values are read by their type', async (t) => {
  const config = parseConfig({
    PORT: '8080',
    PUBLIC_URL: 'https://calls.example.com//',
    RATE_LIMIT_FACTOR: '0.5',
    MACHINE_DETECTION: 'FALSE',
    RATE_LIMIT_WHITELIST: ' 10.0.0.1, ,10.0.0.2 ',
    JWT_SECRET: '12345678901234567890123456789012',
  });
  t.match(config, { PORT: 8080, PUBLIC_URL: 'https://calls.example.com', RATE_LIMIT_FACTOR: 0.5, MACHINE_DETECTION: false });
  t.strictSame(config.RATE_LIMIT_WHITELIST, ['10.0.0.1', '10.0.0.2']);
  t.equal(config.JWT_SECRET, '12345678901234567890123456789012', 'digits stay text where text is asked for');
});

function complaint(env: Record<string, string>): string {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

t.test('Exotel: its pace, its sandbox, and what production asks for', async (t) => {
  const development = parseConfig({ CARRIER: 'exotel', EXOTEL_FROM_NUMBER: '+918012345678' });
  t.match(development, { EXOTEL_BASE_URL: 'http://127.0.0.1:4010', EXOTEL_API_KEY: /./, callerId: '+918012345678' });
  t.equal(Math.round(development.CARRIER_CALLS_PER_SECOND * 60), 200, '200 a minute');
  t.equal(parseConfig({ CARRIER: 'exotel', CARRIER_CALLS_PER_SECOND: '10' }).CARRIER_CALLS_PER_SECOND, 10, 'unless more was agreed on');
  t.equal(parseConfig({}).CARRIER_CALLS_PER_SECOND, 100);
  t.equal(parseConfig({}).EXOTEL_API_KEY, '');
  t.match(parseConfig({ EXOTEL_API_KEY: 'mine' }), { EXOTEL_BASE_URL: 'https://api.exotel.com' });
  t.match(parseConfig({ EXOTEL_BASE_URL: 'https://api.in.exotel.com/' }), { EXOTEL_BASE_URL: 'https://api.in.exotel.com' });

  t.equal(parseConfig(PRODUCTION).EXOTEL_WEBHOOK_SECRET, '', 'with another carrier the default lets nobody in');
  const { TWILIO_ACCOUNT_SID: _account, TWILIO_AUTH_TOKEN: _token, TWILIO_FROM_NUMBER: _from, ...rest } = PRODUCTION;
  const own = {
    EXOTEL_ACCOUNT_SID: 'acme1',
    EXOTEL_API_KEY: 'key',
    EXOTEL_API_TOKEN: 'token',
    EXOTEL_APP_ID: '77',
    EXOTEL_WEBHOOK_SECRET: 'w'.repeat(32),
    EXOTEL_FROM_NUMBER: '+918012345678',
  };
  const production = { ...rest, CARRIER: 'exotel', ...own };
  t.match(parseConfig(production), { ...own, EXOTEL_BASE_URL: 'https://api.exotel.com', callerId: own.EXOTEL_FROM_NUMBER });
  for (const name of Object.keys(own)) {
    t.match(complaint({ ...production, [name]: '' }), new RegExp(`${name}: is required in production`), name);
    if (name !== 'EXOTEL_API_KEY') {
      const known = parseConfig({})[name as keyof typeof own];
      t.match(complaint({ ...production, [name]: known }), new RegExp(`${name}: `), `${name} is the one everybody knows`);
    }
  }
});

t.test('bad values are refused by name', async (t) => {
  const bad: Record<string, string[]> = {
    NODE_ENV: ['staging', 'Production'],
    PORT: ['http', '-1', '65536', '4000.5', '1e3', '0x10', 'true', '40 00'],
    DATABASE_POOL: ['0', '1', '1.5'],
    RATE_LIMIT_FACTOR: ['0', '-1', 'fast', 'Infinity', 'NaN', 'true'],
    ACCESS_TOKEN_TTL: ['59'],
    UPLOAD_MAX_BYTES: ['0', '10MB'],
    CARRIER: ['acme'],
    MACHINE_DETECTION: ['yes', '2'],
    JWT_SECRET: ['short', 'a'.repeat(31)],
    SECRETS_KEY: ['short'],
    SURFACE_PORTS: ['5000', '5000=nobody', 'dashboard'],
    SIGNUP_CREDIT: ['-0.01'],
    MILLIS_PHONE_IMPORT: ['twilio', '[]', 'null', '{'],
    LOG_LEVEL: ['loud', 'INFO'],
    OPT_OUT_KEY: ['99', '#'],
    PUBLIC_URL: ['calls.example.com', 'https:calls.example.com', 'ftp://calls.example.com', 'https://'],
    OTEL_EXPORTER_OTLP_ENDPOINT: ['127.0.0.1:4318'],
  };
  for (const [name, values] of Object.entries(bad)) {
    for (const value of values) {
      const said = complaint({ [name]: value }).split('\n');
      t.match(said, ['Bad configuration:', new RegExp(`^  ${name}: .+`)], `${name}=${value}`);
      t.equal(said.length, 2, 'once');
    }
  }
  const both = complaint({ PORT: 'x', CARRIER: 'y' });
  t.match(both, /PORT: /);
  t.match(both, /CARRIER: /, 'all of them at once');
});

t.test('what a variable may be is said in words', async (t) => {
  const said = (env: Record<string, string>) => complaint(env).split('\n  ')[1];
  t.equal(said({ CARRIER: 'acme' }), 'CARRIER: must be one of twilio, exotel, millis, null');
  t.equal(said({ PORT: 'http' }), 'PORT: must be a whole number from 0 to 65535');
  t.equal(said({ DATABASE_POOL: '1' }), 'DATABASE_POOL: must be a whole number, 2 or more');
  t.equal(said({ SANDBOX_SPEED: '0' }), 'SANDBOX_SPEED: must be a number above 0');
  t.equal(said({ SIGNUP_CREDIT: '-1' }), 'SIGNUP_CREDIT: must be a number, 0 or more');
  t.equal(said({ RECORD_CALLS: 'maybe' }), 'RECORD_CALLS: must be true or false');
  t.equal(said({ OPT_OUT_KEY: '99' }), 'OPT_OUT_KEY: must be a digit or *');
  t.equal(said({ LLM_BASE_URL: 'api.openai.com' }), 'LLM_BASE_URL: must be an address such as https://host.example.com');
});

t.test('addresses: those that a password breaks are refused by name, and nothing of them is told', async (t) => {
  const addresses = {
    DATABASE_URL: [
      'postgres://u:PASSWORD@db:5432/x',
      'postgres://u:PASSWORD@one:5432,two:5433/x',
      'postgresql:///x?host=/var/run/postgresql',
      'postgres://u:a+b=%2F@[::1]/x',
    ],
    REDIS_URL: ['redis://redis:6379', 'rediss://u:PASSWORD@redis:6379/1', 'redis://:PASSWORD@redis'],
    LLM_BASE_URL: ['https://api.openai.com/v1', 'http://127.0.0.1:1/a@b'],
  };
  for (const [name, values] of Object.entries(addresses)) {
    for (const value of values) t.equal(complaint({ [name]: value }), '', value);
  }
  for (const password of ['ab/PASSWORD', '12/PASSWORD', '/PASSWORD', '12?PASSWORD', '12#PASSWORD', 'PASSWORD%zz']) {
    for (const [name, value] of [
      ['DATABASE_URL', `postgres://u:${password}@db:5432/x`],
      ['REDIS_URL', `redis://u:${password}@redis:6379`],
    ] as const) {
      const said = complaint({ [name]: value });
      t.match(said, new RegExp(`^  ${name}: must be an address such as .*password`, 'm'), value);
      t.notMatch(said, 'PASSWORD');
    }
  }
});

const PRODUCTION = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://db/dialfleet',
  PUBLIC_URL: 'https://calls.example.com',
  JWT_SECRET: 'x'.repeat(32),
  SECRETS_KEY: 'z'.repeat(32),
  TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'y'.repeat(32),
  TWILIO_FROM_NUMBER: '+14155550100',
};

t.test('a secret that everybody knows signs nothing that others can reach', async (t) => {
  for (const HOST of ['127.0.0.1', '::1', 'localhost']) t.equal(complaint({ HOST }), '', HOST);
  for (const HOST of ['0.0.0.0', '::', '10.0.0.5', 'calls.example.com']) {
    t.match(complaint({ HOST }), /JWT_SECRET: /, HOST);
    t.equal(complaint({ HOST, JWT_SECRET: 'x'.repeat(32) }), '', `${HOST} with a secret of its own`);
    t.equal(complaint({ HOST, NODE_ENV: 'test' }), '', `${HOST} in a test`);
  }
});

t.test('credit to start with: to try it out, and in production only when somebody says so', async (t) => {
  t.equal(parseConfig({}).SIGNUP_CREDIT, 1000);
  t.equal(parseConfig(PRODUCTION).SIGNUP_CREDIT, 0);
  t.equal(parseConfig({ ...PRODUCTION, SIGNUP_CREDIT: '25.5' }).SIGNUP_CREDIT, 25.5);
  t.equal(parseConfig({ SIGNUP_CREDIT: '0' }).SIGNUP_CREDIT, 0);
});

t.test('numbers in a text are masked', async (t) => {
  t.equal(
    maskPhones('Key (number)=(+14155550123) exists; to=%2B919876543210&x=1, +12 and 14155550123 stay'),
    'Key (number)=(+1*** **23) exists; to=+91*** **10&x=1, +12 and 14155550123 stay',
  );
});

t.test('production starts with secrets of its own, and with nothing less', async (t) => {
  t.match(parseConfig(PRODUCTION), { production: true, TWILIO_BASE_URL: 'https://api.twilio.com' });
  const { NODE_ENV: _, ...required } = PRODUCTION;
  const publicKnowledge = parseConfig({});
  for (const name of Object.keys(required) as Array<keyof typeof required>) {
    const { [name]: _without, ...rest } = PRODUCTION;
    t.match(complaint(rest), new RegExp(`${name}: is required in production`), `${name} is missing`);
    if (name === 'DATABASE_URL' || name === 'PUBLIC_URL') continue;
    t.match(complaint({ ...rest, [name]: publicKnowledge[name] }), new RegExp(`${name}: `), `${name} is the one everybody knows`);
  }
});

t.test('Millis: the sandbox without a key, the company with one; and what production asks for follows the carrier', async (t) => {
  t.match(parseConfig({ CARRIER: 'millis' }), { MILLIS_BASE_URL: 'http://127.0.0.1:4010', MILLIS_API_KEY: /./, callerId: '+15005550006' });
  t.equal(parseConfig({}).MILLIS_API_KEY, '', 'no key, no Millis beside another carrier');
  t.match(parseConfig({ MILLIS_API_KEY: 'mine' }), { MILLIS_BASE_URL: 'https://api-eu-west.millis.ai', MILLIS_API_KEY: 'mine' });
  t.match(parseConfig({ MILLIS_API_KEY: 'mine', MILLIS_BASE_URL: 'http://localhost:1/' }), { MILLIS_BASE_URL: 'http://localhost:1' });
  t.strictSame(parseConfig({ MILLIS_PHONE_IMPORT: '{"provider":"twilio"}' }).MILLIS_PHONE_IMPORT, { provider: 'twilio' });
  t.equal(parseConfig({ CARRIER: 'millis', MILLIS_FROM_NUMBER: '+14155550101' }).callerId, '+14155550101');

  const { TWILIO_ACCOUNT_SID: _account, TWILIO_AUTH_TOKEN: _token, TWILIO_FROM_NUMBER: _from, ...rest } = PRODUCTION;
  const own = { MILLIS_API_KEY: 'key', MILLIS_WEBHOOK_SECRET: 'w'.repeat(32), MILLIS_FROM_NUMBER: '+14155550101' };
  const production = { ...rest, CARRIER: 'millis', ...own };
  t.match(parseConfig(production), { production: true, MILLIS_BASE_URL: 'https://api-eu-west.millis.ai' });
  for (const name of Object.keys(own))
    t.match(complaint({ ...production, [name]: '' }), new RegExp(`${name}: is required in production`), name);
});
