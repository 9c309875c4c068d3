/** The product as plain JavaScript, in a folder of its own. */
import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { compile } from '../compile.ts';
import { PROJECT } from '../project.ts';

/** What the harness arms, it wants to hear of: nothing in the product itself reports that a failpoint was passed. */
const FAILPOINT_ACTS = 'armed.delete(name);';
const SAYS_SO = `${FAILPOINT_ACTS}
  (globalThis as { onFailpoint?: (name: string, action: string) => void }).onFailpoint?.(name, fault.action);`;

const ROOMS = ['api', 'carrier', 'core', 'db', 'queue', 'sandbox', 'scheduler', 'service', 'worker'];

/**
 * Writes all rooms into `folder`. `change` may rewrite a file on the way (its path is that in
 * the repository), which is how guards are taken out to see whether the judge notices.
 */
export async function buildProduct(folder: string, change = (_path: string, text: string): string => text): Promise<void> {
  await compile(ROOMS, folder, (path, text) => {
    const source = change(path, text);
    return path === 'service/failpoint.ts' ? telling(source) : source;
  });
  const page = join('api', 'omnivox', 'page');
  await cp(join(PROJECT, page), join(folder, page), { recursive: true });
  await cp(join(PROJECT, 'package.json'), join(folder, 'package.json'));
  await symlink(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
}

function telling(source: string): string {
  if (!source.includes(FAILPOINT_ACTS)) throw new Error(`service/failpoint.ts no longer says ${FAILPOINT_ACTS}`);
  return source.replace(FAILPOINT_ACTS, SAYS_SO);
}
