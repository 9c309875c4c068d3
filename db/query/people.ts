import type { agents } from '../schema/index.ts';
import type { Sql } from '../client.ts';

type Stored = typeof agents.$inferSelect;
export type PersonState = Stored['state'];

/** A person who talks, with what became of their calls. */
export interface Person {
  id: number;
  userId: number;
  name: string;
  email: string;
  extension: string | null;
  sipUsername: string | null;
  hasSipPassword: boolean;
  isActive: boolean;
  state: PersonState;
  stateSince: Date;
  nextState: Stored['nextState'];
  currentCallId: number | null;
  wrapUpUntil: Date | null;
  totalCalls: number;
  answeredCalls: number;
  /** of the answered ones */
  talkSeconds: number;
}

export interface PeopleFilter {
  tenantId: number;
  state: PersonState | undefined;
}

/** One person; `userId` finds the one that a user is. */
export async function findPerson(sql: Sql, tenantId: number, by: { id: number } | { userId: number }): Promise<Person | undefined> {
  const which = 'id' in by ? sql`a.id = ${by.id}` : sql`a.user_id = ${by.userId}`;
  const [row] = await sql<
    Person[]
  >`${people(sql)} where a.tenant_id = ${tenantId} and a.kind = 'human' and a.deleted_at is null and ${which}`;
  return row;
}

/** A page of a tenant's people, in the order in which they came, and how many there are in all. */
export async function listPeople(
  sql: Sql,
  filter: PeopleFilter,
  page: { limit: number; offset: number },
): Promise<{ rows: Person[]; total: number }> {
  const where = sql`where a.tenant_id = ${filter.tenantId} and a.kind = 'human' and a.deleted_at is null
    ${filter.state === undefined ? sql`` : sql`and a.state = ${filter.state}`}`;
  const [rows, [count]] = await Promise.all([
    sql<Person[]>`${people(sql)} ${where} order by a.id limit ${page.limit} offset ${page.offset}`,
    sql<Array<{ total: number }>>`select count(*) as total from agents a ${where}`,
  ]);
  return { rows: [...rows], total: count?.total ?? 0 };
}

function people(sql: Sql) {
  return sql`
    select a.id, a.user_id as "userId", u.name, u.email, a.extension, a.sip_username as "sipUsername",
           a.sip_password_encrypted is not null as "hasSipPassword", a.is_active as "isActive", a.state, a.state_since as "stateSince",
           a.next_state as "nextState", a.current_call_id as "currentCallId", a.wrap_up_until as "wrapUpUntil",
           days.calls as "totalCalls", days.answered as "answeredCalls", days.seconds as "talkSeconds"
      from agents a join users u on u.id = a.user_id
      cross join lateral (
        select coalesce(sum(d.calls), 0)::int as calls, coalesce(sum(d.calls) filter (where d.status = 'completed'), 0)::int as answered,
               coalesce(sum(d.duration_seconds) filter (where d.status = 'completed'), 0)::float8 as seconds
          from agent_days d where d.tenant_id = a.tenant_id and d.agent_id = a.id and d.status <> 'cancelled'
      ) days`;
}

/** The campaigns that run and that a person works for. */
export async function readActiveCampaigns(sql: Sql, tenantId: number, agentId: number): Promise<number[]> {
  const rows = await sql<Array<{ id: number }>>`
    select c.id from campaign_agents m join campaigns c on c.id = m.campaign_id
     where m.tenant_id = ${tenantId} and m.agent_id = ${agentId} and c.status = 'active' and c.deleted_at is null order by c.id`;
  return rows.map((row) => row.id);
}

/** An id for a row that is still to be written: what is sealed for it names it. */
export async function drawAgentId(sql: Sql): Promise<number> {
  const [row] = await sql<Array<{ id: number }>>`select nextval(pg_get_serial_sequence('agents', 'id')) as id`;
  if (!row) throw new Error('A sequence without a next value');
  return row.id;
}

export interface NewPerson {
  id: number;
  tenantId: number;
  userId: number;
  extension: string;
  sipUsername: string;
  sipPasswordEncrypted: string;
  createdBy: number;
}

/** Makes a person who talks of a user. False: the tenant has no such active user. @throws unique violations of `agents_*` */
export async function insertPerson(sql: Sql, person: NewPerson): Promise<boolean> {
  const rows = await sql`
    with made as (
      insert into agents (id, kind, tenant_id, name, user_id, extension, sip_username, sip_password_encrypted, created_by)
      overriding system value
      select ${person.id}, 'human', u.tenant_id, u.name, u.id, ${person.extension}, ${person.sipUsername}, ${person.sipPasswordEncrypted}, ${person.createdBy}
        from users u where u.tenant_id = ${person.tenantId} and u.id = ${person.userId} and u.is_active
      returning id, tenant_id, state
    )
    insert into agent_states (tenant_id, agent_id, state) select tenant_id, id, state from made returning id`;
  return rows.length > 0;
}

