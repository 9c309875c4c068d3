import type { RawAnswer } from '../carrier/directory.ts';
import { uniqueTags } from '../core/contact/tags.ts';
import { AppError, badField } from '../core/errors.ts';
import { formatId, parseId } from '../core/id.ts';
import { toE164 } from '../core/phone.ts';
import type { Principal } from '../core/principal.ts';
import { brokenUnique } from '../db/client.ts';
import { type AdminPhone, findAnyAgent, findAnyPhones, giveToAgent, tagPhone } from '../db/query/admin-phones.ts';
import type { Runtime } from './runtime.ts';

/** What was changed, and what the phone company answered; where it was not asked, an answer of our own. */
interface Changed {
  number: string;
  out: RawAnswer;
}

/**
 * Gives a number of any account to an agent of the same account. A number of the administrator's own account goes over to the
 * agent's. An agent that stands for one of the phone company is set there first; when that fails nothing changes here.
 * @throws AppError `not_found`, `validation` naming `agentId`, `conflict`, `carrier_failure`
 */
export async function setPhoneAgent(
  runtime: Runtime,
  who: Principal,
  phone: string,
  agentName: string,
): Promise<Changed & { agentId: number }> {
  const { db, directory } = runtime;
  const found = await phonesNamed(runtime, phone);
  const agentId = parseId('agent', agentName);
  const agent = agentId === undefined ? undefined : await findAnyAgent(db.sql, agentId);
  if (!agent) throw badField('agentId', 'names no agent');
  const own = found.find(({ tenantId }) => tenantId === agent.tenantId) ?? found.find(({ tenantId }) => tenantId === who.tenantId);
  if (!own) throw badField('agentId', 'names an agent of another account than the one that has the number');
  const { carrierAgentId } = agent;
  const isTheirs = directory !== undefined && agent.carrier === directory.carrier && carrierAgentId !== null;
  const answer = isTheirs ? await directory.setAgent(own.number, carrierAgentId) : {};
  const isDone = await giveToAgent(db.sql, { ...own, actorId: who.userId }, agent).catch((error: unknown) => {
    throw brokenUnique(error) === 'phone_numbers_tenant_number'
      ? new AppError('conflict', 'The account of this agent has the number already')
      : error;
  });
  if (!isDone) throw missing();
  return { number: own.number, agentId: agent.id, out: { success: true, agentId: formatId('agent', agent.id), ...answer } };
}

/**
 * Replaces the tags of a number of any account, at the phone company first where the number is there.
 * @throws AppError `not_found`; `conflict` when several accounts have the number; `carrier_failure`, and nothing has changed here
 */
export async function setPhoneTags(
  runtime: Runtime,
  who: Principal,
  phone: string,
  given: readonly string[],
): Promise<Changed & { tags: string[] }> {
  const { db, directory } = runtime;
  const found = await phonesNamed(runtime, phone);
  const [own] = found;
  if (!own || found.length > 1) throw ambiguous(found);
  const tags = uniqueTags(given);
  const isThere = directory !== undefined && own.carrier === directory.carrier;
  const answer = isThere ? await directory.setTags(own.number, tags) : {};
  if (!(await tagPhone(db.sql, { ...own, actorId: who.userId }, tags))) throw missing();
  return { number: own.number, tags, out: { success: true, tags, ...answer } };
}

/** By its number, written as people do, or by its id. @throws AppError `not_found` */
async function phonesNamed({ db }: Runtime, text: string): Promise<AdminPhone[]> {
  // some clients read the plus sign of a path as a space
  const number = toE164(text.replace(/^ /, '+'));
  const id = parseId('phone', text);
  const named = number !== undefined ? { number } : id !== undefined ? { id } : undefined;
  const found = named === undefined ? [] : await findAnyPhones(db.sql, named);
  if (found.length === 0) throw missing();
  return found;
}

function missing(): AppError {
  return new AppError('not_found', 'There is no such phone number');
}

function ambiguous(found: readonly AdminPhone[]): AppError {
  const handles = found.map(({ id }) => formatId('phone', id)).join(', ');
  return new AppError('conflict', `Several accounts have this number: name it by its id (${handles})`);
}
