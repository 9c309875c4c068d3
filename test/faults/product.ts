/** The product as plain JavaScript: started that way, a process is up in half the time, and faults restart many. */
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const PROJECT = join(import.meta.dirname, '..', '..');
/** What the harness arms, it wants to hear of: nothing in the product itself reports that a failpoint was passed. */
const FAILPOINT_ACTS = 'armed.delete(name);';
const SAYS_SO = `${FAILPOINT_ACTS}
  (globalThis as { onFailpoint?: (name: string, action: string) => void }).onFailpoint?.(name, fault.action);`;

const ROOMS = ['api', 'carrier', 'core', 'db', 'queue', 'sandbox', 'scheduler', 'service', 'worker'];

/**
 * Writes all rooms, without a look at their types, into `folder`. `change` may rewrite a file on the way (its path is that in
 * the repository), which is how guards are taken out to see whether the judge notices.
 */
export async function buildProduct(folder: string, change = (_path: string, text: string): string => text): Promise<void> {
  const compilerOptions: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    rewriteRelativeImportExtensions: true,
    verbatimModuleSyntax: true,
  };
  await mkdir(folder, { recursive: true });
  for (const room of ROOMS) {
    for (const name of await readdir(join(PROJECT, room), { recursive: true })) {
      if (!name.endsWith('.ts')) continue;
      const path = `${room}/${name}`;
      const source = change(path, await readFile(join(PROJECT, path), 'utf8'));
      const text = path === 'service/failpoint.ts' ? telling(source) : source;
      const { outputText } = ts.transpileModule(text, { compilerOptions, fileName: path });
      const target = join(folder, path.replace(/\.ts$/, '.js'));
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, outputText);
    }
  }
  const page = join('api', 'omnivox', 'page');
  await cp(join(PROJECT, page), join(folder, page), { recursive: true });
  await cp(join(PROJECT, 'package.json'), join(folder, 'package.json'));
  await symlink(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
}

function telling(source: string): string {
  if (!source.includes(FAILPOINT_ACTS)) throw new Error(`service/failpoint.ts no longer says ${FAILPOINT_ACTS}`);
  return source.replace(FAILPOINT_ACTS, SAYS_SO);
}
