/** Which statements are hot, and what PostgreSQL does for them. */
import postgres from 'postgres';
import { AGEING_MS } from '../core/priority.ts';
import type { Sql } from '../db/client.ts';
import { listCalls } from '../db/query/call-list.ts';
import { CONTACT_SORTS, countContacts, listContacts } from '../db/query/contact-list.ts';
import { countUnderWay, findDue, findLongQueued, releaseHeld } from '../db/query/dispatch.ts';
import { countMoving, readBacklog } from '../db/query/fleet.ts';
import { countInFlight, readCandidates } from '../db/query/gate-facts.ts';
import { takeSilent } from '../db/query/watch.ts';

export interface HotPath {
  name: string;
  /** more pages than this means that it reads more than it answers */
  mostPages: number;
  run(sql: Sql): Promise<unknown>;
}

/** A statement as it was run. */
export interface Explained {
  name: string;
  mostPages: number;
  milliseconds: number;
  /** 8 KiB pages, found in memory or read */
  pages: number;
  rows: number;
  /** indexes on `calls` and `contacts` */
  indexes: string[];
  scansAllCalls: boolean;
}

interface Node {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: Node[];
}

const INT8 = 20;
const PAGE = 25;
/** After five executions PostgreSQL may keep one plan for all parameters; that one has to be good too. */
const EXECUTIONS = 7;

/** The lists, the dispatcher, the claim, the watchdog, the repair: everything that runs all day. */
export function hotPaths(of: { tenantId: number; scheduled: number[]; queued: number[] }): HotPath[] {
  const any = { tenantId: of.tenantId, statuses: undefined, agentId: undefined, from: undefined, to: undefined };
  const due = { depth: 500, look: 50, aheadMs: 500, ageingMs: AGEING_MS };
  const page = { limit: PAGE, offset: 0 };
  const ended = ['completed', 'voicemail'] as const;
  const leads = { tenantId: of.tenantId, campaignId: undefined, status: undefined, tags: [], search: undefined };
  const newest = { by: 'createdAt', descending: true } as const;
  const lastDay = new Date(Date.now() - 24 * 60 * 60 * 1000);
  return [
    { name: 'list', mostPages: 100, run: (sql) => listCalls(sql, any, page) },
    { name: 'list, page 40', mostPages: 1500, run: (sql) => listCalls(sql, any, { limit: PAGE, offset: 39 * PAGE }) },
    { name: 'list, since yesterday', mostPages: 100, run: (sql) => listCalls(sql, { ...any, from: lastDay }, page) },
    { name: 'list, two statuses', mostPages: 200, run: (sql) => listCalls(sql, { ...any, statuses: ended }, page) },
    { name: 'list, rare status', mostPages: 100, run: (sql) => listCalls(sql, { ...any, statuses: ['in_progress'] }, page) },
    { name: 'list, status that none has', mostPages: 100, run: (sql) => listCalls(sql, { ...any, statuses: ['abandoned'] }, page) },
    ...CONTACT_SORTS.flatMap((by) =>
      [true, false].map((descending) => ({
        name: `leads by ${by}${descending ? ', descending' : ''}`,
        mostPages: 300,
        run: (sql: Sql) => listContacts(sql, leads, { by, descending }, page),
      })),
    ),
    { name: 'leads, all counted', mostPages: 100, run: (sql) => countContacts(sql, leads) },
    // the newest are looked through before an index is asked
    { name: 'leads, a search', mostPages: 25_000, run: (sql) => listContacts(sql, { ...leads, search: 'asha' }, newest, page) },
    { name: 'leads, a search in vain', mostPages: 25_000, run: (sql) => listContacts(sql, { ...leads, search: 'nobody' }, newest, page) },
    { name: 'leads, a tag that none has', mostPages: 25_000, run: (sql) => listContacts(sql, { ...leads, tags: ['none'] }, newest, page) },
    { name: 'leads, a search in vain, counted', mostPages: 100, run: (sql) => countContacts(sql, { ...leads, search: 'nobody' }, 1001) },
    // a few pages for each of the up to 500 calls that it finds, over all tenants
    { name: 'due scan', mostPages: 2000, run: (sql) => findDue(sql, { ...due, tenantMaxCalls: 500 }) },
    { name: 'due scan, nothing has room', mostPages: 1500, run: (sql) => findDue(sql, { ...due, tenantMaxCalls: 0 }) },
    { name: 'held calls', mostPages: 1500, run: (sql) => releaseHeld(sql, 500) },
    { name: 'queue depth, calls in flight', mostPages: 1500, run: (sql) => countUnderWay(sql, 'twilio') },
    { name: 'candidates, 100 scheduled', mostPages: 6000, run: (sql) => readCandidates(sql, 'null', of.scheduled, 'scheduled') },
    { name: 'candidates, 100 queued', mostPages: 6000, run: (sql) => readCandidates(sql, 'null', of.queued, 'queued') },
    { name: 'caps, 100 queued', mostPages: 1500, run: (sql) => countInFlight(sql, 'twilio', of.queued, true) },
    // writes 200 rows and their entries in a dozen indexes
    { name: 'silent calls', mostPages: 8000, run: (sql) => takeSilent(sql, 30, 200) },
    { name: 'long queued', mostPages: 1500, run: (sql) => findLongQueued(sql, 5000, 500) },
    // a page for each call in flight; each backlog is counted up to 10,000 rows
    { name: 'metrics, calls in flight', mostPages: 5000, run: countMoving },
    { name: 'metrics, backlog', mostPages: 15_000, run: readBacklog },
  ];
}