export interface PersonChange {
  extension?: string;
  sipUsername?: string;
  sipPasswordEncrypted?: string;
  isActive?: boolean;
}

/** Changes what is given; who is switched off goes offline, after their call if they have one. @throws unique violations of `agents_*` */
export async function updatePerson(sql: Sql, tenantId: number, id: number, change: PersonChange): Promise<boolean> {
  const rows = await sql`
    update agents set extension = coalesce(${change.extension ?? null}, extension), sip_username = coalesce(${change.sipUsername ?? null}, sip_username),
           sip_password_encrypted = coalesce(${change.sipPasswordEncrypted ?? null}, sip_password_encrypted),
           is_active = coalesce(${change.isActive ?? null}, is_active), updated_at = now()
     where tenant_id = ${tenantId} and id = ${id} and kind = 'human' and deleted_at is null
    returning id`;
  if (rows.length > 0 && change.isActive === false) await changeState(sql, { tenantId, id, state: 'offline', reason: 'switched off' });
  return rows.length > 0;
}

export interface StateChange {
  tenantId: number;
  id: number;
  state: NonNullable<Stored['nextState']>;
  reason: string | undefined;
}

export interface ChangedState {
  state: PersonState;
  nextState: Stored['nextState'];
  updatedAt: Date;
}

/**
 * Gives a person the state they ask for, with its history; while they are on a call it is kept until that is over. The state that
 * they are in already goes on: nobody loses their place among those who wait. Undefined: there is no such person.
 */
export async function changeState(sql: Sql, { tenantId, id, state, reason }: StateChange): Promise<ChangedState | undefined> {
  const [row] = await sql<ChangedState[]>`
    with old as (
      select id, state, current_call_id is null as free from agents
       where tenant_id = ${tenantId} and id = ${id} and kind = 'human' and deleted_at is null for update
    ), changed as (
      update agents a
         set state = case when old.free then ${state} else a.state end, next_state = case when old.free then null else ${state} end,
             state_since = case when old.free and a.state <> ${state} then now() else a.state_since end,
             wrap_up_until = case when not old.free then a.wrap_up_until end, updated_at = now()
        from old where a.id = old.id
      returning a.id, a.tenant_id, a.state, a.next_state, a.updated_at, a.state <> old.state as is_new
    ), noted as (
      insert into agent_states (tenant_id, agent_id, state, reason) select tenant_id, id, state, ${reason ?? null} from changed where is_new
    )
    select state, next_state as "nextState", updated_at as "updatedAt" from changed`;
  return row;
}

/** Campaigns that are not over and belong to a person: without them they would have nobody to belong to. */
export async function readOwnCampaigns(sql: Sql, tenantId: number, agentId: number): Promise<number[]> {
  const rows = await sql<Array<{ id: number }>>`
    select id from campaigns where tenant_id = ${tenantId} and agent_id = ${agentId} and status <> 'completed' and deleted_at is null order by id`;
  return rows.map((row) => row.id);
}

/** Takes a person out of every list and campaign; their calls and their history stay, and a talk goes on to its end. */
export async function deletePerson(sql: Sql, tenantId: number, id: number): Promise<boolean> {
  const rows = await sql`
    with gone as (
      update agents set deleted_at = now(), is_active = false, next_state = case when current_call_id is not null then 'offline' end,
             state = case when current_call_id is null then 'offline' else state end, state_since = now(), wrap_up_until = null, updated_at = now()
       where tenant_id = ${tenantId} and id = ${id} and kind = 'human' and deleted_at is null
      returning id, tenant_id, state
    ), noted as (
      insert into agent_states (tenant_id, agent_id, state, reason) select tenant_id, id, state, 'deleted' from gone where state = 'offline'
    ), left_campaigns as (
      delete from campaign_agents m using gone, campaigns c
       where m.agent_id = gone.id and c.id = m.campaign_id and c.agent_id is distinct from gone.id
    )
    select id from gone`;
  return rows.length > 0;
}

export interface PastState {
  id: number;
  state: string;
  reason: string | null;
  callId: number | null;
  at: Date;
}

/** A page of a person's history, newest first, and how long it is. */
export async function listStates(
  sql: Sql,
  tenantId: number,
  agentId: number,
  page: { limit: number; offset: number },
): Promise<{ rows: PastState[]; total: number }> {
  const where = sql`where agent_id = ${agentId} and tenant_id = ${tenantId}`;
  const [rows, [count]] = await Promise.all([
    sql<PastState[]>`
      select id, state, reason, call_id as "callId", at from agent_states ${where} order by at desc, id desc limit ${page.limit} offset ${page.offset}`,
    sql<Array<{ total: number }>>`select count(*) as total from agent_states ${where}`,
  ]);
  return { rows: [...rows], total: count?.total ?? 0 };
}
