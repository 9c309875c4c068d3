import { AppError, badField } from '../core/errors.ts';
import { parseId } from '../core/id.ts';
import type { Principal } from '../core/principal.ts';
import { brokenUnique } from '../db/client.ts';
import {
  type ChangedState,
  changeState,
  deletePerson,
  drawAgentId,
  findPerson,
  insertPerson,
  type Person,
  readActiveCampaigns,
  readOwnCampaigns,
  updatePerson,
} from '../db/query/people.ts';
import { sipPasswordPlace } from './bridge.ts';
import { noteChange } from './changes.ts';
import type { Runtime } from './runtime.ts';
import { seal } from './vault.ts';

/** The states that people ask for; `on_call` and `wrap_up` come and go with their calls. */
export const ASKED_STATES = ['available', 'busy', 'paused', 'offline'] as const;
export type AskedState = (typeof ASKED_STATES)[number];

export interface SipAccess {
  extension: string;
  sipUsername: string;
  sipPassword: string;
}

const TAKEN: Readonly<Record<string, string>> = {
  agents_user: 'This user is an agent already',
  agents_extension: 'This extension is taken',
  agents_sip_username: 'This SIP user name is taken',
};

/**
 * A person that whoever asks may see: themselves (`me`, or their id), and for managers anybody of the account.
 * @throws AppError `not_found`, `forbidden`
 */
export async function personOf({ db }: Runtime, who: Principal, text: string): Promise<Person> {
  const id = text === 'me' ? undefined : parseId('agent', text);
  const by = text === 'me' ? { userId: who.userId } : id === undefined ? undefined : { id };
  const person = by && (await findPerson(db.sql, who.tenantId, by));
  if (!person) throw new AppError('not_found', text === 'me' ? 'You are not an agent' : 'Agent not found');
  if (who.role === 'agent' && person.userId !== who.userId) throw new AppError('forbidden', 'This is another agent');
  return person;
}

/** The same with the campaigns that run and that they work for. */
export async function personWithCampaigns(rt: Runtime, who: Principal, text: string): Promise<Person & { activeCampaigns: number[] }> {
  const person = await personOf(rt, who, text);
  return { ...person, activeCampaigns: await readActiveCampaigns(rt.db.sql, who.tenantId, person.id) };
}

/**
 * Makes an agent of a user of the account. The SIP password is sealed for its row and never shown again.
 * @throws AppError `validation` when there is no such active user; `duplicate`
 */
export async function createPerson(rt: Runtime, who: Principal, given: SipAccess & { userId: number }): Promise<Person> {
  const { config, db } = rt;
  const { userId, extension, sipUsername } = given;
  const id = await drawAgentId(db.sql);
  const sipPasswordEncrypted = seal(config, sipPasswordPlace(id), given.sipPassword);
  const row = { id, tenantId: who.tenantId, userId, extension, sipUsername, sipPasswordEncrypted, createdBy: who.userId };
  if (!(await insertPerson(db.sql, row).catch(asDuplicate))) throw badField('userId', 'does not name an active user of this account');
  await noteChange(rt, who.tenantId, 'users');
  return personOf(rt, who, String(id));
}

/** Changes what is given. @throws AppError `not_found`, `duplicate` */
export async function changePerson(
  rt: Runtime,
  who: Principal,
  text: string,
  change: Partial<SipAccess> & { isActive?: boolean },
): Promise<Person & { activeCampaigns: number[] }> {
  const { config, db } = rt;
  const { id } = await personOf(rt, who, text);
  const { sipPassword, ...plain } = change;
  const sealed = sipPassword === undefined ? {} : { sipPasswordEncrypted: seal(config, sipPasswordPlace(id), sipPassword) };
  const changed = await db.sql.begin((sql) => updatePerson(sql, who.tenantId, id, { ...plain, ...sealed })).catch(asDuplicate);
  if (!changed) throw new AppError('not_found', 'Agent not found');
  await noteChange(rt, who.tenantId, 'users');
  return personWithCampaigns(rt, who, String(id));
}

/**
 * Takes an agent out of every list and campaign; what they have done stays.
 * @throws AppError `not_found`; `conflict` while a campaign that is not over belongs to them
 */
export async function removePerson(rt: Runtime, who: Principal, text: string): Promise<void> {
  const { id } = await personOf(rt, who, text);
  const [campaignId] = await readOwnCampaigns(rt.db.sql, who.tenantId, id);
  if (campaignId !== undefined) throw new AppError('conflict', `Campaign ${campaignId} belongs to this agent: give it another one first`);
  if (!(await deletePerson(rt.db.sql, who.tenantId, id))) throw new AppError('not_found', 'Agent not found');
  await noteChange(rt, who.tenantId, 'users');
}

/**
 * A person signs in (`available`), takes a break, or signs out (`offline`). On a call they stay on it, and the wish comes true when it is over.
 * @throws AppError `not_found`, `forbidden`; `conflict` when somebody who is switched off wants calls
 */
export async function askState(
  rt: Runtime,
  who: Principal,
  text: string,
  wish: { state: AskedState; reason: string | undefined },
): Promise<ChangedState & { id: number }> {
  const { id, isActive } = await personOf(rt, who, text);
  if (wish.state === 'available' && !isActive) throw new AppError('conflict', 'This agent is switched off');
  const changed = await changeState(rt.db.sql, { tenantId: who.tenantId, id, ...wish });
  if (!changed) throw new AppError('not_found', 'Agent not found');
  return { id, ...changed };
}

function asDuplicate(error: unknown): never {
  const constraint = brokenUnique(error);
  const message = constraint === undefined ? undefined : TAKEN[constraint];
  throw message === undefined ? error : new AppError('duplicate', message);
}
