import type { Runtime } from './runtime.ts';

/** What a tenant has, by kind: answers made of one kind are stale when something of it has changed. */
export type Subject = 'users' | 'campaigns' | 'flows' | 'contacts' | 'calls';

/** Says, after the commit, that something of a tenant has changed. */
export async function noteChange(_runtime: Runtime, _tenantId: number, _subject: Subject): Promise<void> {}
