/** A supervisor to be killed. */
import { pino } from 'pino';
import { supervise } from '../../launch/supervisor.ts';
import { modulePath } from '../project.ts';

const script = modulePath('test/launch/supervisor-child');
supervise([{ name: 'orphan', script, stopStage: 1, env: { ...process.env, NAME: 'orphan' } }], pino({ level: 'silent' }));
