/** The dashboard and the alerts ask for nothing that the running product does not tell. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { startScheduler } from '../scheduler/scheduler.ts';
import { startWorker } from '../worker/worker.ts';
import { eventually } from './eventually.ts';
import { PROJECT } from './project.ts';
import { parseScrape, type Scrape } from './scrape.ts';
import { startSystem } from './system.ts';

interface Panel {
  id: number;
  title: string;
  type: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: object;
  targets?: Array<{ expr: string; legendFormat: string; datasource: object }>;
}
interface Rule {
  alert: string;
  expr: string;
  annotations: { summary: string; description: string };
}

const read = (name: string) => readFileSync(join(PROJECT, 'docs', 'observability', name), 'utf8');
const dashboard = JSON.parse(read('grafana-dashboard.json')) as { schemaVersion: number; templating: { list: object[] }; panels: Panel[] };
const { groups } = JSON.parse(read('alerts.json')) as { groups: Array<{ name: string; rules: Rule[] }> };
const { panels } = dashboard;
const rules = groups.flatMap((group) => group.rules);
const queries = [
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr, legendFormat }) => ({ where: title, expr, says: legendFormat }))),
  ...rules.map(({ alert, expr, annotations }) => ({ where: alert, expr, says: `${annotations.summary} ${annotations.description}` })),
];

/** What Prometheus adds to every series of its own accord. */
const ADDED = ['job', 'instance'];
/** The names that a metric of the product may have, and nothing of PromQL's own. */
const METRIC = /\b(?:dialfleet|http|process|nodejs)_\w+/g;
const labelsIn = (text: string) => [...text.matchAll(/(\w+)(?:=~|!~|!=|=)"/g)].map(([, label]) => label ?? '');

/** What a scrape knows of a metric: its labels, `le` of a histogram included; undefined: there is none with samples. */
function labelsOf({ samples }: Scrape, metric: string): Set<string> | undefined {
  const found = [...samples.keys()].filter((sample) => sample === metric || sample.startsWith(`${metric}{`));
  return found.length === 0 ? undefined : new Set(found.flatMap(labelsIn));
}

/** What an expression asks for that a scrape does not have. */
function missing(scrape: Scrape, expr: string): string[] {
  const metrics = expr.match(METRIC) ?? [];
  const unknown = metrics.filter((metric) => !labelsOf(scrape, metric));
  const known = new Set([...ADDED, ...metrics.flatMap((metric) => [...(labelsOf(scrape, metric) ?? [])])]);
  const inBraces = [...expr.matchAll(/(\w+)\{([^}]*)\}/g)].flatMap(([, metric = '', text = '']) =>
    labelsIn(text).filter((label) => !labelsOf(scrape, metric)?.has(label)),
  );
  const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(', ')).filter((name) => !known.has(name));
  return [...(metrics.length === 0 ? ['any metric'] : []), ...unknown, ...inBraces, ...grouped];
}

/** What a legend or an annotation names that the result of its expression does not have: it would read as nothing. */
function unsaid(scrape: Scrape, expr: string, says: string): string[] {
  const groups = [...expr.matchAll(/\bby \(([^)]*)\)/g)].map(([, names = '']) => names.split(', '));
  const [first = [], ...others] = groups;
  const kept = expr.startsWith('histogram_quantile') ? first.filter((name) => name !== 'le') : first;
  const isOne = /\b(?:sum|max|min|absent)\(/.test(expr);
  const plain = isOne ? [] : [...ADDED, ...(expr.match(METRIC) ?? []).flatMap((metric) => [...(labelsOf(scrape, metric) ?? [])])];
  const has = groups.length > 0 ? kept.filter((name) => others.every((names) => names.includes(name))) : plain;
  return [...says.matchAll(/\{\{ ?(?:\$labels\.)?(\w+) ?\}\}/g)].map(([, label = '']) => label).filter((label) => !has.includes(label));
}

