import type { FastifyReply } from 'fastify';
import type { Kept } from '../../service/dashboard-cache.ts';

/** What decides who asks and which surface answers: no cache may hand one person's answer to another. */
const VARY = 'Origin, Cookie, Authorization, X-Api-Surface';

/** Answers what was kept, and lets the browser keep it for as long as we will. */
export async function answerKept<T>(reply: FastifyReply, keeping: Promise<Kept<T>>): Promise<T> {
  const { value, leftMs, isHit } = await keeping;
  reply
    .header('cache-control', `private, max-age=${Math.floor(leftMs / 1000)}`)
    .header('vary', VARY)
    .header('x-cache', isHit ? 'HIT' : 'MISS');
  return value;
}
