import { EMAIL } from '../core/contact/row.ts';
import type { LeadStatus } from '../core/contact/status.ts';
import { uniqueTags } from '../core/contact/tags.ts';
import { AppError, badField, fieldError } from '../core/errors.ts';
import { parseId } from '../core/id.ts';
import { joinName, splitName } from '../core/person-name.ts';
import { toE164 } from '../core/phone.ts';
import type { Principal } from '../core/principal.ts';
import { isZone } from '../core/time/zone.ts';
import { brokenUnique, type Sql, withDeadlockRetry } from '../db/client.ts';
import { cancelCall } from '../db/query/call-request.ts';
import {
  type Contact,
  type ContactFacts,
  deleteContact,
  findContact,
  insertContact,
  isOnTheList,
  lockContact,
  moveContact,
  updateContact as writeContact,
} from '../db/query/contacts.ts';
import { lockChain } from '../db/query/retries.ts';
import { noteChange } from './changes.ts';
import { suppressWith } from './do-not-call.ts';
import { leadUpdated } from './lead-event.ts';
import type { Runtime } from './runtime.ts';
import { emit } from './webhooks.ts';

/** What a person may say of a contact; what is left out stays as it is. */
export interface ContactInput {
  phone?: string;
  /** in one piece, or in two */
  name?: string | null;
  firstName?: string;
  lastName?: string;
  email?: string | null;
  /** IANA name */
  timezone?: string | null;
  status?: LeadStatus;
  /** merged with what is there; null takes a field away */
  customFields?: Record<string, unknown>;
  tags?: readonly string[];
  /** `campaign_12` or 12; null: none */
  campaignId?: string | number | null;
}

/** What a surface calls the fields that can be wrong. */
export interface FieldNames {
  phone: string;
  customFields: string;
}

const MAX_CUSTOM_CHARACTERS = 100_000;
const NO_CAMPAIGN = 'does not name a campaign of this account';
const NOBODY: Omit<ContactFacts, 'phone'> = {
  ...{ name: null, firstName: null, lastName: null, email: null, timezone: null, status: 'new' as const },
  ...{ customFields: {}, tags: [], campaignId: null },
};

/**
 * Adds a contact. In a campaign it waits for its first dial; `do_not_call` also puts its number on the do-not-call list.
 * @throws AppError invalid_phone_number; validation naming the field; duplicate when the campaign has the number already
 */
export async function createContact(
  runtime: Runtime,
  who: Principal,
  input: ContactInput & { phone: string },
  names: FieldNames,
): Promise<Contact> {
  const facts = { ...merged(NOBODY, input, names), phone: phoneOf(input.phone, names), campaignId: campaignIdOf(input.campaignId) ?? null };
  const contact = await change(runtime, who, facts.status === 'do_not_call', names, async (sql) => {
    const made = await insertContact(sql, who.tenantId, facts);
    if (!made) throw badField('campaignId', NO_CAMPAIGN);
    return made;
  });
  await noteContacts(runtime, who.tenantId, contact.campaignId !== null);
  return contact;
}

/** @throws AppError not_found, also for another tenant's */
export async function getContact(runtime: Runtime, tenantId: number, id: number): Promise<Contact> {
  const contact = await findContact(runtime.db.sql, tenantId, id);
  if (!contact) throw notFound();
  return contact;
}

/**
 * Changes a contact. Moved to another campaign it waits there as if it were new. The status `do_not_call` puts its number on
 * the do-not-call list, and stays as long as it is there: only a release takes it off. Tells `lead.updated`.
 * @throws AppError as `createContact`; not_found; conflict when its number or campaign would change while it is being called, or its
 * status while its number is on the list
 */
export async function updateContact(
  runtime: Runtime,
  who: Principal,
  id: number,
  input: ContactInput,
  names: FieldNames,
): Promise<Contact> {
  const { tenantId } = who;
  const phone = input.phone === undefined ? undefined : phoneOf(input.phone, names);
  const campaignId = campaignIdOf(input.campaignId);
  let moves = false;
  const contact = await change(runtime, who, input.status === 'do_not_call', names, async (sql) => {
    const old = await lockContact(sql, tenantId, id);
    if (!old) throw notFound();
    moves = campaignId !== undefined && campaignId !== old.campaignId;
    const isOther = moves || (phone !== undefined && phone !== old.phone);
    if (isOther && old.dialState === 'in_line') {
      throw new AppError('conflict', 'The contact is being called: its number and its campaign can change when its calls are over');
    }
    const facts = { ...merged(old, input, names), phone: phone ?? old.phone };
    if (old.status === 'do_not_call' && facts.status !== old.status && (await isOnTheList(sql, tenantId, facts.phone))) {
      throw new AppError('conflict', 'The number is on the do-not-call list: release it first, then change the status');
    }
    if (moves && !(await moveContact(sql, tenantId, id, campaignId ?? null, facts.phone))) throw badField('campaignId', NO_CAMPAIGN);
    const written = await writeContact(sql, tenantId, id, facts);
    await emit(sql, leadUpdated(tenantId, written));
    return written;
  });
  await noteContacts(runtime, tenantId, moves);
  return contact;
}

