import type { Schema } from './openapi.ts';

/** What is tested of each answer: its status, and that it has the documented shape. */
export function testsOf(status: number, schema: Schema | undefined, more: readonly string[] = []): string[] {
  return [`pm.test('Status is ${status}', () => pm.response.to.have.status(${status}));`, ...(schema ? shapeTest(schema) : []), ...more];
}

function shapeTest(schema: Schema): string[] {
  const [first = '', ...rest] = JSON.stringify(shapeOf(schema), null, 2).split('\n');
  return [`pm.test('Body has the documented shape', () => pm.response.to.have.jsonSchema(${first}`, ...rest.slice(0, -1), `}));`];
}

/** The schema without what only people read. */
function shapeOf({ type, properties, required, items, anyOf, enum: words, const: only }: Schema): Schema {
  return {
    ...(type !== undefined && { type }),
    ...(only !== undefined && { const: only }),
    ...(words && { enum: words }),
    ...(required && { required }),
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, shapeOf(field)])) }),
    ...(items && { items: shapeOf(items) }),
    ...(anyOf && { anyOf: anyOf.map(shapeOf) }),
  };
}

/** Keeps a field of the answer for the requests that follow. */
export function keep(variable: string, path: string): string {
  return `if (pm.response.code < 300) pm.environment.set('${variable}', pm.response.json().${path});`;
}

const STORE_TOKENS = [`pm.environment.set('accessToken', tokens.access);`, `pm.environment.set('refreshToken', tokens.refresh);`];

/** The login's: its tokens are those of all requests from now on. */
export const storeTokens = [
  `pm.test('Stores the tokens', () => {`,
  `  const { tokens, user } = pm.response.json();`,
  `  pm.expect(user.role).to.eql('admin');`,
  ...STORE_TOKENS.map((line) => `  ${line}`),
  `});`,
];

/** Before what ends a session: a new one, so that each of these works by itself and the run goes on. */
export const logInAnew = [
  `pm.sendRequest({`,
  `  url: pm.variables.replaceIn('{{baseUrl}}/auth/login'),`,
  `  method: 'POST',`,
  `  header: { 'Content-Type': 'application/json' },`,
  `  body: { mode: 'raw', raw: pm.variables.replaceIn('{"email":"{{adminEmail}}","password":"{{adminPassword}}"}') },`,
  `}, (error, answer) => {`,
  `  if (error || answer.code !== 200) throw new Error('Log in: ' + (error || answer.status));`,
  `  const { tokens } = answer.json();`,
  ...STORE_TOKENS.map((line) => `  ${line}`),
  `});`,
];

/** Asks again, half a second later and twenty times at most, until the import is over. */
export const untilImported = [
  `const { status } = pm.response.json();`,
  `const tries = Number(pm.environment.get('importTries') || 0);`,
  `if (['pending', 'processing'].includes(status) && tries < 20) {`,
  `  pm.environment.set('importTries', tries + 1);`,
  `  setTimeout(() => pm.execution.setNextRequest(pm.info.requestName), 500);`,
  `} else {`,
  `  pm.environment.unset('importTries');`,
  `  pm.test('The import is completed', () => pm.expect(status).to.eql('completed'));`,
  `}`,
];
