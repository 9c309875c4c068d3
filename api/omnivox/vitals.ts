import { cpus, freemem, totalmem } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { App } from '../plugin/app.ts';

/** How often the event loop is looked at, in milliseconds; what it is late beyond that is its delay. */
const RESOLUTION_MS = 20;

/** What this process and its machine use. */
export interface Vitals {
  /** seconds since this process started */
  uptime: number;
  /** percent of the machine's memory in use */
  memoryUsage: number;
  /** bytes this process holds */
  processMemory: number;
  /** bytes of JavaScript's heap in use */
  heapUsed: number;
  /** percent of all cores in use since the reading before */
  cpuUsage: number;
  /** how late the event loop was in its worst hundredth since the reading before, in milliseconds */
  eventLoopDelay: number;
}

/** Begins to watch this process; ends with the scope. Each reading tells of the time since the one before. */
export function openVitals(scope: App): () => Vitals {
  const cpuShare = openCpuMeter();
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  scope.addHook('onClose', async () => void delay.disable());
  return () => {
    const { rss, heapUsed } = process.memoryUsage();
    const lateMs = Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS);
    delay.reset();
    return {
      uptime: Math.floor(process.uptime()),
      memoryUsage: memoryUsage(),
      processMemory: rss,
      heapUsed,
      cpuUsage: percent(cpuShare()),
      eventLoopDelay: Math.round(lateMs * 10) / 10,
    };
  };
}

/** Percent of the machine's memory in use. */
export function memoryUsage(): number {
  return percent(1 - freemem() / totalmem());
}

export function percent(share: number): number {
  return Math.round(share * 1000) / 10;
}

/** Share of the machine's cores in use since the last time it was asked; the first time, since the machine started. */
export function openCpuMeter(): () => number {
  let before = { busy: 0, total: 0 };
  return () => {
    const now = { busy: 0, total: 0 };
    for (const { times } of cpus()) {
      const total = times.user + times.nice + times.sys + times.irq + times.idle;
      now.total += total;
      now.busy += total - times.idle;
    }
    const share = now.total === before.total ? 0 : (now.busy - before.busy) / (now.total - before.total);
    before = now;
    return share;
  };
}