t.test('every metric and label that is asked for is in a scrape of the product', async (t) => {
  const { runtime, request, login } = await startSystem(t, { sandbox: true });
  // the roles share one registry here, so that one scrape has what all of them count
  const worker = await startWorker(runtime);
  t.teardown(() => worker.close({ graceMs: 2000 }));
  const scheduler = await startScheduler(runtime);
  t.teardown(() => scheduler.close({ graceMs: 2000 }));
  const { token } = await login();
  const agent = { name: 'Agent', systemPrompt: 'You help.', voice: 'Rachel', isActive: true };
  const agentId = (await request('POST', '/api/v1/agents', { token, json: agent })).body.data._id;
  // one is busy and tried again, one says that it does not want to be called
  for (const toPhone of ['+14155550001', '+14155550012']) {
    t.equal((await request('POST', '/api/v1/calls/outbound', { token, json: { toPhone, agentId } })).status, 201);
  }
  const forged = { 'x-twilio-signature': 'forged', 'content-type': 'application/x-www-form-urlencoded' };
  await request('POST', '/carrier/twilio/calls/1/00000000-0000-0000-0000-000000000000/status', { headers: forged });
  // what a good quarter of an hour does not show
  runtime.metrics.pauses.inc({ carrier: 'twilio' }, 0);
  runtime.metrics.repairs.inc({ what: 'call_without_job' }, 0);
  runtime.metrics.recurring.inc({ late: 'false' }, 0);
  runtime.metrics.optOuts.inc({ source: 'heard' }, 0);
  const scrape = await eventually(async () => {
    const found = parseScrape(String((await request('GET', '/metrics')).body));
    const told = (metric: string) => labelsOf(found, metric) !== undefined;
    return ['calls_ended', 'retry_decisions'].every((name) => told(`dialfleet_${name}_total`)) ? found : undefined;
  }, 30_000);
  for (const { where, expr, says } of queries) {
    t.strictSame(missing(scrape, expr), [], `${where}: ${expr}`);
    t.strictSame(unsaid(scrape, expr, says), [], `${where}: ${says}`);
  }
  t.strictSame(unsaid(scrape, 'sum by (carrier) (dialfleet_carrier_paused)', '{{carrier}} {{ $labels.queue }} {{ $value }}'), ['queue']);
  t.strictSame(unsaid(scrape, 'max(dialfleet_carrier_paused)', '{{carrier}}'), ['carrier']);
  t.strictSame(unsaid(scrape, 'dialfleet_carrier_paused', '{{carrier}} {{job}}'), []);
  for (const name of scrape.types.keys()) {
    if (!name.startsWith('dialfleet_')) continue;
    t.ok(
      queries.some(({ expr }) => expr.includes(name)),
      `${name} is looked at`,
    );
  }
  t.strictSame(missing(scrape, 'sum by (nobody) (rate(dialfleet_no_such_total{carrier="x"}[5m]))'), [
    'dialfleet_no_such_total',
    'carrier',
    'nobody',
  ]);
});

t.test('the dashboard has the shape that Grafana imports', async (t) => {
  t.match(dashboard, { id: null, uid: 'dialfleet', title: 'Dialfleet', refresh: /\d+s/ });
  t.ok(dashboard.schemaVersion >= 36, 'data sources are objects');
  t.match(dashboard.templating.list, [{ name: 'datasource', type: 'datasource', query: 'prometheus' }]);
  t.equal(new Set(panels.map(({ id }) => id)).size, panels.length, 'ids are unique');
  const places = new Set<string>();
  for (const { title, type, gridPos, targets = [], datasource, description } of panels) {
    t.ok(title && gridPos.x + gridPos.w <= 24 && gridPos.w > 0 && gridPos.h > 0, `${title} lies in the grid`);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        t.notOk(places.has(`${x},${y}`), `${title} covers nobody`);
        places.add(`${x},${y}`);
      }
    }
    if (type === 'row') continue;
    t.ok(targets.length > 0 && description, `${title} shows something and says what`);
    for (const source of [datasource, ...targets.map((target) => target.datasource)]) {
      t.strictSame(source, { type: 'prometheus', uid: '${datasource}' });
    }
  }
});

t.test('every alert waits a while, has a severity, and says what to do', async (t) => {
  t.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length);
  for (const rule of rules) {
    t.match(rule, { alert: /^Dialfleet[A-Z]\w+$/, for: /^\d+m$/, labels: { severity: /^(critical|warning)$/ } });
    t.ok(rule.annotations.summary.length > 20 && rule.annotations.description.length > 60, rule.alert);
  }
});
