import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { PROJECT } from './project.ts';

/** Packages that come as hundreds of small modules, by all the names that we import them by: each becomes a file. */
const SCATTERED = [
  ...['', '/compiler', '/value'].map((part) => `@sinclair/typebox${part}`),
  ...['', '/pg-core', '/postgres-js', '/postgres-js/migrator'].map((part) => `drizzle-orm${part}`),
];
const PACKAGES = 'packages';

/** Every relative import stays one, of the compiled neighbour. */
const keepNeighbours: Plugin = {
  name: 'neighbours',
  setup: (build) => {
    build.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: path.replace(/\.ts$/, '.js'), external: true },
    );
    build.onResolve({ filter: /^(@sinclair\/typebox|drizzle-orm)/ }, ({ path, importer }) => {
      if (!SCATTERED.includes(path)) return undefined;
      return { path: `${relative(dirname(importer), join(PROJECT, PACKAGES))}/${path}.js`, external: true };
    });
  },
};

/**
 * Writes these rooms as plain JavaScript, without a look at their types, file by file into `folder`: a process of it is up in
 * half the time. `change` may rewrite a file on the way; its path is that in the repository.
 */
export async function compile(rooms: readonly string[], folder: string, change?: (path: string, text: string) => string): Promise<void> {
  const changing: Plugin = {
    name: 'changing',
    setup(build) {
      if (!change) return;
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
        contents: change(relative(PROJECT, path), await readFile(path, 'utf8')),
        loader: 'ts',
      }));
    },
  };
  const settings = {
    absWorkingDir: PROJECT,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
    write: false,
  } as const;
  const ours = await build({
    ...settings,
    entryPoints: rooms.map((room) => join(room, '**', '*.ts')),
    outbase: PROJECT,
    outdir: folder,
    // only for what it does to the names of imports
    bundle: true,
    packages: 'external',
    plugins: [keepNeighbours, changing],
    sourcemap: 'inline',
    sourcesContent: false,
  });
  const packages = await build({
    ...settings,
    entryPoints: Object.fromEntries(SCATTERED.map((name) => [name, name])),
    outdir: join(folder, PACKAGES),
    bundle: true,
    splitting: true,
    external: ['postgres'],
  });
  // what another run may be reading just now is left alone unless it has changed
  for (const { path, contents } of [...ours.outputFiles, ...packages.outputFiles]) {
    if (existsSync(path) && (await readFile(path)).equals(contents)) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents);
  }
}
