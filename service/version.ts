import { readFileSync } from 'node:fs';

/** The version in package.json, which lies one folder up in the sources and two up in `dist`. @throws Error when it is in neither */
export function productVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      return (JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { version: string }).version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new Error('No package.json above the service');
}
