import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import t from 'tap';
import ts from 'typescript';
import { PROJECT } from './project.ts';

/** What the rules of DESIGN §2 look at in one file. */
interface Source {
  /** from the root of the repository */
  path: string;
  lines: number;
  imports: string[];
  /** `fetch`, `console`, `process.env`, where the code uses them */
  uses: Set<'fetch' | 'console' | 'process.env'>;
}

interface Rule {
  name: string;
  /** what breaks the rule, in words */
  broken: (sources: readonly Source[]) => string[];
  /** a house in which something does */
  bad: Array<Partial<Source> & { path: string }>;
}

const ROOMS = [
  'api',
  'bench',
  'carrier',
  'cli',
  'client',
  'core',
  'db',
  'generate',
  'launch',
  'postman',
  'queue',
  'sandbox',
  'scheduler',
  'service',
  'test',
  'worker',
];
/** Folders that hold no code of ours. */
const OTHER_FOLDERS = ['coverage', 'dist', 'docs', 'node_modules'];

/** Which rooms a room may look into, besides itself. bench and test may look anywhere. */
const FLOORS: Record<string, readonly string[]> = {
  core: [],
  db: ['core'],
  queue: ['core'],
  carrier: ['core'],
  sandbox: ['core'],
  service: ['core', 'db', 'queue', 'carrier'],
  api: ['core', 'db', 'queue', 'carrier', 'service'],
  worker: ['core', 'db', 'queue', 'carrier', 'service'],
  scheduler: ['core', 'db', 'queue', 'carrier', 'service'],
  launch: ['core', 'db', 'queue', 'carrier', 'service', 'sandbox', 'api', 'worker', 'scheduler'],
  // it knows the server by HTTP alone
  client: [],
  // the server over its client, the database by the verbs of service; launch knows where the embedded database is
  cli: ['core', 'client', 'service', 'launch'],
};
const SURFACES = ['account', 'admin', 'calling', 'dashboard', 'dialer', 'omnivox'];

