import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { SURFACE_NAMES } from '../../api/plugin/surface.ts';
import { modulePath, PROJECT } from '../project.ts';
import { admin } from './admin.ts';
import { calling } from './calling.ts';
import { missingFrom, parseDocument } from './document.ts';
import type { Contract } from './endpoint.ts';

/** Each document's table stands in the file of its surface's name, under that name. */
for (const surface of SURFACE_NAMES) {
  const table = modulePath(`test/contract/${surface}`);
  if (!existsSync(table)) continue;
  const contract = ((await import(table)) as Record<string, Contract<string, unknown> | undefined>)[surface];
  if (!contract) throw new Error(`${surface}.ts has no table`);
  const file = join(PROJECT, '..', 'shared', 'contracts', contract.document);
  const skip = existsSync(file) ? false : `the document ${contract.document} is not beside this repository`;
  t.test(`the table has all that ${contract.document} says`, { skip }, async (t) => {
    const document = parseDocument(readFileSync(file, 'utf8'), { base: contract.base, samplesAreTypes: contract.surface === 'omnivox' });
    t.ok(document.endpoints.length >= contract.endpoints.length, 'the document was understood');
    t.strictSame(missingFrom(contract, document), []);
  });
}

/** A document in small, which says what the table knows. */
const SOUND = `
# API
## 🤖 Agents
### Update Agent
\`\`\`http
PUT /agents/:id
Authorization: Bearer <token>
\`\`\`
**Request Body** (all fields optional):
\`\`\`json
{ "name": "Updated Agent Name", "isActive": false }
\`\`\`
**Response** (200 OK):
\`\`\`json
{
  "success": true,
  "message": "Agent updated successfully",
  "data": {
    "_id": "agent_123",
    "name": "Updated Agent Name",
    ...
  }
}
\`\`\`
### List Agents
\`\`\`http
GET /agents
\`\`\`
**Query Parameters**:
- \`isActive\` (optional): \`true\` | \`false\`

**Response** (200 OK):
\`\`\`json
{ "success": true, "data": { "agents": [{ "_id": "agent_123" }], "pagination": { "total": 1 } } }
\`\`\`
## Error Responses
All error responses follow this format:
\`\`\`json
{ "success": false, "message": "text", "error": { "code": "ERROR_CODE", "details": "more" } }
\`\`\`
### Common Error Codes
\`\`\`javascript
{ "NOT_FOUND": "Resource not found" }
\`\`\`
## Rate Limiting
- **API endpoints**: 100 requests per minute
\`\`\`http
X-RateLimit-Limit: 100
\`\`\`
`;

t.test('a table that misses something is told so', async (t) => {
  t.strictSame(missingFrom(calling, parseDocument(SOUND)), [], 'nothing is missing');
  const cases: Array<[what: string, from: string, to: string, missing: string]> = [
    [
      'a field',
      '"name": "Updated Agent Name",\n',
      '"name": "Updated Agent Name",\n    "colour": "red",\n',
      'PUT /agents/:id: field data.colour',
    ],
    ['a field in a list', '[{ "_id": "agent_123" }]', '[{ "_id": "agent_123", "calls": 7 }]', 'GET /agents: field data.agents[].calls'],
    ['a type', '"total": 1', '"total": "1"', 'GET /agents: field data.pagination.total is a string'],
    [
      'a status',
      '**Response** (200 OK):\n```json\n{ "success"',
      '**Response** (206 Partial):\n```json\n{ "success"',
      'GET /agents: status 206',
    ],
    ['an endpoint', 'GET /agents\n', 'GET /agents/newest\n', 'GET /agents/newest of Agents'],
    ['an endpoint of a section', '## 🤖 Agents', '## 🤖 Robots', 'PUT /agents/:id of Robots'],
    ['an input of a body', '"isActive": false', '"mood": "calm"', 'PUT /agents/:id: input mood'],
    ['an input of a query', '- `isActive`', '- `sort`', 'GET /agents: input sort'],
    ['an error field', '"details": "more"', '"details": "more", "hint": "none"', 'errors: field error.hint'],
    ['an error code', '"NOT_FOUND"', '"LOST"', 'errors: code LOST'],
    ['a header', 'X-RateLimit-Limit', 'X-RateLimit-Mood', 'limits: header X-RateLimit-Mood'],
    ['a limit', '100 requests', '99 requests', 'limits: API endpoints 99'],
  ];
  for (const [what, from, to, missing] of cases) {
    t.ok(SOUND.includes(from), `the document has ${from}`);
    t.ok(missingFrom(calling, parseDocument(SOUND.replace(from, to))).includes(missing), `${what}: ${missing}`);
  }
});

/** The same for a document that marks its endpoints in bold, and shows whole errors and models. */
const BOLD = `
# API
- **Admin endpoints**: 60 requests per minute per IP
## Phone Management
### Set Phone Agent
**POST** \`/admin/phones/{phone}/set_agent\`

**Path Parameters:**
- \`phone\`: Phone number (1-20 characters)

**Request Body:**
\`\`\`json
{ "agentId": "agent_123" }
\`\`\`
**Response (200):**
\`\`\`json
{ "phone": "+14155550100", "agentId": "agent_123", "out": { "success": true } }
\`\`\`
### List Phones
**GET** \`/admin/phones\`
## Error Responses
### Not Found (404)
\`\`\`json
{ "error": "Not found" }
\`\`\`
## Data Models
### Phone
\`\`\`json
{
  "number": "string",
  "agentId": "string" | null
}
\`\`\`
`;

t.test('and so is one of a document in bold', async (t) => {
  t.strictSame(missingFrom(admin, parseDocument(BOLD)), [], 'nothing is missing');
  const route = 'POST /admin/phones/:phone/set_agent';
  for (const [from, to, missing] of [
    ['{phone}/set_agent', '{phone}/drop_agent', 'POST /admin/phones/:phone/drop_agent of Phone Management'],
    ['(200)', '(201)', `${route}: status 201`],
    ['"success": true', '"done": true', `${route}: field out.done`],
    ['- `phone`', '- `number`', `${route}: input number`],
    ['{ "agentId": "agent_123" }', '{ "agent": "agent_123" }', `${route}: input agent`],
    ['"Not found"', '"Nothing"', 'errors: the sample of 404'],
    ['  "number": "string"', '  "label": "string"', 'Phone: field label in GET /admin/phones'],
    ['60 requests', '61 requests', 'limits: Admin endpoints 61'],
  ] as const) {
    t.ok(BOLD.includes(from), `the document has ${from}`);
    t.ok(missingFrom(admin, parseDocument(BOLD.replace(from, to))).includes(missing), missing);
  }
});
