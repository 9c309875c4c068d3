import { Type } from '@sinclair/typebox';
import { formatId } from '../../core/id.ts';
import type { SignedIn } from '../../service/accounts.ts';

/** Either proof will do; changes by cookie need `x-csrf-token` beside it. */
export const security: Array<Record<string, string[]>> = [{ bearer: [] }, { cookie: [] }];

/** A user as admin and dashboard know them; `role` is the role on the platform. */
export const User = Type.Object({
  id: Type.String(),
  email: Type.String(),
  name: Type.String(),
  role: Type.String({ description: 'user or admin' }),
});

/** One answer that satisfies all three documents with this route (DESIGN §5). */
export const SignedInAnswer = (description: string) =>
  Type.Object(
    {
      success: Type.Literal(true),
      message: Type.String(),
      data: Type.Object({
        user: Type.Object({ _id: Type.String(), email: Type.String(), name: Type.String() }),
        token: Type.String({ description: 'Access token that lives 12 hours' }),
      }),
      user: User,
      tokens: Type.Object({
        access: Type.String({ description: 'Access token that lives ACCESS_TOKEN_TTL, by default 30 minutes' }),
        refresh: Type.String({ description: 'Good for new access tokens (`POST /auth/refresh`) until the session ends' }),
      }),
    },
    { description },
  );

export function presentUser(user: { id: number; email: string; name: string; platformRole: string }) {
  return { id: formatId('user', user.id), email: user.email, name: user.name, role: user.platformRole };
}

export function presentSignedIn(message: string, { user, login }: SignedIn) {
  return {
    success: true as const,
    message,
    data: { user: { _id: formatId('user', user.id), email: user.email, name: user.name }, token: login.longAccess },
    user: presentUser(user),
    tokens: { access: login.access, refresh: login.refresh },
  };
}

export const Done = (description: string) => Type.Object({ success: Type.Literal(true), message: Type.String() }, { description });

export function done(message: string) {
  return { success: true as const, message };
}
