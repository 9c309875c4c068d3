import { parseId } from '../../core/id.ts';

/** 123 → `sess_123`: the dashboard calls a call a session. */
export function sessionIdOf(callId: number): string {
  return `sess_${callId}`;
}

/** The call that `sess_123`, `session_123`, `call_123` or `123` names; undefined: none can be. */
export function callIdOf(text: string): number | undefined {
  const [, digits = text] = /^sess(?:ion)?_(\d+)$/.exec(text) ?? [];
  return parseId('call', digits);
}