/** Runs each path several times, undoing what it writes, and reads the plan of the last time. Needs a superuser. */
export async function explained(url: string, paths: readonly HotPath[]): Promise<Explained[]> {
  const notices: string[] = [];
  const sql = postgres(url, {
    max: 1,
    types: { bigint: { to: INT8, from: [INT8], parse: Number, serialize: String } },
    onnotice: ({ message }) => void notices.push(message ?? ''),
  });
  try {
    await sql.unsafe(`
      load 'auto_explain';
      set auto_explain.log_min_duration = 0; set auto_explain.log_analyze = on; set auto_explain.log_buffers = on;
      set auto_explain.log_format = json; set client_min_messages = log`);
    const results: Explained[] = [];
    for (const path of paths) {
      for (let execution = 0; execution < EXECUTIONS; execution++) {
        notices.length = 0;
        await undone(sql, path.run);
      }
      results.push(read(path, notices));
    }
    return results;
  } finally {
    await sql.end();
  }
}

async function undone(sql: postgres.Sql<{ bigint: number }>, run: HotPath['run']): Promise<void> {
  const rollback = new Error('rolled back on purpose');
  await sql
    .begin(async (tx) => {
      await run(tx);
      throw rollback;
    })
    .catch((error: unknown) => {
      if (error !== rollback) throw error;
    });
}

function read({ name, mostPages }: HotPath, notices: readonly string[]): Explained {
  const plans = notices.flatMap((notice) => {
    const [, duration, json] = /^duration: ([\d.]+) ms {2}plan:\n([^]*)$/.exec(notice) ?? [];
    return duration !== undefined && json !== undefined
      ? [{ duration: Number(duration), root: (JSON.parse(json) as { Plan: Node }).Plan }]
      : [];
  });
  const last = plans.at(-1);
  if (!last) throw new Error(`${name}: no plan`);
  const nodes = plans.flatMap((plan) => flat(plan.root));
  const onCalls = nodes.filter((node) => node['Relation Name'] === 'calls');
  const indexes = nodes.flatMap(({ 'Index Name': name = '' }) => (/^(calls|contacts)_/.test(name) ? [name] : []));
  return {
    name,
    mostPages,
    milliseconds: plans.reduce((sum, plan) => sum + plan.duration, 0),
    pages: plans.reduce((sum, { root }) => sum + root['Shared Hit Blocks'] + root['Shared Read Blocks'], 0),
    rows: last.root['Actual Rows'],
    indexes: [...new Set(indexes)],
    scansAllCalls: onCalls.some((node) => node['Node Type'] === 'Seq Scan'),
  };
}

function flat(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(flat)];
}

/** What is wrong with a statement's plan; empty: nothing. */
export function faultsOf({ mostPages, pages, scansAllCalls }: Explained): string[] {
  return [
    ...(scansAllCalls ? ['reads all of `calls`'] : []),
    ...(pages > mostPages ? [`reads ${pages} pages, more than ${mostPages}`] : []),
  ];
}
