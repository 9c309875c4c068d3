import type { Schema } from './openapi.ts';

/** Stands for every moment, so that the same documents make the same text. */
export const MOMENT = '2025-01-01T00:00:00.000Z';

/** The documents' own values (contract: admin), for what the schemas show no example of. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  _id: 'user_1',
  access: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...',
  agentId: 'agent_123',
  approvedBy: 'user_1',
  campaignId: 'campaign_456',
  carrier: 'millis',
  direction: 'outbound',
  durationSec: 330,
  email: 'user@example.com',
  endedAt: '2025-09-01T10:05:30.000Z',
  from: '+14155550100',
  id: 'user_1',
  ip: '203.0.113.7',
  name: 'John Doe',
  number: '+14155550100',
  page: 1,
  pageSize: 50,
  phone: '+14155550100',
  reason: 'Meets compliance requirements',
  refresh: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...',
  role: 'user',
  startedAt: '2025-09-01T10:00:00.000Z',
  tags: ['vip', 'premium'],
  tenantId: 'tenant_1',
  to: '+14155550101',
  token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...',
  total: 1,
  totalPages: 1,
  userAgent: 'PostmanRuntime/7.39.1',
  userPhone: '+14155550100',
};

/** A value of this schema: its own example, else the documents' for a field of this name, else the plainest there is. */
export function exampleOf(schema: Schema, name = ''): unknown {
  const [own] = [...(schema.examples ?? []), schema.example, schema.const, schema.enum?.[0]].filter((value) => value !== undefined);
  if (own !== undefined) return own;
  if (schema.anyOf?.[0]) return exampleOf(schema.anyOf[0], name);
  const types = [schema.type ?? []].flat();
  if (types.includes('object')) {
    return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, field]) => [key, exampleOf(field, key)]));
  }
  const sample = SAMPLES[name];
  if (sample !== undefined && types.includes(typeOf(sample))) return sample;
  if (schema.default !== undefined) return schema.default;
  if (types.includes('array')) return schema.items ? [exampleOf(schema.items, name)] : [];
  if (types.includes('boolean')) return true;
  if (types.includes('integer') || types.includes('number')) return schema.minimum ?? 0;
  if (types.includes('null')) return null;
  return name.endsWith('At') || name === 'timestamp' ? MOMENT : 'text';
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'number' ? 'integer' : typeof value;
}
