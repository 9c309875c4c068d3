/** Where our files are, for tests that run compiled (`npm test`, see main.ts) as well as from the sources (tap's own command). */
import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';

const EXTENSION = extname(import.meta.filename);
/** The rooms as this process runs them. */
const FLOOR = join(import.meta.dirname, '..');

/** The repository: one folder up from the rooms when they are compiled. */
export const PROJECT = existsSync(join(FLOOR, 'package.json')) ? FLOOR : join(FLOOR, '..');

/** What node needs before a module of ours. */
export const LOADER: readonly string[] = EXTENSION === '.ts' ? ['--import', import.meta.resolve('tsx')] : [];

/** `api/main` → the path of that module, compiled or not as we are ourselves. */
export const modulePath = (name: string): string => join(FLOOR, `${name}${EXTENSION}`);

/** `api/main` → node's arguments to run that module. */
export const program = (name: string): string[] => [...LOADER, modulePath(name)];
