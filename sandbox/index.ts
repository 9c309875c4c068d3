import formbody from '@fastify/formbody';
import Fastify from 'fastify';
import type { Logger } from 'pino';
import { openDesk } from './admission.ts';
import { openCallBook } from './call-book.ts';
import { openClient } from './client.ts';
import { systemClock } from './clock.ts';
import { controlRoutes } from './control.ts';
import { openEngine } from './engine.ts';
import { openExotelReporter } from './exotel/report.ts';
import { type ExotelAccount, exotelRoutes } from './exotel/routes.ts';
import { openReporter } from './millis/report.ts';
import { millisRoutes } from './millis/routes.ts';
import { logRequests } from './request-log.ts';
import { openRingLog, type RingLogEntry } from './ring-log.ts';
import { openDelivery } from './twilio/delivery.ts';
import { twilioRoutes } from './twilio/routes.ts';

export type { RingLogEntry } from './ring-log.ts';

export interface SandboxOptions {
  /** 0: any free one */
  port: number;
  /** how many times faster than life; 1 is life */
  speed: number;
  accountSid: string;
  authToken: string;
  /** the key that its Millis side takes; without one it takes none */
  millisApiKey?: string;
  /** the account of its Exotel side; without one it takes none */
  exotel?: ExotelAccount;
  log: Logger;
  /** keeps the ring log over a restart of the sandbox itself */
  ringLogFile?: string;
  random?: () => number;
}

export interface Sandbox {
  url: string;
  rings(): RingLogEntry[];
  close(): Promise<void>;
}

const REMEMBERED_CALLS = 100_000;
const DELIVERY_TIMEOUT_MS = { life: 15_000, least: 5000 };

/** Opens the stand-in telephone company of DESIGN §6 on loopback. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { log, speed, accountSid, authToken, millisApiKey = '', exotel, random = Math.random } = options;
  const rings = openRingLog(options.ringLogFile);
  const client = openClient(Math.max(DELIVERY_TIMEOUT_MS.life / speed, DELIVERY_TIMEOUT_MS.least));
  const delivery = openDelivery(client, authToken, log);
  const reporter = openReporter(client, log);
  const exotelReporter = openExotelReporter(client, log);
  const engine = openEngine({ clock: systemClock, speed, log, changed: rings.changed });
  const desk = openDesk();
  const book = openCallBook(REMEMBERED_CALLS);
  const sessions = openCallBook(REMEMBERED_CALLS);
  const exotelBook = openCallBook(REMEMBERED_CALLS);
  // requests that are kept waiting on purpose must not hold up the end
  const app = Fastify({ forceCloseConnections: true });
  app.addHook('onError', async (request, _reply, error) => log.warn({ err: error, path: request.url }, 'a request failed'));
  await app.register(formbody);
  await app.register(async (company) => {
    const requests = logRequests(company);
    await company.register(async (scope) => {
      twilioRoutes(scope, { engine, delivery, accountSid, authToken, log, desk, book, random });
    });
    await company.register(async (scope) => {
      millisRoutes(scope, { engine, reporter, apiKey: millisApiKey, desk, book: sessions, random, clock: systemClock });
    });
    if (exotel) {
      await company.register(async (scope) => {
        exotelRoutes(scope, {
          ...exotel,
          ...{ engine, client, desk, speed, random, clock: systemClock, reporter: exotelReporter, book: exotelBook },
        });
      });
    }
    controlRoutes(app, rings, requests, desk);
  });
  const close = async () => {
    await app.close();
    engine.close();
    delivery.close();
    reporter.close();
    exotelReporter.close();
    client.close();
    await rings.close();
  };
  try {
    const url = await app.listen({ host: '127.0.0.1', port: options.port });
    log.info({ url, speed }, 'the sandbox carrier listens');
    return { url, rings: rings.entries, close };
  } catch (error) {
    await close();
    throw error;
  }
}
