import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../../core/principal.ts';
import { type Subject, SUBJECTS, versionsOf } from '../../service/changes.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { MINUTE_MS } from '../plugin/limits.ts';
import { type Answer, openAnswers } from './answers.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** what the answers of a route in the cached scope are made of, default everything; false: never kept */
    cached?: readonly Subject[] | false;
    /** who gets the same answer: all with a role (default), one user, or by `sight` all with a role but agents, who see what is their own */
    cachedPer?: 'role' | 'user' | 'sight';
  }
}

const KEPT = { entries: 5000, size: 32 * 1024 * 1024, forMs: 5 * MINUTE_MS };

/** One answer being made, which others may wait for. */
interface Work {
  key: string;
  versions: string;
  done(answer: Answer | undefined): void;
}

/**
 * Keeps the answers to GET in a scope for five minutes (`X-Cache: HIT` or `MISS`), by tenant, role or user, path and query.
 * What changes meanwhile is never answered from before (`service/changes.ts`): the versions of what an answer was made of are
 * read first, and stand beside it. Equal questions of the same moment are answered once. Browsers may keep an answer, but
 * ask whether it still stands (`ETag`). Guards, roles and the checks of the query run first, each time.
 */
export function openCache(scope: App, { runtime }: Api, now: () => number = () => performance.now()): void {
  const answers = openAnswers(KEPT, now);
  const underWay = new Map<string, Promise<Answer | undefined>>();
  const works = new WeakMap<FastifyRequest, Work>();

  function begin(request: FastifyRequest, key: string, versions: string): void {
    const name = `${key} ${versions}`;
    const answer = new Promise<Answer | undefined>((resolve) => {
      works.set(request, { key, versions, done: resolve });
    });
    if (underWay.has(name)) return;
    underWay.set(name, answer);
    void answer.then(() => underWay.delete(name));
  }

  scope.addHook('preHandler', async (request, reply) => {
    const { cached = SUBJECTS, cachedPer = 'role' } = request.routeOptions.config;
    if (request.method !== 'GET' || cached === false) return;
    const who = principalOf(request);
    const isPersonal = cachedPer === 'user' || (cachedPer === 'sight' && who.role === 'agent');
    const key = keyOf(request, who, isPersonal);
    // what is somebody's changes with who they are
    const versions = await versionsOf(runtime, who.tenantId, isPersonal ? [...new Set<Subject>([...cached, 'users'])] : cached);
    const known = answers.get(key, versions) ?? (await underWay.get(`${key} ${versions}`));
    reply.header('x-cache', known ? 'HIT' : 'MISS').header('cache-control', 'private, no-cache');
    if (!known) return begin(request, key, versions);
    reply.header('etag', known.etag);
    if (isCurrent(request, known.etag)) return reply.code(304).send();
    return reply.type('application/json; charset=utf-8').send(known.body);
  });

  scope.addHook('onSend', async (request, reply, payload) => {
    const work = works.get(request);
    if (!work) return payload;
    works.delete(request);
    const answer = typeof payload === 'string' && isKeepable(reply) ? { body: payload, etag: etagOf(payload) } : undefined;
    if (answer) answers.keep(work.key, work.versions, answer);
    work.done(answer);
    if (!answer) return payload;
    reply.header('etag', answer.etag);
    if (!isCurrent(request, answer.etag)) return payload;
    reply.code(304);
    return null;
  });

  // whatever ended a request otherwise: nobody waits for it for ever
  scope.addHook('onResponse', async (request) => works.get(request)?.done(undefined));
}

function keyOf({ url }: FastifyRequest, { tenantId, role, userId }: Principal, isPersonal: boolean): string {
  return `${tenantId} ${isPersonal ? `user ${userId}` : role} ${url}`;
}

function isKeepable(reply: FastifyReply): boolean {
  return reply.statusCode === 200 && String(reply.getHeader('content-type')).startsWith('application/json');
}

/** Weak: the same answer compressed is the same answer. */
function etagOf(body: string): string {
  return `W/"${createHash('sha1').update(body).digest('base64url')}"`;
}

function isCurrent({ headers }: FastifyRequest, etag: string): boolean {
  const known = headers['if-none-match'];
  return known !== undefined && (known.trim() === '*' || known.split(',').some((tag) => tag.trim() === etag));
}