const REMOVE_TRIES = 5;

/**
 * Removes a contact: it is in no list and no count any more, and is not called again; a call of it that waits is cancelled, and one that is
 * on the line goes on to its end. What was said and done stays in the history of calls.
 * @throws AppError not_found
 */
export async function removeContact(runtime: Runtime, { tenantId }: Principal, id: number): Promise<void> {
  for (let tries = 0; tries < REMOVE_TRIES; tries++) {
    if (!(await withDeadlockRetry(() => runtime.db.sql.begin((sql) => removeOnce(sql, tenantId, id))))) continue;
    await noteContacts(runtime, tenantId, true);
    await noteChange(runtime, tenantId, 'calls');
    return;
  }
  throw new AppError('conflict', 'The contact changes all the time: try again');
}

/** False: it was put in line or settled in between. Locks calls before contacts, as who ends a call does. */
async function removeOnce(sql: Sql, tenantId: number, id: number): Promise<boolean> {
  const seen = await findContact(sql, tenantId, id);
  if (!seen) throw notFound();
  const rootId = seen.dialState === 'in_line' && seen.rootCallId !== null ? await lockChain(sql, tenantId, seen.rootCallId) : undefined;
  if (!(await deleteContact(sql, tenantId, seen))) return false;
  if (rootId !== undefined) await cancelCall(sql, rootId);
  return true;
}

/** One transaction; an opt-out goes past the turnstile with it. @throws AppError duplicate naming the phone */
async function change(
  runtime: Runtime,
  who: Principal,
  isOptOut: boolean,
  names: FieldNames,
  work: (sql: Sql) => Promise<Contact>,
): Promise<Contact> {
  try {
    if (isOptOut) return await suppressWith(runtime, who, who.role === 'agent' ? 'agent' : 'api', work);
    return await withDeadlockRetry(() => runtime.db.sql.begin(work));
  } catch (error) {
    if (brokenUnique(error) !== 'contacts_campaign_phone') throw error;
    throw fieldError('duplicate', names.phone, 'is in this campaign already');
  }
}

/** What is known after an input. @throws AppError validation */
function merged(
  old: Omit<ContactFacts, 'phone' | 'campaignId'>,
  input: ContactInput,
  names: FieldNames,
): Omit<ContactFacts, 'phone' | 'campaignId'> {
  if (typeof input.timezone === 'string' && !isZone(input.timezone))
    throw badField('timezone', 'must be an IANA name such as Asia/Kolkata');
  if (typeof input.email === 'string' && !EMAIL.test(input.email)) throw badField('email', 'must have the form of jane@example.com');
  return {
    ...namesOf(old, input),
    email: input.email === undefined ? old.email : input.email,
    timezone: input.timezone === undefined ? old.timezone : input.timezone,
    status: input.status ?? old.status,
    customFields: input.customFields === undefined ? old.customFields : mergedFields(old.customFields, input.customFields, names),
    tags: input.tags === undefined ? old.tags : uniqueTags(input.tags),
  };
}

function namesOf(old: Pick<ContactFacts, 'name' | 'firstName' | 'lastName'>, { name, firstName, lastName }: ContactInput) {
  if (firstName !== undefined || lastName !== undefined) {
    const parts = { firstName: (firstName ?? old.firstName ?? '').trim(), lastName: (lastName ?? old.lastName ?? '').trim() };
    return { name: name?.trim() || joinName(parts) || null, firstName: parts.firstName || null, lastName: parts.lastName || null };
  }
  if (name === undefined) return { name: old.name, firstName: old.firstName, lastName: old.lastName };
  const parts = splitName(name ?? '');
  return { name: name?.trim() || null, firstName: parts.firstName || null, lastName: parts.lastName || null };
}

function mergedFields(old: Record<string, unknown>, given: Record<string, unknown>, names: FieldNames): Record<string, unknown> {
  const fields = new Map([...Object.entries(old), ...Object.entries(given)]);
  for (const [name, value] of Object.entries(given)) if (value === null) fields.delete(name);
  const merged: Record<string, unknown> = Object.fromEntries(fields);
  if (JSON.stringify(merged).length <= MAX_CUSTOM_CHARACTERS) return merged;
  throw badField(names.customFields, `may have at most ${MAX_CUSTOM_CHARACTERS} characters of JSON in all`);
}

function phoneOf(text: string, names: FieldNames): string {
  const phone = toE164(text);
  if (phone === undefined) throw fieldError('invalid_phone_number', names.phone, 'must be an E.164 number such as +919876543210');
  return phone;
}

/** undefined: not said. @throws AppError naming `campaignId` */
function campaignIdOf(given: string | number | null | undefined): number | null | undefined {
  if (given === undefined || given === null) return given;
  const id = parseId('campaign', given);
  if (id === undefined) throw badField('campaignId', NO_CAMPAIGN);
  return id;
}

function notFound(): AppError {
  return new AppError('not_found', 'Contact not found');
}

async function noteContacts(runtime: Runtime, tenantId: number, countsMoved: boolean): Promise<void> {
  await Promise.all([noteChange(runtime, tenantId, 'contacts'), countsMoved && noteChange(runtime, tenantId, 'campaigns')]);
}
