/** A supervisor to be killed. */
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { supervise } from '../../launch/supervisor.ts';

const script = fileURLToPath(new URL('./supervisor-child.ts', import.meta.url));
supervise([{ name: 'orphan', script, stopStage: 1, env: { ...process.env, NAME: 'orphan' } }], pino({ level: 'silent' }));
