/** Drives a running system along a document's table: first every way to ask wrongly, then the examples as they stand. */
import type { Test } from 'tap';
import { openTokens } from '../../service/tokens.ts';
import type { Answer, System } from '../system.ts';
import { type BuiltEndpoint, builtEndpoints, type Contract, type Example, nameOf } from './endpoint.ts';
import { complaintsAbout } from './shape.ts';

/** Where the examples are sent to, and as whom. */
export interface Stage<Code extends string, W> {
  system: System;
  contract: Contract<Code, W>;
  world: W;
  /** of the user whose things the world is made of, and of somebody else's */
  tokens: { owner: string; stranger: string };
}

type Row<Code extends string, W> = BuiltEndpoint<Code, W>;

/** Sends an example; parts of the path and query that it does not give come from the row's own. */
export function send<Code extends string, W>(
  { system, contract, world }: Stage<Code, W>,
  row: Row<Code, W>,
  given: Example,
  token: string | undefined,
): Promise<Answer> {
  const example = row.example(world);
  const query = new URLSearchParams({ ...given.query }).toString();
  let form: FormData | undefined;
  if (given.form) {
    form = new FormData();
    for (const [name, value] of Object.entries(given.form)) form.set(name, value);
  }
  const path = pathOf(contract, row, given.params ?? example.params);
  const headers = token === undefined ? undefined : contract.proof?.(token);
  return system.request(row.method, `${path}${query && `?${query}`}`, { ...(headers ? { headers } : { token }), json: given.json, form });
}

function pathOf<Code extends string, W>({ base }: Contract<Code, W>, row: Row<Code, W>, params: Example['params']): string {
  return `${base}${row.path.replace(/:(\w+)/g, (_, name: string) => params?.[name] ?? name)}`;
}

/** Every wrong way: fields, ids, tokens, broken JSON. Each is refused in the document's form. */
export async function askWrongly<Code extends string, W>(t: Test, stage: Stage<Code, W>): Promise<void> {
  const { contract, world, tokens } = stage;
  for (const row of builtEndpoints(contract)) {
    const token = row.auth === 'bearer' ? tokens.owner : undefined;
    await t.test(`${nameOf(row)}, asked wrongly`, async (t) => {
      for (const { what, example, ...expected } of [...(row.wrong ?? []), ...wrongBodies(stage, row)]) {
        await t.test(what, async (t) => checkError(t, stage, row, await send(stage, row, example(world), token), expected));
      }
      if (row.auth === 'bearer') await checkGuard(t, stage, row);
      if (row.path.includes(':')) await checkIds(t, stage, row);
      if (row.example(world).json) await checkBrokenJson(t, stage, row, token);
    });
  }
}

