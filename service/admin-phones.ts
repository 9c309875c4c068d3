import type { RawAnswer } from '../carrier/directory.ts';
import { uniqueTags } from '../core/contact/tags.ts';
import { AppError, badField } from '../core/errors.ts';
import { formatId, parseId } from '../core/id.ts';
import { toE164 } from '../core/phone.ts';
import type { Principal } from '../core/principal.ts';
import { brokenUnique } from '../db/client.ts';
import {
  type AdminPhone,
  type AnyAgent,
  findAnyAgent,
  findAnyPhones,
  giveToAgent,
  markOfCarrier,
  tagPhone,
} from '../db/query/admin-phones.ts';
import { whileAsking } from './carrier-desk.ts';
import type { Runtime } from './runtime.ts';

/** What was changed, and what the phone company answered; where it was not asked, an answer of our own. */
interface Changed {
  number: string;
  out: RawAnswer;
}

/**
 * Gives a number of any account to an agent of the same account, or (null) to nobody. A number of the administrator's own account
 * goes over to the agent's. What our own tables refuse is never told to the phone company; an agent that stands for one of its own is
 * set there, and a number of its is nobody's there too, before anybody sees it here. When that fails nothing changes here. Where the
 * carrier tells of calls to our numbers (Exotel), a number that no other company holds is the carrier's from then on: the administrator
 * vouches for whose it is, and the agent answers it.
 * @throws AppError `not_found`, `validation` naming `agentId`, `conflict`, `carrier_failure`
 */
export async function setPhoneAgent(
  runtime: Runtime,
  who: Principal,
  phone: string,
  agentName: string | null,
): Promise<Changed & { agentId: number | null }> {
  const { carrier, directory } = runtime;
  const tellsOfArrivals = carrier.renderApplet !== undefined;
  const found = await phonesNamed(runtime, phone);
  const agent = agentName === null ? undefined : await agentNamed(runtime, agentName);
  const own = agent ? phoneFor(agent, found, who) : onlyOne(found);
  const isTheirs = directory !== undefined && (agent ?? own).carrier === directory.carrier;
  const carrierAgentId = agent ? agent.carrierAgentId : undefined;
  const answer = await whileAsking(runtime, async (sql) => {
    if (agent && tellsOfArrivals) await markOfCarrier(sql, own, carrier.name);
    const given = { id: agent?.id ?? null, tenantId: agent?.tenantId ?? own.tenantId };
    const isDone = await giveToAgent(sql, { ...own, actorId: who.userId }, given).catch(asConflict);
    if (!isDone) throw missing();
    return isTheirs && carrierAgentId !== null ? directory.setAgent(own.number, carrierAgentId) : {};
  });
  const agentId = agent?.id ?? null;
  return { number: own.number, agentId, out: { success: true, agentId: agentId === null ? null : formatId('agent', agentId), ...answer } };
}

async function agentNamed({ db }: Runtime, name: string): Promise<AnyAgent> {
  const id = parseId('agent', name);
  const agent = id === undefined ? undefined : await findAnyAgent(db.sql, id);
  if (!agent) throw badField('agentId', 'names no agent');
  return agent;
}

function phoneFor({ tenantId }: AnyAgent, found: readonly AdminPhone[], who: Principal): AdminPhone {
  const own = found.find((phone) => phone.tenantId === tenantId) ?? found.find((phone) => phone.tenantId === who.tenantId);
  if (!own) throw badField('agentId', 'names an agent of another account than the one that has the number');
  return own;
}

function asConflict(error: unknown): never {
  if (brokenUnique(error) === 'phone_numbers_tenant_number') {
    throw new AppError('conflict', 'The account of this agent has the number already');
  }
  throw error;
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
  const own = onlyOne(found);
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

/** @throws AppError `conflict` when several accounts have the number */
function onlyOne(found: readonly AdminPhone[]): AdminPhone {
  const [own] = found;
  if (own && found.length === 1) return own;
  const handles = found.map(({ id }) => formatId('phone', id)).join(', ');
  throw new AppError('conflict', `Several accounts have this number: name it by its id (${handles})`);
}