/** Packages that only some may import; elsewhere they would let a room do another's work. */
const OWNED: ReadonlyArray<{ packages: RegExp; owners: RegExp }> = [
  { packages: /^(drizzle-orm|postgres)(\/|$)/, owners: /^db\// },
  { packages: /^pg$/, owners: /^queue\// },
  { packages: /^bullmq(-otel)?(\/|$)/, owners: /^(queue\/|api\/plugin\/queue-board\.ts$)/ },
  { packages: /^@bull-board\//, owners: /^api\/plugin\/queue-board\.ts$/ },
  { packages: /^ioredis(\/|$)/, owners: /^(queue\/|api\/plugin\/limits[^/]*\.ts$)/ },
];
/** Those of Node that read no clock, network, disk or environment. */
const PURE_BUILTINS = ['node:assert', 'node:buffer', 'node:querystring', 'node:string_decoder', 'node:url'];
/** The way out that keeps inner networks safe; servers of our own; and those that look at addresses only. */
const MAY_CONNECT = [
  ...['service/outbound-http.ts', 'service/outbound-address.ts', 'service/exporter.ts', 'api/ports.ts'],
  ...['service/sessions.ts', 'api/plugin/surface.ts'],
];
const CORE_PACKAGES = /^(@sinclair\/typebox|libphonenumber-js|csv-parse)(\/|$)/;

const room = (path: string) => (path.includes('/') ? (path.split('/')[0] ?? '') : '');
const isProduct = ({ path }: Source) => room(path) in FLOORS;
const isRelative = (specifier: string) => specifier.startsWith('.');
const target = (source: Source, specifier: string) => join(dirname(source.path), specifier);

/** What is wrong with single imports of product files. */
function badImports(sources: readonly Source[], isBad: (source: Source, specifier: string) => boolean): string[] {
  return sources
    .filter(isProduct)
    .flatMap((source) =>
      source.imports.filter((specifier) => isBad(source, specifier)).map((specifier) => `${source.path} → ${specifier}`),
    );
}

const RULES: Rule[] = [
  {
    name: 'core ← db, queue, carrier ← service ← api | worker | scheduler; launch above all, sandbox on core alone, cli on client and service',
    broken: (sources) =>
      badImports(sources, (source, specifier) => {
        const [from, to] = [room(source.path), room(target(source, specifier))];
        return isRelative(specifier) && from !== to && !FLOORS[from]?.includes(to);
      }),
    bad: [
      { path: 'core/a.ts', imports: ['../db/b.ts'] },
      { path: 'db/a.ts', imports: ['../queue/b.ts'] },
      { path: 'service/a.ts', imports: ['../api/b.ts'] },
      { path: 'api/plugin/a.ts', imports: ['../../worker/b.ts'] },
      { path: 'sandbox/a.ts', imports: ['../carrier/b.ts'] },
      { path: 'worker/a.ts', imports: ['../test/b.ts'] },
      { path: 'scheduler/a.ts', imports: ['../launch/b.ts'] },
      { path: 'service/a.ts', imports: ['../cli/b.ts'] },
      { path: 'client/a.ts', imports: ['../core/b.ts'] },
      { path: 'cli/a.ts', imports: ['../api/b.ts'] },
      { path: 'cli/a.ts', imports: ['../db/b.ts'] },
    ],
  },
  {
    name: 'a surface imports no other surface, and what surfaces share imports none',
    broken: (sources) =>
      badImports(sources, (source, specifier) => {
        const [inApi, from = ''] = source.path.split('/');
        if (inApi !== 'api' || !source.path.includes('/', 4) || !isRelative(specifier)) return false;
        const [toApi, to = ''] = target(source, specifier).split('/');
        return toApi === 'api' && to !== from && SURFACES.includes(to);
      }),
    bad: [
      { path: 'api/calling/a.ts', imports: ['../dialer/b.ts'] },
      { path: 'api/account/a.ts', imports: ['../calling/b.ts'] },
      { path: 'api/plugin/a.ts', imports: ['../admin/b.ts'] },
    ],
  },
  {
    name: 'core imports no package but its three, which do no I/O, and only builtins that are pure',
    broken: (sources) =>
      badImports(
        sources,
        ({ path }, specifier) =>
          room(path) === 'core' && !isRelative(specifier) && !CORE_PACKAGES.test(specifier) && !PURE_BUILTINS.includes(specifier),
      ),
    bad: [
      { path: 'core/a.ts', imports: ['node:fs'] },
      { path: 'core/b.ts', imports: ['node:crypto'] },
      { path: 'core/c.ts', imports: ['pino'] },
    ],
  },
  {
    name: 'database, queue and board packages are imported by their owners alone',
    broken: (sources) =>
      badImports(sources, ({ path }, specifier) => OWNED.some(({ packages, owners }) => packages.test(specifier) && !owners.test(path))),
    bad: [
      { path: 'service/a.ts', imports: ['drizzle-orm'] },
      { path: 'api/calling/a.ts', imports: ['drizzle-orm/pg-core'] },
      { path: 'launch/a.ts', imports: ['postgres'] },
      { path: 'worker/a.ts', imports: ['bullmq'] },
      { path: 'service/b.ts', imports: ['bullmq-otel'] },
      { path: 'api/plugin/a.ts', imports: ['ioredis'] },
      { path: 'db/a.ts', imports: ['pg'] },
      { path: 'api/b.ts', imports: ['@bull-board/api'] },
    ],
  },
  {
    name: 'only carriers, the language model, the launcher’s look at its children and the command line fetch',
    broken: (sources) =>
      sources
        .filter(isProduct)
        .filter(
          ({ path, uses }) =>
            uses.has('fetch') && !['carrier', 'cli'].includes(room(path)) && path !== 'service/model.ts' && path !== 'launch/ready.ts',
        )
        .map(({ path }) => path),
    bad: [{ path: 'service/a.ts', uses: new Set(['fetch']) }],
  },
  {
    name: 'what tenants give us to call is called by one file: no other opens connections of its own, servers and the sandbox aside',
    broken: (sources) =>
      badImports(
        sources.filter(({ path }) => room(path) !== 'sandbox' && room(path) !== 'launch' && !MAY_CONNECT.includes(path)),
        (_source, specifier) => /^(node:)?(http|https|http2|net|tls|dns)(\/|$)/.test(specifier),
      ),
    bad: [
      { path: 'service/a.ts', imports: ['node:https'] },
      { path: 'api/dialer/a.ts', imports: ['node:net'] },
    ],
  },
  {
    name: 'nobody writes to the console',
    broken: (sources) =>
      sources
        .filter(isProduct)
        .filter(({ uses }) => uses.has('console'))
        .map(({ path }) => path),
    bad: [{ path: 'api/a.ts', uses: new Set(['console']) }],
  },
  {
    name: 'the environment is read by the mains and the launcher',
    broken: (sources) =>
      sources
        .filter(isProduct)
        .filter(({ path, uses }) => uses.has('process.env') && !path.endsWith('/main.ts') && room(path) !== 'launch')
        .map(({ path }) => path),
    bad: [{ path: 'service/a.ts', uses: new Set(['process.env']) }],
  },
  {
    name: 'no file imports itself, over whatever way',
    broken: cycles,
    bad: [
      { path: 'core/a.ts', imports: ['./b.ts'] },
      { path: 'core/b.ts', imports: ['./sub/c.ts'] },
      { path: 'core/sub/c.ts', imports: ['../a.ts'] },
    ],
  },
  {
    name: 'no file is longer than 250 lines, tables of the database and what is generated aside',
    broken: (sources) =>
      sources
        .filter((source) => isProduct(source) && source.lines > 250 && !/^(db\/(schema|migrations)|client)\//.test(source.path))
        .map(({ path, lines }) => `${path}: ${lines}`),
    bad: [{ path: 'service/a.ts', lines: 251 }],
  },
  {
    name: 'every file stands in a room of the house',
    broken: (sources) => sources.filter(({ path }) => path.includes('/') && !ROOMS.includes(room(path))).map(({ path }) => path),
    bad: [{ path: 'utils/a.ts' }],
  },
];

/** Every circle of imports, once. */
function cycles(sources: readonly Source[]): string[] {
  const edges = new Map(
    sources.map((source) => [source.path, source.imports.filter(isRelative).map((specifier) => target(source, specifier))]),
  );
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) found.push([...way.slice(start), path].join(' → '));
    if (start >= 0 || done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return found;
}

/** Reads one file with TypeScript's own parser, so that comments and texts don't count. */
function readSource(path: string, text: string): Source {
  const source: Source = { path, lines: text.trimEnd().split('\n').length, imports: [], uses: new Set() };
  const addImport = (node: ts.Node | undefined) => {
    if (!node || !ts.isStringLiteralLike(node)) return;
    source.imports.push(node.text);
    if (node.text === 'node:process') source.uses.add('process.env');
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) addImport(node.moduleSpecifier);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) addImport(node.argument.literal);
    if (ts.isCallExpression(node)) {
      if (node.expression.kind === ts.SyntaxKind.ImportKeyword) addImport(node.arguments[0]);
      if (ts.isIdentifier(node.expression) && node.expression.text === 'fetch') source.uses.add('fetch');
    }
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      const owner = node.expression.text;
      if (owner === 'console') source.uses.add('console');
      if (owner === 'globalThis' && node.name.text === 'fetch') source.uses.add('fetch');
      if (owner === 'process' && node.name.text === 'env') source.uses.add('process.env');
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return source;
}

function sourcesIn(folder: string): Source[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || (folder === PROJECT && OTHER_FOLDERS.includes(entry.name))) return [];
    if (entry.isDirectory()) return sourcesIn(path);
    return entry.name.endsWith('.ts') ? [readSource(relative(PROJECT, path), readFileSync(path, 'utf8'))] : [];
  });
}