/** The examples as documented: status, words, and every field with its type. */
export async function askAsDocumented<Code extends string, W>(t: Test, stage: Stage<Code, W>): Promise<void> {
  const { contract, world, tokens } = stage;
  for (const row of builtEndpoints(contract)) {
    await t.test(`${nameOf(row)} as documented`, async (t) => {
      const example = row.example(world);
      const { status, headers, body } = await send(stage, row, example, row.auth === 'bearer' ? tokens.owner : undefined);
      t.equal(status, row.status, 'status');
      if (!row.withoutHeaders) for (const header of contract.limitHeaders) t.match(headers.get(header), /^\d+$/, header);
      if (row.type !== undefined) {
        t.match(headers.get('content-type'), row.type);
        return;
      }
      if (row.status === 204) {
        t.equal(body, undefined, 'no content');
        return;
      }
      t.match(headers.get('content-type'), /^application\/json/);
      if (!row.bare) t.equal(body?.success, true);
      if (row.message) t.equal(body?.message, row.message);
      t.strictSame(complaintsAbout(body, row.fields), [], 'every documented field, with its type');
      const documented = [
        ...(row.bare ? [] : ['success']),
        ...(row.message ? ['message'] : []),
        ...Object.keys(row.fields).map((path) => path.split(/[.[]/, 1)[0] ?? ''),
      ];
      t.strictSame(
        Object.keys(body ?? {}).sort(),
        [...new Set([...documented, ...(row.beside ?? []), ...(row.shared?.topLevel ?? [])])].sort(),
        'nothing else around it',
      );
      t.strictSame(echoed(example.json, row.bare ? body : body?.data, row.renews), [], 'what was sent comes back');
    });
  }
  const unknown = await stage.system.request('GET', `${contract.base}/no/such/path`, { token: tokens.owner });
  t.equal(unknown.status, 404, 'an unknown path');
}

export function checkError<Code extends string, W>(
  t: Test,
  { contract }: Pick<Stage<Code, W>, 'contract'>,
  row: Row<Code, W>,
  { status, body }: Answer,
  expected: { status: number; code: string; field?: string },
): void {
  const code = row.shared ? body?.code : contract.codeOf ? contract.codeOf(body) : body?.error?.code;
  t.strictSame(
    { status, code, success: body?.success },
    { status: expected.status, code: expected.code, success: row.shared || !contract.codeOf ? false : undefined },
    'status and code',
  );
  const forms = row.shared ? [row.shared.errors] : (contract.errorForms ?? [contract.errorFields]);
  const [complaints] = forms.map((form) => complaintsAbout(body, form)).sort((a, b) => a.length - b.length);
  t.strictSame(complaints, [], 'the form of an error');
  if (!row.shared && !row.bare) {
    const documented = Object.keys(contract.errorFields).map((path) => path.split('.', 1)[0] ?? '');
    t.strictSame(Object.keys(body ?? {}).sort(), [...new Set(documented)].sort());
  }
  if (expected.field) t.match(JSON.stringify(body), expected.field, 'the field is named');
}

/** What was sent and comes back under the same name is the same. */
function echoed(json: Example['json'], answer: Record<string, unknown> | undefined, renews: readonly string[] = []): string[] {
  return Object.entries(json ?? {}).flatMap(([name, sent]) => {
    const got = answer?.[name];
    const isSameMoment = typeof got === 'string' && typeof sent === 'string' && Date.parse(got) === Date.parse(sent);
    if (renews.includes(name) || got === undefined || got === sent || isSameMoment || typeof sent === 'object') return [];
    return [`${name}: sent ${JSON.stringify(sent)}, got ${JSON.stringify(got)}`];
  });
}

/** A stranger's request names no id of theirs; what is left is about the path alone. */
function withoutIds({ json, ...rest }: Example): Example {
  return json
    ? {
        ...rest,
        json: Object.fromEntries(Object.entries(json).filter(([name, value]) => !/^[a-z]+_\d+$/.test(String(value)) && !/Id$/.test(name))),
      }
    : rest;
}

/** Each required field left out, and each field as something that no field is. */
function wrongBodies<Code extends string, W>({ contract, world }: Stage<Code, W>, row: Row<Code, W>) {
  const { json } = row.example(world);
  if (!json) return [];
  const status = row.shared?.validationStatus ?? contract.validationStatus;
  const wrong = (what: string, field: string, body: Record<string, unknown>) => ({
    what,
    field,
    status,
    code: 'VALIDATION_ERROR',
    example: () => ({ json: body }),
  });
  const without = (field: string) => Object.fromEntries(Object.entries(json).filter(([name]) => name !== field));
  const objects = new Set(Object.entries(json).flatMap(([name, value]) => (typeof value === 'object' ? [name] : [])));
  const plain = Object.keys(json).filter((field) => !objects.has(field));
  return [
    ...(row.required ?? []).map((field) => wrong(`without ${field}`, field, without(field))),
    ...plain.map((field) => wrong(`an object for ${field}`, field, { ...json, [field]: { in: 'an object' } })),
    ...[...objects].map((field) => wrong(`a text for ${field}`, field, { ...json, [field]: 'a text' })),
    ...plain.map((field) => wrong(`a NUL in ${field}`, field, { ...json, [field]: 'a\u0000b' })),
  ];
}

async function checkGuard<Code extends string, W>(t: Test, stage: Stage<Code, W>, row: Row<Code, W>): Promise<void> {
  const { system, contract, world } = stage;
  const example = row.example(world);
  const claims = { sessionId: 1, userId: 1, tenantId: 1 };
  const expired = openTokens(system.config.JWT_SECRET).signAccess(claims, -60);
  const forged = openTokens('x'.repeat(32)).signAccess(claims, 60);
  const { missing, bad, expired: late } = row.shared?.guardCodes ?? contract.guardCodes;
  for (const [what, token, code] of [
    ['no token', undefined, missing],
    ['no token at all', 'nonsense', bad],
    ['a forged token', forged, bad],
    ['an expired token', expired, late],
  ] as const) {
    await t.test(what, async (t) => checkError(t, stage, row, await send(stage, row, example, token), { status: 401, code }));
  }
}

/** Ids of somebody else, of nothing, of another kind, and texts that are none. */
async function checkIds<Code extends string, W>(t: Test, stage: Stage<Code, W>, row: Row<Code, W>): Promise<void> {
  const { contract, world, tokens } = stage;
  const { notFound } = contract.guardCodes;
  const example = row.example(world);
  const { forStrangers = { status: 404, code: notFound }, longestId = 40 } = contract;
  checkError(t, stage, row, await send(stage, row, withoutIds(example), tokens.stranger), forStrangers);
  for (const [id, status, code] of [
    ['999999999', 404, notFound],
    ['tenant_1', 404, notFound],
    ['nonsense', 404, notFound],
    ['0', 404, notFound],
    ['%00', 400, 'VALIDATION_ERROR'],
    ['9'.repeat(longestId + 1), 400, 'VALIDATION_ERROR'],
  ] as const) {
    const params = Object.fromEntries(Object.keys(example.params ?? {}).map((name) => [name, id]));
    checkError(t, stage, row, await send(stage, row, { ...example, params }, tokens.owner), { status, code });
  }
}

async function checkBrokenJson<Code extends string, W>(
  t: Test,
  stage: Stage<Code, W>,
  row: Row<Code, W>,
  token: string | undefined,
): Promise<void> {
  const proof = token === undefined ? {} : (stage.contract.proof?.(token) ?? { authorization: `Bearer ${token}` });
  const headers = { 'content-type': 'application/json', ...proof };
  const path = pathOf(stage.contract, row, row.example(stage.world).params);
  const response = await fetch(`${stage.system.url}${path}`, { method: row.method, headers, body: '{"name": ' });
  const answer = { status: response.status, headers: response.headers, body: await response.json() };
  checkError(t, stage, row, answer, { status: 400, code: 'VALIDATION_ERROR' });
}
