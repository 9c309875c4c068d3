import { mayBecome } from '../core/campaign.ts';
import { AppError, badFields, fieldError } from '../core/errors.ts';
import { isZone } from '../core/time/zone.ts';
import type { Principal } from '../core/principal.ts';
import type { Sql } from '../db/client.ts';
import { hasSomethingLeft } from '../db/query/campaign-run.ts';
import {
  type CampaignFields,
  type CampaignRow,
  deleteCampaign,
  findCampaign,
  findOldestAiAgent,
  findWorker,
  hasFlow,
  insertCampaign,
  type KeptFields,
  listCampaignAgents,
  lockCampaign,
  setCampaignAgents,
  writeCampaign,
} from '../db/query/campaigns.ts';
import { clearCampaign } from './campaign-run.ts';
import { noteChange } from './changes.ts';
import { failpoint } from './failpoint.ts';
import type { Runtime } from './runtime.ts';
import { zoneOf } from './tenant-zone.ts';

export type NewCampaign = Pick<CampaignFields, 'name'> & Partial<CampaignFields>;

/** What holds for a campaign until somebody says otherwise. */
const DEFAULTS: Omit<KeptFields, 'name'> = {
  description: null,
  targetAudience: null,
  kind: 'outbound',
  status: 'draft',
  agentId: null,
  flowId: null,
  dialingMode: 'auto',
  dialRatio: 1,
  callDelaySeconds: 0,
  maxAttempts: 3,
  retryIntervalMinutes: null,
  callTimeoutSeconds: null,
  maxCalls: null,
  contactOrder: 'oldest_first',
  abandonMessage: null,
  startsAt: null,
  endsAt: null,
  timezone: null,
  callingHours: null,
};

/** One campaign of a tenant. @throws AppError `not_found`, also for another tenant's and a deleted one */
export async function campaignOf({ db }: Pick<Runtime, 'db'>, tenantId: number, id: number | undefined): Promise<CampaignRow> {
  return orMissing(id === undefined ? undefined : await findCampaign(db.sql, tenantId, id));
}

/** Makes a campaign. @throws AppError `validation`, `invalid_agent`; `conflict` when it is to run and can't */
export async function createCampaign(runtime: Runtime, who: Principal, given: NewCampaign): Promise<CampaignRow> {
  const { tenantId } = who;
  const said = await dated(runtime, tenantId, given);
  const campaign = await runtime.db.sql.begin(async (sql) => {
    const id = await insertCampaign(sql, who, given.name);
    const fields = await checked(sql, tenantId, { ...DEFAULTS, ...said, name: given.name }, given);
    await writeCampaign(sql, tenantId, id, fields);
    return orMissing(await findCampaign(sql, tenantId, id));
  });
  await noteChange(runtime, tenantId, 'campaigns');
  return campaign;
}

/**
 * Changes what is given, also while it runs: what has not been dialed yet follows the new settings. Pausing stops new rings at
 * once and leaves everything in its place; resuming goes on from there. A completed campaign goes on when it is set active and
 * has contacts left.
 * @throws AppError `not_found`, `validation`, `invalid_agent`; `conflict` when its status does not allow it
 */
export async function changeCampaign(
  runtime: Runtime,
  who: Principal,
  id: number | undefined,
  change: Partial<CampaignFields>,
): Promise<CampaignRow> {
  const { tenantId } = who;
  const said = await dated(runtime, tenantId, change);
  const { before, after } = await runtime.db.sql.begin(async (sql) => {
    const before = orMissing(id === undefined ? undefined : await lockCampaign(sql, tenantId, id));
    const wanted = { ...before, ...said };
    if (!mayBecome(before.status, wanted.status)) {
      throw new AppError('conflict', `A campaign that is ${before.status} cannot become ${wanted.status}`);
    }
    const isStarted = wanted.status === 'active' && before.status !== 'active';
    const fields = await checked(sql, tenantId, wanted, isStarted ? wanted : change);
    if (isStarted) await refuseStart(sql, before, fields);
    await writeCampaign(sql, tenantId, before.id, fields);
    return { before, after: orMissing(await findCampaign(sql, tenantId, before.id)) };
  });
  failpoint('campaign_changed');
  if (after.status === 'completed' && before.status !== 'completed') {
    await clearCampaign(runtime, after.id);
    await noteChange(runtime, tenantId, 'calls');
  }
  await noteChange(runtime, tenantId, 'campaigns');
  return after;
}

/**
 * Deletes a campaign: nothing of it is dialed any more, what waits is cancelled. Its calls stay readable, its contacts listed.
 * @throws AppError `not_found`
 */
