import type { Db, Sql } from '../client.ts';

export interface AgentRow {
  id: number;
  name: string;
  systemPrompt: string | null;
  greeting: string | null;
  voicemailMessage: string | null;
  voice: string | null;
  language: string;
  model: string | null;
  temperature: number | null;
  maxTokens: number | null;
  isActive: boolean;
  createdBy: number | null;
  createdAt: Date;
}

/** What a caller may set of an AI agent. */
export interface AgentFields {
  name: string;
  systemPrompt: string;
  greeting: string;
  voicemailMessage: string;
  voice: string;
  language: string;
  model: string;
  temperature: number;
  maxTokens: number;
  isActive: boolean;
}

export type NewAgent = Pick<AgentFields, 'name' | 'systemPrompt'> & Partial<AgentFields>;

export async function insertAgent(sql: Sql, who: { tenantId: number; userId: number }, agent: NewAgent): Promise<AgentRow> {
  const [row] = await sql<AgentRow[]>`
    insert into agents (kind, tenant_id, created_by, name, system_prompt, greeting, voicemail_message, voice, language, model,
                        temperature, max_tokens, is_active)
    values ('ai', ${who.tenantId}, ${who.userId}, ${agent.name}, ${agent.systemPrompt}, ${agent.greeting ?? null},
            ${agent.voicemailMessage ?? null}, ${agent.voice ?? null}, ${agent.language ?? 'en-US'}, ${agent.model ?? null},
            ${agent.temperature ?? null}, ${agent.maxTokens ?? null}, ${agent.isActive ?? true})
    returning ${columns(sql)}`;
  if (!row) throw new Error('An insert without a row');
  return row;
}

/** One AI agent that was not deleted. */
export async function findAgent(sql: Sql, tenantId: number, id: number): Promise<AgentRow | undefined> {
  const [row] = await sql<AgentRow[]>`
    select ${columns(sql)} from agents where tenant_id = ${tenantId} and id = ${id} and kind = 'ai' and deleted_at is null`;
  return row;
}

/** What an agent that was not deleted is. */
export async function findAgentKind(sql: Sql, tenantId: number, id: number): Promise<'ai' | 'human' | undefined> {
  const [row] = await sql<Array<{ kind: 'ai' | 'human' }>>`
    select kind from agents where tenant_id = ${tenantId} and id = ${id} and deleted_at is null`;
  return row?.kind;
}

/** A page of a tenant's AI agents, newest first, and how many there are in all. */
export async function listAgents(
  sql: Sql,
  tenantId: number,
  query: { isActive: boolean | undefined; limit: number; offset: number },
): Promise<{ rows: AgentRow[]; total: number }> {
  const where = sql`where tenant_id = ${tenantId} and kind = 'ai' and deleted_at is null
    ${query.isActive === undefined ? sql`` : sql`and is_active = ${query.isActive}`}`;
  const [rows, [count]] = await Promise.all([
    sql<
      AgentRow[]
    >`select ${columns(sql)} from agents ${where} order by created_at desc, id desc limit ${query.limit} offset ${query.offset}`,
    sql<Array<{ total: number }>>`select count(*) as total from agents ${where}`,
  ]);
  return { rows: [...rows], total: count?.total ?? 0 };
}

/** Changes what is given and leaves the rest; undefined when there is no such agent. */
export async function updateAgent(sql: Sql, tenantId: number, id: number, change: Partial<AgentFields>): Promise<AgentRow | undefined> {
  const [row] = await sql<AgentRow[]>`
    update agents
       set name = coalesce(${change.name ?? null}, name), system_prompt = coalesce(${change.systemPrompt ?? null}, system_prompt),
           greeting = coalesce(${change.greeting ?? null}, greeting),
           voicemail_message = coalesce(${change.voicemailMessage ?? null}, voicemail_message),
           voice = coalesce(${change.voice ?? null}, voice), language = coalesce(${change.language ?? null}, language),
           model = coalesce(${change.model ?? null}, model), temperature = coalesce(${change.temperature ?? null}, temperature),
           max_tokens = coalesce(${change.maxTokens ?? null}, max_tokens), is_active = coalesce(${change.isActive ?? null}, is_active),
           updated_at = now()
     where tenant_id = ${tenantId} and id = ${id} and kind = 'ai' and deleted_at is null
    returning ${columns(sql)}`;
  return row;
}

/**
 * Takes an agent out of every list; its calls and their history stay. Its numbers stand without an agent, its documents go with it.
 * Answers the names of their files; undefined: there is no such agent.
 */
export async function deleteAgent(db: Db['sql'], tenantId: number, id: number): Promise<string[] | undefined> {
  return db.begin(async (sql) => {
    const gone = await sql`
      with gone as (
        update agents set deleted_at = now(), is_active = false, updated_at = now()
         where tenant_id = ${tenantId} and id = ${id} and kind = 'ai' and deleted_at is null
        returning id
      ), freed as (
        update phone_numbers p set agent_id = null, updated_at = now() from gone where p.tenant_id = ${tenantId} and p.agent_id = gone.id
      )
      select id from gone`;
    if (gone.length === 0) return undefined;
    // a statement of its own: it sees what was uploaded until the agent was locked
    const documents = await sql<Array<{ key: string }>>`
      delete from documents where tenant_id = ${tenantId} and agent_id = ${id} returning storage_key as key`;
    return documents.map(({ key }) => key);
  });
}

export async function countAgents(sql: Sql, tenantId: number): Promise<{ total: number; active: number }> {
  const [row] = await sql<Array<{ total: number; active: number }>>`
    select count(*) as total, count(*) filter (where is_active) as active
      from agents where tenant_id = ${tenantId} and kind = 'ai' and deleted_at is null`;
  return row ?? { total: 0, active: 0 };
}

function columns(sql: Sql) {
  return sql`id, name, system_prompt as "systemPrompt", greeting, voicemail_message as "voicemailMessage", voice, language, model,
    temperature, max_tokens as "maxTokens", is_active as "isActive", created_by as "createdBy", created_at as "createdAt"`;
}