const house = sourcesIn(PROJECT);

for (const { name, broken, bad } of RULES) {
  t.test(name, async (t) => {
    t.strictSame(broken(house), []);
    const sources = bad.map((source) => ({ lines: 1, imports: [], uses: new Set<never>(), ...source }));
    if (broken === cycles) t.strictSame(broken(sources), ['core/a.ts → core/b.ts → core/sub/c.ts → core/a.ts'], 'a circle is seen');
    else for (const source of sources) t.equal(broken([source]).length, 1, `a fault in ${source.path} is seen`);
  });
}

t.test('the house was read', async (t) => {
  const rooms = new Set(house.map(({ path }) => room(path)));
  for (const name of Object.keys(FLOORS)) t.ok(rooms.has(name), name);
  const folders = readdirSync(PROJECT, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  const unknown = folders.map((entry) => entry.name).filter((name) => !ROOMS.includes(name) && !OTHER_FOLDERS.includes(name));
  t.strictSame(unknown, [], 'no folder that nobody knows');
  const paths = new Set(house.map(({ path }) => path));
  const missing = house.flatMap((source) => {
    return source.imports.filter((specifier) => isRelative(specifier) && !paths.has(target(source, specifier)));
  });
  t.strictSame(missing, [], 'every import was followed');
});

t.test('imports and uses are found wherever they stand, and nowhere else', async (t) => {
  const text = `
    // import a from './comment.ts'; console.log(process.env)
    import './one.ts';
    import type { B } from './two.ts';
    export * from './three.ts';
    type C = import('./four.ts').C;
    const text = "import './text.ts'; fetch('x')";
    const d = async () => [await import('./five.ts'), /* fetch( */ carrier.fetch(1), \`\${process.env.HOME} console.log\`];
  `;
  const { imports, uses } = readSource('a.ts', text);
  t.strictSame(imports, ['./one.ts', './two.ts', './three.ts', './four.ts', './five.ts']);
  t.strictSame([...uses], ['process.env']);
  t.strictSame([...readSource('a.ts', 'fetch("x"); console.error(1); globalThis.fetch("y")').uses], ['fetch', 'console']);
});
