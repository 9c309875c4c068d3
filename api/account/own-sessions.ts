import { Type } from '@sinclair/typebox';
import { formatId, parseId } from '../../core/id.ts';
import { AppError } from '../../core/errors.ts';
import { offsetWithin, pageCount } from '../../core/page.ts';
import { endOwnSession, listOwnSessions, logOutEverywhere } from '../../service/own-sessions.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { clearSessionCookies } from '../plugin/cookies.ts';
import { WrittenId } from '../plugin/given-id.ts';
import { principalOf } from '../plugin/guard.ts';
import { Nullable, PageQuery, Timestamp } from '../plugin/schema.ts';
import { errors } from './dialect.ts';
import { Done, done, security } from './present.ts';

const tags = ['Account'];
const { page, limit: pageSize } = PageQuery({ limit: 25, maximum: 100 });

const Session = Type.Object({
  id: Type.String({ examples: ['session_12'] }),
  createdAt: Timestamp('When it was logged in'),
  lastUsedAt: Timestamp('To the minute'),
  expiresAt: Timestamp('It ends then at the latest'),
  ip: Nullable(Type.String(), 'Where it was logged in'),
  userAgent: Nullable(Type.String(), 'What it was logged in with'),
  current: Type.Boolean({ description: 'It is the one that asks' }),
});

/** Where somebody is logged in, and how to end that. */
export function ownSessionRoutes(scope: App, { auth }: Api): void {
  scope.get(
    '/me/sessions',
    {
      schema: {
        tags,
        summary: 'List sessions',
        description: 'Where the user is logged in at this moment, the last used first.',
        security,
        querystring: Type.Object({ page, pageSize }),
        response: {
          200: Type.Object(
            {
              items: Type.Array(Session),
              total: Type.Integer(),
              page: Type.Integer(),
              pageSize: Type.Integer(),
              totalPages: Type.Integer(),
            },
            { description: 'A page of sessions' },
          ),
          ...errors(400, 401),
        },
      },
    },
    async (request) => {
      const who = principalOf(request);
      const asked = { page: request.query.page, limit: request.query.pageSize };
      const { rows, total } = await listOwnSessions(auth, who, { limit: asked.limit, offset: offsetWithin(asked) });
      const items = rows.map(({ id, createdAt, lastUsedAt, expiresAt, ip, userAgent }) => ({
        id: formatId('session', id),
        createdAt: createdAt.toISOString(),
        lastUsedAt: lastUsedAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
        ip,
        userAgent,
        current: id === who.sessionId,
      }));
      return { items, total, page: asked.page, pageSize: asked.limit, totalPages: pageCount(total, asked.limit) };
    },
  );

  scope.delete(
    '/me/sessions/:id',
    {
      schema: {
        tags,
        summary: 'End a session',
        description: 'One of the user’s own: its access and refresh tokens stop working at once.',
        security,
        params: Type.Object({ id: WrittenId('session') }),
        response: { 200: Done('Ended'), ...errors(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      const who = principalOf(request);
      const id = parseId('session', request.params.id);
      if (id === undefined) throw new AppError('not_found', 'Session not found');
      await endOwnSession(auth, who, id);
      if (id === who.sessionId) clearSessionCookies(auth, reply);
      return done('Session ended');
    },
  );

  scope.post(
    '/auth/logout-all',
    {
      schema: {
        tags,
        summary: 'Log out everywhere',
        description: 'Ends all sessions of the user at once, this one too, on every surface.',
        security,
        response: { 200: Done('Logged out everywhere'), ...errors(401, 403) },
      },
    },
    async (request, reply) => {
      await logOutEverywhere(auth, principalOf(request));
      clearSessionCookies(auth, reply);
      return done('Logged out everywhere');
    },
  );
}
