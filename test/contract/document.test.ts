import { existsSync, readFileSync } from 'node:fs';
import t from 'tap';
import { calling } from './calling.ts';
import type { dialer } from './dialer.ts';
import { type Document, missingFrom, parseDocument } from './document.ts';
import type { omnivox } from './omnivox.ts';
import { CONTRACTS } from './table.ts';

/** Each table has a world of its own. */
function missingOf(contract: (typeof CONTRACTS)[number], document: Document): string[] {
  switch (contract.surface) {
    case 'dialer':
      return missingFrom(contract as typeof dialer, document);
    case 'omnivox':
      return missingFrom(contract as typeof omnivox, document);
    default:
      return missingFrom(contract as typeof calling, document);
  }
}

for (const contract of CONTRACTS) {
  const file = new URL(`../../../shared/contracts/${contract.document}`, import.meta.url);
  const skip = existsSync(file) ? false : `the document ${contract.document} is not beside this repository`;
  t.test(`the table has all that ${contract.document} says`, { skip }, async (t) => {
    const document = parseDocument(readFileSync(file, 'utf8'), { base: contract.base, samplesAreTypes: contract.surface === 'omnivox' });
    t.ok(document.endpoints.length >= contract.endpoints.length, 'the document was understood');
    t.strictSame(missingOf(contract, document), []);
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
