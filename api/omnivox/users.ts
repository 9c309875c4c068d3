import { type Static, Type } from '@sinclair/typebox';
import { AppError } from '../../core/errors.ts';
import { formatId, parseId } from '../../core/id.ts';
import { offsetWithin } from '../../core/page.ts';
import { TENANT_ROLES } from '../../core/principal.ts';
import { countUsers, findUser, type ListedUser, listUsers } from '../../db/query/users.ts';
import { openListTotals } from '../../service/list-totals.ts';
import { changeStanding, editProfile, namesOf } from '../../service/users.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { atLeast } from '../plugin/roles.ts';
import { Nullable, OneOf, PageQuery, Timestamp } from '../plugin/schema.ts';
import { Data, data, dataPage, DataPage, errors } from './dialect.ts';

const tags = ['Users'];
const security = [{ bearer: [] }];

const person = {
  id: Type.String({ examples: ['user_123'] }),
  email: Type.String(),
  firstName: Type.String(),
  lastName: Type.String(),
  role: OneOf(TENANT_ROLES),
};
const Profile = Type.Object({
  ...person,
  phone: Nullable(Type.String(), 'E.164; null: none'),
  createdAt: Timestamp(),
  lastLoginAt: Nullable(Timestamp()),
});
const User = Type.Object({ ...person, isActive: Type.Boolean(), createdAt: Timestamp(), lastLoginAt: Nullable(Timestamp()) });
const Name = (description: string) => Type.Optional(Type.String({ maxLength: 200, description }));

/** People: their own profile for everybody, their colleagues for administrators. */
export function userRoutes(scope: App, { runtime, auth }: Api): void {
  const { sql } = runtime.db;
  const totalOf = openListTotals<Parameters<typeof countUsers>[1]>((filter, most) => countUsers(sql, filter, most));

  scope.get(
    '/api/v1/users/profile',
    {
      config: { cached: ['users'], cachedPer: 'user' },
      schema: {
        tags,
        security,
        summary: 'Get current user profile',
        description: 'The user behind the token.',
        response: { 200: Data(Profile, 'The profile'), ...errors(404) },
      },
    },
    async (request) => {
      const { tenantId, userId } = principalOf(request);
      return data(presentProfile(found(await findUser(sql, tenantId, userId))));
    },
  );

  scope.put(
    '/api/v1/users/profile',
    {
      schema: {
        tags,
        security,
        summary: 'Update user profile',
        description: 'What is not named stays as it is; an empty phone removes it.',
        body: Type.Object({
          firstName: Name('First name'),
          lastName: Name('Last name'),
          phone: Type.Optional(Type.String({ maxLength: 40, examples: ['+14155550100'], description: 'E.164' })),
        }),
        response: { 200: Data(Profile, 'The profile as it is now'), ...errors(400, 404, 413, 415, 422) },
      },
    },
    async (request) => {
      const { firstName, lastName, phone } = request.body;
      const user = await editProfile(auth, principalOf(request), { firstName, lastName, phone });
      return data(presentProfile(user));
    },
  );

  scope.get(
    '/api/v1/users',
    {
      preValidation: atLeast('admin'),
      config: { cached: ['users'] },
      schema: {
        tags,
        security,
        summary: 'List all users',
        description: 'The people of the account, newest first. For administrators.',
        querystring: Type.Object({
          ...PageQuery({ limit: 50, maximum: 100 }),
          role: Type.Optional(OneOf(TENANT_ROLES, { description: 'Only people with this role' })),
          search: Type.Optional(Type.String({ maxLength: 200, description: 'Part of a name or an e-mail' })),
          isActive: Type.Optional(Type.Boolean({ description: 'Only who may log in, or only who may not' })),
        }),
        response: { 200: DataPage(User, 'A page of people'), ...errors(400, 403) },
      },
    },
    async (request) => {
      const { page, limit, role, search, isActive } = request.query;
      const filter = { tenantId: principalOf(request).tenantId, role, isActive, search: search?.trim() || undefined };
      const offset = offsetWithin({ page, limit }, 'search for a name instead');
      const rows = await listUsers(sql, filter, { limit, offset });
      const total = await totalOf(filter, { rows: rows.length, limit, offset });
      return dataPage(rows.map(presentUser), total, { page, limit });
    },
  );

  scope.patch(
    '/api/v1/users/:id',
    {
      preValidation: atLeast('admin'),
      schema: {
        tags,
        security,
        summary: 'Change a user’s role, or switch them off or on',
        description:
          'For administrators; owners are changed by owners, and the last one stays. It holds at once: who is switched off is logged out everywhere.',
        params: Type.Object({ id: Type.String({ maxLength: 40, examples: ['user_123'] }) }),
        body: Type.Object(
          { role: Type.Optional(OneOf(TENANT_ROLES)), isActive: Type.Optional(Type.Boolean()) },
          { additionalProperties: false, minProperties: 1 },
        ),
        response: { 200: Data(User, 'The user as they are now'), ...errors(400, 403, 404, 409, 413, 415, 422) },
      },
    },
    async (request) => {
      const userId = parseId('user', request.params.id);
      if (userId === undefined) throw new AppError('not_found', 'User not found');
      const user = await changeStanding(auth, principalOf(request), userId, request.body);
      return data(presentUser(user));
    },
  );
}

function found(user: ListedUser | undefined): ListedUser {
  if (!user) throw new AppError('not_found', 'User not found');
  return user;
}

function presentPerson(user: ListedUser) {
  const { email, role, createdAt, lastLoginAt } = user;
  const moments = { createdAt: createdAt.toISOString(), lastLoginAt: lastLoginAt?.toISOString() ?? null };
  return { id: formatId('user', user.id), email, ...namesOf(user), role, ...moments };
}

function presentProfile(user: ListedUser): Static<typeof Profile> {
  return { ...presentPerson(user), phone: user.phone };
}

function presentUser(user: ListedUser): Static<typeof User> {
  return { ...presentPerson(user), isActive: user.isActive };
}
