import { toE164 } from '../phone.ts';
import { ExpressionError, parseVariable } from './expression.ts';
import { templateFault, templateRoots } from './template.ts';
import type { Scalar } from './variable.ts';

export const ACTION_TYPES = ['tag', 'set_field', 'transfer', 'opt_out', 'webhook', 'hang_up'] as const;
export type ActionType = (typeof ACTION_TYPES)[number];

/** What an ACTION node does. */
export type Action =
  | { type: 'tag'; tags: readonly string[] }
  /** `field`: a field of the contact, or a variable of this call; texts of `value` may hold `{{variables}}` */
  | { type: 'set_field'; of: 'contact' | 'vars'; field: string; value: Scalar }
  /** to a number, to one person, or to whoever of the campaign is free */
  | { type: 'transfer'; number?: string; agentId?: string; timeoutSeconds: number }
  | { type: 'opt_out' }
  | { type: 'webhook'; url: string }
  | { type: 'hang_up' };

type Read = { action: Action } | { fault: string };

const LONGEST_TAG = 50;
const MOST_TAGS = 20;
const LONGEST_FIELD = 100;
const LONGEST_VALUE = 1000;
const LONGEST_URL = 2000;
const RING_SECONDS = { byDefault: 20, least: 5, most: 60 };

/** Reads `config.action` of an ACTION node: `{ type, … }`. What it does not know is left out. */
export function readAction(given: Readonly<Record<string, unknown>> | undefined): Read {
  if (!given) return { fault: 'needs config.action' };
  switch (given['type']) {
    case 'tag':
      return readTag(given);
    case 'set_field':
      return readField(given);
    case 'transfer':
      return readTransfer(given);
    case 'webhook':
      return readWebhook(given);
    case 'opt_out':
    case 'hang_up':
      return { action: { type: given['type'] } };
    default:
      return { fault: `config.action.type must be one of ${ACTION_TYPES.join(', ')}` };
  }
}

/** The variables that an action looks at, by the first part of their names. */
export function actionRoots(given: Readonly<Record<string, unknown>> | undefined): string[] {
  const read = readAction(given);
  if (!('action' in read) || read.action.type !== 'set_field') return [];
  return typeof read.action.value === 'string' ? templateRoots(read.action.value) : [];
}

/** Whether the conversation may be over after it, so that it needs no way on. */
export function mayEnd(type: ActionType): boolean {
  return type === 'transfer' || type === 'opt_out' || type === 'hang_up';
}

function readTag({ tag, tags }: Readonly<Record<string, unknown>>): Read {
  const given: unknown[] = Array.isArray(tags) ? tags : [tag];
  const read = given.map((one) => (typeof one === 'string' ? one.trim() : ''));
  if (read.length === 0 || read.length > MOST_TAGS || read.some((one) => one === '' || one.length > LONGEST_TAG)) {
    return { fault: `config.action.tag must be a text of at most ${LONGEST_TAG} characters, or tags a list of at most ${MOST_TAGS}` };
  }
  return { action: { type: 'tag', tags: [...new Set(read)] } };
}

function readField({ field, value }: Readonly<Record<string, unknown>>): Read {
  const name = typeof field === 'string' ? readFieldName(field.trim()) : undefined;
  if (!name || name.field.length > LONGEST_FIELD) {
    return { fault: `config.action.field must be a name such as plan, custom.plan or vars.plan, of at most ${LONGEST_FIELD} characters` };
  }
  const isText = typeof value === 'string';
  if (!isText && typeof value !== 'boolean' && !(typeof value === 'number' && Number.isFinite(value))) {
    return { fault: 'config.action.value must be a text, a number, true or false' };
  }
  if (isText && value.length > LONGEST_VALUE) return { fault: `config.action.value must have at most ${LONGEST_VALUE} characters` };
  const fault = isText ? templateFault(value) : undefined;
  return fault === undefined ? { action: { type: 'set_field', ...name, value } } : { fault: `config.action.value ${fault}` };
}

/** A bare name is one of the contact's custom fields. */
function readFieldName(text: string): { of: 'contact' | 'vars'; field: string } | undefined {
  if (/^[\p{L}_][\p{L}\p{M}\p{N}_ -]*$/u.test(text)) return { of: 'contact', field: text };
  try {
    const path = parseVariable(text);
    const field = path.at(-1) ?? '';
    if (path[0] === 'vars') return { of: 'vars', field };
    return path[0] === 'custom' || path[1] === 'customFields' ? { of: 'contact', field } : undefined;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return undefined;
  }
}

function readTransfer({ number, agentId, timeoutSeconds = RING_SECONDS.byDefault }: Readonly<Record<string, unknown>>): Read {
  const { least, most } = RING_SECONDS;
  if (typeof timeoutSeconds !== 'number' || !(timeoutSeconds >= least && timeoutSeconds <= most)) {
    return { fault: `config.action.timeoutSeconds must be a number from ${least} to ${most}` };
  }
  const phone = typeof number === 'string' ? toE164(number) : undefined;
  if (number !== undefined && phone === undefined) return { fault: 'config.action.number must be an E.164 number such as +919876543210' };
  if (agentId !== undefined && (typeof agentId !== 'string' || !/^(agent_)?[1-9][0-9]{0,15}$/.test(agentId))) {
    return { fault: 'config.action.agentId must look like agent_123' };
  }
  if (phone !== undefined && agentId !== undefined) return { fault: 'config.action may hold a number or an agentId, not both' };
  return { action: { type: 'transfer', number: phone, agentId, timeoutSeconds } };
}

function readWebhook({ url }: Readonly<Record<string, unknown>>): Read {
  if (typeof url !== 'string' || url.length > LONGEST_URL || !/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    return { fault: `config.action.url must be a URL of at most ${LONGEST_URL} characters` };
  }
  return { action: { type: 'webhook', url } };
}
