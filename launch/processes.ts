import type { Config } from '../core/config.ts';
import type { Env } from '../service/environment.ts';
import { type ChildSpec, mainScript } from './supervisor.ts';

/** Our own stand-in carrier runs only where nobody named another. */
export function usesSandbox(env: Env, config: Config): boolean {
  if (config.production) return false;
  if (config.CARRIER === 'exotel') return !env.EXOTEL_BASE_URL && !env.EXOTEL_API_KEY;
  if (config.CARRIER === 'millis') return !env.MILLIS_BASE_URL && !env.MILLIS_API_KEY;
  return config.CARRIER === 'twilio' && !env.TWILIO_BASE_URL;
}

/** The processes of one machine. Nobody new comes in, then the work is drained, and the carrier goes last. */
export function processTable(env: Env, config: Config): ChildSpec[] {
  const stages = [
    ...(usesSandbox(env, config) ? [{ name: 'sandbox', stopStage: 3 }] : []),
    { name: 'api', stopStage: 1 },
    { name: 'worker', stopStage: 2 },
    { name: 'scheduler', stopStage: 1 },
  ];
  return stages.map((process) => ({ ...process, script: mainScript(process.name), env }));
}