export async function removeCampaign(runtime: Runtime, who: Principal, id: number | undefined): Promise<void> {
  if (id === undefined || !(await deleteCampaign(runtime.db.sql, who.tenantId, id))) orMissing(undefined);
  else {
    failpoint('campaign_changed');
    await clearCampaign(runtime, id);
    await Promise.all((['campaigns', 'contacts', 'calls'] as const).map((subject) => noteChange(runtime, who.tenantId, subject)));
  }
}

/** Sets the people who work for a campaign, besides its own agent. @throws AppError `not_found`, `invalid_agent` */
export async function staffCampaign(
  runtime: Runtime,
  who: Principal,
  id: number | undefined,
  agentIds: readonly number[],
): Promise<{ campaignId: number; agentIds: number[] }> {
  const staffed = await runtime.db.sql.begin(async (sql) => {
    const { id: campaignId } = orMissing(id === undefined ? undefined : await lockCampaign(sql, who.tenantId, id));
    const { unknown } = await setCampaignAgents(sql, who.tenantId, campaignId, [...new Set(agentIds)]);
    if (unknown.length > 0) throw fieldError('invalid_agent', 'agentIds', `holds who is no person of this account: ${unknown.join(', ')}`);
    return { campaignId, agentIds: await listCampaignAgents(sql, who.tenantId, campaignId) };
  });
  await noteChange(runtime, who.tenantId, 'campaigns');
  return staffed;
}

/** Wall-clock times become those of the account's zone. */
async function dated(runtime: Runtime, tenantId: number, given: Partial<CampaignFields>): Promise<Partial<KeptFields>> {
  const { startsAt, endsAt, ...fields } = given;
  const zone = typeof startsAt === 'function' || typeof endsAt === 'function' ? await zoneOf(runtime, tenantId) : 'UTC';
  const at = (moment: CampaignFields['startsAt']) => (typeof moment === 'function' ? moment(zone) : moment);
  return { ...fields, ...(startsAt !== undefined && { startsAt: at(startsAt) }), ...(endsAt !== undefined && { endsAt: at(endsAt) }) };
}

/** Fields that fit together and name what the tenant has. `given`: those that a request is to blame for. */
async function checked(sql: Sql, tenantId: number, fields: KeptFields, given: Partial<CampaignFields>): Promise<KeptFields> {
  const { startsAt, endsAt, timezone } = fields;
  if (timezone !== null && given.timezone !== undefined && !isZone(timezone)) {
    throw fieldError('validation', 'timezone', 'must be an IANA name such as Asia/Kolkata');
  }
  if (startsAt && endsAt && startsAt >= endsAt) {
    throw badFields([
      { field: 'startDate', message: 'must be before endDate', in: 'body' },
      { field: 'endDate', message: 'must be after startDate', in: 'body' },
    ]);
  }
  if (given.flowId && !(await hasFlow(sql, tenantId, given.flowId))) {
    throw fieldError('validation', 'flowId', 'does not name a flow of this account');
  }
  const agentId = fields.agentId ?? (fields.status === 'active' ? await substitute(sql, tenantId, fields) : null);
  if (agentId !== null && (given.agentId !== undefined || fields.status === 'active')) {
    const worker = await findWorker(sql, tenantId, agentId);
    if (!worker) throw fieldError('invalid_agent', 'agentId', 'does not name an agent of this account');
    if (given.agentId !== undefined && !worker.isActive)
      throw fieldError('invalid_agent', 'agentId', 'names an agent that is switched off');
  }
  return { ...fields, agentId };
}

/** A campaign that starts without an agent takes the account's oldest active AI agent; one that only takes calls needs none. */
async function substitute(sql: Sql, tenantId: number, { kind }: KeptFields): Promise<number | null> {
  const agentId = await findOldestAiAgent(sql, tenantId);
  if (agentId === undefined && kind !== 'inbound') {
    throw new AppError('conflict', 'The campaign has no agent, and the account has no active AI agent to take it: create an agent first');
  }
  return agentId ?? null;
}

/** @throws AppError `conflict`, unless there is something to go on with */
async function refuseStart(sql: Sql, before: CampaignRow, { endsAt }: KeptFields): Promise<void> {
  if (before.approval === 'rejected') throw new AppError('conflict', 'The administrator has rejected this campaign');
  if (endsAt && endsAt <= new Date()) throw new AppError('conflict', 'Its end date is over: set a later one, then start it');
  if (before.status === 'completed' && before.totalContacts > 0 && !(await hasSomethingLeft(sql, before.id))) {
    throw new AppError('conflict', 'Every contact of this campaign is done: it goes on by itself when contacts are added');
  }
}

function orMissing(row: CampaignRow | undefined): CampaignRow {
  if (!row) throw new AppError('not_found', 'Campaign not found');
  return row;
}
