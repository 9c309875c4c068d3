/**
 * How long a page of a list takes while many are asked for: one tenant with a million calls, 20 connections that ask without
 * pause, each list over HTTP with everything on. Also a file of 10,000 calls: its first and its last byte.
 *
 *   tsx bench/list-pages.ts [--rows 1000000] [--seconds 5] [--connections 20]     DATABASE_URL: server to use
 */
import autocannon from 'autocannon';
import { openDb } from '../db/client.ts';
import { median, option, say } from './harness.ts';
import { seedHistory, seedTenants } from './seed.ts';
import { openSessions, startApi } from './servers.ts';
import { withDatabase } from './stores.ts';

const DAY_MS = 86_400_000;
/** More than are asked for in the run, so that no answer is one that was kept. */
const MANY = 20_000;
const FILES = 5;

interface List {
  name: string;
  paths: string[];
  headers: Record<string, string>;
}

/** Beginnings of ranges that all differ, each with most of the calls behind it. */
const manyRanges = (path: string) =>
  Array.from({ length: MANY }, (_, n) => `${path}from=${encodeURIComponent(new Date(Date.now() - 80 * DAY_MS + n).toISOString())}`);

function listsFor(token: string): List[] {
  const bearer = { authorization: `Bearer ${token}` };
  const cookie = { cookie: `session=${token}` };
  return [
    { name: 'calling: calls', paths: ['/api/v1/calls/outbound?limit=25'], headers: bearer },
    { name: 'calling: calls, page 2000', paths: ['/api/v1/calls/outbound?limit=25&page=2000'], headers: bearer },
    { name: 'calling: calls, status=busy', paths: ['/api/v1/calls/outbound?limit=25&status=busy'], headers: bearer },
    { name: 'dialer: calls', paths: ['/api/calls?limit=25'], headers: bearer },
    { name: 'dashboard: call logs, kept', paths: ['/api/v1/call-logs?limit=25'], headers: cookie },
    { name: 'dashboard: call logs', paths: manyRanges('/api/v1/call-logs?limit=25&'), headers: cookie },
    { name: 'dashboard: call logs, status=failed', paths: manyRanges('/api/v1/call-logs?limit=25&status=failed&'), headers: cookie },
    { name: 'admin: call logs', paths: ['/api/v1/admin/call_logs?pageSize=25'], headers: bearer },
  ];
}

async function main(): Promise<void> {
  const [rows, seconds, connections] = [option('rows', 1_000_000), option('seconds', 5), option('connections', 20)];
  await withDatabase(async (databaseUrl) => {
    const db = openDb(databaseUrl, { max: 2, name: 'bench' });
    try {
      const tenants = await seedTenants(db.sql, 1);
      await seedHistory(db.sql, rows);
      await db.sql`update users set platform_role = 'admin'`;
      const [token = ''] = await openSessions(db.sql, tenants);
      const api = await startApi({ DATABASE_URL: databaseUrl, DATABASE_POOL: '10' });
      try {
        for (const list of listsFor(token)) await measure(api.url, list, seconds, connections);
        await measureExport(api.url, token);
      } finally {
        await api.stop();
      }
    } finally {
      await db.close();
    }
  });
}

async function measure(url: string, { name, paths, headers }: List, seconds: number, connections: number): Promise<void> {
  const requests = paths.map((path) => ({ method: 'GET' as const, path, headers }));
  const first = requests.slice(0, 1);
  // a connection walks through its list by itself: each gets a stretch of its own
  let opened = 0;
  const setupClient = (client: autocannon.Client) => {
    const stretch = Math.floor(requests.length / connections);
    const at = opened++ * stretch;
    client.setRequests(stretch > 0 ? requests.slice(at, at + stretch) : first);
  };
  await autocannon({ url, connections, duration: 1, requests: first });
  const { latency, non2xx, errors, ...result } = await autocannon({ url, connections, duration: seconds, requests: first, setupClient });
  if (non2xx > 0 || errors > 0) throw new Error(`${name}: ${non2xx} answers were not 2xx, ${errors} errors`);
  const figures = {
    name,
    unit: 'ms',
    p50: latency.p50,
    p99: latency.p99,
    max: latency.max,
    perSecond: Math.round(result['2xx'] / result.duration),
  };
  say(`${name}: p50 ${figures.p50} ms, p99 ${figures.p99} ms, max ${figures.max} ms at ${figures.perSecond} req/s`);
  say(JSON.stringify(figures));
}

/** Files one after the other, unpacked. */
async function measureExport(url: string, token: string): Promise<void> {
  const first: number[] = [];
  const last: number[] = [];
  let lines = 0;
  for (let file = 0; file < FILES; file++) {
    const begun = performance.now();
    const headers = { cookie: `session=${token}`, 'accept-encoding': 'identity' };
    const answer = await fetch(`${url}/api/v1/exports/calls.csv`, { headers });
    if (!answer.ok || !answer.body) throw new Error(`The export answered ${answer.status}`);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = (await reader.read()).value ?? '';
    first.push(performance.now() - begun);
    for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
    last.push(performance.now() - begun);
    lines = text.split('\r\n').length - 2;
  }
  const figures = {
    name: 'dashboard: export',
    unit: 'ms',
    calls: lines,
    firstByte: Math.round(median(first)),
    whole: Math.round(median(last)),
  };
  say(`${figures.name}: ${figures.calls} calls, first byte after ${figures.firstByte} ms, whole after ${figures.whole} ms`);
  say(JSON.stringify(figures));
}

await main();
