import { invalid, type Refusal } from './refusal.ts';

export type Json = Record<string, unknown>;

/** What the creator of a call asked for. */
export interface MillisOrder {
  to: string;
  from: string;
  metadata: Json;
  agentId: string | undefined;
  /** undefined: that of the agent */
  agentConfig: Json | undefined;
}

const E164 = /^\+[1-9][0-9]{6,14}$/;

/** Reads the body of `/start_outbound_call`: the first thing wrong is the answer. */
export function readOrder(body: unknown): MillisOrder | Refusal {
  const fields = objectOf(body) ?? {};
  for (const name of ['from_phone', 'to_phone']) {
    const number = fields[name];
    if (typeof number !== 'string' || number === '') return invalid('body', name);
    if (!E164.test(number)) return invalid('body', name, 'invalid phone number');
  }
  if (fields['metadata'] !== undefined && !objectOf(fields['metadata'])) return invalid('body', 'metadata', 'value is not a valid dict');
  return {
    to: String(fields['to_phone']),
    from: String(fields['from_phone']),
    metadata: objectOf(fields['metadata']) ?? {},
    agentId: textOf(fields['agent_id']),
    agentConfig: objectOf(fields['agent_config']),
  };
}

export function objectOf(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The value at the end of a way through objects. */
export function at(value: unknown, ...names: string[]): unknown {
  return names.reduce<unknown>((inner, name) => objectOf(inner)?.[name], value);
}
